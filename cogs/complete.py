"""``/complete`` and ``/undo``, with their buttons and forms."""

import json
from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, announce, asker, show
from bot.core.calendar.dates import parse_day
from bot.core.course.course import Node
from bot.errors import BadInput, Stale
from bot.study import Ticked
from bot.views import completion_form as forms
from bot.views import course as course_views
from bot.views import progress as views
from cogs import options


class TicksCog(commands.Cog):
    """Ticks and unticks."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("tick", self.handle_tick)
        bot.on_component("undo", self.handle_undo)
        bot.on_form("save", self.handle_save)

    def _find_node(
        self, interaction: Interaction, path: str | None, module: str | None, unit: str | None, course: str | None
    ) -> Node:
        if path is None:
            raise BadInput("Name the `path` too: a module or unit is looked for inside it.")
        return self.study.catalogue.node(self.study.course(interaction.guild_id, course), path, module, unit)

    @app_commands.command(description="Tick off a path, module or unit that you finished")
    @app_commands.describe(
        path="The learning path: its id, title or full id",
        module="Only this module of it",
        unit="Only this unit of it",
        on="The day you finished it, if not today: 2026-11-20 or yesterday",
        course="The course; without it, this server's",
    )
    @app_commands.autocomplete(
        path=options.path, module=options.module, unit=options.unit, on=options.day, course=options.course
    )
    async def complete(
        self,
        interaction: Interaction,
        path: options.Text,
        module: options.Text | None = None,
        unit: options.Text | None = None,
        on: options.Text | None = None,
        course: options.Text | None = None,
    ) -> None:
        node = self._find_node(interaction, path, module, unit, course)
        day = parse_day(on, await self.study.learners.today(interaction.user.id)) if on else None
        await self._show_result(interaction, await self.study.progress.complete(asker(interaction), node, day))

    @app_commands.command(description="Take back your last tick, or untick what you name")
    @app_commands.describe(
        path="The learning path: its id, title or full id",
        module="Only this module of it",
        unit="Only this unit of it",
        course="The course; without it, this server's",
    )
    @app_commands.autocomplete(path=options.path, module=options.module, unit=options.unit, course=options.course)
    async def undo(
        self,
        interaction: Interaction,
        path: options.Text | None = None,
        module: options.Text | None = None,
        unit: options.Text | None = None,
        course: options.Text | None = None,
    ) -> None:
        requester = asker(interaction)
        if path or module or unit:
            node = self._find_node(interaction, path, module, unit, course)
            await self._show_result(interaction, await self.study.progress.undo_node(requester, node))
        else:
            await self._show_result(interaction, await self.study.progress.undo(requester))

    async def _show_result(self, interaction: Interaction, done: Ticked) -> None:
        await show(interaction, views.ticked(done, share=interaction.guild_id is not None))
        await announce(interaction, done)

    async def handle_tick(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Restore ticks that were taken back. The second part of the state is the study day that was removed
        with them.
        """
        key, taken, *_rest = [*state, "", ""]
        _course, node = self.study.catalogue.by_key(key)
        day = parse_day(taken, self.study.now().date()) if taken else None
        await self._show_result(interaction, await self.study.progress.restore(asker(interaction), node, day))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        change = "".join(state)
        if not change.isdecimal() or len(change) > 18:
            raise Stale("This button can't be read. `/undo` takes back your last tick.")
        await self._show_result(interaction, await self.study.progress.undo(asker(interaction), int(change)))

    async def handle_save(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Save what a submitted form changes, and show the list again."""
        if len(state) != 3:
            raise Stale("This form can't be read; nothing was saved. Please open it again.")
        _course, node = self.study.catalogue.by_key(state[0])
        before, after = forms.parse_node_form(node, state[1], state[2], json.loads(values[0]))
        done = await self.study.progress.save(asker(interaction), node, before, after)
        view = course_views.node(done.after, node, note=views.saved(done), share=interaction.guild_id is not None)
        await show(interaction, view)
        await announce(interaction, done)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(TicksCog(bot))
