"""``/help``: all commands, read from the tree."""

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.views import help as views


class HelpCog(commands.Cog):
    """The list of commands."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    @app_commands.command(description="Every command and what it does")
    async def help(self, interaction: Interaction) -> None:
        course = self.bot.study.course(interaction.guild_id)
        await show(interaction, views.commands(self.bot.tree.get_commands(), self.bot.references.commands, course.code))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(HelpCog(bot))
