"""Types for who asks and for what is returned."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.core.calendar.streaks import Streak
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Progress
from bot.store import Applied


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who asks: their Discord ID, the server (None in direct messages), and their name."""

    learner: int
    server: int | None
    name: str


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A course and a learner's progress in it."""

    course: Course
    progress: Progress


@dataclass(frozen=True)
class Ticked:
    """The result of a tick, an untick or an undo. ``nodes`` are the requested ones; ``on`` is True for a tick.

    ``announce`` holds the paths completed for the first time, if the learner may be named in the channel.
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
        """The highest requested node."""
        return self.nodes[0]

    @cached_property
    def finished(self) -> tuple[Path, ...]:
        """The paths that this change completed."""
        delta = self.applied.delta
        fresh = {route.split("/")[0] for route in delta.add if route not in delta.carried}
        return tuple(path for path in self.after.paths_done if path.route in fresh)

    @cached_property
    def streak(self) -> Streak | None:
        """The streak if this is the first activity of a study day; otherwise None."""
        return self.applied.studied.streak if self.applied.studied else None

    @property
    def ask_zone(self) -> bool:
        """Whether to ask the learner for their time zone now."""
        return self.applied.studied is not None and self.applied.studied.ask_zone

    @property
    def since(self) -> datetime | None:
        """When the requested nodes were already ticked; None if they weren't."""
        return self.before.done_at(self.node)
