"""Render reminders: the direct message, the list, and confirmations."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import ButtonStyle, ui

from bot.core.plan.study_days import name_days
from bot.store.deliveries import ScheduleState
from bot.study.reminder_settings import ReminderStatus
from bot.study.reminders import ReminderContent
from bot.views.buttons import MAX_URL, button, link
from bot.views.layout import (
    Row,
    State,
    bar,
    duration,
    escape,
    escape_typed,
    hyperlink,
    message_view,
    notice,
    plural,
    remaining,
    truncate,
    unit_kind,
)

ASK_ZONE = "I don't know your time zone, so this is UTC. `/me timezone:` sets it, and your reminders move along."
_STATES = {
    ScheduleState.ON: "✅ on",
    ScheduleState.PAUSED: "⏸️ paused",
    ScheduleState.SUSPENDED: "⚠️ suspended",
    ScheduleState.OFF: "○ off",
}


def reminder(content: ReminderContent) -> ui.LayoutView:
    """Render the direct message. Its first button contains the marker."""
    progress, course, rhythm = content.progress, content.progress.course, content.rhythm
    note = ""
    if content.first:
        note = f"✅ **This is a test.** Your first reminder comes {when(content.first)}, and looks like this:"
    elif content.late_since:
        note = f"-# Late: it was due {discord.utils.format_dt(content.late_since, 'F')}"
    whole = progress.whole
    style = ButtonStyle.secondary if content.node else ButtonStyle.primary
    review = (
        button(f"Review {plural(content.due, 'card')}", "reviewmore", course.id, "go", style=style)
        if content.due
        else None
    )
    why = (
        f"-# You asked for this: {name_days(rhythm.days)} at {rhythm.time:%H:%M} ({content.zone or 'UTC'}). "
        "`/remind off` ends it."
    )
    if content.node is None and content.due:
        text = "You have read it all. A few minutes keep it."
        review_buttons: Row = [
            review,
            button("Later", "remindlater", content.marker.text),
            button("Not this week", "remindnot", content.marker.text),
        ]
        head = [note, f"### ⏰ {escape(course.code)}: {plural(content.due, 'card')} due", text]
        return message_view(State.PROGRESS, "\n".join(filter(None, head)), why, rows=[review_buttons])
    if content.node is None:
        paused = "" if content.first else "These reminders are paused now: there is nothing left to remind you of."
        again = [button("Remind me still", "remindon", content.marker.text), button("Paths", "paths", course.id)]
        head = [note, f"### All of {escape(course.code)} is done 🎉", paused]
        return message_view(State.DONE, "\n".join(filter(None, head)), rows=[again])
    node = content.node
    *above, module = [*course.ancestors(node), node][:2]
    facts = [hyperlink(truncate(node.title, 150), node.link) if node is not module else "Next"]
    facts += [duration(node.length) if node.length else "", unit_kind(node)]
    where = " › ".join([escape(course.code), *(escape(truncate(ancestor.title, 80)) for ancestor in above)])
    head = [
        note,
        f"### ⏰ {'This week' if content.week else 'Next'}: {hyperlink(truncate(module.title, 150), module.link)}",
        f"**{' · '.join(filter(None, facts))}**" if any(facts[1:]) or node is not module else "",
        f"-# {where}",
    ]
    planned = sum(part.minutes for part in content.week)
    ahead = f"\n{duration(planned)} of your plan this week" if planned else ""
    buttons: Row = [
        button("Done", "reminddone", node.key, content.marker.text, style=ButtonStyle.success, emoji="✅"),
        button("Later", "remindlater", content.marker.text),
        button("Not this week", "remindnot", content.marker.text),
        review,
        link("Open", node.link) if node.link and len(node.link) <= MAX_URL else None,
    ]
    return message_view(
        State.PROGRESS,
        "\n".join(filter(None, head)),
        f"{bar(whole.percent)} {whole.percent} % of {escape(course.code)} · {remaining(whole)}{ahead}",
        why,
        rows=[buttons],
    )


def reminder_set(status: ReminderStatus, others: Sequence[ReminderStatus]) -> ui.LayoutView:
    """Confirm a new or changed reminder."""
    lines = [
        f"### ✅ I'll remind you of {escape(status.code)}\n**{_schedule(status)}**",
        f"First: {when(status.next)}" if status.next else "",
        "-# A test message with the same buttons is in your direct messages.",
    ]
    if status.zone is None:
        lines.append(f"🕐 {ASK_ZONE}")
    if any(other.next and other.reminder.rhythm.days & status.reminder.rhythm.days for other in others):
        lines.append("-# One reminder a day at most: on a day with several, the earliest comes.")
    return message_view(State.DONE, "\n".join(filter(None, lines)), rows=[[button("My reminders", "remindlist")]])


def reminder_list(statuses: Sequence[ReminderStatus], note: str = "") -> ui.LayoutView:
    """Render all reminders of a learner, with buttons for each."""
    parts: list[str | None] = [f"{note}\n### Your reminders".strip()]
    rows: list[Row] = []
    for status in statuses[:4]:
        state, course = status.reminder.state, status.reminder.course
        lines = [f"**{escape(status.code)}** · {_STATES[state]}\n{_schedule(status)}"]
        if status.next:
            lines.append(f"{'Snoozed; next' if status.snoozed else 'Next'}: {when(status.next)}")
            if status.trouble:
                lines.append(f"⚠️ Not sent yet: {escape_typed(truncate(status.trouble, 200))}. I'll keep trying.")
        elif status.reminder.reason and state is not ScheduleState.OFF:
            lines.append(f"-# {escape_typed(truncate(status.reminder.reason, 200))}")
        if state is ScheduleState.SUSPENDED:
            lines.append("Open your direct messages, then run `/remind set`.")
        parts += [None, "\n".join(lines)]
        which = f" {status.code}" if len(statuses) > 1 else ""
        runs = state is ScheduleState.ON
        buttons: Row = [
            button(f"Pause{which}", "remindpause", course) if runs else None,
            button(f"Resume{which}", "remindon", course, style=ButtonStyle.primary)
            if state in (ScheduleState.PAUSED, ScheduleState.OFF)
            else None,
            button(f"Turn off{which}", "remindoff", course) if state is not ScheduleState.OFF else None,
        ]
        rows.append(buttons)
    if any(status.zone is None for status in statuses):
        parts.append(f"-# {ASK_ZONE}")
    suspended = any(status.reminder.state is ScheduleState.SUSPENDED for status in statuses)
    return message_view(State.WARNING if suspended else State.PLAIN, *parts, rows=rows)


def snoozed(statuses: Sequence[ReminderStatus], course: str | None = None) -> ui.LayoutView:
    """Confirm that reminders are paused for a while."""
    soonest = min(
        (status.next for status in statuses if status.next and course in (None, status.reminder.course)), default=None
    )
    text = f"Put off. Next: {when(soonest)}." if soonest else "Put off."
    return notice(text, State.DONE, rows=[[button("My reminders", "remindlist")]])


def suspended(reminders: Sequence[tuple[str, str]]) -> ui.LayoutView:
    """Tell the learner once, after a command, that direct messages could not be delivered."""
    courses = " and ".join(escape(code) for code, _ in reminders)
    return message_view(
        State.WARNING,
        f"-# ⚠️ Your {courses} reminders are suspended: {escape_typed(reminders[0][1])}. "
        "Open them in Discord's privacy settings, "
        "then run `/remind set`.",
    )


def _schedule(status: ReminderStatus) -> str:
    rhythm = status.reminder.rhythm
    words = name_days(rhythm.days)
    return f"{words[0].upper()}{words[1:]} at {rhythm.time:%H:%M} ({status.zone or 'UTC'})"


def when(moment: datetime) -> str:
    """Format an instant as a date and relative time."""
    return f"{discord.utils.format_dt(moment, 'F')} ({discord.utils.format_dt(moment, 'R')})"
