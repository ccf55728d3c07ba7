"""The SQLite file: opening, migrating, single statements, and the one way to a transaction."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Self, TypeVar

import aiosql
import aiosqlite

from bot.errors import Busy, UnusableDatabase

_HERE = Path(__file__).parent
MIGRATIONS = _HERE / "migrations"
BUSY_MS = 2000
"""How long SQLite waits for another process's lock: below the 3 s in which Discord wants an answer."""

STEP_MS = 50
UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)

BUSY = "The progress book is busy right now; nothing was changed. Please try again."

T = TypeVar("T")
Observe = Callable[[str, float], None]
"""Told of each ``read``, ``write`` and ``transaction``, and of its seconds with the wait for its turn."""


def unobserved(_: str, __: float) -> None:
    """Nobody counts."""


class Queries:
    """The statements of ``queries/*.sql`` by name."""

    def __init__(self) -> None:
        loaded = aiosql.from_path(_HERE / "queries", "aiosqlite", mandatory_parameters=False)
        self._sql = {name: getattr(loaded, name).sql for name in loaded.available_queries if "_cursor" not in name}

    def __getitem__(self, name: str) -> str:
        return str(self._sql[name])

    def starting_with(self, prefix: str) -> list[str]:
        return sorted(name for name in self._sql if name.startswith(prefix))


class Statements:
    """Statements that take effect together, on the writer's own thread. Only inside ``Database.transact``."""

    def __init__(self, connection: sqlite3.Connection, queries: Queries) -> None:
        self._connection = connection
        self._queries = queries

    def run(self, query: str, /, **values: Any) -> list[Any]:
        """The rows of one named statement."""
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

    async def transact(self, work: Callable[[Statements], T], queries: Queries, deadline: float) -> T:
        """All of ``work`` or nothing. A caller who is cancelled before it has begun leaves nothing behind."""
        hop: Callable[..., Awaitable[T]] = self._execute
        gone = threading.Event()
        try:
            return await hop(self._transact, work, queries, gone, deadline)
        except asyncio.CancelledError:
            gone.set()
            raise

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
            result = work(Statements(self._conn, queries))
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
            writer = await _connect_patiently(path)
        except (OSError, sqlite3.Error) as error:
            raise UnusableDatabase(f"The database {path} can't be opened: {error}. Check DATABASE_PATH.") from error
        try:
            await _migrate(writer, path)
            reader = await _connect(path)
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


async def _connect_patiently(path: Path) -> Connection:
    """Connect, waiting while another process turns a new file into one with a write-ahead log: SQLite does not wait."""
    for _ in range(BUSY_MS // STEP_MS):
        try:
            return await _connect(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        await asyncio.sleep(STEP_MS / 1000)
    return await _connect(path)


async def _connect(path: Path) -> Connection:
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


def migrations(folder: Path = MIGRATIONS) -> dict[int, str]:
    """The SQL of each schema version, by number."""
    return {int(file.name[:4]): file.read_text("utf-8") for file in sorted(folder.glob("*.sql"))}


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Bring the schema to the newest version in one transaction, however many processes start at once."""
    known = migrations()
    newest = max(known)
    await connection.execute_fetchall("begin immediate")
    try:
        ((version,),) = await connection.execute_fetchall("pragma user_version")
        if version > newest:
            raise UnusableDatabase(
                f"The database {path} has version {version}, and this Waymark knows versions up to {newest}. "
                "Install the newer Waymark that wrote it, or restore a backup."
            )
        for number in range(version + 1, newest + 1):
            for statement in statements(known[number]):
                await connection.execute_fetchall(statement)
        await connection.execute_fetchall(f"pragma user_version = {newest}")
        await connection.execute_fetchall("commit")
    except BaseException:
        if connection.in_transaction:
            await connection.execute_fetchall("rollback")
        raise


def statements(script: str) -> list[str]:
    """The single statements of an SQL script."""
    found, start = [], 0
    for end in (index + 1 for index, letter in enumerate(script) if letter == ";"):
        if sqlite3.complete_statement(script[start:end]):
            found.append(script[start:end].strip())
            start = end
    return found
