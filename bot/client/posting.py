"""Post messages for managers in channels: test messages, the study panel, and deleting them again."""

import discord

from bot.client.channels import ServerChannel, can_pin
from bot.client.messenger import FAILURES
from bot.errors import BadInput, Busy, NotAllowed
from bot.study.delivery_kind import Marker
from bot.views.references import References

UNKNOWN_MESSAGE = 10008


def own_channel(client: discord.Client, server: int, channel: int) -> ServerChannel:
    """Return a channel of a server. Raises ``BadInput`` if the bot can't see it there."""
    guild = client.get_guild(server)
    found = guild.get_channel_or_thread(channel) if guild and not guild.unavailable else None
    if not isinstance(found, ServerChannel):
        raise BadInput("I can't see that channel in this server. Choose another one.")
    return found


async def post(
    channel: ServerChannel, view: discord.ui.LayoutView, request: int, references: References
) -> discord.Message:
    """Post a message once for a manager's ``request``: the nonce keeps a retry from posting it twice.

    Raises ``NotAllowed`` and ``Busy``, which say whether it was posted.
    """
    nonce = Marker(channel.guild.id, f"setup:{request}").nonce
    try:
        return await channel.send(view=references.view(view), nonce=nonce)
    except discord.Forbidden as error:
        raise NotAllowed(
            f"I couldn't post in <#{channel.id}>: Discord says “{error.text or error.code}”. Check my permissions "
            "there, or choose another channel."
        ) from error
    except FAILURES as error:
        raise Busy(
            f"Discord didn't confirm the post. Check <#{channel.id}> before you try again, so it isn't posted twice."
        ) from error


async def delete(client: discord.Client, server: int, channel: int, message: int) -> bool:
    """Delete a message of the bot in a server. Return whether it is gone, also with its channel.

    Never deletes messages of others.
    """
    try:
        found = own_channel(client, server, channel)
    except BadInput:
        return True
    try:
        stored = await found.fetch_message(message)
        if client.user is None or stored.author.id != client.user.id:
            return False
        await stored.delete()
    except discord.NotFound as error:
        return error.code == UNKNOWN_MESSAGE
    except FAILURES:
        return False
    return True


async def pin(message: discord.Message, channel: ServerChannel) -> str:
    """Pin a message. Return an empty text, or why it isn't pinned and what to do."""
    how = "Pin it yourself: open its menu and choose **Pin Message**."
    if not can_pin(channel):
        return f"I'm missing the **Pin Messages** permission there. {how}"
    try:
        await message.pin()
    except FAILURES:
        return f"Discord didn't let me pin it. {how} If the channel has too many pins, remove one first."
    return ""
