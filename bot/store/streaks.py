"""What is remembered of study days: one row for each, written in the transaction of what was done on it."""

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
"""The zone of who has set none."""

Counts = Callable[[date], bool]
"""Whether what is done counts as study on a day."""


def always(_: date) -> bool:
    """Every act is study."""
    return True


@dataclass(frozen=True, slots=True)
class Studied:
    """An act that counts as study: on which day, at what instant, in which zone.

    ``rows`` are those of all study days where it is the first act of its day, else None: read into values only where
    somebody asks, not on the writer's thread. ``ask_zone`` says that the learner is to be asked for their zone now.
    """

    day: date
    at: datetime
    zone: ZoneInfo
    rows: Sequence[Any] | None = None
    ask_zone: bool = False

    @property
    def streak(self) -> Streak | None:
        """The streak with this act, where it is the first of its day."""
        return None if self.rows is None else streak(map(study_day, self.rows), self.at, self.zone)


class Streaks:
    """Study days."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, now: datetime) -> Streak:
        """The streak of a learner by their own clock, in one read."""
        rows = await self._engine.read("streak_of", learner=learner)
        days = [study_day(row[1:]) for row in rows if row[1] is not None]
        return streak(days, now, zone_named(rows[0][0]))

    async def about(self, learner: int) -> tuple[bool, str | None]:
        """Whether a learner is hidden, and the name of their zone."""
        hidden, zone = (await self._engine.read("about_learner", learner=learner))[0]
        return bool(hidden), zone

    async def exams(self, learner: int) -> list[tuple[str, date, bool]]:
        """Course, date and whether it is shared, of each exam of a learner."""
        rows = await self._engine.read("exams_of", learner=learner)
        return [(course, date.fromisoformat(on), bool(shared)) for course, on, shared in rows]


def record_study_day(statements: Statements, learner: int, now: datetime, counts: Counts = always) -> Studied | None:
    """Note that a learner ticked or reviewed something: in the transaction in which that is written.

    ``counts`` says whether it is study on the day that it belongs to; None where it isn't.
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
    # From the second day on it matters where midnight is.
    asked = latest is not None and name is None and bool(statements.run("ask_zone", learner=learner))
    return Studied(day, now, zone, rows, asked)


def take_back_study_day(statements: Statements, learner: int, now: datetime) -> date | None:
    """Take today's study day away if all that was recorded on it is gone. Returns the day if it went.

    After the statements that take ticks back, in their transaction. Once a day is over it stays.
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
