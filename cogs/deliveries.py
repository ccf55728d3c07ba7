"""The loop that sends what is due."""

import asyncio
from functools import partial
from typing import Any

from discord.ext import commands

from bot.client.bot import StudyBot, log
from bot.client.keyed_tasks import KeyedTasks, repeat
from bot.operation import logs
from bot.store.deliveries import Key
from bot.study.delivery_kind import Kind

ROUND_SECONDS = 20
AT_ONCE = 12
"""Deliveries per kind that are built and sent at once: enough to use the rate limit, few enough for commands."""
MOST = 50_000
"""How many are listed at once. Those that can't be served now must not keep the others out."""


class DeliveriesCog(commands.Cog):
    """Asks the store what is due, for every kind. The rows keep the state."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.study = bot.study
        self._serving = {kind.name: KeyedTasks(AT_ONCE) for kind in bot.study.kinds}
        self._loop: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def cog_unload(self) -> None:
        if self._loop:
            self._loop.cancel()
        for tasks in self._serving.values():
            tasks.close()

    async def _run(self) -> None:
        await self.bot.wait_until_ready()  # before, the servers and shards are not known
        await repeat(ROUND_SECONDS, self.serve_due)

    async def serve_due(self) -> None:
        """Start serving what is due. Does not raise: that would end the loop."""
        if not self.bot.is_ready():
            return
        for kind in self.study.kinds:
            try:
                await kind.look_after(self.bot.messenger, self._is_here)
                for key in await kind.due(self.study.now(), MOST):
                    if self._is_here(key):
                        self._serving[kind.name].start(key, partial(self._serve, kind, key))
            except Exception:
                # The next round asks the store again: no state is kept here that could be lost.
                log.exception("what is due of kind %s can't be listed", kind.name)

    def _is_here(self, key: Key) -> bool:
        """Whether this process serves a key: a server of its shards that has no outage.

        Direct messages belong to no server: the process of shard 0 sends them, which also receives them.
        """
        if not key.server:
            return 0 in self.bot.shards
        guild = self.bot.get_guild(key.server)
        return guild is not None and not guild.unavailable

    async def _serve(self, kind: Kind[Any], key: Key) -> None:
        guild = self.bot.get_guild(key.server) if key.server else None
        names = [guild.name] if guild else []
        with logs.following(lambda: names), self.bot.under_way():
            try:
                await self.study.deliveries.serve(kind, key, self.bot.messenger)
            except Exception:
                # This concerns one key only; the claim's lease runs out and the next round tries again.
                log.exception("a %s of server %s failed", kind.name, key.server)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DeliveriesCog(bot))
