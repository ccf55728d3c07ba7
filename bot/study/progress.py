"""Read, complete and undo learners' progress."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time

from bot.core.calendar.dates import check_day
from bot.core.calendar.slots import instant
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Delta, Progress, Tick, after, credited, ticking, unticking
from bot.errors import BadInput, NotAllowed, NotFound, Stale
from bot.store import Applied, Store
from bot.store.streaks import Counts, always
from bot.study.learners import Learners
from bot.study.results import Asker, CourseProgress, Ticked


class LearnerProgress:
    """The progress of learners in the courses."""

    def __init__(self, store: Store, catalogue: Catalogue, learners: Learners, *, now: Callable[[], datetime]) -> None:
        self._progress = store.progress
        self._privacy = store.privacy
        self._catalogue = catalogue
        self._learners = learners
        self._now = now

    async def of(self, learner: int, course: Course) -> Progress:
        """Return a learner's progress in a course."""
        return Progress(course, await self._progress.of(learner, course.id))

    async def of_all_courses(self, learner: int) -> list[CourseProgress]:
        """Return a learner's progress in every course."""
        ticks = await self._progress.of_all_courses(learner)
        return [
            CourseProgress(course, Progress(course, ticks.get(course.id, ())))
            for course in self._catalogue.courses.values()
        ]

    async def of_member(self, asker: Asker, learner: int, course: Course) -> Progress:
        """Return another member's progress.

        Raises ``NotAllowed`` unless both are in this server's cohort and the progress is visible.
        """
        if learner == asker.learner:
            return await self.of(learner, course)
        if asker.server is None:
            raise NotAllowed("You can see another member's progress only in a server where you study together.")
        joined, visible, ticks = await self._progress.of_member(asker.learner, learner, asker.server, course.id)
        if not joined:
            raise NotAllowed(
                f"Only members of this server's {course.code} cohort see each other's progress. "
                "You join it with your first tick here: `/complete`."
            )
        if not visible:
            raise NotAllowed(
                f"<@{learner}> hasn't joined this server's {course.code} cohort, or keeps their progress to themselves."
            )
        return Progress(course, ticks)

    async def complete(self, asker: Asker, node: Node, on: date | None = None) -> Ticked:
        """Tick a node and everything below it, as completed now or ``on`` a day within the last year.

        The day is in the learner's own time zone (UTC if they haven't set one) and is stored as noon there. Raises
        ``BadInput``.
        """
        now = self._now()
        done_at = now
        if on is not None:
            zone = await self._learners.zone(asker.learner)
            today = now.astimezone(zone).date()
            check_day(on, today, zone.key)
            if on != today:
                done_at = instant(on, time(12), zone)
        return await self._change(
            asker, (node,), lambda course, stored: ticking(course, stored, (node,)), on=True, done_at=done_at
        )

    async def complete_all(self, asker: Asker, nodes: Sequence[Node]) -> Ticked:
        """Tick several nodes of one course at once. Raises ``BadInput`` if there are none."""
        if not nodes:
            raise BadInput("Nothing was chosen, so nothing was ticked.")
        chosen = tuple(nodes)
        return await self._change(asker, chosen, lambda course, stored: ticking(course, stored, chosen), on=True)

    async def restore(self, asker: Asker, node: Node, taken: date | None) -> Ticked:
        """Restore ticks that were just undone. Doesn't count as study, unless it restores the study day ``taken``."""
        return await self._change(
            asker, (node,), lambda course, stored: ticking(course, stored, (node,)), on=True,
            counts=lambda day: day == taken,
        )  # fmt: skip

    async def undo_node(self, asker: Asker, node: Node) -> Ticked:
        """Untick a node and everything below it."""
        return await self._change(asker, (node,), lambda course, stored: unticking(course, stored, (node,)), on=False)

    async def save(self, asker: Asker, node: Node, shown: Collection[str], chosen: Collection[str]) -> Ticked:
        """Apply a form for the children of ``node``. Change only what differs from the routes it has ``shown``."""
        children = node.children or (node,)
        on = tuple(child for child in children if child.route in chosen and child.route not in shown)
        off = tuple(child for child in children if child.route in shown and child.route not in chosen)

        def decide(course: Course, stored: Collection[str]) -> Delta:
            less = unticking(course, stored, off)
            more = ticking(course, after(stored, less), on)
            return Delta(add=less.add + more.add, remove=less.remove, carried=less.carried)

        return await self._change(asker, (node,), decide, on=bool(on) or not off)

    async def undo(self, asker: Asker, change: int | None = None) -> Ticked:
        """Undo the ticks of a change (the last one if None) that are still ticked."""
        found = await self._progress.change(asker.learner, change)
        if found is None and change is None:
            raise NotFound("There is nothing to undo: you have not ticked anything yet. `/complete` ticks something.")
        if found is None:
            raise Stale("Nothing of that tick is left to undo. `/progress` shows where you stand.")
        course_id, routes = found
        course = self._catalogue.courses.get(course_id)
        if course is None:
            raise Stale(
                f"Your last tick is in {course_id.upper()}, a course that this bot no longer serves. It is kept."
            )

        known = frozenset(route for route in routes if credited(course, (route,)))
        if not known:
            raise Stale(f"What you ticked last has left {course.code} since. Your tick on it is kept.")

        def decide(_: Course, stored: Collection[str]) -> Delta:
            return Delta(remove=tuple(sorted(known.intersection(stored))))

        return await self._change(asker, _highest(course, known), decide, on=False)

    async def _change(
        self,
        asker: Asker,
        nodes: tuple[Node, ...],
        decide: Callable[[Course, Collection[str]], Delta],
        *,
        on: bool,
        done_at: datetime | None = None,
        counts: Counts = always,
    ) -> Ticked:
        course = self._catalogue.courses[nodes[0].course]
        now = self._now()

        def decide_ticks(ticks: Sequence[Tick]) -> tuple[Delta, Sequence[str]]:
            stored = {tick.route for tick in ticks}
            delta = decide(course, stored)
            touched = {route.split("/")[0] for route in delta.add}
            held = credited(course, after(stored, delta)) if touched else set()
            complete = [path.route for path in course.paths if path.route in touched and held.issuperset(path.leaves)]
            return delta, complete

        applied = await self._progress.apply(
            asker.learner, course.id, asker.server, decide_ticks,
            now=now, done_at=done_at or now, join=on, counts=counts,
        )  # fmt: skip
        return Ticked(course, nodes, on, applied, await self._announced(asker, course, applied))

    async def _announced(self, asker: Asker, course: Course, applied: Applied) -> tuple[Path, ...]:
        """Return the paths to announce: completed for the first time, in a server, by a member who is not hidden."""
        if not applied.reached or asker.server is None or await self._privacy.is_hidden(asker.learner):
            return ()
        return tuple(path for path in course.paths if path.route in applied.reached)


def _highest(course: Course, routes: Collection[str]) -> tuple[Node, ...]:
    """Return the highest current nodes whose leaves are all credited by ``routes``."""
    leaves = credited(course, routes)
    highest: list[Node] = []
    for node in course.nodes.values():
        if leaves.issuperset(node.leaves) and not any(above in highest for above in course.ancestors(node)):
            highest.append(node)
    return tuple(highest)
