"""``/privacy``: what is kept, a copy of it, its deletion, and who sees it."""

from collections.abc import Sequence
from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, show
from bot.views import privacy as views
from bot.views.layout import State, notice


class PrivacyCog(commands.GroupCog, group_name="privacy", group_description="What Waymark keeps about you"):
    """The rights of a member over their data."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.privacy = bot.study.privacy
        bot.on_press("kept", self.press_kept)
        bot.on_press("hide", self.press_hide)
        bot.on_press("visible", self.press_visible)
        bot.on_press("export", self.press_export)
        bot.on_press("leave", self.press_leave)
        bot.on_press("rejoin", self.press_rejoin)
        bot.on_press("forget", self.press_forget)
        bot.on_press("forgetnow", self.press_forget_now)
        bot.on_press("keep", self.press_keep)

    @app_commands.command(description="What is stored about you, and your cohorts")
    async def show(self, interaction: Interaction) -> None:
        await self._show(interaction)

    @app_commands.command(description="Everything stored about you, as a JSON file")
    async def export(self, interaction: Interaction) -> None:
        data = await self.privacy.export(interaction.user.id)
        await show(interaction, views.exported(), views.export_file(data))

    @app_commands.command(description="Delete everything stored about you, after a confirmation")
    async def forget(self, interaction: Interaction) -> None:
        found = await self.privacy.kept(interaction.user.id)
        await show(interaction, views.confirm_forget(sum(found.rows.values())))

    @app_commands.command(description="Whether members of your cohorts see your progress")
    @app_commands.describe(setting="visible: cohorts see your progress; hidden: only you do")
    async def visibility(self, interaction: Interaction, setting: Literal["visible", "hidden"]) -> None:
        await self.privacy.set_visibility(interaction.user.id, hidden=setting == "hidden")
        await show(interaction, views.visibility(hidden=setting == "hidden"))

    async def _show(self, interaction: Interaction) -> None:
        found = await self.privacy.kept(interaction.user.id)
        await show(interaction, views.kept(found, interaction.guild_id, self._server_name))

    def _server_name(self, server: int) -> str:
        guild = self.bot.get_guild(server)
        return guild.name if guild else "a server that I am no longer in"

    async def press_kept(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self._show(interaction)

    async def press_hide(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.privacy.set_visibility(interaction.user.id, hidden=True)
        await self._show(interaction)

    async def press_visible(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.privacy.set_visibility(interaction.user.id, hidden=False)
        await self._show(interaction)

    async def press_export(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        data = await self.privacy.export(interaction.user.id)
        await show(interaction, views.exported(), views.export_file(data))

    async def press_leave(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.privacy.leave(interaction.user.id, interaction.guild_id)
        await self._show(interaction)

    async def press_rejoin(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.privacy.rejoin(interaction.user.id, interaction.guild_id)
        await self._show(interaction)

    async def press_forget(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        found = await self.privacy.kept(interaction.user.id)
        await show(interaction, views.confirm_forget(sum(found.rows.values())))

    async def press_forget_now(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await show(interaction, views.forgotten(await self.privacy.forget(interaction.user.id)))

    async def press_keep(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await show(interaction, notice("Nothing was deleted.", State.DONE))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PrivacyCog(bot))
