"""The PostgreSQL engine: reads, durable writes, and serializable transactions with retries."""

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, perf_counter
from typing import Any, Self, TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from bot.errors import Busy
from bot.store.engine import BUSY, BUSY_MS, UNCERTAIN, UNSAVABLE, Observe, Statements, unobserved
from bot.store.postgres.connection import POOL_SIZE, RETRIED, SLOW, UNAVAILABLE, UNWRITABLE, name_of, pool_of, refused
from bot.store.postgres.schema import migrate
from bot.store.queries import Queries

log = logging.getLogger("waymark")

BEGIN = "begin isolation level serializable; select pg_current_xact_id()::text"
"""One round trip. The ID tells, after a lost connection, whether the transaction was committed."""
SNAPSHOT = "begin isolation level repeatable read read only"
PAUSE = 0.005
"""Seconds before a first retry; each further one doubles it, and chance spreads them."""
LONGEST_PAUSE = 0.25

T = TypeVar("T")
Connection = psycopg.Connection[Any]


def untraced(_: str) -> None:
    """Ignore a statement."""


class _Statements:
    """The statements of one transaction."""

    def __init__(
        self, execute: Callable[[Connection, str, dict[str, Any]], list[Any]], connection: Connection, queries: Queries
    ) -> None:
        self._execute = execute
        self._connection = connection
        self._queries = queries

    def run(self, query: str, /, **values: Any) -> list[Any]:
        return self._execute(self._connection, self._queries[query], values)


