"""From uploaded files to a published course: draft, preview with a dry run against real progress, and publication."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.core.authoring.upload import hosts
from bot.core.course.change_summary import summary
from bot.core.course.changes import Changes, compare
from bot.core.course.course import Course
from bot.core.course.migration import DryRun, Outcome, Routes, StoredTick, dry_run, outcome
from bot.core.course.server_course import CourseContent, CourseFiles
from bot.core.questions.bank_changes import BankChanges, compare_banks
from bot.errors import NotFound, Stale
from bot.store import Store
from bot.store.course_drafts import Draft, add_news
from bot.store.engine import Statements
from bot.store.server_course_rows import Origin, ServerCourse
from bot.store.versions import apply, go_back
from bot.study.server_courses import OUTDATED, Replaces, ServerCourses

GONE = "This preview is too old, or was published or replaced by another one. Upload the file again."
BATCH = 200
"""Number of learners whose outcomes are computed in one go, in a thread."""


@dataclass(frozen=True, slots=True)
class CoursePreview:
    """A draft as it would be published. Without ``changes``, it is a new course; then ``run`` is None as well.

    ``hosts`` are those of the course's links.
    """

    draft: Draft
    content: CourseContent
    changes: Changes | None
    run: DryRun | None
    questions: BankChanges
    hosts: tuple[str, ...]

    @property
    def course(self) -> Course:
        return self.content.course

    @property
    def summary(self) -> str:
        return summary(self.changes, self.questions)


@dataclass(frozen=True, slots=True)
class CourseNews:
    """A course that was changed, and what changed in the version that a learner is told of."""

    course: ServerCourse
    summary: str


class CourseDrafts:
    """The drafts of managers. Callers check that the person may manage the server."""

    def __init__(self, store: Store, courses: ServerCourses, *, now: Callable[[], datetime]) -> None:
        self._drafts = store.course_drafts
        self._versions = store.versions
        self._rows = store.server_courses
        self._courses = courses
        self._now = now

    async def base(self, server: int, course: str | None) -> CourseFiles | None:
        """Return the files of the course that an upload replaces. Raises ``NotFound``."""
        return await self._courses.files(server, course) if course else None

    async def add(
        self, server: int, manager: int, number: int, files: CourseFiles, course: str | None = None,
        origin: Origin | None = None,
    ) -> CoursePreview:  # fmt: skip
        """Store files as a draft with a number that is unique in the server, and return its preview.

        ``course`` is the one that they replace, ``origin`` the shared one that they are from. Raises ``NotFound``.
        """
        version = (await self._courses.get(server, course)).version if course else 0
        draft = Draft(number, manager, course, version, origin, files)
        preview = await self._preview(server, draft)
        await self._drafts.add(server, draft, self._now())
        return preview

    async def preview(self, server: int, manager: int, number: int) -> CoursePreview:
        """Return the preview of a draft, with a new dry run. Raises ``Stale`` if it is gone or someone else's."""
        return await self._preview(server, await self._find(server, manager, number))

    async def reject(self, server: int, manager: int, number: int, rejected: frozenset[str]) -> CoursePreview:
        """Reject proposals by their keys, accept all others, and return the new preview. Raises ``Stale``."""
        await self._find(server, manager, number)
        await self._drafts.reject(server, number, rejected)
        return await self.preview(server, manager, number)

    async def publish(self, server: int, manager: int, number: int) -> tuple[ServerCourse, CoursePreview]:
        """Publish a draft in one transaction: the new version, everyone's ticks, and news for those affected.

        Raises ``Stale`` if the draft is gone or another version was published meanwhile, and what
        ``ServerCourses.publish`` raises.
        """
        draft = await self._find(server, manager, number)
        preview = await self._preview(server, draft)
        changes = preview.changes

        def also(statements: Statements) -> None:
            if changes and draft.course:
                apply(statements, draft.course, changes.mapping)
                add_news(statements, draft.course, draft.version + 1)

        course = await self._courses.publish(
            server, manager, draft.files, replaces=Replaces(draft.course, draft.version) if draft.course else None,
            mapping={old: new[0] for old, new in changes.mapping.items()} if changes else {},
            summary=preview.summary if changes is not None else "First version", origin=draft.origin, also=also,
        )  # fmt: skip
        await self._drafts.drop(server, number)
        return course, preview

    async def go_back(self, server: int, manager: int, replaces: Replaces, to: int) -> ServerCourse:
        """Publish version ``to`` again. Ticks that later versions moved return, and those made since are kept.

        Raises what ``ServerCourses.roll_back`` raises.
        """
        course = replaces.course
        stored = {each.number: each for each in await self._courses.versions(server, course)}
        steps: list[tuple[Routes, Course, Course]] = []
        if to in stored:
            read = [await self._read(server, course, number) for number in range(to, replaces.version + 1)]
            for number, (old, new) in enumerate(pairwise(read), to + 1):
                steps.append(({before: (after,) for before, after in stored[number].mapping.items()}, old, new))

        def also(statements: Statements) -> None:
            for mapping, old, new in reversed(steps):
                go_back(statements, mapping, old, new)
            add_news(statements, course, replaces.version + 1)

        return await self._courses.roll_back(server, manager, replaces, to, also)

    async def _read(self, server: int, course: str, number: int) -> Course:
        return (await self._courses.read(await self._courses.files(server, course, number), course)).course

    async def discard(self, server: int, manager: int, number: int) -> None:
        """Delete a draft. Raises ``Stale``."""
        await self._find(server, manager, number)
        await self._drafts.drop(server, number)

    async def news(self, learner: int) -> list[CourseNews]:
        """Return what a learner hasn't been told of yet, and don't return it again."""
        found = await self._drafts.news(learner)
        if not found:
            return []
        await self._drafts.told(learner)
        return [each for each in [await self._news(course, version) for course, version in found.items()] if each]

    async def _news(self, course: str, number: int) -> CourseNews | None:
        current = await self._rows.find(course)
        version = next((each for each in await self._rows.versions(course) if each.number == number), None)
        return CourseNews(current, version.summary) if current and not current.removed_at and version else None

    async def _find(self, server: int, manager: int, number: int) -> Draft:
        draft = await self._drafts.find(server, number, self._now())
        if draft is None or draft.manager != manager:
            raise Stale(GONE)
        return draft

    async def _preview(self, server: int, draft: Draft) -> CoursePreview:
        content = await self._courses.read(draft.files, draft.course or "")
        if draft.course is None:
            questions = compare_banks(None, content.bank)
            return CoursePreview(draft, content, None, None, questions, hosts(content.course))
        try:
            if (await self._courses.get(server, draft.course)).version != draft.version:
                raise Stale(OUTDATED)
            old = await self._courses.current(server, draft.course)
        except NotFound as error:
            raise Stale(GONE) from error
        changes = await asyncio.to_thread(compare, old.course, content.course, draft.rejected)
        questions = compare_banks(old.bank, content.bank)
        run = dry_run(await self._outcomes(changes))
        return CoursePreview(draft, content, changes, run, questions, hosts(content.course))

    async def _outcomes(self, changes: Changes) -> list[Outcome]:
        served = changes.served
        found: list[Outcome] = []
        waiting: list[list[StoredTick]] = []

        def compute() -> list[Outcome]:
            return [outcome(changes, served, ticks) for ticks in waiting]

        async for _, ticks in self._versions.ticks_of(changes.old.id):
            waiting.append(ticks)
            if len(waiting) == BATCH:
                found += await asyncio.to_thread(compute)
                waiting.clear()
        return found + await asyncio.to_thread(compute)
