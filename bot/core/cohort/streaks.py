"""The longest streaks of a cohort, for its digest: found without walking through every study day of everybody."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.streaks import FREEZE_EVERY, FREEZES, StudyDay, in_a_row, streak
from bot.core.calendar.timestamps import from_seconds

NAMED = 3
LEAST = 3
"""Days or weeks in a row from which on somebody is named."""
_DAY = timedelta(days=1)
Lengths = tuple[tuple[int, int], ...]
"""Learners and how many days (or weeks) they have in a row, the longest first."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Study days in order, as text: a word for each, read only as far as somebody asks.

    A word is a date where all days began in ``zone``, the learner's own, and ``date,first,last,zone`` else. Of the
    former the instants aren't told: without another zone, they say no more than the date.
    """

    words: tuple[str, ...] = ()
    zone: str = "UTC"

    def __len__(self) -> int:
        return len(self.words)

    def on(self, place: int) -> date:
        return date.fromisoformat(self.words[place][:10])

    def days(self, now: datetime, least: int) -> int:
        """Study days in a row, as ``streak`` counts them; 0 for fewer than ``least``."""
        if len(self) < least:
            return 0
        zone = zone_named(self.zone)
        today = now.astimezone(zone).date()
        alone = "," not in self.words[-1]
        if alone and today - self.on(-least) > (least + _covered(least)) * _DAY:
            return 0  # one look spares most learners the rest
        tail = self._tail(today.toordinal())
        if not tail:
            return 0
        if not alone:
            length = streak(map(_read, self.words[-len(tail) :]), now, zone).days
        else:
            # In one zone what was missed between two days is what lies between them.
            length, _, freezes = in_a_row(later - day - 1 for day, later in pairwise(tail))
            length = length if today.toordinal() - tail[-1] - 1 <= freezes else 0
        return length if length >= least else 0

    def _tail(self, today: int) -> list[int]:
        """The latest dates (ordinals), as far back as they can be one row: freezes cover no more than was earned."""
        found: list[int] = []
        # Who flies around the world loses up to two dates between two study days.
        lost = 2 if self.words and "," in self.words[-1] else 0
        later, missed = today, 0
        for word in reversed(self.words):
            day = date.fromisoformat(word[:10]).toordinal()
            missed += max(0, later - day - 1 - lost)
            if missed > _covered(len(found)):
                break
            found.append(day)
            later = day
        return found[::-1]

    def weeks(self, now: datetime, least: int) -> int:
        """ISO weeks in a row with a study day, up to this or the last one; 0 for fewer than ``least``."""
        today = now.astimezone(zone_named(self.zone)).date()
        if not self.words:
            return 0
        today = max(today, self.on(-1))
        monday = today - today.weekday() * _DAY
        if self.on(-1) < monday:
            monday -= 7 * _DAY
        length, end = 0, len(self.words)
        while end and self.on(end - 1) >= monday:
            length += 1
            end = bisect_left(self.words, monday.isoformat(), hi=end)
            monday -= 7 * _DAY
        return length if length >= least else 0


def _covered(days: int) -> int:
    """The most days that freezes can have covered within so many study days of a row."""
    return FREEZES + 1 + days // FREEZE_EVERY


def _read(word: str) -> StudyDay:
    day, first, last, zone = word.split(",")
    return StudyDay(date.fromisoformat(day), from_seconds(int(first)), from_seconds(int(last)), zone)


def longest(trails: Iterable[tuple[int, Trail]], now: datetime) -> tuple[Lengths, Lengths]:
    """At most three learners with the most days in a row; where nobody has three, those with the most weeks.

    Of equals it is whoever has studied on more days, then whoever comes first.
    """
    ordered = sorted(trails, key=lambda pair: -len(pair[1]))
    days = _longest(ordered, lambda trail, least: trail.days(now, least))
    return (days, ()) if days else ((), _longest(ordered, lambda trail, least: trail.weeks(now, least)))


def _longest(ordered: Iterable[tuple[int, Trail]], length_of: Callable[[Trail, int], int]) -> Lengths:
    best: list[tuple[int, int]] = []
    for learner, trail in ordered:
        least = best[-1][1] + 1 if len(best) == NAMED else LEAST
        if len(trail) < least:
            break  # nobody has more in a row than study days at all, and they come with ever fewer
        if length := length_of(trail, least):
            best = sorted([*best, (learner, length)], key=lambda pair: -pair[1])[:NAMED]
    return tuple(best)
