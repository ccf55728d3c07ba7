"""Reminders by direct message: asked for, sent at most once a day, and never to anybody who did not ask."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from bot.core.calendar.slots import Slot
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.progress import Progress
from bot.core.plan.reminders import Rhythm, after, next_slot, slots_due
from bot.store import Store
from bot.store.reminder_rows import Book, Claim, Reminder, Reminding
from bot.study.digest_posting import LATE, LEASE, SKEW, Later, Refused, pause_after
from bot.study.plans import Plans
from bot.study.reminder_message import Letter, Mailbox
from bot.study.reviews import Reviews

ReminderOutcome = Literal["sent", "late", "skipped", "suspended", "retried"]
Count = Callable[[ReminderOutcome], None]
"""Told what became of each reminder, or of one attempt at it."""

LAPSE = timedelta(hours=12)
"""A reminder that is later than this is not sent any more."""
TOO_LATE = "it was more than 12 hours late"


def uncounted(_: ReminderOutcome) -> None:
    """Nobody counts."""


class Reminders:
    """What is due, and how it is sent. The rows remember; a clock only asks."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        plans: Plans,
        reviews: Reviews,
        *,
        now: Callable[[], datetime],
        count: Count = uncounted,
    ) -> None:
        self._store = store
        self._plans = plans
        self._reviews = reviews
        self._rows = store.reminders
        self._catalogue = catalogue
        self._now = now
        self._count = count
        self.owner = secrets.token_hex(8)
        self.news: set[int] = set()
        """Who is to be told, at their next command, that their reminders are suspended; as of the last ``look``."""

    async def look(self) -> None:
        """Find out who has not been told yet that their reminders are suspended, by whichever process."""
        self.news = await self._rows.news()

    async def tell(self, learner: int) -> list[tuple[str, str]]:
        """Codes of the courses whose reminders are suspended, with why; once for each, whoever asks first."""
        self.news.discard(learner)
        return [(self.code(course), reason) for course, reason in await self._rows.tell(learner)]

    def code(self, course: str) -> str:
        """The code of a course, also of one that the bot no longer has."""
        found = self._catalogue.courses.get(course)
        return found.code if found else course.upper()

    async def due(self, most: int) -> list[int]:
        """Learners whose reminder has come, the oldest first."""
        return list(dict.fromkeys(await self._rows.due(self._now(), most)))

    async def serve(self, learner: int, mailbox: Mailbox) -> None:
        """Send what is due for a learner, or note why not. One message a day, however often this is called.

        What an unexpected failure leaves behind is a claim whose lease runs out: the next call goes on from there.
        """
        while await self._step(await self._rows.book(learner), mailbox):
            """Something was noted that lets what comes after it have its turn."""

    async def _step(self, book: Book, mailbox: Mailbox) -> bool:
        """Do what comes first. Returns whether to look again."""
        now = self._now()
        if book.open:
            return await self._go_on(book, mailbox, now)
        due = [each for each in book.reminders if each.state is Reminding.ON and each.due <= now]
        if not due:
            return False
        reminder = min(due, key=lambda each: (each.due, each.course))
        slots = slots_due(reminder.rhythm, book.clock, reminder.since, now, book.last)
        if not slots:  # the day is taken, or the rules of the zone have moved it
            return await self._skip(reminder, [], "")
        *older, slot = slots
        if older:
            return await self._skip(reminder, older, "the bot was not running")
        if why := self._hindrance(reminder, slot, now) or await self._absence(reminder, slot):
            return await self._skip(reminder, [slot], why)
        claim = await self._rows.claim(reminder, slot, owner=self.owner, now=now, lease=LEASE)
        if claim:
            await self._send(book, claim, mailbox)
        return False

    def _hindrance(self, reminder: Reminder, slot: Slot, now: datetime) -> str:
        """Why a slot can't be served any more; empty where it can."""
        if now - slot.at >= LAPSE:
            return TOO_LATE
        return "" if reminder.course in self._catalogue.courses else "the bot no longer has this course"

    async def _absence(self, reminder: Reminder, slot: Slot) -> str:
        """Why a learner is not to be reminded on that day; empty where they are."""
        if await self._plans.is_away(reminder.learner, slot.on):
            return "a day away"
        course = self._catalogue.courses[reminder.course]
        ticks = await self._store.ticks(reminder.learner, course.id)
        if Progress(course, ticks).next() or not await self._reviews.recall(reminder.learner, course):
            return ""
        # All is read; what is left are cards that come back.
        return "" if await self._reviews.due(reminder.learner, course) else "no card was due"

    async def _go_on(self, book: Book, mailbox: Mailbox, now: datetime) -> bool:
        """Go on with what was claimed and has not ended."""
        going_on = book.open
        reminder = book.of(going_on.course) if going_on else None
        if going_on is None or reminder is None or reminder.state is not Reminding.ON:
            return False
        why = self._hindrance(reminder, going_on.slot, now)
        if why and not going_on.tried:
            return await self._skip(reminder, [going_on.slot], why)
        claim = await self._rows.claim(reminder, going_on.slot, owner=self.owner, now=now, lease=LEASE)
        if claim and why:
            return await self._end(claim, mailbox, why)
        if claim:
            await self._send(book, claim, mailbox)
        return False

    async def _end(self, claim: Claim, mailbox: Mailbox, why: str) -> bool:
        """It is too late for it: keep the receipt of an attempt that nobody knows the end of, else skip it."""
        try:
            message = await self._find(claim, mailbox)
        except Later as later:
            await self._put_off(claim, later)
            return False
        except Refused:
            message = None
        if message is None or claim.tried is None:
            return await self._skip(claim.reminder, [claim.slot], why)
        return await self._receipt(claim, message, claim.tried, over=None)

    async def _send(self, book: Book, claim: Claim, mailbox: Mailbox) -> None:
        reminder, sent = claim.reminder, self._now()
        course = self._catalogue.courses[reminder.course]
        late = claim.slot.at if sent - claim.slot.at >= LATE else None
        letter = await self.letter(reminder.learner, course, _mark(claim), reminder.rhythm, book.zone, late_since=late)
        try:
            message = await self._find(claim, mailbox)
            if message is not None and claim.tried:
                sent = claim.tried
            else:
                message = await mailbox.send(
                    reminder.channel, letter, lambda: self._rows.begin_sending(claim, self._now(), LEASE)
                )
        except Later as later:
            await self._put_off(claim, later)
        except Refused as refused:
            await self._rows.suspend(claim, str(refused))
            self.news.add(reminder.learner)
            self._count("suspended")
        else:
            if message is not None:
                over = None if letter.node or letter.due else f"all of {course.code} is done"
                await self._receipt(claim, message, sent, over=over)

    async def letter(
        self,
        learner: int,
        course: Course,
        mark: str,
        rhythm: Rhythm,
        zone: str | None,
        *,
        late_since: datetime | None = None,
        first: datetime | None = None,
    ) -> Letter:
        """What a reminder says now."""
        progress = Progress(course, await self._store.ticks(learner, course.id))
        week = await self._plans.this_week(learner, course)
        due = await self._reviews.due(learner, course)
        return Letter(learner, progress, progress.next(), mark, rhythm, zone, late_since, first, week, due)

    async def _find(self, claim: Claim, mailbox: Mailbox) -> int | None:
        """The message of an earlier attempt, if there was one."""
        if claim.tried is None:
            return None
        return await mailbox.find(claim.reminder.channel, _mark(claim), claim.tried - SKEW)

    async def _put_off(self, claim: Claim, later: Later) -> None:
        await self._rows.retry(claim, self._now() + pause_after(claim.attempts, later), str(later))
        self._count("retried")

    async def _receipt(self, claim: Claim, message: int, sent: datetime, *, over: str | None) -> bool:
        late: Literal["late"] | None = "late" if sent - claim.slot.at >= LATE else None
        await self._rows.sent(claim, message, sent, late, over=over)
        self._count(late or "sent")
        return True

    async def _skip(self, reminder: Reminder, slots: list[Slot], reason: str) -> bool:
        await self._rows.skipped(reminder, slots, reason)
        for _ in slots:
            self._count("skipped")
        return True


def first_of(book: Book, reminder: Reminder, now: datetime) -> datetime:
    """When a reminder that is on comes next."""
    if book.open and book.open.course == reminder.course:
        return max(book.open.slot.at, now)
    return next_slot(reminder.rhythm, book.clock, max(reminder.since, after(now)), book.last).at


def _mark(claim: Claim) -> str:
    return f"{claim.reminder.course}:{claim.slot.on}:{claim.number}"
