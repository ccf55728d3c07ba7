"""The members of a cohort, with the data for its digest."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.cohort.members import BACKDATED, Learner
from bot.core.cohort.streaks import StudyHistory
from bot.core.cohort.week import Week
from bot.store.engine import Engine
from bot.store.streaks import UTC, study_day

STREAK_REACH = timedelta(days=400)
"""How far back a digest reads study days for a streak."""
STREAK_LATEST = timedelta(days=15)
"""Learners who haven't studied for this long have no streak, neither in days nor in weeks."""


@dataclass(frozen=True, slots=True)
class CohortMembers:
    """The visible members of a cohort, the IDs of those who left the server, and the zones of those who set one."""

    learners: list[Learner]
    gone: frozenset[int]
    zones: dict[int, str]


class DigestMembers:
    """Members of cohorts, with the data for their digests."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def members(self, server: int, course: str, week: Week) -> CohortMembers:
        """Return the visible members with what they completed, shared exams, and who has days off at its end."""
        rows = await self._engine.read_together(
            ("learners_of_cohort", "ticks_of_cohort", "study_days_of_cohort"),
            server=server,
            course=course,
            before=seconds(week.before),
            since=seconds(week.since),
            until=seconds(week.until),
            backdated=int(BACKDATED.total_seconds()),
            today=week.today.isoformat(),
            first_on=week.first.isoformat(),
            last_on=week.last.isoformat(),
            far=_far(week.until),
            near=(week.until - STREAK_LATEST).date().isoformat(),
        )
        # There may be hundreds of members, so convert them in a thread to keep the event loop free.
        return await asyncio.to_thread(_members, *rows)

    async def histories(
        self, learners: Sequence[int], zones: dict[int, str], until: datetime
    ) -> list[tuple[int, StudyHistory]]:
        """Return the study days of learners before ``until``. ``zones`` are those of the learners who set one."""
        rows = await self._engine.read(
            "study_days_of_learners", learners=json.dumps(learners), far=_far(until), until=seconds(until)
        )
        days = {learner: [row[1:] for row in group] for learner, group in groupby(rows, key=lambda row: row[0])}
        return [(each, _history(days.get(each, ()), zones.get(each, UTC))) for each in learners]

    async def reviews(self, server: int, course: str, week: Week) -> tuple[int, int]:
        """Return how many questions the visible members reviewed in the week, and how many members did."""
        ((reviews, reviewers),) = await self._engine.read(
            "reviews_of_cohort", server=server, course=course, since=seconds(week.since), until=seconds(week.until)
        )
        return reviews, reviewers

    async def mark_gone(
        self, server: int, course: str, gone: Collection[int], back: Collection[int], now: datetime
    ) -> None:
        """Record which members left the server and which returned, according to Discord."""
        await self._engine.write(
            "mark_gone",
            server=server,
            course=course,
            gone=json.dumps(sorted(gone)),
            back=json.dumps(sorted(back)),
            now=seconds(now),
        )

    async def set_highlighted(self, server: int, course: str, learner: int, week: Week) -> None:
        """Record that the digest of a week names a member first."""
        until = seconds(week.until)
        await self._engine.write("set_highlighted", server=server, course=course, learner=learner, until=until)


def _far(until: datetime) -> str:
    return (until - STREAK_REACH).date().isoformat()


def _members(members: Sequence[Any], ticks: Sequence[Any], days: Sequence[Any]) -> CohortMembers:
    """Build learners from the rows of each query."""
    nothing = (None, None, None, None, None)
    ticks_of = {learner: completed for learner, *completed in ticks}
    days_of = {learner: counts for learner, *counts in days}
    learners, gone, zones = [], set(), {}
    for learner, joined_at, left, highlighted, exam_on, away, zone in members:
        earlier, last_week, this_week, other, last = ticks_of.get(learner, nothing)
        study_days, studied = days_of.get(learner, (0, 0))
        learners.append(
            Learner(
                learner,
                from_seconds(joined_at),
                _routes(earlier),
                _routes(last_week),
                _routes(this_week),
                _routes(other),
                last or 0,
                bool(away),
                None if exam_on is None else date.fromisoformat(exam_on),
                study_days,
                studied,
                highlighted,
            )
        )
        if left:
            gone.add(learner)
        if zone:
            zones[learner] = zone
    return CohortMembers(learners, frozenset(gone), zones)


def _routes(joined: str | None) -> Sequence[str]:
    return joined.split(" ") if joined else ()


def _history(rows: Sequence[Any], zone: str) -> StudyHistory:
    """Return a learner's study days in order, with times only if a day began in another zone than ``zone``."""
    moved = any(row[3] != zone for row in rows)
    return StudyHistory(tuple(row[0] for row in rows), zone, tuple(map(study_day, rows)) if moved else ())
