"""Putting a digest together from what is remembered and who is there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.cohort.digest import Learner, build
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.pace import on_track
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.plans import Planned
from bot.study.digest_posting import Desk, Edition, Names


class Editor:
    """Makes editions. Nothing is sent here."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._roster = store.roster
        self._catalogue = catalogue
        self._now = now

    async def edition(
        self, cohort: Cohort, desk: Desk, since: datetime, until: datetime, mark: str, late: datetime | None = None
    ) -> Edition:
        """What ``cohort`` is told of the time from ``since`` to before ``until``; ``desk`` knows who is there."""
        learners, names = await self._present(cohort, desk, since, until)
        zone = ZoneInfo(cohort.schedule.zone)
        digest = build(
            self._catalogue.courses[cohort.course],
            learners,
            since=since,
            until=until,
            first=since.astimezone(zone).date(),
            last=(until - timedelta(seconds=1)).astimezone(zone).date(),
        )
        return Edition(digest, names, mark, cohort.server, late)

    async def _present(
        self, cohort: Cohort, desk: Desk, since: datetime, until: datetime
    ) -> tuple[list[Learner], Names]:
        """The visible learners who are in the server, and their names; what Discord says about who left is kept."""
        now = self._now()
        learners, gone_before, plans = await self._roster.learners(
            cohort.server, cohort.course, since=since, until=until, now=now
        )
        found = await desk.roster(cohort.server, [learner.id for learner in learners]) if learners else {}
        gone = {learner for learner, name in found.items() if name is None}
        back = {learner for learner in gone_before if found.get(learner) is not None}
        if gone - gone_before or back:
            await self._roster.mark_gone(cohort.server, cohort.course, gone, back, now)
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
        known = list(bank.questions)
        return await self._roster.with_cards(cohort.server, present, known, cohort.course, since, until), names


def _with_plan(course: Course, learner: Learner, planned: Planned | None, until: datetime) -> Learner:
    """The learner with whether their plan is on track at ``until``, on their own clock."""
    if planned is None:
        return learner
    today = until.astimezone(ZoneInfo(planned.zone)).date()
    return replace(learner, on_track=on_track(course, learner, planned.wish, today))
