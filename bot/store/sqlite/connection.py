"""Connections to the SQLite file: their settings, and commits of several transactions together."""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import aiosqlite

from bot.errors import Busy
from bot.store.engine import BUSY, BUSY_MS, Statements
from bot.store.queries import Queries

STEP_MS = 50
SETTINGS = (
    f"busy_timeout = {BUSY_MS}",
    "journal_mode = wal",
    "synchronous = full",
    "foreign_keys = on",
    "cache_size = -8000",
)
"""With these settings, confirmed writes survive a power failure."""


@dataclass(slots=True, eq=False)
class Job:
    """A transaction that waits for the writer's thread. It fails with ``Busy`` after ``deadline`` (monotonic)."""

    work: Callable[[Statements], Any]
    deadline: float
    result: Any = None
    error: BaseException | None = None
    unfinished: bool = False
    done: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    gone: threading.Event = field(default_factory=threading.Event)
    """Set if the caller was canceled. A job that hasn't begun is then dropped."""


class _Statements:
    """The statements of one transaction, on the writer's thread."""

    def __init__(self, connection: sqlite3.Connection, queries: Queries) -> None:
        self._connection = connection
        self._queries = queries

    def run(self, query: str, /, **values: Any) -> list[Any]:
        return self._connection.execute(self._queries[query], values).fetchall()


class Connection(aiosqlite.Connection):
    """A connection whose thread runs whole transactions and commits waiting ones together."""

    async def ask_together(self, statements: Sequence[str], values: dict[str, Any]) -> list[list[Any]]:
        """Return the rows of several queries in one read transaction. Each has its own parameters in ``values``."""
        hop: Callable[..., Awaitable[list[list[Any]]]] = self._execute
        return await hop(ask_together, self._conn, statements, values)

    async def commit_together(self, jobs: Sequence[Job], queries: Queries) -> None:
        """Run jobs in one transaction, durable when this returns. A job that fails doesn't affect the others."""
        hop: Callable[..., Awaitable[None]] = self._execute
        await hop(self._commit_together, jobs, queries)

    def _commit_together(self, jobs: Sequence[Job], queries: Queries) -> None:
        waiting = self._begin([job for job in jobs if not job.gone.is_set()])
        ended = self._run_all(waiting, queries)
        if ended and len(waiting) == 1:
            waiting[0].error = ended
        elif ended:
            # SQLite rolled back the whole transaction, as it does if the disk is full. Nothing is stored, so run each
            # job alone.
            for job in waiting:
                job.error = None
                self._commit_together([job], queries)

    def _begin(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Begin a transaction for all jobs and return them.

        If another process holds the lock for too long, return none. Jobs without time left fail; the others stay
        ``unfinished``.
        """
        if not jobs:
            return []
        try:
            with self._in_time(min(job.deadline for job in jobs)):
                self._conn.execute("begin immediate")
        except (Busy, sqlite3.OperationalError) as error:
            late = [job for job in jobs if job.deadline - monotonic() < STEP_MS / 1000]
            for job in jobs:
                job.unfinished = bool(late) and job not in late
                job.error = None if job.unfinished else error
            return []
        return jobs

    def _run_all(self, jobs: Sequence[Job], queries: Queries) -> BaseException | None:
        """Run jobs in the open transaction and commit. Return the error if SQLite rolled it back instead."""
        alone = len(jobs) == 1
        try:
            for job in jobs:
                if not alone:
                    self._conn.execute("savepoint job")
                try:
                    job.result = job.work(_Statements(self._conn, queries))
                except BaseException as error:
                    job.error = error
                    if not self._conn.in_transaction:
                        return None if alone else error
                    self._conn.execute("rollback" if alone else "rollback to job")
                if not alone:
                    self._conn.execute("release job")
            if self._conn.in_transaction:
                self._conn.execute("commit")
        except sqlite3.Error as error:
            if self._conn.in_transaction:
                self._conn.execute("rollback")
            return error
        return None

    @contextmanager
    def _in_time(self, deadline: float) -> Iterator[None]:
        """Let SQLite wait for another process's lock, at most until the deadline."""
        left = int(1000 * (deadline - monotonic()))
        if left <= 0:
            raise Busy(BUSY)
        hurried = left < BUSY_MS - STEP_MS
        if hurried:
            self._conn.execute(f"pragma busy_timeout = {left}")
        try:
            yield
        finally:
            if hurried:
                self._conn.execute(f"pragma busy_timeout = {BUSY_MS}")


def ask_together(connection: sqlite3.Connection, statements: Sequence[str], values: dict[str, Any]) -> list[list[Any]]:
    """Return the rows of several queries in one read transaction."""
    connection.execute("begin")
    try:
        return [connection.execute(sql, values).fetchall() for sql in statements]
    finally:
        connection.execute("rollback")


async def connect_patiently(path: Path) -> Connection:
    """Connect, waiting while another process switches a new file to WAL mode: SQLite doesn't wait for that."""
    for _ in range(BUSY_MS // STEP_MS):
        try:
            return await connect(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        await asyncio.sleep(STEP_MS / 1000)
    return await connect(path)


async def connect(path: Path) -> Connection:
    """Connect with ``SETTINGS``, in a thread of its own."""
    connection = Connection(partial(_open, path), iter_chunk_size=64)
    await connection
    try:
        for setting in SETTINGS:
            await connection.execute_fetchall(f"pragma {setting}")
    except BaseException:
        await connection.close()
        raise
    return connection


def connect_in_place(path: Path) -> sqlite3.Connection:
    """Connect for short reads on the event loop's thread. The connection never waits, and can't write."""
    connection = _open(path)
    for setting in ("busy_timeout = 0", "query_only = on", "cache_size = -8000"):
        connection.execute(f"pragma {setting}")
    return connection


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, cached_statements=256)
