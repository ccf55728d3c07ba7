"""The day after the exam: when to ask how it went, when a retake is allowed, and how long a certification is valid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.calendar.dates import add_months
from bot.core.calendar.slots import instant
from bot.core.course.exam import Renewal, Retake

MORNING = time(9)
"""When messages about exams are due, in the learner's time zone."""
EAST = timedelta(hours=14)
"""The earliest time zone is this far ahead of UTC."""
NOTICES = (60, 14)
"""Days before the end of a certification on which a learner is reminded, after the day on which renewal opens."""
UPKEEP = 5
"""Questions a week that a learner who passed is asked at most, if they want to keep reviewing."""
LEAST_RESULTS = 20
"""Fewer results than this say nothing about a readiness, and might say something about a person."""
PER_BUCKET = 10
"""Results are counted by readiness in steps of this many percent."""
_DAY = timedelta(days=1)


class Result(StrEnum):
    """How an exam went."""

    PASSED = "passed"
    FAILED = "failed"


class Level(StrEnum):
    """How a score report rates a domain."""

    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


def ask_at(exam: date, zone: ZoneInfo) -> datetime:
    """Return when a learner is asked about their exam: 9:00 on the next day in their time zone."""
    return morning(exam + _DAY, zone)


def morning(day: date, zone: ZoneInfo) -> datetime:
    """Return 9:00 on a day."""
    return instant(day, MORNING, zone)


def latest_exam(now: datetime) -> date:
    """Return the latest exam date about which anyone, in any time zone, may have to be asked at ``now`` (UTC)."""
    return (now + EAST).date() - _DAY


def earliest_retake(attempts: Iterable[date], rule: Retake) -> date:
    """Return the first day on which the exam may be taken again after these failed attempts, of which there is one.

    24 hours are one day: the exact time of an attempt isn't known. The attempts within ``rule.months`` of the first one
    count together; the attempt after that begins a new period.
    """
    taken = sorted(set(attempts))
    earliest = taken[-1] + timedelta(days=rule.first if len(taken) == 1 else rule.later)
    first, count = taken[0], 0
    for attempt in taken:
        if attempt >= add_months(first, rule.months):
            first, count = attempt, 0
        count += 1
    return max(earliest, add_months(first, rule.months)) if count >= rule.attempts else earliest


def valid_until(passed: date, renewal: Renewal | None) -> date | None:
    """Return the last day of a certification; None if it doesn't expire."""
    return add_months(passed, renewal.months) if renewal else None


def notices(valid_on: date, renewal: Renewal) -> list[date]:
    """Return the days on which to remind of the renewal, in order: when it opens, then ``NOTICES`` before the end."""
    days = {add_months(valid_on, -renewal.opens), *(valid_on - timedelta(days=before) for before in NOTICES)}
    return sorted(days)


def next_notice(valid_on: date, renewal: Renewal | None, after: date) -> date | None:
    """Return the first notice after a day; None if there is none left."""
    return next((day for day in notices(valid_on, renewal) if day > after), None) if renewal else None


def bucket_of(percent: int) -> int:
    """Return the step (0 to 9) in which a readiness is counted. 100% is in the last one."""
    return min(percent, 99) // PER_BUCKET


@dataclass(frozen=True, slots=True)
class Tally:
    """What people who had about the same readiness on their exam day reported. ``low`` and ``high`` are percentages."""

    low: int
    high: int
    passed: int
    failed: int

    @classmethod
    def of(cls, bucket: int, passed: int, failed: int) -> "Tally":
        return cls(bucket * PER_BUCKET, (bucket + 1) * PER_BUCKET, passed, failed)

    @property
    def people(self) -> int:
        return self.passed + self.failed

    @property
    def is_enough(self) -> bool:
        return self.people >= LEAST_RESULTS
