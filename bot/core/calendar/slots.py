"""Weekly slots: a weekday and a local time in a time zone, and the UTC times they refer to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A weekly schedule: ``day`` 0 (Monday) to 6, ``minute`` 0 to 1439 after midnight, in ``zone`` (IANA)."""

    day: int
    minute: int
    zone: str

    @property
    def time(self) -> time:
        return time(self.minute // 60, self.minute % 60)


@dataclass(frozen=True, slots=True)
class Slot:
    """The slot of one week: its local date, and its time in UTC."""

    on: date
    at: datetime

    @property
    def week(self) -> str:
        """The ISO week of the slot, such as ``2026-W48``. There is one digest per week."""
        year, week, _ = self.on.isocalendar()
        return f"{year}-W{week:02}"


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the UTC time at which clocks in ``zone`` show ``at`` on ``on``.

    If that local time is skipped on that day, return the first moment after the gap; if it occurs twice, the first one.
    """
    wall = datetime.combine(on, at)
    utc = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) == wall:
        return utc
    # In a gap, fold 0 uses the offset before it and fold 1 the one after. The transition is in between.
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), utc
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def slot_on(schedule: Schedule, on: date) -> Slot:
    """Return the slot on a date, regardless of its weekday."""
    return Slot(on, instant(on, schedule.time, zone_named(schedule.zone)))


def slots_after(schedule: Schedule, moment: datetime) -> Iterator[Slot]:
    """Yield the slots strictly after ``moment``, one per week, endlessly."""
    on = moment.astimezone(zone_named(schedule.zone)).date() - 2 * _DAY
    on += _DAY * ((schedule.day - on.weekday()) % 7)
    while True:
        slot = slot_on(schedule, on)
        if slot.at > moment:
            yield slot
        on += 7 * _DAY


def next_slot(schedule: Schedule, moment: datetime) -> Slot:
    """Return the first slot strictly after ``moment``."""
    return next(slots_after(schedule, moment))


def slots_due(schedule: Schedule, due: datetime, now: datetime) -> list[Slot]:
    """Return the slots from ``due`` (itself a slot) to ``now``, oldest first."""
    slots = []
    for slot in slots_after(schedule, due - timedelta(seconds=1)):
        if slot.at > now:
            break
        slots.append(slot)
    return slots


def week_before(schedule: Schedule, slot: Slot) -> datetime:
    """Return the same local time seven days before a slot, when its week begins."""
    return slot_on(schedule, slot.on - 7 * _DAY).at
