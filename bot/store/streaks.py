"""Study days: one row per day, written in the same transaction as the activity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.streaks import Streak, StudyDay, day_of, streak
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.engine import Engine, Statements

UTC = "UTC"
"""The zone of learners who haven't set one."""

Counts = Callable[[date], bool]
"""Return whether an activity counts as study on a day."""


def always(_: date) -> bool:
    """Return True: every activity counts as study."""
    return True


@dataclass(frozen=True, slots=True)
class Studied:
    """An activity that counts as study: its day, time and zone.

    If it is the first activity of its day, ``rows`` are the rows of all study days, otherwise None. They are converted
    only when needed, not on the writer's thread. ``ask_zone`` is True if the learner must be asked for their zone now.
    """

    day: date
    at: datetime
    zone: ZoneInfo
    rows: Sequence[Any] | None = None
    ask_zone: bool = False

    @property
    def streak(self) -> Streak | None:
        """The streak including this activity if it is the first of its day; otherwise None."""
        return None if self.rows is None else streak(map(study_day, self.rows), self.at, self.zone)


class Streaks:
    """Study days."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, now: datetime) -> tuple[Streak, str | None]:
        """Return a learner's streak, in their own time zone, and the name of that zone if they set one. One read."""
        rows = await self._engine.read("streak_of", learner=learner)
        days = [study_day(row[1:]) for row in rows if row[1] is not None]
        return streak(days, now, zone_named(rows[0][0])), rows[0][0]

    async def days_since(self, learner: int, since: date) -> frozenset[date]:
        """Return a learner's study days from ``since`` on."""
        rows = await self._engine.read("study_days_since", learner=learner, day=since.isoformat())
        return frozenset(date.fromisoformat(day) for (day,) in rows)

    async def about(self, learner: int) -> tuple[bool, str | None]:
        """Return whether a learner is hidden, and the name of their zone."""
        hidden, zone = (await self._engine.read("about_learner", learner=learner))[0]
        return bool(hidden), zone


def record_study_day(statements: Statements, learner: int, now: datetime, counts: Counts = always) -> Studied | None:
    """Record that a learner ticked or reviewed something, in the transaction that writes it.

    ``counts`` decides whether it is study on its day. Return None if it isn't.
    """
    name, *row = statements.run("latest_study_day", learner=learner)[0]
    zone = zone_named(name)
    latest = study_day(row) if row[0] is not None else None
    day = day_of(latest, now, zone)
    if not counts(day):
        return None
    statements.run("record_study_day", learner=learner, day=day.isoformat(), at=seconds(now), zone=zone.key)
    if latest and latest.day == day:
        return Studied(day, now, zone)
    rows = statements.run("study_days", learner=learner)
    # The time zone matters from the second day on, because it defines when a day begins.
    asked = latest is not None and name is None and bool(statements.run("ask_zone", learner=learner))
    return Studied(day, now, zone, rows, asked)


def take_back_study_day(statements: Statements, learner: int, now: datetime) -> date | None:
    """Delete today's study day if everything that was recorded on it was undone. Return the day if it was deleted.

    Call it in the transaction that undoes ticks, after those statements. Days that have ended are never deleted.
    """
    name, *row = statements.run("latest_study_day", learner=learner)[0]
    if row[0] is None:
        return None
    latest = study_day(row)
    if day_of(latest, now, zone_named(name)) != latest.day:
        return None
    gone = statements.run("take_back_study_day", learner=learner, day=latest.day.isoformat())
    return latest.day if gone else None


def study_day(row: Sequence[Any]) -> StudyDay:
    """Return the study day of a row: day, first and last time (seconds), zone."""
    day, first_at, last_at, zone = row
    return StudyDay(date.fromisoformat(day), from_seconds(first_at), from_seconds(last_at), zone)
