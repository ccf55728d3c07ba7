"""The SQLite file: opening, migrating, single statements, and the one way to a transaction."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Self, TypeVar

from bot.errors import Busy, UnusableDatabase
from bot.store.engine import BUSY, BUSY_MS, UNSAVABLE, Observe, Statements, unobserved
from bot.store.queries import Queries
from bot.store.sqlite.connection import Connection, connect, connect_patiently
from bot.store.sqlite.schema import migrate

UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)

T = TypeVar("T")


class Database:
    """Two connections to one file: a writer that does one thing at a time, and a reader that never waits for it."""

    def __init__(self, writer: Connection, reader: Connection, queries: Queries, observe: Observe = unobserved) -> None:
        self._writer = writer
        self._reader = reader
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
        """Finish what both threads were asked, and close both connections."""
        await self._reader.close()
        await self._writer.close()

    async def read(self, query: str, /, **values: Any) -> list[Any]:
        """The rows of one named query, as of the last commit."""
        with self._asked("read"):
            return list(await self._reader.execute_fetchall(self.queries[query], values))

    async def read_together(self, queries: Sequence[str], /, **values: Any) -> list[list[Any]]:
        """The rows of several named queries, all from one snapshot."""
        with self._asked("read"):
            return await self._reader.ask_together([self.queries[query] for query in queries], values)

    async def write(self, query: str, /, **values: Any) -> list[Any]:
        """Run one named statement, durably. Returns the rows of its ``returning``."""
        with self._asked("write"):
            return await self._writer.ask(self.queries[query], values, _deadline())

    async def transact(self, work: Callable[[Statements], T]) -> T:
        """Run all of ``work`` or nothing, on the writer's thread; durable when this returns."""
        with self._asked("transaction"):
            return await self._writer.transact(work, self.queries, _deadline())

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
                raise Busy(UNSAVABLE) from error
            raise
        finally:
            self._observe(kind, perf_counter() - start)


def _deadline() -> float:
    return monotonic() + BUSY_MS / 1000
