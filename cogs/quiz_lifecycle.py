"""What happens to the quizzes of this process when it starts and stops, and when servers come and go."""

import discord
from discord.ext import commands

from bot.client.bot import StudyBot


class QuizmasterCog(commands.Cog):
    """Tells the quizmaster."""

    def __init__(self, bot: StudyBot) -> None:
        self.master = bot.quizmaster

    async def cog_unload(self) -> None:
        self.master.close()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self.master.recover()

    @commands.Cog.listener()
    async def on_guild_available(self, _: discord.Guild) -> None:
        await self.master.recover()

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        await self.master.leave(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.master.forget(guild.id)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(QuizmasterCog(bot))
