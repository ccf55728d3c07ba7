"""The weekly digest as a kind of delivery: what is due, what it contains, and what suspends it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import Slot, slot_on, slots_due, week_before
from bot.core.cohort.digest import Digest, Learner, build
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.pace import on_track
from bot.errors import Busy, NotAllowed
from bot.store import Store
from bot.store.cohorts import RULES_MOVE, Cohort, Cohorts
from bot.store.deliveries import DueSlot, Key, ScheduleState
from bot.store.plans import Planned
from bot.store.sqlite.connection import Statements
from bot.study.delivery import (
    NO_COURSE,
    BuildError,
    DeliveryEngine,
    Destination,
    Marker,
    Messenger,
    Pending,
    Refused,
    Unavailable,
)

Names = Mapping[int, str]

TELL_AFTER = 4
"""Failed attempts (about five minutes) after which the manager is told."""
POST_PAUSES = (0.1, 0.5)
"""Seconds after each failed attempt to post at once."""
UNKNOWN = (
    "Discord doesn't answer, so I can't tell yet whether the digest was posted. I'll keep looking for 15 minutes and "
    "finish it. Look in the channel before you post another."
)


@dataclass(frozen=True, slots=True)
class DigestContent:
    """A digest that is ready to be shown, with the names of its members."""

    digest: Digest
    names: Names
    marker: Marker
    late_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class DigestNotice:
    """What the manager who set up a digest is told once: it is suspended, or several attempts have failed."""

    course: Course
    reason: str
    suspended: bool


class DigestBuilder:
    """Builds digests from what is stored and who is in the server. Sends nothing."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._members = store.digests
        self._catalogue = catalogue
        self._now = now

    async def week(
        self, cohort: Cohort, messenger: Messenger, slot: Slot, marker: Marker, late_since: datetime | None
    ) -> DigestContent:
        """The digest of the week that ends with a slot."""
        since = week_before(cohort.schedule, slot)
        return await self._content(cohort, messenger, since, slot.at, marker, late_since)

    async def last_seven_days(self, cohort: Cohort, messenger: Messenger, marker: Marker) -> DigestContent:
        """The digest of the seven days until now."""
        now = self._now() + timedelta(seconds=1)
        today = now.astimezone(ZoneInfo(cohort.schedule.zone)).date()
        since = slot_on(cohort.schedule, today - timedelta(days=7)).at
        return await self._content(cohort, messenger, since, now, marker, None)

    async def _content(
        self, cohort: Cohort, messenger: Messenger, since: datetime, until: datetime, marker: Marker,
        late_since: datetime | None,
    ) -> DigestContent:  # fmt: skip
        """What happened from ``since`` to before ``until``."""
        learners, names = await self._present(cohort, messenger, since, until)
        zone = ZoneInfo(cohort.schedule.zone)
        digest = build(
            self._catalogue.courses[cohort.course],
            learners,
            since=since,
            until=until,
            first=since.astimezone(zone).date(),
            last=(until - timedelta(seconds=1)).astimezone(zone).date(),
        )
        return DigestContent(digest, names, marker, late_since)

    async def _present(
        self, cohort: Cohort, messenger: Messenger, since: datetime, until: datetime
    ) -> tuple[list[Learner], Names]:
        """The visible learners who are in the server, with names. Stores what Discord says about who has left."""
        now = self._now()
        learners, gone_before, plans = await self._members.learners(
            cohort.server, cohort.course, since=since, until=until, now=now
        )
        found = await messenger.names(cohort.server, [learner.id for learner in learners]) if learners else {}
        gone = {learner for learner, name in found.items() if name is None}
        back = {learner for learner in gone_before if found.get(learner) is not None}
        if gone - gone_before or back:
            await self._members.mark_gone(cohort.server, cohort.course, gone, back, now)
        absent = (gone | gone_before) - back
        names = {learner: name for learner, name in found.items() if name is not None}
        course = self._catalogue.courses[cohort.course]
        present = [
            _with_plan(course, learner, plans.get(learner.id), until)
            for learner in learners
            if learner.id not in absent
        ]
        bank = self._catalogue.banks.get(course.id)
        if bank is None:
            return present, names
        questions = list(bank.questions)
        return await self._members.with_cards(cohort.server, present, questions, cohort.course, since, until), names


def _with_plan(course: Course, learner: Learner, planned: Planned | None, until: datetime) -> Learner:
    """The learner with whether their plan is on track at ``until``, in their own time zone."""
    if planned is None:
        return learner
    today = until.astimezone(ZoneInfo(planned.zone)).date()
    return replace(learner, on_track=on_track(course, learner, planned.wish, today))


