"""A study plan: what is left of a course, distributed over the study days before the exam.

- The hours per week are split evenly over the study days from Monday to Sunday. Days off have none, and the current
  week has those of its remaining days. The exam day is never a study day.
- The last study days before the exam are reserved for review: 15 % of all counted from the start, at most seven, none
  earlier than two weeks before the exam, and none if there are fewer than four study days. They depend only on the
  goal, so their number doesn't shrink as time passes.
- Time for the questions that come due and for mistakes is reserved on every study day: a constant part of its minutes,
  at most half. The rest is for studying. A review day is for review as a whole.
- Units are studied in course order, as early as the hours allow. A unit longer than what is left of a day continues on
  the next. Parts without known minutes take no time: they are listed with the unit before them, and ``unmeasured``
  counts them.
- Today has its minutes less what was done today. Only whole units are ticked, so a learner who keeps to the plan may be
  in the middle of one in the morning. A lag shorter than the unit at hand is treated as that, and the next study day
  has time to tick the whole unit. So the plan of a learner who keeps to it doesn't change.
- The minutes due by a day follow from the goal's pace and the minutes that were left when the plan was set, from its
  start to the review days. A learner is behind by what was due by yesterday less what was done since, if that is at
  least the unit at hand. Being behind is no problem by itself: while everything that is left fits, the learner is on
  track. A plan is short only beyond a tolerance of one study session or 5 % of what is left, whichever is larger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import NamedTuple

from bot.core.course.course import Course, Node
from bot.core.course.progress import Progress, credited
from bot.core.plan.remedies import needed_a_week, possible_on
from bot.core.plan.study_days import Calendar, Goal, StudyWindow, study_minutes
from bot.errors import NotFound


class Slice(NamedTuple):
    """Minutes of a leaf on one day, fewer than its length if it is split over days."""

    node: Node
    minutes: int


class Block(NamedTuple):
    """A study day with its slices, in order. A named tuple like ``Slice``, because a slow plan has hundreds."""

    day: date
    slices: tuple[Slice, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.slices)


@dataclass(frozen=True, slots=True)
class Week:
    """The days of a week (Monday to Sunday) between today and the exam.

    ``parts`` are the modules (or leaves outside of modules) in order with their minutes. ``review`` is the number of
    study days reserved for review. ``away`` is True if the learner is away on all of its days.
    """

    first: date
    last: date
    parts: tuple[Slice, ...]
    review: int
    away: bool

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


class Standing(StrEnum):
    """The status of a plan, in the order in which it is decided."""

    PASSED = "the exam date has passed"
    TODAY = "the exam is today"
    SHORT = "more is left than fits"
    ON_TRACK = "on track"
    DONE = "nothing is left to study"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as of ``today``. All amounts are in minutes.

    ``left`` is everything that is left. ``short`` minutes of it don't fit before the review days, and ``left_over`` are
    the leaves that are therefore not finished. If that is more than ``tolerance``, there are two remedies, each
    sufficient alone if the plan were set today: ``needed_a_week`` (with the same days and days off; None if no study
    day is left or more than 60 hours were needed) and ``possible_on`` (the first exam date for which the goal's pace is
    enough; None beyond three years). ``behind`` is negative if more was done than is due by tonight. ``weeks`` leaves
    out empty weeks. ``review`` are the study days reserved for review, from today on, with ``review_minutes`` in all.
    ``reserved`` minutes per week are for reviews and mistakes.
    """

    goal: Goal
    today: date
    left: int
    blocks: tuple[Block, ...]
    weeks: tuple[Week, ...]
    review: tuple[date, ...]
    review_minutes: int
    short: int
    tolerance: int
    left_over: tuple[Node, ...]
    needed_a_week: int | None
    possible_on: date | None
    behind: int
    unmeasured: int
    reserved: int = 0

    @property
    def standing(self) -> Standing:
        if self.today >= self.goal.exam:
            return Standing.TODAY if self.today == self.goal.exam else Standing.PASSED
        if self.short > self.tolerance:
            return Standing.SHORT
        return Standing.ON_TRACK if self.blocks or self.left_over else Standing.DONE

    @property
    def ends(self) -> date | None:
        """The last day with something to study; None if there is none."""
        return self.blocks[-1].day if self.blocks else None

    @property
    def now(self) -> Block | None:
        """What is still to do today; None if nothing is."""
        return self.blocks[0] if self.blocks and self.blocks[0].day == self.today else None

    @property
    def this_week(self) -> Week | None:
        """What is still to do this week; None if nothing is."""
        return self.weeks[0] if self.weeks and self.weeks[0].first <= self.today else None

    @property
    def more_a_week(self) -> int | None:
        """How many minutes per week are needed on top of the goal's."""
        return None if self.needed_a_week is None else self.needed_a_week - self.goal.minutes_a_week


