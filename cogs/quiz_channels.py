"""The channels in which a quiz is possible."""

import discord

from bot.client.responses import Interaction
from bot.errors import NotAllowed


def quiz_channel(interaction: Interaction) -> int:
    """Return the channel's ID. Raises ``NotAllowed`` if the bot can't post questions there."""
    if interaction.channel_id is None:
        raise NotAllowed("Quizzes run in server channels, where others can join.")
    permissions = interaction.app_permissions
    thread = isinstance(interaction.channel, discord.Thread)
    can_send = permissions.send_messages_in_threads if thread else permissions.send_messages
    if not (permissions.view_channel and can_send):
        send_permission = "Send Messages in Threads" if thread else "Send Messages"
        raise NotAllowed(
            f"I can't post questions here: I need the permissions View Channel and {send_permission}. "
            "Choose another channel, or ask someone who manages this one."
        )
    return interaction.channel_id
