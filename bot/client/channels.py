"""Channels of a server: what the bot may do there by the cached permissions, and whose server it is."""

from collections.abc import Iterator
from typing import Any

import discord

from bot.store.cohorts import Cohort
from bot.study.delivery_kind import Destination, Refused, Unavailable
from bot.study.digest_delivery import destination

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
IMPLIED = (
    ("view_channel", {"Send Messages", "Send Messages in Threads", "Attach Files", "Read Message History"}),
    ("send_messages", {"Attach Files"}),
    ("send_messages_in_threads", {"Attach Files"}),
)
"""What Discord takes away together with a permission. It can't be granted by itself, so it isn't named."""
NOT_CACHED = "not cached"

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


def guild_of(client: discord.Client, server: int) -> discord.Guild:
    """The server. Raises ``Unavailable`` during an outage, and if the bot isn't in it."""
    guild = client.get_guild(server)
    if guild is None or guild.unavailable:
        raise Unavailable("the server is not available")
    return guild


def check_channel(client: discord.Client, to: Destination) -> str:
    """What the cached permissions allow in a server's channel, as text to compare.

    Raises ``Refused`` for what is missing and ``Unavailable`` during an outage. Makes no request.
    """
    guild = guild_of(client, to.server)
    channel = guild.get_channel_or_thread(to.channel)
    if not isinstance(channel, Place):
        if to.thread:  # an archived thread is not cached, and opens again when something is posted
            return NOT_CACHED
        raise Refused("the channel was deleted", "no channel", gone=True)
    if guild.me is None:
        return "unknown"
    permissions = channel.permissions_for(guild.me)
    needed = dict(NEEDED)
    if isinstance(channel, discord.Thread):
        needed["send_messages_in_threads"] = "Send Messages in Threads"
        del needed["send_messages"]
    lacking = [title for name, title in needed.items() if not getattr(permissions, name)]
    for name, implied in IMPLIED:
        if needed.get(name) in lacking:
            lacking = [title for title in lacking if title not in implied]
    if lacking:
        raise Refused(f"I lack {_listed(lacking)} in <#{to.channel}>", str(permissions.value))
    return str(permissions.value)


def lacking(client: discord.Client, cohort: Cohort) -> str:
    """What is missing for a digest, as a sentence with what to do, or that nothing is."""
    try:
        if check_channel(client, destination(cohort)) == NOT_CACHED:
            return "⚠️ I can't see this channel. If it was deleted, choose another one."
    except Refused as refused:
        return f"⚠️ {refused}. Grant it in the channel's settings, or choose another channel."
    except Unavailable:
        return "⚠️ Discord doesn't show me this server right now, so permissions can't be checked."
    return "✅ I have every permission that it needs there"


def is_ours(client: discord.AutoShardedClient, server: int) -> bool:
    """Whether a server belongs to a shard of this process, even if the bot isn't in it."""
    return (server >> 22) % (client.shard_count or 1) in client.shards


def custom_ids(components: Any) -> Iterator[str]:
    """Every ``custom_id`` in the components of a message."""
    for component in components:
        if found := getattr(component, "custom_id", None):
            yield found
        yield from custom_ids(getattr(component, "children", ()))


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
