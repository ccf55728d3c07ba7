"""The member's private notes on modules."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, server_of, show
from bot.core.course.course import Module
from bot.errors import Stale
from bot.store.notes import SavedNote
from bot.study.notes import note_on
from bot.views import course as course_views
from bot.views import notes as views
from bot.views.buttons import UNREADABLE, parse_number, require_parts
from bot.views.forms import submitted, text_of
from bot.views.layout import button_row


class NotesCog(commands.Cog):
    """Notes on modules."""

    def __init__(self, bot: StudyBot) -> None:
        self.catalogue = bot.study.catalogue
        self.notes = bot.study.notes
        bot.on_component("note", self.handle_note)
        bot.on_form("note", self.handle_save)
        bot.on_component("noteundo", self.handle_undo)

    async def handle_note(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Open the form with the member's note."""
        module = self._module("".join(state))
        course = self.catalogue.courses[module.course]
        note = note_on(course, module, await self.notes.of(interaction.user.id, course))
        await ask(interaction, views.note_form(module, note))

    async def handle_save(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        module = self._module("".join(state))
        saved = await self.notes.save(interaction.user.id, module, text_of(submitted(values), views.NOTE))
        await self._show(interaction, module, saved)

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        key, change = require_parts(state, 2)
        module = self._module(key)
        await self._show(interaction, module, await self.notes.undo(interaction.user.id, module, parse_number(change)))

    def _module(self, key: str) -> Module:
        _course, node = self.catalogue.by_key(key)
        if not isinstance(node, Module):
            raise Stale(UNREADABLE)
        return node

    async def _show(self, interaction: Interaction, module: Module, saved: SavedNote) -> None:
        """Show the module with its note, and what became of it."""
        course = self.catalogue.courses[module.course]
        progress, notes = await self.notes.with_progress(interaction.user.id, course)
        view = course_views.node(
            progress, module, note=views.note_result(saved), more=(button_row(views.undo_note_button(module, saved)),),
            share=server_of(interaction) is not None, own_note=note_on(course, module, notes),
            has_questions=self.catalogue.has_questions(module),
        )  # fmt: skip
        await show(interaction, view)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(NotesCog(bot))
