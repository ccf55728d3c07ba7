"""What is done about reminders in the database: setting, claiming, receipts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import Slot
from bot.core.calendar.timestamps import seconds
from bot.core.plan.reminders import Rhythm, after, next_slot
from bot.store.reminder_rows import UTC, Book, Claim, Reminder, Reminding, book_of, moment
from bot.store.sqlite.connection import Statements
from bot.store.sqlite.database import Database

KEPT = timedelta(days=60)
"""Receipts that are older than this are dropped when the next one is kept."""


class Reminders:
    """Reminders, their schedules and their receipts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, learner: int) -> Book:
        return book_of(learner, await self._database.read("reminders_of", learner=learner))

    async def save(self, learner: int, course: str, rhythm: Rhythm, channel: int, now: datetime) -> Book:
        """Set a reminder, from now on. Others that Discord had suspended go on: direct messages are open again."""

        def work(statements: Statements) -> Book:
            statements.run("end_open_reminder", learner=learner, course=course, reason="it was set anew")
            book = _read(statements, learner)
            zone = book.clock if book.reminders else _zone(statements, learner)
            since = after(now)
            statements.run(
                "set_reminder",
                learner=learner,
                course=course,
                days=rhythm.bits,
                minute=rhythm.minute,
                due_at=seconds(next_slot(rhythm, zone, since, book.last).at),
                since_at=seconds(since),
                channel=channel,
            )
            for other in book.reminders:
                if other.course != course and other.state is Reminding.SUSPENDED:
                    _set(statements, book, other, Reminding.ON, since)
            return _read(statements, learner)

        return await self._database.transact(work)

    async def change(self, learner: int, courses: Iterable[str], state: Reminding, since: datetime, why: str) -> Book:
        """Put reminders into a state; what comes before ``since`` is over, and what is open has ended."""

        def work(statements: Statements) -> Book:
            for course in courses:
                statements.run("end_open_reminder", learner=learner, course=course, reason=why)
                book = _read(statements, learner)
                if reminder := book.of(course):
                    _set(statements, book, reminder, state, since)
            return _read(statements, learner)

        return await self._database.transact(work)

    async def due(self, now: datetime, most: int) -> list[int]:
        """At most ``most`` learners whose reminder has come, the oldest first; one with several may be there twice."""
        return [learner for (learner,) in await self._database.read("due_reminders", now=seconds(now), most=most)]

    async def claim(
        self, reminder: Reminder, slot: Slot, *, owner: str, now: datetime, lease: timedelta
    ) -> Claim | None:
        """Claim the reminder of a day.

        None while somebody else holds it, while it waits, when the day is taken, or when anything was changed since.
        """
        learner, day = reminder.learner, slot.on.isoformat()

        def work(statements: Statements) -> Claim | None:
            book = _read(statements, learner)
            if book.of(reminder.course) != reminder or reminder.state is not Reminding.ON:
                return None
            rows = statements.run("reminded_row", learner=learner, day=day)
            attempts, tried_at, number = 0, None, 1
            if rows and rows[0][0] == "claimed":
                _, lease_until, attempts, tried_at, next_try_at, _, again, _ = rows[0]
                if book.open is None or book.open.course != reminder.course:
                    return None
                if max(lease_until or 0, next_try_at or 0) > seconds(now):
                    return None
                number += again
            elif book.open or (book.last and slot.on <= book.last):
                return None
            statements.run(
                "claim_reminder",
                learner=learner,
                day=day,
                course=reminder.course,
                slot_at=seconds(slot.at),
                owner=owner,
                lease_until=seconds(now + lease),
            )
            return Claim(reminder, slot, owner, attempts + 1, moment(tried_at), number)

        return await self._database.transact(work)

    async def begin_sending(self, claim: Claim, now: datetime, lease: timedelta) -> bool:
        """Note, durably, that a message may exist from now on. False where it was lost, ended or forgotten."""
        rows = await self._database.write(
            "begin_reminder", **_key(claim), now=seconds(now), lease_until=seconds(now + lease)
        )
        return bool(rows)

    async def retry(self, claim: Claim, at: datetime, reason: str) -> None:
        """Give the claim back; it can be taken again from ``at`` on."""
        await self._database.write("retry_reminder", **_key(claim), next_try_at=seconds(at), reason=reason)

    async def sent(self, claim: Claim, message: int, at: datetime, reason: str | None, *, over: str | None) -> bool:
        """The receipt: the message is there. With ``over`` (why) the reminder pauses. False where all was forgotten."""
        learner = claim.reminder.learner

        def work(statements: Statements) -> bool:
            rows = statements.run("reminder_sent", **_key(claim), message=message, now=seconds(at), reason=reason)
            if rows:
                _advance(statements, claim.reminder, [claim.slot], over)
                old = (claim.slot.on - KEPT).isoformat()
                statements.run("drop_old_reminded", learner=learner, day=old)
            return bool(rows)

        return await self._database.transact(work)

    async def skipped(self, reminder: Reminder, slots: Sequence[Slot], reason: str) -> None:
        """Record that slots were not served, and why. Without any, only work out anew when the next one is."""

        def work(statements: Statements) -> None:
            for slot in slots:
                statements.run(
                    "reminder_skipped",
                    learner=reminder.learner,
                    day=slot.on.isoformat(),
                    course=reminder.course,
                    slot_at=seconds(slot.at),
                    reason=reason,
                )
            _advance(statements, reminder, slots)

        await self._database.transact(work)

    async def again(self, learner: int, course: str, day: date, message: int, at: datetime) -> str:
        """Send the newest reminder once more at ``at``. Returns "" or why not: off, old, twice, soon."""

        def work(statements: Statements) -> str:
            book = _read(statements, learner)
            reminder = book.of(course)
            rows = statements.run("reminded_row", learner=learner, day=day.isoformat())
            if reminder is None or reminder.state is not Reminding.ON:
                return "off"
            if not rows or rows[0][7] != course or book.newest != day:
                return "old"
            if rows[0][6]:
                return "twice"
            open_here = book.open is not None and book.open.course == course
            if any(
                each.state is Reminding.ON and each.due <= at and not (open_here and each.course == course)
                for each in book.reminders
            ):
                return "soon"
            key = {"learner": learner, "day": day.isoformat()}
            statements.run("remind_again", **key, slot_at=seconds(at), message=message)
            statements.run("look_again_at", learner=learner, course=course, due_at=seconds(at))
            return ""

        return await self._database.transact(work)

    async def suspend(self, claim: Claim, reason: str) -> None:
        """No message gets through: all of the learner's reminders wait for them."""
        learner = claim.reminder.learner

        def work(statements: Statements) -> None:
            statements.run("end_open_reminder", learner=learner, course=claim.reminder.course, reason=reason)
            statements.run("suspend_reminders", learner=learner, reason=reason)

        await self._database.transact(work)

    async def news(self) -> set[int]:
        """Who has not been told yet that their reminders are suspended."""
        return {learner for (learner,) in await self._database.read("reminders_suspended")}

    async def tell(self, learner: int) -> list[tuple[str, str]]:
        """The suspended courses, with why, that the learner has not been told of; from now on they have."""
        return [
            (course, reason or "") for course, reason in await self._database.write("tell_suspended", learner=learner)
        ]


