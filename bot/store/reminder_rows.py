"""The reminders of a learner as they are stored, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import Slot
from bot.core.calendar.timestamps import from_seconds
from bot.core.plan.reminders import Rhythm

UTC = "UTC"


class Reminding(StrEnum):
    """Whether somebody is reminded: by their own wish, or suspended because Discord lets no message through."""

    ON = "on"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a learner asked for. ``due`` is when to look again; slots before ``since`` are over."""

    learner: int
    course: str
    rhythm: Rhythm
    state: Reminding
    due: datetime
    since: datetime
    channel: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A reminder that was claimed and has not ended. ``tried``: when its sending began."""

    course: str
    slot: Slot
    tried: datetime | None


@dataclass(frozen=True, slots=True)
class Book:
    """The reminders of a learner, and what is open. ``zone`` is None where none is set.

    ``newest`` is the day of the latest reminder, ``last`` the last day that is taken: one that came late, after
    midnight, takes the day on which it came as well.
    """

    reminders: tuple[Reminder, ...] = ()
    zone: str | None = None
    last: date | None = None
    newest: date | None = None
    open: Open | None = None

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone or UTC)

    def of(self, course: str) -> Reminder | None:
        return next((each for each in self.reminders if each.course == course), None)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one reminder. ``tried`` tells when an earlier attempt began to; ``number`` is 2 once more."""

    reminder: Reminder
    slot: Slot
    owner: str
    attempts: int
    tried: datetime | None
    number: int


def book_of(learner: int, rows: Sequence[Sequence[Any]]) -> Book:
    """The book of the rows of ``reminders_of``."""
    if not rows:
        return Book()
    reminders = []
    for course, days, minute, state, due_at, since_at, channel, reason, *_ in rows:
        rhythm, due, since = Rhythm.of(days, minute), from_seconds(due_at), from_seconds(since_at)
        reminders.append(Reminder(learner, course, rhythm, Reminding(state), due, since, channel, reason))
    zone, last_day, sent_at, open_day, open_course, slot_at, tried_at = rows[0][8:]
    newest = date.fromisoformat(last_day) if last_day else None
    taken = [newest] if newest else []
    if sent_at is not None:
        taken.append(from_seconds(sent_at).astimezone(ZoneInfo(zone or UTC)).date())
    going_on = None
    if open_day:
        going_on = Open(open_course, Slot(date.fromisoformat(open_day), from_seconds(slot_at)), moment(tried_at))
    return Book(tuple(reminders), zone, max(taken, default=None), newest, going_on)


def moment(stored: int | None) -> datetime | None:
    """The instant of stored seconds, if there are any."""
    return None if stored is None else from_seconds(stored)
