"""The members of a cohort, with the data for its digest."""

import asyncio
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.cohort.digest import Learner, Mark
from bot.core.cohort.streaks import StudyHistory
from bot.store.engine import Engine
from bot.store.plans import MemberPlan, member_plan
from bot.store.streaks import study_day

STREAK_REACH = timedelta(days=400)
"""How far back a digest reads study days for a streak."""
STREAK_LATEST = timedelta(days=15)
"""Learners who haven't studied for this long have no streak, neither in days nor in weeks."""


class DigestMembers:
    """Members of cohorts, with the data for their digests."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def learners(
        self, server: int, course: str, *, since: datetime, until: datetime
    ) -> tuple[list[Learner], frozenset[int], dict[int, MemberPlan]]:
        """Return the visible members with their ticks, the IDs of those who left the server, and plans by learner."""
        rows = await self._engine.read_together(
            (
                "learners_of_cohort",
                "earlier_ticks_of_cohort",
                "ticks_of_cohort",
                "plans_of_cohort",
                "away_of_cohort",
                "study_days_in_other_zones_of_cohort",
            ),
            server=server,
            course=course,
            since=seconds(since),
            until=seconds(until),
            far=(until - STREAK_REACH).date().isoformat(),
            near=(until - STREAK_LATEST).date().isoformat(),
        )
        # There may be thousands of rows, so convert them in a thread to keep the event loop free.
        return await asyncio.to_thread(_learners, until, *rows)

    async def with_cards(
        self,
        server: int,
        learners: Sequence[Learner],
        questions: Sequence[str],
        course: str,
        since: datetime,
        until: datetime,
    ) -> list[Learner]:
        """Return the learners with their cards due at ``until``, of ``questions``, and their reviews of the week."""
        rows = await self._engine.read(
            "cards_of_cohort",
            server=server,
            course=course,
            questions=json.dumps(questions),
            since=seconds(since),
            until=seconds(until),
        )
        counts = {learner: (due, reviewed) for learner, due, reviewed in rows}
        return [_with_counts(learner, *counts[learner.id]) if learner.id in counts else learner for learner in learners]

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


def _learners(
    until: datetime, members: Sequence[Any], earlier: Sequence[Any], marks: Sequence[Any], plans: Sequence[Any],
    away: Sequence[Any], days: Sequence[Any],
) -> tuple[list[Learner], frozenset[int], dict[int, MemberPlan]]:  # fmt: skip
    """Build learners from the rows of each query. Return them, the IDs of those who left, and the plans."""
    earlier_of = {learner: (routes, last) for learner, routes, last in earlier}
    marks_of, away_of, days_of = _by_learner(marks), _by_learner(away), _by_learner(days)
    learners = [
        _learner(
            row, *earlier_of.get(row[0], ("", 0)), marks_of.get(row[0], ()), days_of.get(row[0], ()),
            is_off=_is_off(away_of.get(row[0], ()), row[4], until),
        )
        for row in members
    ]  # fmt: skip
    gone = frozenset(row[0] for row in members if row[2])
    return learners, gone, {row[0]: member_plan(row[1:], away_of.get(row[0], ())) for row in plans}


def _is_off(away: Iterable[Sequence[str]], zone: str | None, moment: datetime) -> bool:
    """Return whether a moment is on one of the days off, in rows of first and last date, by the learner's clock."""
    if not away:
        return False
    day = moment.astimezone(zone_named(zone)).date().isoformat()
    return any(first <= day <= last for first, last in away)


def _by_learner(rows: Iterable[Sequence[Any]]) -> dict[int, list[Any]]:
    """Group rows by their first column; the values are the other columns."""
    groups: dict[int, list[Any]] = {}
    for learner, *row in rows:
        groups.setdefault(learner, []).append(tuple(row))
    return groups


def _with_counts(learner: Learner, due: int, reviewed: int) -> Learner:
    """Add cards and reviews. Someone who reviewed studied, on a day off or not."""
    return replace(learner, due=due, reviewed=reviewed, away=learner.away and not reviewed)


def _learner(
    row: Sequence[Any], earlier: str, last: int, marks: Sequence[Mark], days: Sequence[Sequence[Any]], *, is_off: bool
) -> Learner:
    learner, joined_at, _, exam_on, zone, dates = row
    return Learner(
        learner,
        from_seconds(joined_at),
        marks,
        is_off and not marks,
        None if exam_on is None else date.fromisoformat(exam_on),
        frozenset(earlier.split(" ")) if earlier else frozenset(),
        last,
        history=StudyHistory(
            tuple(sorted(dates.split(" "))) if dates else (), zone or "UTC", tuple(map(study_day, days))
        ),
    )
