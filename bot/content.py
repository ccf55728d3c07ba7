"""Reading the files of ``data/``: courses, and the question banks beside them."""

from collections.abc import Sequence
from pathlib import Path

from bot.core.course.course import Course
from bot.core.course.reading import CourseReader
from bot.core.questions.bank import Bank, read_bank
from bot.errors import BrokenBank, BrokenCourse


def read_courses(folder: Path) -> tuple[Course, ...]:
    """The courses of a folder's ``*.yaml`` files. Raises ``BrokenCourse`` with every fault."""
    try:
        files = {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.y*ml"))}
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenCourse([f"{folder}: can't be read: {error}"]) from error
    if not files:
        raise BrokenCourse([f"{folder}: there is no course file (*.yaml) in this folder"])
    return CourseReader().read_all(files)


def read_banks(folder: Path, courses: Sequence[Course]) -> dict[str, Bank]:
    """The question banks of ``courses`` by their ids: of each the files ``<course>/<path>.yaml``, where there are any.

    Raises ``BrokenBank`` with every fault of every bank.
    """
    banks: dict[str, Bank] = {}
    faults: list[str] = []
    for course in courses:
        try:
            files = {file.stem: file.read_text("utf-8") for file in sorted((folder / course.id).glob("*.y*ml"))}
            if files:
                banks[course.id] = read_bank(files, course)
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{folder / course.id}: can't be read: {error}")
        except BrokenBank as broken:
            faults += broken.faults
    if faults:
        raise BrokenBank(faults)
    return banks


def strays(folder: Path, courses: Sequence[Course]) -> list[str]:
    """What lies among the banks and belongs to no course, a sentence each: perhaps a misspelt id."""
    known = {course.id for course in courses}
    found = sorted(each for each in folder.iterdir() if each.name not in known) if folder.is_dir() else []
    return [f"{each}: not the folder of a course (named after its id), so nobody is asked" for each in found]
