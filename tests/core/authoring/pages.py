"""Short pages for tests, and their courses in a form that is easy to compare."""

from typing import Any

from bot.core.authoring.page import read_page, to_yaml
from bot.core.course.course import Course
from bot.core.course.reading import CourseReader

TITLE = "# LH-210: Lights\n\nAll about lamps.\n\n"
PATHS = f"{TITLE}## Learning paths\n\n"

_READER = CourseReader()


def course_of(text: str) -> Course:
    """The course as the bot serves it: written, read, checked."""
    return _READER.read(to_yaml(read_page(text, "p.md")), "p.yaml")


def notes_of(text: str) -> tuple[str, ...]:
    return read_page(text, "p.md").notes


def paths_of(text: str) -> list[tuple[str, str | None]]:
    """Titles and addresses of the learning paths."""
    return [(path.title, path.url) for path in course_of(text).paths]


def tree_of(text: str) -> dict[str, Any]:
    """Titles of paths, of their modules and of the units of these."""
    return {
        path.title: {module.title: [unit.title for unit in module.units] for module in path.modules}
        for path in course_of(text).paths
    }
