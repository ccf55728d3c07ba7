"""Reminders: the direct message, the list, and what is said about them."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import ButtonStyle, ui

from bot.core.plan.study_days import name_days
from bot.store.deliveries import ScheduleState
from bot.study.reminder_settings import ReminderStatus
from bot.study.reminders import ReminderContent
from bot.views.buttons import MAX_URL, button, link
from bot.views.layout import Row, State, bar, card, duration, kind_of, left, linked, notice, plural, safe, shortened

ASK_ZONE = "I don't know your time zone, so this is UTC. `/me timezone:` sets it, and your reminders move along."
_STATES = {
    ScheduleState.ON: "✅ on",
    ScheduleState.PAUSED: "⏸️ paused",
    ScheduleState.SUSPENDED: "⚠️ suspended",
    ScheduleState.OFF: "○ off",
}


def reminder(it: ReminderContent) -> ui.LayoutView:
    """The direct message. Its first button carries the mark."""
    progress, course = it.progress, it.progress.course
    note = ""
    if it.first:
        note = f"✅ **This is a test.** Your first reminder comes {when(it.first)}, and looks like this:"
    elif it.late_since:
        note = f"-# Late: it was due {discord.utils.format_dt(it.late_since, 'F')}"
    whole = progress.whole
    style = ButtonStyle.secondary if it.node else ButtonStyle.primary
    review = button(f"Review {plural(it.due, 'card')}", "reviewmore", course.id, "go", style=style) if it.due else None
    why = (
        f"-# You asked for this: {name_days(it.rhythm.days)} at {it.rhythm.time:%H:%M} ({it.zone or 'UTC'}). "
        "`/remind off` ends it."
    )
    if it.node is None and it.due:
        told = "You have read it all. A few minutes keep it."
        waiting: Row = [
            review,
            button("Later", "remindlater", it.marker.text),
            button("Not this week", "remindnot", it.marker.text),
        ]
        head = [note, f"### ⏰ {safe(course.code)}: {plural(it.due, 'card')} due", told]
        return card(State.PROGRESS, "\n".join(filter(None, head)), why, rows=[waiting])
    if it.node is None:
        paused = "" if it.first else "These reminders are paused now: there is nothing left to remind you of."
        again = [button("Remind me still", "remindon", it.marker.text), button("Paths", "paths", course.id)]
        head = [note, f"### All of {safe(course.code)} is done 🎉", paused]
        return card(State.DONE, "\n".join(filter(None, head)), rows=[again])
    node = it.node
    *above, module = [*course.ancestors(node), node][:2]
    facts = [linked(shortened(node.title, 150), node.link) if node is not module else "Next"]
    facts += [duration(node.length) if node.length else "", kind_of(node)]
    where = " › ".join([safe(course.code), *(safe(shortened(each.title, 80)) for each in above)])
    head = [
        note,
        f"### ⏰ {'This week' if it.week else 'Next'}: {linked(shortened(module.title, 150), module.link)}",
        f"**{' · '.join(filter(None, facts))}**" if any(facts[1:]) or node is not module else "",
        f"-# {where}",
    ]
    planned = sum(part.minutes for part in it.week)
    ahead = f"\n{duration(planned)} of your plan this week" if planned else ""
    buttons: Row = [
        button("Done", "reminddone", node.key, it.marker.text, style=ButtonStyle.success, emoji="✅"),
        button("Later", "remindlater", it.marker.text),
        button("Not this week", "remindnot", it.marker.text),
        review,
        link("Open", node.link) if node.link and len(node.link) <= MAX_URL else None,
    ]
    return card(
        State.PROGRESS,
        "\n".join(filter(None, head)),
        f"{bar(whole.percent)} {whole.percent} % of {safe(course.code)} · {left(whole)}{ahead}",
        why,
        rows=[buttons],
    )


def was_set(status: ReminderStatus, others: Sequence[ReminderStatus]) -> ui.LayoutView:
    """Confirms what was asked for."""
    lines = [
        f"### ✅ I'll remind you of {safe(status.code)}\n**{_schedule(status)}**",
        f"First: {when(status.next)}" if status.next else "",
        "-# A test message with the same buttons is in your direct messages.",
    ]
    if status.zone is None:
        lines.append(f"🕐 {ASK_ZONE}")
    if any(each.next and each.reminder.rhythm.days & status.reminder.rhythm.days for each in others):
        lines.append("-# One reminder a day at most: on a day with several, the earliest comes.")
    return card(State.DONE, "\n".join(filter(None, lines)), rows=[[button("My reminders", "remindlist")]])


def listed(statuses: Sequence[ReminderStatus], note: str = "") -> ui.LayoutView:
    """All reminders of a learner, with what can be done about each."""
    parts: list[str | None] = [f"{note}\n### Your reminders".strip()]
    rows: list[Row] = []
    for status in statuses[:4]:
        state, course = status.reminder.state, status.reminder.course
        lines = [f"**{safe(status.code)}** · {_STATES[state]}\n{_schedule(status)}"]
        if status.next:
            lines.append(f"{'Snoozed; next' if status.snoozed else 'Next'}: {when(status.next)}")
            if status.trouble:
                lines.append(f"⚠️ Not sent yet: {safe(shortened(status.trouble, 200))}. I'll keep trying.")
        elif status.reminder.reason and state is not ScheduleState.OFF:
            lines.append(f"-# {safe(shortened(status.reminder.reason, 200))}")
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
    return card(State.WARNING if suspended else State.PLAIN, *parts, rows=rows)


def put_off(statuses: Sequence[ReminderStatus], course: str | None = None) -> ui.LayoutView:
    """Confirms that nothing comes for a while."""
    soonest = min(
        (status.next for status in statuses if status.next and course in (None, status.reminder.course)), default=None
    )
    text = f"Put off. Next: {when(soonest)}." if soonest else "Put off."
    return notice(text, State.DONE, rows=[[button("My reminders", "remindlist")]])


def suspended(told: Sequence[tuple[str, str]]) -> ui.LayoutView:
    """The line behind a command that says, once, that no message got through."""
    courses = " and ".join(safe(code) for code, _ in told)
    return card(
        State.WARNING,
        f"-# ⚠️ Your {courses} reminders are suspended: {safe(told[0][1])}. Open them in Discord's privacy settings, "
        "then run `/remind set`.",
    )


def _schedule(status: ReminderStatus) -> str:
    rhythm = status.reminder.rhythm
    words = name_days(rhythm.days)
    return f"{words[0].upper()}{words[1:]} at {rhythm.time:%H:%M} ({status.zone or 'UTC'})"


def when(moment: datetime) -> str:
    """A moment as a date and as how far away it is."""
    return f"{discord.utils.format_dt(moment, 'F')} ({discord.utils.format_dt(moment, 'R')})"
