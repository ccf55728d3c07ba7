"""Ticks: compute which ones a change adds and removes, and a learner's progress from them.

Only leaves are stored: a module is ticked if and only if all of its units are, a path if and only if all of its modules
are. So ticking a node ticks the leaves below it, and unticking a leaf leaves its siblings unchanged. A stored tick on a
node that has children now (it had none when it was ticked) counts for each of them. One on a route that the course no
longer has is kept but doesn't count.

A learner can mark what they already know (see ``known``). It is covered, but not completed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from bot.core.calendar.timestamps import from_seconds
from bot.core.course.course import Course, Node, Path
from bot.core.course.share import Share

KNOWN, REVIEWED = 1, 2
"""The values of ``Tick.known`` for what is known; reviews ask about the second."""


class Tick(NamedTuple):
    """A stored tick: the route at that time, when it was completed and recorded, and in which server.

    Times are seconds since 1970. A named tuple in the format of a row, because each command creates one per row it
    reads and shows the times of few. ``known`` is set if it only marks what the learner already knew, 2 if reviews ask
    about it.
    """

    route: str
    done: int
    made: int
    server: int | None = None
    change: int = 0
    known: int = 0

    @property
    def done_at(self) -> datetime:
        """When it was completed, UTC."""
        return from_seconds(self.done)

    @property
    def made_at(self) -> datetime:
        """When it was recorded, UTC."""
        return from_seconds(self.made)


@dataclass(frozen=True, slots=True)
class Delta:
    """The change to the stored routes. ``carried`` maps added routes to the removed ones they stem from."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    carried: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


def ticking(course: Course, stored: Collection[str], nodes: Iterable[Node]) -> Delta:
    """Return what to add so that all ``nodes`` are ticked. Never removes anything."""
    done = credited(course, stored)
    wanted = dict.fromkeys(leaf for node in nodes for leaf in node.leaves)
    return Delta(add=tuple(leaf for leaf in wanted if leaf not in done))


def unticking(course: Course, stored: Collection[str], nodes: Iterable[Node]) -> Delta:
    """Return the change after which no leaf below ``nodes`` is ticked and all others are unchanged."""
    gone = {leaf for node in nodes for leaf in node.leaves}
    credit = {route: _credit(course, route) for route in stored}
    remove = tuple(route for route, leaves in credit.items() if gone.intersection(leaves))
    kept = {leaf for route, leaves in credit.items() if route not in remove for leaf in leaves}
    carried = {leaf: route for route in remove for leaf in credit[route] if leaf not in gone and leaf not in kept}
    return Delta(add=tuple(carried), remove=remove, carried=carried)


def after(stored: Collection[str], delta: Delta) -> frozenset[str]:
    """Return the stored routes after ``delta``."""
    return frozenset(stored).difference(delta.remove).union(delta.add)


def _credit(course: Course, route: str) -> tuple[str, ...]:
    """Return the current leaves that a stored route counts for."""
    node = course.nodes.get(route) or course.nodes.get(course.current(route))
    return node.leaves if node else ()


def credited(course: Course, stored: Iterable[str]) -> set[str]:
    """Return the current leaves that stored routes count for."""
    return {leaf for route in stored for leaf in _credit(course, route)}


