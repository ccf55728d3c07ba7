"""Members of a cohort for tests of digests: what they recorded, sorted by weeks as the store does it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar.timestamps import seconds
from bot.core.cohort.digest import Digest, build
from bot.core.cohort.members import BACKDATED, Learner
from bot.core.cohort.week import Week
from bot.core.course.course import Course

SINCE, UNTIL = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = UNTIL - SINCE
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Mark = tuple[str, int, int]
"""A route, when it was completed, and when it was recorded (seconds since 1970)."""


@dataclass(frozen=True)
class Member:
    """A member with everything they ever recorded."""

    id: int
    marks: list[Mark]
    joined: datetime = LONG_AGO
    more: dict[str, Any] = field(default_factory=dict)


def ticks(*routes: str, made: datetime = SINCE + DAY, done: datetime | None = None) -> list[Mark]:
    """Routes recorded at ``made`` and completed at the same time, or at ``done``."""
    return [(route, seconds(done or made), seconds(made)) for route in routes]


def member(number: int = 1, *marks: list[Mark], joined: datetime = LONG_AGO, **more: Any) -> Member:
    return Member(number, [mark for some in marks for mark in some], joined, more)


def week_of(since: datetime = SINCE, until: datetime = UNTIL) -> Week:
    return Week.ending(until, since, since - WEEK, ZoneInfo("UTC"))


def as_stored(member: Member, week: Week) -> Learner:
    """Sort a member's marks by the weeks for which they count; a test compares this with the store."""
    before, since, until = (seconds(each) for each in (week.before, week.since, week.until))
    lag = int(BACKDATED.total_seconds())
    found: dict[str, list[str]] = {"earlier": [], "last_week": [], "this_week": [], "other": []}
    last = 0
    for route, done, made in member.marks:
        if made >= until:
            continue
        if made >= since:
            found["this_week" if done >= since - lag else "other"].append(route)
            continue
        last = max(last, made)
        found["last_week" if made >= before and done >= before - lag else "earlier"].append(route)
    return Learner(member.id, member.joined, **found, last=last, **member.more)


def digest_of(course: Course, *members: Member, since: datetime = SINCE, until: datetime = UNTIL) -> Digest:
    week = week_of(since, until)
    return build(course, [as_stored(member, week) for member in members], week)
