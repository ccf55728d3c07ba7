"""Render days off, the effect on plans, and the forms around them."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.day_names import span_name
from bot.study.days_off import DaysOffStatus, Period
from bot.study.plans import CoursePlan
from bot.views.buttons import button, option, select
from bot.views.forms import form, text_field
from bot.views.layout import Component, Row, State, escape, message_view, plural
from bot.views.plan import standing

MAX_BUTTONS = 4
"""Maximum number of Remove buttons. With more periods, a select is shown instead."""
MAX_PLANS = 4
APPLIES = "No reminders on days off, and your plans move the work to other days."


def days_off(status: DaysOffStatus, *, note: str = "") -> ui.LayoutView:
    """Render the upcoming days off with buttons to change them. ``note`` is shown above them."""
    add = button("Add days off", "daysoffadd", style=ButtonStyle.primary)
    undo = button("Undo", "daysoffundo", *status.undo) if status.undo else None
    if not status.away:
        head = f"{note}\n### Days off\nNone yet. {APPLIES}".strip()
        return message_view(State.PLAIN, head, _effects(status), rows=[[add, undo, *_plan_buttons(status)]])
    lines = [f"- {_named(period, status.today)}" for period in status.away]
    back = button("Back early", "daysoffback", style=ButtonStyle.success) if status.current else None
    return message_view(
        State.PROGRESS,
        "\n".join(filter(None, [note, "### Days off", *lines, f"-# {APPLIES}"])),
        _effects(status),
        rows=[[add, back, undo, *_plan_buttons(status)], *_removals(status)],
    )


def added(status: DaysOffStatus) -> ui.LayoutView:
    """Confirm new days off."""
    return days_off(status, note="✅ Saved. Enjoy the break!" if status.undo else "Those days were already off.")


def removed(status: DaysOffStatus) -> ui.LayoutView:
    """Confirm that days off were removed."""
    return days_off(status, note="✅ Removed.")


def returned(status: DaysOffStatus) -> ui.LayoutView:
    """Confirm that days off have ended early."""
    return days_off(status, note="✅ Welcome back! Today counts again.")


def undone(status: DaysOffStatus) -> ui.LayoutView:
    """Confirm that a change was taken back."""
    return days_off(status, note="✅ Undone.")


def which_week(this: Period, following: Period, today: date) -> ui.LayoutView:
    """Offer the rest of this week, next week, or other dates."""

    def take(label: str, period: Period) -> Component:
        return button(f"{label}: {span_name(*period, today)}", "daysofftake", *map(str, period))

    return message_view(
        State.PLAIN,
        f"### Days off\n{APPLIES}",
        rows=[
            [take("This week", this), take("Next week", following)],
            [button("Choose dates", "daysoffadd"), button("My days off", "daysoff")],
        ],
    )


def days_off_form() -> discord.ui.Modal:
    """Ask for the first and the last day."""
    return form(
        "Days off", "daysoffadd",
        fields=[
            text_field("First day off", "first", example="December 24, tomorrow or next Monday", required=True),
            text_field("Last day off", "last", example="January 2", hint="Leave it empty for a single day."),
        ],
    )  # fmt: skip


def which_days(found: Sequence[Period], today: date) -> ui.LayoutView:
    """Ask which of several readings of ambiguous dates is meant."""
    buttons = [
        button(span_name(*period, today), "daysofftake", *map(str, period), style=ButtonStyle.primary)
        for period in found[:4]
    ]
    return message_view(
        State.PLAIN, "### Which days?\nThat date can mean more than one day.",
        rows=[buttons, [button("Cancel", "daysoff")]],
    )  # fmt: skip


def _named(period: Period, today: date) -> str:
    first, last = period
    length = plural((last - first).days + 1, "day")
    now = " · now" if first <= today <= last else ""
    return f"**{span_name(first, last, today)}**{f' · {length}' if first != last else ''}{now}"


def _removals(status: DaysOffStatus) -> list[Row]:
    """Return a Remove button for each period, or a select if there are many."""
    if len(status.away) <= MAX_BUTTONS:
        return [
            [
                button(f"Remove {span_name(*period, status.today)}", "daysoffdrop", *map(str, period))
                for period in status.away
            ]
        ]
    options = [option(span_name(first, last, status.today), f"{first}:{last}") for first, last in status.away]
    return [[select("Remove days off…", options, "daysoffdrop")]]


def _effects(status: DaysOffStatus) -> str:
    """Describe the plans that a change has affected."""
    if not status.undo:
        return ""
    return "\n".join(filter(None, (_changed(before, after) for before, after in status.plans[:MAX_PLANS])))


def _plan_buttons(status: DaysOffStatus) -> list[Component]:
    """Lead back to the plan, if there is only one."""
    courses = [after.course for _, after in status.plans]
    return [button("Plan", "plan", courses[0].id)] if len(courses) == 1 else []


def _changed(before: CoursePlan, after: CoursePlan) -> str:
    """Describe the status of a plan, and the earlier status if it differs."""
    if before.plan is None or after.plan is None:
        return ""
    now, earlier = standing(after.plan).split("\n")[0], standing(before.plan).split("\n")[0]
    lines = [f"**{escape(after.course.code)}** · {now}"]
    if now != earlier:
        lines.append(f"-# Before: {earlier.replace('**', '')}")
    return "\n".join(lines)
