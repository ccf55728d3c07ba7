"""The buttons of reminder messages."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.errors import Stale
from bot.study.reminder_settings import UNREADABLE
from bot.views import progress as progress_views
from bot.views import reminder as views
from bot.views import reminder_panel as panel_views


class ReminderMessagesCog(commands.Cog):
    """What a member does with a reminder."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.settings = bot.study.reminder_settings
        bot.on_component("reminddone", self.handle_done)
        bot.on_component("remindlater", self.handle_later)
        bot.on_component("remindnot", self.handle_not_this_week)

    async def handle_done(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Complete the reminder's node, as the learner's own progress outside of any server."""
        course, node = self.study.catalogue.by_key("".join(state[:1]))
        own = await self.study.notes.of(interaction.user.id, course)
        done = await self.study.progress.complete(asker(interaction), node)
        await show(interaction, progress_views.upcoming(done.after, result=done, own_notes=own))

    async def handle_later(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        if len(state) != 3 or interaction.message is None:
            raise Stale(UNREADABLE)
        due = await self.settings.later(interaction.user.id, state[0], state[1], interaction.message.id)
        await show(interaction, views.later(due))

    async def handle_not_this_week(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        change = await self.settings.not_this_week(interaction.user.id, "".join(state[:1]))
        course = self.study.catalogue.courses.get(change.course) or await self.study.course_for(asker(interaction))
        await show(interaction, panel_views.changed(change, course))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ReminderMessagesCog(bot))
