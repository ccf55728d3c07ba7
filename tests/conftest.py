"""Shared fixtures: a clock that tests set, courses from YAML texts, and a real database in ``tmp_path``."""

import io
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content import read_banks
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course, Node
from bot.core.course.reading import CourseReader
from bot.operation import logs
from bot.store import Store
from bot.study import Asker, Study, Ticked
from tests.databases import PostgresServer, Target, query, running_postgres

DATA = Path(__file__).parent.parent / "data" / "courses"
QUESTIONS = DATA.parent / "questions"
READER = CourseReader()
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"

Tree = dict[str, dict[str, list[str]]]
"""Paths by id, each with its modules by id, each with the ids of its units."""


class Clock:
    """A clock that advances only when a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


def course_text(tree: Tree, code: str = "T-1", **more: object) -> str:
    """Return a course file: titles are the IDs, a unit is a reading of 10 minutes, ``more`` are further keys of the
    course.
    """
    paths = [
        {
            "id": path,
            "title": f"Path {path}",
            "minutes": 60,
            "modules": [
                {
                    "id": module,
                    "title": f"Module {module}",
                    "minutes": 30,
                    "units": [
                        {"id": unit, "title": f"Unit {unit}", "kind": "reading", "minutes": 10} for unit in units
                    ],
                }
                for module, units in modules.items()
            ],
        }
        for path, modules in tree.items()
    ]
    return yaml.safe_dump({"code": code, "title": f"Course {code}", "overview": "Text.", "paths": paths, **more})


@pytest.fixture(scope="session")
def course() -> Callable[..., Course]:
    """Return a function that reads a small course from ``course_text(tree, code, **more)``."""

    def read(tree: Tree, code: str = "T-1", **more: object) -> Course:
        return READER.read(course_text(tree, code, **more), f"{code.lower()}.yaml")

    return read


@pytest.fixture(scope="session")
def reader() -> CourseReader:
    return READER


@pytest.fixture(scope="session")
def courses() -> dict[str, Course]:
    """The four courses of ``data/courses`` by ID."""
    files = {file.name: file.read_text("utf-8") for file in DATA.glob("*.yaml")}
    return {course.id: course for course in READER.read_all(files)}


@pytest.fixture(scope="session")
def catalogue(courses: dict[str, Course]) -> Catalogue:
    """The four courses and the question bank of AZ-104, the default course."""
    return Catalogue(tuple(courses.values()), "az-104", read_banks(QUESTIONS, tuple(courses.values())))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgres"), default="sqlite", help="the database of the tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is about SQLite's files where the tests run on PostgreSQL."""
    if config.getoption("--engine") == "postgres":
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="about SQLite's files"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL server."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    """The address of the test's database: a file, or with ``--engine postgres`` the URL of a database."""
    if request.config.getoption("--engine") == "sqlite":
        yield tmp_path / "waymark.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    address = server.create()
    yield address
    server.drop(address)


@pytest.fixture
def rows(path: Target) -> Callable[..., list[Any]]:
    """Reads (and where a test has to, changes) the database past the bot: ``rows("select …", …)``."""
    return partial(query, path)


@pytest.fixture
async def store(path: Target) -> AsyncIterator[Store]:
    store = await Store.open(path)
    yield store
    await store.close()


@pytest.fixture
async def study(store: Store, catalogue: Catalogue, clock: Clock) -> Study:
    """``Study`` with the real courses."""
    return await Study.open(store, catalogue, now=clock.now)


@pytest.fixture
def study_of(store: Store, clock: Clock) -> Callable[..., Awaitable[Study]]:
    """Return a function that opens ``Study`` with the given courses on the test's database."""

    async def open_study(*courses: Course) -> Study:
        return await Study.open(store, Catalogue(courses, courses[0].id), now=clock.now)

    return open_study


@pytest.fixture(scope="session")
def asker() -> Callable[..., Asker]:
    """Return a function that creates an ``Asker``, by default in server 700 (None: in direct messages)."""

    def ask(learner: int = 1, server: int | None = 700) -> Asker:
        return Asker(learner, server, f"Member {learner}")

    return ask


async def complete_visibly(study: Study, who: Asker, node: Node, on: date | None = None) -> Ticked:
    """Complete something as a member of this server's study group."""
    await study.progress.join(who, study.course_of(node), visible=True)
    return await study.progress.complete(who, node, on)


class CapturedLog:
    """A separate logger and the lines that it wrote."""

    def __init__(self, form: str, hidden: tuple[str, ...] = (TOKEN,)) -> None:
        self.handler = logging.StreamHandler(io.StringIO())
        self.handler.setFormatter(logs.LineFormatter(form, hidden))
        self.log = logging.Logger("waymark.test")
        self.log.addHandler(self.handler)

    @property
    def text(self) -> str:
        return self.handler.stream.getvalue()

    @property
    def lines(self) -> list[str]:
        assert self.text.endswith("\n")
        return self.text[:-1].split("\n")

    @property
    def line(self) -> str:
        (line,) = self.lines
        return line

    @property
    def event(self) -> Any:
        return json.loads(self.line)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[CapturedLog]:
    """The log lines of the process during a test."""
    captured = CapturedLog("human")
    caplog.set_level(logging.INFO)
    logging.getLogger().addHandler(captured.handler)
    yield captured
    logging.getLogger().removeHandler(captured.handler)
