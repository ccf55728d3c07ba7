"""Registering the commands with Discord, only where they differ from what it has."""

import logging
from typing import Any

from discord import app_commands

log = logging.getLogger("waymark")

COMPARED = frozenset(
    {
        "name", "description", "type", "options", "required", "choices", "value", "autocomplete", "min_value",
        "max_value", "min_length", "max_length", "channel_types", "default_member_permissions", "contexts",
        "integration_types", "nsfw",
    }
)  # fmt: skip
"""What Discord keeps of a command as we sent it. The rest is its own: ids, versions, localizations."""


async def sync_commands(tree: app_commands.CommandTree[Any]) -> dict[str, int]:
    """Compare the tree with what Discord has (one GET) and replace that if it differs. Returns the IDs by name.

    Nothing is assumed from earlier starts: another program with the same token may have changed the commands.
    """
    application = tree.client.application_id
    if application is None:
        raise RuntimeError("commands can be synced after the login only")
    known = await tree.client.http.get_global_commands(application)
    wanted = [command.to_dict(tree) for command in tree.get_commands()]
    if _compared(known) == _compared(wanted):
        return {command["name"]: int(command["id"]) for command in known}
    synced = await tree.sync()
    log.info("commands synced: %d", len(synced))
    return {command.name: command.id for command in synced}


def _compared(commands: Any) -> list[Any]:
    """The commands in an order and form in which the same ones are equal."""
    return sorted((_form(command) for command in commands), key=lambda form: (form.get("type", 1), form["name"]))


def _form(value: Any) -> Any:
    """What is compared of a part of a command, without what stands for a default."""
    if isinstance(value, dict):
        found = {key: _form(part) for key, part in value.items() if key in COMPARED}
        if found.get("default_member_permissions") is not None:
            found["default_member_permissions"] = str(found["default_member_permissions"])
        for key in ("contexts", "integration_types", "channel_types"):
            found[key] = sorted(found.get(key) or [])
        return {key: part for key, part in found.items() if part not in (None, False, [], "")}
    return [_form(part) for part in value] if isinstance(value, list) else value
