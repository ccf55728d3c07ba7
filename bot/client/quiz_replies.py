"""The private messages of a quiz: one for each player, edited with each answer."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from discord import ui

from bot.client.responses import UNREACHABLE, Interaction, acknowledged, log, resolved

VALID = timedelta(minutes=14)
"""How long a private message is edited. Discord accepts an interaction's token for 15 minutes."""


class Render(Protocol):
    """Renders a private message."""

    def __call__(self, *, first: bool) -> ui.LayoutView:
        """Return the message; ``first`` if it is the player's first one in this quiz."""


@dataclass(frozen=True, slots=True)
class PrivateMessage:
    """A private message. It is edited with the token of its interaction, until the token expires.

    ``followup`` is its ID if it isn't the interaction's first response.
    """

    interaction: Interaction
    followup: int | None
    until: datetime


class QuizReplies:
    """The private messages of the players of one quiz, in memory: a restart ends the quiz."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._messages: dict[int, PrivateMessage] = {}
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def turn(self, player: int) -> asyncio.Lock:
        """Return the lock under which a player's answer is stored and shown, so that the last one stored is shown."""
        return self._turns[player]

    async def show(self, interaction: Interaction, render: Render) -> None:
        """Edit the player's private message, or send one if there is none that can be edited."""
        known = self._messages.get(interaction.user.id)
        view = resolved(interaction, render(first=known is None))
        if known is None or self._now() >= known.until:
            await interaction.response.send_message(view=view, ephemeral=True)
            acknowledged(interaction)
            self._remember(interaction, None)
            return
        await interaction.response.defer()
        acknowledged(interaction)
        try:
            await _edit(known, view)
        except UNREACHABLE as error:
            log.info("a private message of a quiz was not edited: %s", error)
            sent = await interaction.followup.send(view=view, ephemeral=True, wait=True)
            self._remember(interaction, sent.id)

    def _remember(self, interaction: Interaction, followup: int | None) -> None:
        self._messages[interaction.user.id] = PrivateMessage(interaction, followup, self._now() + VALID)


async def _edit(message: PrivateMessage, view: ui.LayoutView) -> None:
    if message.followup is None:
        await message.interaction.edit_original_response(view=view)
    else:
        await message.interaction.followup.edit_message(message.followup, view=view)
