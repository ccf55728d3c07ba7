"""The SQLite file: opening, migrating, single statements, and the one way to a transaction."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Self, TypeVar

import aiosqlite

from bot.errors import Busy, UnusableDatabase
from bot.store.sqlite.connection import BUSY, BUSY_MS, Connection, Queries, Statements, connect, connect_patiently
from bot.store.sqlite.schema import migrate

UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)

T = TypeVar("T")
Observe = Callable[[str, float], None]
"""Told of each ``read``, ``write`` and ``transaction``, and of its seconds with the wait for its turn."""


def unobserved(_: str, __: float) -> None:
    """Nobody counts."""


class Transaction:
    """Statements that take effect together. Only inside ``Database.transaction``."""

    def __init__(self, connection: aiosqlite.Connection, queries: Queries) -> None:
        self._connection = connection
        self._queries = queries

    async def run(self, query: str, /, **values: Any) -> list[Any]:
        """The rows of one named statement."""
        return list(await self._connection.execute_fetchall(self._queries[query], values))


class Database:
    """Two connections to one file: a writer that does one thing at a time, and a reader that never waits for it."""

    def __init__(self, writer: Connection, reader: Connection, queries: Queries, observe: Observe = unobserved) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()
        self._observe = observe
        self.queries = queries

    @classmethod
    async def open(cls, path: Path, observe: Observe = unobserved) -> Self:
        """Open (or create, for this user only) and migrate the file. Raises ``UnusableDatabase``."""
        queries = Queries()
        try:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            # A file that can't be opened is found out here: aiosqlite's thread would complain on its own.
            sqlite3.connect(path).close()
            writer = await connect_patiently(path)
        except (OSError, sqlite3.Error) as error:
            raise UnusableDatabase(f"The database {path} can't be opened: {error}. Check DATABASE_PATH.") from error
        try:
            await migrate(writer, path)
            reader = await connect(path)
            await reader.execute("pragma query_only = on")
        except sqlite3.Error as error:
            await writer.close()
            raise UnusableDatabase(f"The database {path} can't be used: {error}. Check DATABASE_PATH.") from error
        except BaseException:
            await writer.close()
            raise
        return cls(writer, reader, queries, observe)

    async def close(self) -> None:
        """Wait for the transaction under way and close both connections."""
        async with self._turn:
            await self._reader.close()
            await self._writer.close()

    async def read(self, query: str, /, **values: Any) -> list[Any]:
        """The rows of one named query, as of the last commit."""
        with self._asked("read"):
            return list(await self._reader.execute_fetchall(self.queries[query], values))

    async def write(self, query: str, /, **values: Any) -> list[Any]:
        """Run one named statement, durably. Returns the rows of its ``returning``."""
        with self._asked("write"):
            deadline = monotonic() + BUSY_MS / 1000
            await self._between_transactions()
            return await self._writer.ask(self.queries[query], values, deadline)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All of the block or nothing; durable when the block has ended. Never wait for Discord inside."""
        with self._asked("transaction"):
            async with self._turn:
                try:
                    await self._writer.execute_fetchall("begin immediate")
                    yield Transaction(self._writer, self.queries)
                    await self._writer.execute_fetchall("commit")
                except BaseException:
                    await self._roll_back()
                    raise

    async def transact(self, work: Callable[[Statements], T]) -> T:
        """All of ``work`` or nothing; durable when it has returned.

        It runs on the writer's thread, so it must be pure but for its statements: for what every command does.
        """
        with self._asked("transaction"):
            deadline = monotonic() + BUSY_MS / 1000
            await self._between_transactions()
            return await self._writer.transact(work, self.queries, deadline)

    async def _between_transactions(self) -> None:
        """Returns when no ``transaction`` is open, and before another can begin if the caller goes on without waiting.

        What is one hop needs no turn of its own: the writer's thread does one thing after the other, in order. A lock
        held over the hop would cost every write the rounds of the event loop that waking the next one takes.
        """
        if self._turn.locked():
            with suppress(TimeoutError):
                async with asyncio.timeout(BUSY_MS / 1000), self._turn:
                    return
            raise Busy(BUSY)

    @contextmanager
    def _asked(self, kind: str) -> Iterator[None]:
        """Time what SQLite is asked, and turn what it refuses for now into a sentence.

        Anything else is a fault of ours and passes.
        """
        start = perf_counter()
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Busy(BUSY) from error
            if error.sqlite_errorcode & 0xFF in UNWRITABLE:
                raise Busy(
                    "I can't save anything right now, so nothing was changed. The operator of this bot has to look "
                    "at it."
                ) from error
            raise
        finally:
            self._observe(kind, perf_counter() - start)

    async def _roll_back(self) -> None:
        """End the transaction, if there is one, even while this task is being cancelled.

        What a cancelled task asked of SQLite is still carried out, in order: only after it can be told whether a
        transaction is open.
        """

        async def end() -> None:
            with suppress(sqlite3.OperationalError):
                await self._writer.execute_fetchall("rollback")

        ending = asyncio.ensure_future(end())
        while not ending.done():
            with suppress(asyncio.CancelledError):
                await asyncio.shield(ending)
