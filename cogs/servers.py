"""Track servers that add or remove the bot, and welcome new ones."""

from collections.abc import Iterable

import discord
from discord.ext import commands

from bot.client.bot import StudyBot, log
from bot.client.channels import owns_server
from bot.client.repeating import RepeatingCog
from bot.client.welcome import send_welcome


class ServersCog(RepeatingCog):
    """Records the bot's servers, welcomes new ones, and deletes the data of those that removed it when it is due."""

    def __init__(self, bot: StudyBot) -> None:
        super().__init__(bot)
        self.servers = bot.study.servers

    async def work(self) -> None:
        """Delete the data of servers that removed the bot 30 days ago."""
        await self._reconcile()
        if gone := await self.servers.purge():
            log.info("data of %d servers deleted, 30 days after they removed the bot", len(gone))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.servers.back(guild.id)
        await self._welcome([guild])

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """After an outage. The server may have added the bot during it."""
        if self.bot.is_ready():
            await self._welcome([guild])

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Discord sends this for removals only; outages are a different event."""
        await self.servers.removed(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self._reconcile()
        welcomed = await self.servers.welcomed()
        await self._welcome([guild for guild in self.bot.guilds if guild.id not in welcomed])

    async def _reconcile(self) -> None:
        """Record servers that removed or added the bot while it was offline. READY includes servers in an outage."""
        here = {guild.id for guild in self.bot.guilds}
        for server in await self.servers.known():
            if server not in here and owns_server(self.bot, server):
                await self.servers.removed(server)
        for server in here.intersection(await self.servers.all_removed()):
            await self.servers.back(server)

    async def _welcome(self, guilds: Iterable[discord.Guild]) -> None:
        """Send the welcome message to new servers. It is claimed first, so that a crash can't repeat it."""
        for guild in guilds:
            known = not guild.unavailable and guild.me is not None
            if known and await self.servers.claim_welcome(guild.id, guild.me.joined_at):
                with self.bot.in_progress():
                    await send_welcome(self.bot, guild, self.bot.references)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ServersCog(bot))