class Progress:
    """A learner's progress in a course, computed from their ticks and from what they marked as known. Stores nothing.

    ``ticks`` are those of what was completed.
    """

    def __init__(self, course: Course, ticks: Iterable[Tick]) -> None:
        self.course = course
        self.ticks: Sequence[Tick] = tuple(ticks)
        marks = [tick for tick in self.ticks if tick.known]
        if marks:
            self.ticks = tuple(tick for tick in self.ticks if not tick.known)
        self._done = {tick.route: tick for tick in self.ticks if tick.route in course.minutes_of}
        self._shares: dict[str, Share] = {}
        self.kept: list[Tick] = []
        """Ticks on nodes that were removed from the course."""
        if len(self._done) < len(self.ticks):
            self._credit_all()
        self._known = {leaf: mark for mark in marks for leaf in _credit(course, mark.route) if leaf not in self._done}

    def _credit_all(self) -> None:
        """Compute what each tick counts for, if some are on routes that are no longer leaves."""
        course = self.course
        self._done = {}
        for tick in self.ticks:
            leaves = (tick.route,) if tick.route in course.minutes_of else _credit(course, tick.route)
            for leaf in leaves:
                known = self._done.get(leaf)
                if known is None or tick.done < known.done:
                    self._done[leaf] = tick
            if not leaves:
                self.kept.append(tick)

    @property
    def stored(self) -> frozenset[str]:
        """The stored routes, as ``ticking`` and ``unticking`` expect them."""
        return frozenset(tick.route for tick in self.ticks)

    def is_done(self, node: Node) -> bool:
        return all(map(self._done.__contains__, node.leaves))

    @cached_property
    def studied(self) -> "Progress":
        """The progress without what is only known, as others see it."""
        return Progress(self.course, self.ticks) if self._known else self

    def share(self, node: Node) -> Share:
        """Return the share of a node. Cached, because a view asks several times."""
        cached = self._shares.get(node.route)
        if cached is None:
            done = list(filter(self._done.__contains__, node.leaves))
            known = list(filter(self._known.__contains__, node.leaves)) if self._known else ()
            cached = self._shares[node.route] = Share(
                len(done), len(node.leaves), self._minutes(done), node.length, len(known), self._minutes(known)
            )
        return cached

    @cached_property
    def whole(self) -> Share:
        """Return the share of the whole course."""
        done, known = self._done, self._known
        return Share(
            len(done), len(self.course.leaves), self._minutes(done), self.course.minutes, len(known),
            self._minutes(known),
        )  # fmt: skip

    def _minutes(self, leaves: Iterable[str]) -> int:
        return sum(map(self.course.minutes_of.__getitem__, leaves))

    @cached_property
    def paths_done(self) -> tuple[Path, ...]:
        return tuple(path for path in self.course.paths if self.share(path).complete)

    def done_at(self, node: Node) -> datetime | None:
        """Return when a ticked node became complete, the time of its last leaf; None if it isn't ticked."""
        if not self.is_done(node):
            return None
        return from_seconds(max(self._done[leaf].done for leaf in node.leaves))

    def is_covered(self, leaf: str) -> bool:
        """Return whether a leaf is completed or known."""
        return leaf in self._done or leaf in self._known

    def covered_at(self, leaf: str) -> datetime | None:
        """Return when a leaf was completed or else marked as known; None if it is neither."""
        tick = self._done.get(leaf) or self._known.get(leaf)
        return tick.done_at if tick else None

    def last_done(self, node: Node) -> int | None:
        """Return the time of the latest tick below a node, in seconds since 1970; None without any.

        What is known counts if reviews ask about it.
        """
        moments = [self._done[leaf].done for leaf in node.leaves if leaf in self._done]
        if self._known:
            marks = (self._known[leaf] for leaf in node.leaves if leaf in self._known)
            moments += [mark.done for mark in marks if mark.known == REVIEWED]
        return max(moments, default=None)

    def is_reviewed(self, node: Node) -> bool:
        """Return whether reviews ask about all that is known below a node."""
        return all(self._known[leaf].known == REVIEWED for leaf in node.leaves if leaf in self._known)

    def covered(self, nodes: Iterable[Node]) -> int:
        """Return how many nodes are completed or known."""
        return sum(self.share(node).covered for node in nodes)

    def known(self, nodes: Iterable[Node]) -> int:
        """Return how many nodes are covered, but not completed."""
        return sum(share.covered and not share.complete for share in map(self.share, nodes))

    def modules_done(self, path: Path) -> int:
        return sum(self.is_done(module) for module in path.modules)

    def next(self, beyond: Collection[str] = ()) -> Node | None:
        """Return the first leaf in course order that is neither covered nor in ``beyond``; None at the end."""
        for leaf in self.course.leaves:
            if not self.is_covered(leaf) and leaf not in beyond:
                return self.course.nodes[leaf]
        return None

    def last(self, count: int) -> Iterator[tuple[Node, Tick]]:
        """Yield the latest ``count`` ticks that count, latest first.

        The ticks of one change are merged into the highest nodes that it completed.
        """
        changes: dict[tuple[int, int], dict[str, Tick]] = {}
        for leaf, tick in self._done.items():
            changes.setdefault((tick.done, tick.change), {})[leaf] = tick
        nodes = (found for key in sorted(changes, reverse=True) for found in self._highest(changes[key]))
        return islice(nodes, count)

    def _highest(self, leaves: dict[str, Tick]) -> Iterator[tuple[Node, Tick]]:
        """Yield the highest nodes whose leaves are all in ``leaves``, each with one of its ticks."""
        while leaves:
            leaf, tick = next(iter(leaves.items()))
            node = self.course.nodes[leaf]
            above = (each for each in self.course.ancestors(node) if all(map(leaves.__contains__, each.leaves)))
            node = next(above, node)
            yield node, tick
            leaves = {other: kept for other, kept in leaves.items() if other not in node.leaves}