class PostgresDatabase:
    """A pool of connections, each used by one worker thread at a time. Every method retries until ``BUSY_MS``."""

    def __init__(self, pool: ConnectionPool[Connection], url: str, observe: Observe) -> None:
        self._pool = pool
        self._threads = ThreadPoolExecutor(POOL_SIZE, thread_name_prefix="postgres")
        self._observe = observe
        self._url = url
        self.name = name_of(url)
        self.trace: Callable[[str], None] = untraced
        """Called in a worker thread with each statement right before it is sent."""
        self.queries = Queries("psycopg")

    @classmethod
    async def open(cls, url: str, observe: Observe = unobserved) -> Self:
        """Connect and migrate. Raises ``BadSettings`` for a wrong address or login, else ``UnusableDatabase``."""
        name_of(url)
        pool = pool_of(url)
        try:
            await asyncio.to_thread(_open, pool, url)
        except BaseException:
            await asyncio.to_thread(pool.close)
            raise
        return cls(pool, url, observe)

    async def close(self) -> None:
        """Finish what is in progress and close all connections."""
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        await asyncio.to_thread(self._pool.close)

    async def read(self, query: str, /, **values: Any) -> list[Any]:
        """The rows of one named query, as of the last commit."""
        sql = self.queries[query]
        return await self._run("read", lambda connection: self._rows(connection, sql, values))

    async def read_together(self, queries: Sequence[str], /, **values: Any) -> list[list[Any]]:
        """The rows of several named queries, all from one snapshot."""

        def work(connection: Connection) -> list[list[Any]]:
            connection.execute(SNAPSHOT)
            try:
                return [self._rows(connection, self.queries[query], values) for query in queries]
            finally:
                _roll_back(connection)

        return await self._run("read", work)

    async def write(self, query: str, /, **values: Any) -> list[Any]:
        """Run one named statement, durably. Returns the rows of its ``returning``."""
        return await self._transaction("write", lambda statements: statements.run(query, **values))

    async def transact(self, work: Callable[[Statements], T]) -> T:
        """Run all of ``work`` or nothing, in a worker thread and serializable; durable when this returns."""
        return await self._transaction("transaction", work)

    async def _transaction(self, kind: str, work: Callable[[Statements], T]) -> T:
        gone = threading.Event()

        def attempt(connection: Connection) -> T:
            if gone.is_set():
                raise _GoneError
            return self._attempt(connection, work)

        try:
            return await self._run(kind, attempt)
        except asyncio.CancelledError:
            gone.set()
            raise

    async def _run(self, kind: str, work: Callable[[Connection], T]) -> T:
        start = perf_counter()
        deadline = monotonic() + BUSY_MS / 1000
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._patiently, work, deadline)
        finally:
            self._observe(kind, perf_counter() - start)

    def _patiently(self, work: Callable[[Connection], T], deadline: float) -> T:
        """Do ``work`` on a connection, and again on another one after a conflict or a lost server, until the deadline.

        Raises ``Busy`` after it.
        """
        pause = PAUSE
        while monotonic() < deadline:
            try:
                with _sentences():
                    return self._once(work, deadline)
            except _RetryError as error:
                log.debug("a transaction is tried again: %s", error.__cause__)
            except (PoolTimeout, PoolClosed) as error:
                raise Busy(BUSY) from error
            time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads retries, keeps no secret
            pause = min(2 * pause, LONGEST_PAUSE)
        raise Busy(BUSY)

    def _once(self, work: Callable[[Connection], T], deadline: float) -> T:
        connection = self._pool.getconn(max(0.001, deadline - monotonic()))
        try:
            return work(connection)
        except UNAVAILABLE:
            connection.close()  # a standby, or a server that stops: the pool makes another connection
            raise
        except BaseException:
            _roll_back(connection)
            raise
        finally:
            self._pool.putconn(connection)

    def _attempt(self, connection: Connection, work: Callable[[Statements], T]) -> T:
        self.trace(BEGIN)
        begun = connection.execute(BEGIN)
        begun.nextset()
        ((number,),) = begun.fetchall()
        result = work(_Statements(self._rows, connection, self.queries))
        self.trace("commit")
        try:
            connection.execute("commit")
        except RETRIED:
            raise
        except psycopg.OperationalError as error:
            # The server may have committed before it, or the connection, went away. The answer must be true.
            if not self._was_committed(number):
                if connection.broken:
                    raise _RetryError from error
                raise
        return result

    def _rows(self, connection: Connection, sql: str, values: dict[str, Any]) -> list[Any]:
        self.trace(sql)
        cursor = connection.execute(sql, values)
        return cursor.fetchall() if cursor.description else []

    def _was_committed(self, number: str) -> bool:
        """Ask the server whether a transaction took effect, until it answers. Raises ``Busy`` if it doesn't.

        The question has a connection of its own: those of the pool may all be lost, and held by threads that ask.
        """
        deadline = monotonic() + BUSY_MS / 1000
        while monotonic() < deadline:
            try:
                with psycopg.connect(self._url, connect_timeout=2, autocommit=True) as connection:
                    ((status,),) = connection.execute("select pg_xact_status(%s::xid8)", (number,)).fetchall()
                if status != "in progress":
                    return bool(status == "committed")
            except psycopg.OperationalError as error:
                log.info("the database can't be asked about a transaction: %s", type(error).__name__)
            time.sleep(LONGEST_PAUSE)
        raise Busy(UNCERTAIN)


class _RetryError(Exception):
    """Nothing took effect; another attempt may succeed."""


class _GoneError(Exception):
    """Nobody waits for the result."""


def _open(pool: ConnectionPool[Connection], url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            migrate(connection, url)
        pool.open(wait=True)
    except (psycopg.Error, PoolTimeout) as error:
        raise refused(error, url) if isinstance(error, psycopg.Error) else Busy(BUSY) from error


def _roll_back(connection: Connection) -> None:
    if not connection.closed and connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        try:
            connection.execute("rollback")
        except psycopg.Error:
            connection.close()


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what PostgreSQL refuses for now into a retry or a sentence. Anything else is a fault of ours and passes."""
    try:
        yield
    except RETRIED as error:
        raise _RetryError from error
    except UNAVAILABLE as error:
        raise _RetryError from error
    except UNWRITABLE as error:
        raise Busy(UNSAVABLE) from error
    except SLOW as error:
        raise Busy(BUSY) from error
    except psycopg.OperationalError as error:
        # The connection is lost, or the server gives no reason. What was committed is known by now.
        raise _RetryError from error
