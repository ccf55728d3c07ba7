"""The commands, as clickable mentions."""

from collections.abc import Mapping, Sequence
from typing import Any

from discord import app_commands, ui

from bot.views.layout import State, card

Tree = Sequence[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu]


def commands(tree: Tree, ids: Mapping[str, int], course: str) -> ui.LayoutView:
    """Every command of ``tree`` with what it does. ``ids`` are Discord's ids by name, for mentions."""
    lines = []
    for command in sorted(tree, key=lambda each: each.name):
        if isinstance(command, app_commands.Group):
            leaves = [each for each in command.walk_commands() if isinstance(each, app_commands.Command)]
        elif isinstance(command, app_commands.Command):
            leaves = [command]
        else:
            continue
        for leaf in leaves:
            number = ids.get(command.name)
            name = f"</{leaf.qualified_name}:{number}>" if number else f"**/{leaf.qualified_name}**"
            lines.append(f"{name} {leaf.description}")
    return card(
        State.PLAIN,
        f"### What Waymark can do\n**Start with** {_named('overview', ids)} or {_named('next', ids)}. "
        f"The course here is {course}.",
        None,
        "\n".join(lines),
    )


def _named(name: str, ids: Mapping[str, int]) -> str:
    return f"</{name}:{ids[name]}>" if name in ids else f"`/{name}`"
