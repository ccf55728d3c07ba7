"""Render the panel of a learner's reminders, its form, and what a change did."""

from collections.abc import Sequence

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.slots import DAYS
from bot.core.course.course import Course
from bot.core.plan.reminders import Rhythm
from bot.core.plan.study_days import WEEKDAYS
from bot.store.deliveries import ScheduleState
from bot.study.reminder_settings import ReminderChange, ReminderStatus
from bot.views.buttons import button, option, select
from bot.views.forms import MAX_OPTIONS, Field, form, select_field, text_field
from bot.views.layout import ROW, Component, Part, Row, State, escape, escape_typed, message_view, truncate
from bot.views.reminder import schedule, when

MAX_SHOWN = 3
"""Reminders with buttons. Any others are in a select."""
SNOOZES = {1: "Until tomorrow", 2: "2 days", 3: "3 days", 7: "1 week", 14: "2 weeks"}
USUAL = Rhythm(WEEKDAYS, 18 * 60)
"""What the form of a new reminder suggests."""
ASK_ZONE = "-# Times are in UTC. Set your time zone and your reminders will follow it."
_STATES = {
    ScheduleState.ON: "✅ on",
    ScheduleState.PAUSED: "⏸️ paused",
    ScheduleState.SUSPENDED: "⚠️ stopped",
    ScheduleState.OFF: "○ off",
}


def panel(
    statuses: Sequence[ReminderStatus], course: Course, *, note: str = "", undo: Sequence[str] = ()
) -> ui.LayoutView:
    """Render the learner's reminders, that of ``course`` first.

    ``note`` is shown above them. ``undo`` is the state of a button that takes the last change back.
    """
    back = button("Undo", "remindundo", *undo) if undo else None
    if not statuses:
        text = "### Reminders\nNone yet. Get a DM about what to study next, on the days you choose."
        add = button("Set a reminder", "remindset", course.id, style=ButtonStyle.primary)
        return message_view(State.PLAIN, f"{note}\n{text}".strip(), rows=[[add, back]])
    ordered = sorted(statuses, key=lambda status: (status.reminder.course != course.id, status.code))
    parts: list[Part] = [f"{note}\n### Reminders".strip()]
    several = len(statuses) > 1
    for status in ordered[:MAX_SHOWN]:
        parts += [None, _text(status), *_rows(status, several=several)]
    if others := ordered[MAX_SHOWN:]:
        options = [option(other.code, other.reminder.course, schedule(other.reminder.rhythm, other.zone))
                   for other in others]  # fmt: skip
        parts.append({"type": ROW, "components": [select("More reminders…", options, "remindlist")]})
    zone_known = all(status.zone for status in statuses)
    small = [] if zone_known else [ASK_ZONE]
    if several:
        small.append("-# You get one reminder a day at most; the earliest one wins.")
    parts.append("\n".join(small))
    last: Row = [
        button("Add a reminder", "remindset", course.id),
        button("Change time zone" if zone_known else "Set time zone", "zone"),
        back,
    ]
    suspended = any(status.reminder.state is ScheduleState.SUSPENDED for status in statuses)
    return message_view(State.WARNING if suspended else State.PROGRESS, *parts, rows=[last])


def changed(change: ReminderChange, course: Course) -> ui.LayoutView:
    """Render the panel after a change, with a button that takes it back."""
    undo = (change.course, *change.undo) if change.undo else ()
    return panel(change.statuses, course, note=_what_changed(change), undo=undo)


def reminder_form(courses: Sequence[Course], course: Course, status: ReminderStatus | None) -> discord.ui.Modal:
    """Return the form of a reminder with its current values. For a new one, it also asks for the course."""
    rhythm = status.reminder.rhythm if status else USUAL
    fields: list[Field] = [
        select_field(
            "Days", "days",
            [option(day, str(at), default=at in rhythm.days) for at, day in enumerate(DAYS)],
            required=True, most=7,
        ),
        text_field(
            "Time of day", "time", f"{rhythm.time:%H:%M}", example="18:00 or 6pm", required=True,
            hint="In UTC, because your time zone isn't set." if status and not status.zone else "",
        ),
    ]  # fmt: skip
    if status:
        return form(f"{status.code} reminder", "remindset", status.reminder.course, fields=fields)
    listed = [course, *(other for other in courses if other is not course)][:MAX_OPTIONS]
    options = [option(f"{each.code} {each.title}", each.id, default=each is course) for each in listed]
    fields.append(select_field("Course", "course", options, required=True))
    return form("New reminder", "remindset", fields=fields)


def _text(status: ReminderStatus) -> str:
    state = status.reminder.state
    said = schedule(status.reminder.rhythm, status.zone)
    lines = [f"**{escape(status.code)}** · {_STATES[state]}\n{said[0].upper()}{said[1:]}"]
    if status.next:
        lines.append(f"{'Snoozed. Next' if status.snoozed else 'Next'}: {when(status.next, status.zone)}")
        if status.trouble:
            lines.append(f"⚠️ Not sent yet: {escape_typed(truncate(status.trouble, 200))}. I'll keep trying.")
    elif status.reminder.reason and state is not ScheduleState.OFF:
        lines.append(f"-# {escape_typed(truncate(status.reminder.reason, 200))}")
    if state is ScheduleState.SUSPENDED:
        lines.append("Open your DMs in Discord's privacy settings, then turn it on again.")
    return "\n".join(lines)


def _rows(status: ReminderStatus, *, several: bool) -> list[Component]:
    """Return the rows of a reminder: its buttons, and how long to snooze it."""
    state, course = status.reminder.state, status.reminder.course
    which = f" {status.code}" if several else ""
    runs = state is ScheduleState.ON
    buttons = [button(f"Change{which}", "remindchange", course)]
    if runs:
        buttons.append(button(f"Pause{which}", "remindpause", course))
    else:
        buttons.append(button(f"Turn on{which}", "remindon", course, style=ButtonStyle.primary))
    if state is not ScheduleState.OFF:
        buttons.append(button(f"Turn off{which}", "remindoff", course))
    rows: list[Component] = [{"type": ROW, "components": buttons}]
    if runs:
        options = [option(label, str(days)) for days, label in SNOOZES.items()]
        rows.append({"type": ROW, "components": [select(f"Snooze{which}…", options, "remindsnooze", course)]})
    return rows


def _what_changed(change: ReminderChange) -> str:
    """Say in one line what a change did."""
    now, before = change.now, change.before
    if now is None:
        return ""
    code = escape(now.code)
    if not change.undo:
        upcoming = f" Your next {code} reminder is already {when(now.next, now.zone)}." if now.next else ""
        return f"Nothing changed.{upcoming}"
    if before is None or before.reminder.rhythm != now.reminder.rhythm or change.tested:
        text = f"I'll remind you about {code}.{' I sent you a test DM.' if change.tested else ''}"
    elif now.reminder.state is ScheduleState.OFF:
        text = f"{code} reminders turned off. Your progress is kept."
    elif now.reminder.state is ScheduleState.PAUSED:
        text = f"{code} reminders paused."
    elif before.reminder.state is ScheduleState.ON and now.next:
        text = f"Snoozed until {when(now.next, now.zone)}."
    else:
        text = f"{code} reminders are on."
    return f"✅ {text}"
