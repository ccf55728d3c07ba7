"""Share a pass with a study group: only if the learner asks for it, and only where they are visible."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.course.course import Course
from bot.errors import NotAllowed, Stale
from bot.store import Store
from bot.store.announcements import Announcement
from bot.store.deliveries import ScheduleState
from bot.store.outcome_shares import PASSED, Pass
from bot.study.results import Asker

HIDDEN = "Your progress is hidden from this study group, so nothing was shared. You can change that in </privacy>."


@dataclass(frozen=True, slots=True)
class Shared:
    """A pass that is shared in a server. ``wanted`` is the post to make; None if there is no channel for it.

    ``earlier`` is the post that was made before, or may have been.
    """

    server: int
    wanted: Announcement | None
    earlier: Announcement | None = None


class OutcomeSharing:
    """Passes that learners share."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._rows = store.outcome_shares
        self._now = now

    async def groups(self, asker: Asker, course: Course) -> list[int]:
        """Return the servers in which the learner can share a pass: where they ask, or all of them outside."""
        if await self._store.privacy.is_hidden(asker.learner):
            return []
        return [
            membership.server
            for membership in await self._store.privacy.memberships(asker.learner)
            if membership.course == course.id
            and membership.left_at is None
            and asker.server in (None, membership.server)
        ]

    async def share(self, asker: Asker, course: Course, exam: date, server: int, channel: int | None) -> Shared:
        """Share a pass in a server: on the group's page, in the digest, and in a post if announcements are allowed.

        The post goes to ``channel`` or, without one, to that of the group's digest. Raises ``NotAllowed`` and
        ``Stale``.
        """
        if server not in await self.groups(Asker(asker.learner, server, asker.name), course):
            raise NotAllowed(HIDDEN)
        if channel is None:
            cohort = await self._store.cohorts.one(server, course.id)
            channel = cohort.channel if cohort and cohort.state is ScheduleState.ON else None
        if not await self._store.servers.allows_announcements(server):
            channel = None
        wanted = Announcement(asker.learner, course.id, PASSED, server, channel or 0, None, self._now())
        known, earlier = await self._rows.share(wanted, exam, post=channel is not None)
        if not known:
            raise Stale("You took that answer back. Open </plan> to answer again.")
        return Shared(server, wanted if channel else None, earlier)

    async def unshare(self, learner: int, course: Course, server: int) -> list[Announcement]:
        """Stop sharing a pass in a server. Return the posts to delete."""
        await self._rows.unshare(learner, course.id, server)
        return [post for post in await self._rows.posts(learner, course.id) if post.server == server]

    async def wall(self, server: int, course: Course) -> list[Pass]:
        """Return the visible members who shared that they passed, latest first."""
        return await self._rows.of_cohort(server, course.id)
