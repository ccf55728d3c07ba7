"""Keep the number of answers in questions of the day up to date, with few edits."""

import asyncio
import logging

import discord

from bot.client.channels import ServerChannel
from bot.client.messenger import FAILURES
from bot.study import Study
from bot.views import daily_question as views
from bot.views.references import References

log = logging.getLogger("waymark")

EDIT_SECONDS = 4.0
"""Seconds between two edits of a message. Discord allows about one a second in a channel."""
TIMEOUT_SECONDS = 15.0
UNKNOWN = (10003, 10008)
"""Discord's error codes for a channel and a message that no longer exist."""

Post = tuple[int, str]
"""The server and the slot of a post."""


class DailyQuestionPosts:
    """Edit posts some seconds after an answer, one edit for all answers until then.

    What a message shows is stored, so ``refresh`` finds every message that a crash or an outage left behind.
    """

    def __init__(self, client: discord.Client, study: Study, references: References) -> None:
        self._client = client
        self._questions = study.daily_questions
        self._references = references
        self._changed: set[Post] = set()
        self._tasks: dict[Post, asyncio.Task[None]] = {}

    def changed(self, post: Post) -> None:
        """Edit a post soon."""
        self._changed.add(post)
        if post not in self._tasks:
            self._tasks[post] = asyncio.create_task(self._run(post))

    async def refresh(self) -> None:
        """Edit every post of this process's servers whose message is out of date. Does not raise."""
        try:
            for server, slot in await self._questions.outdated():
                guild = self._client.get_guild(server)
                if guild is not None and not guild.unavailable:
                    self.changed((server, slot))
        except Exception:
            # The next call reads the store again; no state is lost.
            log.exception("outdated questions of the day could not be listed")

    def close(self) -> None:
        """Cancel what is in progress."""
        for task in tuple(self._tasks.values()):
            task.cancel()

    async def _run(self, post: Post) -> None:
        try:
            while post in self._changed:
                await asyncio.sleep(EDIT_SECONDS)
                self._changed.discard(post)
                await self._update(*post)
        except Exception:
            # Affects one message only; ``refresh`` finds it again.
            log.exception("server %s: a question of the day could not be updated", post[0])
        finally:
            # No await since the last look at ``_changed``, so no change is missed.
            self._changed.discard(post)
            del self._tasks[post]

    async def _update(self, server: int, slot: str) -> None:
        """Edit a message if it is out of date. A failed edit is repeated by ``refresh``."""
        found = await self._questions.outdated_post(server, slot)
        if found is None:
            return
        if not self._can_see(server, found.channel):
            return
        view = self._references.view(views.post(found.content))
        try:
            message = self._client.get_partial_messageable(found.channel, guild_id=server).get_partial_message(
                found.message
            )
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        except FAILURES as error:
            if isinstance(error, discord.NotFound) and error.code in UNKNOWN:
                await self._questions.close(server, slot)
            log.info("server %s: a question of the day was not updated: %s", server, error)
        else:
            await self._questions.shown(server, found.content)

    def _can_see(self, server: int, channel: int) -> bool:
        """Return whether the bot may edit its messages in a channel. True for one that isn't cached."""
        guild = self._client.get_guild(server)
        found = guild.get_channel_or_thread(channel) if guild else None
        if guild is None or not isinstance(found, ServerChannel):
            return guild is not None
        return found.permissions_for(guild.me).view_channel
