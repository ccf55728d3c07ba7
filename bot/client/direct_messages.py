"""The reminders' side of Discord: opening a direct message, finding a message again, and sending."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import discord

from bot.client.channels import LOOKED_THROUGH, SEND_SECONDS, UNKNOWN_CHANNEL, custom_ids, worth_another_try
from bot.study import Later, Letter, Refused
from bot.views import reminder as views

CLOSED = (50007, 50278)
"""Discord's codes for who takes no direct messages from us, or shares no server with us any more."""
UNKNOWN_USER = 10013
PER_SECOND = 43
"""So many reminders a second: Discord takes 50 requests, and what waits for the database is not evenly spread."""


class Pace:
    """Lets so many pass a second, evenly."""

    def __init__(self, per_second: float) -> None:
        self._step = 1 / per_second
        self._free_at = 0.0

    async def turn(self) -> None:
        """Returns when it is the caller's turn."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + self._step
        await asyncio.sleep(self._free_at - self._step - now)


class DiscordMailbox:
    """What ``Reminders`` needs of Discord, by the client of this process."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._pace = Pace(PER_SECOND)

    async def open(self, learner: int) -> int:
        """The channel of a learner's direct messages."""
        with _spoken():
            async with asyncio.timeout(SEND_SECONDS):
                return (await self._client.create_dm(discord.Object(learner))).id

    async def find(self, channel: int, mark: str, since: datetime) -> int | None:
        """The id of a message of ours with this mark, not older than ``since``."""
        place = self._client.get_partial_messageable(channel, type=discord.ChannelType.private)
        mine = self._client.user.id if self._client.user else 0
        with _spoken():
            async with asyncio.timeout(SEND_SECONDS):
                async for message in place.history(after=since, oldest_first=True, limit=LOOKED_THROUGH):
                    if message.author.id == mine and any(map(views.is_marked(mark), custom_ids(message.components))):
                        return message.id
        return None

    async def send(self, channel: int, letter: Letter, begin: Callable[[], Awaitable[bool]]) -> int | None:
        """Send it and return its id; None where ``begin`` says that it is not wanted any more."""
        await self._pace.turn()
        place = self._client.get_partial_messageable(channel, type=discord.ChannelType.private)
        view = views.letter(letter)
        if not await begin():
            return None
        with _spoken():
            async with asyncio.timeout(SEND_SECONDS):
                return (await place.send(view=view, nonce=letter.nonce)).id


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn Discord's errors into what the reminder does about them."""
    try:
        with worth_another_try("a reminder"):
            yield
    except discord.Forbidden as error:
        if error.code in CLOSED:
            raise Refused("your direct messages are closed to me", "") from error
        raise Later(f"Discord refuses it for now ({error.code})") from error
    except discord.NotFound as error:
        if error.code in (UNKNOWN_CHANNEL, UNKNOWN_USER):
            raise Refused("your direct messages can't be reached any more", "", gone=True) from error
        raise Later(f"Discord answered {error.status}") from error
