"""Set up the weekly digest of each cohort, and report its status."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.calendar.slots import Schedule, next_slot, slots_after
from bot.core.calendar.zones import Zones, parse_time, parse_weekday
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.errors import Busy, NotFound
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.deliveries import OpenDelivery, Receipt, ScheduleState
from bot.study.delivery import DeliveryEngine
from bot.study.delivery_kind import Marker, Messenger, Unavailable
from bot.study.digest_content import DigestBuilder, DigestContent
from bot.study.digest_delivery import DigestKind
from bot.study.digest_everyone import DigestPeople
from bot.study.digest_posts import DigestNowKind, DigestPosts

DEFAULT = Schedule(day=0, minute=9 * 60, zone="UTC")


@dataclass(frozen=True, slots=True)
class DigestStatus:
    """A cohort with its next slot (None while paused or off), the outcome of its last digest, and the open delivery.

    ``open`` is the digest that is being attempted; its ``reason`` says why the last attempt failed.
    """

    cohort: Cohort
    course: Course
    last: Receipt | None
    next: datetime | None
    open: OpenDelivery | None = None


class Digests:
    """Set up, pause, preview and post digests."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        zones: Zones,
        engine: DeliveryEngine,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._cohorts = store.cohorts
        self._deliveries = store.deliveries
        self._catalogue = catalogue
        self._now = now
        self.zones = zones
        self._builder = DigestBuilder(store, catalogue, now=now)
        self.kind = DigestKind(store, catalogue, self._builder, now=now)
        self.now_kind = DigestNowKind(store, catalogue, self._builder, now=now)
        self._posts = DigestPosts(store, self.now_kind, engine, now=now)
        self.people = DigestPeople(store, catalogue, self._builder, now=now)

    async def set_up(
        self,
        server: int,
        by: int,
        course: Course,
        *,
        channel: int,
        here: bool,
        thread: bool = False,
        day: str | None = None,
        time: str | None = None,
        zone: str | None = None,
    ) -> DigestStatus:
        """Set up a cohort, or change the options that are given. Nothing is posted for past slots.

        ``channel`` is the channel the manager named or, with ``here``, the default. Raises ``BadInput``.
        """
        known = {cohort.course: cohort for cohort in await self._cohorts.of_server(server)}
        old = known.get(course.id) or next(iter(known.values()), None)
        base = old.schedule if old else DEFAULT
        schedule = Schedule(
            parse_weekday(day) if day else base.day,
            parse_time(time) if time else base.minute,
            self.zones.named(zone) if zone else base.zone,
        )
        mine = known.get(course.id)
        state = ScheduleState.PAUSED if mine and mine.state is ScheduleState.PAUSED else ScheduleState.ON
        if here and mine:
            channel, thread = mine.channel, mine.thread
        runs = mine is not None and mine.state in (ScheduleState.ON, ScheduleState.SUSPENDED)
        due = mine.due if mine and runs and mine.schedule == schedule else None
        cohort = Cohort(
            server, course.id, channel, schedule, state, due or self._now(), set_by=by, thread=thread
        )  # fmt: skip
        if due is None:
            cohort = replace(cohort, due=await self._next_due(cohort, keep=runs))
        await self._cohorts.save(cohort)
        return await self._status(cohort)

    async def _next_due(self, cohort: Cohort, *, keep: bool) -> datetime:
        """Return the first slot from now on whose week has no digest. ``keep`` prefers that of an open delivery."""
        now = self._now()
        opened = await self._deliveries.open(cohort.key)
        if keep and opened:
            return opened.slot.at
        ended = await self._deliveries.ended(cohort.key, now - timedelta(days=14))
        return next(slot.at for slot in slots_after(cohort.schedule, now) if slot.week not in ended)

    async def panel(self, server: int) -> list[DigestStatus]:
        """Return all cohorts of a server."""
        return [await self._status(cohort) for cohort in await self._cohorts.of_server(server)]

    async def one(self, server: int, course: Course | None) -> DigestStatus:
        """Return the cohort of a course, or the only one in the server. Raises ``NotFound`` with what to do."""
        statuses = [status for status in await self.panel(server) if course is None or status.course.id == course.id]
        if not statuses:
            what = f"no {course.code} digest" if course else "no digest"
            raise NotFound(f"There is {what} in this server yet. `/setup` makes one.")
        if len(statuses) > 1:
            codes = " or ".join(f"`{status.course.code}`" for status in statuses)
            raise NotFound(f"This server has several digests. Name the `course`: {codes}.")
        return statuses[0]

    async def _status(self, cohort: Cohort) -> DigestStatus:
        course = self._catalogue.courses.get(cohort.course, self._catalogue.default)
        runs = cohort.state in (ScheduleState.ON, ScheduleState.SUSPENDED)
        upcoming = max(cohort.due, next_slot(cohort.schedule, self._now()).at) if runs else None
        last, opened = await self._deliveries.last(cohort.key), await self._deliveries.open(cohort.key)
        return DigestStatus(cohort, course, last, upcoming, opened)

    async def switch(self, status: DigestStatus, state: ScheduleState) -> DigestStatus:
        """Pause, resume or turn off. Digests missed while paused are not posted later."""
        cohort = status.cohort
        due = None
        if state is ScheduleState.ON and cohort.state is not ScheduleState.ON:
            due = await self._next_due(cohort, keep=False)
        await self._cohorts.switch(cohort.server, cohort.course, state, due)
        return await self.one(cohort.server, status.course)

    async def preview(self, cohort: Cohort, messenger: Messenger, number: int) -> DigestContent:
        """Return a preview of the digest of the last seven days. ``number`` identifies the request.

        Raises ``Busy`` if the server isn't available from Discord.
        """
        try:
            marker = Marker(cohort.server, f"{cohort.course}:{number}")
            return replace(await self._builder.last_seven_days(cohort, messenger, marker), preview=True)
        except Unavailable as error:
            raise Busy(f"I can't build a digest now: {error}. Please try again in a minute.") from error

    async def post_now(self, cohort: Cohort, messenger: Messenger, number: int) -> int:
        """Post a digest now, once, and return the message ID. The schedule doesn't change.

        Raises ``NotAllowed`` or ``Busy``.
        """
        return await self._posts.post(cohort, messenger, number)
