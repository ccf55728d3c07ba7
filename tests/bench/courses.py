"""Course data: a page that is imported, and the four courses that are served."""

from pathlib import Path

from bot.content import read_courses
from bot.core.authoring.page import read_page, to_yaml
from bot.core.course.catalogue import Catalogue
from bot.core.course.reading import CourseReader
from tests.bench.table import Row
from tests.bench.timing import median, wall_of
from tests.bench.workspace import COURSES, Workspace

TITLE = "course data, wall time"
HOW = "Wall time, medians: `data/courses` and a course page, from file to checked course."
PAGE = Path(__file__).with_name("page.md")
TIMES = 9


async def rows(place: Workspace) -> list[Row]:
    """The medians, and the two together, which is what the target is for."""
    page = median([wall_of(_import) for _ in range(TIMES)])
    files = median([wall_of(_load) for _ in range(TIMES)])
    index = median([wall_of(lambda: Catalogue(place.catalogue.courses.values(), "az-104")) for _ in range(TIMES)])  # type: ignore[arg-type]
    return [
        Row("import of a page, read back as a course", page),
        Row("all four courses, read and checked", files),
        Row("import of the page and of all four courses", page + files, most=150e-3),
        Row("their names, indexed for search and autocomplete", index),
    ]


def _import() -> None:
    read = read_page(PAGE.read_text("utf-8"), PAGE.name)
    CourseReader().read(to_yaml(read), PAGE.name)


def _load() -> None:
    read_courses(COURSES)
