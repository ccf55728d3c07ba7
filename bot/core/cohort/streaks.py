"""Find the longest streaks of a cohort without reading every study day of every learner."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.streaks import FREEZE_EVERY, FREEZES, StudyDay, in_a_row, streak

NAMED = 3
LEAST = 3
"""The minimum streak, in days or weeks, for which a member is named."""
_DAY = timedelta(days=1)
Lengths = tuple[tuple[int, int], ...]
"""Learners and their consecutive days (or weeks), longest first."""


@dataclass(frozen=True, slots=True)
class LongestStreaks:
    """The longest streaks of a cohort in days; if nobody has one, those in weeks."""

    days: Lengths = ()
    weeks: Lengths = ()

    def settled(self, study_days: int) -> bool:
        """Return whether learners with at most this many study days can't change them."""
        return len(self.days) == NAMED and study_days <= self.days[-1][1]


NO_STREAKS = LongestStreaks()


@dataclass(frozen=True, slots=True)
class StudyHistory:
    """The study days of a learner in order.

    ``dates`` are ISO dates, parsed only as needed. ``zone`` is the learner's current zone. ``days`` has the same days
    with times and zones if one of them began in another zone; otherwise it is empty.
    """

    dates: tuple[str, ...] = ()
    zone: str = "UTC"
    days: tuple[StudyDay, ...] = ()

    def __len__(self) -> int:
        return len(self.dates)

    def on(self, place: int) -> date:
        """Return one date."""
        return date.fromisoformat(self.dates[place])

    def days_in_a_row(self, now: datetime, least: int) -> int:
        """Return the streak in days, as ``streak`` counts it; 0 if it is shorter than ``least``."""
        if len(self) < least:
            return 0
        zone = zone_named(self.zone)
        today = now.astimezone(zone).date()
        if not self.days and today - self.on(-least) > (least + _covered(least)) * _DAY:
            return 0  # rules out most learners with one comparison
        tail = self._tail(today.toordinal())
        if not tail:
            return 0
        if self.days:
            length = streak(self.days[-len(tail) :], now, zone).days
        else:
            # In a single zone, the missed days are those between two study days.
            length, _, freezes = in_a_row(later - day - 1 for day, later in pairwise(tail))
            length = length if today.toordinal() - tail[-1] - 1 <= freezes else 0
        return length if length >= least else 0

    def _tail(self, today: int) -> list[int]:
        """Return the latest dates (ordinals) that can be in one streak: freezes cover no more than was earned."""
        tail: list[int] = []
        # A trip around the world can lose up to two dates between two study days.
        lost = 2 if self.days else 0
        later, missed = today, 0
        for text in reversed(self.dates):
            day = date.fromisoformat(text).toordinal()
            missed += max(0, later - day - 1 - lost)
            if missed > _covered(len(tail)):
                break
            tail.append(day)
            later = day
        return tail[::-1]

    def weeks_in_a_row(self, now: datetime, least: int) -> int:
        """Return how many ISO weeks in a row have a study day, up to this or the last one; 0 below ``least``."""
        today = now.astimezone(zone_named(self.zone)).date()
        if not self.dates:
            return 0
        today = max(today, self.on(-1))
        monday = today - today.weekday() * _DAY
        if self.on(-1) < monday:
            monday -= 7 * _DAY
        length, end = 0, len(self.dates)
        while end and self.on(end - 1) >= monday:
            length += 1
            end = bisect_left(self.dates, monday.isoformat(), hi=end)
            monday -= 7 * _DAY
        return length if length >= least else 0


def _covered(days: int) -> int:
    """Return the maximum number of days that freezes can have covered in this many study days."""
    return FREEZES + 1 + days // FREEZE_EVERY


def longest(histories: Iterable[tuple[int, StudyHistory]], now: datetime) -> LongestStreaks:
    """Return at most three learners with the longest streaks in days; if nobody has three, those in weeks.

    Ties are broken by the number of study days, then by the order of ``histories``.
    """
    ordered = sorted(histories, key=lambda pair: -len(pair[1]))
    days = _longest(ordered, lambda history, least: history.days_in_a_row(now, least))
    if days:
        return LongestStreaks(days)
    return LongestStreaks(weeks=_longest(ordered, lambda history, least: history.weeks_in_a_row(now, least)))


def _longest(ordered: Iterable[tuple[int, StudyHistory]], length_of: Callable[[StudyHistory, int], int]) -> Lengths:
    best: list[tuple[int, int]] = []
    for learner, history in ordered:
        least = best[-1][1] + 1 if len(best) == NAMED else LEAST
        if len(history) < least:
            break  # a streak is never longer than the number of study days, and these only get fewer
        if length := length_of(history, least):
            best = sorted([*best, (learner, length)], key=lambda pair: -pair[1])[:NAMED]
    return tuple(best)
