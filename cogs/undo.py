"""``/undo``, with the buttons Undo and Redo."""

from collections.abc import Sequence
from datetime import date

from discord import app_commands
from discord.ext import commands

from bot.client.announcements import retract, show_completed, show_undone
from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.core.calendar.timestamps import from_seconds
from bot.errors import Stale
from bot.study import Ticked
from bot.views import completion as views
from bot.views.buttons import parse_day, parse_number
from bot.views.course import choices
from cogs import options


class UndoCog(commands.Cog):
    """Undo completions."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.ticks = bot.study.progress
        bot.on_component("uncomplete", self.handle_uncomplete)
        bot.on_component("tick", self.handle_redo)
        bot.on_component("undo", self.handle_undo)

    @app_commands.command(description="Undo your last completion, or un-complete something")
    @app_commands.describe(
        what="What to un-complete (default: your last completion)", course="Course (default: this server's course)"
    )
    @app_commands.autocomplete(what=options.what, course=options.course)
    async def undo(
        self, interaction: Interaction, what: options.Text | None = None, course: options.Text | None = None
    ) -> None:
        if what is None:
            await self._undone(interaction, await self._undo(interaction, None))
            return
        found = await self.study.course_for(asker(interaction), course)
        match = self.study.find(what, found, only=course is not None)
        if match.node is None:
            await show(interaction, choices(what, match.hits, "Which one isn't complete?", "uncomplete"))
        else:
            await self._undone(interaction, await self.ticks.undo_node(asker(interaction), match.node))

    async def _undo(self, interaction: Interaction, change: int | None) -> Ticked:
        try:
            return await self.ticks.undo(asker(interaction), change)
        except Stale:
            # The process may have stopped between the undo and the deletion of an announcement.
            await retract(interaction)
            raise

    async def _undone(self, interaction: Interaction, done: Ticked) -> None:
        await show_undone(interaction, lambda notes: views.ticked(done, notes))

    async def handle_uncomplete(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        _course, node = self.study.catalogue.by_key("".join([*values, *state]))
        await self._undone(interaction, await self.ticks.undo_node(asker(interaction), node))

    async def handle_redo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Restore what was undone. The state has the study day that was removed with it, and when it was completed."""
        key, taken, moment, *_rest = [*state, "", "", ""]
        _course, node = self.study.catalogue.by_key(key)
        day: date | None = parse_day(taken) if taken else None
        done_at = from_seconds(parse_number(moment)) if moment else None
        done = await self.ticks.restore(asker(interaction), node, day, done_at)
        await show_completed(interaction, done, lambda notes: views.ticked(done, notes))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._undone(interaction, await self._undo(interaction, parse_number("".join(state))))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(UndoCog(bot))
