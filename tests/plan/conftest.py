"""Fixtures for plans: the simulated server, and plans built without it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.calendar.timestamps import seconds
from bot.core.course.course import Course
from bot.core.course.progress import Progress, Tick
from bot.core.plan.plan import plan
from bot.core.plan.study_days import Goal, merged
from bot.study.plans import CoursePlan
from tests.cogs.conftest import env, sim

__all__ = ["env", "sim"]

FRIDAY = date(2026, 11, 20)
"""The day on which the tests' clock begins."""


@pytest.fixture(scope="session")
def planned() -> Callable[..., CoursePlan]:
    """Return a function that builds a plan, by default 5 hours a week on every day from ``FRIDAY`` on."""

    def make(course: Course, exam: date, *, done: int = 0, **more: Any) -> CoursePlan:
        today: date = more.pop("today", FRIDAY)
        zone: tzinfo = more.pop("zone", ZoneInfo("Europe/Berlin"))
        yesterday = seconds(datetime.combine(today - timedelta(days=1), time(12), ZoneInfo("UTC")))
        progress = Progress(course, [Tick(leaf, yesterday, yesterday) for leaf in list(course.leaves)[:done]])
        goal = Goal(
            exam=exam,
            minutes_a_week=more.pop("minutes", 300),
            days=frozenset(more.pop("days", range(7))),
            start=more.pop("start", FRIDAY),
            baseline_minutes=more.pop("baseline", course.minutes),
            away=merged(more.pop("away", ())),
        )
        made = plan(progress, goal, today, zone)
        return CoursePlan(course, progress, exam, more.pop("shared", False), today, zone, made, goal, goal.away)

    return make
