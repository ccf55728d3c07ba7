"""Private notes of learners on modules."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course, Module, Node
from bot.core.course.progress import Progress
from bot.errors import BadInput, Stale
from bot.store import Store
from bot.store.notes import SavedNote

MAX_NOTE = 500
"""Characters of a note."""


class Notes:
    """The notes of learners. Only their author sees them."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._notes = store.notes
        self._progress = store.progress
        self._catalogue = catalogue
        self._now = now

    async def of(self, learner: int, course: Course) -> dict[str, str]:
        """Return a learner's notes by the current route of the module."""
        return _by_module(course, await self._notes.of(learner, course.id))

    async def with_progress(self, learner: int, course: Course) -> tuple[Progress, dict[str, str]]:
        """Return the learner's progress and their notes by the current route of the module. One read."""
        ticks, notes = await self._progress.with_notes(learner, course.id)
        return Progress(course, ticks), _by_module(course, notes)

    async def save(self, learner: int, module: Module, text: str) -> SavedNote:
        """Store a note; delete it if the text is empty. Raises ``BadInput`` if it is too long."""
        content = "".join(filter(_is_text, text)).strip()
        if len(content) > MAX_NOTE:
            raise BadInput(f"A note can have up to {MAX_NOTE} characters. Yours has {len(content)}.")
        route = await self._stored_route(learner, module)
        return await self._notes.set(learner, module.course, route, content, self._now())

    async def undo(self, learner: int, module: Module, change: int) -> SavedNote:
        """Undo the last change of a note. Raises ``Stale`` if it has changed since."""
        route = await self._stored_route(learner, module)
        saved = await self._notes.undo(learner, module.course, route, change)
        if saved is None:
            raise Stale("You've changed your notes since then, so this can't be undone.")
        return saved

    async def _stored_route(self, learner: int, module: Module) -> str:
        """Return the route of the module's note: that of an earlier version of the course if it has another there."""
        course = self._catalogue.courses[module.course]
        notes = await self._notes.of(learner, course.id)
        routes = [route for route in notes if course.current(route) == module.route]
        return module.route if module.route in routes or not routes else routes[0]


def note_on(course: Course, node: Node, notes: Mapping[str, str]) -> str:
    """Return the note that belongs to a node: that on the module, or on the module of a unit; empty if none."""
    module = node if isinstance(node, Module) or not course.ancestors(node) else course.ancestors(node)[-1]
    return notes.get(module.route, "")


def _by_module(course: Course, notes: Mapping[str, str]) -> dict[str, str]:
    moved = {course.current(route): content for route, content in notes.items()}
    return moved | {route: content for route, content in notes.items() if route in course.nodes}


def _is_text(char: str) -> bool:
    """Return whether a character is a line break or no control character, which databases and Discord refuse."""
    return char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
