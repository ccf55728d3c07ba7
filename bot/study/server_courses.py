"""Courses that belong to a server: publish, replace, roll back, export and remove them.

Callers check that the person may manage the server. Files are checked here again, so whatever is stored can be read.
A course's ticks aren't rewritten when its parts are renamed: each version stores which full IDs of earlier versions are
which of its own, so a tick counts whatever version it was made in, also if a process or a message was still older.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.course.catalogue import Catalogue, shown
from bot.core.course.course import Course
from bot.core.course.server_course import (
    ID_LENGTH,
    MARK,
    MAX_COURSES,
    CourseContent,
    CourseFiles,
    carry,
    chained,
    random_name,
    reverse,
)
from bot.errors import BadInput, BrokenCourse, NotAllowed, NotFound, Stale
from bot.store import Store
from bot.store.server_course_rows import Origin, Publication, ServerCourse, Version
from bot.store.server_courses import UPLOADS, Work
from bot.study.course_scope import CourseScope

KEEP_VERSIONS = timedelta(days=30)
"""How long a version can be restored after it was replaced, and a course after it was removed."""
MAX_SUMMARY = 500
DISABLED = "The operator of this bot has turned off course uploads."
OUTDATED = "Another manager changed this course in the meantime, so nothing was published. Check the new version first."
NO_COURSE = "This server no longer has that course."


@dataclass(frozen=True, slots=True)
class Replaces:
    """The course that a publication replaces, and the version that the manager compared it with."""

    course: str
    version: int


class ServerCourses:
    """The courses of servers. A server sees and changes only its own; ``Study.scope`` decides who can study them."""

    def __init__(
        self, store: Store, catalogue: Catalogue, scope: CourseScope, *, now: Callable[[], datetime], enabled: bool
    ) -> None:
        """``enabled``: whether managers may upload courses. Published ones stay in use if not."""
        self._rows = store.server_courses
        self._catalogue = catalogue
        self._scope = scope
        self._now = now
        self.enabled = enabled

    async def list(self, server: int) -> Sequence[ServerCourse]:
        """Return the courses of a server in use, oldest first."""
        return [course for course in await self._rows.of_server(server) if course.removed_at is None]

    async def get(self, server: int, course: str) -> ServerCourse:
        """Return a course of a server. Raises ``NotFound`` for others, and for one that was removed."""
        found = await self._rows.find(course)
        if found is None or found.server != server or found.removed_at:
            raise NotFound(NO_COURSE)
        return found

    async def named(self, server: int, text: str) -> ServerCourse:
        """Return the course of a server with an ID or code, ignoring case. Raises ``NotFound``."""
        for course in await self.list(server):
            if text.strip().lower() in (course.id, course.code.lower()):
                return course
        raise NotFound(f"This server has no course “{shown(text)}”. Leave the option out to add a new one.")

    async def current(self, server: int, course: str) -> CourseContent:
        """Return the current contents of a server's course, to compare an upload with. Raises ``NotFound``."""
        await self.get(server, course)
        await self._scope.check(now=True)
        index = await self._scope.find(course)
        if index is None:
            raise NotFound(NO_COURSE)
        return CourseContent(index.course, index.bank)

    async def count_upload(self, server: int) -> None:
        """Count an upload before it is read. Raises ``NotAllowed`` if uploads are off or the limit is reached."""
        if not self.enabled:
            raise NotAllowed(DISABLED)
        if not await self._rows.count_upload(server, self._now()):
            raise NotAllowed(f"This server has uploaded {UPLOADS} times within an hour. Please try again later.")

    async def read(self, files: CourseFiles, course: str = "") -> CourseContent:
        """Read files in a thread, as those of ``course`` or of a course without an ID. Nothing is stored.

        Raises ``BrokenCourse`` or ``BrokenBank`` with every fault, also for files beyond the limits.
        """
        return await self._scope.read(files, course)

    async def publish(
        self, server: int, manager: int, files: CourseFiles, *, replaces: Replaces | None = None,
        mapping: Mapping[str, str] | None = None, summary: str = "", origin: Origin | None = None,
        also: Work | None = None,
    ) -> ServerCourse:  # fmt: skip
        """Publish files as a new course of a server, or as the next version of the one it ``replaces``.

        ``mapping`` has the full IDs that changed from the version it replaces; parts of it that the new version lacks
        are ignored. ``summary`` says what changed, for managers, at most ``MAX_SUMMARY`` characters. ``origin`` is the
        shared course that the files are from. ``also`` runs in the transaction that replaces a version.

        Raises ``BrokenCourse`` for files that can't be read, ``NotAllowed`` if uploads are off or the server has
        ``MAX_COURSES``, ``BadInput`` if its code is taken, and ``Stale`` if the version was replaced meanwhile.
        """
        if not self.enabled:
            raise NotAllowed(DISABLED)
        return await self._publish(server, manager, files, replaces, mapping or {}, summary, origin, also)

    async def _publish(
        self, server: int, manager: int, files: CourseFiles, replaces: Replaces | None, mapping: Mapping[str, str],
        summary: str, origin: Origin | None, also: Work | None,
    ) -> ServerCourse:  # fmt: skip
        course_id = replaces.course if replaces else random_name(MARK, ID_LENGTH)
        course = (await self._scope.read(files, course_id)).course
        carried: Mapping[str, str] = {}
        gone: Mapping[str, str] = {}
        if replaces:
            await self.get(server, course_id)
            before = await self._rows.files(course_id, replaces.version)
            if before is None:
                raise Stale(OUTDATED)
            carried = carry(before.carried, mapping, course)
            gone = await self._gone(before.files, course, carried)
        new = Publication(
            course.code, course.title, files, manager, summary[:MAX_SUMMARY], mapping, carried, gone, origin
        )

        def check(courses: Sequence[ServerCourse]) -> None:
            self._check_code(course, course_id, courses)
            if not replaces:
                _check_count(courses)

        if not replaces:
            await self._rows.add(course_id, server, new, self._now(), check)
        elif not await self._rows.replace(course_id, server, replaces.version, new, self._now(), check, also):
            raise Stale(OUTDATED)
        await self._scope.check(now=True)
        return await self.get(server, course_id)

    async def _gone(self, before: CourseFiles, course: Course, carried: Mapping[str, str]) -> dict[str, str]:
        """Return the titles of the parts of the version before that ``course`` no longer has."""
        try:
            old = (await self._scope.read(before, course.id)).course
        except BrokenCourse:  # published with an earlier Waymark, which read files that this one refuses
            return {}
        nodes = old.nodes.items()
        return {route: node.title for route, node in nodes if route not in course.nodes and route not in carried}

    def _check_code(self, course: Course, course_id: str, courses: Sequence[ServerCourse]) -> None:
        code = course.code.lower()
        theirs = {each.code.lower() for each in courses if each.removed_at is None and each.id != course_id}
        if code in theirs or code in self._catalogue.everyones:
            raise BadInput(f"There already is a course {course.code} here. Give yours another code.")

    async def versions(self, server: int, course: str) -> Sequence[Version]:
        """Return the versions that can be restored and the current one, newest first. Raises ``NotFound``."""
        await self.get(server, course)
        found = await self._rows.versions(course)
        since = self._now() - KEEP_VERSIONS
        replaced = {later.number - 1: later.published_at for later in found}
        return [each for each in reversed(found) if replaced.get(each.number, self._now()) >= since]

    async def files(self, server: int, course: str, number: int = 0) -> CourseFiles:
        """Return the files of a version, by default the current one, as they were uploaded. Raises ``NotFound``."""
        await self.get(server, course)
        stored = await self._rows.files(course, number)
        if stored is None:
            raise NotFound("That version is no longer stored.")
        return stored.files

    async def roll_back(
        self, server: int, manager: int, replaces: Replaces, to: int, also: Work | None = None
    ) -> ServerCourse:
        """Publish the files of version ``to`` again, as a new version. Ticks made since count where the parts exist.

        Raises ``NotFound`` for a version that can't be restored, and ``Stale`` if the version was replaced meanwhile.
        """
        versions = {each.number: each for each in await self.versions(server, replaces.course)}
        if to not in versions or to >= replaces.version:
            raise NotFound(f"Version {to} can't be restored: it was replaced more than 30 days ago.")
        since = [versions[number].mapping for number in range(to + 1, replaces.version + 1) if number in versions]
        files = await self.files(server, replaces.course, to)
        mapping, summary = reverse(chained(since)), f"Version {to} restored"
        return await self._publish(server, manager, files, replaces, mapping, summary, None, also)

    async def remove(self, server: int, course: str) -> ServerCourse:
        """Remove a course from its server. Learners keep their ticks. Raises ``NotFound``."""
        found = await self.get(server, course)
        if not await self._rows.remove(course, self._now()):
            raise NotFound(NO_COURSE)
        await self._scope.check(now=True)
        return found

    async def restore(self, server: int, course: str) -> ServerCourse:
        """Undo ``remove`` within ``KEEP_VERSIONS``. Raises ``NotFound``, and ``NotAllowed`` or ``BadInput`` as
        ``publish``.
        """
        found = await self._rows.find(course)
        if found is None or found.server != server or (found.removed_at or self._now()) < self._now() - KEEP_VERSIONS:
            raise NotFound("That course can no longer be restored.")

        def check(courses: Sequence[ServerCourse]) -> None:
            _check_count([each for each in courses if each.id != course])
            if any(each.code.lower() == found.code.lower() for each in courses if each.removed_at is None):
                raise BadInput(f"There already is a course {found.code} here. Remove it first.")

        if found.removed_at:
            await self._rows.restore(course, server, check)
            await self._scope.check(now=True)
        return await self.get(server, course)


def _check_count(courses: Sequence[ServerCourse]) -> None:
    if sum(each.removed_at is None for each in courses) >= MAX_COURSES:
        raise NotAllowed(f"A server can have {MAX_COURSES} courses. Remove one first.")
