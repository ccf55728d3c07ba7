"""Courses that belong to a server: their IDs, share codes, files and limits."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.course.course import Course
from bot.core.course.reading import CourseReader
from bot.core.questions.bank import Bank, read_bank
from bot.errors import BrokenCourse

MARK = "~"
"""First character of the ID of a server's course. The code of a course, which is the ID of the operator's, has none."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Characters of IDs and share codes: none of them is easily mistaken for another."""
ID_LENGTH, CODE_LENGTH = 10, 10
MAX_COURSES = 5
"""Maximum number of courses of a server."""
MAX_BYTES = 512 * 1024
"""Maximum size of each file, in bytes of UTF-8."""
MAX_UNITS = 2000
MAX_QUESTIONS = 3000
MAX_CARRIED = 4000
"""Maximum number of renames that are kept from earlier versions."""
COURSE_FILE = "course.yaml"
"""What faults call the course file."""


@dataclass(frozen=True, slots=True)
class CourseFiles:
    """The files of a course: a course file, and question files by name (the ID of a learning path with ``.yaml``)."""

    course: str
    questions: Mapping[str, str] = field(default_factory=dict)

    @property
    def bank(self) -> str:
        """The question files as one text, the same for equal files; empty without any."""
        return json.dumps(dict(self.questions), ensure_ascii=False, sort_keys=True) if self.questions else ""

    @classmethod
    def stored(cls, course: str, bank: str) -> "CourseFiles":
        """Return the files from their texts, as ``course`` and ``bank`` gave them."""
        return cls(course, json.loads(bank) if bank else {})


@dataclass(frozen=True, slots=True)
class CourseContent:
    """A course and its questions, if it has any."""

    course: Course
    bank: Bank | None = None


def is_servers(course_id: str) -> bool:
    """Return whether an ID is that of a server's course."""
    return course_id.startswith(MARK)


def random_name(prefix: str, length: int) -> str:
    """Return ``prefix`` and ``length`` random characters of 5 bits each. Ten of them can't be guessed."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_files(
    files: CourseFiles, course_id: str, reader: CourseReader, carried: Mapping[str, str] | None = None
) -> CourseContent:
    """Read the files of a course whose ID will be ``course_id``. ``carried`` are renames of earlier versions.

    Raises ``BrokenCourse`` or ``BrokenBank`` with every fault, and ``BrokenCourse`` for files beyond a server's limits.
    Takes about 100 microseconds per unit.
    """
    if faults := list(_too_large(files)):
        raise BrokenCourse(faults)
    course = reader.read(files.course, COURSE_FILE, course_id)
    if len(course.leaves) > MAX_UNITS:
        raise BrokenCourse(
            [f"{COURSE_FILE}: {len(course.leaves):,} units; a server's course has at most {MAX_UNITS:,}"]
        )
    bank = read_bank(files.questions, course) if files.questions else None
    if bank and len(bank) > MAX_QUESTIONS:
        raise BrokenCourse([f"{len(bank):,} questions; a server's course has at most {MAX_QUESTIONS:,}"])
    if carried:
        course.identify(course_id, carried)
    return CourseContent(course, bank)


def _too_large(files: CourseFiles) -> list[str]:
    sizes = {COURSE_FILE: files.course, **files.questions}
    return [
        f"{name}: larger than {MAX_BYTES // 1024} KB; split it, or leave out what isn't needed"
        for name, text in sizes.items()
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES
    ]


def carry(carried: Mapping[str, str], mapping: Mapping[str, str], course: Course) -> dict[str, str]:
    """Return the renames that a new version needs so that ticks on any earlier version keep counting.

    ``carried`` are those of the version before, ``mapping`` the routes that change from that version to this one, and
    ``course`` is the new version. Each route leads directly to a current one. The newest ``MAX_CARRIED`` are kept.
    """
    moved = {old: _moved(new, mapping) for old, new in carried.items()} | dict(mapping)
    kept = [(old, new) for old, new in moved.items() if old not in course.nodes and new in course.nodes]
    return dict(kept[-MAX_CARRIED:])


def _moved(route: str, mapping: Mapping[str, str]) -> str:
    """Return the new route of ``route``: that of its longest renamed prefix with the rest appended."""
    parts = route.split("/")
    for depth in range(len(parts), 0, -1):
        new = mapping.get("/".join(parts[:depth]))
        if new is not None:
            return "/".join([new, *parts[depth:]])
    return route


def reverse(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping back to the version before. Of several routes that became one, the first one stands for it."""
    back: dict[str, str] = {}
    for old, new in mapping.items():
        back.setdefault(new, old)
    return back


def chained(mappings: list[Mapping[str, str]]) -> dict[str, str]:
    """Return one mapping that has the effect of several, applied in order."""
    whole: dict[str, str] = {}
    for mapping in mappings:
        whole = {**mapping, **{old: _moved(new, mapping) for old, new in whole.items()}}
    return whole
