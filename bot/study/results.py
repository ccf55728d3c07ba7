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
    """The result of a tick, an untick or an undo. ``nodes`` are the requested ones; ``on`` is True for a tick."""

    course: Course
    nodes: tuple[Node, ...]
    on: bool
    applied: Applied

    @cached_property
    def before(self) -> Progress:
        return Progress(self.course, (*self.applied.before, *self.applied.known))

    @cached_property
    def after(self) -> Progress:
        return Progress(self.course, (*self.applied.after, *self.applied.known))

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
    def shareable(self) -> tuple[Path, ...]:
        """The paths that this change completed and that can be announced in the server."""
        return tuple(path for path in self.finished if path.route in self.applied.announceable)

    @property
    def announces(self) -> bool:
        """Whether the learner wants ``shareable`` to be announced at once."""
        return self.applied.announces and bool(self.shareable)

    @cached_property
    def day(self) -> datetime | None:
        """When the requested nodes were completed, if that was given as an earlier day."""
        new = self.applied.after[-1] if self.on and self.applied.delta.add else None
        return new.done_at if new and new.done != new.made else None

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
