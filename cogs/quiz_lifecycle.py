"""Recover and cancel quizzes when the bot starts or stops and when servers come and go."""

import discord
from discord.ext import commands

from bot.client.bot import StudyBot


class QuizLifecycleCog(commands.Cog):
    """Passes Discord's events to the quiz runner."""

    def __init__(self, bot: StudyBot) -> None:
        self.runner = bot.quiz_runner

    async def cog_unload(self) -> None:
        self.runner.close()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        await self.runner.recover()

    @commands.Cog.listener()
    async def on_guild_available(self, _: discord.Guild) -> None:
        await self.runner.recover()

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        await self.runner.suspend_server(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.runner.remove_server(guild.id)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(QuizLifecycleCog(bot))
