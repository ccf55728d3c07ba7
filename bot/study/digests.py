"""Set up the weekly digest of each cohort, and report its status."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.calendar.slots import Schedule, next_slot, slots_after
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.errors import Busy, NotFound
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.deliveries import OpenDelivery, Receipt, ScheduleState
from bot.study.course_scope import CourseScope
from bot.study.daily_questions import DailyQuestions
from bot.study.delivery import DeliveryEngine
from bot.study.delivery_kind import Marker, Messenger, Unavailable
from bot.study.digest_content import DigestBuilder, DigestContent
from bot.study.digest_delivery import DigestKind
from bot.study.digest_everyone import DigestPeople
from bot.study.digest_posts import DigestNowKind, DigestPosts


@dataclass(frozen=True, slots=True)
class DigestStatus:
    """A cohort with its next slot (None while paused or off), the outcome of its last digest, and the open delivery.

    ``last_by_hand``: a manager posted the last digest outside of its schedule. ``open`` is the digest that is being
    attempted; its ``reason`` says why the last attempt failed.
    """

    cohort: Cohort
    course: Course
    last: Receipt | None
    next: datetime | None
    open: OpenDelivery | None = None
    last_by_hand: bool = False


class Digests:
    """Set up, pause, preview and post digests."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        engine: DeliveryEngine,
        questions: DailyQuestions,
        scope: CourseScope,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._cohorts = store.cohorts
        self._deliveries = store.deliveries
        self._catalogue = catalogue
        self._now = now
        self._builder = DigestBuilder(store, catalogue, questions, now=now)
        self.kind = DigestKind(store, catalogue, self._builder, scope, now=now)
        self.now_kind = DigestNowKind(store, catalogue, self._builder, scope, now=now)
        self._posts = DigestPosts(store, self.now_kind, engine, now=now)
        self.people = DigestPeople(store, catalogue, self._builder, now=now)

    async def set_up(
        self,
        server: int,
        by: int,
        course: Course,
        *,
        channel: int,
        schedule: Schedule,
        thread: bool = False,
        main: bool = False,
        instead_of: Course | None = None,
    ) -> DigestStatus:
        """Set up the digest of a course, or change it. Nothing is posted for past slots, and a pause stays.

        The course becomes the server's if ``main``, or if the server has none. The digest of ``instead_of`` is turned
        off.
        """
        mine = await self._cohorts.one(server, course.id)
        state = ScheduleState.PAUSED if mine and mine.state is ScheduleState.PAUSED else ScheduleState.ON
        runs = mine is not None and mine.state in (ScheduleState.ON, ScheduleState.SUSPENDED)
        due = mine.due if mine and runs and mine.schedule == schedule else None
        cohort = Cohort(server, course.id, channel, schedule, state, due or self._now(), set_by=by, thread=thread)
        if due is None:
            cohort = replace(cohort, due=await self._next_due(cohort, keep=runs))
        await self._cohorts.save(cohort, main=main, instead_of=instead_of.id if instead_of else None)
        return await self._status(cohort)

    async def _next_due(self, cohort: Cohort, *, keep: bool) -> datetime:
        """Return the first slot from now on whose week has no digest. ``keep`` prefers that of an open delivery."""
        now = self._now()
        opened = await self._deliveries.open(cohort.key)
        if keep and opened:
            return opened.slot.at
        ended = await self._deliveries.ended(cohort.key, now - timedelta(days=14))
        return next(slot.at for slot in slots_after(cohort.schedule, now) if slot.week not in ended)

    async def first_slot(self, server: int, course: Course, schedule: Schedule) -> datetime:
        """Return when a new or changed schedule would post first."""
        return await self._next_due(Cohort(server, course.id, 0, schedule, ScheduleState.ON, self._now()), keep=False)

    async def all_of(self, server: int) -> list[DigestStatus]:
        """Return the digests of a server, including those that are turned off."""
        return [await self._status(cohort) for cohort in await self._cohorts.of_server(server)]

    async def of(self, server: int, course: str) -> DigestStatus:
        """Return the digest of a course that isn't turned off. Raises ``NotFound`` with what to do."""
        cohort = await self._cohorts.one(server, course)
        if cohort is None or cohort.state is ScheduleState.OFF:
            raise NotFound("This server no longer has that digest. Open </setup> to see what there is.")
        return await self._status(cohort)

    async def _status(self, cohort: Cohort) -> DigestStatus:
        course = self._catalogue.courses.get(cohort.course, self._catalogue.default)
        runs = cohort.state in (ScheduleState.ON, ScheduleState.SUSPENDED)
        upcoming = max(cohort.due, next_slot(cohort.schedule, self._now()).at) if runs else None
        last, opened = await self._deliveries.last(cohort.key), await self._deliveries.open(cohort.key)
        by_hand = await self._deliveries.last(replace(cohort.key, kind=self.now_kind.name))
        if by_hand and (last is None or by_hand.slot.at > (last.sent_at or last.slot.at)):
            return DigestStatus(cohort, course, by_hand, upcoming, opened, last_by_hand=True)
        return DigestStatus(cohort, course, last, upcoming, opened)

    async def switch(self, status: DigestStatus, state: ScheduleState) -> DigestStatus:
        """Pause, resume or turn off. Digests missed while paused are not posted later."""
        cohort = status.cohort
        due = None
        if state is ScheduleState.ON and cohort.state is not ScheduleState.ON:
            due = await self._next_due(cohort, keep=False)
        await self._cohorts.switch(cohort.server, cohort.course, state, due)
        switched = replace(cohort, state=state, due=due or cohort.due, reason=None, seen=None)
        return await self._status(switched)

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
