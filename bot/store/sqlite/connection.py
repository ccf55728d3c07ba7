"""A connection to the SQLite file: its settings, its named statements, and whole transactions in one hop."""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import aiosqlite

from bot.errors import Busy
from bot.store.engine import BUSY, BUSY_MS, Statements
from bot.store.queries import Queries

STEP_MS = 50

T = TypeVar("T")


class _Statements:
    """The statements of one transaction, on the writer's thread."""

    def __init__(self, connection: sqlite3.Connection, queries: Queries) -> None:
        self._connection = connection
        self._queries = queries

    def run(self, query: str, /, **values: Any) -> list[Any]:
        return self._connection.execute(self._queries[query], values).fetchall()


class Connection(aiosqlite.Connection):
    """A connection that can do a whole transaction in one hop to its thread, where each statement costs one.

    Each hop has a deadline, on the monotonic clock: who waits behind others for another process's lock must not wait
    once for each of them.
    """

    async def ask(self, sql: str, values: dict[str, Any], deadline: float) -> list[Any]:
        """The rows of one statement. Raises ``Busy`` after the deadline."""
        hop: Callable[..., Awaitable[list[Any]]] = self._execute
        return await hop(self._ask, sql, values, deadline)

    async def ask_together(self, statements: Sequence[str], values: dict[str, Any]) -> list[list[Any]]:
        """The rows of several queries in one read transaction. Each takes its own parameters from ``values``."""
        hop: Callable[..., Awaitable[list[list[Any]]]] = self._execute
        return await hop(self._ask_together, statements, values)

    async def transact(self, work: Callable[[Statements], T], queries: Queries, deadline: float) -> T:
        """All of ``work`` or nothing. A caller who is cancelled before it has begun leaves nothing behind."""
        hop: Callable[..., Awaitable[T]] = self._execute
        gone = threading.Event()
        try:
            return await hop(self._transact, work, queries, gone, deadline)
        except asyncio.CancelledError:
            gone.set()
            raise

    def _ask_together(self, statements: Sequence[str], values: dict[str, Any]) -> list[list[Any]]:
        self._conn.execute("begin")
        try:
            return [self._conn.execute(sql, values).fetchall() for sql in statements]
        finally:
            self._conn.execute("rollback")

    def _ask(self, sql: str, values: dict[str, Any], deadline: float) -> list[Any]:
        with self._in_time(deadline):
            return self._conn.execute(sql, values).fetchall()

    def _transact(
        self, work: Callable[[Statements], T], queries: Queries, gone: threading.Event, deadline: float
    ) -> T | None:
        with self._in_time(deadline):
            self._conn.execute("begin immediate")
        try:
            if gone.is_set():
                self._conn.execute("rollback")
                return None
            result = work(_Statements(self._conn, queries))
            self._conn.execute("commit")
        except BaseException:
            if self._conn.in_transaction:
                self._conn.execute("rollback")
            raise
        return result

    @contextmanager
    def _in_time(self, deadline: float) -> Iterator[None]:
        """Let SQLite wait for another process's lock until the deadline, and no longer."""
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


async def connect_patiently(path: Path) -> Connection:
    """Connect, waiting while another process turns a new file into one with a write-ahead log: SQLite does not wait."""
    for _ in range(BUSY_MS // STEP_MS):
        try:
            return await connect(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        await asyncio.sleep(STEP_MS / 1000)
    return await connect(path)


async def connect(path: Path) -> Connection:
    """Connect, with the settings that make what was confirmed survive a power cut."""
    opened = partial(sqlite3.connect, path, isolation_level=None, cached_statements=256)
    connection = Connection(opened, iter_chunk_size=64)
    await connection
    try:
        for setting in (
            f"busy_timeout = {BUSY_MS}",
            "journal_mode = wal",
            "synchronous = full",
            "foreign_keys = on",
            "cache_size = -8000",
        ):
            await connection.execute_fetchall(f"pragma {setting}")
    except BaseException:
        await connection.close()
        raise
    return connection
