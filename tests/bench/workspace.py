"""A folder on a real disk, courses, and databases with many ticks, for all subjects."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.content import read_courses
from bot.core.course.catalogue import Catalogue
from bot.store.sqlite.schema import migrations
from tests.bench.payloads import SERVER

ROOT = Path(__file__).resolve().parent.parent.parent
BENCH = ROOT / ".bench"
COURSES = ROOT / "data" / "courses"
TICKS_EACH = 50
"""Ticks of one learner: a fifth of AZ-104."""
LEARNERS = 20_000
FIRST_LEARNER = 300_000_000_000_000_000
THEN = 1_780_000_000
WAL_PAGES = 1200
"""A little more than SQLite lets the log grow to before it starts at its beginning again."""


def learners() -> str:
    """The beginning of a query: ``learner`` with an ``id`` from ``:first`` to ``:last``."""
    return "with recursive learner (id) as (select :first union all select id + 1 from learner where id < :last)"


FILL_MEMBERS = f"""
insert into member (server_id, course, learner_id, joined_at)
{learners()} select :server, :course, id, :then from learner
"""
FILL_TICKS = f"""
insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)
{learners()}
select id, :course, route, :then + 3600 * number, :then + 3600 * number, :server, :then + number / 8
from learner cross join leaf
"""
"""Every learner with all of ``leaf``, an hour apart, eight a change; in the order of the key, each page once."""


@dataclass
class Workspace:
    """What one run works on."""

    folder: Path
    _taken: int = 0
    _taken_load: int = 0

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(read_courses(COURSES), "az-104")

    @cached_property
    def few(self) -> Path:
        """A database with 10,000 ticks."""
        return self._filled("few.db", 10_000)

    @cached_property
    def many(self) -> Path:
        """A database with 1,000,000 ticks of 20,000 learners."""
        return self._filled("many.db", LEARNERS * TICKS_EACH)

    @cached_property
    def most(self) -> Path:
        """A database with 10,000,000 ticks of 200,000 learners."""
        return self._filled("most.db", 10_000_000)

    @cached_property
    def load(self) -> Path:
        """Another one like ``many``, for those who give commands at once."""
        return self._filled("load.db", LEARNERS * TICKS_EACH)

    def take(self, learners: int) -> int:
        """The first of so many learners of ``many`` who have done nothing but what they were filled in with."""
        first = FIRST_LEARNER + self._taken
        self._taken += learners
        if self._taken > LEARNERS:
            raise RuntimeError(f"{LEARNERS} learners are not enough")
        return first

    def take_load(self, learners: int) -> int:
        """The same of ``load``."""
        first = FIRST_LEARNER + self._taken_load
        self._taken_load += learners
        if self._taken_load > LEARNERS:
            raise RuntimeError(f"{LEARNERS} learners are not enough")
        return first

    def empty(self, name: str) -> Path:
        """Create a database with nothing in it."""
        path = self.folder / name
        if not path.exists():
            with raw(path) as connection:
                _create(connection)
        return path

    def _filled(self, name: str, ticks: int) -> Path:
        path = self.folder / name
        leaves = sorted(list(self.catalogue.default.leaves)[:TICKS_EACH])
        with raw(path) as connection:
            _create(connection)
            # Nothing is lost if this is cut short, and what is undone needs no journal: it is begun anew.
            connection.execute("pragma journal_mode = off")
            connection.execute("pragma synchronous = off")
            connection.execute("create temp table leaf (number integer primary key, route text)")
            connection.executemany("insert into leaf values (?, ?)", enumerate(leaves))
            values = {"first": FIRST_LEARNER, "last": FIRST_LEARNER + ticks // TICKS_EACH - 1, "server": SERVER,
                      "then": THEN, "course": self.catalogue.default.id}  # fmt: skip
            connection.execute("begin")
            connection.execute(FILL_MEMBERS, values)
            connection.execute(FILL_TICKS, values)
            connection.execute("commit")
            connection.execute("pragma journal_mode = wal")
        # What is left to be written would otherwise be paid for by the first durable commit that is measured.
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        return path


def _create(connection: sqlite3.Connection) -> None:
    """Create the newest schema. The simulated servers added the bot earlier, so they get no welcome messages."""
    for number, script in migrations().items():
        connection.executescript(f"{script}; pragma user_version = {number}")
    connection.execute("insert into setting (name, value) values ('welcome_since', ?)", (str(THEN),))


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """Bare SQLite with the settings that the store has."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        yield connection
    finally:
        connection.close()


def settle(connection: sqlite3.Connection) -> None:
    """Let the write-ahead log reach its full size, as in a process that has run for a while.

    Until its first checkpoint each commit makes the file longer, which costs a durable write twice the time. The file
    goes when the last connection is closed: call this beside the store that is measured.
    """
    connection.execute("pragma synchronous = off")
    for number in range(WAL_PAGES):
        connection.execute("insert or replace into setting (name, value) values ('bench', ?)", (str(number),))
    connection.execute("pragma synchronous = full")


@contextmanager
def workspace() -> Iterator[Workspace]:
    """Create an empty folder next to the repository's files, on the same disk, and delete it afterwards."""
    BENCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BENCH) as folder:
        yield Workspace(Path(folder))
