"""How the minutes left to study fall until the exam: as planned, and as they did."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from bot.core.course.progress import Progress
from bot.core.plan.plan import Plan, Standing
from bot.core.plan.study_days import StudyWindow

MAX_POINTS = 120
"""Maximum points of a line, so that a plan of three years costs no more than one of four months."""

Points = tuple[tuple[date, int], ...]
"""Days in ascending order, each with the minutes left at its end."""


@dataclass(frozen=True, slots=True)
class Burndown:
    """A plan as two lines from the evening before its start. ``planned`` ends where the review begins and is smoothed
    over weeks; ``actual`` ends today.

    ``pace`` is in minutes per week, ``left`` in minutes. ``review`` is the first day after the last one on which
    something new is planned; None if nothing is reserved for review.
    """

    start: date
    today: date
    exam: date
    pace: int
    left: int
    on_track: bool
    planned: Points
    actual: Points
    review: date | None


def burndown(progress: Progress, plan: Plan, zone: tzinfo = UTC) -> Burndown:
    """Return the lines of a plan from ``plan(progress, goal, today, zone)``."""
    course, goal = progress.course, plan.goal
    window = StudyWindow.of(goal, plan.today, plan.reserved)
    start, last = goal.start.toordinal(), max(window.last, goal.start.toordinal())
    end = next((day for day in range(start, last) if window.due(day) == window.due(last)), last)
    weekly = max(7, -(-(end - start) // (MAX_POINTS - 3)))
    planned = [(day, goal.baseline_minutes - window.due(day)) for day in (*range(start + 6, end, weekly), end, last)]
    done: Counter[int] = Counter()
    for leaf, minutes in course.minutes_of.items():
        if at := progress.covered_at(leaf):
            done[at.astimezone(zone).date().toordinal()] += minutes
    until = min(window.today, window.exam)
    left = course.minutes - sum(minutes for day, minutes in done.items() if day < start)
    actual = [(start - 1, left)]
    for day in range(start, until + 1):
        left -= done[day]
        actual.append((day, left))
    kept = set(_sampled(start, until)) if start <= until else set()
    return Burndown(
        start=goal.start,
        today=plan.today,
        exam=goal.exam,
        pace=goal.minutes_a_week,
        left=plan.left,
        on_track=plan.standing is not Standing.SHORT,
        planned=_dated([(start - 1, goal.baseline_minutes), *planned]),
        actual=_dated([point for point in actual if point[0] < start or point[0] in kept]),
        review=date.fromordinal(window.last + 1) if start <= window.last + 1 < window.exam else None,
    )


def _sampled(first: int, last: int) -> list[int]:
    """Return at most ``MAX_POINTS`` days, evenly spaced, with the first and the last."""
    step = -(-(last - first + 1) // (MAX_POINTS - 1))
    return [*range(first, last, max(1, step)), last]


def _dated(points: list[tuple[int, int]]) -> Points:
    return tuple((date.fromordinal(day), left) for day, left in points)
