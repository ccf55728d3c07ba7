"""Render the help: what each command is for, by subject."""

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.views.buttons import button
from bot.views.layout import Row, State, escape, message_view

TOPICS = {
    "Study": {
        "start": "your home: what's next and how you're doing",
        "next": "the next unit",
        "paths": "the course, path by path",
        "complete": "mark something as complete",
        "undo": "take it back",
        "overview": "about the course and its exam",
    },
    "Review": {
        "review": "questions, just before you'd forget the answers",
        "mock-exam": "a practice exam",
        "readiness": "how ready you are",
    },
    "Plan": {
        "plan": "your exam date and weekly plan",
        "remind": "study reminders by direct message",
        "progress": "your progress and streak",
    },
    "Group": {"quiz": "a quiz for the channel", "privacy": "who sees your progress, and your data"},
}
MANAGE = {
    "Manage": {
        "setup": "course, weekly digest, question of the day and study panel of this server",
        "course upload": "a course of your own for this server",
    }
}
"""Only for people who may use it."""


def help_page(course: Course, *, manager: bool) -> ui.LayoutView:
    """Render what each command is for. ``manager`` adds the commands that only managers can use."""
    topics = {**TOPICS, **MANAGE} if manager else TOPICS
    lines = [f"**{topic}**\n{_line(commands)}" for topic, commands in topics.items()]
    buttons: Row = [
        button("Start", "start", course.id, style=ButtonStyle.primary),
        button("Next unit", "next", course.id),
        button("Review", "review", course.id),
        button("Plan", "plan", course.id),
        button("Set up", "setup") if manager else button("Privacy", "kept"),
    ]
    title = f"### Waymark help\nEverything also works with buttons: start with </start>. Course: {escape(course.code)}."
    return message_view(State.PLAIN, title, "\n".join(lines), rows=[buttons])


def _line(commands: dict[str, str]) -> str:
    return " · ".join(f"</{name}> {what}" for name, what in commands.items())
