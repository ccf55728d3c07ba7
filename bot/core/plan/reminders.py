"""When a learner is reminded: weekdays and a time of day, and the times they refer to in the learner's zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import Slot, instant

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``days`` (0 is Monday; at least one) and ``minute`` (0 to 1439 after midnight), without a time zone."""

    days: frozenset[int]
    minute: int

    @classmethod
    def of(cls, bits: int, minute: int) -> "Rhythm":
        """Return the rhythm for days stored as a bit mask: 1 is Monday, 64 is Sunday."""
        return cls(frozenset(day for day in range(7) if bits >> day & 1), minute)

    @property
    def bits(self) -> int:
        return sum(1 << day for day in self.days)

    @property
    def time(self) -> time:
        return time(self.minute // 60, self.minute % 60)


def slots_from(rhythm: Rhythm, zone: ZoneInfo, since: datetime) -> Iterator[Slot]:
    """Yield the slots at ``since`` or later, in order, endlessly.

    If the local time is skipped on a day, the slot is the first moment after the gap; if it occurs twice, the first
    one.
    """
    on = since.astimezone(zone).date() - 2 * _DAY
    while True:
        if on.weekday() in rhythm.days:
            slot = Slot(on, instant(on, rhythm.time, zone))
            if slot.at >= since:
                yield slot
        on += _DAY


def next_slot(rhythm: Rhythm, zone: ZoneInfo, since: datetime, last: date | None = None) -> Slot:
    """Return the first slot at ``since`` or later whose day is after ``last``."""
    return next(slot for slot in slots_from(rhythm, zone, since) if last is None or slot.on > last)


def slots_due(rhythm: Rhythm, zone: ZoneInfo, since: datetime, now: datetime, last: date | None = None) -> list[Slot]:
    """Return the slots from ``since`` to ``now`` whose days are after ``last``, oldest first."""
    slots = []
    for slot in slots_from(rhythm, zone, since):
        if slot.at > now:
            break
        if last is None or slot.on > last:
            slots.append(slot)
    return slots


def after(moment: datetime) -> datetime:
    """Return the first whole second after ``moment``."""
    return moment.replace(microsecond=0) + _SECOND


def day_after(days: int, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the start of the day that is ``days`` after today."""
    return instant(now.astimezone(zone).date() + days * _DAY, time(), zone)


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the start of the next week."""
    return day_after(7 - now.astimezone(zone).weekday(), now, zone)
