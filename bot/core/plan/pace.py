"""Tell whether a learner is on track without computing the plan, for each member in a digest."""

from datetime import date

from bot.core.cohort.digest import Learner
from bot.core.course.course import Course
from bot.core.course.progress import credited
from bot.core.plan.study_days import Calendar, Goal, last_day


def fits(left: int, at_hand: int, goal: Goal, today: date) -> bool:
    """Return whether ``left`` minutes fit before the review days, from ``today`` (before the exam) on.

    ``at_hand`` is the length of the first unfinished unit: a lag shorter than that means that it has been begun. The
    tolerance and the result equal those of ``plan`` on a day on which nothing has been done yet; today's minutes are
    not reduced by what was done.
    """
    minutes = Calendar.of(goal.days, goal.minutes_a_week, goal.away)
    count = Calendar.of(goal.days, len(goal.days), goal.away)
    start, exam, now = goal.start.toordinal(), goal.exam.toordinal(), today.toordinal()
    last = last_day(count, start, exam)
    room = minutes.total(max(now, start), last)
    allowed = room + goal.tolerance(left)
    if left <= allowed:
        return True
    lag = min(goal.baseline_minutes, minutes.total(start, min(now - 1, last))) - (goal.baseline_minutes - left)
    return bool(room) and lag < at_hand and left <= allowed + lag


def on_track(course: Course, learner: Learner, goal: Goal, today: date) -> bool | None:
    """Return whether a member's plan is on track on ``today``; None if the exam day has come or it can't be told."""
    if today >= goal.exam or not course.minutes:
        return None
    minutes = course.minutes_of
    stored = learner.earlier.union(route for route, _, _ in learner.marks)
    done = minutes.keys() & stored
    if len(done) < len(stored):
        done |= credited(course, stored - done)
    at_hand = next((minutes[leaf] for leaf in minutes if leaf not in done), 0)
    return fits(course.minutes - sum(map(minutes.__getitem__, done)), at_hand, goal, today)
