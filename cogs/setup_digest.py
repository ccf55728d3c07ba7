"""The set-up panel's buttons for a digest: preview, test, post, pause, remove."""

from collections.abc import Sequence
from contextlib import suppress

from discord.ext import commands

from bot.client import posting
from bot.client.bot import StudyBot
from bot.client.managers import require_manager
from bot.client.responses import Interaction, defer, show
from bot.client.setup_pages import SetupPages
from bot.errors import BadInput, Stale
from bot.store.deliveries import ScheduleState
from bot.study.setup import FINE, OUT_OF_DATE, Draft, draft_of
from bot.views import setup_checklist as views


class SetupDigestCog(commands.Cog):
    """What managers do with a digest now."""

    def __init__(self, bot: StudyBot) -> None:
        self.setup = bot.study.setup
        self.digests = bot.study.digests
        self.study = bot.study
        self.bot = bot
        self.pages = SetupPages(bot, bot.study)
        bot.on_component("setupdo", self.handle_do)
        bot.on_component("setuptest", self.handle_test)

    async def handle_do(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        if len(state) != 2:
            raise Stale(OUT_OF_DATE)
        action, base = state
        match action:
            case "check":
                await self.pages.settings(interaction, server, base, self.pages.draft_in(interaction))
            case "preview":
                await self._preview(interaction, server)
            case "only":
                await self._choose(interaction, server, self.pages.draft_in(interaction).course.id)
            case "main":
                await self._choose(interaction, server, base)
            case "post":
                await self._post(interaction, server, base)
            case "pause" | "resume":
                paused = action == "pause"
                undo = await self.setup.switch(server, base, ScheduleState.PAUSED if paused else ScheduleState.ON)
                note = "✅ The digest is paused." if paused else "✅ The digest is on again."
                await self.pages.settings(interaction, server, base, note=note, undo=undo)
            case "remove":
                status = await self.setup.status(server)
                others = [each for each in status.digests if each.course.id != base and base == status.course.id]
                await show(interaction, views.confirm_remove(await self.digests.of(server, base), others))
            case "removed":
                removed = await self.setup.remove(server, base)
                await self.pages.refresh_study_panel(server)
                await self.pages.settings(interaction, server, note=f"✅ The {removed.course.code} digest is removed.")
            case _:
                await self.pages.settings(interaction, server, base)

    async def _preview(self, interaction: Interaction, server: int) -> None:
        """Show the digest with the settings on the panel, saved or not."""
        cohort = self.setup.cohort_of(server, self.pages.draft_in(interaction), self.study.now())
        await defer(interaction)
        content = await self.digests.preview(cohort, self.bot.messenger, interaction.id)
        view, file = await self.bot.messenger.renderer.render(content)
        await show(interaction, view, file)

    async def _choose(self, interaction: Interaction, server: int, course: str) -> None:
        """Choose the server's course without changing any digest."""
        found = self.study.catalogue.course(course)
        undo = await self.setup.choose_course(server, found)
        await self.pages.refresh_study_panel(server)
        note = f"✅ Commands and buttons here show {found.code} now."
        await self.pages.checklist(interaction, server, note=note, undo=undo)

    async def _post(self, interaction: Interaction, server: int, base: str) -> None:
        cohort = (await self.digests.of(server, base)).cohort
        await defer(interaction)
        message = await self.digests.post_now(cohort, self.bot.messenger, interaction.id)
        note = _posted("Digest", server, cohort.channel, message)
        await self.pages.settings(interaction, server, base, note=note, undo=("d", str(cohort.channel), str(message)))

    async def handle_test(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Post a test message where the digest goes: with the settings on the panel, or the saved ones."""
        server = await require_manager(interaction)
        base, draft = "".join(state), None
        with suppress(Stale):  # the checklist has no settings on it
            draft = self.pages.draft_in(interaction)
        saved = (await self.setup.status(server)).digest_of(base)
        of: Draft | None = draft or (draft_of(saved) if saved else None)
        if of is None or not of.channel:
            raise BadInput("Choose a channel for the digest first. Then I can post a test there.")
        channel = posting.own_channel(self.bot, server, of.channel)
        await defer(interaction)
        message = await posting.post(channel, views.test_post(of), interaction.id, self.bot.references)
        await self.setup.mark(server, "test", FINE)
        note, undo = _posted("Test message", server, channel.id, message.id), ("d", str(channel.id), str(message.id))
        if draft:
            await self.pages.settings(interaction, server, base, draft, note=note, undo=undo)
        else:
            await self.pages.checklist(interaction, server, note=note, undo=undo)


def _posted(what: str, server: int, channel: int, message: int) -> str:
    return f"✅ {what} [posted](https://discord.com/channels/{server}/{channel}/{message}) in <#{channel}>."


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(SetupDigestCog(bot))
