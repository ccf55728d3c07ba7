"""``/digest`` for administrators, and the buttons of a digest for everyone."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.channels import permission_status
from bot.client.responses import Interaction, defer, server_of, show
from bot.store.deliveries import ScheduleState
from bot.study.digests import DigestStatus
from bot.views import digest as views
from bot.views.buttons import parse_number, require_parts
from bot.views.digest_everyone import everyone
from bot.views.layout import State, notice
from cogs import options
from cogs.setup import require_manager


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class DigestCog(commands.GroupCog, group_name="digest", group_description="This server's weekly digest"):
    """The weekly digest."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.digests = bot.study.digests
        self.bot = bot
        self.messenger = bot.messenger
        bot.on_component("everyone", self.handle_everyone)

    async def _status(self, interaction: Interaction, course: str | None) -> DigestStatus:
        server = require_manager(interaction)
        return await self.digests.one(server, self.study.course(server, course) if course else None)

    async def _panel(self, interaction: Interaction) -> None:
        server = require_manager(interaction)
        statuses = await self.digests.panel(server)
        missing = [permission_status(self.bot, status.cohort) for status in statuses]
        await show(interaction, views.panel(statuses, missing))

    @app_commands.command(description="When the next digest comes, and how the last one went")
    async def status(self, interaction: Interaction) -> None:
        await self._panel(interaction)

    @app_commands.command(description="Exactly what would be posted now, for your eyes only")
    @app_commands.describe(course=options.ONLY_ONE)
    @app_commands.autocomplete(course=options.course)
    async def preview(self, interaction: Interaction, course: options.Text | None = None) -> None:
        status = await self._status(interaction, course)
        await defer(interaction)
        content = await self.digests.preview(status.cohort, self.messenger, interaction.id)
        view, file = await self.messenger.renderer.render(content)
        await show(interaction, view, file)

    @app_commands.command(description="Post a digest of the last seven days now; the schedule stays as it is")
    @app_commands.describe(course=options.ONLY_ONE)
    @app_commands.autocomplete(course=options.course)
    async def post(self, interaction: Interaction, course: options.Text | None = None) -> None:
        status = await self._status(interaction, course)
        await defer(interaction)
        message = await self.digests.post_now(status.cohort, self.messenger, interaction.id)
        where = f"https://discord.com/channels/{interaction.guild_id}/{status.cohort.channel}/{message}"
        await show(interaction, notice(f"[Posted]({where}) in <#{status.cohort.channel}>.", State.DONE))

    @app_commands.command(description="Post no digests until you resume")
    @app_commands.describe(course=options.ONLY_ONE)
    @app_commands.autocomplete(course=options.course)
    async def pause(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._switch(interaction, course, ScheduleState.PAUSED)

    @app_commands.command(description="Post digests again; what was missed is not made up for")
    @app_commands.describe(course=options.ONLY_ONE)
    @app_commands.autocomplete(course=options.course)
    async def resume(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._switch(interaction, course, ScheduleState.ON)

    @app_commands.command(description="Turn the digest off; nothing that members recorded is lost")
    @app_commands.describe(course=options.ONLY_ONE)
    @app_commands.autocomplete(course=options.course)
    async def off(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._switch(interaction, course, ScheduleState.OFF)

    async def _switch(self, interaction: Interaction, course: str | None, state: ScheduleState) -> None:
        await self.digests.switch(await self._status(interaction, course), state)
        await self._panel(interaction)

    async def handle_everyone(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show who completed what in the week of a digest."""
        page, since, until, course, slot = require_parts(state, 5)
        await defer(interaction)
        found = await self.digests.people.page(
            server_of(interaction) or 0,
            course,
            parse_number(since),
            parse_number(until),
            parse_number(page),
            self.messenger,
        )
        await show(interaction, everyone(found, slot))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DigestCog(bot))
