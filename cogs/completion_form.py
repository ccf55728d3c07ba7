"""The form with checkboxes for the children of a path or module."""

from collections.abc import Collection, Sequence
from datetime import date

from discord import ui
from discord.ext import commands

from bot.client.announcements import show_completed, show_undone
from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, server_of, show
from bot.core.calendar.timestamps import from_seconds
from bot.core.course.course import Node
from bot.study import Ticked
from bot.study.notes import note_on
from bot.views import completion as views
from bot.views import completion_form as forms
from bot.views import course as course_views
from bot.views.announcement import Notes
from bot.views.buttons import parse_day, parse_number, require_parts
from bot.views.forms import submitted, text_of


class CompletionFormCog(commands.Cog):
    """The form of a path or module."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.ticks = bot.study.progress
        bot.on_component("form", self.handle_form)
        bot.on_form("save", self.handle_save)
        bot.on_component("saveon", self.handle_save_on)
        bot.on_component("resave", self.handle_undo_save)

    async def handle_form(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, node = self.study.catalogue.by_key("".join(state))
        await ask(interaction, forms.node_form(await self.ticks.of(interaction.user.id, course), node))

    async def handle_save(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Save what a submitted form changes, and show the list again."""
        key, shown, known = require_parts(state, 3)
        _course, node = self.study.catalogue.by_key(key)
        children, fields = node.children or (node,), submitted(values)
        before = forms.from_bits(children, shown, known)
        chosen = forms.to_bits(children, forms.chosen_keys(fields))
        text = text_of(fields, forms.WHEN)
        reading = await self.study.learners.read_day(interaction.user.id, text, ahead=False) if text else None
        if reading and reading.other:
            today = await self.study.learners.today(interaction.user.id)
            await show(interaction, forms.which_day(text, reading, today, "saveon", key, shown, chosen, known))
            return
        after = forms.from_bits(children, chosen, known)
        await self._save(interaction, node, before, after, reading.day if reading else None)

    async def handle_save_on(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        key, shown, chosen, known, day = require_parts(state, 5)
        _course, node = self.study.catalogue.by_key(key)
        children = node.children or (node,)
        before, after = forms.from_bits(children, shown, known), forms.from_bits(children, chosen, known)
        await self._save(interaction, node, before, after, parse_day(day))

    async def _save(
        self, interaction: Interaction, node: Node, before: Collection[Node], after: Collection[Node], on: date | None
    ) -> None:
        shown, chosen = {child.route for child in before}, {child.route for child in after}
        course = self.study.course_of(node)
        note = note_on(course, node, await self.study.notes.of(interaction.user.id, course))
        done = await self.ticks.save(asker(interaction), node, shown, chosen, on)
        if done.applied.delta.remove:
            await show_undone(interaction, lambda notes: self._saved(interaction, done, notes, note))
        else:
            await show_completed(interaction, done, lambda notes: self._saved(interaction, done, notes, note))

    def _saved(self, interaction: Interaction, done: Ticked, notes: Notes, own_note: str) -> ui.LayoutView:
        return course_views.node(
            done.after, done.node, note=views.saved(done, notes), more=views.saved_parts(done, notes),
            share=server_of(interaction) is not None, own_note=own_note,
            has_questions=self.study.catalogue.has_questions(done.node),
        )  # fmt: skip

    async def handle_undo_save(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        key, change, removed, known, moment = require_parts(state, 5)
        course, node = self.study.catalogue.by_key(key)
        back = {child.route for child in forms.from_bits(node.children or (node,), removed, known)}
        done_at = from_seconds(parse_number(moment)) if moment else None
        own = note_on(course, node, await self.study.notes.of(interaction.user.id, course))
        done = await self.ticks.undo_save(asker(interaction), node, parse_number(change), back, done_at)
        await show_undone(
            interaction,
            lambda notes: course_views.node(done.after, node, note=views.undone_save(done, notes), own_note=own),
        )


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CompletionFormCog(bot))
