"""Channels and servers: permissions from the cache, custom IDs, and the shard of a server."""

from collections.abc import Iterator
from typing import Any

import discord

from bot.store.cohorts import Cohort
from bot.study.delivery_kind import Destination, Refused, Unavailable
from bot.study.digest_delivery import destination

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
    required = dict(REQUIRED)
    if isinstance(channel, discord.Thread):
        required["send_messages_in_threads"] = "Send Messages in Threads"
        del required["send_messages"]
    missing = [title for name, title in required.items() if not getattr(permissions, name)]
    for name, implied in DEPENDENT:
        if required.get(name) in missing:
            missing = [title for title in missing if title not in implied]
    if missing:
        raise Refused(f"I lack {_join_names(missing)} in <#{to.channel}>", str(permissions.value))
    return str(permissions.value)


def permission_status(client: discord.Client, cohort: Cohort) -> str:
    """Return a sentence that says whether permissions for the digest are missing, and what to do."""
    try:
        if check_channel(client, destination(cohort)) == NOT_CACHED:
            return "⚠️ I can't see this channel. If it was deleted, choose another one."
    except Refused as refused:
        return f"⚠️ {refused}. Grant it in the channel's settings, or choose another channel."
    except Unavailable:
        return "⚠️ Discord doesn't show me this server right now, so permissions can't be checked."
    return "✅ I have every permission that it needs there"


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
