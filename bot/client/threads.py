"""Start discussion threads from messages, and what is needed for that and for notifying a role."""

import discord

from bot.client.channels import guild_of
from bot.study.delivery_kind import Destination, Refused, Unavailable

THREAD_EXISTS = 160004
"""Discord's error code for a message that has a thread already."""


async def create_thread(client: discord.Client, to: Destination, message: int, title: str) -> None:
    """Create a public thread from a message, unless it has one. Raises ``Refused`` and discord.py's errors."""
    if missing := thread_advice(client, to):
        raise Refused(missing, "")
    channel = guild_of(client, to.server).get_channel(to.channel)
    if not isinstance(channel, discord.TextChannel):
        raise Refused("this kind of channel has no threads", "")
    try:
        await channel.get_partial_message(message).create_thread(name=title)
    except discord.HTTPException as error:
        if error.code != THREAD_EXISTS:
            raise


def thread_advice(client: discord.Client, to: Destination) -> str:
    """Return why no thread can be started in a channel and what to do; empty if one can, or if that isn't known."""
    channel = _channel(client, to)
    if not isinstance(channel, discord.TextChannel) or channel.permissions_for(channel.guild.me).create_public_threads:
        return ""
    return f"I'm missing **Create Public Threads** in <#{to.channel}>, so there are no discussion threads"


def role_advice(client: discord.Client, to: Destination, role: int) -> str:
    """Return why a role isn't notified in a channel and what to do; empty if it is, or if that isn't known."""
    channel = _channel(client, to)
    found = channel.guild.get_role(role) if channel else None
    if channel is None:
        return ""
    if found is None:
        return "That role no longer exists. Choose another one, or none"
    if found.mentionable or channel.permissions_for(channel.guild.me).mention_everyone:
        return ""
    return (
        f"Discord doesn't let me notify <@&{role}>. Open **Server Settings** › **Roles** and allow anyone to mention it"
    )


def _channel(client: discord.Client, to: Destination) -> discord.abc.GuildChannel | discord.Thread | None:
    try:
        return guild_of(client, to.server).get_channel_or_thread(to.channel)
    except Unavailable:
        return None
