"""The buttons of the plan panel."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.core.calendar.day_names import day_name
from bot.core.course.course import Course
from bot.core.plan.plan import Plan, Standing
from bot.study.plans import MOST_A_DAY, CoursePlan
from bot.views.buttons import button
from bot.views.drill import drill_button
from bot.views.layout import Component, Row, duration, plural
from bot.views.outcome import answer_buttons

HOURS = (2, 4, 6, 8)
"""Hours a week that are offered if only the exam date is set."""
MAX_BUTTONS = 5
"""The number of buttons of a row."""


def set_exam_date(course: Course, *, style: ButtonStyle = ButtonStyle.primary) -> Component:
    """The button that opens the form."""
    return button("Set exam date", "planedit", course.id, style=style)


def rows_of(course_plan: CoursePlan, undo: Sequence[str], mistakes: int = 0) -> list[Row]:
    """The next step, what fixes the plan and Undo in the first row; the parts of the panel in the second.

    If there is room, ``mistakes`` (the number to drill now) have a button too.
    """
    course, made = course_plan.course, course_plan.plan
    is_past, is_over = course_plan.exam < course_plan.today, course_plan.exam <= course_plan.today
    back = button("Undo", "planundo", course.id, *undo) if undo else None
    zone = None if course_plan.zone_known else button("Set time zone", "zone")
    edit = button("Edit plan", "planedit", course.id)
    readiness = button("Readiness", "readiness", course.id) if course.exam and course.exam.domains else None
    delete = button("Delete plan", "plandrop", course.id)
    if is_past:
        return [answer_buttons(course, course_plan.exam), [readiness, delete, back]]
    calendar = None if is_over else button("Calendar", "calendar", course.id)
    second: Row = [edit, button("Days off", "daysoff"), calendar, readiness, delete]
    if made is None and course.minutes and not is_over:
        hours = [
            button(plural(hours, "hour"), "replan", course.id, course_plan.fingerprint, "hours", 60 * hours)
            for hours in HOURS
        ]
        return [[*hours, back], second, [zone]]
    if course_plan.focus and made and made.blocks:
        node = made.blocks[0].slices[0].node
        above = course.ancestors(node)
        open_ = button("Open module", "open", (above[-1] if above else node).key, style=ButtonStyle.primary)
        return [[open_, *_remedy_buttons(course_plan), back, zone], second]
    next_ = button("Next", "next", course.id, style=ButtonStyle.primary)
    first = [next_, *_remedy_buttons(course_plan), back, zone]
    drill = drill_button(course, mistakes) if len(list(filter(None, first))) < MAX_BUTTONS else None
    return [[*first, drill], second]


def _remedy_buttons(course_plan: CoursePlan) -> list[Component]:
    """Buttons that apply a remedy if the plan hasn't changed in the meantime."""
    plan, course = course_plan.plan, course_plan.course
    if plan is None or plan.standing is not Standing.SHORT:
        return []
    remedies: list[Component] = []
    if plan.needed_a_week and plan.more_a_week and is_feasible(plan):
        label = f"{duration(plan.more_a_week)} more a week"
        remedies.append(button(label, "replan", course.id, course_plan.fingerprint, "hours", plan.needed_a_week))
    if plan.possible_on:
        label = f"Move to {day_name(plan.possible_on, plan.today)}"
        remedies.append(button(label, "replan", course.id, course_plan.fingerprint, "exam", plan.possible_on))
    return remedies


def delete_button(course_plan: CoursePlan, label: str) -> Component:
    return button(label, "plandelete", course_plan.course.id, course_plan.fingerprint, style=ButtonStyle.danger)


def is_feasible(plan: Plan) -> bool:
    """Return whether the required hours fit into the chosen weekdays."""
    return (plan.needed_a_week or 0) <= MOST_A_DAY * len(plan.goal.days)
