"""Carry ticks over to another version of a course, and compute what that does to a learner's progress.

A tick moves from its full ID to those in the mapping, with its dates. If a merged part has several ticks, one moves.
The others stay where they are, like ticks on removed parts: they are kept but don't count. Each moved tick remembers
its former full ID, so that going back restores it exactly, while ticks made since follow the inverse mapping.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.course.changes import Changes
from bot.core.course.course import Course
from bot.core.course.progress import Progress, Tick, credited
from bot.core.course.share import Share

Routes = Mapping[str, tuple[str, ...]]


class StoredTick(NamedTuple):
    """A tick, and its full ID before it was first moved; None if it never was."""

    tick: Tick
    former: str | None = None

    @property
    def origin(self) -> str:
        return self.former or self.tick.route


def migrated(ticks: Iterable[StoredTick], mapping: Routes) -> tuple[StoredTick, ...]:
    """Return a learner's ticks in a course after its parts were renamed, moved, merged or split by ``mapping``."""
    stored = {each.tick.route: each for each in ticks}
    moving = sorted((each for each in stored.values() if each.tick.route in mapping), key=_order)
    for each in moving:
        for target in mapping[each.tick.route]:
            stored.setdefault(target, StoredTick(each.tick._replace(route=target), each.origin))
    for each in moving:
        targets = mapping[each.tick.route]
        if each.tick.route not in targets and any(stored[target].origin == each.origin for target in targets):
            del stored[each.tick.route]
    return tuple(stored.values())


def returned(ticks: Iterable[StoredTick], mapping: Routes, old: Course, new: Course) -> tuple[StoredTick, ...]:
    """Return a learner's ticks after going back from the version ``new`` to ``old``; ``mapping`` led to ``new``."""
    stored = {each.tick.route: each for each in ticks}
    formers = set(gone(mapping, new))
    returning = sorted((each for each in stored.values() if each.former in formers), key=_order)
    for each in returning:
        stored.setdefault(each.origin, StoredTick(each.tick._replace(route=each.origin)))
    for each in returning:
        del stored[each.tick.route]
    return migrated(stored.values(), inverse(mapping, old))


def gone(mapping: Routes, new: Course) -> tuple[str, ...]:
    """Return the full IDs that ``mapping`` replaces and that the new version doesn't have."""
    return tuple(route for route in mapping if route not in new.nodes)


def inverse(mapping: Routes, old: Course) -> dict[str, tuple[str, ...]]:
    """Return the mapping back to the version ``old``, for the full IDs that it doesn't have."""
    back: dict[str, tuple[str, ...]] = {}
    for route, targets in mapping.items():
        for target in targets:
            if target not in old.nodes:
                back[target] = (*back.get(target, ()), route)
    return back


def _order(each: StoredTick) -> tuple[int, str]:
    return each.tick.done, each.tick.route


class Outcome(NamedTuple):
    """What a new version does to a learner: their shares of the course, and the number of units they lose.

    A unit is lost if it was completed and its tick counts for nothing in the new version.
    """

    before: Share
    after: Share
    lost: int


def outcome(changes: Changes, served: Course, ticks: Collection[StoredTick]) -> Outcome:
    """Compute the effect of a version on a learner. ``served`` is ``changes.served``, computed once for everyone."""
    after = migrated(ticks, changes.mapping)
    lasting = [
        each.tick.route for each in ticks if each.tick.route in changes.mapping or credited(served, [each.tick.route])
    ]
    lost = credited(changes.old, (each.tick.route for each in ticks)) - credited(changes.old, lasting)
    before = Progress(changes.old, (each.tick for each in ticks))
    return Outcome(before.whole, Progress(served, (each.tick for each in after)).whole, len(lost))


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a new version would do to all learners with ticks in the course.

    ``losing`` is the number of learners who lose completed units, ``lost`` the number of those units in total.
    ``moves`` counts learners by percent before and after, if these differ.
    """

    learners: int
    losing: int
    lost: int
    moves: Mapping[tuple[int, int], int]


def dry_run(outcomes: Iterable[Outcome]) -> DryRun:
    """Sum up the outcomes of all learners."""
    learners = losing = lost = 0
    moves = Counter[tuple[int, int]]()
    for each in outcomes:
        learners += 1
        losing += bool(each.lost)
        lost += each.lost
        if each.before.percent != each.after.percent:
            moves[each.before.percent, each.after.percent] += 1
    return DryRun(learners, losing, lost, dict(moves.most_common()))
