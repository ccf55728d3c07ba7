"""Render what surrounds the plan panel: the form, questions and confirmations."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.day_names import day_name, weekday_name
from bot.core.calendar.slots import DAYS
from bot.core.course.course import Course
from bot.study.plan_settings import PlanSettings
from bot.study.plans import CoursePlan
from bot.views.buttons import button, option
from bot.views.forms import Field, form, radio_field, select_field, text_field
from bot.views.layout import State, duration, escape, message_view
from bot.views.plan_buttons import delete_button


def confirm_deletion(course_plan: CoursePlan) -> ui.LayoutView:
    """Ask before the exam date and the plan are deleted."""
    course = course_plan.course
    what = "exam date and study plan" if course_plan.goal else "exam date"
    return message_view(
        State.WARNING,
        f"### Delete your {escape(course.code)} {what}?\n"
        "This can't be undone. Your progress and your days off are kept.",
        rows=[[delete_button(course_plan, "Delete"), button("Cancel", "plan", course.id)]],
    )


def plan_form(course: Course, course_plan: CoursePlan | None) -> discord.ui.Modal:
    """Return the form with the current values. A course without time estimates has only an exam date."""
    goal = course_plan.goal if course_plan else None
    exam = course_plan.exam if course_plan and course_plan.exam >= course_plan.today else None
    fields: list[Field] = [
        text_field("Exam date", "exam", _typed(exam), example="December 18, 12/18 or in 6 weeks", required=True)
    ]
    if course.minutes:
        later = goal.start if goal and course_plan and goal.start > course_plan.today else None
        days = goal.days if goal else ()
        fields += [
            text_field(
                "Hours a week", "hours", hours_text(goal.minutes_a_week) if goal else "",
                example="5 or 2.5", hint="Leave it empty to set only the exam date.",
            ),
            select_field(
                "Study days", "days", [option(day, str(at), default=at in days) for at, day in enumerate(DAYS)],
                hint="Every day if you choose none.", most=7,
            ),
            text_field("First study day", "start", _typed(later), example="Today"),
        ]  # fmt: skip
    # The date of a retake must not become visible just because that of the first attempt was.
    shared = bool(course_plan and course_plan.shared and course_plan.exam >= course_plan.today)
    fields.append(
        radio_field(
            "Who can see your exam date?", "shared",
            [option("Only me", "0", default=not shared), option("My study group, in the digest", "1", default=shared)],
        )
    )  # fmt: skip
    return form(f"{course.code} plan", "planedit", course.id, fields=fields)


def which_date(course: Course, found: Sequence[PlanSettings], today: date) -> ui.LayoutView:
    """Ask which of several readings of an ambiguous date is meant."""
    exams, starts = {each.exam for each in found}, {each.start for each in found}
    what = "exam" if len(exams) > 1 else "first study day"

    def label(each: PlanSettings) -> str:
        start = f"start {day_name(each.start, today)}" if each.start and len(starts) > 1 else ""
        exam = f"exam {day_name(each.exam, today)}" if start and len(exams) > 1 else ""
        return ", ".join(filter(None, [exam, start])) or weekday_name(each.exam, today)

    buttons = [button(label(each), "plansave", course.id, *each.state, style=ButtonStyle.primary) for each in found[:4]]
    return message_view(
        State.PLAIN, f"### When is your {what}?\nThat date can mean more than one day.",
        rows=[buttons, [button("Cancel", "plan", course.id)]],
    )  # fmt: skip


def calendar_form(course: Course, minute: int) -> discord.ui.Modal:
    """Ask when study sessions begin."""
    field = text_field(
        "When do you start studying?", "time", f"{minute // 60:02}:{minute % 60:02}", example="18:30 or 6pm",
        hint="Each study day in the calendar starts at this time.", required=True,
    )  # fmt: skip
    return form(f"{course.code} calendar", "calendar", course.id, fields=[field])


def hours_text(minutes: int) -> str:
    """Return hours as a learner would type them: ``5``, ``2.5`` or ``8 h 20 min``."""
    return f"{minutes / 60:g}" if minutes % 15 == 0 else duration(minutes)


def _typed(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else ""
