"""A learner's reminders as stored: the values, and how rows become values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds
from bot.core.plan.reminders import Rhythm
from bot.store.deliveries import Key, OpenDelivery, ScheduleState, open_delivery

REMINDER = "reminder"


def key_of(learner: int) -> Key:
    """Return the key of a learner's reminders: one series for all courses, because at most one a day is sent."""
    return Key(REMINDER, learner=learner)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder. ``due`` is when to check it next; slots before ``since`` are not served."""

    learner: int
    course: str
    rhythm: Rhythm
    state: ScheduleState
    due: datetime
    since: datetime
    channel: int
    reason: str | None = None


Previous = tuple[Rhythm, ScheduleState, datetime]
"""What a change of a reminder replaced: its rhythm, its state, and ``since``."""


@dataclass(frozen=True, slots=True)
class LearnerReminders:
    """All reminders of a learner, and the open delivery. ``zone`` is None if they haven't set one.

    ``newest`` is the day of the latest reminder, ``last`` the last day that is taken. A reminder sent late, after
    midnight, also takes the day on which it was sent.
    """

    learner: int
    reminders: tuple[Reminder, ...] = ()
    zone: str | None = None
    last: date | None = None
    newest: date | None = None
    open: OpenDelivery | None = None

    @property
    def clock(self) -> ZoneInfo:
        return zone_named(self.zone)

    def of(self, course: str) -> Reminder | None:
        return next((reminder for reminder in self.reminders if reminder.course == course), None)


@dataclass(frozen=True, slots=True)
class ReminderSchedule:
    """The reminder to serve next, and the learner's reminders as read when it was chosen."""

    reminder: Reminder
    all: LearnerReminders


def read_reminders(learner: int, rows: Sequence[Sequence[Any]], opened: Sequence[Sequence[Any]]) -> LearnerReminders:
    """Return the reminders in the rows of ``reminders_of`` and ``open_delivery``."""
    if not rows:
        return LearnerReminders(learner)
    reminders = []
    for course, days, minute, state, due_at, since_at, channel, reason, *_ in rows:
        rhythm, due, since = Rhythm.of(days, minute), from_seconds(due_at), from_seconds(since_at)
        reminders.append(Reminder(learner, course, rhythm, ScheduleState(state), due, since, channel, reason))
    zone, newest_day, sent_at = rows[0][8:]
    newest = date.fromisoformat(newest_day) if newest_day else None
    taken = [newest] if newest else []
    if sent_at is not None:
        taken.append(from_seconds(sent_at).astimezone(zone_named(zone)).date())
    return LearnerReminders(learner, tuple(reminders), zone, max(taken, default=None), newest, open_delivery(opened))
