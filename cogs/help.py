"""``/help``: what each command is for."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.managers import is_manager
from bot.client.responses import Interaction, asker, show
from bot.views import help as views


class HelpCog(commands.Cog):
    """The help page."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("help", self.handle_help)

    @app_commands.command(description="See what Waymark can do")
    async def help(self, interaction: Interaction) -> None:
        await self._show(interaction)

    async def handle_help(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self._show(interaction)

    async def _show(self, interaction: Interaction) -> None:
        course = await self.study.course_for(asker(interaction))
        await show(interaction, views.help_page(course, manager=await is_manager(interaction)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(HelpCog(bot))
