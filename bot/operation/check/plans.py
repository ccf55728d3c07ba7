"""Check the views of plans, days off, readiness and reminders against Discord's limits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.course.course import Course
from bot.core.course.progress import Progress
from bot.core.plan.plan import Slice, plan
from bot.core.plan.readiness import readiness
from bot.core.plan.reminders import Rhythm
from bot.core.plan.study_days import EVERY_DAY, MOST_AWAY, Goal, merged
from bot.store.deliveries import ScheduleState
from bot.store.plans import StoredPlan
from bot.store.reminder_rows import Reminder
from bot.study.days_off import DaysOffStatus
from bot.study.delivery_kind import Marker
from bot.study.plan_settings import PlanSettings, previous_values
from bot.study.plans import ChangedCoursePlan, CoursePlan
from bot.study.reminder_settings import ReminderChange, ReminderStatus
from bot.study.reminders import ReminderContent
from bot.views import days_off as days_off_views
from bot.views import missing_skills, plan_dialogs, reminder_panel
from bot.views import plan as plan_views
from bot.views import plan_calendar as calendar_views
from bot.views import readiness as readiness_views
from bot.views import reminder as reminder_views
from bot.views.limits import form_faults, message_faults

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_TODAY = _DATE.date()
_LONG_ZONE = "America/North_Dakota/New_Salem"
_PRINT = "0" * 8


def check_plans(course: Course, progress: Progress) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the faults of each view of a plan: short, impossible and over, with the most days off."""
    if course.exam and any(sum(domain.weight) for domain in course.exam.domains):
        for page in range(1 + len(course.domain_of_skill) // missing_skills.MAX_LINES):
            yield f"missing skills, page {page + 1}", _faults(missing_skills.missing_skills(course, page))
        yield "readiness", _faults(readiness_views.readiness(course, readiness(progress), exam=_TODAY))
        recalled = {domain.id: 0.5 for domain in course.exam.domains}
        yield (
            "readiness with review",
            _faults(readiness_views.readiness(course, readiness(progress, recalled), mistakes=9999)),
        )
    spans = merged((_day(offset), _day(offset)) for offset in range(2, 2 + 3 * MOST_AWAY, 3))
    for days in (-1, 0, 1, 30, 300, 3 * 365):
        for minutes, weekdays, away in ((30, {0}, spans), (3600, EVERY_DAY, ()), (300, {0, 2, 4, 6}, spans)):
            goal = Goal(exam=_day(days), minutes_a_week=minutes, days=frozenset(weekdays), start=_day(-60),
                        baseline_minutes=course.minutes, away=away)  # fmt: skip
            name = f"plan of {minutes} min, exam in {days} days"
            yield from ((f"{view} of {name}", faults) for view, faults in _views_of(course, progress, goal))
    readings = [PlanSettings(_day(1000 + at), 3600, EVERY_DAY, _day(900 - at), shared=True) for at in range(4)]
    yield "choice of dates", _faults(plan_dialogs.which_date(course, readings, _TODAY))
    yield "panel without an exam", _faults(plan_views.no_plan(course, "✅ Exam date and plan deleted."))
    yield "days off form", form_faults(days_off_views.days_off_form().to_dict())
    weeks = (_day(0), _day(6)), (_day(7), _day(13))
    yield "choice of weeks", _faults(days_off_views.which_week(*weeks, _TODAY))
    yield "choice of days off", _faults(days_off_views.which_days([(_day(at), _day(90)) for at in range(4)], _TODAY))


def _views_of(course: Course, progress: Progress, goal: Goal) -> Iterator[tuple[str, list[str]]]:
    made = plan(progress, goal, _TODAY, reserved=60) if course.minutes else None
    zone, shared = ZoneInfo(_LONG_ZONE), True
    course_plan = CoursePlan(
        course, progress, goal.exam, shared, _TODAY, zone, made, goal, goal.away, zone_known=False, has_questions=True
    )  # fmt: skip
    undo = _PRINT, *previous_values(StoredPlan(goal.exam, shared, goal, goal.away, None))
    yield "panel", _faults(plan_views.changed(ChangedCoursePlan(course, course_plan, undo)))
    yield "panel with mistakes", _faults(plan_views.plan(course_plan, mistakes=9999))
    yield "form", form_faults(plan_dialogs.plan_form(course, course_plan).to_dict())
    yield "deletion", _faults(plan_dialogs.confirm_deletion(course_plan))
    yield "calendar", _faults(calendar_views.message(course_plan, 0))
    yield "calendar form", form_faults(plan_dialogs.calendar_form(course, 0).to_dict())
    status = DaysOffStatus(_TODAY, goal.away, ((course_plan, course_plan),) * 8, (_PRINT, "0" * 70, ""))
    yield "days off", _faults(days_off_views.added(status))


def check_reminders(course: Course) -> Iterator[tuple[str, list[str]]]:
    """Yield the faults of a reminder of each unit and of none, and of the panel with as many reminders as possible."""
    rhythm = Rhythm(frozenset((0, 2, 4, 6)), 1439)
    progress, marker = Progress(course, ()), Marker(1, f"{course.id}:test:{10**19}")
    week = tuple(Slice(course.nodes[leaf], 9999) for leaf in list(course.leaves)[:9])
    for node in (*(course.nodes[leaf] for leaf in course.leaves), None):
        for due in (0, 999):
            first = ReminderContent(progress, node, marker, rhythm, _LONG_ZONE, first=_DATE, week=week, due=due)
            name = f"reminder of {node.route if node else 'nothing'}, {due} due"
            yield name, _faults(reminder_views.reminder(first))
    statuses = [
        ReminderStatus("X" * 20, Reminder(1, f"x-{number}", rhythm, state, _DATE, _DATE, 1, "r" * 400), None,
                       next=_DATE, trouble="t" * 400)
        for number, state in enumerate((ScheduleState.ON, *ScheduleState))
    ]  # fmt: skip
    undo = _PRINT, "paused", "127", "1439", "9999999999"
    change = ReminderChange(statuses, statuses[0].reminder.course, None, undo, tested=True)
    yield "reminders", _faults(reminder_panel.changed(change, course))
    yield "reminders of nobody", _faults(reminder_panel.panel([], course))
    yield "form of a reminder", form_faults(reminder_panel.reminder_form([course], course, statuses[0]).to_dict())
    yield "form of a new reminder", form_faults(reminder_panel.reminder_form([course] * 30, course, None).to_dict())
    yield "reminder again", _faults(reminder_views.later(_DATE))
    yield "reminders suspended", _faults(reminder_views.suspended([(course.code, "r" * 400)] * 4))


def _day(offset: int) -> date:
    return _TODAY + timedelta(days=offset)


def _faults(view: Any) -> list[str]:
    return message_faults(view.to_components())
