"""Announcements of completed paths: who may post them, each at most once, and which ones are outdated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Progress, Tick
from bot.errors import NotAllowed
from bot.store import Store
from bot.store.announcements import SHARED, Announcement
from bot.store.outcome_shares import PASSED
from bot.study.course_scope import CourseScope
from bot.study.progress import LearnerProgress
from bot.study.results import Asker

BEING_POSTED = timedelta(seconds=15)
"""How long an announcement without a message ID may still be on its way."""


class Outcome(Enum):
    """What became of an announcement."""

    POSTED = auto()
    ALREADY = auto()
    """It was posted before."""
    REFUSED = auto()
    """Discord refused it; nothing was posted."""
    UNDONE = auto()
    """The path was undone while the message was posted, so it was deleted again."""
    UNKNOWN = auto()
    """It may have been posted; Discord's answer was lost and the channel can't be read."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The result of announcing a path."""

    outcome: Outcome
    announcement: Announcement


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to post an announcement, or (``earlier``) the one that was posted or begun before."""

    wanted: Announcement
    progress: Progress
    earlier: Announcement | None = None


@dataclass(frozen=True, slots=True)
class Retracted:
    """The announcements that were deleted, and those that Discord didn't let the bot delete."""

    deleted: tuple[Announcement, ...] = ()
    left: tuple[Announcement, ...] = ()


class Announcements:
    """Public messages of learners. A row is written before a message is posted, so that it is never posted twice."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        scope: CourseScope,
        progress: LearnerProgress,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._announcements = store.announcements
        self._servers = store.servers
        self._shares = store.outcome_shares
        self._catalogue = catalogue
        self._scope = scope
        self._progress = progress
        self._now = now

    async def claim(self, asker: Asker, path: Path, channel: int) -> Claim:
        """Record that a path is about to be announced. Raises ``NotAllowed``.

        If it was announced in this server before, or may have been, the claim has that as ``earlier``.
        """
        course = self._catalogue.courses[path.course]
        if asker.server is None or not self._scope.is_in(asker.server, course.id):
            raise NotAllowed("You can share a completed path only in a server that has the course.")
        if not await self._servers.allows_announcements(asker.server):
            raise NotAllowed("Announcements are turned off in this server.")
        wanted = Announcement(asker.learner, course.id, path.route, asker.server, channel, None, self._now())
        return await self._claim(wanted, course, path)

    async def retry(self, claim: Claim) -> Claim:
        """Claim again what was begun before and was not posted. Raises ``NotAllowed``."""
        if claim.earlier is not None:
            await self._announcements.remove(claim.earlier)
        course = claim.progress.course
        return await self._claim(claim.wanted, course, course.nodes[claim.wanted.route])

    async def _claim(self, wanted: Announcement, course: Course, path: Node) -> Claim:
        progress = Progress(course, ())

        def check(ticks: Sequence[Tick]) -> None:
            nonlocal progress
            progress = Progress(course, ticks)
            if not progress.is_done(path):
                raise NotAllowed(f"You haven't completed **{path.title}**, so there is nothing to announce.")

        earlier = await self._announcements.claim(wanted, check)
        return Claim(wanted, progress, earlier)

    def may_be_on_its_way(self, announcement: Announcement) -> bool:
        return self._now() - announcement.at < BEING_POSTED

    async def posted(self, announcement: Announcement, message: int) -> bool:
        """Record the message ID of an announcement. Return False if its record has been deleted meanwhile."""
        return await self._announcements.posted(announcement, message)

    async def remove(self, announcement: Announcement) -> Announcement | None:
        """Delete the record of an announcement that is gone or was never posted.

        If its message ID has been recorded in the meantime, return the announcement with it instead.
        """
        return await self._announcements.remove(announcement)

    async def shared(self, asker: Asker, course: Course, channel: int, message: int) -> None:
        """Record a list that a learner shared, so that only they can delete it."""
        if asker.server is not None:
            now = self._now()
            await self._announcements.add(
                Announcement(asker.learner, course.id, SHARED, asker.server, channel, message, now)
            )

    async def own(self, learner: int, message: int) -> Announcement | None:
        """Return the public message with this ID if it is the learner's."""
        return await self._announcements.by_message(learner, message)

    async def outdated(self, learner: int) -> list[Announcement]:
        """Return the announcements of paths that are no longer complete, and of passes that are no longer shared."""
        found: list[Announcement] = []
        progress: dict[str, Progress] = {}
        for announcement in await self._announcements.of(learner):
            if announcement.route == PASSED:
                if announcement.server not in await self._shares.servers(learner, announcement.course):
                    found.append(announcement)
                continue
            course = self._catalogue.courses.get(announcement.course)
            path = course.nodes.get(course.current(announcement.route)) if course else None
            if course is None or path is None:
                continue  # the course or path is no longer offered
            if course.id not in progress:
                progress[course.id] = await self._progress.of(learner, course)
            if not progress[course.id].is_done(path):
                found.append(announcement)
        return found
