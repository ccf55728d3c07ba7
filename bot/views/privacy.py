"""What is kept, the export, and the deletion with its confirmation."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot.study import Kept
from bot.views.buttons import button
from bot.views.layout import Row, State, card, day, notice, plural
from bot.views.retention import policy

WHAT = {
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
    "milestone": "the paths that you completed for the first time",
}
"""Every table with a person in it, in words."""


def kept(found: Kept, server: int | None, name_of: Callable[[int], str]) -> ui.LayoutView:
    """What is stored about whoever asks. ``name_of`` gives a server's name for its id."""
    rows = [f"- {plural(count, 'row')}: {WHAT.get(table, table)}" for table, count in found.rows.items() if count]
    cohorts = [
        f"- {each.course.upper()} in {name_of(each.server)}, "
        + (f"left {day(each.left_at)}" if each.left_at else f"since {day(each.joined_at)}")
        for each in found.memberships[:10]
    ]
    here = [each for each in found.memberships if each.server == server]
    membership = None
    if any(each.left_at is None for each in here):
        membership = button("Leave this server's cohort", "leave")
    elif here:
        membership = button("Come back to the cohort", "rejoin")
    seen = (
        "**You are hidden**: nobody but you sees your progress."
        if found.hidden
        else "**You are visible** to the members of your cohorts."
    )
    buttons: Row = [
        button("Show me", "visible", style=ButtonStyle.primary) if found.hidden else button("Hide me", "hide"),
        button("Export", "export"),
        membership,
        button("Delete all", "forget", style=ButtonStyle.danger),
    ]
    return card(
        State.PLAIN,
        f"### What Waymark keeps about you\n{seen}",
        "\n".join(rows) if rows else "Nothing is stored about you.",
        "\n".join(["**Cohorts**", *cohorts]) if cohorts else "",
        f"-# {policy(found.months)}\n"
        "-# No messages, no names, no email. Backups keep deleted rows until they are rotated.",
        rows=[buttons],
    )


def export_file(data: Mapping[str, Any]) -> discord.File:
    """The export as a JSON file."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return discord.File(BytesIO(text.encode()), filename="waymark-export.json", description="Your data as JSON")


def exported() -> ui.LayoutView:
    """The message that carries the export."""
    view = card(State.PLAIN, "### Your data\nEverything that is stored about you, as one JSON file.")
    view.add_item(ui.File("attachment://waymark-export.json"))
    return view


def confirm_forget(rows: int) -> ui.LayoutView:
    """Asks before everything goes."""
    return card(
        State.WARNING,
        f"### Delete everything about you?\n**{plural(rows, 'row')}** would go for good: ticks, cohorts and settings.",
        "There is no way back. `/privacy export` gives you a copy first.",
        rows=[[button("Delete everything", "forgetnow", style=ButtonStyle.danger), button("Keep it", "keep")]],
    )


def forgotten(rows: Mapping[str, int]) -> ui.LayoutView:
    """The report of a deletion, by table."""
    lines = [f"- {plural(count, 'row')} of `{table}`: {WHAT.get(table, table)}" for table, count in rows.items()]
    return card(
        State.DONE,
        f"### ✅ Deleted\n**{plural(sum(rows.values()), 'row')}** about you are gone.",
        "\n".join(lines),
        "-# Lines that were posted in channels stay there until somebody deletes them.",
    )


def visibility(*, hidden: bool) -> ui.LayoutView:
    """Confirms whether somebody is seen."""
    if hidden:
        return notice("You are hidden: no public lines, and nobody else sees your progress.", State.DONE)
    return notice("You are visible to the members of your cohorts.", State.DONE)
