"""The weekly digest of a cohort, as values: what was done and by whom, where the group stands, what to do next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.core.cohort.streaks import Lengths, StudyHistory, longest
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import credited

NAMED = 10
"""So many people are named; the others are counted."""
PAUSE = timedelta(days=21)
"""Who comes back after so long has started again."""
BACKDATED = timedelta(days=7)
"""A tick recorded this week counts as this week's if it is dated no longer than this before the week."""
EXAMS_WITHIN = timedelta(days=28)


Mark = tuple[str, int, int]
"""A tick as the digest needs it: route, when it was done, when it was recorded (seconds since 1970, UTC)."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A visible member of the cohort with all their ticks in the course.

    ``on_track`` says whether their plan is; None where they have none, or its exam day has come. ``due`` cards wait for
    review at the end of the week; they ``reviewed`` so many in it.
    What was recorded before the week may come as ``earlier`` (its routes) and ``last`` (when the last of it was, in
    seconds since 1970) in place of a mark for each.
    """

    id: int
    joined_at: datetime
    marks: Sequence[Mark]
    away: bool = False
    exam_on: date | None = None
    earlier: frozenset[str] = frozenset()
    last: int = 0
    on_track: bool | None = None
    due: int = 0
    reviewed: int = 0
    history: StudyHistory = field(default_factory=StudyHistory)


@dataclass(frozen=True, slots=True)
class Person:
    """What one learner completed in the week."""

    id: int
    paths: tuple[Path, ...]
    modules: int
    units: int
    minutes: int


