"""``/readiness``: the member's readiness, by the weights of the exam."""

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.views import readiness as views
from bot.views.layout import picture
from bot.views.pictures.readiness import ReadinessCard
from cogs import options


class ReadinessCog(commands.Cog):
    """The member's own estimate, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.pictures = bot.pictures

    @app_commands.command(description="How ready you are for the exam, by its own weights")
    @app_commands.describe(course="The course; without it, this server's")
    @app_commands.autocomplete(course=options.course)
    async def readiness(self, interaction: Interaction, course: options.Text | None = None) -> None:
        found = self.study.course(interaction.guild_id, course)
        readiness = await self.study.readiness.of(interaction.user.id, found)
        file = await self.pictures.file(ReadinessCard.of(found, readiness))
        await show(interaction, views.readiness(found, readiness, picture=picture(file)), file)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ReadinessCog(bot))
