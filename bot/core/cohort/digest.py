"""The weekly digest of a cohort: who completed what, the group's progress, and what to do next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.core.cohort.streaks import Lengths, StudyHistory, longest
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import credited

NAMED = 10
"""Maximum number of members named; the others are counted."""
PAUSE = timedelta(days=21)
"""A member who returns after at least this long counts as having started again."""
BACKDATED = timedelta(days=7)
"""A tick recorded this week counts for this week if its date is at most this long before the week."""
EXAMS_WITHIN = timedelta(days=28)


Mark = tuple[str, int, int]
"""A tick in a digest: route, when it was completed, when it was recorded (seconds since 1970, UTC)."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A visible member of the cohort with all their ticks in the course.

    ``on_track`` says whether they keep to their plan; None if they have none, or its exam day has come. ``due`` is the
    number of cards due at the end of the week, ``reviewed`` the number of reviews in it. Ticks recorded before the week
    may be given as ``earlier`` (their routes) and ``last`` (when the last one was recorded, in seconds since 1970)
    instead of marks.
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
    """The cohort's completion of a path in percent (0 to 100, by minutes, mean over members), now and a week before."""

    path: Path
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A week of a cohort. ``since`` and ``until`` are UTC; ``first`` and ``last`` are the local dates it covers.

    ``reviewers`` is the number of members who reviewed, ``reviewed`` the number of their reviews, and ``due`` the
    number of due cards of all members. ``planned`` members have a plan, ``on_track`` of them keep to it. ``streaks``
    are the longest in days at ``until``, and ``weekly`` those in weeks if nobody has three days in a row.
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
        """Whether nothing was ticked."""
        return not self.active

    @property
    def named(self) -> frozenset[int]:
        """Return everyone named in the digest."""
        people = {person.id for person in self.people[:NAMED]}
        exams = (learner for learner, _ in self.exams[:NAMED])
        streaks = (learner for learner, _ in self.streaks + self.weekly)
        return frozenset(people.union(self.joined[:NAMED], self.returned[:NAMED], exams, streaks))


def build(
    course: Course, learners: Iterable[Learner], *, since: datetime, until: datetime, first: date, last: date
) -> Digest:
    """Build the digest of ``learners`` for the week from ``since`` (inclusive) to ``until`` (exclusive).

    People are listed in the order in which they joined the cohort, without ranking. The focus is the module of most
    learners' latest ticks. The suggestion is its first unit that not all have completed, else that of the course.
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
    """A learner's progress before the week and at its end, what is new, and the last tick before and overall."""

    before: set[str]
    now: set[str]
    fresh: set[str]
    latest: str | None
    previous: int | None


def _standing(course: Course, learner: Learner, since: int, until: int) -> _Standing:
    """Return a learner's progress before the week and at its end.

    It runs over all ticks of all learners, so ticks on a current leaf take a short path.
    """
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
    """Return what a learner completed with the leaves ``fresh`` this week; None for nothing."""
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
    """Return the members' mean completion by minutes; by leaves if minutes are unknown."""

    def percent(done: Counter[str]) -> int:
        weights = {leaf: course.minutes_of[leaf] or (not path.length) for leaf in path.leaves}
        whole = members * sum(weights.values())
        part = sum(done[leaf] * weight for leaf, weight in weights.items())
        if not part or not whole:
            return 0
        return 100 if part == whole else min(99, max(1, round(100 * part / whole)))

    return PathShare(path, percent(now), percent(before))


def _focus(course: Course, working: Counter[str], now: Counter[str], members: int) -> tuple[Node | None, int]:
    """Return the module that most learners are in, unless everyone has finished it."""
    for route, count in sorted(working.items(), key=lambda item: (-item[1], item[0])):
        node = course.nodes.get(route) or course.nodes.get(course.current(route))
        if node is not None and any(now[leaf] < members for leaf in node.leaves):
            return node, count
    return None, 0


def _suggestion(course: Course, focus: Node | None, now: Counter[str], members: int) -> Node | None:
    """Return the next unit for the group: the first that not all have completed, in the focus, else in the course."""
    for leaves in ((focus.leaves if focus else ()), tuple(course.leaves)):
        for leaf in leaves:
            if now[leaf] < members or not members:
                return course.nodes[leaf]
    return None


def _exams(learners: Sequence[Learner], last: date) -> tuple[tuple[int, date], ...]:
    """Return learners with a shared exam date in the four weeks after ``last``, soonest first."""
    dates = [
        (learner.id, learner.exam_on)
        for learner in learners
        if learner.exam_on is not None and last <= learner.exam_on <= last + EXAMS_WITHIN
    ]
    return tuple(sorted(dates, key=lambda pair: (pair[1], pair[0])))
