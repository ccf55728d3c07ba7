"""The set-up panel's other choices: the checklist's items, announcements, the managers' role, and Undo."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client import posting
from bot.client.bot import StudyBot
from bot.client.managers import require_manage_server, require_manager
from bot.client.responses import Interaction, defer
from bot.client.setup_pages import SetupPages
from bot.errors import BadInput
from bot.study.setup import FINE, SKIPPED
from bot.views.buttons import parse_number
from bot.views.setup_checklist import NAMES


class SetupChoicesCog(commands.Cog):
    """Choices that are stored at once, and the way back from any change."""

    def __init__(self, bot: StudyBot) -> None:
        self.setup = bot.study.setup
        self.study = bot.study
        self.bot = bot
        self.pages = SetupPages(bot, bot.study)
        bot.on_component("setupmark", self.handle_mark)
        bot.on_component("setupannounce", self.handle_announce)
        bot.on_component("setuprole", self.handle_role)
        bot.on_component("setupundo", self.handle_undo)

    async def handle_mark(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        server = await require_manager(interaction)
        item, _, state = "".join(values[:1]).partition("-")
        undo = await self.setup.mark(server, item, state if state in (SKIPPED, FINE) else None)
        note = {SKIPPED: "Skipped", FINE: "Marked as fine"}.get(state, "Put back")
        await self.pages.checklist(interaction, server, note=f"✅ {note}: {NAMES[item]}.", undo=undo)

    async def handle_announce(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        allowed = [*state] == ["on"]
        undo = await self.setup.allow_announcements(server, allowed=allowed)
        note = f"✅ Announcements are {'on' if allowed else 'off'}."
        await self.pages.checklist(interaction, server, note=note, undo=undo)

    async def handle_role(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        server = require_manage_server(interaction)
        undo = await self.setup.set_manager_role(server, parse_number(values[0]) if values else None)
        await self.pages.managers(interaction, server, note="✅ **Saved.**", undo=undo)

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        match [*state]:
            case ["d", channel, message]:
                await self._delete(interaction, server, parse_number(channel), parse_number(message))
                return
            case ["o", *_]:
                require_manage_server(interaction)
        await self.study.setup_undo.undo(server, interaction.user.id, state)
        note = "↩️ Undone."
        if state[0] == "o":
            await self.pages.managers(interaction, server, note=note)
        elif state[0] in "nim":
            await self.pages.checklist(interaction, server, note=note)
        else:
            await self.pages.settings(interaction, server, note=note)
        await self.pages.refresh_study_panel(server)

    async def _delete(self, interaction: Interaction, server: int, channel: int, message: int) -> None:
        """Take back a post: delete the message."""
        await defer(interaction)
        if not await posting.delete(self.bot, server, channel, message):
            raise BadInput(f"I couldn't delete that message. You can delete it in <#{channel}>.")
        await self.study.servers.clear_panel(server, message)
        await self.pages.checklist(interaction, server, note="↩️ The message is deleted.")


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(SetupChoicesCog(bot))
