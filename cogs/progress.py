"""``/progress``: a member's progress."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.views import progress as views
from cogs import options


class ProgressCog(commands.Cog):
    """The member's own progress, or that of another member of the cohort."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study

    @app_commands.command(description="How far you are, or somebody in your cohort is")
    @app_commands.describe(
        member="Somebody in this server's cohort; without it, yourself",
        course="The course; without it, this server's",
    )
    @app_commands.autocomplete(course=options.course)
    async def progress(
        self, interaction: Interaction, member: discord.User | None = None, course: options.Text | None = None
    ) -> None:
        found = self.study.course(interaction.guild_id, course)
        requester = asker(interaction)
        if member is None or member.id == requester.learner:
            progress = await self.study.progress.of(requester.learner, found)
            streak = await self.study.learners.streak(requester.learner)
            await show(interaction, views.progress(progress, streak=streak, share=interaction.guild_id is not None))
            return
        # Read the streak before the visibility check, so that a member who hides in between stays hidden.
        streak = await self.study.learners.streak(member.id)
        progress = await self.study.progress.of_member(requester, member.id, found)
        await show(interaction, views.progress(progress, streak=streak, owner=member.display_name, own=False))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ProgressCog(bot))
