"""Who asks, and what comes back."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.core.calendar.streaks import Streak
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Progress
from bot.store import Applied


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who asks: their Discord id, the server they ask in (None in direct messages), and their name."""

    learner: int
    server: int | None
    name: str


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A course and where somebody stands in it."""

    course: Course
    progress: Progress


@dataclass(frozen=True)
class Ticked:
    """What a tick, an untick or an undo did. ``nodes`` is what was asked for; ``on`` says whether ticks were asked for.

    ``announce`` holds the paths that were completed for the first time by somebody who may be named in the channel.
    """

    course: Course
    nodes: tuple[Node, ...]
    on: bool
    applied: Applied
    announce: tuple[Path, ...] = ()

    @cached_property
    def before(self) -> Progress:
        return Progress(self.course, self.applied.before)

    @cached_property
    def after(self) -> Progress:
        return Progress(self.course, self.applied.after)

    @property
    def changed(self) -> bool:
        return bool(self.applied.delta)

    @property
    def node(self) -> Node:
        """The highest node that was asked for."""
        return self.nodes[0]

    @cached_property
    def finished(self) -> tuple[Path, ...]:
        """The paths that are complete now and were not before."""
        delta = self.applied.delta
        fresh = {route.split("/")[0] for route in delta.add if route not in delta.carried}
        return tuple(path for path in self.after.paths_done if path.route in fresh)

    @cached_property
    def streak(self) -> Streak | None:
        """The streak, where this is the first act of a study day; None else."""
        return self.applied.studied.streak if self.applied.studied else None

    @property
    def ask_zone(self) -> bool:
        """The learner is to be asked for their zone now."""
        return self.applied.studied is not None and self.applied.studied.ask_zone

    @property
    def since(self) -> datetime | None:
        """When what was asked for had already been ticked; None where it had not."""
        return self.before.done_at(self.node)
