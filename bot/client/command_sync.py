"""Register the commands with Discord if they differ from the registered ones."""

import logging
from typing import Any

from discord import app_commands

log = logging.getLogger("waymark")

COMPARED_FIELDS = frozenset(
    {
        "name", "description", "type", "options", "required", "choices", "value", "autocomplete", "min_value",
        "max_value", "min_length", "max_length", "channel_types", "default_member_permissions", "contexts",
        "integration_types", "nsfw",
    }
)  # fmt: skip
"""Fields of a command that the bot sets. The others belong to Discord: IDs, versions, localizations."""


async def sync_commands(tree: app_commands.CommandTree[Any]) -> dict[str, int]:
    """Fetch the registered commands, replace them if they differ, and return command IDs by name.

    No local record is used: another program with the same token may have changed the commands.
    """
    application = tree.client.application_id
    if application is None:
        raise RuntimeError("commands can be synced only after login")
    registered = await tree.client.http.get_global_commands(application)
    local = [command.to_dict(tree) for command in tree.get_commands()]
    if _normalize(registered) != _normalize(local):
        # Not ``tree.sync``: it builds objects that nobody needs, and fails for a menu without a description.
        registered = await tree.client.http.bulk_upsert_global_commands(application, payload=local)
        log.info("commands synced: %d", len(registered))
    return {command["name"]: int(command["id"]) for command in registered}


def _normalize(commands: Any) -> list[Any]:
    """Return the commands in a canonical order and form, for comparison."""
    return sorted(
        (_normalize_part(command) for command in commands),
        key=lambda command: (command.get("type", 1), command["name"]),
    )


def _normalize_part(value: Any) -> Any:
    """Return the compared fields of a part of a command, without default values."""
    if isinstance(value, dict):
        found = {key: _normalize_part(part) for key, part in value.items() if key in COMPARED_FIELDS}
        if found.get("default_member_permissions") is not None:
            found["default_member_permissions"] = str(found["default_member_permissions"])
        for key in ("contexts", "integration_types", "channel_types"):
            found[key] = sorted(found.get(key) or [])
        return {key: part for key, part in found.items() if part not in (None, False, [], "")}
    return [_normalize_part(part) for part in value] if isinstance(value, list) else value
