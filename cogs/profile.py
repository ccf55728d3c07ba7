"""``/me``: the time zone, and an overview of the member's data."""

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.views import profile as views
from cogs import options


class ProfileCog(commands.Cog):
    """The member's profile."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.study = bot.study

    @app_commands.command(description="Your time zone, and what Waymark knows about you")
    @app_commands.describe(timezone="Your time zone: a name or a large city; your days end at its midnight")
    @app_commands.autocomplete(timezone=options.zone)
    async def me(self, interaction: Interaction, timezone: options.Text | None = None) -> None:
        learner = interaction.user.id
        if timezone:
            await self.study.learners.set_zone(learner, timezone)
        view = views.profile(await self.study.profiles.of(learner), self._server_name, changed=bool(timezone))
        await show(interaction, view)

    def _server_name(self, server: int) -> str:
        guild = self.bot.get_guild(server)
        return guild.name if guild else "a server that I am no longer in"


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ProfileCog(bot))
