"""``Study``: the one door to courses and progress, for commands, buttons, the digest, the demo and tests."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Self

from bot.core.calendar.dates import check_day
from bot.core.calendar.slots import instant
from bot.core.calendar.zones import Zones
from bot.core.course.catalogue import Catalogue, Hit
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Delta, Progress, Tick, after, credited, ticking, unticking
from bot.core.plan.readiness import Readiness, readiness
from bot.core.questions.review import recall_by_domain
from bot.errors import BadInput, NotAllowed, NotFound, Stale
from bot.store import Applied, Store
from bot.store.streaks import Counts, always
from bot.study.delivery import DeliveryEngine, Observe, unobserved
from bot.study.delivery_kind import Kind
from bot.study.digests import Digests
from bot.study.learners import Learners
from bot.study.mock_exams import MockExams
from bot.study.plans import Plans
from bot.study.privacy import Privacy
from bot.study.profile import Exam, Profile
from bot.study.quizzes import Quizzes
from bot.study.reminder_settings import ReminderSettings
from bot.study.reminders import ReminderKind
from bot.study.results import Asker, CourseProgress, Ticked
from bot.study.review_rounds import started_modules
from bot.study.reviews import Reviews
from bot.study.servers import Servers

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class Study:
    """Everything the product can do. Time enters here and nowhere else, as ``now``."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        *,
        now: Clock = utc_now,
        observe: Observe = unobserved,
    ) -> None:
        self._store = store
        self.catalogue = catalogue
        self.now = now
        self.privacy = Privacy(store, catalogue, now=now)
        zones = Zones()
        self.learners = Learners(store, zones, now=now)
        self.plans = Plans(store, catalogue, now=now)
        self.reviews = Reviews(store, catalogue, now=now)
        self.mock_exams = MockExams(store, catalogue, now=now)
        self.servers = Servers(store, now=now)
        self.deliveries = DeliveryEngine(store, now=now, observe=observe)
        self.digests = Digests(store, catalogue, zones, self.deliveries, now=now)
        self.reminders = ReminderKind(store, catalogue, self.plans, self.reviews, now=now)
        self.reminder_settings = ReminderSettings(store, self.reminders, now=now)
        self.kinds: tuple[Kind[Any], ...] = (self.digests.kind, self.digests.now_kind, self.reminders)
        self.quizzes = Quizzes(store, catalogue, now=now)
        self._course_of_server: dict[int, str] = {}

    @classmethod
    async def open(
        cls,
        store: Store,
        catalogue: Catalogue,
        *,
        now: Clock = utc_now,
        observe: Observe = unobserved,
    ) -> Self:
        """A ``Study`` that knows what each server has chosen.

        ``observe`` is called with the outcome of each delivery.
        """
        study = cls(store, catalogue, now=now, observe=observe)
        study._course_of_server = await store.courses_of_servers()
        study.reminders.news = await store.reminders.news()
        return study

    def course(self, server: int | None, named: str | None = None) -> Course:
        """The course that is meant: the named one, else the server's, else the default. Raises ``NotFound``."""
        if named:
            return self.catalogue.course(named)
        chosen = self._course_of_server.get(server or 0)
        return self.catalogue.courses.get(chosen or "", self.catalogue.default)

    async def progress(self, learner: int, course: Course) -> Progress:
        """Where a learner stands in a course."""
        return Progress(course, await self._store.ticks(learner, course.id))

    async def courses(self, learner: int) -> list[CourseProgress]:
        """All courses, each with the learner's progress."""
        ticks = await self._store.ticks_of_all_courses(learner)
        return [
            CourseProgress(course, Progress(course, ticks.get(course.id, ())))
            for course in self.catalogue.courses.values()
        ]

    async def profile(self, learner: int) -> Profile:
        """What is known about a learner, for their own eyes."""
        hidden, zone = await self._store.streaks.about(learner)
        known = self.catalogue.courses
        exams = await self._store.streaks.exams(learner)
        return Profile(
            self.now(), zone, hidden, await self.learners.streak(learner),
            tuple(each for each in await self.courses(learner) if each.progress.ticks),
            tuple(Exam(known[course], on, shared) for course, on, shared in exams if course in known),
            tuple(each for each in await self._store.memberships(learner) if each.left_at is None),
        )  # fmt: skip

    async def progress_of(self, asker: Asker, learner: int, course: Course) -> Progress:
        """Another member's progress. ``NotAllowed`` unless both are in this server's cohort and it is visible."""
        if learner == asker.learner:
            return await self.progress(learner, course)
        if asker.server is None:
            raise NotAllowed("You can look at somebody else's progress only in a server where you study together.")
        joined, visible, ticks = await self._store.ticks_in_cohort(asker.learner, learner, asker.server, course.id)
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

    def search(self, text: str, course: Course | None, count: int = 8) -> list[Hit]:
        """Paths, modules and units that fit ``text``, best first; over all courses where none is given."""
        courses = [course] if course else list(self.catalogue.courses.values())
        hits = self.catalogue.search(text, courses, count)
        if not hits:
            where = course.code if course else "any course"
            raise NotFound(f"Nothing in {where} fits “{text[:60]}”. Try one word of a title, such as “backup”.")
        return hits

    async def complete(self, asker: Asker, node: Node, on: date | None = None) -> Ticked:
        """Tick a node and all below it, as done now or ``on`` a day of the last year. Raises ``BadInput``.

        The day is one of the learner's own zone (UTC where they set none), and stands for its noon there.
        """
        now = self.now()
        done_at = now
        if on is not None:
            zone = await self.learners.zone(asker.learner)
            today = now.astimezone(zone).date()
            check_day(on, today, zone.key)
            if on != today:
                done_at = instant(on, time(12), zone)
        return await self._change(
            asker, (node,), lambda course, stored: ticking(course, stored, (node,)), on=True, done_at=done_at
        )

    async def complete_all(self, asker: Asker, nodes: Sequence[Node]) -> Ticked:
        """Tick several nodes of one course at once. Raises ``BadInput`` for none."""
        if not nodes:
            raise BadInput("Nothing was chosen, so nothing was ticked.")
        chosen = tuple(nodes)
        return await self._change(asker, chosen, lambda course, stored: ticking(course, stored, chosen), on=True)

    async def tick_again(self, asker: Asker, node: Node, taken: date | None) -> Ticked:
        """Tick what an untick has just taken back: no study, unless it brings back the study day that was ``taken``."""
        return await self._change(
            asker, (node,), lambda course, stored: ticking(course, stored, (node,)), on=True,
            counts=lambda day: day == taken,
        )  # fmt: skip

    def choose_course(self, server: int, course: Course) -> None:
        """From now on this course is meant in a server where none is named. The store keeps it with the cohort."""
        self._course_of_server[server] = course.id

    async def untick(self, asker: Asker, node: Node) -> Ticked:
        """Untick a node and all below it."""
        return await self._change(asker, (node,), lambda course, stored: unticking(course, stored, (node,)), on=False)

    async def save(self, asker: Asker, node: Node, shown: Collection[str], chosen: Collection[str]) -> Ticked:
        """Apply a form on the children of ``node``: only what differs from what it ``shown`` (routes) is changed."""
        children = node.children or (node,)
        on = tuple(child for child in children if child.route in chosen and child.route not in shown)
        off = tuple(child for child in children if child.route in shown and child.route not in chosen)

        def decide(course: Course, stored: Collection[str]) -> Delta:
            less = unticking(course, stored, off)
            more = ticking(course, after(stored, less), on)
            return Delta(add=less.add + more.add, remove=less.remove, carried=less.carried)

        return await self._change(asker, (node,), decide, on=bool(on) or not off)

    async def undo(self, asker: Asker, change: int | None = None) -> Ticked:
        """Take back what one change (the last one where none is given) ticked, as far as it is still ticked."""
        found = await self._store.ticked_by(asker.learner, change)
        if found is None and change is None:
            raise NotFound("There is nothing to undo: you have not ticked anything yet. `/complete` ticks something.")
        if found is None:
            raise Stale("Nothing of that tick is left to undo. `/progress` shows where you stand.")
        course_id, routes = found
        course = self.catalogue.courses.get(course_id)
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

    async def readiness(self, learner: int, course: Course) -> Readiness:
        """How ready a learner is for the exam. Raises ``NotFound`` for a course without exam domains."""
        progress, bank = await self.progress(learner, course), self.catalogue.banks.get(course.id)
        if bank is None:
            return readiness(progress)
        chances = await self.reviews.recall(learner, course)
        return readiness(progress, recall_by_domain(bank, chances, started_modules(progress)))

    def course_of(self, node: Node) -> Course:
        return self.catalogue.courses[node.course]

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
        course = self.course_of(nodes[0])
        now = self.now()

        def decide_ticks(ticks: Sequence[Tick]) -> tuple[Delta, Sequence[str]]:
            stored = {tick.route for tick in ticks}
            delta = decide(course, stored)
            touched = {route.split("/")[0] for route in delta.add}
            held = credited(course, after(stored, delta)) if touched else set()
            complete = [path.route for path in course.paths if path.route in touched and held.issuperset(path.leaves)]
            return delta, complete

        applied = await self._store.apply(
            asker.learner, course.id, asker.server, decide_ticks,
            now=now, done_at=done_at or now, join=on, counts=counts,
        )  # fmt: skip
        return Ticked(course, nodes, on, applied, await self._announced(asker, course, applied))

    async def _announced(self, asker: Asker, course: Course, applied: Applied) -> tuple[Path, ...]:
        """Paths to name in the channel: reached for the first time, in a server, by a member who is not hidden."""
        if not applied.reached or asker.server is None or await self._store.is_hidden(asker.learner):
            return ()
        return tuple(path for path in course.paths if path.route in applied.reached)


def _highest(course: Course, routes: Collection[str]) -> tuple[Node, ...]:
    """The highest nodes of today whose leaves all get their credit from ``routes``."""
    leaves = credited(course, routes)
    found: list[Node] = []
    for node in course.nodes.values():
        if leaves.issuperset(node.leaves) and not any(above in found for above in course.ancestors(node)):
            found.append(node)
    return tuple(found)