@dataclass(frozen=True, slots=True)
class PathShare:
    """The cohort's share of a path in percent (0 to 100, by minutes, mean over members), now and a week before."""

    path: Path
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A week of a cohort. ``since`` and ``until`` are UTC; ``first`` and ``last`` are the local days that it covers.

    ``reviewers`` are the members who ``reviewed`` cards, and ``due`` cards wait for them all.
    Of the ``planned`` members with a plan ``on_track`` keep to it. ``streaks`` are the longest in days at ``until``,
    and ``weekly`` those in weeks where nobody has three days in a row.
    """

    course: Course
    since: datetime
    until: datetime
    first: date
    last: date
    members: int
    people: tuple[Person, ...]
    active: int
    units: int
    minutes: int
    shares: tuple[PathShare, ...]
    joined: tuple[int, ...]
    returned: tuple[int, ...]
    exams: tuple[tuple[int, date], ...]
    away: int
    focus: Node | None
    focus_members: int
    suggestion: Node | None
    on_track: int = 0
    planned: int = 0
    reviewed: int = 0
    reviewers: int = 0
    due: int = 0
    streaks: Lengths = ()
    weekly: Lengths = ()

    @property
    def quiet(self) -> bool:
        """Nothing was ticked."""
        return not self.active

    @property
    def named(self) -> frozenset[int]:
        """Everybody whom the digest names."""
        people = {person.id for person in self.people[:NAMED]}
        exams = (learner for learner, _ in self.exams[:NAMED])
        streaks = (learner for learner, _ in self.streaks + self.weekly)
        return frozenset(people.union(self.joined[:NAMED], self.returned[:NAMED], exams, streaks))


def build(
    course: Course, learners: Iterable[Learner], *, since: datetime, until: datetime, first: date, last: date
) -> Digest:
    """The digest of ``learners`` for the week from ``since`` to before ``until``.

    People stand in the order in which they joined the cohort: nobody is ranked. The focus is the module in which most
    learners made their latest tick; the suggestion is the first unit that the largest part of the group has not done.
    """
    everybody = sorted(learners, key=lambda learner: (learner.joined_at, learner.id))
    people: list[Person] = []
    returned: list[int] = []
    before: Counter[str] = Counter()
    now: Counter[str] = Counter()
    working: Counter[str] = Counter()
    begin, end = int(since.timestamp()), int(until.timestamp())
    for learner in everybody:
        standing = _standing(course, learner, begin, end)
        before.update(standing.before)
        now.update(standing.now)
        person = _person(course, learner.id, standing.now, standing.fresh)
        if person:
            people.append(person)
            if standing.previous is not None and begin - standing.previous >= PAUSE.total_seconds():
                returned.append(learner.id)
        if standing.latest:
            working["/".join(standing.latest.split("/")[:2])] += 1
    focus, focus_members = _focus(course, working, now, len(everybody))
    streaks, weekly = longest([(learner.id, learner.history) for learner in everybody], until)
    return Digest(
        course, since, until, first, last,
        members=len(everybody),
        people=tuple(people),
        active=len(people),
        units=sum(person.units for person in people),
        minutes=sum(person.minutes for person in people),
        shares=tuple(_share(path, now, before, len(everybody), course) for path in course.paths),
        joined=tuple(learner.id for learner in everybody if since <= learner.joined_at < until),
        returned=tuple(returned),
        exams=_exams(everybody, last),
        away=sum(learner.away for learner in everybody),
        focus=focus,
        focus_members=focus_members,
        suggestion=_suggestion(course, focus, now, len(everybody)),
        on_track=sum(learner.on_track is True for learner in everybody),
        planned=sum(learner.on_track is not None for learner in everybody),
        reviewed=sum(learner.reviewed for learner in everybody),
        reviewers=sum(learner.reviewed > 0 for learner in everybody),
        due=sum(learner.due for learner in everybody),
        streaks=streaks,
        weekly=weekly,
    )  # fmt: skip


@dataclass(slots=True)
class _Standing:
    """Where a learner stood before the week and at its end, what is new, and the last tick before and of all."""

    before: set[str]
    now: set[str]
    fresh: set[str]
    latest: str | None
    previous: int | None


def _standing(course: Course, learner: Learner, since: int, until: int) -> _Standing:
    """Called for each learner with all their ticks, so the way of most ticks, those on a leaf of today, is short."""
    leaves_of_today = course.minutes_of
    before, fresh = credited(course, learner.earlier - leaves_of_today.keys()), set[str]()
    before |= learner.earlier & leaves_of_today.keys()
    now = set(before)
    latest, latest_made, latest_done, previous = None, 0, 0, learner.last
    earliest = since - int(BACKDATED.total_seconds())
    for route, done_at, made_at in learner.marks:
        if made_at >= until:
            continue
        leaves: Sequence[str] = (route,)
        if route in leaves_of_today:
            now.add(route)
        else:
            node = course.nodes.get(route) or course.nodes.get(course.current(route))
            if node is None:
                continue
            leaves = node.leaves
            now.update(leaves)
        if made_at < since:
            before.update(leaves)
            previous = max(previous, made_at)
        elif done_at >= earliest:
            fresh.update(leaves)
        if made_at > latest_made or (made_at == latest_made and done_at >= latest_done):
            latest, latest_made, latest_done = route, made_at, done_at
    return _Standing(before, now, fresh - before, latest, previous or None)


def _person(course: Course, learner: int, now: set[str], fresh: set[str]) -> Person | None:
    """What a learner completed by the leaves ``fresh`` this week; None for nothing."""
    if not fresh:
        return None
    touched = {leaf.partition("/")[0] for leaf in fresh}
    paths: list[Path] = []
    modules = 0
    for path in course.paths:
        if path.route in touched:
            complete = sum(
                now.issuperset(module.leaves) for module in path.modules if not fresh.isdisjoint(module.leaves)
            )
            modules += complete
            if now.issuperset(path.leaves):
                paths.append(path)
    minutes = course.minutes_of
    return Person(learner, tuple(paths), modules, len(fresh), sum([minutes[leaf] for leaf in fresh]))


def _share(path: Path, now: Counter[str], before: Counter[str], members: int, course: Course) -> PathShare:
    """Minutes done by all of all their minutes, as a mean; by leaves where no minutes are known."""

    def percent(done: Counter[str]) -> int:
        weights = {leaf: course.minutes_of[leaf] or (not path.length) for leaf in path.leaves}
        whole = members * sum(weights.values())
        part = sum(done[leaf] * weight for leaf, weight in weights.items())
        if not part or not whole:
            return 0
        return 100 if part == whole else min(99, max(1, round(100 * part / whole)))

    return PathShare(path, percent(now), percent(before))


def _focus(course: Course, working: Counter[str], now: Counter[str], members: int) -> tuple[Node | None, int]:
    """The module that most learners are in, unless everybody has finished it."""
    for route, count in sorted(working.items(), key=lambda item: (-item[1], item[0])):
        node = course.nodes.get(route) or course.nodes.get(course.current(route))
        if node is not None and any(now[leaf] < members for leaf in node.leaves):
            return node, count
    return None, 0


def _suggestion(course: Course, focus: Node | None, now: Counter[str], members: int) -> Node | None:
    """What to do together next: the first unit of the focus that not all have done, else of the course."""
    for leaves in ((focus.leaves if focus else ()), tuple(course.leaves)):
        for leaf in leaves:
            if now[leaf] < members or not members:
                return course.nodes[leaf]
    return None


def _exams(learners: Sequence[Learner], last: date) -> tuple[tuple[int, date], ...]:
    """Who shares an exam date in the four weeks after the last day, soonest first."""
    dates = [
        (learner.id, learner.exam_on)
        for learner in learners
        if learner.exam_on is not None and last <= learner.exam_on <= last + EXAMS_WITHIN
    ]
    return tuple(sorted(dates, key=lambda pair: (pair[1], pair[0])))
