"""A learner, her actions in the small course, and what is stored."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from bot.core.course.course import Course
from bot.store import Store
from bot.study import Asker, Study, Ticked
from tests.cogs.conftest import env, sim
from tests.conftest import Clock

__all__ = ["env", "sim"]

TREE = {"a": {"m": ["u1", "u2", "u3", "u4"]}, "b": {"n": ["u1", "u2", "u3", "u4"]}}


class Ada:
    """A learner in server 700, and her clock."""

    def __init__(
        self, store: Store, study: Study, course: Course, clock: Clock, rows: Callable[..., list[Any]]
    ) -> None:
        self.store, self.study, self.course, self.clock, self._rows = store, study, course, clock, rows
        self.asker = Asker(1, 700, "Ada")

    def at(self, moment: str) -> None:
        """Set the clock to a time such as ``2026-11-20 09:30`` (UTC)."""
        self.clock.moment = datetime.fromisoformat(f"{moment}+00:00")

    async def set_zone(self, zone: str) -> None:
        await self.study.learners.set_zone(1, zone)

    async def tick(self, route: str, **more: Any) -> Ticked:
        return await self.study.progress.complete(self.asker, self.course.nodes[route], **more)

    async def untick(self, route: str) -> Ticked:
        return await self.study.progress.undo_node(self.asker, self.course.nodes[route])

    async def undo(self) -> Ticked:
        return await self.study.progress.undo(self.asker)

    def days(self) -> list[str]:
        """The stored study days."""
        return [day for (day,) in self._rows("select day from study_day where learner_id = 1 order by day")]

    def ticks(self) -> int:
        return self._rows("select count(*) from tick where learner_id = 1")[0][0]


@pytest.fixture
async def ada(
    store: Store,
    study_of: Callable[..., Awaitable[Study]],
    course: Callable[..., Course],
    clock: Clock,
    rows: Callable[..., list[Any]],
) -> Ada:
    small = course(TREE)
    return Ada(store, await study_of(small), small, clock, rows)
