"""Study days: hours a week, weekdays, the goal of a plan, and the minutes between two dates."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from bot.core.calendar.dates import check_exam, short
from bot.core.calendar.day_names import day_name
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

Away = tuple[tuple[date, date], ...]
"""Days off: first and last day of each period, in order, not overlapping or touching."""


_PER_WEEK = re.compile(r" ?(?:(?:a|per|every) |/ ?)week$")
_HOURS = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?(?:h|hrs?|hours?)?")
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3}) ?(?:h|hrs?|hours?|:) ?(\d{1,2}) ?(?:m|mins?|minutes?)?")
_MINUTES = re.compile(r"(\d{1,4}) ?(?:m|mins?|minutes?)")


def parse_hours(text: str) -> int:
    """Parse hours a week and return minutes: ``5``, ``2.5``, ``2 h 30 min``, ``90 min``. Raises ``BadInput``."""
    typed = _PER_WEEK.sub("", " ".join(short(text).split()))
    if match := _HOURS.fullmatch(typed):
        return round(60 * float(match[1].replace(",", ".")))
    if match := _HOURS_AND_MINUTES.fullmatch(typed):
        return 60 * int(match[1]) + int(match[2])
    if match := _MINUTES.fullmatch(typed):
        return int(match[1])
    shown = text.replace("`", "").strip()[:40]
    raise BadInput(f"“{shown}” isn't a number of hours. Try `5` or `2.5`.")


def name_days(days: Collection[int]) -> str:
    """Return ``Monday, Wednesday and Saturday``, ``Monday to Thursday``, ``weekdays`` etc."""
    known = {EVERY_DAY: "every day", WEEKDAYS: "weekdays", WEEKENDS: "weekends"}.get(frozenset(days))
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
    """Return days off in order, with touching and overlapping periods merged."""
    periods: list[tuple[date, date]] = []
    for first, last in sorted(away):
        if periods and first.toordinal() <= periods[-1][1].toordinal() + 1:
            periods[-1] = (periods[-1][0], max(periods[-1][1], last))
        else:
            periods.append((first, last))
    return tuple(periods)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The goal of a plan: the exam date, minutes per week, weekdays, the first day, days off.

    ``baseline_minutes`` is what was left of the course when the goal was set. ``minutes_a_week`` is 30 to 3600,
    ``days`` isn't empty, and ``away`` is in the form returned by ``merged``.
    """

    exam: date
    minutes_a_week: int
    days: frozenset[int]
    start: date
    baseline_minutes: int
    away: Away = ()

    def tolerance(self, left: int) -> int:
        """Return how many of the ``left`` minutes may be missing before the plan is called short."""
        session = -(-self.minutes_a_week // len(self.days))
        return max(session, left // 20)


def check_goal(goal: Goal, today: date) -> None:
    """Raise ``BadInput`` for a goal that can't be set on ``today``. An exam today is valid; it leaves no study day."""
    check_exam(goal.exam, today)
    if not LEAST_MINUTES <= goal.minutes_a_week <= MOST_MINUTES:
        raise BadInput("Choose between 0.5 and 60 hours a week.")
    start = day_name(goal.start, today)
    if goal.start < today:
        raise BadInput(f"{start} is in the past. A plan can start today or later.")
    if goal.start >= goal.exam > today:
        exam = day_name(goal.exam, today)
        raise BadInput(f"A plan that starts on {start} has no day before the exam on {exam}. Start earlier.")


def with_days_off(away: Away, first: date, last: date, today: date) -> Away:
    """Return the days off with one more period. Raises ``BadInput`` if it is over, reversed or too long."""
    if first > last:
        begin, end = day_name(first, today), day_name(last, today)
        raise BadInput(f"{begin} is after {end}. Give the first day off, then the last.")
    if last < today:
        raise BadInput(f"{day_name(last, today)} is in the past. Choose days off from today on.")
    if last - first >= LONGEST_AWAY:
        raise BadInput("Days off can be up to one year at a time.")
    found = merged([*away, (first, last)])
    if len(found) > MOST_AWAY:
        raise BadInput(f"You can have days off at up to {MOST_AWAY} times. Remove some first.")
    return found


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
        """Do the same as ``total``, ignoring days off. Ordinal 1 was a Monday."""
        weeks, rest = divmod(last, 7)
        weeks_before, rest_before = divmod(first - 1, 7)
        return (weeks - weeks_before) * self.before[7] + self.before[rest] - self.before[rest_before]


@dataclass(frozen=True, slots=True)
class StudyWindow:
    """A goal as of ``today``, in ordinals: ``begin`` is the first day to plan, ``last`` the last before review.

    ``minutes`` leave out those ``reserved`` per week for reviews.
    """

    goal: Goal
    minutes: Calendar
    count: Calendar
    today: int
    start: int
    begin: int
    exam: int
    last: int
    reserved: int = 0

    @classmethod
    def of(cls, goal: Goal, today: date, reserved: int = 0) -> "StudyWindow":
        """Return the window with ``reserved`` minutes per week less to study."""
        minutes = Calendar.of(goal.days, study_minutes(goal.minutes_a_week, reserved), goal.away)
        count = Calendar.of(goal.days, len(goal.days), goal.away)
        now, start, exam = today.toordinal(), goal.start.toordinal(), goal.exam.toordinal()
        return cls(goal, minutes, count, now, start, max(now, start), exam, last_day(count, start, exam), reserved)

    def at(self, minutes_a_week: int) -> "StudyWindow":
        """Return the same days with other minutes per week."""
        minutes = study_minutes(minutes_a_week, self.reserved)
        return replace(self, minutes=Calendar.of(self.goal.days, minutes, self.goal.away))

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


def study_minutes(minutes_a_week: int, reserved: int) -> int:
    """Return what is left of the minutes per week if ``reserved`` are for reviews, which get half at most."""
    return minutes_a_week - min(reserved, minutes_a_week // 2)


def last_day(count: Calendar, start: int, exam: int) -> int:
    """Return the last study day that isn't reserved for review; the day before ``start`` if there is none."""
    days = count.total(start, exam - 1)
    review = min((15 * days + 50) // 100, MOST_REVIEW, count.total(max(start, exam - REVIEW_WITHIN), exam - 1))
    day = exam - 1
    while days and (review or not count.on(day)):
        review -= count.on(day)
        day -= 1
    return day if days else start - 1
