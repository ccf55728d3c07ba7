"""Autocomplete for command options, from memory only."""

from collections.abc import Iterable
from typing import Any

from discord import app_commands

from bot.client.responses import Interaction
from bot.core.calendar.dates import MAX_TYPED
from bot.core.course.course import Course, Node
from bot.core.course.server_course import is_servers
from bot.core.questions.mock_exam import DEFAULT_QUESTIONS, MAX_MINUTES, MIN_MINUTES, suggested_minutes
from bot.errors import NotFound
from bot.study import Study
from bot.views.layout import truncate

Text = app_commands.Range[str, 1, MAX_TYPED]
"""A text option. Discord enforces the length; the command tree checks it again."""
Choices = list[app_commands.Choice[str]]
COURSE = "Course (default: this server's course)"


def _get_study(interaction: Interaction) -> Study:
    study: Study = interaction.client.study
    return study


def _selected_course(interaction: Interaction) -> Course:
    """Return the course that the filled-in options refer to."""
    study = _get_study(interaction)
    try:
        return study.course(interaction.guild_id, _filled_in(interaction, "course"))
    except NotFound:
        return study.course(interaction.guild_id)


def _filled_in(interaction: Interaction, name: str) -> str:
    value: Any = getattr(interaction.namespace, name, None)
    return value if isinstance(value, str) else ""


def _choices(nodes: Iterable[Node]) -> Choices:
    return [app_commands.Choice(name=truncate(node.title, 100), value=node.id) for node in nodes]


async def course(interaction: Interaction, current: str) -> Choices:
    found = _get_study(interaction).catalogue.offer_courses(current)
    return [
        app_commands.Choice(name=truncate(f"{course.code} {course.title}", 100), value=course.id) for course in found
    ]


async def server_course(interaction: Interaction, current: str) -> Choices:
    """Offer the courses of this server."""
    found = (each for each in _get_study(interaction).catalogue.offer_courses(current) if is_servers(each.id))
    return [app_commands.Choice(name=truncate(f"{each.code} {each.title}", 100), value=each.id) for each in found]


async def path(interaction: Interaction, current: str) -> Choices:
    return _choices(_get_study(interaction).catalogue.offer_paths(_selected_course(interaction), current))


async def what(interaction: Interaction, current: str) -> Choices:
    """Offer paths, modules and units; the value is the key, because IDs and titles can occur several times."""
    found = _selected_course(interaction)
    nodes = _get_study(interaction).catalogue.offer(found, current)
    return [app_commands.Choice(name=truncate(_described(found, node), 100), value=node.key) for node in nodes]


def _described(course: Course, node: Node) -> str:
    above = course.ancestors(node)
    return f"{node.title} · {node.word}" + (f" of {above[-1].title}" if node.word == "unit" else "")


async def day(interaction: Interaction, current: str) -> Choices:
    """Offer recent days, or how the text typed so far is understood."""
    days = await _get_study(interaction).learners.offer_days(current)
    return [app_commands.Choice(name=name, value=value) for name, value in days]


async def exam_minutes(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
    """Offer the pace of the real exam for this number of questions, and the input."""
    found, count = _selected_course(interaction), getattr(interaction.namespace, "count", None)
    offered: dict[int, str] = {}
    if found.exam:
        real = suggested_minutes(found.exam, count if isinstance(count, int) else DEFAULT_QUESTIONS)
        offered[real] = f"{real} minutes, about the pace of the real exam"
    if current.isdecimal() and MIN_MINUTES <= int(current[:4]) <= MAX_MINUTES:
        offered = {int(current[:4]): f"{int(current[:4])} minutes", **offered}
    return [app_commands.Choice(name=name, value=minutes) for minutes, name in offered.items()]
