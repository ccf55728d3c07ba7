"""Streaks: consecutive days and weeks with at least one tick or review, in the learner's own time zone.

The store keeps one row per learner and study day: the date, the zone in force when it began, and the times of its first
and last activity. An activity is a review, or a change that ticks something. ``day_of`` returns the day of an activity.
The streak is computed from the rows alone; there is no counter that could become inconsistent.

The rules:

- Order. The order of the rows doesn't matter.
- Back-dating. The day of a tick is the day on which it was recorded, whatever date it was given. So nobody can fill a
  gap later, and nobody loses a day by dating a tick back.
- Undo. Undoing on the same study day everything that was ticked on it removes the day (unless there was a review),
  because ticking and undoing is not study. Once the day has ended it stays, because correcting the record next week
  doesn't prove that nobody studied. So the store deletes today's row if an undo or untick leaves no tick with
  ``made_at`` at or after the row's ``first`` and no review since then; it never deletes any other row. Undoing an
  untick is not an activity.
- Change of zone. A study day ends at midnight in the zone in which it began, so changing the zone doesn't create a day.
  Days never go backward, so a learner who flies west and has a date twice loses none. A day counts as missed only if it
  was missed in the zone of the study day before it *and* in that of the study day after it, so a learner who skips a
  date at the date line keeps the streak. Each study day is a separate date, so no sequence of zones gives more study
  days than dates that existed somewhere on Earth: at most two more than in one zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named

FREEZE_EVERY = 7
"""A freeze is earned after this many consecutive study days."""
FREEZES = 2
"""Maximum number of freezes."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StudyDay:
    """A day with an activity. ``first`` and ``last`` are times of activities, ``zone`` (IANA) that of the first."""

    day: date
    first: datetime
    last: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Streak:
    """A learner's streak on ``today``.

    ``days`` is the number of consecutive study days up to today or yesterday. Days covered by a freeze don't end the
    streak but aren't counted. ``longest`` is the longest streak ever, including this one. ``freezes`` is the number
    left after the days missed up to yesterday. ``weeks`` and ``longest_weeks`` count ISO weeks with a study day; the
    current week doesn't end a streak. ``missed`` is the number of days between the last study day and today that
    freezes cover.
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
        """Whether the streak ends if nothing is done today, because no freeze is left."""
        return bool(self.days) and not self.done_today and not self.freezes

    @property
    def week_at_risk(self) -> bool:
        """Whether this is the last day of the week and the week has no study day yet."""
        return bool(self.weeks) and not self.done_this_week and self.today.weekday() == 6

    @property
    def to_freeze(self) -> int | None:
        """Study days until the next freeze is earned; None if the maximum is reached."""
        return None if self.freezes == FREEZES else FREEZE_EVERY - self.days % FREEZE_EVERY


def day_of(latest: StudyDay | None, now: datetime, zone: ZoneInfo) -> date:
    """Return the study day of an activity at ``now`` in ``zone``; ``latest`` is the last study day.

    It is the local date, but ``latest`` lasts until midnight in the zone in which it began, and no day precedes it.
    """
    today = now.astimezone(zone).date()
    if latest is None:
        return today
    if now.astimezone(zone_named(latest.zone)).date() <= latest.day:
        return latest.day
    return max(today, latest.day)


def streak(days: Iterable[StudyDay], now: datetime, zone: ZoneInfo) -> Streak:
    """Return the streak of a learner in ``zone``. There is one row per date; their order doesn't matter."""
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
    """Return current streak, longest streak and freezes left, given the days missed between consecutive study days."""
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
    """Return the days missed between ``earlier`` and ``day`` (first activity ``at``), in the zone with the fewest."""
    if (day - earlier.day).days <= 1:
        return 0
    before = at.astimezone(zone_named(earlier.zone)).date() - earlier.day
    after = day - earlier.last.astimezone(zone).date()
    return max(0, min(day - earlier.day, before, after).days - 1)


def _weeks(rows: Iterable[StudyDay], today: date) -> tuple[int, int, bool]:
    """Return the streak in weeks (up to this or last week), the longest one, and whether this week has a study day."""
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
