"""What a learner already knows: marked as covered, without being studied.

Only leaves are marked, as only leaves are ticked. A mark adds no completion, study time or study day. Completing what
is marked makes it completed; undoing that makes it known again, because the mark stays.
"""

from collections.abc import Iterable, Sequence

from bot.core.course.course import Course, Node, Unit
from bot.core.course.progress import Delta, Tick, ticking, unticking


def marking(course: Course, ticks: Sequence[Tick], node: Node) -> Delta:
    """Return what to mark so that everything below ``node`` is covered. ``ticks`` are all ticks and marks."""
    return ticking(course, {tick.route for tick in ticks}, (node,))


def unmarking(course: Course, ticks: Iterable[Tick], node: Node) -> Delta:
    """Return the change to the marks after which nothing below ``node`` is marked and all else is unchanged."""
    return unticking(course, {tick.route for tick in ticks if tick.known}, (node,))


def markable(course: Course, node: Node) -> Node:
    """Return what a learner can mark as known who looks at ``node``: the module of a unit, or else the node itself."""
    return course.ancestors(node)[-1] if isinstance(node, Unit) else node
