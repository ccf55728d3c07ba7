"""Turn uploaded files into the files of a course: a course file or page, question files, and question sheets."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from bot.core.authoring.archive import text_of, unpacked
from bot.core.authoring.page import read_page, to_yaml
from bot.core.authoring.question_sheet import question_files, written
from bot.core.course.course import Course
from bot.core.course.reading import CourseReader
from bot.core.course.server_course import COURSE_FILE, CourseContent, CourseFiles, read_files
from bot.core.questions.bank import YAML_SUFFIX
from bot.errors import BadInput, BrokenBank, BrokenCourse

PAGE_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
SHEET_SUFFIXES = frozenset({".csv", ".tsv"})
ANY_ID = "~upload"
"""The ID of a course while it is read, before it has one of its own."""
_OTHERS = {
    ".xlsx": "save the sheet as CSV (UTF-8) and upload that",
    ".xls": "save the sheet as CSV (UTF-8) and upload that",
    ".ods": "save the sheet as CSV (UTF-8) and upload that",
    ".json": "upload a course file in YAML",
}
_OTHER = "upload YAML, Markdown (.md), CSV or a zip of these"
_QUESTIONS = re.compile(r"^(?:questions|cases|outline)[ \t]*:", re.MULTILINE)
_COURSE = re.compile(r"^(?:code|paths|title)[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Upload:
    """What uploaded files contain. ``notes`` say what was left out or guessed on a course page."""

    files: CourseFiles
    content: CourseContent
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sources:
    """The texts of the uploaded files, by name."""

    courses: dict[str, str]
    questions: dict[str, str]
    sheets: dict[str, str]


def read_upload(uploaded: Mapping[str, bytes], base: CourseFiles | None, reader: CourseReader) -> Upload:
    """Read uploaded files by name. Missing parts come from ``base``, the files of the course so far.

    Raises ``BrokenCourse`` with all faults as ``file:line: place: what is wrong``, with the uploaded files' names.
    """
    sources = _sorted(unpacked(uploaded))
    course_text, name, notes = _course_text(sources, base)
    course = reader.read(course_text, name, ANY_ID)
    files, names = _questions(sources, course, base)
    names[COURSE_FILE] = name
    try:
        content = read_files(CourseFiles(course_text, files), ANY_ID, reader)
    except BrokenBank as broken:
        raise BrokenBank([_renamed(fault, names) for fault in broken.faults]) from broken
    except BrokenCourse as broken:
        raise BrokenCourse([_renamed(fault, names) for fault in broken.faults]) from broken
    if faults := list(_of_links(content, name)):
        raise BrokenCourse(faults)
    kept = {file: written(text) if names.get(file) in sources.sheets else text for file, text in files.items()}
    return Upload(CourseFiles(course_text, kept), content, notes)


def hosts(course: Course) -> tuple[str, ...]:
    """Return the hosts of a course's links, the most frequent first."""
    counts: dict[str, int] = {}
    for _, address in _links(course):
        host = urlsplit(address).hostname or ""
        counts[host] = counts.get(host, 0) + 1
    return tuple(sorted(counts, key=lambda host: (-counts[host], host)))


def _sorted(files: Mapping[str, bytes]) -> _Sources:
    """Sort files by what they contain. Raises ``BrokenCourse`` with a fault for each that can't be used."""
    sources, faults = _Sources({}, {}, {}), []
    for name, content in files.items():
        suffix = PurePosixPath(name).suffix.lower()
        try:
            if suffix in PAGE_SUFFIXES:
                sources.courses[name] = text_of(content, name)
            elif suffix in SHEET_SUFFIXES:
                sources.sheets[name] = text_of(content, name)
            elif YAML_SUFFIX.search(name):
                text = text_of(content, name)
                is_bank = _QUESTIONS.search(text) and not _COURSE.search(text)
                (sources.questions if is_bank else sources.courses)[name] = text
            else:
                faults.append(f"{name}: a file of this kind can't be used; {_OTHERS.get(suffix, _OTHER)}")
        except BrokenCourse as broken:
            faults += broken.faults
    if faults:
        raise BrokenCourse(faults)
    return sources


def _course_text(sources: _Sources, base: CourseFiles | None) -> tuple[str, str, tuple[str, ...]]:
    """Return the text of the course file, the name that faults use for it, and notes."""
    if len(sources.courses) > 1:
        raise BrokenCourse([f"{', '.join(sources.courses)}: more than one course; upload one at a time"])
    for name, text in sources.courses.items():
        if YAML_SUFFIX.search(name):
            return text, name, ()
        try:
            page = read_page(text, name)
        except BadInput as error:
            raise BrokenCourse([str(error)]) from error
        return to_yaml(page), f"{name} as a course file", page.notes
    if base is None:
        raise BrokenCourse(["There is no course file; upload one with `code`, `title` and `paths`, or a course page"])
    return base.course, COURSE_FILE, ()


def _questions(sources: _Sources, course: Course, base: CourseFiles | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the question files, and for each the name of the uploaded file.

    A file replaces the questions of its learning path. Files of ``base`` whose learning path is gone are left out.
    """
    paths = {path.id for path in course.paths}
    files = {
        name: text for name, text in (base.questions if base else {}).items() if YAML_SUFFIX.sub("", name) in paths
    }
    names: dict[str, str] = {}
    for name, text in sources.questions.items():
        alone = len(paths) == 1 and len(sources.questions) == 1
        names[f"{min(paths)}.yaml" if alone else f"{YAML_SUFFIX.sub('', name).lower()}.yaml"] = name
        files[next(reversed(names))] = text
    for name, text in sources.sheets.items():
        for file, questions in question_files(text, name, course).items():
            if file in names:
                told = (
                    f"{name}: {names[file]} also has questions on {YAML_SUFFIX.sub('', file)}; put them into one file"
                )
                raise BrokenCourse([told])
            names[file], files[file] = name, questions
    return files, names


def _renamed(fault: str, names: Mapping[str, str]) -> str:
    """Return a fault with the name of the uploaded file."""
    fault = fault.removeprefix(f"{ANY_ID}/")
    for file, name in names.items():
        if fault.startswith(f"{file}:"):
            return name + fault.removeprefix(file)
    return fault


def _links(course: Course) -> Iterator[tuple[str, str]]:
    """Yield each address in a course, with the title of what it belongs to."""
    links = course.links
    for address in (links.certification, links.study_guide, links.practice_assessment):
        if address:
            yield course.title, address
    for node in course.nodes.values():
        if node.link:
            yield node.title, node.link
    for skill in course.not_taught:
        yield from ((page.title, page.url) for page in skill.pages)


def _of_links(content: CourseContent, name: str) -> Iterator[str]:
    for title, address in _links(content.course):
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            yield f"{name}: “{title}”: {address[:80]} is not an https address; use https:// and a host name"
