"""``/privacy``: stored data, its export and deletion, visibility and announcements."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, server_of, show
from bot.views import privacy as views
from bot.views.layout import State, notice


class PrivacyCog(commands.Cog):
    """The member's rights over their data."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.rights = bot.study.privacy
        bot.on_component("kept", self.handle_kept)
        bot.on_component("hide", self.handle_hide)
        bot.on_component("visible", self.handle_visible)
        bot.on_component("announcing", self.handle_announcing)
        bot.on_component("quizmistakes", self.handle_quiz_mistakes)
        bot.on_component("export", self.handle_export)
        bot.on_component("leave", self.handle_leave)
        bot.on_component("rejoin", self.handle_rejoin)
        bot.on_component("forget", self.handle_forget)
        bot.on_component("forgetnow", self.handle_forget_now)
        bot.on_component("keep", self.handle_keep)

    @app_commands.command(description="See, download or delete your data, and choose who sees your progress")
    async def privacy(self, interaction: Interaction) -> None:
        await self._show(interaction)

    async def _show(self, interaction: Interaction) -> None:
        found = await self.rights.kept(interaction.user.id)
        await show(interaction, views.kept(found, server_of(interaction), self._server_name))

    def _server_name(self, server: int) -> str:
        guild = self.bot.get_guild(server)
        return guild.name if guild else "a server that I am no longer in"

    async def handle_kept(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self._show(interaction)

    async def handle_hide(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.rights.set_visibility(interaction.user.id, hidden=True)
        await self._show(interaction)

    async def handle_visible(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.rights.set_visibility(interaction.user.id, hidden=False)
        await self._show(interaction)

    async def handle_announcing(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self.rights.set_announcing(interaction.user.id, announces=state == ("1",))
        await self._show(interaction)

    async def handle_quiz_mistakes(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self.rights.keep_quiz_mistakes(interaction.user.id, keeps=state == ("1",))
        await self._show(interaction)

    async def handle_export(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        data = await self.rights.export(interaction.user.id)
        await show(interaction, views.exported(), views.export_file(data))

    async def handle_leave(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.rights.leave(interaction.user.id, server_of(interaction))
        await self._show(interaction)

    async def handle_rejoin(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.rights.rejoin(interaction.user.id, server_of(interaction))
        await self._show(interaction)

    async def handle_forget(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        found = await self.rights.kept(interaction.user.id)
        await show(interaction, views.confirm_forget(found.rows))

    async def handle_forget_now(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await show(interaction, views.forgotten(await self.rights.forget(interaction.user.id)))

    async def handle_keep(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await show(interaction, notice("Nothing was deleted.", State.DONE))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PrivacyCog(bot))
