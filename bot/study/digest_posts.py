"""Post a digest of the last seven days immediately, as a delivery of its own."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.errors import Busy, NotAllowed
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.deliveries import DueSlot, Key
from bot.store.engine import Statements
from bot.study.delivery import DeliveryEngine
from bot.study.delivery_kind import BuildError, Marker, Messenger, Pending, Refused, Unavailable
from bot.study.digest_content import DigestContent
from bot.study.digest_delivery import DigestKind, destination

POST_PAUSES = (0.1, 0.5)
"""Seconds to wait after each failed attempt to post immediately."""
UNKNOWN = (
    "Discord isn't answering, so I can't tell yet whether the digest was posted. I'll keep trying for 15 minutes. "
    "Check the channel before you post another."
)


class DigestNowKind(DigestKind):
    """A digest of the last seven days that a manager posts immediately. The weekly schedule doesn't change."""

    name = "digest-now"
    late_limit = timedelta(minutes=15)
    too_late = "it was not posted within 15 minutes"
    kept: timedelta | None = timedelta(days=60)
    reopens_skipped = False

    @property
    def schedules(self) -> "DigestNowKind":  # type: ignore[override]
        return self

    async def due(self, now: datetime, most: int) -> list[Key]:
        """Return the posts that a crash or an outage interrupted."""
        return await self._deliveries.open_keys(self.name, now, most)

    async def pending(self, key: Key, now: datetime) -> Pending[Cohort] | None:
        cohort = await self._cohorts.one(key.server, key.series)
        opened = await self._deliveries.open(key)
        if cohort is None or opened is None:
            return None
        return Pending(cohort, key, cohort.course, destination(cohort), (), opened)

    def is_current(self, statements: Statements, schedule: Cohort) -> bool:
        """Return True: a post that a manager asked for has no schedule that could have changed."""
        return True

    def advance(self, statements: Statements, schedule: Cohort, served: Sequence[DueSlot], over: str | None) -> None:
        """Do nothing: the weekly schedule doesn't change."""

    async def content(
        self, pending: Pending[Cohort], slot: DueSlot, marker: Marker, late_since: datetime | None, messenger: Messenger
    ) -> DigestContent:
        return await self._builder.last_seven_days(pending.schedule, messenger, marker)

    async def suspend(self, pending: Pending[Cohort], refused: Refused) -> None:
        """Give up the post. The manager can ask again."""
        if pending.open:
            slots = [pending.open.slot]
            await self._deliveries.skip(self, pending.schedule, pending.key, pending.course, slots, str(refused))

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Do nothing: a post can't be suspended."""


class DigestPosts:
    """Post a digest of the last seven days immediately, and report whether it was posted."""

    def __init__(
        self, store: Store, kind: DigestNowKind, engine: DeliveryEngine, *, now: Callable[[], datetime]
    ) -> None:
        self._deliveries = store.deliveries
        self._kind = kind
        self._engine = engine
        self._now = now

    async def post(self, cohort: Cohort, messenger: Messenger, number: int) -> int:
        """Post once and return the message ID. ``number`` identifies the request.

        If an earlier request is still open, continue that one, so nothing is posted twice. Raises ``NotAllowed`` and
        ``Busy``, which say whether something was posted.
        """
        kind, engine = self._kind, self._engine
        key = Key(kind.name, server=cohort.server, series=cohort.course)
        await engine.serve_late(kind, key, messenger)
        opened = await self._deliveries.open(key)
        slot = opened.slot if opened else DueSlot(str(number), self._now())
        pending = Pending(cohort, key, cohort.course, destination(cohort), [slot], opened)
        try:
            await messenger.check(pending.to)
            for pause in POST_PAUSES:
                claim = await engine.claim(kind, pending, slot)
                if claim is None:
                    raise Busy("A digest is being posted right now. Check the channel before you post another.")
                try:
                    message = await engine.attempt(kind, pending, claim, messenger)
                except Unavailable as error:
                    failure = error
                    await self._deliveries.retry(claim, self._now(), str(error))
                    await asyncio.sleep(pause)
                else:
                    return message or 0
            return await self._settle(pending, slot, messenger, failure)
        except Unavailable as error:
            raise Busy(f"Nothing was posted: {error}. Please try again in a minute.") from error
        except (Refused, BuildError) as error:
            await engine.skip(kind, pending, [slot], str(error))
            raise NotAllowed(f"I couldn't post it: {error}.") from error

    async def _settle(self, pending: Pending[Cohort], slot: DueSlot, messenger: Messenger, failure: Unavailable) -> int:
        """Look for the message once more after the last attempt failed."""
        claim = await self._engine.claim(self._kind, pending, slot)
        if claim is None:
            raise Busy(UNKNOWN)
        try:
            message = await self._engine.settle(self._kind, pending, claim, messenger, str(failure))
        except Unavailable as error:
            await self._deliveries.retry(claim, self._now(), str(error))
            raise Busy(UNKNOWN) from error
        if message is None:
            raise failure
        return message
