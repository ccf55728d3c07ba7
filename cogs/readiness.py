"""``/readiness``: the member's readiness, by the weights of the exam."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.core.course.course import Course
from bot.views import readiness as views
from cogs import options


class ReadinessCog(commands.Cog):
    """The member's own estimate, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("readiness", self.handle_readiness)

    @app_commands.command(description="Estimate how ready you are for the exam")
    @app_commands.describe(course=options.COURSE)
    @app_commands.autocomplete(course=options.course)
    async def readiness(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._show(interaction, self.study.course(interaction.guild_id, course))

    async def handle_readiness(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._show(interaction, self.study.course(interaction.guild_id, "".join(state)))

    async def _show(self, interaction: Interaction, course: Course) -> None:
        learner = interaction.user.id
        found = await self.study.readiness.of(learner, course)
        await show(interaction, views.readiness(course, found, exam=await self.study.plans.exam(learner, course)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ReadinessCog(bot))
