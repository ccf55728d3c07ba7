"""Reminders by direct message as a kind of delivery: at most one a day, and only to learners who asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.calendar.slots import Slot
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course, Node
from bot.core.course.progress import Progress
from bot.core.plan.plan import Slice
from bot.core.plan.reminders import Rhythm, after, slots_due, slots_from
from bot.core.plan.study_days import Away
from bot.store import Store
from bot.store.deliveries import DueSlot, Key, ScheduleState
from bot.store.reminder_rows import LearnerReminders, Reminder, ReminderSchedule, key_of
from bot.store.reminders import Reminders as StoredReminders
from bot.study.days_off import DaysOff
from bot.study.delivery_kind import NO_COURSE, Destination, Marker, Messenger, Pending, Refused
from bot.study.plans import Plans
from bot.study.reviews import Reviews


@dataclass(frozen=True, slots=True)
class ReminderContent:
    """A reminder that is ready to be rendered. ``node`` is the next leaf; None if everything is completed.

    ``week`` is the plan for the rest of this week, empty without one. ``due`` is the number of questions due for
    review. ``first`` is set in the test message of a set-up: when the first reminder will be sent.
    """

    progress: Progress
    node: Node | None
    marker: Marker
    rhythm: Rhythm
    zone: str | None
    late_since: datetime | None = None
    first: datetime | None = None
    week: tuple[Slice, ...] = ()
    due: int = 0


class ReminderKind:
    """Reminders for a learner's courses: at most one message a day."""

    name = "reminder"
    late_limit = timedelta(hours=12)
    too_late = "it was more than 12 hours late"
    kept: timedelta | None = timedelta(days=60)

    def __init__(
        self, store: Store, catalogue: Catalogue, plans: Plans, days_off: DaysOff, reviews: Reviews, *,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store = store
        self._plans = plans
        self._days_off = days_off
        self._reviews = reviews
        self._rows = store.reminders
        self._catalogue = catalogue
        self._now = now
        self.news: set[int] = set()
        """Learners to tell, at their next command, that their reminders are suspended. Set by ``look_after``."""

    @property
    def schedules(self) -> StoredReminders:
        return self._rows

    async def due(self, now: datetime, most: int) -> list[Key]:
        return [key_of(learner) for learner in await self._rows.due(now, most)]

    async def pending(self, key: Key, now: datetime) -> Pending[ReminderSchedule] | None:
        known = await self._rows.of_learner(key.learner)
        if known.open:
            reminder = known.of(known.open.course)
            if reminder is None or reminder.state is not ScheduleState.ON:
                return None
            return self._pending(known, reminder, [])
        due = [each for each in known.reminders if each.state is ScheduleState.ON and each.due <= now]
        if not due:
            return None
        reminder = min(due, key=lambda each: (each.due, each.course))
        return self._pending(known, reminder, slots_due(reminder.rhythm, known.clock, reminder.since, now, known.last))

    @staticmethod
    def _pending(known: LearnerReminders, reminder: Reminder, slots: list[Slot]) -> Pending[ReminderSchedule]:
        return Pending(
            ReminderSchedule(reminder, known), key_of(known.learner), reminder.course, Destination(reminder.channel),
            [DueSlot(slot.on.isoformat(), slot.at) for slot in slots], known.open,
        )  # fmt: skip

    async def obstacle(self, pending: Pending[ReminderSchedule], slot: DueSlot) -> str:
        if pending.course not in self._catalogue.courses:
            return NO_COURSE
        if pending.open:
            return ""
        learner, course = pending.key.learner, self._catalogue.courses[pending.course]
        if await self._days_off.is_off(learner, date.fromisoformat(slot.name)):
            return "a day off"
        ticks = await self._store.progress.of(learner, course.id)
        if Progress(course, ticks).next() or not await self._reviews.recall(learner, course):
            return ""
        # Everything is completed, so only due questions are left.
        return "" if await self._reviews.due(learner, course) else "no question was due"

    def marker(self, pending: Pending[ReminderSchedule], slot: DueSlot, *, repeated: bool) -> Marker:
        return Marker(pending.key.learner, f"{pending.course}:{slot.name}:{2 if repeated else 1}")

    async def content(
        self,
        pending: Pending[ReminderSchedule],
        slot: DueSlot,
        marker: Marker,
        late_since: datetime | None,
        messenger: Messenger,
    ) -> ReminderContent:
        schedule = pending.schedule
        course, rhythm = self._catalogue.courses[pending.course], schedule.reminder.rhythm
        return await self.build(pending.key.learner, course, marker, rhythm, schedule.all.zone, late_since=late_since)

    async def build(
        self,
        learner: int,
        course: Course,
        marker: Marker,
        rhythm: Rhythm,
        zone: str | None,
        *,
        late_since: datetime | None = None,
        first: datetime | None = None,
    ) -> ReminderContent:
        """Build a reminder from the current data."""
        progress = Progress(course, await self._store.progress.of(learner, course.id))
        week = await self._plans.this_week(learner, course)
        due = await self._reviews.due(learner, course)
        return ReminderContent(progress, progress.next(), marker, rhythm, zone, late_since, first, week, due)

    async def over(self, pending: Pending[ReminderSchedule]) -> str | None:
        """Pause the reminder of a course that is completed and has no questions due."""
        learner, course = pending.key.learner, self._catalogue.courses[pending.course]
        if Progress(course, await self._store.progress.of(learner, course.id)).next():
            return None
        return None if await self._reviews.due(learner, course) else f"all of {course.code} is done"

    async def suspend(self, pending: Pending[ReminderSchedule], refused: Refused) -> None:
        await self._rows.suspend(pending.key.learner, pending.course, str(refused))
        self.news.add(pending.key.learner)

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Find learners whose reminders were suspended, by any process, and who haven't been told yet."""
        self.news = await self._rows.news()

    async def tell(self, learner: int) -> list[tuple[str, str]]:
        """Return the course code and the reason for each suspended reminder. Each is returned only once."""
        self.news.discard(learner)
        return [(self.code(course), reason) for course, reason in await self._rows.tell(learner)]

    def code(self, course: str) -> str:
        """Return the code of a course, even if the bot no longer has it."""
        known = self._catalogue.courses.get(course)
        return known.code if known else course.upper()


def first_of(known: LearnerReminders, reminder: Reminder, away: Away, now: datetime) -> datetime:
    """Return when a reminder that is on is sent next. None is sent on the days off in ``away``."""
    if known.open and known.open.course == reminder.course:
        return max(known.open.slot.at, now)
    slots = slots_from(reminder.rhythm, known.clock, max(reminder.since, after(now)))
    return next(
        slot.at
        for slot in slots
        if (known.last is None or slot.on > known.last) and not any(first <= slot.on <= last for first, last in away)
    )
