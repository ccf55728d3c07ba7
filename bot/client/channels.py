"""Channels and servers: permissions from the cache, custom IDs, and the shard of a server."""

from collections.abc import Iterator
from typing import Any

import discord

from bot.study.delivery_kind import Destination, Refused, Unavailable

REQUIRED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
DEPENDENT = (
    ("view_channel", {"Send Messages", "Send Messages in Threads", "Attach Files", "Read Message History"}),
    ("send_messages", {"Attach Files"}),
    ("send_messages_in_threads", {"Attach Files"}),
)
"""Permissions that Discord denies together with another one. They can't be granted separately, so they aren't named."""
NOT_CACHED = "not cached"

INVITED_WITH = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, attach_files=True, read_message_history=True,
    pin_messages=True, create_public_threads=True,
)  # fmt: skip
"""What the invite link asks for: what digests need in channels and threads, to pin the study panel, and to start a
thread about a question.
"""
SCOPES = ("bot", "applications.commands")

ServerChannel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


def guild_of(client: discord.Client, server: int) -> discord.Guild:
    """Return the server. Raises ``Unavailable`` during an outage or if the bot isn't a member."""
    guild = client.get_guild(server)
    if guild is None or guild.unavailable:
        raise Unavailable("the server is not available")
    return guild


def check_channel(client: discord.Client, to: Destination) -> str:
    """Return the bot's permissions in a channel as comparable text, from the cache and without a request.

    Raises ``Refused`` if permissions are missing or the channel was deleted, and ``Unavailable`` during an outage.
    """
    guild = guild_of(client, to.server)
    channel = guild.get_channel_or_thread(to.channel)
    if not isinstance(channel, ServerChannel):
        if to.thread:  # archived threads are not cached; posting unarchives them
            return NOT_CACHED
        raise Refused("the channel was deleted", "no channel", gone=True)
    if guild.me is None:
        return "unknown"
    permissions = channel.permissions_for(guild.me)
    missing = missing_permissions(channel, permissions)
    if missing:
        raise Refused(f"I'm missing {_join_names(missing)} in <#{to.channel}>", str(permissions.value))
    return str(permissions.value)


def missing_permissions(channel: ServerChannel, permissions: discord.Permissions) -> list[str]:
    """Return the names of the permissions that the bot needs to post digests in a channel and doesn't have."""
    required = dict(REQUIRED)
    if isinstance(channel, discord.Thread):
        required["send_messages_in_threads"] = "Send Messages in Threads"
        del required["send_messages"]
    missing = [title for name, title in required.items() if not getattr(permissions, name)]
    for name, implied in DEPENDENT:
        if required.get(name) in missing:
            missing = [title for title in missing if title not in implied]
    return missing


def channel_advice(client: discord.Client, to: Destination) -> str:
    """Return a line that says whether the bot can post digests in a channel, and if not, what to do."""
    try:
        guild = guild_of(client, to.server)
    except Unavailable:
        return "⚠️ This server is temporarily unavailable, so I can't check permissions."
    channel = guild.get_channel_or_thread(to.channel)
    if not isinstance(channel, ServerChannel):
        if to.thread:
            return "⚠️ I can't see this thread. If it was deleted, choose another channel."
        return "⚠️ This channel no longer exists, or I can't see it. Choose another one."
    missing = missing_permissions(channel, channel.permissions_for(guild.me))
    if not missing:
        return "✅ All permissions are in place"
    names = _join_names([f"**{name}**" for name in missing])
    channel_id = channel.parent_id if isinstance(channel, discord.Thread) else to.channel
    return (
        f"⚠️ I'm missing {names} in <#{to.channel}>. Open <#{channel_id}>, then **Edit Channel** › **Permissions**, add "
        f"me, and allow {'it' if len(missing) == 1 else 'them'}. Or choose another channel."
    )


def can_welcome(channel: discord.TextChannel) -> bool:
    """Return whether the bot can post a plain message in a channel."""
    permissions = channel.permissions_for(channel.guild.me)
    return permissions.view_channel and permissions.send_messages


def can_pin(channel: ServerChannel) -> bool:
    permissions = channel.permissions_for(channel.guild.me)
    return permissions.pin_messages or permissions.manage_messages


def invite_link(application: int) -> str:
    """Return the address that adds the bot to a server with the permissions it needs."""
    return discord.utils.oauth_url(application, permissions=INVITED_WITH, scopes=SCOPES)


def owns_server(client: discord.AutoShardedClient, server: int) -> bool:
    """Return whether a server belongs to a shard of this process, whether or not the bot is a member."""
    return (server >> 22) % (client.shard_count or 1) in client.shards


def custom_ids(components: Any) -> Iterator[str]:
    """Yield every ``custom_id`` in the components of a message."""
    for component in components:
        if found := getattr(component, "custom_id", None):
            yield found
        yield from custom_ids(getattr(component, "children", ()))


def _join_names(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
