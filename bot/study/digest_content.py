"""Build a digest from the stored data and the members who are in the server."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.calendar.slots import Slot, slot_on, week_before
from bot.core.calendar.stored_zones import zone_named
from bot.core.cohort.digest import Digest, Learner, build
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.pace import on_track
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.plans import MemberPlan
from bot.study.delivery_kind import Marker, Messenger

Names = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class DigestContent:
    """A digest that is ready to be rendered, with the names of its members."""

    digest: Digest
    names: Names
    marker: Marker
    late_since: datetime | None = None


class DigestBuilder:
    """Build digests from the stored data and the members who are in the server. Sends nothing."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._members = store.digests
        self._catalogue = catalogue
        self._now = now

    async def week(
        self, cohort: Cohort, messenger: Messenger, slot: Slot, marker: Marker, late_since: datetime | None
    ) -> DigestContent:
        """Return the digest of the week that ends with a slot."""
        since = week_before(cohort.schedule, slot)
        return await self._content(cohort, messenger, since, slot.at, marker, late_since)

    async def last_seven_days(self, cohort: Cohort, messenger: Messenger, marker: Marker) -> DigestContent:
        """Return the digest of the last seven days."""
        now = self._now() + timedelta(seconds=1)
        today = now.astimezone(zone_named(cohort.schedule.zone)).date()
        since = slot_on(cohort.schedule, today - timedelta(days=7)).at
        return await self._content(cohort, messenger, since, now, marker, None)

    async def _content(
        self, cohort: Cohort, messenger: Messenger, since: datetime, until: datetime, marker: Marker,
        late_since: datetime | None,
    ) -> DigestContent:  # fmt: skip
        """Return the digest of the period from ``since`` (inclusive) to ``until`` (exclusive)."""
        learners, names = await self._present(cohort, messenger, since, until)
        zone = zone_named(cohort.schedule.zone)
        # This takes long for hundreds of members, so run it in a thread to keep the event loop free.
        digest = await asyncio.to_thread(
            build,
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
        """Return the visible learners who are in the server, with names. Store who has left, according to Discord."""
        now = self._now()
        learners, gone_before, plans = await self._members.learners(
            cohort.server, cohort.course, since=since, until=until
        )
        known = await messenger.names(cohort.server, [learner.id for learner in learners]) if learners else {}
        gone = {learner for learner, name in known.items() if name is None}
        back = {learner for learner in gone_before if known.get(learner) is not None}
        if gone - gone_before or back:
            await self._members.mark_gone(cohort.server, cohort.course, gone, back, now)
        absent = (gone | gone_before) - back
        names = {learner: name for learner, name in known.items() if name is not None}
        course = self._catalogue.courses[cohort.course]
        present = await asyncio.to_thread(
            lambda: [
                _with_plan(course, learner, plans.get(learner.id), until)
                for learner in learners
                if learner.id not in absent
            ]
        )
        bank = self._catalogue.banks.get(course.id)
        if bank is None:
            return present, names
        questions = list(bank.questions)
        return await self._members.with_cards(cohort.server, present, questions, cohort.course, since, until), names


def _with_plan(course: Course, learner: Learner, planned: MemberPlan | None, until: datetime) -> Learner:
    """Return the learner with whether their plan is on track at ``until``, in their own time zone."""
    if planned is None:
        return learner
    today = until.astimezone(zone_named(planned.zone)).date()
    return replace(learner, on_track=on_track(course, learner, planned.goal, today))
