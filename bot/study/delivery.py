"""Send scheduled messages: each is due at an instant and sent exactly once, sent late within a limit, or skipped.

A kind says what is due, what the message contains and where it goes. The rest is the same for all kinds and is
implemented here. A slot is claimed before anything is sent. The nonce and the marker are derived from the row, and the
message ID is the receipt. After a crash or a lost response, the engine looks for the marker before it sends again. It
never posts twice, even at the risk of not posting.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from bot.store import Store
from bot.store.deliveries import Claim, DueSlot, Key
from bot.study.delivery_kind import (
    BuildError,
    Content,
    Kind,
    Marker,
    Messenger,
    Pending,
    Refused,
    Unavailable,
)

log = logging.getLogger("waymark")

LEASE = timedelta(minutes=4)
"""How long a claim is valid without being renewed. An attempt to send gives up well before that."""
CLOCK_SKEW = timedelta(minutes=2)
"""The maximum difference between Discord's clock and ours."""
LATE = timedelta(minutes=30)
"""A message sent at least this long after its slot says that it is late."""
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=30)
MAX_STEPS = 100
"""Maximum number of steps in one call, more than any schedule needs. Stops a schedule that doesn't advance."""
NOT_RUNNING = "the bot was not running"

Outcome = Literal["sent", "late", "skipped", "suspended", "retried"]
Observe = Callable[[str, Outcome], None]
"""Called with the kind and the outcome of each delivery or attempt."""

S = TypeVar("S")


def unobserved(_: str, __: Outcome) -> None:
    """Ignore the outcome."""


class _UnreadableError(Unavailable):
    """The message may be in a channel that the bot can't read."""


