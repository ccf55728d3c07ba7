"""What is remembered about cohorts and their digests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.core.calendar.slots import Schedule, Slot, slot_of, slots_after
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.sqlite.database import Database, Transaction


class Switch(StrEnum):
    """Whether a digest is posted: by an administrator's wish, or suspended by what Discord allows."""

    ON = "on"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Cohort:
    """The cohort of a course in a server. ``due`` is the slot that is to be served next, as an instant."""

    server: int
    course: str
    channel: int
    schedule: Schedule
    state: Switch
    due: datetime
    reason: str | None = None
    seen: str | None = None
    told: bool = False
    set_by: int | None = None
    thread: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """How the digest of a week ended: ``posted`` with its message, or not, and why."""

    week: str
    slot: datetime
    posted: bool
    channel: int | None
    message: int | None
    posted_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A digest that was claimed and has not ended. ``tried``: when its sending began, ``channel``: where."""

    slot: Slot
    tried: datetime | None
    channel: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to post one digest in ``channel``.

    ``tried`` tells when an earlier attempt began to send, and ``tried_in`` where: its message may be there.
    """

    server: int
    course: str
    channel: int
    slot: Slot
    owner: str
    attempts: int
    tried: datetime | None
    tried_in: int | None


class Cohorts:
    """Cohorts, their schedules and the receipts of their digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_server(self, server: int) -> list[Cohort]:
        return [_cohort((server, *row)) for row in await self._database.read("cohorts", server=server)]

    async def save(self, cohort: Cohort) -> None:
        """Set a cohort up anew; a suspension and its reason are forgotten. Its course becomes the server's."""
        async with self._database.transaction() as transaction:
            await transaction.run(
                "set_cohort",
                server=cohort.server,
                course=cohort.course,
                channel=cohort.channel,
                thread=int(cohort.thread),
                day=cohort.schedule.day,
                minute=cohort.schedule.minute,
                zone=cohort.schedule.zone,
                state=cohort.state,
                due_at=seconds(cohort.due),
                set_by=cohort.set_by,
            )
            await transaction.run("set_server_course", server=cohort.server, course=cohort.course)

    async def one(self, server: int, course: str) -> Cohort | None:
        return next((cohort for cohort in await self.of_server(server) if cohort.course == course), None)

    async def switch(self, server: int, course: str, state: Switch, due: datetime | None) -> None:
        """Switch a digest; ``due`` None leaves the slot that is to be served as it is."""
        due_at = None if due is None else seconds(due)
        await self._database.write("switch_cohort", server=server, course=course, state=state, due_at=due_at)

    async def suspend(self, cohort: Cohort, reason: str, seen: str) -> None:
        """Suspend a digest that is on in this very channel. ``seen`` is what Discord allows there now."""
        await self._database.write(
            "suspend_cohort",
            server=cohort.server,
            course=cohort.course,
            channel=cohort.channel,
            reason=reason,
            seen=seen,
        )

    async def resume(self, cohort: Cohort) -> bool:
        """Go on with a digest that is suspended in this very channel; False where that is not so any more."""
        rows = await self._database.write(
            "resume_cohort", server=cohort.server, course=cohort.course, channel=cohort.channel
        )
        return bool(rows)

    async def set_told(self, server: int, course: str) -> None:
        """Whoever set the digest up knows that it is suspended."""
        await self._database.write("told", server=server, course=course)

    async def due(self, now: datetime, most: int) -> list[Cohort]:
        """At most ``most`` cohorts whose slot has come, the oldest first."""
        return [_cohort(row) for row in await self._database.read("due_cohorts", now=seconds(now), most=most)]

    async def suspended(self) -> list[Cohort]:
        return [_cohort(row) for row in await self._database.read("suspended_cohorts")]

    async def unfinished(self, server: int, course: str) -> Unfinished | None:
        """The oldest digest that was claimed and has not ended."""
        rows = await self._database.read("unfinished_digest", server=server, course=course)
        if not rows:
            return None
        week, slot_at, tried_at, channel = rows[0]
        return Unfinished(slot_of(week, from_seconds(slot_at)), _moment(tried_at), channel)

    async def claim(self, cohort: Cohort, slot: Slot, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Claim the digest of a week.

        None while somebody else holds it, while it waits, when it has ended, or when the cohort was changed meanwhile.
        """
        key = {"server": cohort.server, "course": cohort.course}
        async with self._database.transaction() as transaction:
            at_present = await transaction.run("cohort_now", **key)
            if not at_present or (at_present[0][0], at_present[0][4]) != (cohort.channel, Switch.ON):
                return None
            rows = await transaction.run("digest_row", **key, week=slot.week)
            attempts, tried_at, tried_in = 0, None, None
            if rows:
                state, lease_until, attempts, tried_at, next_try_at, tried_in = rows[0]
                if state != "claimed" or max(lease_until or 0, next_try_at or 0) > seconds(now):
                    return None
            await transaction.run(
                "claim_digest",
                **key,
                week=slot.week,
                slot_at=seconds(slot.at),
                owner=owner,
                lease_until=seconds(now + lease),
            )
        return Claim(
            cohort.server, cohort.course, cohort.channel, slot, owner, attempts + 1, _moment(tried_at), tried_in
        )

    async def begin_sending(self, claim: Claim, now: datetime, lease: timedelta) -> bool:
        """Note, durably, that a message may exist from now on. False where the claim was lost to somebody else."""
        rows = await self._database.write(
            "begin_sending",
            **_key(claim),
            owner=claim.owner,
            now=seconds(now),
            lease_until=seconds(now + lease),
            channel=claim.channel,
        )
        return bool(rows)

    async def retry(self, claim: Claim, at: datetime, reason: str) -> None:
        """Give the claim back; it can be taken again from ``at`` on."""
        await self._database.write(
            "retry_digest", **_key(claim), owner=claim.owner, next_try_at=seconds(at), reason=reason
        )

    async def posted(self, cohort: Cohort, slot: Slot, message: int, at: datetime, reason: str | None) -> None:
        """The receipt: the message is there. The cohort's next slot is the first after this one."""
        async with self._database.transaction() as transaction:
            await transaction.run(
                "digest_posted",
                server=cohort.server,
                course=cohort.course,
                week=slot.week,
                message=message,
                now=seconds(at),
                reason=reason,
            )
            await _advance(transaction, cohort.server, cohort.course, slot.at)

    async def skipped(self, cohort: Cohort, slots: Iterable[Slot], reason: str) -> None:
        """Record that slots were not served, and why. The cohort's next slot is the first after them."""
        async with self._database.transaction() as transaction:
            for slot in slots:
                await transaction.run(
                    "digest_skipped",
                    server=cohort.server,
                    course=cohort.course,
                    week=slot.week,
                    slot_at=seconds(slot.at),
                    reason=reason,
                )
                await _advance(transaction, cohort.server, cohort.course, slot.at)

    async def set_due(self, cohort: Cohort, due: datetime) -> None:
        """The slot to be served next, where the rules of a zone have moved it."""
        await self._database.write("set_due", server=cohort.server, course=cohort.course, due_at=seconds(due))

    async def last(self, server: int, course: str) -> Receipt | None:
        """How the newest digest that has ended did end."""
        rows = await self._database.read("last_digest", server=server, course=course)
        if not rows:
            return None
        week, slot, state, channel, message, posted_at, reason = rows[0]
        when = None if posted_at is None else from_seconds(posted_at)
        return Receipt(week, from_seconds(slot), state == "posted", channel, message, when, reason)

    async def ended_weeks(self, server: int, course: str, since: datetime) -> frozenset[str]:
        """The weeks since ``since`` whose digest was posted or skipped."""
        rows = await self._database.read("weeks_of_digests", server=server, course=course, since=seconds(since))
        return frozenset(week for week, state in rows if state != "claimed")


async def _advance(transaction: Transaction, server: int, course: str, served: datetime) -> None:
    """Set the first slot after ``served`` whose week has no digest yet, by the schedule of this moment."""
    rows = await transaction.run("cohort_now", server=server, course=course)
    if not rows:
        return
    _, day, minute, zone, _ = rows[0]
    since = seconds(served - timedelta(days=14))
    found = await transaction.run("weeks_of_digests", server=server, course=course, since=since)
    ended = {week for week, state in found if state != "claimed"}
    due = next(slot.at for slot in slots_after(Schedule(day, minute, zone), served) if slot.week not in ended)
    await transaction.run("set_due", server=server, course=course, due_at=seconds(due))


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else from_seconds(stored)


def _key(claim: Claim) -> dict[str, Any]:
    return {"server": claim.server, "course": claim.course, "week": claim.slot.week}


def _cohort(row: Sequence[Any]) -> Cohort:
    server, course, channel, day, minute, zone, state, due_at, reason, seen, told, set_by, thread = row
    schedule = Schedule(day, minute, zone)
    return Cohort(
        server, course, channel, schedule, Switch(state), from_seconds(due_at), reason, seen,
        bool(told), set_by, bool(thread),
    )  # fmt: skip
