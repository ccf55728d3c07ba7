"""The weekly digest of a cohort: how much it studied, who completed what, and what to do next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.calendar.timestamps import seconds
from bot.core.cohort.highlight import Highlight, highlight
from bot.core.cohort.members import PAUSE, Learner, Outline, Person
from bot.core.cohort.streaks import NO_STREAKS, LongestStreaks
from bot.core.cohort.week import Week
from bot.core.course.course import Course, Module, Node, Path
from bot.core.questions.daily_question import DailyQuestionWeek

NAMED = 3
"""Maximum number of members that a line of the digest names; the others are counted."""
EXAMS_WITHIN, EXAMS_SOON = timedelta(days=28), timedelta(days=7)
"""How far ahead exams are listed, and how far ahead the digest itself mentions them."""


@dataclass(frozen=True, slots=True)
class Total:
    """What a cohort completed in a week."""

    units: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class PathShare:
    """The cohort's completion of a path in percent (0 to 100, by minutes, mean over members), now and a week before."""

    path: Path
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A week of a cohort.

    ``timed`` is False if the minutes of some units of the course are unknown; units are compared then. ``last_week`` is
    the total of the week before; None if everyone joined in this one. ``focus`` is the module that most are working on,
    ``focus_members`` of them. ``suggestion`` is what comes next for the group. ``away`` members have days off and
    completed nothing. Exams are within four weeks, soonest first. ``daily_questions`` is None if nobody answered any.
    """

    course: Course
    week: Week
    members: int
    people: tuple[Person, ...]
    total: Total
    last_week: Total | None
    timed: bool
    highlight: Highlight | None
    shares: tuple[PathShare, ...]
    joined: tuple[int, ...]
    returned: tuple[int, ...]
    exams: tuple[tuple[int, date], ...]
    away: int
    focus: Module | None
    focus_members: int
    suggestion: Node | None
    streaks: LongestStreaks = NO_STREAKS
    daily_questions: DailyQuestionWeek | None = None
    updates: str = ""
    """What changed in the course in this week, if it is the server's own; empty if nothing did."""
    passed: tuple[int, int] = (0, 0)
    """How many members shared in this week that they passed, and how many did in all."""

    @property
    def quiet(self) -> bool:
        """Whether nothing was completed."""
        return not self.people

    @property
    def exams_soon(self) -> tuple[tuple[int, date], ...]:
        """The exams of the coming week."""
        return tuple(exam for exam in self.exams if exam[1] <= self.week.today + EXAMS_SOON)

    @property
    def named(self) -> frozenset[int]:
        """Everyone whom the posted digest names."""
        first = (self.highlight.person.id,) if self.highlight else ()
        lines = (self.joined, self.returned, [learner for learner, _ in self.exams_soon])
        streaks = (learner for learner, _ in self.streaks.days + self.streaks.weeks)
        return frozenset(first).union(*(line[:NAMED] for line in lines), streaks)


def build(course: Course, learners: Iterable[Learner], week: Week, streaks: LongestStreaks = NO_STREAKS) -> Digest:
    """Build the digest of a week. People are listed in the order in which they joined the cohort, without ranking."""
    everybody = sorted(learners, key=lambda learner: (learner.joined_at, learner.id))
    outline, start = Outline(course), seconds(week.since)
    people: list[Person] = []
    returned: list[int] = []
    before: list[str] = []
    added: list[str] = []
    last_units = last_minutes = 0
    for learner in everybody:
        old = outline.current((*learner.earlier, *learner.last_week))
        before += old
        if learner.last_week and learner.joined_at < week.since:
            units = _fresh(outline, learner.last_week, learner.earlier)
            last_units += len(units)
            last_minutes += sum(map(course.minutes_of.__getitem__, units))
        if not learner.this_week and not learner.other:
            continue
        known = frozenset(old)
        done = known.union(outline.current(learner.this_week), outline.current(learner.other))
        added += done - known
        fresh = frozenset(outline.current(learner.this_week)) - known
        if fresh:
            people.append(outline.person(learner.id, done, fresh))
            if learner.last and start - learner.last >= PAUSE.total_seconds():
                returned.append(learner.id)
    then = Counter(before)
    now = then + Counter(added)
    focus, focus_members = _focus(people)
    active = {person.id for person in people}
    chosen = highlight(people, {learner.id: learner for learner in everybody}, returned, week)
    return Digest(
        course,
        week,
        members=len(everybody),
        people=tuple(people),
        total=Total(sum(person.units for person in people), sum(person.minutes for person in people)),
        last_week=Total(last_units, last_minutes) if any(each.joined_at < week.since for each in everybody) else None,
        timed=all(course.minutes_of.values()),
        highlight=chosen,
        shares=tuple(_share(path, now, then, len(everybody), course) for path in course.paths),
        joined=tuple(learner.id for learner in everybody if week.since <= learner.joined_at < week.until),
        returned=tuple(returned),
        exams=_exams(everybody, week.today),
        away=sum(learner.away for learner in everybody if learner.id not in active),
        focus=focus,
        focus_members=focus_members,
        suggestion=_suggestion(outline, focus if focus_members > 1 else None, now, len(everybody)),
        streaks=streaks,
    )


def _fresh(outline: Outline, routes: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    """Return the leaves of ``routes`` without those of ``known``, which overlap only after a change of the course."""
    leaves = outline.current(routes)
    if leaves is routes:
        return routes
    return tuple(frozenset(leaves).difference(outline.current(known)))


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


def _focus(people: Iterable[Person]) -> tuple[Module | None, int]:
    """Return the module that most people are working on (the first of several), and how many they are."""
    working = Counter(person.working_on.route for person in people if person.working_on)
    modules = {person.working_on.route: person.working_on for person in people if person.working_on}
    if not working:
        return None, 0
    route, count = min(working.items(), key=lambda item: (-item[1], item[0]))
    return modules[route], count


def _suggestion(outline: Outline, focus: Module | None, now: Counter[str], members: int) -> Node | None:
    """Return what comes next for the group: the first module after ``focus`` that at most half can have completed.

    If there is none, it is the first one that not all have completed. A path without modules counts as one.
    """
    nodes = outline.steps
    at = nodes.index(focus) + 1 if focus else 0
    ordered = [node for node in (*nodes[at:], *nodes[:at]) if node is not focus]
    completed = [min(now[leaf] for leaf in node.leaves) for node in ordered]
    for most in (members / 2, members - 1):
        for node, count in zip(ordered, completed, strict=True):
            if count <= most or not members:
                return node
    return None


def _exams(learners: Iterable[Learner], today: date) -> tuple[tuple[int, date], ...]:
    """Return learners with a shared exam date in the next four weeks, soonest first."""
    dates = [
        (learner.id, learner.exam_on)
        for learner in learners
        if learner.exam_on is not None and today <= learner.exam_on <= today + EXAMS_WITHIN
    ]
    return tuple(sorted(dates, key=lambda pair: (pair[1], pair[0])))
