"""Scheduled messages of every kind: claims, attempts and receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.engine import Engine, Statements

S = TypeVar("S")
S_contra = TypeVar("S_contra", contravariant=True)


class ScheduleState(StrEnum):
    """The state of a schedule, set by its owner, or suspended because Discord rejects its messages."""

    ON = "on"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Key:
    """Identifies the deliveries of one kind and series, for a server or a learner (the other is 0).

    Slots are unique per key.
    """

    kind: str
    server: int = 0
    learner: int = 0
    series: str = ""

    @property
    def values(self) -> dict[str, Any]:
        return {"server": self.server, "learner": self.learner, "kind": self.kind, "series": self.series}


@dataclass(frozen=True, slots=True)
class DueSlot:
    """A message that is due ``at`` an instant. ``name`` is its ISO week, local date or number."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivery that was claimed and has not ended. ``tried`` is when its last attempt began, ``channel`` where."""

    slot: DueSlot
    course: str
    attempts: int = 0
    tried: datetime | None = None
    channel: int | None = None
    repeated: bool = False
    next_try: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one delivery.

    ``tried`` and ``tried_in`` are the time and channel of an earlier attempt, whose message may exist.
    """

    key: Key
    slot: DueSlot
    owner: str
    attempts: int
    tried: datetime | None
    tried_in: int | None
    repeated: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return {**self.key.values, "slot": self.slot.name}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The end of a delivery: sent with its message, or skipped with a reason. A sent one may have the reason "late"."""

    slot: DueSlot
    sent: bool
    channel: int | None
    message: int | None
    sent_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class StuckDelivery:
    """A delivery whose last attempt failed."""

    kind: str
    server: int
    learner: int
    course: str
    due: datetime
    attempts: int
    next_try: datetime | None
    reason: str


class Schedules(Protocol[S_contra]):
    """How a kind reads and updates its schedules inside the transactions of deliveries."""

    reopens_skipped: bool
    """Whether a slot that was skipped before any attempt can be claimed after all."""

    def is_current(self, statements: Statements, schedule: S_contra) -> bool:
        """Return whether the schedule is on and unchanged since it was read."""

    def advance(self, statements: Statements, schedule: S_contra, served: Sequence[DueSlot], over: str | None) -> None:
        """Set when the schedule is due next. If ``over`` (a reason) is given, pause it."""


