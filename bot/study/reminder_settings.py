"""Set up, change, pause, snooze and turn off reminders."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.course import Course
from bot.core.plan.reminders import Rhythm, after, day_after, next_monday
from bot.core.plan.study_days import Away
from bot.errors import BadInput, Busy, NotAllowed, NotFound, Stale
from bot.store import Store
from bot.store.deliveries import ScheduleState
from bot.store.reminder_rows import LearnerReminders, Previous, Reminder
from bot.study.days_off import DaysOff
from bot.study.delivery_kind import BuildError, Destination, Marker, Messenger, Refused, Unavailable
from bot.study.reminders import ReminderKind, first_of

AGAIN = timedelta(hours=3)
"""How long the Later button postpones a reminder."""
LONGEST_SNOOZE = 60
CLOSED = (
    "I couldn't DM you because your DMs are closed, so nothing was saved. Open a server that we share, then its menu › "
    "**Privacy Settings** › **Direct Messages**, allow them, and try again."
)
OFF = "This reminder is paused or off. Turn it back on in </remind>."
UNREADABLE = "This button is out of date. Open </remind> to see your reminders."
CHANGED = "Your reminder has changed since this message. Open </remind> to see it as it is now."


@dataclass(frozen=True, slots=True)
class ReminderStatus:
    """The status of a reminder, as shown to its learner.

    ``next`` is None unless the reminder is on. ``trouble`` says why the last attempt failed.
    """

    code: str
    reminder: Reminder
    zone: str | None
    next: datetime | None
    snoozed: bool = False
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class ReminderChange:
    """All reminders of a learner after a change of one. ``before`` is that one as it was, None if it is new.

    ``undo`` is the state of a button that takes the change back; empty if nothing changed. ``tested`` is True if a test
    message was sent.
    """

    statuses: list[ReminderStatus]
    course: str
    before: ReminderStatus | None
    undo: tuple[str, ...] = ()
    tested: bool = False

    @property
    def now(self) -> ReminderStatus | None:
        return next((status for status in self.statuses if status.reminder.course == self.course), None)


class ReminderSettings:
    """Changes that learners make to their own reminders."""

    def __init__(self, store: Store, kind: ReminderKind, days_off: DaysOff, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._rows = store.reminders
        self._kind = kind
        self._days_off = days_off
        self._now = now

    async def all(self, learner: int) -> list[ReminderStatus]:
        """Return the learner's reminders."""
        return self._seen(await self._rows.of_learner(learner), await self._days_off.periods(learner))

    async def set(
        self, learner: int, course: Course, rhythm: Rhythm, messenger: Messenger, number: int
    ) -> ReminderChange:
        """Set a reminder. A new one, or one that was off, is saved once a test message was delivered.

        ``number`` identifies that message. Raises ``BadInput`` without days; ``NotAllowed`` with what to change if
        direct messages are closed; ``Busy``. Then nothing is saved.
        """
        if not rhythm.days:
            raise BadInput("Choose at least one day.")
        known = await self._rows.of_learner(learner)
        old = known.of(course.id)
        if old and old.state in (ScheduleState.ON, ScheduleState.PAUSED):
            channel, tested = old.channel, False
        else:
            channel, tested = await self._test(learner, course, rhythm, messenger, number), True
        after_it = await self._rows.save(learner, course.id, rhythm, channel, self._now())
        self._kind.news.discard(learner)
        return replace(await self._change(known, after_it, course.id), tested=tested)

    async def _test(self, learner: int, course: Course, rhythm: Rhythm, messenger: Messenger, number: int) -> int:
        """Send a test message. Return its channel."""
        known = replace(await self._rows.of_learner(learner), zone=await self._store.learners.zone(learner))
        away, now = await self._days_off.periods(learner), self._now()
        planned = Reminder(learner, course.id, rhythm, ScheduleState.ON, now, now, 0)
        marker = Marker(learner, f"{course.id}:test:{number}")
        first = first_of(replace(known, open=None), planned, away, now)
        content = await self._kind.build(learner, course, marker, rhythm, known.zone, first=first)
        try:
            channel = await messenger.open_direct(learner)
            await messenger.send(Destination(channel), content, _at_once)
        except Refused as refused:
            raise NotAllowed(CLOSED) from refused
        except (Unavailable, BuildError) as error:
            raise Busy(f"The test message couldn't be sent: {error}. Nothing was saved; please try again.") from error
        return channel

    async def turn_on(self, learner: int, course: Course, messenger: Messenger, number: int) -> ReminderChange:
        """Turn a reminder on. If direct messages were closed, a test message finds out whether they are open now."""
        known, reminder = await self._one(learner, course.id)
        if reminder.state is ScheduleState.SUSPENDED:
            return await self.set(learner, course, reminder.rhythm, messenger, number)
        return await self._switched(known, course.id, ScheduleState.ON, after(self._now()))

    async def switch(self, learner: int, course: str, state: ScheduleState) -> ReminderChange:
        """Pause a reminder or turn it off. Missed reminders are not sent later."""
        known, reminder = await self._one(learner, course)
        if state is ScheduleState.PAUSED and reminder.state is not ScheduleState.ON:
            raise NotFound(OFF)
        return await self._switched(known, course, state, after(self._now()))

    async def snooze(self, learner: int, course: str, days: int) -> ReminderChange:
        """Send nothing until the start of the day that is ``days`` after today, in the learner's time zone."""
        if not 1 <= days <= LONGEST_SNOOZE:
            raise BadInput(f"Snooze for 1 to {LONGEST_SNOOZE} days, or pause the reminder.")
        return await self._not_before(learner, course, lambda known: day_after(days, self._now(), known.clock))

    async def not_this_week(self, learner: int, course: str) -> ReminderChange:
        """Send nothing until next Monday, in the learner's time zone."""
        return await self._not_before(learner, course, lambda known: next_monday(self._now(), known.clock))

    async def _not_before(
        self, learner: int, course: str, until: Callable[[LearnerReminders], datetime]
    ) -> ReminderChange:
        """Move the next reminder to ``until`` or later. Nothing changes if it isn't sent earlier anyway."""
        known, reminder = await self._one(learner, course)
        if reminder.state is not ScheduleState.ON:
            raise NotFound(OFF)
        wanted, away, now = until(known), await self._days_off.periods(learner), self._now()
        if reminder.since <= wanted and first_of(known, reminder, away, now) >= wanted:
            return await self._change(known, known, course)
        return await self._switched(known, course, ScheduleState.ON, wanted)

    async def undo(self, learner: int, course: str, state: Sequence[str]) -> list[ReminderStatus]:
        """Take a change back. Raises ``Stale`` if the reminder has changed since."""
        print_, *previous = state or [""]
        restored = await self._rows.restore(
            learner, course, lambda reminder: _fingerprint(reminder) == print_, _previous(previous), self._now()
        )
        if restored is None:
            raise Stale(CHANGED)
        return self._seen(restored, await self._days_off.periods(learner))

    async def later(self, learner: int, course: str, day: str, message: int) -> datetime:
        """Remind once more today, in three hours. Return when. Raises ``Stale`` or ``NotAllowed`` if not possible."""
        again_at = self._now() + AGAIN
        if day == "test":
            raise NotAllowed("This was the test message. Your reminders arrive at the time you chose.")
        try:
            on = date.fromisoformat(day)
        except ValueError:
            raise Stale(UNREADABLE) from None
        match await self._rows.again(learner, course, on, message, again_at):
            case "":
                return again_at
            case "off":
                raise NotAllowed(OFF)
            case "twice":
                raise NotAllowed("You can use **Later** once per reminder. To wait longer, snooze it in </remind>.")
            case "soon":
                raise NotAllowed("Your next reminder arrives within three hours anyway.")
            case _:
                raise Stale("This reminder has been replaced by a newer one.")

    async def _one(self, learner: int, course: str) -> tuple[LearnerReminders, Reminder]:
        known = await self._rows.of_learner(learner)
        reminder = known.of(course)
        if reminder is None:
            raise NotFound(f"You have no {self._kind.code(course)} reminder. Open </remind> to set one.")
        return known, reminder

    async def _switched(
        self, known: LearnerReminders, course: str, state: ScheduleState, since: datetime
    ) -> ReminderChange:
        changed = await self._rows.change(known.learner, [course], state, since, f"the member chose {state}")
        return await self._change(known, changed, course)

    async def _change(self, before: LearnerReminders, now: LearnerReminders, course: str) -> ReminderChange:
        away = await self._days_off.periods(now.learner)
        old, new = before.of(course), now.of(course)
        was = next((status for status in self._seen(before, away) if status.reminder.course == course), None)
        undo = (_fingerprint(new), *_state(old)) if new and old != new else ()
        return ReminderChange(self._seen(now, away), course, was, undo)

    def _seen(self, known: LearnerReminders, away: Away) -> list[ReminderStatus]:
        now = self._now()
        statuses = []
        for each in known.reminders:
            runs = each.state is ScheduleState.ON
            upcoming_at = first_of(known, each, away, now) if runs else None
            snoozed = runs and each.since - now > timedelta(seconds=2) and not known.open
            trouble = known.open.reason if known.open and known.open.course == each.course else None
            statuses.append(
                ReminderStatus(self._kind.code(each.course), each, known.zone, upcoming_at, snoozed, trouble)
            )
        return statuses


