"""The form “What did you complete?” with the member's next modules, opened from the digest, panels and reminders."""

from collections.abc import Sequence
from datetime import date

from discord.ext import commands

from bot.client.announcements import show_completed
from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, show
from bot.core.course.course import Course, Node
from bot.errors import BadInput, Stale
from bot.views import completion as views
from bot.views import completion_form as forms
from bot.views.buttons import MAX_ID, parse_day, require_parts
from bot.views.forms import submitted, text_of


class NextModulesCog(commands.Cog):
    """The form with the next modules."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.ticks = bot.study.progress
        bot.on_component("some", self.handle_some)
        bot.on_form("several", self.handle_several)
        bot.on_component("severalon", self.handle_several_on)

    async def handle_some(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Open a form with the member's own next modules."""
        course = await self.study.course_for(asker(interaction), "".join(state[:1]) or None)
        await ask(interaction, forms.next_modules_form(await self.ticks.of(interaction.user.id, course)))

    async def handle_several(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        course, fields = await self.study.course_for(asker(interaction), "".join(state) or None), submitted(values)
        nodes = self._chosen(course, forms.chosen_keys(fields))
        text = text_of(fields, forms.WHEN)
        reading = await self.study.learners.read_day(interaction.user.id, text, ahead=False) if text else None
        if nodes and reading and reading.other:
            today, modules = await self.study.learners.today(interaction.user.id), forms.modules_of(course)
            bits = forms.to_bits(modules, {node.key for node in nodes})
            if len(course.id) + len(bits) > MAX_ID - 40:
                raise BadInput(f"“{text}” can mean two dates. Please write it as {reading.day} or {reading.other}.")
            known = forms.fingerprint(modules)
            await show(interaction, forms.which_day(text, reading, today, "severalon", course.id, bits, known))
            return
        await self._complete(interaction, nodes, reading.day if reading else None)

    def _chosen(self, course: Course, keys: Sequence[str]) -> list[Node]:
        nodes = [self.study.catalogue.by_key(key) for key in keys]
        if any(found.id != course.id for found, _ in nodes):
            raise Stale("This form is about another course, so nothing was saved. Please open it again.")
        return [node for _, node in nodes]

    async def handle_several_on(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course_id, bits, known, day = require_parts(state, 4)
        modules = forms.modules_of(await self.study.course_for(asker(interaction), course_id))
        await self._complete(interaction, forms.from_bits(modules, bits, known), parse_day(day))

    async def _complete(self, interaction: Interaction, nodes: Sequence[Node], on: date | None) -> None:
        done = await self.ticks.complete_all(asker(interaction), nodes, on)
        await show_completed(interaction, done, lambda notes: views.ticked(done, notes))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(NextModulesCog(bot))
