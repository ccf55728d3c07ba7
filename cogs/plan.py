"""``/plan``: the exam date."""

from discord import app_commands
from discord.ext import commands

from bot.answer import Interaction, show
from bot.app import StudyBot
from bot.views import plan as views
from cogs import options


class PlanCog(commands.GroupCog, group_name="plan", group_description="Your exam date"):
    """When the exam is, and whether the cohort may know."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study

    @app_commands.command(description="Set the date of your exam, and whether your cohort may know it")
    @app_commands.describe(
        exam="The date: 2026-12-18",
        share="Whether the digest may name it to your cohort; it does not unless you say so",
        course="The course; without it, this server's",
    )
    @app_commands.autocomplete(course=options.course)
    async def set(self, interaction: Interaction, exam: str, share: bool = False, course: str | None = None) -> None:
        found = self.study.course(interaction.guild_id, course)
        on = await self.study.set_exam(interaction.user.id, found, exam, shared=share)
        await show(interaction, views.exam(found, on, self.study.now().date(), shared=share))

    @app_commands.command(description="When your exam is, and how much is left until then")
    @app_commands.describe(course="The course; without it, this server's")
    @app_commands.autocomplete(course=options.course)
    async def show(self, interaction: Interaction, course: str | None = None) -> None:
        found = self.study.course(interaction.guild_id, course)
        on, shared = await self.study.exam(interaction.user.id, found)
        progress = await self.study.progress(interaction.user.id, found)
        await show(interaction, views.exam(found, on, self.study.now().date(), shared=shared, progress=progress))

    @app_commands.command(description="Forget the date of your exam")
    @app_commands.describe(course="The course; without it, this server's")
    @app_commands.autocomplete(course=options.course)
    async def clear(self, interaction: Interaction, course: str | None = None) -> None:
        found = self.study.course(interaction.guild_id, course)
        await self.study.clear_exam(interaction.user.id, found)
        await show(interaction, views.cleared(found))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PlanCog(bot))
