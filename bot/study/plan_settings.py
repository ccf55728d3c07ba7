"""What learners choose for their plans: read it from a form, and keep it in the state of a button."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from itertools import product

from bot.core.calendar.dates import FARTHEST
from bot.core.calendar.day_reading import DayReading
from bot.core.plan.study_days import EVERY_DAY, MOST_MINUTES, Goal, parse_hours
from bot.errors import Stale
from bot.store.plans import PlanChange, StoredPlan

CHANGED = "Your plan has changed since this message. Open </plan> to see it as it is now."
UNREADABLE = "This button is out of date. Open </plan> to see your plan as it is now."
ReadDay = Callable[[str], Awaitable[DayReading]]


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """The fields of the form as typed. An empty ``hours`` sets only the exam date; no ``days`` means every day."""

    exam: str
    hours: str = ""
    days: Collection[int] = ()
    start: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What a learner chose. Without ``minutes`` a week only the exam date is set; ``start`` is today if None."""

    exam: date
    minutes: int | None = None
    days: frozenset[int] = EVERY_DAY
    start: date | None = None
    shared: bool = False

    @property
    def state(self) -> tuple[str, ...]:
        """The settings as parts of a ``custom_id``."""
        start = _day(self.start) if self.start else "-"
        return _day(self.exam), str(self.minutes or 0), str(_bits(self.days)), start, str(int(self.shared))


async def read_settings(typed: TypedPlan, read_day: ReadDay) -> list[PlanSettings]:
    """Return what the fields of a form can mean: several if a date is ambiguous, most likely first.

    Raises ``BadInput``.
    """
    minutes = parse_hours(typed.hours) if typed.hours else None
    exams = _readings(await read_day(typed.exam))
    starts = _readings(await read_day(typed.start)) if typed.start else [None]
    days = frozenset(typed.days) or EVERY_DAY
    found = [PlanSettings(exam, minutes, days, start, typed.shared) for exam, start in product(exams, starts)]
    possible = [each for each in found if each.start is None or each.start < each.exam]
    return possible or found[:1]


def settings_in(state: Sequence[str]) -> PlanSettings:
    """Return the settings in the state of a button. Raises ``Stale``."""
    exam, minutes, days, start, shared = _numbers(state, 5)
    return PlanSettings(_date(exam), minutes or None, _days(days), _date(start) if start else None, bool(shared))


def previous_values(stored: StoredPlan) -> tuple[str, ...]:
    """Return stored values as parts of a ``custom_id``, so that a button can restore them."""
    if stored.exam is None:
        return ()
    if (goal := stored.goal) is None:
        return _day(stored.exam), str(int(stored.shared))
    return (
        _day(stored.exam), str(int(stored.shared)), str(goal.minutes_a_week), str(_bits(goal.days)), _day(goal.start),
        str(goal.baseline_minutes),
    )  # fmt: skip


def previous_plan(state: Sequence[str], today: date) -> PlanChange | None:
    """Return what to store for the result of ``previous_values``; None deletes it. Raises ``Stale``."""
    if not state:
        return None
    if len(state) == 2:
        exam, shared = _numbers(state, 2)
        return PlanChange(_near(exam, today), bool(shared), None)
    exam, shared, minutes, days, start, baseline = _numbers(state, 6)
    if not 0 < minutes <= MOST_MINUTES:
        raise Stale(UNREADABLE)
    goal = Goal(
        exam=_near(exam, today), minutes_a_week=minutes, days=_days(days), start=_near(start, today),
        baseline_minutes=baseline,
    )  # fmt: skip
    return PlanChange(goal.exam, bool(shared), goal)


def fingerprint(exam: date | None, shared: bool, goal: Goal | None) -> str:  # a stored value
    """Return eight hexadecimal digits that identify a plan. A button that changes it works for no other plan."""
    said = goal and (goal.minutes_a_week, sorted(goal.days), goal.start, goal.baseline_minutes, goal.away)
    return blake2b(repr((exam, shared, said)).encode(), digest_size=4).hexdigest()


def _readings(reading: DayReading) -> list[date]:
    return [reading.day, *([reading.other] if reading.other else [])]


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _bits(days: Collection[int]) -> int:
    return sum(1 << day for day in days)


def _numbers(state: Sequence[str], count: int) -> list[int]:
    """Return the numbers in a state; ``-`` is 0."""
    parts = ["0" if part == "-" else part for part in state]
    if len(parts) != count or not all(re.fullmatch(r"[0-9]{1,8}", part) for part in parts):
        raise Stale(UNREADABLE)
    return [int(part) for part in parts]


def _days(bits: int) -> frozenset[int]:
    if not 0 < bits < 128:
        raise Stale(UNREADABLE)
    return frozenset(day for day in range(7) if bits >> day & 1)


def _date(number: int) -> date:
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        raise Stale(UNREADABLE) from None


def _near(number: int, today: date) -> date:
    """Return a date that a plan can have. The bot writes no other, but a forged button might."""
    day = _date(number)
    if abs(day - today) > FARTHEST + timedelta(days=366):
        raise Stale(UNREADABLE)
    return day
