"""The weekly digest as a kind of delivery: what is due, what it contains, and what suspends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.calendar.slots import Slot, slots_due
from bot.core.calendar.stored_zones import zone_named
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.store import Store
from bot.store.cohorts import RULES_MOVE, Cohort, Cohorts
from bot.store.deliveries import DueSlot, Key, ScheduleState
from bot.study.course_scope import CourseScope
from bot.study.delivery_kind import NO_COURSE, Destination, Marker, Messenger, Pending, Refused, Unavailable
from bot.study.digest_content import DigestBuilder, DigestContent

TELL_AFTER = 4
"""Number of failed attempts (about two and a half minutes) after which the manager is told."""


@dataclass(frozen=True, slots=True)
class DigestNotice:
    """A one-time notice to the manager who set up a digest: it is suspended, or several attempts have failed."""

    course: Course
    reason: str
    suspended: bool


def destination(cohort: Cohort) -> Destination:
    return Destination(cohort.channel, cohort.server, cohort.thread)


class DigestKind:
    """The weekly digest of a cohort: at most one per ISO week."""

    name = "digest"
    late_limit = timedelta(hours=48)
    too_late = "it was more than 48 hours late"
    kept: timedelta | None = None

    def __init__(
        self, store: Store, catalogue: Catalogue, builder: DigestBuilder, scope: CourseScope, *,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._scope = scope
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
            due = slots_due(cohort.schedule, since, now)
            slots = [DueSlot(slot.week, slot.at) for slot in due if slot.week not in ended]
        return Pending(cohort, key, cohort.course, destination(cohort), slots, opened)

    async def obstacle(self, pending: Pending[Cohort], slot: DueSlot) -> str:
        return "" if pending.course in self._catalogue.courses else NO_COURSE

    def marker(self, pending: Pending[Cohort], slot: DueSlot, *, repeated: bool) -> Marker:
        return Marker(pending.key.server, f"{pending.course}:{slot.name}")

    async def content(
        self, pending: Pending[Cohort], slot: DueSlot, marker: Marker, late_since: datetime | None, messenger: Messenger
    ) -> DigestContent:
        on = slot.at.astimezone(zone_named(pending.schedule.schedule.zone)).date()
        return await self._builder.week(pending.schedule, messenger, Slot(on, slot.at), marker, late_since)

    async def over(self, pending: Pending[Cohort]) -> str | None:
        return None

    async def suspend(self, pending: Pending[Cohort], refused: Refused) -> None:
        await self._cohorts.suspend(pending.schedule, str(refused), refused.seen)

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Resume suspended digests that Discord allows again. Tell each manager once what is wrong with the others."""
        for cohort in await self._cohorts.suspended():
            if is_here(cohort.key) and not await self._resume(cohort, messenger) and not cohort.told:
                await self._tell(cohort, cohort.reason, messenger)
        for cohort, reason in await self._cohorts.failing(TELL_AFTER):
            if is_here(cohort.key):
                await self._tell(cohort, reason, messenger)

    async def _tell(self, cohort: Cohort, reason: str | None, messenger: Messenger) -> None:
        await self._cohorts.set_told(cohort.server, cohort.course)
        with await self._scope.enter(cohort.server, 0):
            course = self._catalogue.courses.get(cohort.course, self._catalogue.default)
        suspended = cohort.state is ScheduleState.SUSPENDED
        notice = DigestNotice(course, reason or "it can't be posted", suspended)
        await messenger.tell(cohort.server, cohort.set_by, notice)

    async def _resume(self, cohort: Cohort, messenger: Messenger) -> bool:
        """Resume if the cached permissions allow it and have changed since the suspension. Makes no request."""
        try:
            seen = await messenger.check(destination(cohort))
        except (Unavailable, Refused):
            return False
        return seen != cohort.seen and await self._cohorts.resume(cohort)
