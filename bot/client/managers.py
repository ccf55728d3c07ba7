"""Who may manage Waymark in a server: members with Manage Server, and those with the role that one of them chose."""

import discord

from bot.client.responses import Interaction, server_of
from bot.errors import NotAllowed
from bot.study import Study

SERVER_ONLY = "This only works in a server."


async def is_manager(interaction: Interaction) -> bool:
    """Return whether the member may manage Waymark in this server."""
    try:
        await require_manager(interaction)
    except NotAllowed:
        return False
    return True


async def require_manager(interaction: Interaction) -> int:
    """Return the server's ID. Raises ``NotAllowed`` for members who may not manage Waymark."""
    server = server_of(interaction)
    if server is None:
        raise NotAllowed(SERVER_ONLY)
    if interaction.permissions.manage_guild:
        return server
    study: Study = interaction.client.study
    role = (await study.servers.settings(server)).manager_role
    if role and isinstance(interaction.user, discord.Member) and interaction.user.get_role(role):
        return server
    either = f" or the role <@&{role}>" if role else ""
    raise NotAllowed(f"You need the Manage Server permission{either} to do this. Ask someone who has it.")


def require_manage_server(interaction: Interaction) -> int:
    """Return the server's ID. Raises ``NotAllowed`` for members without Manage Server, whatever their roles."""
    server = server_of(interaction)
    if server is None:
        raise NotAllowed(SERVER_ONLY)
    if not interaction.permissions.manage_guild:
        raise NotAllowed("Only members with the Manage Server permission can choose who else manages me.")
    return server
