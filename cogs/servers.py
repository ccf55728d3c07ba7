"""Track servers that add or remove the bot."""

import asyncio

import discord
from discord.ext import commands

from bot.client.bot import StudyBot, log
from bot.client.channels import owns_server
from bot.client.keyed_tasks import repeat

SWEEP_SECONDS = 3600


class ServersCog(commands.Cog):
    """Records the bot's servers, and deletes the data of servers that removed it when it is due."""

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
        await self.bot.wait_until_ready()  # servers are not known before
        await repeat(SWEEP_SECONDS, self.sweep)

    async def sweep(self) -> None:
        """Delete the data of servers that removed the bot 30 days ago. Does not raise."""
        try:
            await self._reconcile()
            if gone := await self.servers.purge():
                log.info("data of %d servers deleted, 30 days after they removed the bot", len(gone))
        except Exception:
            # It is tried again in an hour.
            log.exception("the deletion of expired server data failed")

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.servers.back(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Discord sends this for removals only; outages are a different event."""
        await self.servers.removed(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._reconcile()

    async def _reconcile(self) -> None:
        """Record servers that removed or added the bot while it was offline. READY includes servers in an outage."""
        here = {guild.id for guild in self.bot.guilds}
        for server in await self.servers.known():
            if server not in here and owns_server(self.bot, server):
                await self.servers.removed(server)
        for server in here.intersection(await self.servers.all_removed()):
            await self.servers.back(server)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ServersCog(bot))
