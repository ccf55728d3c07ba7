"""The data stored about a learner: show, export, hide and delete it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.server_course import is_servers
from bot.errors import NotAllowed
from bot.store import Store
from bot.store.privacy import Membership
from bot.study.course_scope import CourseScope


@dataclass(frozen=True, slots=True)
class Kept:
    """The data stored about a learner: number of rows by table, the cohorts, whether they are hidden, whether
    their completed paths are announced, and whether their mistakes in quizzes are kept.

    It is deleted after ``months`` without a command; 0 keeps it.
    """

    rows: dict[str, int]
    memberships: tuple[Membership, ...]
    hidden: bool
    announces: bool = False
    months: int = 0
    quiz_mistakes: bool = False


class Privacy:
    """What learners can do with their own data."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        scope: CourseScope,
        *,
        now: Callable[[], datetime],
        retention_months: int,
    ) -> None:
        self._privacy = store.privacy
        self._courses = store.server_courses
        self._scope = scope
        self._mistakes = store.mistakes
        self._catalogue = catalogue
        self._now = now
        self._months = retention_months

    async def kept(self, learner: int) -> Kept:
        """Return a summary of what is stored about a learner."""
        rows = await self._privacy.counts(learner)
        memberships = await self._privacy.memberships(learner)
        codes = {course: await self._code(course) for course in {each.course for each in memberships}}
        memberships = [replace(each, course=codes[each.course]) for each in memberships]
        return Kept(
            rows, tuple(memberships), await self._privacy.is_hidden(learner), await self._privacy.announces(learner),
            self._months, await self._mistakes.keeps_quiz_mistakes(learner),
        )  # fmt: skip

    async def _code(self, course: str) -> str:
        """Return the code of a server's course, or the ID of another one."""
        found = await self._courses.find(course) if is_servers(course) else None
        return found.code if found else course

    async def export(self, learner: int) -> dict[str, Any]:
        """Return everything stored about a learner, ready for JSON. Ticks include the current titles, or the last ones
        if a server has changed or removed its course.
        """
        tables = await self._privacy.export(learner)
        known: dict[str, tuple[Course | None, Mapping[str, str]]] = {}
        for tick in tables["tick"]:
            course_id, route = tick["course"], tick["route"]
            if course_id not in known:
                known[course_id] = await self._titles(course_id)
            course, gone = known[course_id]
            node = course.nodes.get(course.current(route)) if course else None
            tick["title"] = node.title if node else gone.get(route)
        return {
            "about": "Everything Waymark keeps about you. Times are in UTC.",
            "learner_id": str(learner),
            "exported_at": self._now().isoformat(timespec="seconds"),
            "tables": tables,
        }

    async def _titles(self, course: str) -> tuple[Course | None, Mapping[str, str]]:
        """Return a course, and the titles of parts that it no longer has."""
        if is_servers(course):
            return await self._scope.any_course(course), await self._courses.titles(course)
        return self._catalogue.everyones.get(course), {}

    async def forget(self, learner: int) -> dict[str, int]:
        """Delete everything about a learner. Return the number of deleted rows by table."""
        return await self._privacy.forget(learner)

    async def set_visibility(self, learner: int, *, hidden: bool) -> None:
        """Hide a learner from everyone else, or show them again.

        Announcements, ``/progress`` and digests leave out hidden learners.
        """
        await self._privacy.set_hidden(learner, hidden=hidden)

    async def set_announcing(self, learner: int, *, announces: bool) -> None:
        """Announce the learner's completed paths from now on, or don't."""
        await self._privacy.set_announces(learner, announces=announces)

    async def keep_quiz_mistakes(self, learner: int, *, keeps: bool) -> None:
        """Put the learner's wrong answers in quizzes on their list of mistakes from now on, or don't."""
        await self._mistakes.keep_quiz_mistakes(learner, keeps=keeps)

    async def leave(self, learner: int, server: int | None) -> list[str]:
        """Leave the cohorts of a server; ticks stay. Return the courses. Raises ``NotAllowed`` if there are none."""
        left = await self._privacy.leave_cohort(learner, server, self._now()) if server is not None else []
        if not left:
            raise NotAllowed("You aren't in a study group of this server.")
        return left

    async def rejoin(self, learner: int, server: int | None) -> list[str]:
        """Rejoin the cohorts of a server. Return the courses. Raises ``NotAllowed`` if the learner left none."""
        back = await self._privacy.rejoin_cohort(learner, server) if server is not None else []
        if not back:
            raise NotAllowed("You haven't left a study group of this server.")
        return back
