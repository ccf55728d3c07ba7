"""Learners' reminders: their schedules, and the changes that learners make."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.plan.reminders import Rhythm, after, next_slot
from bot.store.deliveries import DueSlot, Key, OpenDelivery, ScheduleState, open_delivery
from bot.store.engine import Engine, Statements

REMINDER = "reminder"
UTC = "UTC"


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


class Reminders:
    """Reminders and their schedules. Implements ``Schedules`` for reminders."""

    reopens_skipped = True

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of_learner(self, learner: int) -> LearnerReminders:
        rows = await self._engine.read("reminders_of", learner=learner)
        opened = await self._engine.read("open_delivery", **key_of(learner).values) if rows else []
        return _reminders(learner, rows, opened)

    async def save(self, learner: int, course: str, rhythm: Rhythm, channel: int, now: datetime) -> LearnerReminders:
        """Set a reminder, from now on. Suspended ones resume, because direct messages work again."""

        def work(statements: Statements) -> LearnerReminders:
            _end_open(statements, learner, course, "it was set anew")
            known = _read(statements, learner)
            zone = known.clock if known.reminders else _zone(statements, learner)
            since = after(now)
            statements.run(
                "set_reminder", learner=learner, course=course, days=rhythm.bits, minute=rhythm.minute,
                due_at=seconds(next_slot(rhythm, zone, since, known.last).at), since_at=seconds(since),
                channel=channel,
            )  # fmt: skip
            for other in known.reminders:
                if other.course != course and other.state is ScheduleState.SUSPENDED:
                    _set(statements, known, other, ScheduleState.ON, since)
            return _read(statements, learner)

        return await self._engine.transact(work)

    async def change(
        self, learner: int, courses: Iterable[str], state: ScheduleState, since: datetime, why: str
    ) -> LearnerReminders:
        """Set the state of reminders. Slots before ``since`` are not served, and open deliveries end."""

        def work(statements: Statements) -> LearnerReminders:
            for course in courses:
                _end_open(statements, learner, course, why)
                known = _read(statements, learner)
                if reminder := known.of(course):
                    _set(statements, known, reminder, state, since)
            return _read(statements, learner)

        return await self._engine.transact(work)

    async def due(self, now: datetime, most: int) -> list[int]:
        """Return at most ``most`` learners with a due reminder, oldest first."""
        rows = await self._engine.read("due_reminders", now=seconds(now), most=most)
        return list(dict.fromkeys(learner for (learner,) in rows))

    async def again(self, learner: int, course: str, day: date, message: int, at: datetime) -> str:
        """Schedule the newest reminder to be sent again at ``at``. Return "", or why not: off, old, twice, soon."""

        def work(statements: Statements) -> str:
            known = _read(statements, learner)
            reminder = known.of(course)
            key = {**key_of(learner).values, "slot": day.isoformat()}
            rows = statements.run("delivery_row", **key)
            if reminder is None or reminder.state is not ScheduleState.ON:
                return "off"
            if not rows or known.newest != day or not statements.run("reminder_of_slot", **key, course=course):
                return "old"
            if rows[0][6]:
                return "twice"
            open_here = known.open is not None and known.open.course == course
            if any(
                each.state is ScheduleState.ON and each.due <= at and not (open_here and each.course == course)
                for each in known.reminders
            ):
                return "soon"
            statements.run("repeat_delivery", **key, slot_at=seconds(at), message=message)
            statements.run("look_again_at", learner=learner, course=course, due_at=seconds(at))
            return ""

        return await self._engine.transact(work)

    async def suspend(self, learner: int, course: str, reason: str) -> None:
        """Suspend all reminders of the learner, because Discord rejects messages to them."""

        def work(statements: Statements) -> None:
            _end_open(statements, learner, course, reason)
            statements.run("suspend_reminders", learner=learner, reason=reason)

        await self._engine.transact(work)

    async def news(self) -> set[int]:
        """Return learners who haven't been told yet that their reminders are suspended."""
        return {learner for (learner,) in await self._engine.read("reminders_suspended")}

    async def tell(self, learner: int) -> list[tuple[str, str]]:
        """Return suspended courses, with reasons, that the learner hasn't been told of, and mark them as told."""
        return [
            (course, reason or "") for course, reason in await self._engine.write("tell_suspended", learner=learner)
        ]

    def is_current(self, statements: Statements, schedule: ReminderSchedule) -> bool:
        """Return whether the learner's reminders are unchanged and this one is on."""
        now = _read(statements, schedule.all.learner)
        unchanged = (now.reminders, now.zone, now.last) == (
            schedule.all.reminders, schedule.all.zone, schedule.all.last,
        )  # fmt: skip
        same_open = (now.open and now.open.slot) == (schedule.all.open and schedule.all.open.slot)
        return unchanged and same_open and schedule.reminder.state is ScheduleState.ON

    def advance(
        self, statements: Statements, schedule: ReminderSchedule, served: Sequence[DueSlot], over: str | None
    ) -> None:
        """Set the first slot after ``served``, by the current schedule and zone. ``over`` is a reason to pause."""
        known = _read(statements, schedule.reminder.learner)
        reminder = known.of(schedule.reminder.course)
        if reminder is None or reminder.state is not ScheduleState.ON:
            return
        since = max([reminder.since, *(after(slot.at) for slot in served)])
        state = ScheduleState.PAUSED if over else reminder.state
        _set(statements, known, reminder, state, since, over)


def zone_changed(statements: Statements, learner: int, before: str | None, now: datetime) -> None:
    """Recompute when reminders are due after the learner's zone changed. An open delivery is unchanged."""
    known = _read(statements, learner)
    if known.zone == before:
        return
    for reminder in known.reminders:
        is_open = known.open is not None and known.open.course == reminder.course
        if reminder.state is ScheduleState.ON and not is_open:
            _set(statements, known, reminder, reminder.state, max(after(now), reminder.since))


def _set(
    statements: Statements, known: LearnerReminders, reminder: Reminder, state: ScheduleState, since: datetime,
    why: str | None = None,
) -> None:  # fmt: skip
    statements.run(
        "set_reminder_due",
        learner=reminder.learner,
        course=reminder.course,
        state=state,
        due_at=seconds(next_slot(reminder.rhythm, known.clock, since, known.last).at),
        since_at=seconds(since),
        reason=why,
    )


def _end_open(statements: Statements, learner: int, course: str, reason: str) -> None:
    statements.run("end_open_deliveries", **key_of(learner).values, course=course, reason=reason)


def _zone(statements: Statements, learner: int) -> ZoneInfo:
    rows = statements.run("zone_of", learner=learner)
    return zone_named(rows[0][0] if rows else None)


def _read(statements: Statements, learner: int) -> LearnerReminders:
    run: Callable[..., list[Any]] = statements.run
    return _reminders(learner, run("reminders_of", learner=learner), run("open_delivery", **key_of(learner).values))


def _reminders(learner: int, rows: Sequence[Sequence[Any]], opened: Sequence[Sequence[Any]]) -> LearnerReminders:
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
