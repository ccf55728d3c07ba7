"""``/setup``: course, channel and time of the digest."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.channels import permission_status
from bot.client.responses import Interaction, show
from bot.errors import NotAllowed
from bot.views import digest as views
from cogs import options

Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Place = discord.TextChannel | discord.Thread


def require_manager(interaction: Interaction) -> int:
    """Return the server's ID. Raises ``NotAllowed`` for members without Manage Server."""
    if interaction.guild_id is None:
        raise NotAllowed("This works only in a server.")
    if not interaction.permissions.manage_guild:
        raise NotAllowed("This is for people with the permission Manage Server. Ask one of them.")
    return interaction.guild_id


class SetupCog(commands.Cog):
    """The server's settings."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.bot = bot
        self.messenger = bot.messenger

    @app_commands.command(description="Choose the course, and where and when its weekly digest is posted")
    @app_commands.describe(
        course="The course of this server; each course has a digest of its own",
        channel="Where the digest is posted; at first, this channel",
        day="The day of the week",
        time="The time of day there, such as 09:00",
        timezone="The time zone: a name or a large city",
    )
    @app_commands.autocomplete(course=options.course, timezone=options.zone)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def setup(
        self,
        interaction: Interaction,
        course: options.Text | None = None,
        channel: Place | None = None,
        day: Day | None = None,
        time: options.Text | None = None,
        timezone: options.Text | None = None,
    ) -> None:
        server = require_manager(interaction)
        chosen = self.study.course(server, course)
        if any((course, channel, day, time, timezone)) or not await self.study.digests.panel(server):
            here = interaction.channel_id or 0
            await self.study.digests.set_up(
                server, interaction.user.id, chosen, channel=channel.id if channel else here, here=channel is None,
                thread=isinstance(channel or interaction.channel, discord.Thread),
                day=day, time=time, zone=timezone,
            )  # fmt: skip
            self.study.choose_course(server, chosen)
        await self._panel(interaction, server)

    async def _panel(self, interaction: Interaction, server: int) -> None:
        statuses = await self.study.digests.panel(server)
        missing = [permission_status(self.bot, status.cohort) for status in statuses]
        await show(interaction, views.panel(statuses, missing, server))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(SetupCog(bot))
