"""Read, complete and undo learners' progress."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time

from bot.core.calendar.dates import check_day
from bot.core.calendar.slots import instant
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course, Node
from bot.core.course.progress import Delta, Progress, Tick, after, credited, ticking, unticking
from bot.core.course.server_course import is_servers
from bot.errors import BadInput, NotAllowed, NothingYet, Stale
from bot.store import Store
from bot.store.streaks import Counts, always
from bot.study.course_scope import CourseScope
from bot.study.learners import Learners
from bot.study.results import Asker, CourseProgress, Ticked


class LearnerProgress:
    """The progress of learners in the courses."""

    def __init__(
        self, store: Store, catalogue: Catalogue, scope: CourseScope, learners: Learners, *, now: Callable[[], datetime]
    ) -> None:
        self._progress = store.progress
        self._privacy = store.privacy
        self._courses = store.server_courses
        self._catalogue = catalogue
        self._scope = scope
        self._learners = learners
        self._now = now

    async def of(self, learner: int, course: Course) -> Progress:
        """Return a learner's progress in a course."""
        return Progress(course, await self._progress.of(learner, course.id))

    async def kept(self, progress: Progress) -> list[str]:
        """Return the titles of completed parts that are no longer in a course, where they are known."""
        if not progress.kept or not is_servers(progress.course.id):
            return []
        titles = await self._courses.titles(progress.course.id)
        return [titles[tick.route] for tick in progress.kept if tick.route in titles]

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
            raise NotAllowed("You can only view another member's progress in a server you study in together.")
        joined, visible, ticks = await self._progress.of_member(asker.learner, learner, asker.server, course.id)
        if not joined:
            raise NothingYet(
                f"Members of this server's {course.code} study group can see each other's progress. "
                "Join it to see theirs; they'll see yours.",
                "Join", "join", course.id, "visible",
            )  # fmt: skip
        if not visible:
            raise NotAllowed(
                f"<@{learner}> isn't in this server's {course.code} study group, or has hidden their progress."
            )
        return Progress(course, ticks)

    async def complete(self, asker: Asker, node: Node, on: date | None = None) -> Ticked:
        """Tick a node and everything below it, as completed now or ``on`` a day within the last year.

        The day is in the learner's own time zone (UTC if they haven't set one) and is stored as noon there. Raises
        ``BadInput``.
        """
        done_at = await self._moment(asker, on)
        return await self._change(
            asker, (node,), lambda course, stored: ticking(course, stored, (node,)), on=True, done_at=done_at
        )

    async def _moment(self, asker: Asker, on: date | None) -> datetime:
        """Return the time at which something was completed ``on`` a day. Raises ``BadInput``."""
        now = self._now()
        if on is None:
            return now
        zone = await self._learners.zone(asker.learner)
        today = now.astimezone(zone).date()
        check_day(on, today)
        return now if on == today else instant(on, time(12), zone)

    async def complete_all(self, asker: Asker, nodes: Sequence[Node], on: date | None = None) -> Ticked:
        """Tick several nodes of one course at once, now or ``on`` a day. Raises ``BadInput`` if there are none."""
        if not nodes:
            raise BadInput("Nothing selected, so nothing changed.")
        chosen, done_at = tuple(nodes), await self._moment(asker, on)
        return await self._change(
            asker, chosen, lambda course, stored: ticking(course, stored, chosen), on=True, done_at=done_at
        )

    async def restore(self, asker: Asker, node: Node, taken: date | None, done_at: datetime | None = None) -> Ticked:
        """Restore ticks that were just undone, as completed at ``done_at``.

        Doesn't count as study, unless it restores the study day ``taken``.
        """
        return await self._change(
            asker, (node,), lambda course, stored: ticking(course, stored, (node,)), on=True, done_at=done_at,
            counts=lambda day: day == taken,
        )  # fmt: skip

    async def undo_node(self, asker: Asker, node: Node) -> Ticked:
        """Untick a node and everything below it."""
        return await self._change(asker, (node,), lambda course, stored: unticking(course, stored, (node,)), on=False)

    async def save(
        self, asker: Asker, node: Node, shown: Collection[str], chosen: Collection[str], on: date | None = None
    ) -> Ticked:
        """Apply a form for the children of ``node``. Change only what differs from the routes it has ``shown``.

        What was checked is completed now, or ``on`` a day. Raises ``BadInput``.
        """
        children = node.children or (node,)
        more = tuple(child for child in children if child.route in chosen and child.route not in shown)
        less = tuple(child for child in children if child.route in shown and child.route not in chosen)

        def decide(course: Course, stored: Collection[str]) -> Delta:
            removed = unticking(course, stored, less)
            added = ticking(course, after(stored, removed), more)
            return Delta(add=removed.add + added.add, remove=removed.remove, carried=removed.carried)

        done_at = await self._moment(asker, on)
        return await self._change(asker, (node,), decide, on=bool(more) or not less, done_at=done_at)

    async def undo_save(
        self, asker: Asker, node: Node, change: int, removed: Collection[str], done_at: datetime | None = None
    ) -> Ticked:
        """Undo a form: untick what it ticked, and tick the children of ``node`` that it unticked, as of ``done_at``."""
        found = await self._progress.change(asker.learner, change)
        added = found[1] if found else frozenset[str]()
        back = tuple(child for child in node.children or (node,) if child.route in removed)

        def decide(course: Course, stored: Collection[str]) -> Delta:
            less = Delta(remove=tuple(sorted(added.intersection(stored))))
            return Delta(add=ticking(course, after(stored, less), back).add, remove=less.remove)

        done = await self._change(asker, (node,), decide, on=bool(back), done_at=done_at, counts=lambda _: False)
        if not done.changed:
            raise Stale("That change has already been undone. See </progress>.")
        return done

    async def join(self, asker: Asker, course: Course, *, visible: bool) -> bool:
        """Let this server's study group see the learner's progress, or keep it hidden from it.

        Return whether they are hidden from everyone anyway. Raises ``NotAllowed`` in direct messages.
        """
        if asker.server is None or not self._scope.is_in(asker.server, course.id):
            raise NotAllowed("Study groups are in servers. Choose this in a server where you study this course.")
        await self._progress.join(asker.learner, course.id, asker.server, self._now(), visible=visible)
        return await self._privacy.is_hidden(asker.learner)

    async def undo(self, asker: Asker, change: int | None = None) -> Ticked:
        """Undo the ticks of a change (the last one if None) that are still ticked."""
        found = await self._progress.change(asker.learner, change)
        if found is None and change is None:
            raise NothingYet("Nothing to undo yet.", "Start", "next")
        if found is None:
            raise Stale("That change has already been undone. See </progress>.")
        course_id, routes = found
        course = self._catalogue.courses.get(course_id)
        if course is None and is_servers(course_id):
            raise Stale("That change is in a course of another server. Undo it there or in a direct message to me.")
        if course is None:
            raise Stale(
                f"That change is in {course_id.upper()}, a course this bot no longer offers. Your progress is kept."
            )

        known = frozenset(route for route in routes if credited(course, (route,)))
        if not known:
            raise Stale(f"What you completed there is no longer in {course.code}. Your progress on it is kept.")

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

        server = asker.server if self._scope.is_in(asker.server, course.id) else None
        applied = await self._progress.apply(
            asker.learner, course.id, server, decide_ticks,
            now=now, done_at=done_at or now, asks=on, counts=counts,
        )  # fmt: skip
        return Ticked(course, nodes, on, applied)


def _highest(course: Course, routes: Collection[str]) -> tuple[Node, ...]:
    """Return the highest current nodes whose leaves are all credited by ``routes``."""
    leaves = credited(course, routes)
    highest: list[Node] = []
    for node in course.nodes.values():
        if leaves.issuperset(node.leaves) and not any(above in highest for above in course.ancestors(node)):
            highest.append(node)
    return tuple(highest)
