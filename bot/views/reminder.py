"""Render reminders: the direct message, the notice of a suspension, and the answer to Later."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.day_names import weekday_name
from bot.core.calendar.stored_zones import zone_named
from bot.core.plan.reminders import Rhythm
from bot.core.plan.study_days import name_days
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

MY_REMINDERS = button("My reminders", "remindlist")


def reminder(content: ReminderContent) -> ui.LayoutView:
    """Render the direct message. Its first button contains the marker."""
    progress, course = content.progress, content.progress.course
    note = ""
    if content.first:
        first = when(content.first, content.zone)
        note = f"✅ **Test message.** Your first reminder arrives {first} and will look like this:"
    elif content.late_since:
        note = f"-# Late: it was due {discord.utils.format_dt(content.late_since, 'R')}"
    whole = progress.whole
    style = ButtonStyle.secondary if content.node else ButtonStyle.primary
    due = plural(content.due, "question")
    review = button(f"Review {due}", "review", course.id, style=style) if content.due else None
    why = f"-# You set this reminder: {schedule(content.rhythm, content.zone)}. Change it in </remind>."
    if content.node is None and content.due:
        text = "You've finished the course. A few minutes of review keeps it fresh."
        review_buttons: Row = [
            review,
            button("Later", "remindlater", content.marker.text),
            button("Not this week", "remindnot", content.marker.text),
        ]
        head = [note, f"### ⏰ {escape(course.code)}: {due} due", text]
        return message_view(State.PROGRESS, "\n".join(filter(None, head)), why, rows=[review_buttons])
    if content.node is None:
        paused = "" if content.first else "You've completed everything, so these reminders are paused."
        again = [button("Keep reminding me", "remindon", content.marker.text), button("Paths", "paths", course.id)]
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
    ahead = f"\n{duration(planned)} planned this week" if planned else ""
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
        f"{bar(whole.percent)} {whole.percent}% of {escape(course.code)} · {remaining(whole)}{ahead}",
        why,
        rows=[buttons],
    )


def later(due: datetime) -> ui.LayoutView:
    """Confirm that a reminder is sent once more."""
    return notice(f"I'll remind you again {discord.utils.format_dt(due, 'R')}.", State.DONE, rows=[[MY_REMINDERS]])


def suspended(reminders: Sequence[tuple[str, str]]) -> ui.LayoutView:
    """Tell the learner once, after a command, that direct messages could not be delivered."""
    courses = " and ".join(escape(code) for code, _ in reminders)
    return message_view(
        State.WARNING,
        f"-# ⚠️ Your {courses} reminders have stopped: {escape_typed(reminders[0][1])}. "
        "Open your DMs in Discord's privacy settings, then turn the reminders on again.",
        rows=[[MY_REMINDERS]],
    )


def schedule(rhythm: Rhythm, zone: str | None) -> str:
    """Describe a rhythm in the learner's zone: ``weekdays at 18:00``."""
    return f"{name_days(rhythm.days)} at {rhythm.time:%H:%M}{'' if zone else ' UTC'}"


def when(moment: datetime, zone: str | None) -> str:
    """Return the date of an instant in the learner's zone, and how far away it is.

    The time of day is left out: it is part of the schedule, and Discord would show it in the reader's zone.
    """
    day = moment.astimezone(zone_named(zone)).date()
    return f"{weekday_name(day, day)} ({discord.utils.format_dt(moment, 'R')})"