class DigestKind:
    """The weekly digest of a cohort: at most one for each ISO week."""

    name = "digest"
    late_limit = timedelta(hours=48)
    too_late = "it was more than 48 hours late"
    kept: timedelta | None = None

    def __init__(
        self, store: Store, catalogue: Catalogue, builder: DigestBuilder, *, now: Callable[[], datetime]
    ) -> None:
        self._deliveries = store.deliveries
        self._cohorts = store.cohorts
        self._catalogue = catalogue
        self._builder = builder
        self._now = now

    @property
    def schedules(self) -> Cohorts:
        return self._cohorts

    async def due(self, now: datetime, most: int) -> list[Key]:
        return [cohort.key for cohort in await self._cohorts.due(now, most)]

    async def pending(self, key: Key, now: datetime) -> Pending[Cohort] | None:
        cohort = await self._cohorts.one(key.server, key.series)
        if cohort is None or cohort.state is not ScheduleState.ON or cohort.due > now:
            return None
        opened = await self._deliveries.open(key)
        slots: list[DueSlot] = []
        if opened is None:
            since = cohort.due - RULES_MOVE
            ended = await self._deliveries.ended(key, since - timedelta(days=8))
            found = slots_due(cohort.schedule, since, now)
            slots = [DueSlot(slot.week, slot.at) for slot in found if slot.week not in ended]
        return Pending(cohort, key, cohort.course, destination(cohort), slots, opened)

    async def obstacle(self, pending: Pending[Cohort], slot: DueSlot) -> str:
        return "" if pending.course in self._catalogue.courses else NO_COURSE

    def marker(self, pending: Pending[Cohort], slot: DueSlot, *, repeated: bool) -> Marker:
        return Marker(pending.key.server, f"{pending.course}:{slot.name}")

    async def content(
        self, pending: Pending[Cohort], slot: DueSlot, marker: Marker, late_since: datetime | None, messenger: Messenger
    ) -> DigestContent:
        on = slot.at.astimezone(ZoneInfo(pending.schedule.schedule.zone)).date()
        return await self._builder.week(pending.schedule, messenger, Slot(on, slot.at), marker, late_since)

    async def over(self, pending: Pending[Cohort]) -> str | None:
        return None

    async def suspend(self, pending: Pending[Cohort], refused: Refused) -> None:
        await self._cohorts.suspend(pending.schedule, str(refused), refused.seen)

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Resume suspended digests that Discord allows again. Tell managers once what is wrong with the others."""
        for cohort in await self._cohorts.suspended():
            if is_here(cohort.key) and not await self._resume(cohort, messenger) and not cohort.told:
                await self._tell(cohort, cohort.reason, messenger)
        for cohort, reason in await self._cohorts.failing(TELL_AFTER):
            if is_here(cohort.key):
                await self._tell(cohort, reason, messenger)

    async def _tell(self, cohort: Cohort, reason: str | None, messenger: Messenger) -> None:
        await self._cohorts.set_told(cohort.server, cohort.course)
        course = self._catalogue.courses.get(cohort.course, self._catalogue.default)
        suspended = cohort.state is ScheduleState.SUSPENDED
        notice = DigestNotice(course, reason or "it can't be posted", suspended)
        await messenger.tell(cohort.server, cohort.set_by, notice)

    async def _resume(self, cohort: Cohort, messenger: Messenger) -> bool:
        """Resume if the cached permissions allow it and are others than when it was suspended. Makes no request."""
        try:
            seen = await messenger.check(destination(cohort))
        except (Unavailable, Refused):
            return False
        return seen != cohort.seen and await self._cohorts.resume(cohort)


class DigestNowKind(DigestKind):
    """A digest of the last seven days that a manager posts at once. The weekly schedule stays as it is."""

    name = "digest-now"
    late_limit = timedelta(minutes=15)
    too_late = "it was not posted within 15 minutes"
    kept: timedelta | None = timedelta(days=60)
    reopens_skipped = False

    @property
    def schedules(self) -> "DigestNowKind":  # type: ignore[override]
        return self

    async def due(self, now: datetime, most: int) -> list[Key]:
        """Posts that a crash or an outage interrupted."""
        return await self._deliveries.open_keys(self.name, now, most)

    async def pending(self, key: Key, now: datetime) -> Pending[Cohort] | None:
        cohort = await self._cohorts.one(key.server, key.series)
        opened = await self._deliveries.open(key)
        if cohort is None or opened is None:
            return None
        return Pending(cohort, key, cohort.course, destination(cohort), (), opened)

    def is_current(self, statements: Statements, schedule: Cohort) -> bool:
        """A manager asked for it: there is no schedule that could have changed."""
        return True

    def advance(self, statements: Statements, schedule: Cohort, served: Sequence[DueSlot], over: str | None) -> None:
        """Leave the weekly schedule as it is."""

    async def content(
        self, pending: Pending[Cohort], slot: DueSlot, marker: Marker, late_since: datetime | None, messenger: Messenger
    ) -> DigestContent:
        return await self._builder.last_seven_days(pending.schedule, messenger, marker)

    async def suspend(self, pending: Pending[Cohort], refused: Refused) -> None:
        """Give the post up: the manager can ask again."""
        if pending.open:
            slots = [pending.open.slot]
            await self._deliveries.skip(self, pending.schedule, pending.key, pending.course, slots, str(refused))

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Nothing of it can be suspended."""


class DigestPosts:
    """Posts a digest of the last seven days at once, and answers truly whether it was posted."""

    def __init__(
        self, store: Store, kind: DigestNowKind, engine: DeliveryEngine, *, now: Callable[[], datetime]
    ) -> None:
        self._deliveries = store.deliveries
        self._kind = kind
        self._engine = engine
        self._now = now

    async def post(self, cohort: Cohort, messenger: Messenger, number: int) -> int:
        """Post once and return the message. ``number`` identifies the request.

        An earlier request that is still open is continued instead: nothing is posted twice. Raises ``NotAllowed`` and
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
                    raise Busy(
                        "A digest is being posted right now. Look for it in the channel before you post another."
                    )
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
            raise NotAllowed(f"It can't be posted: {error}.") from error

    async def _settle(self, pending: Pending[Cohort], slot: DueSlot, messenger: Messenger, failure: Unavailable) -> int:
        """Look once more for the message after the last attempt failed."""
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


def destination(cohort: Cohort) -> Destination:
    return Destination(cohort.channel, cohort.server, cohort.thread)
