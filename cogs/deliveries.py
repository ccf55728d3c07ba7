"""The loop that sends due deliveries."""

import asyncio
from functools import partial
from typing import Any

from discord.ext import commands

from bot.client.bot import StudyBot, log
from bot.client.keyed_tasks import KeyedTasks, repeat
from bot.operation import logs
from bot.store.deliveries import Key
from bot.study.delivery_kind import Kind

POLL_SECONDS = 20
MAX_CONCURRENT = 12
"""Deliveries per kind that are processed concurrently: uses the rate limit and leaves time for commands."""
MAX_LISTED = 50_000
"""Deliveries that are listed per poll. Large, so that those that can't be sent now don't block the others."""


class DeliveriesCog(commands.Cog):
    """Polls the store for due deliveries of every kind. All state is in the database."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.study = bot.study
        self._tasks = {kind.name: KeyedTasks(MAX_CONCURRENT) for kind in bot.study.kinds}
        self._loop: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def cog_unload(self) -> None:
        if self._loop:
            self._loop.cancel()
        for tasks in self._tasks.values():
            tasks.close()

    async def _run(self) -> None:
        await self.bot.wait_until_ready()  # servers and shards are not known before
        await repeat(POLL_SECONDS, self.serve_due)

    async def serve_due(self) -> None:
        """Start to process due deliveries. Does not raise: that would end the loop."""
        if not self.bot.is_ready():
            return
        for kind in self.study.kinds:
            try:
                await kind.look_after(self.bot.messenger, self._is_served_here)
                for key in await kind.due(self.study.now(), MAX_LISTED):
                    if self._is_served_here(key):
                        self._tasks[kind.name].start(key, partial(self._serve, kind, key))
            except Exception:
                # The next poll reads the store again; no state is lost.
                log.exception("due deliveries of kind %s could not be listed", kind.name)

    def _is_served_here(self, key: Key) -> bool:
        """Return whether this process serves a key: a server of its shards without an outage.

        Direct messages belong to no server. The process of shard 0, which also receives them, sends them.
        """
        if not key.server:
            return 0 in self.bot.shards
        guild = self.bot.get_guild(key.server)
        return guild is not None and not guild.unavailable

    async def _serve(self, kind: Kind[Any], key: Key) -> None:
        guild = self.bot.get_guild(key.server) if key.server else None
        names = [guild.name] if guild else []
        with logs.log_context(lambda: names), self.bot.in_progress():
            try:
                with await self.study.scope.enter(key.server, key.learner):
                    await self.study.deliveries.serve(kind, key, self.bot.messenger)
            except Exception:
                # Affects one key only: its lease expires, and a later poll tries again.
                log.exception("a %s of server %s failed", kind.name, key.server)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DeliveriesCog(bot))
