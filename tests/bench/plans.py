"""Plans and readiness: what they cost beyond reading progress."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.course.course import Course
from bot.core.course.progress import Progress, Tick
from bot.core.plan.plan import plan
from bot.core.plan.readiness import readiness
from bot.core.plan.study_days import Goal
from bot.study.plans import CoursePlan
from bot.views import plan as plan_views
from bot.views.plan_calendar import write_calendar
from tests.bench.table import Row
from tests.bench.timing import median
from tests.bench.workspace import Workspace

TITLE = "plans and readiness, CPU"
HOW = (
    "Pure functions on the course that takes longest, with nothing and with half of it ticked, whichever costs more; "
    "medians. A goal has three days a week and a holiday."
)
TODAY = date(2026, 11, 20)
BATCHES, EACH = 40, 5


async def rows(place: Workspace) -> list[Row]:
    courses = place.catalogue.courses.values()
    halves = [(course, part) for course in courses for part in (0.0, 0.5)]
    whole = max(_plan(course, part, hours=5) for course, part in halves)
    slow = max(_plan(course, part, hours=0.5) for course, part in halves)
    ready = max(_readiness(course, part) for course, part in halves)
    course = max(courses, key=lambda course: len(course.leaves))
    at = _course_plan(course, hours=5)
    return [
        Row("a plan for the whole course, 5 hours a week", whole, most=2e-3),
        Row("the same, half an hour a week for three years", slow, most=2e-3),
        Row("a plan as a message", _spent(lambda: plan_views.plan(at).to_components())),
        Row("readiness beyond reading progress", ready, most=1e-3),
        Row(
            "a calendar file (in a thread)",
            _spent(lambda: write_calendar(at, 1, 1140, datetime.now(UTC))),
        ),
    ]


def _spent(work: Callable[[], object]) -> float:
    """Seconds of CPU, the median of batches."""
    found = []
    for _ in range(BATCHES):
        start = time.thread_time()
        for _ in range(EACH):
            work()
        found.append((time.thread_time() - start) / EACH)
    return median(found)


def _goal(course: Course, hours: float) -> Goal:
    return Goal(
        exam=TODAY + timedelta(days=3 * 365 if hours < 1 else 300),
        minutes_a_week=round(60 * hours),
        days=frozenset({0, 2, 5}),
        start=TODAY,
        baseline_minutes=course.minutes,
        away=((date(2026, 12, 24), date(2027, 1, 3)),),
    )


def _progress(course: Course, part: float) -> Progress:
    leaves = list(course.leaves)
    return Progress(course, [Tick(leaf, 1_750_000_000, 1_750_000_000) for leaf in leaves[: int(part * len(leaves))]])


def _plan(course: Course, part: float, hours: float) -> float:
    progress, goal = _progress(course, part), _goal(course, hours)
    return _spent(lambda: plan(progress, goal, TODAY))


def _readiness(course: Course, part: float) -> float:
    """Of a new ``Progress`` each time, which works shares out as it is asked, less what making it costs."""
    ticks = _progress(course, part).ticks
    whole = _spent(lambda: readiness(Progress(course, ticks)))
    return max(0.0, whole - _spent(lambda: Progress(course, ticks)))


def _course_plan(course: Course, hours: float) -> CoursePlan:
    progress, goal = _progress(course, 0.0), _goal(course, hours)
    made, zone = plan(progress, goal, TODAY), ZoneInfo("Europe/Berlin")
    return CoursePlan(
        course, progress, goal.exam, shared=False, today=TODAY, zone=zone, plan=made, goal=goal, away=goal.away
    )
