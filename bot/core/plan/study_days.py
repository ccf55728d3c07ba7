"""Study days: parse weekdays, define the goal of a plan, and compute the minutes between two dates."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from bot.core.calendar.dates import check_exam, short
from bot.core.calendar.slots import DAYS
from bot.errors import BadInput

EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKENDS = frozenset((5, 6))
LEAST_MINUTES, MOST_MINUTES = 30, 3600
"""Range of minutes per week: half an hour to 60 hours."""
MOST_REVIEW = 7
REVIEW_WITHIN = 14
"""At most ``MOST_REVIEW`` study days are reserved for review, all within ``REVIEW_WITHIN`` days before the exam."""
LONGEST_AWAY = timedelta(days=366)
MOST_AWAY = 24
HORIZON = 4 * 366
"""How many days are searched ahead: the latest exam date and a possible later one."""

_WORDS = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "all": EVERY_DAY,
    "weekday": WEEKDAYS,
    "weekdays": WEEKDAYS,
    "workdays": WEEKDAYS,
    "weekend": WEEKENDS,
    "weekends": WEEKENDS,
}

Away = tuple[tuple[date, date], ...]
"""Times without study: first and last day of each, in order, not overlapping or touching."""


def parse_days(text: str) -> frozenset[int]:
    """Parse weekdays (0 is Monday): ``mon wed sat``, ``Mo-Fr``, ``weekdays and Sunday``, ``weekends`` or ``daily``.

    A day needs at least two letters; a range may wrap around the end of the week. Raises ``BadInput``.
    """
    typed = re.sub(r"\bevery day\b", "daily", " ".join(short(text).split()))
    typed = re.sub(r" ?(?:[-–—]|\bto\b) ?", "-", typed)
    days: set[int] = set()
    for word in re.split(r"(?:[\s,;+&/.]|\band\b)+", typed):
        if word in _WORDS:
            days |= _WORDS[word]
        elif word:
            first, *last = [_weekday(part, text) for part in word.split("-", 1)]
            days.update((first + more) % 7 for more in range((last[0] - first) % 7 + 1 if last else 1))
    if not days:
        raise _unclear(text)
    return frozenset(days)


def _weekday(typed: str, text: str) -> int:
    """Return the weekday that begins with ``typed``; the plural ``mondays`` is accepted too."""
    for number, day in enumerate(DAYS):
        if len(typed) >= 2 and f"{day.lower()}s".startswith(typed):
            return number
    raise _unclear(text)


def _unclear(text: str) -> BadInput:
    shown = text.replace("`", "").strip()[:40]
    return BadInput(
        f"“{shown}” names no study days. Write `mon wed sat`, `mon-fri`, `weekdays`, `weekends` or `daily`."
    )


def name_days(days: Collection[int]) -> str:
    """Return ``Monday, Wednesday and Saturday``, ``Monday to Thursday``, ``weekdays`` etc.; ``parse_days`` reads it."""
    known = {EVERY_DAY: "daily", WEEKDAYS: "weekdays", WEEKENDS: "weekends"}.get(frozenset(days))
    if known:
        return known
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words: list[str] = []
    for run in runs:
        words += [f"{DAYS[run[0]]} to {DAYS[run[-1]]}"] if len(run) > 2 else [DAYS[day] for day in run]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def merged(away: Iterable[tuple[date, date]]) -> Away:
    """Return times away in order, with touching and overlapping ones merged."""
    periods: list[tuple[date, date]] = []
    for first, last in sorted(away):
        if periods and first.toordinal() <= periods[-1][1].toordinal() + 1:
            periods[-1] = (periods[-1][0], max(periods[-1][1], last))
        else:
            periods.append((first, last))
    return tuple(periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The goal of a plan: the exam date, minutes per week, weekdays, the first day, times away.

    ``baseline_minutes`` is what was left of the course when the goal was set. ``minutes_a_week`` is 30 to 3600,
    ``days`` isn't empty, and ``away`` is in the form returned by ``merged``.
    """

    exam: date
    minutes_a_week: int
    days: frozenset[int]
    start: date
    baseline_minutes: int
    away: Away = ()


def check_goal(goal: Goal, today: date) -> None:
    """Raise ``BadInput`` for a goal that can't be set on ``today``. An exam today is valid; it leaves no study day."""
    check_exam(goal.exam, today)
    if not LEAST_MINUTES <= goal.minutes_a_week <= MOST_MINUTES:
        raise BadInput("Plan with 0.5 to 60 hours a week.")
    if goal.start < today:
        raise BadInput(f"{goal.start} has passed. A plan can start from `{today}` on.")
    if goal.start >= goal.exam > today:
        raise BadInput(f"A plan that starts on {goal.start} has no day before the exam on {goal.exam}. Start earlier.")


