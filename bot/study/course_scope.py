"""Which courses a task can look up: the operator's, and those of the server or the learner that it works for."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.index import CourseIndex
from bot.core.course.reading import CourseReader
from bot.core.course.server_course import CourseContent, CourseFiles, is_servers, read_files
from bot.errors import BrokenCourse, Busy
from bot.store import Store
from bot.store.server_course_rows import Change

log = logging.getLogger("waymark")

CHECK_EVERY = timedelta(seconds=2)
"""How often a process asks for courses that others have published, at most and only while it is used."""
MAX_PARTS = 60_000
"""Maximum number of paths, modules, units and questions in memory, at about 2 KB each."""
RELEASE_AFTER = timedelta(hours=1)
"""After this time without use, a course is released."""
MAX_OF_LEARNER = 25
"""Maximum number of servers' courses that a learner sees in direct messages."""


@dataclass(slots=True)
class _Loaded:
    """A version of a course in memory. ``index`` is None if this Waymark can't read it."""

    version: int
    index: CourseIndex | None
    used: datetime

    @property
    def parts(self) -> int:
        index = self.index
        return 1 if index is None else len(index.course.nodes) + (len(index.bank) if index.bank else 0)


class CourseScope:
    """Loads courses of servers on first use, and shows them to the tasks that may see them."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._rows = store.server_courses
        self._catalogue = catalogue
        self._now = now
        self._known: dict[str, Change] = {}
        """The courses in use and their current version, by ID."""
        self._of_server: dict[int, tuple[str, ...]] = {}
        self._last_change = 0
        self._checked: datetime | None = None
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._parts = 0
        self._reading = asyncio.Lock()

    @property
    def in_use(self) -> bool:
        """Whether any server has a course of its own."""
        return bool(self._known)

    async def enter(self, server: int | None, learner: int, *, own: bool = False) -> AbstractContextManager[None]:
        """Return a context in which the courses of a server can be looked up; without one, those of a learner.

        ``own``: in a server, those of the learner as well, for what only they see. The versions are the same in the
        whole block. Without servers' courses, this awaits nothing but the check for
        new ones every ``CHECK_EVERY``.
        """
        await self.check()
        if not self._known:
            return self._catalogue.including(())
        courses = dict.fromkeys(self._of_server.get(server, ()) if server else ())
        if own or not server:
            courses |= dict.fromkeys(await self._of_learner(learner))
        found = [await self.find(course) for course in courses]
        return self._catalogue.including([index for index in found if index])

    async def _of_learner(self, learner: int) -> list[str]:
        found = await self._rows.of_learner(learner)
        return [course for course in found if course in self._known][:MAX_OF_LEARNER]

    def is_in(self, server: int | None, course: str) -> bool:
        """Return whether a course is one of a server: the operator's are in all of them, another server's isn't."""
        return server is not None and (not is_servers(course) or course in self._of_server.get(server, ()))

    async def check(self, *, now: bool = False) -> None:
        """Learn of courses that any process published or removed; ``now``: even if the last check was just before.

        If the database doesn't answer, what is known stays in use.
        """
        if not now and self._checked is not None and abs(self._now() - self._checked) < CHECK_EVERY:
            return
        self._checked = self._now()
        try:
            changes = await self._rows.since(self._last_change)
        except Busy as error:
            log.info("courses of servers could not be checked: %s", error)
            return
        for change in changes:
            self._last_change = max(self._last_change, change.number)
            self._note(change)
        self._release()

    def _note(self, change: Change) -> None:
        before = self._known.pop(change.course, None)
        if before and before.server is not None:
            self._of_server[before.server] = tuple(
                course for course in self._of_server[before.server] if course != change.course
            )
        if change.server is None:
            self.release(change.course)
            return
        self._known[change.course] = change
        self._of_server[change.server] = tuple(sorted([*self._of_server.get(change.server, ()), change.course]))

    async def find(self, course: str) -> CourseIndex | None:
        """Return the current version of a course, without checking who may see it. None if unknown or unreadable."""
        change = self._known.get(course)
        if change is None:
            return None
        loaded = self._in_memory(change)
        if loaded is None:
            async with self._reading:  # one at a time: reading competes with the event loop for the interpreter
                loaded = self._in_memory(change) or await self._load(change)
        return loaded.index

    async def any_course(self, course: str) -> Course | None:
        """Return the last version of a course, even if it was removed. None if it is unknown or can't be read."""
        if index := await self.find(course):
            return index.course
        stored = await self._rows.files(course)
        try:
            return (await self.read(stored.files, course)).course if stored else None
        except BrokenCourse:
            return None

    def _in_memory(self, change: Change) -> _Loaded | None:
        loaded = self._loaded.get(change.course)
        if loaded is None or loaded.version != change.version:
            return None
        loaded.used = self._now()
        self._loaded.move_to_end(change.course)
        return loaded

    async def _load(self, change: Change) -> _Loaded:
        stored = await self._rows.files(change.course, change.version)
        index = None
        if stored:
            try:
                index = await asyncio.to_thread(self._index, change.course, stored.files, stored.carried)
            except BrokenCourse as broken:
                log.warning("the course %s of server %s can't be read: %s", change.course, change.server, broken)
        loaded = _Loaded(change.version, index, self._now())
        self.release(change.course)
        self._loaded[change.course] = loaded
        self._parts += loaded.parts
        self._release()
        return loaded

    def _index(self, course: str, files: CourseFiles, carried: Mapping[str, str]) -> CourseIndex:
        content = read_files(files, course, self._reader, carried)
        return CourseIndex(content.course, content.bank)

    async def read(self, files: CourseFiles, course: str) -> CourseContent:
        """Read files as those of ``course``, without keeping them. Raises ``BrokenCourse`` with every fault."""
        async with self._reading:
            return await asyncio.to_thread(lambda: read_files(files, course, self._reader))

    @cached_property
    def _reader(self) -> CourseReader:
        return CourseReader()

    def _release(self) -> None:
        """Release what was used longest ago, beyond the limits."""
        while self._loaded:
            course, loaded = next(iter(self._loaded.items()))
            if self._parts <= MAX_PARTS and self._now() - loaded.used < RELEASE_AFTER:
                return
            self.release(course)

    def release(self, course: str) -> None:
        """Release a course from memory. The next use loads it again."""
        if loaded := self._loaded.pop(course, None):
            self._parts -= loaded.parts
