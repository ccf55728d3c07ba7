"""Render stored data, its export, and its deletion with a confirmation."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot.study import Kept
from bot.views.buttons import button
from bot.views.layout import Row, State, format_day, message_view, notice, plural
from bot.views.retention import policy

TABLES = {
    "learner": "your settings (visible or hidden, time zone)",
    "member": "the cohorts that you are in or have left",
    "tick": "your ticks, with when and where each was made",
    "study_day": "the days on which you studied",
    "exam": "your exam dates",
    "plan": "your study plans: hours a week, days and start",
    "away": "the days on which you don't study",
    "reminder": "the reminders that you asked for",
    "delivery": "the scheduled messages that were sent to you",
    "card": "the questions that you answered, and when each comes back",
    "review": "each rating that you gave",
    "reviewing": "how far you are in a review",
    "mock": "your mock exams: when, how long, how much was right",
    "mock_answer": "your answers in the latest mock exam, and in the open one",
    "quiz_player": "the quizzes under way that you take part in",
    "quiz_answer": "your answers in a quiz that is under way",
    "last_use": "the last day on which you used Waymark",
    "cohort": "the digests that you set up for servers",
    "announcement": "the public messages about paths that you completed",
    "milestone": "the paths that you completed for the first time",
}
"""A description of every table that refers to a person."""
EXPORT = "waymark-export.json"


def kept(found: Kept, server: int | None, name_of: Callable[[int], str]) -> ui.LayoutView:
    """Render what is stored about the member. ``name_of`` returns the name of a server."""
    rows = [f"- {plural(count, 'row')}: {TABLES.get(table, table)}" for table, count in found.rows.items() if count]
    cohorts = [
        f"- {membership.course.upper()} in {name_of(membership.server)}, "
        + (
            f"left {format_day(membership.left_at)}"
            if membership.left_at
            else f"since {format_day(membership.joined_at)}"
        )
        for membership in found.memberships[:10]
    ]
    here = [membership for membership in found.memberships if membership.server == server]
    cohort_button = None
    if any(membership.left_at is None for membership in here):
        cohort_button = button("Leave this server's cohort", "leave")
    elif here:
        cohort_button = button("Come back to the cohort", "rejoin")
    visibility = (
        "**You are hidden**: nobody but you sees your progress."
        if found.hidden
        else "**You are visible** to the members of your cohorts."
    )
    buttons: Row = [
        button("Show me", "visible", style=ButtonStyle.primary) if found.hidden else button("Hide me", "hide"),
        button("Export", "export"),
        cohort_button,
        button("Delete all", "forget", style=ButtonStyle.danger),
    ]
    return message_view(
        State.PLAIN,
        f"### What Waymark keeps about you\n{visibility}",
        "\n".join(rows) if rows else "Nothing is stored about you.",
        "\n".join(["**Cohorts**", *cohorts]) if cohorts else "",
        f"-# {policy(found.months)}\n"
        "-# No messages, no names, no email. Backups keep deleted rows until they are rotated.",
        rows=[buttons],
    )


def export_file(data: Mapping[str, Any]) -> discord.File:
    """Return the export as a JSON file."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return discord.File(BytesIO(text.encode()), filename=EXPORT, description="Your data as JSON")


def exported() -> ui.LayoutView:
    """Render the message with the export."""
    return message_view(
        State.PLAIN, "### Your data\nEverything that is stored about you, as one JSON file.", file=EXPORT
    )


def confirm_forget(rows: int) -> ui.LayoutView:
    """Ask for confirmation before deleting all data."""
    return message_view(
        State.WARNING,
        f"### Delete everything about you?\n**{plural(rows, 'row')}** would go for good: ticks, cohorts and settings.",
        "There is no way back. `/privacy export` gives you a copy first.",
        rows=[[button("Delete everything", "forgetnow", style=ButtonStyle.danger), button("Keep it", "keep")]],
    )


def forgotten(rows: Mapping[str, int]) -> ui.LayoutView:
    """Render the result of a deletion, by table."""
    lines = [f"- {plural(count, 'row')} of `{table}`: {TABLES.get(table, table)}" for table, count in rows.items()]
    return message_view(
        State.DONE,
        f"### ✅ Deleted\n**{plural(sum(rows.values()), 'row')}** about you are gone.",
        "\n".join(lines),
        "-# Lines that were posted in channels stay there until somebody deletes them.",
    )


def visibility(*, hidden: bool) -> ui.LayoutView:
    """Confirm the visibility setting."""
    if hidden:
        return notice("You are hidden: no public lines, and nobody else sees your progress.", State.DONE)
    return notice("You are visible to the members of your cohorts.", State.DONE)
