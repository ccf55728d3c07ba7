"""Servers that add the bot, remove it, or add it again."""

import asyncio

import discord
from discord.ext import commands

from bot.client.bot import StudyBot, log
from bot.client.channels import is_ours
from bot.client.keyed_tasks import repeat

SWEEP_SECONDS = 3600


class ServersCog(commands.Cog):
    """Records which servers the bot is in, and deletes the data of those that removed it once it is due."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.servers = bot.study.servers
        self._loop: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def cog_unload(self) -> None:
        if self._loop:
            self._loop.cancel()

    async def _run(self) -> None:
        await self.bot.wait_until_ready()  # before, the servers are not known
        await repeat(SWEEP_SECONDS, self.sweep)

    async def sweep(self) -> None:
        """Delete the data of servers that removed the bot 30 days ago. Does not raise."""
        try:
            await self._reconcile()
            if gone := await self.servers.purge():
                log.info("data of %d servers deleted, 30 days after they removed the bot", len(gone))
        except Exception:
            # Nothing is lost by doing it an hour later.
            log.exception("the sweep failed")

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.servers.back(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Fires for a removal only; an outage is another event and changes nothing."""
        await self.servers.removed(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._reconcile()

    async def _reconcile(self) -> None:
        """Servers that removed the bot, or took it back, while it was not connected. READY lists those in an outage."""
        here = {guild.id for guild in self.bot.guilds}
        for server in await self.servers.known():
            if server not in here and is_ours(self.bot, server):
                await self.servers.removed(server)
        for server in here.intersection(await self.servers.all_removed()):
            await self.servers.back(server)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ServersCog(bot))
