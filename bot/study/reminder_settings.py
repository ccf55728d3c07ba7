"""What members wish of their reminders: when, not now, not any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.calendar.zones import parse_time
from bot.core.course.course import Course
from bot.core.plan.reminders import Rhythm, after, day_after, next_monday, next_slot
from bot.core.plan.study_days import parse_days
from bot.errors import BadInput, Busy, NotAllowed, NotFound, Stale
from bot.store import Store
from bot.store.reminder_rows import Book, Reminder, Reminding
from bot.study.digest_posting import Later, Refused
from bot.study.reminder_message import Mailbox
from bot.study.reminders import Reminders, first_of

AGAIN = timedelta(hours=3)
"""What Later means."""
LONGEST_SNOOZE = 60
CLOSED = (
    "I can't send you direct messages, so no reminder was saved. Open a server that we share, then its menu › "
    "**Privacy Settings** › **Direct Messages**, allow them, and run `/remind set` again."
)
NONE = "You have no reminders. `/remind set days:weekdays time:18:00` asks for some."
OFF = "This reminder is paused or off. `/remind list` turns it on again."


@dataclass(frozen=True, slots=True)
class Wish:
    """A reminder as its learner sees it. ``next`` is None unless it is on."""

    code: str
    reminder: Reminder
    zone: str | None
    next: datetime | None
    snoozed: bool = False


class Wishes:
    """Setting reminders, putting them off, ending them. Members do this to their own only."""

    def __init__(self, store: Store, reminders: Reminders, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._rows = store.reminders
        self._reminders = reminders
        self._now = now

    async def set(self, learner: int, course: Course, days: str, time: str, mailbox: Mailbox, number: int) -> Wish:
        """Remind from now on, once a test message has arrived; ``number`` tells it from all others.

        Raises ``BadInput``; ``NotAllowed`` with what to open where direct messages are closed, and ``Busy``: nothing is
        saved then.
        """
        rhythm = Rhythm(parse_days(days), parse_time(time))
        book = await self._rows.book(learner)
        zone = await self._store.people.zone(learner)
        book = Book(book.reminders, zone, book.last)
        first = next_slot(rhythm, book.clock, after(self._now()), book.last).at
        mark = f"{course.id}:test:{number}"
        letter = await self._reminders.letter(learner, course, mark, rhythm, zone, first=first)
        try:
            channel = await mailbox.open(learner)
            await mailbox.send(channel, letter, _at_once)
        except Refused as refused:
            raise NotAllowed(CLOSED) from refused
        except Later as later:
            raise Busy(f"The test message could not be sent: {later}. Nothing was saved; please try again.") from later
        book = await self._rows.save(learner, course.id, rhythm, channel, self._now())
        self._reminders.news.discard(learner)
        return next(wish for wish in self._seen(book) if wish.reminder.course == course.id)

    async def all(self, learner: int) -> list[Wish]:
        """The learner's reminders. Raises ``NotFound`` where there are none."""
        return self._seen(await self._some(learner))

    async def switch(self, learner: int, course: str | None, state: Reminding) -> list[Wish]:
        """Pause, resume or turn off; all of them where no course is named. What was missed is not made up for."""
        book = await self._some(learner, course)
        chosen = self._chosen(book, course)
        if state is Reminding.ON and any(each.state is Reminding.SUSPENDED for each in chosen):
            raise NotAllowed(
                "Your direct messages were closed to me. Open them in Discord's privacy settings, then run "
                "`/remind set`: it sends a test message and goes on."
            )
        if state is Reminding.PAUSED:  # what is off stays off
            chosen = [each for each in chosen if each.state in (Reminding.ON, Reminding.PAUSED)]
            if not chosen:
                raise NotFound("None of your reminders is on, so there is nothing to pause.")
        since = after(self._now())
        return self._seen(
            await self._rows.change(
                learner, [each.course for each in chosen], state, since, f"the member chose {state}"
            )
        )

    async def snooze(self, learner: int, course: str | None, days: int) -> list[Wish]:
        """Nothing until the day begins that is ``days`` after today, on the learner's clock."""
        if not 1 <= days <= LONGEST_SNOOZE:
            raise BadInput(f"Snooze for 1 to {LONGEST_SNOOZE} days; `/remind pause` stops until you resume.")
        return await self._not_before(learner, course, lambda book: day_after(days, self._now(), book.clock))

    async def not_this_week(self, learner: int, course: str) -> list[Wish]:
        """Nothing until next Monday, on the learner's clock."""
        return await self._not_before(learner, course, lambda book: next_monday(self._now(), book.clock))

    async def _not_before(self, learner: int, course: str | None, until: Callable[[Book], datetime]) -> list[Wish]:
        book = await self._some(learner, course)
        running = [each.course for each in self._chosen(book, course) if each.state is Reminding.ON]
        if not running:
            raise NotFound(OFF if course else "None of your reminders is on, so there is nothing to put off.")
        return self._seen(await self._rows.change(learner, running, Reminding.ON, until(book), "it was put off"))

    async def later(self, learner: int, course: str, day: str, message: int) -> datetime:
        """Once more today, in three hours. Returns when. Raises ``Stale`` or ``NotAllowed`` where that can't be."""
        at = self._now() + AGAIN
        if day == "test":
            raise NotAllowed("This was the test message: your reminders come at their own time.")
        try:
            on = date.fromisoformat(day)
        except ValueError:
            raise Stale("This button can't be read. `/remind snooze` puts reminders off.") from None
        match await self._rows.again(learner, course, on, message, at):
            case "":
                return at
            case "off":
                raise NotAllowed(OFF)
            case "twice":
                raise NotAllowed("Later works once for each reminder. `/remind snooze` puts them off for longer.")
            case "soon":
                raise NotAllowed("Your next reminder comes within three hours anyway.")
            case _:
                raise Stale("A newer reminder has come since. `/remind snooze` puts reminders off.")

    async def _some(self, learner: int, course: str | None = None) -> Book:
        book = await self._rows.book(learner)
        if not book.reminders:
            raise NotFound(NONE)
        if course and not book.of(course):
            raise NotFound(f"You have no reminder for {self._reminders.code(course)}. `/remind list` shows yours.")
        return book

    @staticmethod
    def _chosen(book: Book, course: str | None) -> list[Reminder]:
        return [each for each in book.reminders if course in (None, each.course)]

    def _seen(self, book: Book) -> list[Wish]:
        now = self._now()
        wishes = []
        for each in book.reminders:
            runs = each.state is Reminding.ON
            upcoming_at = first_of(book, each, now) if runs else None
            snoozed = runs and each.since - now > timedelta(seconds=2) and not book.open
            wishes.append(Wish(self._reminders.code(each.course), each, book.zone, upcoming_at, snoozed))
        return wishes


async def _at_once() -> bool:
    return True
