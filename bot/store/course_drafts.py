"""Uploaded files that aren't published yet, and news for learners whose course was changed."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.calendar.timestamps import seconds
from bot.core.course.server_course import CourseFiles
from bot.store.engine import Engine, Statements
from bot.store.server_course_rows import Origin

KEEP_DRAFTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """Files to publish in a server: as a new course, or instead of a ``version`` of ``course``.

    ``rejected`` are keys of proposals about what was renamed or moved.
    """

    number: int
    manager: int
    course: str | None
    version: int
    origin: Origin | None
    files: CourseFiles
    rejected: frozenset[str] = frozenset()


class CourseDrafts:
    """A manager has one draft in a server at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def add(self, server: int, draft: Draft, now: datetime) -> None:
        """Store a draft in place of the manager's other ones. Also deletes old ones of everyone."""
        origin = draft.origin

        def work(statements: Statements) -> None:
            before = seconds(now - KEEP_DRAFTS)
            statements.run("drop_old_course_drafts", before=before, server=server, manager=draft.manager)
            statements.run(
                "add_course_draft", server=server, number=draft.number, manager=draft.manager, course=draft.course,
                version=draft.version, origin=origin.course if origin else None,
                origin_version=origin.version if origin else None, course_text=draft.files.course,
                bank_text=draft.files.bank, now=seconds(now),
            )  # fmt: skip

        await self._engine.transact(work)

    async def find(self, server: int, number: int, now: datetime) -> Draft | None:
        rows = await self._engine.read("course_draft", server=server, number=number, before=seconds(now - KEEP_DRAFTS))
        if not rows:
            return None
        found, manager, course, version, origin, origin_version, course_text, bank_text, rejected = rows[0]
        return Draft(
            found, manager, course, version or 0, Origin(origin, origin_version) if origin else None,
            CourseFiles.stored(course_text, bank_text), frozenset(json.loads(rejected)),
        )  # fmt: skip

    async def reject(self, server: int, number: int, rejected: Collection[str]) -> None:
        """Set the proposals that are rejected."""
        await self._engine.write(
            "reject_in_course_draft", server=server, number=number, rejected=json.dumps(sorted(rejected))
        )

    async def drop(self, server: int, number: int) -> None:
        await self._engine.write("drop_course_draft", server=server, number=number)

    async def news(self, learner: int) -> dict[str, int]:
        """Return the version of each course that a learner hasn't been told of yet, by course ID."""
        return dict(await self._engine.read("course_news_of", learner=learner))

    async def told(self, learner: int) -> None:
        """Delete the news of a learner."""
        await self._engine.write("drop_course_news", learner=learner)


def add_news(statements: Statements, course: str, version: int) -> None:
    """Tell everyone with progress in a course at their next command. Part of a transaction."""
    statements.run("add_course_news", course=course, version=version)
