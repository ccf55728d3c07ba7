"""Render the list of commands as clickable mentions."""

from collections.abc import Mapping, Sequence
from typing import Any

from discord import app_commands, ui

from bot.views.layout import State, message_view

Tree = Sequence[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu]


def commands(tree: Tree, ids: Mapping[str, int], course: str) -> ui.LayoutView:
    """Render every command of ``tree`` with its description. ``ids`` maps names to command IDs, for mentions."""
    lines = []
    for command in sorted(tree, key=lambda command: command.name):
        if isinstance(command, app_commands.Group):
            leaves = [
                subcommand for subcommand in command.walk_commands() if isinstance(subcommand, app_commands.Command)
            ]
        elif isinstance(command, app_commands.Command):
            leaves = [command]
        else:
            continue
        for leaf in leaves:
            command_id = ids.get(command.name)
            name = f"</{leaf.qualified_name}:{command_id}>" if command_id else f"**/{leaf.qualified_name}**"
            lines.append(f"{name} {leaf.description}")
    return message_view(
        State.PLAIN,
        f"### What Waymark can do\n**Start with** {_mention('overview', ids)} or {_mention('next', ids)}. "
        f"The course here is {course}.",
        None,
        "\n".join(lines),
    )


def _mention(name: str, ids: Mapping[str, int]) -> str:
    return f"</{name}:{ids[name]}>" if name in ids else f"`/{name}`"