class Deliveries:
    """The rows of deliveries."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def open(self, key: Key) -> OpenDelivery | None:
        """Return the oldest delivery of a key that was claimed and has not ended."""
        return open_delivery(await self._engine.read("open_delivery", **key.values))

    async def open_keys(self, kind: str, now: datetime, most: int) -> list[Key]:
        """Return keys with an open delivery that is neither held by an attempt nor waiting, oldest first."""
        rows = await self._engine.read("open_keys", kind=kind, now=seconds(now), most=most)
        return [Key(kind, server, learner, series) for server, learner, series in rows]

    async def last(self, key: Key) -> Receipt | None:
        """Return the newest delivery that has ended."""
        rows = await self._engine.read("last_delivery", **key.values)
        if not rows:
            return None
        slot, slot_at, state, channel, message, sent_at, reason = rows[0]
        return Receipt(DueSlot(slot, from_seconds(slot_at)), state == "sent", channel, message, moment(sent_at), reason)

    async def ended(self, key: Key, since: datetime) -> frozenset[str]:
        """Return the names of the slots since ``since`` that were sent or skipped."""
        rows = await self._engine.read("ended_slots", **key.values, since=seconds(since))
        return frozenset(slot for (slot,) in rows)

    async def stuck(self, most: int = 20) -> list[StuckDelivery]:
        """Return deliveries whose last attempt failed, oldest first."""
        return [
            StuckDelivery(kind, server, learner, course, from_seconds(slot_at), attempts, moment(next_try_at), reason)
            for kind, server, learner, course, slot_at, attempts, next_try_at, reason in await self._engine.read(
                "stuck_deliveries", most=most
            )
        ]

    async def claim(
        self, schedules: Schedules[S], schedule: S, key: Key, slot: DueSlot, course: str,
        *, owner: str, now: datetime, lease: timedelta,
    ) -> Claim | None:  # fmt: skip
        """Claim a slot. Return None if it is held, waits or has ended, or if the schedule has changed."""

        def work(statements: Statements) -> Claim | None:
            if not schedules.is_current(statements, schedule):
                return None
            attempts, tried_at, tried_in, repeated = 0, None, None, 0
            if rows := statements.run("delivery_row", **key.values, slot=slot.name):
                state, lease_until, attempts, tried_at, next_try_at, tried_in, repeated = rows[0]
                if state == "sent" or (state == "skipped" and (tried_at or not schedules.reopens_skipped)):
                    return None
                if max(lease_until or 0, next_try_at or 0) > seconds(now):
                    return None
            statements.run(
                "claim_delivery", **key.values, slot=slot.name, course=course, slot_at=seconds(slot.at),
                owner=owner, lease_until=seconds(now + lease),
            )  # fmt: skip
            return Claim(key, slot, owner, attempts + 1, moment(tried_at), tried_in, bool(repeated))

        return await self._engine.transact(work)

    async def begin(self, claim: Claim, channel: int, now: datetime, lease: timedelta) -> bool:
        """Record, durably, that a message may exist from now on. Return False if the claim was lost or has ended."""
        rows = await self._engine.write(
            "begin_delivery", **claim.values, owner=claim.owner, now=seconds(now),
            lease_until=seconds(now + lease), channel=channel,
        )  # fmt: skip
        return bool(rows)

    async def retry(self, claim: Claim, at: datetime, reason: str) -> None:
        """Release the claim. It can be taken again from ``at`` on."""
        await self._engine.write(
            "retry_delivery", **claim.values, owner=claim.owner, next_try_at=seconds(at), reason=reason
        )

    async def sent(
        self, schedules: Schedules[S], schedule: S, claim: Claim, message: int, at: datetime, reason: str | None,
        *, over: str | None, keep_since: datetime | None,
    ) -> None:  # fmt: skip
        """Store the receipt and advance the schedule. Receipts from before ``keep_since`` are deleted."""

        def work(statements: Statements) -> None:
            rows = statements.run(
                "delivery_sent", **claim.values, message=message, now=seconds(at), reason=reason,
                repeated=int(claim.repeated),
            )  # fmt: skip
            if rows:
                schedules.advance(statements, schedule, [claim.slot], over)
                if keep_since is not None:
                    statements.run("drop_old_deliveries", **claim.key.values, before=seconds(keep_since))

        await self._engine.transact(work)

    async def skip(
        self, schedules: Schedules[S], schedule: S, key: Key, course: str, slots: Sequence[DueSlot], reason: str
    ) -> None:
        """Record that slots were skipped, and why. Without slots, only recompute when the schedule is due."""

        def work(statements: Statements) -> None:
            for slot in slots:
                statements.run(
                    "delivery_skipped", **key.values, slot=slot.name, course=course, slot_at=seconds(slot.at),
                    reason=reason,
                )  # fmt: skip
            schedules.advance(statements, schedule, slots, None)

        await self._engine.transact(work)


def open_delivery(rows: Sequence[Sequence[Any]]) -> OpenDelivery | None:
    """Return the delivery in the first row of ``open_delivery``, if there is one."""
    if not rows:
        return None
    slot, slot_at, course, attempts, tried_at, channel, repeated, next_try_at, reason = rows[0]
    return OpenDelivery(
        DueSlot(slot, from_seconds(slot_at)), course, attempts, moment(tried_at), channel, bool(repeated),
        moment(next_try_at), reason,
    )  # fmt: skip


def moment(stored: int | None) -> datetime | None:
    """Convert stored seconds to a datetime; None stays None."""
    return None if stored is None else from_seconds(stored)