def _fingerprint(reminder: Reminder) -> str:
    """Return eight hexadecimal digits that identify the settings of a reminder."""
    said = reminder.state.value, reminder.rhythm.bits, reminder.rhythm.minute, seconds(reminder.since)
    return blake2b(repr(said).encode(), digest_size=4).hexdigest()


def _state(reminder: Reminder | None) -> tuple[str, ...]:
    """Return a reminder as parts of a ``custom_id``. Undoing a change never suspends it again."""
    if reminder is None:
        return ()
    state = ScheduleState.ON if reminder.state is ScheduleState.SUSPENDED else reminder.state
    return state.value, str(reminder.rhythm.bits), str(reminder.rhythm.minute), str(seconds(reminder.since))


def _previous(state: Sequence[str]) -> Previous | None:
    """Return what the parts of a ``custom_id`` mean; None if there was no reminder. Raises ``Stale``."""
    if not state:
        return None
    word, *numbers = state
    known = {each.value: each for each in (ScheduleState.ON, ScheduleState.PAUSED, ScheduleState.OFF)}
    if word not in known or len(numbers) != 3 or not all(re.fullmatch(r"[0-9]{1,10}", each) for each in numbers):
        raise Stale(UNREADABLE)
    bits, minute, since = map(int, numbers)
    if not (0 < bits < 128 and minute < 24 * 60):
        raise Stale(UNREADABLE)
    return Rhythm.of(bits, minute), known[word], from_seconds(since)


async def _at_once() -> bool:
    return True
