"""What is remembered about cohorts and their digests."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.core.digest import Learner, Mark
from bot.core.slot import Schedule, Slot
from bot.store.database import Database
from bot.store.moments import from_seconds, seconds


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
class Claim:
    """The right to post one digest. ``again``: when an earlier attempt began to send, whose message may be there."""

    server: int
    course: str
    slot: Slot
    owner: str
    attempts: int
    again: datetime | None


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
                day=cohort.schedule.day,
                minute=cohort.schedule.minute,
                zone=cohort.schedule.zone,
                state=cohort.state,
                due_at=seconds(cohort.due),
                set_by=cohort.set_by,
            )
            await transaction.run("set_server_course", server=cohort.server, course=cohort.course)

    async def set_state(
        self,
        server: int,
        course: str,
        state: Switch,
        *,
        due: datetime | None = None,
        reason: str | None = None,
        seen: str | None = None,
    ) -> bool:
        """Switch a digest; False where there is none. ``seen`` is what Discord allowed when it was suspended."""
        rows = await self._database.write(
            "set_cohort_state",
            server=server,
            course=course,
            state=state,
            due_at=None if due is None else seconds(due),
            reason=reason,
            seen=seen,
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

    async def claim(self, cohort: Cohort, slot: Slot, *, owner: str, now: datetime, lease: timedelta) -> Claim | None:
        """Claim the digest of a week; None while somebody else holds it, while it waits, or when it has ended."""
        key = {"server": cohort.server, "course": cohort.course, "week": slot.week}
        async with self._database.transaction() as transaction:
            rows = await transaction.run("digest_row", **key)
            attempts, again = 0, None
            if rows:
                state, _, lease_until, attempts, tried_at, next_try_at, _ = rows[0]
                if state != "claimed" or max(lease_until or 0, next_try_at or 0) > seconds(now):
                    return None
                again = None if tried_at is None else from_seconds(tried_at)
            await transaction.run(
                "claim_digest",
                **key,
                slot_at=seconds(slot.at),
                owner=owner,
                lease_until=seconds(now + lease),
                now=None,
                channel=cohort.channel,
            )
        return Claim(cohort.server, cohort.course, slot, owner, attempts + 1, again)

    async def begin_sending(self, claim: Claim, now: datetime, lease: timedelta) -> bool:
        """Note, durably, that a message may exist from now on. False where the claim was lost to somebody else."""
        rows = await self._database.write(
            "begin_sending", **_key(claim), owner=claim.owner, now=seconds(now), lease_until=seconds(now + lease)
        )
        return bool(rows)

    async def retry(self, claim: Claim, at: datetime, reason: str) -> None:
        """Give the claim back; it can be taken again from ``at`` on."""
        await self._database.write(
            "retry_digest", **_key(claim), owner=claim.owner, next_try_at=seconds(at), reason=reason
        )

    async def posted(self, claim: Claim, message: int, next_due: datetime, now: datetime, reason: str | None) -> None:
        """The receipt: the message is there, and the cohort's next slot is ``next_due``."""
        async with self._database.transaction() as transaction:
            await transaction.run("digest_posted", **_key(claim), message=message, now=seconds(now), reason=reason)
            await self._advance(transaction, claim.server, claim.course, next_due)

    async def skipped(self, cohort: Cohort, slots: Iterable[Slot], next_due: datetime, reason: str) -> None:
        """Record that slots were not served, and why."""
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
            await self._advance(transaction, cohort.server, cohort.course, next_due)

    @staticmethod
    async def _advance(transaction: Any, server: int, course: str, due: datetime) -> None:
        await transaction.run("advance_cohort", server=server, course=course, due_at=seconds(due))

    async def last(self, server: int, course: str) -> Receipt | None:
        """How the newest digest that has ended did end."""
        rows = await self._database.read("last_digest", server=server, course=course)
        if not rows:
            return None
        week, slot, state, channel, message, posted_at, reason = rows[0]
        when = None if posted_at is None else from_seconds(posted_at)
        return Receipt(week, from_seconds(slot), state == "posted", channel, message, when, reason)

    async def settled_weeks(self, server: int, course: str, since: datetime) -> frozenset[str]:
        """The weeks since ``since`` that have a digest, under way or ended: none may get a second one."""
        rows = await self._database.read("weeks_of_digests", server=server, course=course, since=seconds(since))
        return frozenset(week for week, _ in rows)

    async def ended_weeks(self, server: int, course: str, since: datetime) -> frozenset[str]:
        """The weeks since ``since`` whose digest was posted or skipped."""
        rows = await self._database.read("weeks_of_digests", server=server, course=course, since=seconds(since))
        return frozenset(week for week, state in rows if state != "claimed")

    async def learners(self, server: int, course: str, now: datetime) -> tuple[list[Learner], frozenset[int]]:
        """The visible members of a cohort with their ticks, and the ids of those who had left the server."""
        rows = await self._database.read("learners_of_cohort", server=server, course=course, now=seconds(now))
        learners = [_learner(row) for row in rows]
        return learners, frozenset(row[0] for row in rows if row[3])

    async def mark_gone(
        self, server: int, course: str, gone: Collection[int], back: Collection[int], now: datetime
    ) -> None:
        """Keep what Discord says about who is still in the server."""
        await self._database.write(
            "mark_gone",
            server=server,
            course=course,
            gone=json.dumps(sorted(gone)),
            back=json.dumps(sorted(back)),
            now=seconds(now),
        )

    async def set_away(self, server: int, course: str, learner: int, until: datetime | None) -> bool:
        """Note that a member is away until a moment, or back with None; False where they aren't a member."""
        until_at = None if until is None else seconds(until)
        rows = await self._database.write(
            "set_away", server=server, course=course, learner=learner, away_until=until_at
        )
        return bool(rows)

    async def set_exam(self, learner: int, course: str, on: date, *, shared: bool) -> None:
        await self._database.write(
            "set_exam", learner=learner, course=course, exam_on=on.isoformat(), shared=int(shared)
        )

    async def exam(self, learner: int, course: str) -> tuple[date, bool] | None:
        """The exam date of a learner and whether it is shared."""
        rows = await self._database.read("exam_of", learner=learner, course=course)
        return (date.fromisoformat(rows[0][0]), bool(rows[0][1])) if rows else None

    async def clear_exam(self, learner: int, course: str) -> bool:
        return bool(await self._database.write("clear_exam", learner=learner, course=course))

    async def known_servers(self) -> frozenset[int]:
        return frozenset(server for (server,) in await self._database.read("known_servers"))

    async def removed_servers(self) -> frozenset[int]:
        return frozenset(server for (server,) in await self._database.read("removed_servers"))

    async def server_removed(self, server: int, now: datetime) -> None:
        """The server removed the bot; nothing is deleted yet."""
        await self._database.write("server_removed", server=server, now=seconds(now))

    async def server_back(self, server: int) -> None:
        await self._database.write("server_back", server=server)

    async def purge(self, removed_before: datetime) -> list[int]:
        """Delete what belongs to servers that removed the bot before a moment. Ticks belong to people and stay."""
        async with self._database.transaction() as transaction:
            servers = [
                server for (server,) in await transaction.run("servers_to_purge", before=seconds(removed_before))
            ]
            for server in servers:
                for query in ("purge_cohort", "purge_digest", "purge_member", "purge_server"):
                    await transaction.run(query, server=server)
        return servers


def _key(claim: Claim) -> dict[str, Any]:
    return {"server": claim.server, "course": claim.course, "week": claim.slot.week}


def _cohort(row: Sequence[Any]) -> Cohort:
    server, course, channel, day, minute, zone, state, due_at, reason, seen, told, set_by = row
    return Cohort(
        server, course, channel, Schedule(day, minute, zone), Switch(state), from_seconds(due_at), reason, seen,
        bool(told), set_by,
    )  # fmt: skip


def _learner(row: Sequence[Any]) -> Learner:
    learner, joined_at, away, _, packed, exam_on = row
    words = packed.split(" ") if packed else []
    marks: list[Mark] = list(zip(words[0::3], map(int, words[1::3]), map(int, words[2::3]), strict=True))
    return Learner(
        learner, from_seconds(joined_at), marks, bool(away), None if exam_on is None else date.fromisoformat(exam_on)
    )
