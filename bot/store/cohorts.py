"""Cohorts and the schedules of their digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.calendar.slots import Schedule, slots_after
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.deliveries import DueSlot, Key, ScheduleState
from bot.store.engine import Engine, Statements

DIGEST = "digest"
LOOK_BACK = timedelta(days=14)
RULES_MOVE = timedelta(hours=26)
"""The most that a change in the rules of a time zone can move a slot."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The cohort of a course in a server, with the schedule of its digest. ``due`` is the next slot to serve.

    ``seen`` describes what Discord allowed in the channel when the digest was suspended. ``told`` is True if the
    manager who set it up has been told of the suspension.
    """

    server: int
    course: str
    channel: int
    schedule: Schedule
    state: ScheduleState
    due: datetime
    reason: str | None = None
    seen: str | None = None
    told: bool = False
    set_by: int | None = None
    thread: bool = False

    @property
    def key(self) -> Key:
        return Key(DIGEST, server=self.server, series=self.course)


class Cohorts:
    """Cohorts and their schedules. Implements ``Schedules`` for digests."""

    reopens_skipped = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of_server(self, server: int) -> list[Cohort]:
        return [_cohort((server, *row)) for row in await self._engine.read("cohorts", server=server)]

    async def one(self, server: int, course: str) -> Cohort | None:
        return next((cohort for cohort in await self.of_server(server) if cohort.course == course), None)

    async def save(self, cohort: Cohort, *, main: bool = False, instead_of: str | None = None) -> None:
        """Set up a cohort, replacing its settings and clearing a suspension.

        Its course becomes the server's if ``main``, or if the server has none. The digest of the course ``instead_of``
        is turned off.
        """

        def work(statements: Statements) -> None:
            statements.run(
                "set_cohort", server=cohort.server, course=cohort.course, channel=cohort.channel,
                thread=int(cohort.thread), day=cohort.schedule.day, minute=cohort.schedule.minute,
                zone=cohort.schedule.zone, state=cohort.state, due_at=seconds(cohort.due), set_by=cohort.set_by,
            )  # fmt: skip
            set_course = "set_server_course" if main else "set_first_server_course"
            statements.run(set_course, server=cohort.server, course=cohort.course)
            if instead_of:
                statements.run(
                    "switch_cohort", server=cohort.server, course=instead_of, state=ScheduleState.OFF, due_at=None
                )

        await self._engine.transact(work)

    async def switch(self, server: int, course: str, state: ScheduleState, due: datetime | None) -> None:
        """Change the state of a digest. If ``due`` is None, the next slot is unchanged."""
        due_at = None if due is None else seconds(due)
        await self._engine.write("switch_cohort", server=server, course=course, state=state, due_at=due_at)

    async def suspend(self, cohort: Cohort, reason: str, seen: str) -> bool:
        """Suspend a digest if it is still on in this channel. Return whether it was. ``seen``: what Discord allows."""
        rows = await self._engine.write(
            "suspend_cohort",
            server=cohort.server,
            course=cohort.course,
            channel=cohort.channel,
            reason=reason,
            seen=seen,
        )
        return bool(rows)

    async def resume(self, cohort: Cohort) -> bool:
        """Resume a digest if it is still suspended in this channel; return whether it was."""
        rows = await self._engine.write(
            "resume_cohort", server=cohort.server, course=cohort.course, channel=cohort.channel
        )
        return bool(rows)

    async def set_told(self, server: int, course: str) -> None:
        """Record that the manager who set the digest up was told of its suspension."""
        await self._engine.write("told", server=server, course=course)

    async def due(self, now: datetime, most: int) -> list[Cohort]:
        """Return at most ``most`` cohorts whose digest is due, oldest first."""
        return [_cohort(row) for row in await self._engine.read("due_cohorts", now=seconds(now), most=most)]

    async def suspended(self) -> list[Cohort]:
        return [_cohort(row) for row in await self._engine.read("suspended_cohorts")]

    async def failing(self, attempts: int) -> list[tuple[Cohort, str]]:
        """Return cohorts whose digest failed at least ``attempts`` times, with the reason.

        Cohorts whose manager has been told are left out.
        """
        return [
            (_cohort(row), reason) for *row, reason in await self._engine.read("failing_cohorts", attempts=attempts)
        ]

    def is_current(self, statements: Statements, schedule: Cohort) -> bool:
        """Return whether the digest is on in the same channel as when it was read."""
        rows = statements.run("cohort_now", server=schedule.server, course=schedule.course)
        return bool(rows) and (rows[0][0], rows[0][4]) == (schedule.channel, ScheduleState.ON)

    def advance(self, statements: Statements, schedule: Cohort, served: Sequence[DueSlot], over: str | None) -> None:
        """Set the first slot after ``served`` whose week has no digest, by the current schedule.

        If ``served`` is None, the rules of the time zone have changed; use the first such slot after the one that was
        due.
        """
        rows = statements.run("cohort_now", server=schedule.server, course=schedule.course)
        if not rows:
            return
        _, day, minute, zone, _ = rows[0]
        since = max((slot.at for slot in served), default=schedule.due - RULES_MOVE)
        found = statements.run("ended_slots", **schedule.key.values, since=seconds(since - LOOK_BACK))
        ended = {week for (week,) in found}
        due = next(slot.at for slot in slots_after(Schedule(day, minute, zone), since) if slot.week not in ended)
        statements.run("set_due", server=schedule.server, course=schedule.course, due_at=seconds(due))


def _cohort(row: Sequence[Any]) -> Cohort:
    server, course, channel, day, minute, zone, state, due_at, reason, seen, told, set_by, thread = row
    schedule = Schedule(day, minute, zone)
    return Cohort(
        server, course, channel, schedule, ScheduleState(state), from_seconds(due_at), reason, seen,
        bool(told), set_by, bool(thread),
    )  # fmt: skip
