"""Streaks: days and weeks in a row with at least one tick or review, by the learner's own clock.

What the store keeps is one row for each learner and study day: the date, the zone that was in force when it began, the
instant of its first and of its last act. An act is a change that ticks something, or a review. ``day_of`` says which
day an act belongs to, and the rows alone say the streak: no counter is kept that could go wrong.

Just under all that happens:

- Order. A streak is a function of a set of rows.
- Back-dating. The day of a tick is the one on which it was recorded, whatever date it was given: nobody fills a gap
  afterwards, and nobody loses a day by dating a tick back.
- Undo. To undo or untick, on the same study day, all that was ticked on it takes the day away (unless there was a
  review): to tick and undo is no study. Once the day is over it stays: to correct the record next week isn't proof
  that nobody studied. So the store deletes the row of today when an undo or untick leaves no tick with ``made_at`` at
  or after the row's ``first`` and no review since then, and never any other row. To undo an untick is no act.
- A new zone. A study day lasts until midnight on the clock on which it began, so to change the zone makes no day; and
  days never run backwards, so to fly west and live a date twice loses none. A day is missed only if it was missed on
  the clock of the study day before it *and* on that of the study day after it: who loses a date by flying across the
  date line keeps the streak. As every study day is a date of its own, no sequence of zones makes more of them than the
  dates that there were somewhere on Earth: at most two more than in one zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named

FREEZE_EVERY = 7
"""So many study days in a row earn a freeze."""
FREEZES = 2
"""So many freezes are kept at most."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StudyDay:
    """A day with an act. ``first`` and ``last`` are the instants of its acts, ``zone`` (IANA) that of the first."""

    day: date
    first: datetime
    last: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Streak:
    """What the study days of a learner amount to on ``today``.

    ``days`` counts the study days in a row up to today or yesterday: days that a freeze covered keep the row together
    but aren't counted. ``longest`` is the most that ever were, this row included. ``freezes`` are those in hand, after
    what was missed up to yesterday. ``weeks`` and ``longest_weeks`` count ISO weeks with a study day; the week that
    isn't over doesn't end a row. ``missed`` is how many days freezes cover at present, between the last study day and
    today.
    """

    today: date
    days: int = 0
    longest: int = 0
    freezes: int = 0
    missed: int = 0
    weeks: int = 0
    longest_weeks: int = 0
    done_today: bool = False
    done_this_week: bool = False

    @property
    def at_risk(self) -> bool:
        """The row ends with this day if nothing is done: there is no freeze that would cover it."""
        return bool(self.days) and not self.done_today and not self.freezes

    @property
    def week_at_risk(self) -> bool:
        """This is the last day of the week, and the week has no study day yet."""
        return bool(self.weeks) and not self.done_this_week and self.today.weekday() == 6

    @property
    def to_freeze(self) -> int | None:
        """Study days until the next freeze is earned; None while all are in hand."""
        return None if self.freezes == FREEZES else FREEZE_EVERY - self.days % FREEZE_EVERY


def day_of(latest: StudyDay | None, now: datetime, zone: ZoneInfo) -> date:
    """The study day to which an act at ``now`` belongs, where ``zone`` is in force and ``latest`` the last study day.

    The local date; but ``latest`` goes on until midnight on the clock on which it began, and no day comes before it.
    """
    today = now.astimezone(zone).date()
    if latest is None:
        return today
    if now.astimezone(zone_named(latest.zone)).date() <= latest.day:
        return latest.day
    return max(today, latest.day)


def streak(days: Iterable[StudyDay], now: datetime, zone: ZoneInfo) -> Streak:
    """The streak of a learner whose clocks follow ``zone``. One row for each date; their order doesn't matter."""
    rows = sorted(days, key=lambda row: row.day)
    today = day_of(rows[-1] if rows else None, now, zone)
    if not rows:
        return Streak(today)
    length, longest, freezes = in_a_row(
        _missed(earlier, row.day, row.first, zone_named(row.zone)) for earlier, row in pairwise(rows)
    )
    lost = _missed(rows[-1], today, now, zone)
    if lost > freezes:
        length = freezes = lost = 0
    weeks, longest_weeks, this_week = _weeks(rows, today)
    return Streak(
        today,
        days=length,
        longest=longest,
        freezes=freezes - lost,
        missed=lost,
        weeks=weeks,
        longest_weeks=longest_weeks,
        done_today=rows[-1].day == today,
        done_this_week=this_week,
    )


def in_a_row(missed: Iterable[int]) -> tuple[int, int, int]:
    """Study days in the last row, the most in any, and the freezes in hand: from the days missed between each two."""
    length = longest = 1
    freezes = 0
    for lost in missed:
        if lost > freezes:
            length = freezes = 0
        else:
            freezes -= lost
        length += 1
        longest = max(longest, length)
        if length % FREEZE_EVERY == 0:
            freezes = min(FREEZES, freezes + 1)
    return length, longest, freezes


def _missed(earlier: StudyDay, day: date, at: datetime, zone: ZoneInfo) -> int:
    """Days between ``earlier`` and ``day``, whose first act is ``at``, by the clock that leaves the fewest."""
    if (day - earlier.day).days <= 1:
        return 0
    before = at.astimezone(zone_named(earlier.zone)).date() - earlier.day
    after = day - earlier.last.astimezone(zone).date()
    return max(0, min(day - earlier.day, before, after).days - 1)


def _weeks(rows: Iterable[StudyDay], today: date) -> tuple[int, int, bool]:
    """Weeks in a row up to this or the last one, the most that ever were, and whether this one has a study day."""
    this = today - today.weekday() * _DAY
    mondays = dict.fromkeys(row.day - row.day.weekday() * _DAY for row in rows)
    length = longest = 0
    latest: date | None = None
    for monday in mondays:
        length = length + 1 if latest is not None and monday - latest == 7 * _DAY else 1
        longest = max(longest, length)
        latest = monday
    if latest is None or this - latest > 7 * _DAY:
        length = 0
    return length, longest, latest == this
