"""Read the files of ``data/``: courses and question banks."""

import os
import stat
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config import Settings
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.plain_yaml import MAX_CHARACTERS
from bot.core.course.reading import CourseReader
from bot.core.questions.bank import YAML_SUFFIX, Bank, read_bank
from bot.errors import BadSettings, BrokenBank, BrokenCourse, StudyError

# Without these, opening a named pipe waits for a writer, and opening a terminal can make it ours.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Content:
    """The courses of an installation, and the question banks of those that have one, by course id."""

    courses: tuple[Course, ...]
    banks: Mapping[str, Bank]


def read_content(settings: Settings) -> Content:
    """Read the courses and banks that ``settings`` name.

    Raises ``BadSettings`` for a folder that can't be used, ``BrokenCourse`` or ``BrokenBank`` with every fault.
    """
    if not settings.courses_dir.is_dir():
        raise BadSettings(f"COURSES_DIR: {settings.courses_dir} is not a folder.")
    if not yaml_files(settings.courses_dir):
        raise BadSettings(f"COURSES_DIR: there is no course file (*.yaml) in {settings.courses_dir}.")
    if settings.questions_dir and not settings.questions_dir.is_dir():
        raise BadSettings(f"QUESTIONS_DIR: {settings.questions_dir} is not a folder.")
    courses = read_courses(settings.courses_dir)
    return Content(courses, read_banks(settings.banks, courses))


def catalogue_of(content: Content, settings: Settings) -> Catalogue:
    """Build the catalogue of ``content``. Raises ``BadSettings`` where DEFAULT_COURSE isn't in it."""
    try:
        return Catalogue(content.courses, settings.default_course, content.banks)
    except StudyError as error:
        raise BadSettings(f"DEFAULT_COURSE: {error}") from error


def read_courses(folder: Path) -> tuple[Course, ...]:
    """Read the course files of ``folder``. Raises ``BrokenCourse`` with every fault of every file."""
    texts, faults = _texts(folder)
    if not texts and not faults:
        faults.append(f"{folder}: there is no course file (*.yaml) in this folder")
    courses: tuple[Course, ...] = ()
    try:
        courses = CourseReader().read_all(texts)
    except BrokenCourse as broken:
        faults += broken.faults
    if faults:
        raise BrokenCourse(faults)
    return courses


def read_banks(folder: Path, courses: Sequence[Course]) -> dict[str, Bank]:
    """Read the question files ``<folder>/<course id>/<path id>.yaml`` of each course that has some.

    Raises ``BrokenBank`` with every fault of every file.
    """
    banks: dict[str, Bank] = {}
    faults: list[str] = []
    for course in courses:
        texts, unread = _texts(folder / course.id, f"{course.id}/")
        faults += unread
        try:
            if texts:
                banks[course.id] = read_bank(texts, course)
        except BrokenBank as broken:
            faults += broken.faults
    if faults:
        raise BrokenBank(faults)
    return banks


def unused_files(folder: Path, courses: Sequence[Course]) -> list[str]:
    """Return a sentence for each file among the banks that is not read, perhaps because its name is misspelt."""
    known = {course.id for course in courses}
    try:
        return [*_unused_folders(folder, known), *(each for name in sorted(known) for each in _unused(folder / name))]
    except OSError as error:
        return [f"{folder}: can't be read: {error.strerror}"]


def _unused_folders(folder: Path, known: Collection[str]) -> list[str]:
    return [
        f"{each}: not the folder of a course (named after its id), so its questions are not used"
        for each in _listed(folder)
        if each.name not in known
    ]


def _unused(folder: Path) -> list[str]:
    files = (each for each in _listed(folder) if not YAML_SUFFIX.search(each.name))
    return [f"{each}: not a .yaml file, so it is not used" for each in files]


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files of ``folder`` by name, without dotfiles. Raises ``BrokenCourse``."""
    try:
        return [each for each in _listed(folder) if YAML_SUFFIX.search(each.name)]
    except OSError as error:
        raise BrokenCourse([f"{folder}: can't be read: {error.strerror}"]) from error


def read_text(file: Path, name: str) -> str:
    """Read a regular file of at most 5 MB as UTF-8; ``name`` is what faults call it.

    Never waits: a named pipe, a device or a socket is refused, also behind a link. Raises ``BrokenCourse``.
    """
    try:
        data = _bytes(file)
    except OSError as error:
        raise BrokenCourse([f"{name}: can't be read: {error.strerror or error}"]) from error
    if data is None:
        raise BrokenCourse([f"{name}: not a regular file"])
    if len(data) > MAX_CHARACTERS:
        raise BrokenCourse([f"{name}: larger than {MAX_CHARACTERS // 10**6} MB; split the file"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = "UTF-16" if data.startswith(_UTF_16) else "not UTF-8"
        raise BrokenCourse([f"{name}:{line}: the text is {found}; save the file as UTF-8"]) from error


def _bytes(file: Path) -> bytes | None:
    """Return at most one byte more than the limit, or None where this isn't a regular file."""
    if not stat.S_ISREG(file.stat().st_mode):
        return None  # opening a device can already have an effect
    handle = os.open(file, _OPEN)
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return opened.read(MAX_CHARACTERS + 1) or b""


def _listed(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if not each.name.startswith(".")) if folder.is_dir() else []


def _texts(folder: Path, prefix: str = "") -> tuple[dict[str, str], list[str]]:
    """Read the YAML files of ``folder``: their texts by name, and the faults of those that can't be read."""
    texts: dict[str, str] = {}
    faults: list[str] = []
    try:
        for file in yaml_files(folder):
            try:
                texts[file.name] = read_text(file, f"{prefix}{file.name}")
            except BrokenCourse as broken:
                faults += broken.faults
    except BrokenCourse as broken:
        faults += broken.faults
    return texts, faults
