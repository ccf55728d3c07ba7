"""What Waymark remembers, in terms of the domain."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from bot.core.calendar.timestamps import from_seconds as _utc
from bot.core.calendar.timestamps import seconds as _seconds
from bot.core.course.progress import Delta, Tick
from bot.store.cohorts import Cohorts
from bot.store.deliveries import Deliveries
from bot.store.digests import DigestMembers
from bot.store.learners import Learners
from bot.store.mock_exams import MockExams
from bot.store.plans import Plans
from bot.store.quizzes import Quizzes
from bot.store.reminders import Reminders
from bot.store.reviews import Reviews
from bot.store.servers import Servers
from bot.store.shard_leases import ShardLeases
from bot.store.sqlite.connection import Statements
from bot.store.sqlite.database import Database, Observe, unobserved
from bot.store.streaks import Counts, Streaks, Studied, always, record_study_day, take_back_study_day

Decide = Callable[[Sequence[Tick]], tuple[Delta, Sequence[str]]]
"""From the ticks as they are to what changes, and the routes of the paths that are complete after it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a change did: the ticks before and after, its number, and what happened for the first time.

    ``studied`` tells of the study day where it was an act; ``taken`` is the study day that it took away.
    """

    before: tuple[Tick, ...]
    after: tuple[Tick, ...]
    delta: Delta
    change: int | None = None
    joined: bool = False
    reached: frozenset[str] = frozenset()
    studied: Studied | None = None
    taken: date | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A place in the cohort of a course in a server."""

    server: int
    course: str
    joined_at: datetime
    left_at: datetime | None