def go_away(goal: Goal, first: date, last: date, today: date) -> Goal:
    """Return the goal with one more time away. Raises ``BadInput`` if it is over, reversed or too long."""
    if first > last:
        raise BadInput(f"{first} comes after {last}. Give the first day away, then the last.")
    if last < today:
        raise BadInput(f"{last} has passed. Give days away from `{today}` on.")
    if last - first >= LONGEST_AWAY:
        raise BadInput("A time away can be a year at the most.")
    away = merged([*goal.away, (first, last)])
    if len(away) > MOST_AWAY:
        raise BadInput(f"A plan holds {MOST_AWAY} times away. `/plan away` lists them: take one back first.")
    return replace(goal, away=away)


@dataclass(frozen=True, slots=True)
class Calendar:
    """An amount per weekday, and none on days away. Days are proleptic ordinals, as ``date.toordinal`` returns."""

    amounts: tuple[int, ...]
    before: tuple[int, ...]
    away: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, days: Collection[int], a_week: int, away: Away) -> "Calendar":
        """Split ``a_week`` evenly over weekdays; the remainder goes to the first ones, one minute each.

        A larger ``a_week`` never gives less on any day. If it equals the number of days, amounts count study days.
        """
        share, odd = divmod(a_week, len(days))
        ranks = {day: rank for rank, day in enumerate(sorted(days))}
        amounts = tuple(share + (ranks[day] < odd) if day in ranks else 0 for day in range(7))
        spans = tuple((first.toordinal(), last.toordinal()) for first, last in away)
        return cls(amounts, tuple(accumulate(amounts, initial=0)), spans)

    def on(self, day: int) -> int:
        """Return the amount of one day."""
        amount = self.amounts[(day - 1) % 7]
        return 0 if amount and self.away and self.is_away(day) else amount

    def is_away(self, day: int) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def total(self, first: int, last: int) -> int:
        """Return the amount of all days from ``first`` to ``last`` inclusive; 0 if ``last`` is before ``first``."""
        if last < first:
            return 0
        lost = sum(
            self._between(max(first, begin), min(last, end))
            for begin, end in self.away
            if begin <= last and first <= end
        )
        return self._between(first, last) - lost

    def _between(self, first: int, last: int) -> int:
        """Do the same as ``total``, ignoring times away. Ordinal 1 was a Monday."""
        weeks, rest = divmod(last, 7)
        weeks_before, rest_before = divmod(first - 1, 7)
        return (weeks - weeks_before) * self.before[7] + self.before[rest] - self.before[rest_before]


@dataclass(frozen=True, slots=True)
class StudyWindow:
    """A goal as of ``today``, in ordinals: ``begin`` is the first day to plan, ``last`` the last before review."""

    goal: Goal
    minutes: Calendar
    count: Calendar
    today: int
    start: int
    begin: int
    exam: int
    last: int

    @classmethod
    def of(cls, goal: Goal, today: date) -> "StudyWindow":
        minutes = Calendar.of(goal.days, goal.minutes_a_week, goal.away)
        count = Calendar.of(goal.days, len(goal.days), goal.away)
        now, start, exam = today.toordinal(), goal.start.toordinal(), goal.exam.toordinal()
        return cls(goal, minutes, count, now, start, max(now, start), exam, last_day(count, start, exam))

    def at(self, minutes_a_week: int) -> "StudyWindow":
        """Return the same days with other minutes per week."""
        return replace(self, minutes=Calendar.of(self.goal.days, minutes_a_week, self.goal.away))

    def room(self, day: int, spent: int) -> int:
        """Return the minutes from the first day to plan to ``day``, less ``spent`` minutes of today."""
        gone = min(spent, self.minutes.on(self.today)) if self.begin == self.today <= day else 0
        return self.minutes.total(self.begin, day) - gone

    def due(self, day: int) -> int:
        """Return the minutes that should be done by the end of ``day``."""
        return min(self.goal.baseline_minutes, self.minutes.total(self.start, min(day, self.last)))

    def days(self, spent: int, begun: int) -> Iterator[tuple[int, int]]:
        """Yield the study days before the review with the minutes of each."""
        for day in range(self.begin, self.last + 1):
            room = self.minutes.on(day)
            if room:
                yield day, max(0, room + begun - (spent if day == self.today else 0))
                begun = 0

    def review_days(self) -> list[int]:
        return [day for day in range(max(self.begin, self.last + 1), self.exam) if self.count.on(day)]


def last_day(count: Calendar, start: int, exam: int) -> int:
    """Return the last study day that isn't reserved for review; the day before ``start`` if there is none."""
    days = count.total(start, exam - 1)
    review = min((15 * days + 50) // 100, MOST_REVIEW, count.total(max(start, exam - REVIEW_WITHIN), exam - 1))
    day = exam - 1
    while days and (review or not count.on(day)):
        review -= count.on(day)
        day -= 1
    return day if days else start - 1
