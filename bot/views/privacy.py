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

STORED = {
    "Progress": {
        "tick": "completed unit",
        "known": "known unit",
        "note": "private note",
        "study_day": "study day",
        "milestone": "completed path",
        "announcement": "announced path",
    },
    "Reviews": {"card": "question", "review": "answer", "reviewing": "open review", "mistake": "mistake"},
    "Questions": {"question_report": "report", "counted_answer": "first answer"},
    "Mock exams": {"mock": "mock exam", "mock_answer": "answer"},
    "Plans": {"exam": "exam date", "plan": "study plan", "plan_focus": "domain to study again", "away": "break"},
    "Exams": {"outcome": "result", "outcome_domain": "rated domain", "outcome_share": "shared pass"},
    "Reminders": {"reminder": "reminder", "delivery": "sent message"},
    "Quizzes": {"quiz_player": "open quiz", "quiz_answer": "quiz answer"},
    "Study groups": {
        "member": "study group",
        "cohort": "weekly digest",
        "server_course_version": "published course",
        "course_draft": "course preview",
        "course_news": "course update",
    },
    "Question of the day": {"daily_answer": "answer", "daily_question": "schedule"},
    "Settings": {"learner": "your preferences", "last_use": "the day you last used me"},
}
"""Every table that refers to a person, by subject, with the name of one row."""
AT_MOST_ONE = ("learner", "last_use")
"""Tables with at most one row for each person, which isn't counted."""
EXPORT = "waymark-export.json"
MAX_LISTED = 10


def kept(found: Kept, server: int | None, name_of: Callable[[int], str]) -> ui.LayoutView:
    """Render what is stored about the member. ``name_of`` returns the name of a server."""
    groups = [
        f"- {membership.course.upper()} in {name_of(membership.server)}, "
        + (
            f"left {format_day(membership.left_at)}"
            if membership.left_at
            else f"since {format_day(membership.joined_at)}"
        )
        for membership in found.memberships[:MAX_LISTED]
    ]
    if len(found.memberships) > MAX_LISTED:
        groups.append(f"-# and {len(found.memberships) - MAX_LISTED} more")
    here = [membership for membership in found.memberships if membership.server == server]
    group_button = None
    if any(membership.left_at is None for membership in here):
        group_button = button("Leave this study group", "leave")
    elif here:
        group_button = button("Rejoin this study group", "rejoin")
    status = ["🙈 **Hidden**: only you see your progress."]
    announcing = None
    if not found.hidden:
        status = ["👁️ **Visible**: your study groups see your progress."]
        status.append(
            "🎉 The paths you complete are announced in the server."
            if found.announces
            else "🔕 The paths you complete aren't announced."
        )
        announcing = (
            button("Don't announce my paths", "announcing", 0)
            if found.announces
            else button("Announce my paths", "announcing", 1)
        )
    if found.quiz_mistakes:
        status.append("📝 Questions you miss in quizzes are added to your list of mistakes.")
        quizzes = button("Don't keep my quiz mistakes", "quizmistakes", 0)
    else:
        quizzes = button("Keep my quiz mistakes for review", "quizmistakes", 1)
    rows: list[Row] = [
        [
            button("Show my progress", "visible", style=ButtonStyle.primary)
            if found.hidden
            else button("Hide my progress", "hide"),
            announcing,
            group_button,
        ],
        [quizzes],
        [button("Download my data", "export"), button("Delete my data", "forget", style=ButtonStyle.danger)],
    ]
    stored = stored_lines(found.rows)
    return message_view(
        State.PLAIN,
        "\n".join(["### Your data and privacy", *status]),
        "\n".join(["**What I store about you**", *stored]) if stored else "Nothing is stored about you.",
        "\n".join(["**Study groups**", *groups]) if groups else "",
        f"-# {policy(found.months)}\n"
        "-# I never store messages, names or email addresses. Backups keep deleted data until they are replaced.",
        rows=rows,
    )


def stored_lines(rows: Mapping[str, int]) -> list[str]:
    """Describe the stored rows, a line for each subject."""
    lines = []
    for subject, tables in STORED.items():
        counts = [
            word if table in AT_MOST_ONE else plural(rows[table], word)
            for table, word in tables.items()
            if rows.get(table)
        ]
        if counts:
            lines.append(f"- {subject}: {', '.join(counts)}")
    return lines


def export_file(data: Mapping[str, Any]) -> discord.File:
    """Return the export as a JSON file."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return discord.File(BytesIO(text.encode()), filename=EXPORT, description="Your data as JSON")


def exported() -> ui.LayoutView:
    """Render the message with the export."""
    return message_view(State.PLAIN, "### Your data\nEverything I store about you, in one JSON file.", file=EXPORT)


def confirm_forget(rows: Mapping[str, int]) -> ui.LayoutView:
    """Ask for confirmation before deleting all data."""
    if not any(rows.values()):
        return notice("Nothing is stored about you, so there is nothing to delete.", State.PLAIN)
    return message_view(
        State.WARNING,
        "### Delete all your data?\n"
        "This permanently deletes your progress, reviews, mock exams, plans, reminders and settings.",
        "You can't undo this.",
        rows=[
            [
                button("Delete everything", "forgetnow", style=ButtonStyle.danger),
                button("Download my data first", "export"),
                button("Cancel", "keep"),
            ]
        ],
    )


def forgotten(rows: Mapping[str, int]) -> ui.LayoutView:
    """Confirm a deletion."""
    if not any(rows.values()):
        return notice("Nothing was stored about you.", State.PLAIN)
    return message_view(
        State.DONE,
        "### ✅ Your data has been deleted",
        "Your progress, reviews, mock exams, plans, reminders and settings are gone.\n"
        "-# Messages already posted in channels are not deleted.",
    )
