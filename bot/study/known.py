"""Mark what a learner already knows. It is covered without study: no time, no study day, and nobody is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course, Node
from bot.core.course.known import markable, marking, unmarking
from bot.core.course.progress import Progress
from bot.errors import Stale
from bot.store import Store
from bot.store.known import Decide, Marked


@dataclass(frozen=True)
class KnownChange:
    """A change to what is marked as known below ``node``.

    ``change`` is its number, by which it can be undone; None if nothing changed or it was itself an undo.
    ``has_questions``: reviews can ask about the node.
    """

    course: Course
    node: Node
    marked: Marked
    has_questions: bool

    @property
    def change(self) -> int | None:
        return self.marked.change

    @cached_property
    def before(self) -> Progress:
        return Progress(self.course, self.marked.before)

    @cached_property
    def after(self) -> Progress:
        return Progress(self.course, self.marked.after)


class Known:
    """What learners marked as known."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._known = store.known
        self._catalogue = catalogue
        self._now = now

    async def mark(self, learner: int, node: Node) -> KnownChange:
        """Mark everything below a path or module that isn't covered; for a unit, its module."""
        return await self._apply(learner, node, lambda course, node: lambda ticks: marking(course, ticks, node))

    async def unmark(self, learner: int, node: Node) -> KnownChange:
        """Remove all marks below a path or module; for a unit, its module."""
        return await self._apply(learner, node, lambda course, node: lambda ticks: unmarking(course, ticks, node))

    async def undo(self, learner: int, node: Node, change: int) -> KnownChange:
        """Undo a change of ``mark`` or ``unmark``. Raises ``Stale`` if nothing is left of it."""
        course = self._catalogue.courses[node.course]
        marked = await self._known.undo(learner, course.id, change)
        if marked is None:
            raise Stale("That change has already been undone. See </paths>.")
        return self._changed(course, node, marked)

    async def set_reviewed(self, learner: int, node: Node, *, reviewed: bool) -> KnownChange:
        """Let reviews ask about what is known below a node, or not. Raises ``Stale`` if nothing is."""
        course = self._catalogue.courses[node.course]
        marked = await self._known.set_reviewed(
            learner, course.id, lambda ticks: unmarking(course, ticks, node).remove, reviewed=reviewed
        )
        changed = self._changed(course, node, marked)
        if not changed.after.share(node).known:
            raise Stale("You haven't marked this as known, so nothing changed.")
        return changed

    async def _apply(self, learner: int, node: Node, rule: Callable[[Course, Node], Decide]) -> KnownChange:
        course = self._catalogue.courses[node.course]
        node = markable(course, node)
        return self._changed(course, node, await self._known.apply(learner, course.id, rule(course, node), self._now()))

    def _changed(self, course: Course, node: Node, marked: Marked) -> KnownChange:
        return KnownChange(course, node, marked, self._catalogue.has_questions(node))
