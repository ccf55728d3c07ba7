"""Build the content of a digest from the store and from who is in the server."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.calendar.slots import Slot, slot_on, week_before
from bot.core.calendar.stored_zones import zone_named
from bot.core.cohort.digest import Digest, build
from bot.core.cohort.members import Learner
from bot.core.cohort.streaks import LEAST, NO_STREAKS, LongestStreaks, longest
from bot.core.cohort.week import Week
from bot.core.course.catalogue import Catalogue
from bot.core.course.server_course import is_servers
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.digests import CohortMembers
from bot.study.daily_questions import DailyQuestions
from bot.study.delivery_kind import Marker, Messenger

Names = Mapping[int, str]
STREAKS_READ = 16
"""Number of members whose study days are read first, those with the most; then four times as many, and so on."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DigestContent:
    """A digest that is ready to be rendered, with the names of its members. A preview has no buttons."""

    digest: Digest
    names: Names
    marker: Marker
    late_since: datetime | None = None
    preview: bool = False


class DigestBuilder:
    """Build digests from the stored data and the members who are in the server. Sends nothing."""

    def __init__(
        self, store: Store, catalogue: Catalogue, questions: DailyQuestions, *, now: Callable[[], datetime]
    ) -> None:
        self._members = store.digests
        self._passes = store.outcome_shares
        self._versions = store.server_courses
        self._catalogue = catalogue
        self._questions = questions
        self._now = now

    async def week(
        self, cohort: Cohort, messenger: Messenger, slot: Slot, marker: Marker, late_since: datetime | None
    ) -> DigestContent:
        """Return the digest of the week that ends with a slot, and record whom it names first."""
        since = week_before(cohort.schedule, slot)
        before = slot_on(cohort.schedule, slot.on - 2 * _WEEK).at
        week = Week.ending(slot.at, since, before, zone_named(cohort.schedule.zone))
        content = replace(await self._content(cohort, messenger, week, marker), late_since=late_since)
        if chosen := content.digest.highlight:
            await self._members.set_highlighted(cohort.server, cohort.course, chosen.person.id, week)
        return content

    async def last_seven_days(self, cohort: Cohort, messenger: Messenger, marker: Marker) -> DigestContent:
        """Return the digest of the last seven days."""
        until, zone = self._now() + timedelta(seconds=1), zone_named(cohort.schedule.zone)
        today = until.astimezone(zone).date()
        since, before = (slot_on(cohort.schedule, today - weeks * _WEEK).at for weeks in (1, 2))
        return await self._content(cohort, messenger, Week.ending(until, since, before, zone), marker)

    async def digest(self, server: int, course: str, week: Week) -> Digest:
        """Return the digest of a week with what is stored now, without asking Discord who is still in the server."""
        members = await self._members.members(server, course, week)
        return await self._built(course, members, members.gone, week, streaks=False)

    async def _content(self, cohort: Cohort, messenger: Messenger, week: Week, marker: Marker) -> DigestContent:
        members = await self._members.members(cohort.server, cohort.course, week)
        absent, names = await self._present(cohort, messenger, members)
        digest = await self._built(cohort.course, members, absent, week)
        asked = await self._questions.week(cohort.server, cohort.course, week.since, week.until)
        passed = await self._passed(cohort.server, cohort.course, absent, week)
        updates = await self._updates(cohort.course, week) if is_servers(cohort.course) else ""
        return DigestContent(replace(digest, daily_questions=asked, passed=passed, updates=updates), names, marker)

    async def _present(
        self, cohort: Cohort, messenger: Messenger, members: CohortMembers
    ) -> tuple[frozenset[int], Names]:
        """Return who is absent from the server, and the names of the others. Store who left, according to Discord."""
        asked = [learner.id for learner in members.learners]
        known = await messenger.names(cohort.server, asked) if asked else {}
        gone = frozenset(learner for learner, name in known.items() if name is None)
        back = frozenset(learner for learner in members.gone if known.get(learner) is not None)
        if gone - members.gone or back:
            await self._members.mark_gone(cohort.server, cohort.course, gone, back, self._now())
        return (gone | members.gone) - back, {each: name for each, name in known.items() if name is not None}

    async def _built(
        self, course: str, members: CohortMembers, absent: frozenset[int], week: Week, *, streaks: bool = True
    ) -> Digest:
        """Build the digest of the members who aren't absent."""
        present = [learner for learner in members.learners if learner.id not in absent]
        found = await self._streaks(present, members.zones, week.until) if streaks else NO_STREAKS
        # This takes long for hundreds of members, so run it in a thread to keep the event loop free.
        return await asyncio.to_thread(build, self._catalogue.courses[course], present, week, found)

    async def _updates(self, course: str, week: Week) -> str:
        """Return what the versions of the week changed, newest last."""
        stored = await self._versions.versions(course)
        return "; ".join(each.summary for each in stored[1:] if week.since <= each.published_at < week.until)

    async def _passed(self, server: int, course: str, absent: frozenset[int], week: Week) -> tuple[int, int]:
        """Return how many visible members shared a pass in the week, and until its end."""
        passes = [each for each in await self._passes.of_cohort(server, course) if each.learner not in absent]
        until = [each for each in passes if each.shared_at < week.until]
        return sum(each.shared_at >= week.since for each in until), len(until)

    async def _streaks(self, learners: Sequence[Learner], zones: dict[int, str], until: datetime) -> LongestStreaks:
        """Return the longest streaks. A streak has at most as many days as were studied, so read those of few."""
        waiting = [learner for learner in learners if learner.study_days >= LEAST]
        waiting.sort(key=lambda learner: (-learner.study_days, learner.joined_at, learner.id))
        loaded, found, count = [], NO_STREAKS, STREAKS_READ
        while waiting and not found.settled(waiting[0].study_days):
            loaded += await self._members.histories([learner.id for learner in waiting[:count]], zones, until)
            waiting, count = waiting[count:], 4 * count
            found = await asyncio.to_thread(longest, loaded, until)
        return found
