"""The study panel: managers post it from ``/setup``, members study with its buttons. All answers are private."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client import posting
from bot.client.announcements import show_completed
from bot.client.bot import StudyBot
from bot.client.managers import require_manager
from bot.client.responses import Interaction, asker, defer, show
from bot.client.setup_pages import SetupPages
from bot.errors import NotFound, Stale
from bot.study.setup import OUT_OF_DATE
from bot.views import progress as progress_views
from bot.views import setup_checklist as views
from bot.views import welcome as welcome_views
from bot.views.buttons import parse_number


class StudyPanelCog(commands.Cog):
    """Post, replace and remove the panel, and its Done button. Its other buttons belong to other subjects."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.bot = bot
        self.pages = SetupPages(bot, bot.study)
        bot.on_component("setuppanel", self.handle_setup)
        bot.on_component("panel", self.handle_panel)

    async def handle_setup(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        server = await require_manager(interaction)
        match [*state]:
            case ["channel"] if values:
                await self.pages.panel_channel(interaction, server, parse_number(values[0]))
            case ["post", channel]:
                await self._post(interaction, server, parse_number(channel))
            case ["remove"]:
                settings = await self.study.servers.settings(server)
                await show(interaction, views.confirm_remove_panel(settings.panel_channel or 0))
            case ["removed"]:
                await self._remove(interaction, server)
            case _:
                raise Stale(OUT_OF_DATE)

    async def _post(self, interaction: Interaction, server: int, to: int) -> None:
        """Post a panel, pin it, and delete the one that it replaces."""
        channel = posting.own_channel(self.bot, server, to)
        await defer(interaction)
        course = self.study.course(server)
        view = welcome_views.study_panel(course.code, course.id)
        message = await posting.post(channel, view, interaction.id, self.bot.references)
        old = await self.study.servers.set_panel(server, channel.id, message.id)
        kept = ""
        if old and old != (channel.id, message.id) and not await posting.delete(self.bot, server, *old):
            kept = f"\nI couldn't delete the old panel in <#{old[0]}>. Please delete it yourself."
        unpinned = await posting.pin(message, channel)
        where = f"https://discord.com/channels/{server}/{channel.id}/{message.id}"
        done = "posted" if unpinned else "posted and pinned"
        note = f"✅ Study panel [{done}]({where}) in <#{channel.id}>.{f' {unpinned}' if unpinned else ''}{kept}"
        await self.pages.checklist(interaction, server, note=note, undo=("d", str(channel.id), str(message.id)))

    async def _remove(self, interaction: Interaction, server: int) -> None:
        settings = await self.study.servers.settings(server)
        if settings.panel_channel is None or settings.panel_message is None:
            raise NotFound("There is no study panel in this server.")
        await defer(interaction)
        await self.study.servers.clear_panel(server, settings.panel_message)
        note = "✅ The study panel is removed."
        if not await posting.delete(self.bot, server, settings.panel_channel, settings.panel_message):
            note = f"I couldn't delete the panel in <#{settings.panel_channel}>. Please delete it yourself."
        await self.pages.checklist(interaction, server, note=note)

    async def handle_panel(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Complete the member's next unit, and show what comes after it."""
        if len(state) != 2 or state[0] != "done":
            raise Stale("This button is out of date. Try </next> instead.")
        course = self.study.course(interaction.guild_id, state[1])
        progress = await self.study.progress.of(interaction.user.id, course)
        node = progress.next()
        if node is None:
            await show(interaction, progress_views.upcoming(progress))
            return
        own = await self.study.notes.of(interaction.user.id, course)
        done = await self.study.progress.complete(asker(interaction), node)
        await show_completed(
            interaction,
            done,
            lambda notes: progress_views.upcoming(done.after, result=done, notes=notes, own_notes=own),
        )


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(StudyPanelCog(bot))