class DeliveryEngine:
    """Deliver the messages of all kinds. State is kept in rows; a loop only asks what is due."""

    def __init__(self, store: Store, *, now: Callable[[], datetime], observe: Observe = unobserved) -> None:
        self._rows = store.deliveries
        self._now = now
        self._observe = observe
        self.owner = secrets.token_hex(8)

    async def serve(self, kind: Kind[S], key: Key, messenger: Messenger) -> None:
        """Send what is due for a key, or record why not. Each slot is sent once, however often this is called.

        An unexpected exception leaves a claim whose lease expires; the next call continues from there.
        """
        for _ in range(MAX_STEPS):
            if not await self._step(kind, key, messenger):
                return
        log.error("the %s schedule of %s doesn't advance", kind.name, key)

    async def serve_late(self, kind: Kind[S], key: Key, messenger: Messenger) -> None:
        """Finish an open delivery that is too late to send. Other deliveries are left unchanged."""
        pending = await kind.pending(key, self._now())
        if pending and pending.open and self._now() - pending.open.slot.at >= kind.late_limit:
            await self.serve(kind, key, messenger)

    async def _step(self, kind: Kind[S], key: Key, messenger: Messenger) -> bool:  # noqa: PLR0911 - one line for each case
        """Handle the first thing to do. Return whether to call this again."""
        now = self._now()
        pending = await kind.pending(key, now)
        if pending is None:
            return False
        if pending.open:
            slot, tried = pending.open.slot, pending.open.tried
        elif not pending.slots:
            return await self.skip(kind, pending, [], "")
        else:
            *older, slot = pending.slots
            tried = None
            if older:
                return await self.skip(kind, pending, older, NOT_RUNNING)
        late = now - slot.at >= kind.late_limit
        why = _too_late(kind, pending) if late else await kind.obstacle(pending, slot)
        if why and not tried:
            return await self.skip(kind, pending, [slot], why)
        if not why and not await self._is_allowed(kind, pending, messenger):
            return False
        claim = await self.claim(kind, pending, slot)
        if claim is None:
            return False
        if why:
            try:
                await self.settle(kind, pending, claim, messenger, why)
            except Unavailable as error:
                await self.put_off(kind, claim, str(error), error.after)
                return False
            return True
        await self._deliver(kind, pending, claim, messenger)
        return False

    async def claim(self, kind: Kind[S], pending: Pending[S], slot: DueSlot) -> Claim | None:
        """Claim a slot for this process. Return None if another attempt holds it or the delivery has ended."""
        return await self._rows.claim(
            kind.schedules, pending.schedule, pending.key, slot, pending.course,
            owner=self.owner, now=self._now(), lease=LEASE,
        )  # fmt: skip

    async def _is_allowed(self, kind: Kind[S], pending: Pending[S], messenger: Messenger) -> bool:
        try:
            await messenger.check(pending.to)
        except Unavailable:
            return False
        except Refused as refused:
            await self._suspend(kind, pending, refused)
            return False
        return True

    async def _deliver(self, kind: Kind[S], pending: Pending[S], claim: Claim, messenger: Messenger) -> None:
        try:
            await self.attempt(kind, pending, claim, messenger)
        except Unavailable as error:
            await self.put_off(kind, claim, str(error), error.after)
        except Refused as refused:
            await self._rows.retry(claim, self._now(), str(refused))
            await self._suspend(kind, pending, refused)
        except BuildError as error:
            await self.put_off(kind, claim, str(error))

    async def attempt(self, kind: Kind[S], pending: Pending[S], claim: Claim, messenger: Messenger) -> int | None:
        """Find the message of an earlier attempt or send it, and store the receipt.

        Return the message ID, or None if the claim was lost. Raises ``Unavailable``, ``Refused`` and ``BuildError``.
        """
        slot, sent = claim.slot, self._now()
        marker = kind.marker(pending, slot, repeated=claim.repeated)
        message = await self.find(pending, claim, marker, messenger)
        if message is not None and claim.tried is not None:
            sent = claim.tried
        else:
            late_since = slot.at if sent - slot.at >= LATE else None
            content = await self._content(kind, pending, slot, marker, late_since, messenger)
            message = await messenger.send(
                pending.to, content, lambda: self._rows.begin(claim, pending.to.channel, self._now(), LEASE)
            )
        if message is not None:
            await self._receipt(kind, pending, claim, message, sent)
        return message

    @staticmethod
    async def _content(
        kind: Kind[S], pending: Pending[S], slot: DueSlot, marker: Marker, late_since: datetime | None,
        messenger: Messenger,
    ) -> Content:  # fmt: skip
        try:
            return await kind.content(pending, slot, marker, late_since, messenger)
        except (Unavailable, Refused):
            raise
        except Exception as error:
            # Bad data or a library can raise anything. It must affect only this message.
            log.exception("a %s can't be built", kind.name)
            raise BuildError(f"it couldn't be built ({type(error).__name__})") from error

    async def find(self, pending: Pending[S], claim: Claim, marker: Marker, messenger: Messenger) -> int | None:
        """Return the ID of an earlier attempt's message, in the channel it was sent to. None if the channel is gone.

        Raises ``Unavailable`` if the schedule now uses another channel and the earlier one can't be read: the message
        may be there.
        """
        if claim.tried is None:
            return None
        to = pending.to
        there = replace(to, channel=claim.tried_in or to.channel)
        try:
            return await messenger.find(there, marker, claim.tried - CLOCK_SKEW)
        except Refused as refused:
            if there.channel == to.channel:
                raise
            if refused.gone:
                return None
            reason = f"it may be in <#{there.channel}>, where I can't look: {refused}"
            raise _UnreadableError(reason) from refused

    async def settle(
        self, kind: Kind[S], pending: Pending[S], claim: Claim, messenger: Messenger, why: str
    ) -> int | None:
        """Store the receipt if an earlier attempt did send the message; otherwise skip the slot.

        Return the message ID if there is one. Raises ``Unavailable`` if it can't be determined.
        """
        marker = kind.marker(pending, claim.slot, repeated=claim.repeated)
        try:
            message = await self.find(pending, claim, marker, messenger)
        except (Refused, _UnreadableError):
            message = None
        if message is None or claim.tried is None:
            await self.skip(kind, pending, [claim.slot], why)
            return None
        await self._receipt(kind, pending, claim, message, claim.tried)
        return message

    async def put_off(self, kind: Kind[S], claim: Claim, reason: str, after: timedelta | None = None) -> None:
        """Release the claim until the next attempt, after ``after`` or a pause that grows with each attempt."""
        await self._rows.retry(claim, self._now() + pause_after(claim.attempts, after), reason)
        self._observe(kind.name, "retried")

    async def _receipt(self, kind: Kind[S], pending: Pending[S], claim: Claim, message: int, sent: datetime) -> None:
        late = sent - claim.slot.at >= LATE
        await self._rows.sent(
            kind.schedules, pending.schedule, claim, message, sent, "late" if late else None,
            over=await kind.over(pending),
            keep_since=None if kind.kept is None else claim.slot.at - kind.kept,
        )  # fmt: skip
        self._observe(kind.name, "late" if late else "sent")

    async def skip(self, kind: Kind[S], pending: Pending[S], slots: Sequence[DueSlot], reason: str) -> bool:
        """Record that slots were skipped, and why. Without slots, only recompute the next due time. Return True."""
        await self._rows.skip(kind.schedules, pending.schedule, pending.key, pending.course, slots, reason)
        for _ in slots:
            self._observe(kind.name, "skipped")
        return True

    async def _suspend(self, kind: Kind[S], pending: Pending[S], refused: Refused) -> None:
        await kind.suspend(pending, refused)
        self._observe(kind.name, "suspended")


def _too_late(kind: Kind[S], pending: Pending[S]) -> str:
    """Return why an unsent slot is skipped: it is late, and why the last attempt failed."""
    reason = pending.open.reason if pending.open else None
    return f"{kind.too_late} ({reason})" if reason else kind.too_late


def pause_after(attempts: int, after: timedelta | None = None) -> timedelta:
    """Return how long to wait after this many attempts: longer each time, and at least ``after``."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 10)
    return max(after or timedelta(), min(doubled, LONGEST_PAUSE))
