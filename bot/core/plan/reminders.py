"""When a learner is reminded: weekdays and a time of day, and the instants that they mean by the learner's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import Slot, instant

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On ``days`` (0 is Monday; at least one), ``minute`` 0 to 1439 after midnight, by whatever clock is meant."""

    days: frozenset[int]
    minute: int

    @classmethod
    def of(cls, bits: int, minute: int) -> "Rhythm":
        """The rhythm whose days are stored as ``bits``: 1 is Monday, 64 is Sunday."""
        return cls(frozenset(day for day in range(7) if bits >> day & 1), minute)

    @property
    def bits(self) -> int:
        return sum(1 << day for day in self.days)

    @property
    def time(self) -> time:
        return time(self.minute // 60, self.minute % 60)


def slots_from(rhythm: Rhythm, zone: ZoneInfo, since: datetime) -> Iterator[Slot]:
    """The slots at ``since`` or later, in order, without end.

    On a day without that time the slot is the first moment after the gap; on a day with two, the first of them.
    """
    on = since.astimezone(zone).date() - 2 * _DAY
    while True:
        if on.weekday() in rhythm.days:
            slot = Slot(on, instant(on, rhythm.time, zone))
            if slot.at >= since:
                yield slot
        on += _DAY


def next_slot(rhythm: Rhythm, zone: ZoneInfo, since: datetime, last: date | None = None) -> Slot:
    """The first slot at ``since`` or later whose day comes after ``last``."""
    return next(slot for slot in slots_from(rhythm, zone, since) if last is None or slot.on > last)


def slots_due(rhythm: Rhythm, zone: ZoneInfo, since: datetime, now: datetime, last: date | None = None) -> list[Slot]:
    """The slots from ``since`` up to ``now`` whose days come after ``last``, oldest first."""
    found = []
    for slot in slots_from(rhythm, zone, since):
        if slot.at > now:
            break
        if last is None or slot.on > last:
            found.append(slot)
    return found


def after(moment: datetime) -> datetime:
    """The first whole second that is later."""
    return moment.replace(microsecond=0) + _SECOND


def day_after(days: int, now: datetime, zone: ZoneInfo) -> datetime:
    """Where the day begins that is so many days after today."""
    return instant(now.astimezone(zone).date() + days * _DAY, time(), zone)


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """Where the next week begins."""
    return day_after(7 - now.astimezone(zone).weekday(), now, zone)
