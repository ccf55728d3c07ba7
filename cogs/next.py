"""``/next``: the next thing to study, with its Done button."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.announcements import show_completed
from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.core.course.course import Course
from bot.views import progress as views
from cogs import options


class NextCog(commands.Cog):
    """The next thing to study."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("next", self.handle_next)
        bot.on_component("done", self.handle_done)

    @app_commands.command(description="See what to study next")
    @app_commands.describe(course="Course (default: this server's course)")
    @app_commands.autocomplete(course=options.course)
    async def next(self, interaction: Interaction, course: options.Text | None = None) -> None:
        found = await self.study.course_for(asker(interaction), course)
        await self._show(interaction, found)

    async def handle_next(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        found = await self.study.course_for(asker(interaction), ":".join(state) or None)
        await self._show(interaction, found)

    async def _show(self, interaction: Interaction, course: Course) -> None:
        progress, notes = await self.study.notes.with_progress(interaction.user.id, course)
        await show(interaction, views.upcoming(progress, own_notes=notes))

    async def handle_done(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, node = self.study.catalogue.by_key("".join(state))
        own = await self.study.notes.of(interaction.user.id, course)
        done = await self.study.progress.complete(asker(interaction), node)
        await show_completed(
            interaction, done, lambda notes: views.upcoming(done.after, result=done, notes=notes, own_notes=own)
        )


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(NextCog(bot))