def plan(progress: Progress, goal: Goal, today: date, zone: tzinfo = UTC, reserved: int = 0) -> Plan:
    """Return the plan for what is left, on ``today`` in ``zone``. Raises ``NotFound`` for a course without minutes.

    ``reserved`` minutes per week are for reviews and mistakes. The same arguments always give the same plan.
    """
    course = progress.course
    if not course.minutes:
        raise NotFound(f"{course.code} has no time estimates, so its study can't be planned.")
    waiting = [course.nodes[leaf] for leaf in course.leaves if not progress.is_covered(leaf)]
    left = sum(node.length for node in waiting)
    window = StudyWindow.of(goal, today, reserved)
    whole = Calendar.of(goal.days, goal.minutes_a_week, goal.away)
    fresh = _done_since(progress, datetime.combine(today, time(), zone)) if window.minutes.on(window.today) else set()
    done = goal.baseline_minutes - left
    spent = min(sum(course.minutes_of[leaf] for leaf in fresh), max(0, done))
    lag = window.due(window.today - 1) - done
    begun = lag + spent if 0 < lag + spent < _at_hand(course, waiting, fresh) else 0
    blocks, short, left_over = _fill(waiting, window.days(spent, begun))
    tolerance = goal.tolerance(left)
    review = tuple(date.fromordinal(day) for day in window.review_days())
    return Plan(
        goal, today, left, blocks,
        weeks=_weeks(window, blocks, review, course),
        review=review,
        review_minutes=sum(whole.on(day.toordinal()) for day in review),
        short=short,
        tolerance=tolerance,
        left_over=left_over,
        needed_a_week=needed_a_week(window, left, spent) if short > tolerance else None,
        possible_on=possible_on(window, left, spent) if short > tolerance else None,
        behind=lag if lag >= _at_hand(course, waiting) else min(0, window.due(window.today) - done),
        unmeasured=sum(not node.length for node in waiting),
        reserved=goal.minutes_a_week - study_minutes(goal.minutes_a_week, reserved),
    )  # fmt: skip


def _done_since(progress: Progress, moment: datetime) -> set[str]:
    """Return the leaves completed at ``moment`` or later."""
    course = progress.course
    done = credited(course, [tick.route for tick in progress.ticks if tick.done_at >= moment])
    return {leaf for leaf in done if (at := progress.done_at(course.nodes[leaf])) and at >= moment}


def _at_hand(course: Course, waiting: Sequence[Node], fresh: set[str] | None = None) -> int:
    """Return the minutes of the first unfinished leaf, ignoring that ``fresh`` ones were completed; at least 1."""
    routes = (fresh or set()).union(node.route for node in waiting[:1])
    return next((max(1, course.minutes_of[leaf]) for leaf in course.leaves if leaf in routes), 1)


def _fill(waiting: Sequence[Node], days: Iterator[tuple[int, int]]) -> tuple[tuple[Block, ...], int, tuple[Node, ...]]:
    """Return blocks for as much as fits, the minutes that don't fit, and the leaves that aren't finished."""
    blocks: list[Block] = []
    at, end, rest = 0, len(waiting), waiting[0].length if waiting else 0
    for day, minutes in days if waiting else ():
        room, slices = minutes, list[Slice]()
        while at < end and (room or not rest):
            part = min(rest, room)
            slices.append(Slice(waiting[at], part))
            room, rest = room - part, rest - part
            if not rest:
                at += 1
                rest = waiting[at].length if at < end else 0
        if slices:
            blocks.append(Block(date.fromordinal(day), tuple(slices)))
        if at == end:
            break
    return tuple(blocks), rest + sum(node.length for node in waiting[at + 1 :]), tuple(waiting[at:])


def _weeks(window: StudyWindow, blocks: Sequence[Block], review: Sequence[date], course: Course) -> tuple[Week, ...]:
    """Return the weeks with something to study, with days reserved for review, or spent away as a whole."""
    studied: dict[int, dict[str, int]] = {}
    for block in blocks:
        parts = studied.setdefault(_monday(block.day.toordinal()), {})
        for node, minutes in block.slices:
            route = node.route.rpartition("/")[0] if node.word == "unit" else node.route
            parts[route] = parts.get(route, 0) + minutes
    reviewed = [_monday(day.toordinal()) for day in review]
    spans = [(max(first, window.begin), min(last, window.exam - 1)) for first, last in window.minutes.away]
    absent = [
        monday
        for first, last in spans
        for monday in range(_monday(first), last + 1 if first <= last else 0, 7)
        if all(map(window.minutes.is_away, range(max(monday, window.begin), min(monday + 7, window.exam))))
    ]
    return tuple(
        Week(
            date.fromordinal(max(monday, window.begin)),
            date.fromordinal(min(monday + 6, window.exam - 1)),
            tuple(Slice(course.nodes[route], minutes) for route, minutes in studied.get(monday, {}).items()),
            reviewed.count(monday),
            monday in absent,
        )
        for monday in sorted({*studied, *reviewed, *absent})
    )


def _monday(day: int) -> int:
    return day - (day - 1) % 7