def moved(statements: Statements, learner: int, before: str | None, now: datetime) -> None:
    """The learner's clock was set: work out anew when their reminders are due. What is under way goes on."""
    book = _read(statements, learner)
    if book.zone == before:
        return
    for reminder in book.reminders:
        waits = book.open is not None and book.open.course == reminder.course
        if reminder.state is Reminding.ON and not waits:
            _set(statements, book, reminder, reminder.state, max(after(now), reminder.since))


def _set(
    statements: Statements, book: Book, reminder: Reminder, state: Reminding, since: datetime, why: str | None = None
) -> None:
    statements.run(
        "set_reminder_due",
        learner=reminder.learner,
        course=reminder.course,
        state=state,
        due_at=seconds(next_slot(reminder.rhythm, book.clock, since, book.last).at),
        since_at=seconds(since),
        reason=why,
    )


def _advance(statements: Statements, served: Reminder, slots: Sequence[Slot], over: str | None = None) -> None:
    """Set the first slot after those, by the schedule and the zone of this moment. ``over``: pause, and why."""
    book = _read(statements, served.learner)
    reminder = book.of(served.course)
    if reminder is None or reminder.state is not Reminding.ON:
        return
    since = max([reminder.since, *(after(slot.at) for slot in slots)])
    _set(statements, book, reminder, Reminding.PAUSED if over else reminder.state, since, over)


def _zone(statements: Statements, learner: int) -> ZoneInfo:
    rows = statements.run("zone_of", learner=learner)
    return ZoneInfo(rows[0][0] if rows and rows[0][0] else UTC)


def _read(statements: Statements, learner: int) -> Book:
    return book_of(learner, statements.run("reminders_of", learner=learner))


def _key(claim: Claim) -> dict[str, Any]:
    return {"learner": claim.reminder.learner, "day": claim.slot.on.isoformat(), "owner": claim.owner}
