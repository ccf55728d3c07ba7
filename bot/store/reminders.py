"""Learners' reminders: their schedules, and the changes that learners make."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import seconds
from bot.core.plan.reminders import Rhythm, after, next_slot
from bot.store.deliveries import DueSlot, ScheduleState
from bot.store.engine import Engine, Statements
from bot.store.reminder_rows import LearnerReminders, Previous, Reminder, ReminderSchedule, key_of, read_reminders


class Reminders:
    """Reminders and their schedules. Implements ``Schedules`` for reminders."""

    reopens_skipped = True

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of_learner(self, learner: int) -> LearnerReminders:
        rows = await self._engine.read("reminders_of", learner=learner)
        opened = await self._engine.read("open_delivery", **key_of(learner).values) if rows else []
        return read_reminders(learner, rows, opened)

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

    async def restore(
        self, learner: int, course: str, is_current: Callable[[Reminder], bool], previous: Previous | None,
        now: datetime,
    ) -> LearnerReminders | None:  # fmt: skip
        """Restore what a reminder was before a change; ``previous`` is None if there was none.

        Return None, and change nothing, if ``is_current`` is False for the stored reminder or there is none. Slots that
        were missed since are not served.
        """

        def work(statements: Statements) -> LearnerReminders | None:
            known = _read(statements, learner)
            reminder = known.of(course)
            if reminder is None or not is_current(reminder):
                return None
            _end_open(statements, learner, course, "the change was undone")
            if previous is None:
                statements.run("delete_reminder", learner=learner, course=course)
                return _read(statements, learner)
            rhythm, state, before = previous
            since = max(before, after(now))
            statements.run(
                "set_reminder", learner=learner, course=course, days=rhythm.bits, minute=rhythm.minute,
                due_at=seconds(since), since_at=seconds(since), channel=reminder.channel,
            )  # fmt: skip
            known = _read(statements, learner)
            if restored := known.of(course):
                _set(statements, known, restored, state, since)
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
    return read_reminders(learner, run("reminders_of", learner=learner), run("open_delivery", **key_of(learner).values))
