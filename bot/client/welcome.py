"""Send the welcome message to a server: once, in a channel, otherwise to its owner."""

import logging
from collections.abc import Iterator

import discord

from bot.client.channels import can_welcome
from bot.client.messenger import FAILURES
from bot.study.delivery_kind import Marker
from bot.views import welcome as views
from bot.views.references import References

log = logging.getLogger("waymark")

MAX_CHANNELS = 3
"""Channels that are tried. The cached permissions allow each, so Discord should deny none of them."""


async def send_welcome(client: discord.Client, guild: discord.Guild, references: References) -> None:
    """Send the message. The caller has claimed it: whatever happens here, it isn't sent again. Does not raise.

    Another channel is tried only where Discord has clearly not posted the message.
    """
    nonce = Marker(guild.id, "welcome").nonce
    view = references.view(views.welcome())
    for channel, _ in zip(_channels(guild), range(MAX_CHANNELS), strict=False):
        try:
            await channel.send(view=view, nonce=nonce)
        except discord.Forbidden as error:
            log.info("server %s: the welcome message was refused in channel %s: %s", guild.id, channel.id, error)
        except FAILURES as error:
            log.warning("server %s: the welcome message may be missing: %s", guild.id, error)
            return
        else:
            return
    if guild.owner_id is None:
        return
    try:
        owner = await client.create_dm(discord.Object(guild.owner_id))
        await owner.send(view=references.view(views.welcome_owner(guild.id, guild.name)), nonce=nonce)
    except FAILURES as error:
        log.info("server %s: the welcome message could not be sent to the owner: %s", guild.id, error)


def _channels(guild: discord.Guild) -> Iterator[discord.TextChannel]:
    """Yield the channels in which the bot can post: the system channel, then those that everyone sees, from the top."""
    system = guild.system_channel
    if system and can_welcome(system):
        yield system
    unsuitable = {system, guild.rules_channel, guild.public_updates_channel}
    others = [channel for channel in guild.text_channels if channel not in unsuitable and can_welcome(channel)]
    others.sort(key=lambda channel: not channel.permissions_for(guild.default_role).view_channel)
    yield from others
