"""What a digest knows about each member of a cohort, and what each of them completed in the week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.course.course import Course, Module, Node, Path
from bot.core.course.progress import credited

PAUSE = timedelta(days=21)
"""A member who returns after at least this long is back."""
BACKDATED = timedelta(days=7)
"""Something recorded in a week counts for it if its date is at most this long before the week."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A visible member of the cohort with the routes of what they completed in the course.

    ``this_week`` and ``last_week`` count for the digest's week and the one before. ``other`` was recorded this week for
    an earlier date (``BACKDATED``), ``earlier`` is everything else. ``last`` is when the last one before this week was
    recorded, in seconds since 1970, or 0. ``study_days`` and ``studied`` are the number of their study days, for
    streaks, and of those in the week. ``highlighted`` is the end of the last week whose digest named them first, in
    seconds since 1970.
    """

    id: int
    joined_at: datetime
    earlier: Sequence[str] = ()
    last_week: Sequence[str] = ()
    this_week: Sequence[str] = ()
    other: Sequence[str] = ()
    last: int = 0
    away: bool = False
    exam_on: date | None = None
    study_days: int = 0
    studied: int = 0
    highlighted: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """What a learner completed in the week: whole paths, modules outside of them, and units in all.

    ``rest`` is the number of units outside of ``paths`` and ``modules``. ``working_on`` is the last module in the order
    of the course in which they completed something, but not everything.
    """

    id: int
    paths: tuple[Path, ...]
    modules: tuple[Module, ...]
    units: int
    rest: int
    minutes: int
    working_on: Module | None = None


class Outline:
    """A course arranged for looking up the modules and paths of many leaves."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.leaves = frozenset(course.minutes_of)
        self.modules = [module for path in course.paths for module in path.modules]
        self.steps: list[Node] = [step for path in course.paths for step in path.modules or (path,)]
        self._place = {leaf: at for at, module in enumerate(self.modules) for leaf in module.leaves}
        self._path = {leaf: at for at, path in enumerate(course.paths) for leaf in path.leaves}

    def current(self, routes: Sequence[str]) -> Collection[str]:
        """Return the leaves of today's course that stored routes stand for."""
        return routes if self.leaves.issuperset(routes) else credited(self.course, routes)

    def person(self, learner: int, done: frozenset[str], fresh: frozenset[str]) -> Person:
        """Return what a learner completed with the leaves ``fresh``, if ``done`` are all that they completed."""
        paths = tuple(
            self.course.paths[at]
            for at in sorted({self._path[leaf] for leaf in fresh})
            if done.issuperset(self.course.paths[at].leaves)
        )
        whole = {path.id for path in paths}
        modules, working_on = [], None
        for at in sorted({self._place[leaf] for leaf in fresh if leaf in self._place}):
            module = self.modules[at]
            if not done.issuperset(module.leaves):
                working_on = module
            elif module.route.partition("/")[0] not in whole:
                modules.append(module)
        rest = len(fresh)
        if paths or modules:
            rest = len(fresh - {leaf for node in (*paths, *modules) for leaf in node.leaves})
        minutes = sum(map(self.course.minutes_of.__getitem__, fresh))
        return Person(learner, paths, tuple(modules), len(fresh), rest, minutes, working_on)
