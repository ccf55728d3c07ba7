"""The members of a cohort, as a digest needs them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.cohort.digest import Learner, Mark
from bot.core.cohort.streaks import Trail
from bot.store.plans import MemberPlan, planned
from bot.store.sqlite.database import Database

STREAK_REACH = timedelta(days=400)
"""A digest looks so far back for the days of a streak."""
STREAK_LATEST = timedelta(days=15)
"""Who has not studied for so long has no streak, neither in days nor in weeks."""


class DigestMembers:
    """Members of cohorts, with what their digest needs to know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def learners(
        self, server: int, course: str, *, since: datetime, until: datetime, now: datetime
    ) -> tuple[list[Learner], frozenset[int], dict[int, MemberPlan]]:
        """The visible members of a cohort with their ticks, the ids of those who had left the server, and the plans."""
        rows = await self._database.read(
            "learners_of_cohort",
            server=server,
            course=course,
            since=seconds(since),
            until=seconds(until),
            now=seconds(now),
            far=(until - STREAK_REACH).date().isoformat(),
            near=(until - STREAK_LATEST).date().isoformat(),
        )
        learners = [_learner(row) for row in rows]
        plans = {row[0]: planned(row[8]) for row in rows if row[8]}
        return learners, frozenset(row[0] for row in rows if row[3]), plans

    async def with_cards(
        self,
        server: int,
        learners: Sequence[Learner],
        questions: Sequence[str],
        course: str,
        since: datetime,
        until: datetime,
    ) -> list[Learner]:
        """The same learners with their cards due at ``until``, of ``questions``, and their reviews of the week."""
        rows = await self._database.read(
            "cards_of_cohort",
            server=server,
            course=course,
            questions=json.dumps(questions),
            since=seconds(since),
            until=seconds(until),
        )
        found = {learner: (due, reviewed) for learner, due, reviewed in rows}
        return [
            replace(each, due=found[each.id][0], reviewed=found[each.id][1]) if each.id in found else each
            for each in learners
        ]

    async def mark_gone(
        self, server: int, course: str, gone: Collection[int], back: Collection[int], now: datetime
    ) -> None:
        """Keep what Discord says about who is still in the server."""
        await self._database.write(
            "mark_gone",
            server=server,
            course=course,
            gone=json.dumps(sorted(gone)),
            back=json.dumps(sorted(back)),
            now=seconds(now),
        )

    async def set_away(self, server: int, course: str, learner: int, until: datetime | None) -> bool:
        """Note that a member is away until a moment, or back with None; False where they aren't a member."""
        until_at = None if until is None else seconds(until)
        rows = await self._database.write(
            "set_away", server=server, course=course, learner=learner, away_until=until_at
        )
        return bool(rows)


def _learner(row: Sequence[Any]) -> Learner:
    learner, joined_at, away, _, exam_on, earlier, previous, packed, _plan, zone, trail = row
    words = packed.split(" ") if packed else []
    marks: list[Mark] = list(zip(words[0::3], map(int, words[1::3]), map(int, words[2::3]), strict=True))
    return Learner(
        learner,
        from_seconds(joined_at),
        marks,
        bool(away),
        None if exam_on is None else date.fromisoformat(exam_on),
        frozenset(earlier.split(" ")) if earlier else frozenset(),
        previous or 0,
        trail=Trail(tuple(sorted(trail.split(" "))) if trail else (), zone or "UTC"),
    )