class Store:
    """The database in the words of the product. Every method is one read, one write, or one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last_change = 0
        self.cohorts = Cohorts(database)
        self.deliveries = Deliveries(database)
        self.digests = DigestMembers(database)
        self.servers = Servers(database)
        self.shard_leases = ShardLeases(database)
        self.learners = Learners(database)
        self.reviews = Reviews(database)
        self.plans = Plans(database)
        self.streaks = Streaks(database)
        self.reminders = Reminders(database)
        self.mock_exams = MockExams(database)
        self.quizzes = Quizzes(database)

    @classmethod
    async def open(cls, path: Path, observe: Observe = unobserved) -> Self:
        """``observe`` is told of each question and its seconds. Raises ``UnusableDatabase``."""
        return cls(await Database.open(path, observe))

    async def close(self) -> None:
        await self._database.close()

    async def ticks(self, learner: int, course: str) -> list[Tick]:
        return _ticks(await self._database.read("ticks", learner=learner, course=course))

    async def ticks_of_all_courses(self, learner: int) -> dict[str, list[Tick]]:
        ticks: dict[str, list[Tick]] = {}
        for course, *row in await self._database.read("ticks_of_all_courses", learner=learner):
            ticks.setdefault(course, []).append(Tick._make(row))
        return ticks

    async def ticks_in_cohort(
        self, asker: int, learner: int, server: int, course: str
    ) -> tuple[bool, bool, list[Tick]]:
        """Whether the asker has joined, whether they may see the learner, and the ticks if so; all in one read."""
        rows = await self._database.read("ticks_in_cohort", asker=asker, learner=learner, server=server, course=course)
        joined, visible = bool(rows[0][0]), bool(rows[0][1])
        return joined, visible, _ticks(row[2:] for row in rows if row[2] is not None)

    async def apply(
        self, learner: int, course: str, server: int | None, decide: Decide, *, now: datetime, done_at: datetime,
        join: bool = False, counts: Counts = always,
    ) -> Applied:  # fmt: skip
        """Read, decide and write in one transaction.

        Where ``decide`` changes nothing, no tick is written; with ``join`` the learner joins the cohort even so.
        What is ticked makes a study day where it ``counts``, and to take back all of today's takes it away.
        """

        def work(transaction: Statements) -> Applied:
            before = tuple(_ticks(transaction.run("ticks", learner=learner, course=course)))
            delta, complete = decide(before)
            made_at = _seconds(now)
            if not delta:
                joined = join and self._join(transaction, learner, course, server, made_at)
                return Applied(before, before, delta, joined=joined)
            change = self._next_change(now)
            fresh = [route for route in delta.add if route not in delta.carried]
            if delta.carried:
                transaction.run("carry_ticks", learner=learner, course=course, carried=json.dumps(dict(delta.carried)))
            if delta.remove:
                transaction.run("remove_ticks", learner=learner, course=course, routes=json.dumps(delta.remove))
            joined, reached, studied, taken = False, frozenset[str](), None, None
            if fresh:
                transaction.run(
                    "add_ticks",
                    learner=learner,
                    course=course,
                    routes=json.dumps(fresh),
                    done_at=_seconds(done_at),
                    made_at=made_at,
                    server=server,
                    change=change,
                )
                joined = self._join(transaction, learner, course, server, made_at)
                studied = record_study_day(transaction, learner, now, counts)
                if complete:
                    reached = frozenset(
                        route
                        for (route,) in transaction.run(
                            "reach_milestones",
                            learner=learner,
                            course=course,
                            routes=json.dumps(list(complete)),
                            reached_at=_seconds(done_at),
                            server=server,
                        )
                    )
            else:
                taken = take_back_study_day(transaction, learner, now)
            return Applied(
                before, _applied(before, delta, fresh, made_at, _seconds(done_at), server, change),
                delta, change, joined, reached, studied, taken,
            )  # fmt: skip

        return await self._database.transact(work)

    @staticmethod
    def _join(transaction: Statements, learner: int, course: str, server: int | None, joined_at: int) -> bool:
        """Make the learner a member of the cohort unless they are one or have left. Returns whether they joined."""
        if server is None:
            return False
        rows = transaction.run("join_cohort", server=server, course=course, learner=learner, joined_at=joined_at)
        joined = rows == [(joined_at, None)]
        if joined:
            transaction.run("know_server", server=server)
        return joined

    async def ticked_by(self, learner: int, change: int | None) -> tuple[str, frozenset[str]] | None:
        """Course of a learner's change (the newest where None) and its routes that are still ticked; None for none."""
        if change is None:
            rows = await self._database.read("ticks_of_last_change", learner=learner)
        else:
            rows = await self._database.read("ticks_of_change", learner=learner, change=change)
        return (rows[0][0], frozenset(route for _, route in rows)) if rows else None

    def _next_change(self, now: datetime) -> int:
        """A number above all given before: microseconds since 1970, or one more where the clock stood still."""
        self._last_change = max(self._last_change + 1, int(now.timestamp() * 1_000_000))
        return self._last_change

    async def is_hidden(self, learner: int) -> bool:
        return await self._database.read("is_hidden", learner=learner) == [(1,)]

    async def set_hidden(self, learner: int, *, hidden: bool) -> None:
        await self._database.write("set_hidden", learner=learner, hidden=int(hidden))

    async def memberships(self, learner: int) -> list[Membership]:
        rows = await self._database.read("memberships", learner=learner)
        return [
            Membership(server, course, _utc(joined), None if left is None else _utc(left))
            for server, course, joined, left in rows
        ]

    async def leave_cohort(self, learner: int, server: int, now: datetime) -> list[str]:
        """The courses whose cohort in this server the learner left just now."""
        rows = await self._database.write("leave_cohort", learner=learner, server=server, left_at=_seconds(now))
        return [course for (course,) in rows]

    async def rejoin_cohort(self, learner: int, server: int) -> list[str]:
        """The courses whose cohort in this server the learner is back in."""
        return [course for (course,) in await self._database.write("rejoin_cohort", learner=learner, server=server)]

    async def export(self, learner: int) -> dict[str, list[dict[str, Any]]]:
        """Every row about a learner by table, columns by name; times as ISO 8601 in UTC."""
        tables: dict[str, list[dict[str, Any]]] = {}
        async with self._database.transaction() as transaction:
            for name in self._database.queries.starting_with("export_"):
                columns = _columns(self._database.queries[name])
                rows = await transaction.run(name, learner=learner)
                tables[name.removeprefix("export_")] = [
                    {column: _exported(column, value) for column, value in zip(columns, row, strict=True)}
                    for row in rows
                ]
        return tables

    async def forget(self, learner: int) -> dict[str, int]:
        """Delete every row about a learner at once. Returns how many rows went, by table."""
        async with self._database.transaction() as transaction:
            return {
                name.removeprefix("forget_"): len(await transaction.run(name, learner=learner))
                for name in self._database.queries.starting_with("forget_")
            }

    async def courses_of_servers(self) -> dict[int, str]:
        """The course that each server chose."""
        return {int(server): str(course) for server, course in await self._database.read("servers")}

    async def answers(self) -> None:
        """Returns when the database has answered a question."""
        await self.setting("")

    async def setting(self, name: str) -> str | None:
        rows = await self._database.read("setting", name=name)
        return str(rows[0][0]) if rows else None

    async def set_setting(self, name: str, value: str) -> None:
        await self._database.write("set_setting", name=name, value=value)


def _applied(
    before: Iterable[Tick],
    delta: Delta,
    fresh: Iterable[str],
    made: int,
    done: int,
    server: int | None,
    change: int,
) -> tuple[Tick, ...]:
    """The ticks as the transaction left them, without asking the database again."""
    known = {tick.route: tick for tick in before} if delta.carried else {}
    ticks = [tick for tick in before if tick.route not in delta.remove] if delta.remove else list(before)
    for leaf, stem in delta.carried.items():
        old = known[stem]
        ticks.append(Tick(leaf, old.done, old.made, old.server, old.change))
    ticks += [Tick(route, done, made, server, change) for route in fresh]
    return tuple(ticks)


def _ticks(rows: Iterable[Sequence[Any]]) -> list[Tick]:
    """The ticks of rows. Nearly every command pays for this, so a tick is a row as it is."""
    return list(map(Tick._make, rows))


def _columns(sql: str) -> list[str]:
    """The columns that an ``export_`` query names between ``select`` and ``from``."""
    listed = sql.split("from", 1)[0].split("select", 1)[1]
    return [column.strip() for column in listed.split(",")]


def _exported(column: str, value: Any) -> Any:
    """Times as text, ids as text (JSON readers lose digits of Discord's ids), all else as it is."""
    if value is None:
        return None
    if column.endswith("_at"):
        return _utc(value).isoformat()
    return str(value) if column.endswith("_id") else value
