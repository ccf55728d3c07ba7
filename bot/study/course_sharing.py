"""Share a server's course by a code, with which other servers copy it. Copies are offered updates."""

from dataclasses import dataclass

from bot.core.course.catalogue import shown
from bot.core.course.server_course import CODE_LENGTH, CourseFiles, random_name
from bot.errors import NotFound
from bot.store import Store
from bot.store.server_course_rows import Origin, ServerCourse
from bot.study.server_courses import ServerCourses


@dataclass(frozen=True, slots=True)
class Shared:
    """A course that another server shares, with the files of its current version."""

    course: ServerCourse
    files: CourseFiles

    @property
    def origin(self) -> Origin:
        return Origin(self.course.id, self.course.version)


class CourseSharing:
    """Codes of shared courses, and updates of copies. To add or update a copy, publish ``Shared.files``."""

    def __init__(self, store: Store, courses: ServerCourses) -> None:
        self._rows = store.server_courses
        self._courses = courses

    async def share(self, server: int, course: str) -> str:
        """Return the code with which other servers can copy a course; the same until ``unshare``. ``NotFound``."""
        found = await self._courses.get(server, course)
        if found.share_code:
            return found.share_code
        await self._rows.set_share_code(course, server, random_name("", CODE_LENGTH))
        return (await self._courses.get(server, course)).share_code or ""

    async def unshare(self, server: int, course: str) -> None:
        """End sharing. Copies stay, but get no more updates."""
        await self._rows.end_sharing(course, server)

    async def shared(self, code: str) -> Shared:
        """Return the course with a code, to preview and publish with its ``origin``. Raises ``NotFound``.

        Call ``count_upload`` first, so that codes can't be guessed.
        """
        found = await self._rows.by_share_code(code.strip().lower()[:CODE_LENGTH])
        stored = await self._rows.files(found.id, found.version) if found else None
        if found is None or stored is None:
            raise NotFound(f"No course is shared with the code “{shown(code)}”. Ask for a new one.")
        return Shared(found, stored.files)

    async def update(self, course: ServerCourse) -> Shared | None:
        """Return the newer version of a copied course's origin, if it is still shared. Nothing changes by itself."""
        if course.origin is None:
            return None
        found = await self._rows.find(course.origin.course)
        if found is None or found.removed_at or not found.share_code or found.version <= course.origin.version:
            return None
        stored = await self._rows.files(found.id, found.version)
        return Shared(found, stored.files) if stored else None
