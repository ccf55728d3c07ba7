"""Announce completed paths, share lists in the channel, and delete both."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.announcements import announce, check_can_post, delete, retract
from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, defer, publish, show, show_below
from bot.core.course.course import Path
from bot.errors import Busy, NotAllowed, Stale
from bot.views import announcement as views
from bot.views import course as course_views
from bot.views import progress as progress_views
from bot.views.buttons import UNREADABLE, parse_number


class AnnouncementCog(commands.Cog):
    """Public messages of members."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("announce", self.handle_announce)
        bot.on_component("share", self.handle_share)
        bot.on_component("unshare", self.handle_unshare)
        bot.on_component("retract", self.handle_retract)

    async def handle_announce(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        _course, path = self.study.catalogue.by_key("".join(state))
        if not isinstance(path, Path):
            raise Stale(UNREADABLE)
        await defer(interaction)
        await show_below(interaction, views.result(await announce(interaction, path)))

    async def handle_share(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Post the current state of a list to the channel in the member's name, and confirm privately."""
        who = asker(interaction)
        match list(state):
            case ["paths", course]:
                progress = await self.study.progress.of(who.learner, self.study.course(None, course))
                view = course_views.paths(progress.studied, owner=who.name)
            case ["progress", course]:
                progress = await self.study.progress.of(who.learner, self.study.course(None, course))
                streak = await self.study.learners.streak(who.learner)
                view = progress_views.progress(progress.studied, streak=streak, owner=who.name, own=False)
            case ["node", key]:
                found, node = self.study.catalogue.by_key(key)
                progress = await self.study.progress.of(who.learner, found)
                view = course_views.node(progress.studied, node, owner=who.name)
            case _:
                raise Stale("This is out of date. Run the command again to share it.")
        if not self.study.scope.is_in(who.server, progress.course.id):
            raise NotAllowed("You can share this only in a server that has the course.")
        check_can_post(interaction)
        await defer(interaction)
        message = await publish(interaction, view)
        if message is None:
            raise Busy("Discord didn't let me post here, so nothing was shared. Please try again.")
        await self.study.announcements.shared(who, progress.course, interaction.channel_id or 0, message)
        await show_below(interaction, views.shared(message))

    async def handle_unshare(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Delete a public message of the member."""
        found = await self.study.announcements.own(interaction.user.id, parse_number("".join(state)))
        await show(interaction, views.deleted(await delete(interaction, [found] if found else [])))

    async def handle_retract(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        """Try again to delete the announcements of paths that were undone."""
        await show(interaction, views.deleted(await retract(interaction)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(AnnouncementCog(bot))
