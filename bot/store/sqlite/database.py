"""The SQLite engine: short reads on the event loop, long ones in a thread, and writes that are committed in groups."""

import asyncio
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
from bot.store.sqlite.connection import (
    Connection,
    Job,
    ask_together,
    connect,
    connect_in_place,
    connect_patiently,
)
from bot.store.sqlite.schema import migrate

UNWRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
GROUP = 64
"""Maximum number of transactions that are committed together. The first one waits for the last."""
IN_PLACE = frozenset(
    {
        "about_learner",
        "allows_announcements",
        "announcement_by_message",
        "announcements_of",
        "announces",
        "answer_times",
        "answered_since",
        "away_of",
        "cards",
        "cohort_now",
        "cohorts",
        "course_news_of",
        "course_of_learner",
        "delivery_row",
        "due_cards",
        "focus_of",
        "fsrs_setting",
        "is_hidden",
        "is_stored",
        "keeps_quiz_mistakes",
        "last_delivery",
        "last_review",
        "last_use",
        "memberships",
        "mistakes",
        "mock_exam",
        "mock_exam_results",
        "new_cards_since",
        "notes",
        "open_delivery",
        "open_mock_exam",
        "outcomes_of",
        "plan_of",
        "plans_of",
        "quiz_by_id",
        "quiz_in_channel",
        "quiz_tally",
        "reminders_of",
        "reports_of_learner",
        "server_courses_of_learner",
        "review_state",
        "server_settings",
        "setting",
        "setup_items",
        "streak_of",
        "study_days_since",
        "ticks",
        "ticks_in_cohort",
        "ticks_of_all_courses",
        "ticks_of_change",
        "ticks_of_last_change",
        "untold_report",
        "upkeep_of",
        "zone_of",
    }
)
"""Reads of the data of one learner, server or quiz.

They run on the event loop's thread, which costs half as much as another thread. All other reads may return many rows.
"""

T = TypeVar("T")


class Database:
    """Three connections to one file: for short reads on the event loop, for long reads, and for writes."""

    def __init__(
        self,
        writer: Connection,
        reader: Connection,
        in_place: sqlite3.Connection,
        queries: Queries,
        observe: Observe = unobserved,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._in_place = in_place
        self._waiting: list[Job] = []
        self._committing: asyncio.Task[None] | None = None
        self._observe = observe
        self.queries = queries

    @classmethod
    async def open(cls, path: Path, observe: Observe = unobserved) -> Self:
        """Open and migrate the file; create it if needed, for this user only. Raises ``UnusableDatabase``."""
        queries = Queries()
        try:
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            # Open the file here first; aiosqlite would report the error from its own thread.
            sqlite3.connect(path).close()
            writer = await connect_patiently(path)
        except (OSError, sqlite3.Error) as error:
            raise UnusableDatabase(f"The database {path} can't be opened: {error}. Check DATABASE_PATH.") from error
        try:
            await migrate(writer, path)
            reader = await connect(path)
            await reader.execute("pragma query_only = on")
            in_place = connect_in_place(path)
        except sqlite3.Error as error:
            await writer.close()
            raise UnusableDatabase(f"The database {path} can't be used: {error}. Check DATABASE_PATH.") from error
        except BaseException:
            await writer.close()
            raise
        return cls(writer, reader, in_place, queries, observe)

    async def close(self) -> None:
        """Finish operations in progress, and close all connections."""
        while self._committing and not self._committing.done():
            await asyncio.wait((self._committing,))
        self._in_place.close()
        await self._reader.close()
        await self._writer.close()

    async def read(self, query: str, /, **values: Any) -> list[Any]:
        """Return the rows of a named query, as of the last commit."""
        with self._timed("read"):
            sql = self.queries[query]
            if query in IN_PLACE:
                try:
                    return self._in_place.execute(sql, values).fetchall()
                except sqlite3.OperationalError as error:
                    if not _is_busy(error):
                        raise
            return list(await self._reader.execute_fetchall(sql, values))

    async def read_together(self, queries: Sequence[str], /, **values: Any) -> list[list[Any]]:
        """Return the rows of several named queries, all from one snapshot."""
        with self._timed("read"):
            statements = [self.queries[query] for query in queries]
            if IN_PLACE.issuperset(queries):
                try:
                    return ask_together(self._in_place, statements, values)
                except sqlite3.OperationalError as error:
                    if not _is_busy(error):
                        raise
            return await self._reader.ask_together(statements, values)

    async def write(self, query: str, /, **values: Any) -> list[Any]:
        """Run a named statement, durably. Return the rows of its ``returning`` clause."""
        with self._timed("write"):
            return await self._commit(lambda statements: statements.run(query, **values))

    async def transact(self, work: Callable[[Statements], T]) -> T:
        """Run all of ``work`` or nothing, on the writer's thread. It is durable when this returns."""
        with self._timed("transaction"):
            return await self._commit(work)

    async def _commit(self, work: Callable[[Statements], T]) -> T:
        """Queue ``work`` for the writer's thread. Transactions queued meanwhile are committed together next."""
        job = Job(work, monotonic() + BUSY_MS / 1000)
        self._waiting.append(job)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_waiting())
        try:
            await job.done
        except asyncio.CancelledError:
            job.gone.set()
            raise
        if job.error:
            raise job.error
        result: T = job.result
        return result

    async def _commit_waiting(self) -> None:
        jobs: list[Job] = []
        try:
            while self._waiting:
                jobs, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                try:
                    await self._writer.commit_together(jobs, self.queries)
                except Exception as error:
                    for job in jobs:
                        job.error = job.error or error
                self._waiting[:0] = [job for job in jobs if job.unfinished]
                for job in jobs:
                    if not job.unfinished and not job.done.done():
                        job.done.set_result(None)
                    job.unfinished = False
        finally:
            self._committing = None
            if self._waiting:  # this task was canceled, and others still wait
                self._committing = asyncio.create_task(self._commit_waiting())
            for job in jobs:
                job.done.cancel()

    @contextmanager
    def _timed(self, kind: str) -> Iterator[None]:
        """Time a read or write, and raise ``Busy`` for temporary SQLite errors. Other errors propagate."""
        start = perf_counter()
        try:
            yield
        except sqlite3.OperationalError as error:
            if _is_busy(error):
                raise Busy(BUSY) from error
            if error.sqlite_errorcode & 0xFF in UNWRITABLE:
                raise Busy(UNSAVABLE) from error
            raise
        finally:
            self._observe(kind, perf_counter() - start)


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
