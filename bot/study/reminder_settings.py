"""Set up, pause, snooze and turn off reminders."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.calendar.zones import parse_time
from bot.core.course.course import Course
from bot.core.plan.reminders import Rhythm, after, day_after, next_monday, next_slot
from bot.core.plan.study_days import parse_days
from bot.errors import BadInput, Busy, NotAllowed, NotFound, Stale
from bot.store import Store
from bot.store.deliveries import ScheduleState
from bot.store.reminders import LearnerReminders, Reminder
from bot.study.delivery_kind import BuildError, Destination, Marker, Messenger, Refused, Unavailable
from bot.study.reminders import ReminderKind, first_of

AGAIN = timedelta(hours=3)
"""How long the Later button postpones a reminder."""
LONGEST_SNOOZE = 60
CLOSED = (
    "I can't send you direct messages, so no reminder was saved. Open a server that we share, then its menu › "
    "**Privacy Settings** › **Direct Messages**, allow them, and run `/remind set` again."
)
NONE = "You have no reminders. `/remind set days:weekdays time:18:00` asks for some."
OFF = "This reminder is paused or off. `/remind list` turns it on again."


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


class ReminderSettings:
    """Changes that learners make to their own reminders."""

    def __init__(self, store: Store, kind: ReminderKind, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._rows = store.reminders
        self._kind = kind
        self._now = now

    async def set(
        self, learner: int, course: Course, days: str, time: str, messenger: Messenger, number: int
    ) -> ReminderStatus:
        """Turn on a reminder once a test message was delivered. ``number`` identifies that message.

        Raises ``BadInput``; ``NotAllowed`` with what to change if direct messages are closed; ``Busy``. Then nothing is
        saved.
        """
        rhythm = Rhythm(parse_days(days), parse_time(time))
        known = await self._rows.of_learner(learner)
        zone = await self._store.learners.zone(learner)
        known = replace(known, zone=zone)
        first = next_slot(rhythm, known.clock, after(self._now()), known.last).at
        marker = Marker(learner, f"{course.id}:test:{number}")
        content = await self._kind.build(learner, course, marker, rhythm, zone, first=first)
        try:
            channel = await messenger.open_direct(learner)
            await messenger.send(Destination(channel), content, _at_once)
        except Refused as refused:
            raise NotAllowed(CLOSED) from refused
        except (Unavailable, BuildError) as error:
            raise Busy(f"The test message could not be sent: {error}. Nothing was saved; please try again.") from error
        known = await self._rows.save(learner, course.id, rhythm, channel, self._now())
        self._kind.news.discard(learner)
        return next(status for status in self._seen(known) if status.reminder.course == course.id)

    async def all(self, learner: int) -> list[ReminderStatus]:
        """Return the learner's reminders. Raises ``NotFound`` if there are none."""
        return self._seen(await self._some(learner))

    async def switch(self, learner: int, course: str | None, state: ScheduleState) -> list[ReminderStatus]:
        """Pause, resume or turn off one reminder, or all if no course is given. Missed reminders are not sent later."""
        known = await self._some(learner, course)
        chosen = self._chosen(known, course)
        if state is ScheduleState.ON and any(reminder.state is ScheduleState.SUSPENDED for reminder in chosen):
            raise NotAllowed(
                "Your direct messages were closed to me. Open them in Discord's privacy settings, then run "
                "`/remind set`: it sends a test message and goes on."
            )
        if state is ScheduleState.PAUSED:  # A reminder that is off stays off.
            chosen = [reminder for reminder in chosen if reminder.state in (ScheduleState.ON, ScheduleState.PAUSED)]
            if not chosen:
                raise NotFound("None of your reminders is on, so there is nothing to pause.")
        since = after(self._now())
        return self._seen(
            await self._rows.change(
                learner, [reminder.course for reminder in chosen], state, since, f"the member chose {state}"
            )
        )

    async def snooze(self, learner: int, course: str | None, days: int) -> list[ReminderStatus]:
        """Send nothing until the start of the day that is ``days`` after today, in the learner's time zone."""
        if not 1 <= days <= LONGEST_SNOOZE:
            raise BadInput(f"Snooze for 1 to {LONGEST_SNOOZE} days; `/remind pause` stops until you resume.")
        return await self._not_before(learner, course, lambda known: day_after(days, self._now(), known.clock))

    async def not_this_week(self, learner: int, course: str) -> list[ReminderStatus]:
        """Send nothing until next Monday, in the learner's time zone."""
        return await self._not_before(learner, course, lambda known: next_monday(self._now(), known.clock))

    async def _not_before(
        self, learner: int, course: str | None, until: Callable[[LearnerReminders], datetime]
    ) -> list[ReminderStatus]:
        known = await self._some(learner, course)
        running = [each.course for each in self._chosen(known, course) if each.state is ScheduleState.ON]
        if not running:
            raise NotFound(OFF if course else "None of your reminders is on, so there is nothing to put off.")
        return self._seen(await self._rows.change(learner, running, ScheduleState.ON, until(known), "it was put off"))

    async def later(self, learner: int, course: str, day: str, message: int) -> datetime:
        """Remind once more today, in three hours. Return when. Raises ``Stale`` or ``NotAllowed`` if not possible."""
        again_at = self._now() + AGAIN
        if day == "test":
            raise NotAllowed("This was the test message: your reminders come at their own time.")
        try:
            on = date.fromisoformat(day)
        except ValueError:
            raise Stale("This button can't be read. `/remind snooze` puts reminders off.") from None
        match await self._rows.again(learner, course, on, message, again_at):
            case "":
                return again_at
            case "off":
                raise NotAllowed(OFF)
            case "twice":
                raise NotAllowed("Later works once for each reminder. `/remind snooze` puts them off for longer.")
            case "soon":
                raise NotAllowed("Your next reminder comes within three hours anyway.")
            case _:
                raise Stale("A newer reminder has come since. `/remind snooze` puts reminders off.")

    async def _some(self, learner: int, course: str | None = None) -> LearnerReminders:
        known = await self._rows.of_learner(learner)
        if not known.reminders:
            raise NotFound(NONE)
        if course and not known.of(course):
            raise NotFound(f"You have no reminder for {self._kind.code(course)}. `/remind list` shows yours.")
        return known

    @staticmethod
    def _chosen(known: LearnerReminders, course: str | None) -> list[Reminder]:
        return [reminder for reminder in known.reminders if course in (None, reminder.course)]

    def _seen(self, known: LearnerReminders) -> list[ReminderStatus]:
        now = self._now()
        statuses = []
        for each in known.reminders:
            runs = each.state is ScheduleState.ON
            upcoming_at = first_of(known, each, now) if runs else None
            snoozed = runs and each.since - now > timedelta(seconds=2) and not known.open
            trouble = known.open.reason if known.open and known.open.course == each.course else None
            statuses.append(
                ReminderStatus(self._kind.code(each.course), each, known.zone, upcoming_at, snoozed, trouble)
            )
        return statuses


async def _at_once() -> bool:
    return True
