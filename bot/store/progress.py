"""Completed units and learning paths: one row in ``tick`` per completed leaf of a course."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core.calendar.timestamps import seconds
from bot.core.course.progress import Delta, Tick
from bot.store.announcements import announceable
from bot.store.engine import Engine, Statements
from bot.store.streaks import Counts, Studied, always, record_study_day, take_back_study_day

Decide = Callable[[Sequence[Tick]], tuple[Delta, Sequence[str]]]
"""Given the current ticks, return the change and the routes of the paths that are complete after it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of a change: the ticks before and after, and its number.

    ``asks``: the learner must be asked whether the server's cohort may see their progress. ``announceable`` are the
    routes of completed paths that can be announced in the server, ``announces`` whether the learner wants that.
    ``studied`` is set if the change counted as study; ``taken`` is the study day that it removed. ``known`` is what the
    learner marked as known; a change doesn't touch it.
    """

    before: tuple[Tick, ...]
    after: tuple[Tick, ...]
    delta: Delta
    change: int | None = None
    asks: bool = False
    announceable: frozenset[str] = frozenset()
    announces: bool = False
    studied: Studied | None = None
    taken: date | None = None
    known: tuple[Tick, ...] = ()


class StoredProgress:
    """The ticks of all learners."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last_change = 0

    async def of(self, learner: int, course: str) -> list[Tick]:
        return _ticks(await self._engine.read("ticks", learner=learner, course=course))

    async def with_notes(self, learner: int, course: str) -> tuple[list[Tick], dict[str, str]]:
        """Return the ticks, and the learner's notes by route, as of one moment."""
        ticks, notes = await self._engine.read_together(("ticks", "notes"), learner=learner, course=course)
        return _ticks(ticks), dict(notes)

    async def of_all_courses(self, learner: int) -> dict[str, list[Tick]]:
        ticks: dict[str, list[Tick]] = {}
        for course, *row in await self._engine.read("ticks_of_all_courses", learner=learner):
            ticks.setdefault(course, []).append(Tick._make(row))
        return ticks

    async def of_member(self, asker: int, learner: int, server: int, course: str) -> tuple[bool, bool, list[Tick]]:
        """Return whether the asker has joined, whether they may see the learner, and if so the ticks. One read."""
        rows = await self._engine.read("ticks_in_cohort", asker=asker, learner=learner, server=server, course=course)
        joined, visible = bool(rows[0][0]), bool(rows[0][1])
        return joined, visible, _ticks(row[2:] for row in rows if row[2] is not None)

    async def apply(
        self, learner: int, course: str, server: int | None, decide: Decide, *, now: datetime, done_at: datetime,
        asks: bool = False, counts: Counts = always,
    ) -> Applied:  # fmt: skip
        """Read, decide and write in one transaction.

        With ``asks``, find out whether the learner must be asked for their visibility. New ticks record a study day if
        ``counts`` allows it; undoing all of today's ticks removes the study day.
        """

        def work(transaction: Statements) -> Applied:
            rows = _ticks(transaction.run("ticks", learner=learner, course=course))
            before, known = tuple(row for row in rows if not row.known), tuple(row for row in rows if row.known)
            delta, complete = decide(before)
            made_at = seconds(now)
            if not delta:
                ask = asks and _must_ask(transaction, learner, course, server)
                return Applied(before, before, delta, asks=ask, known=known)
            change = self._next_change(now)
            fresh = [route for route in delta.add if route not in delta.carried]
            if delta.carried:
                transaction.run("carry_ticks", learner=learner, course=course, carried=json.dumps(dict(delta.carried)))
            if delta.remove:
                transaction.run("remove_ticks", learner=learner, course=course, routes=json.dumps(delta.remove))
            ask, announceable_routes, announces, studied, taken = False, frozenset[str](), False, None, None
            if fresh:
                transaction.run(
                    "add_ticks",
                    learner=learner,
                    course=course,
                    routes=json.dumps(fresh),
                    done_at=seconds(done_at),
                    made_at=made_at,
                    server=server,
                    change=change,
                )
                ask = asks and _must_ask(transaction, learner, course, server)
                studied = record_study_day(transaction, learner, now, counts)
                if complete:
                    transaction.run(
                        "reach_milestones", learner=learner, course=course, routes=json.dumps(list(complete)),
                        reached_at=seconds(done_at), server=server,
                    )  # fmt: skip
                    if server is not None:
                        announceable_routes, announces = announceable(transaction, learner, course, server, complete)
            else:
                taken = take_back_study_day(transaction, learner, now)
            return Applied(
                before, _applied(before, delta, fresh, made_at, seconds(done_at), server, change),
                delta, change, ask, announceable_routes, announces, studied, taken, known,
            )  # fmt: skip

        return await self._engine.transact(work)

    async def join(self, learner: int, course: str, server: int, now: datetime, *, visible: bool) -> None:
        """Let the server's cohort see a learner's progress, or record that it must not."""

        def work(transaction: Statements) -> None:
            name = "join_cohort" if visible else "stay_hidden"
            transaction.run(name, server=server, course=course, learner=learner, now=seconds(now))
            transaction.run("know_server", server=server)

        await self._engine.transact(work)

    async def change(self, learner: int, change: int | None) -> tuple[str, frozenset[str]] | None:
        """Return the course of a learner's change (None: the newest) and its routes that are still ticked.

        Return None if there is no such change.
        """
        if change is None:
            rows = await self._engine.read("ticks_of_last_change", learner=learner)
        else:
            rows = await self._engine.read("ticks_of_change", learner=learner, change=change)
        return (rows[0][0], frozenset(route for _, route in rows)) if rows else None

    def _next_change(self, now: datetime) -> int:
        """Return a number greater than all earlier ones.

        It is the microseconds since 1970, or the last number plus one if the clock didn't advance.
        """
        self._last_change = max(self._last_change + 1, int(now.timestamp() * 1_000_000))
        return self._last_change


def _must_ask(transaction: Statements, learner: int, course: str, server: int | None) -> bool:
    """Return whether to ask the learner for their visibility in a server: until they have decided.

    A member who had left the server and is active there again is back.
    """
    if server is None:
        return False
    hidden, joined_at, gone_at = transaction.run("membership", learner=learner, course=course, server=server)[0]
    if gone_at is not None:
        transaction.run("return_to_server", learner=learner, course=course, server=server)
    return not hidden and joined_at is None


def _applied(
    before: Iterable[Tick],
    delta: Delta,
    fresh: Iterable[str],
    made: int,
    done: int,
    server: int | None,
    change: int,
) -> tuple[Tick, ...]:
    """Return the ticks after the transaction, without another query."""
    known = {tick.route: tick for tick in before} if delta.carried else {}
    ticks = [tick for tick in before if tick.route not in delta.remove] if delta.remove else list(before)
    for leaf, stem in delta.carried.items():
        old = known[stem]
        ticks.append(Tick(leaf, old.done, old.made, old.server, old.change))
    ticks += [Tick(route, done, made, server, change) for route in fresh]
    return tuple(ticks)


def _ticks(rows: Iterable[Sequence[Any]]) -> list[Tick]:
    """Return the ticks in rows. A tick is the row unchanged, because nearly every command runs this."""
    return list(map(Tick._make, rows))
