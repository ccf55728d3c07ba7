"""``/complete``, with the questions which node and which day were meant."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.announcements import show_completed
from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.core.calendar.day_reading import DayReading
from bot.core.course.course import Node
from bot.views import completion as views
from bot.views.buttons import parse_day
from bot.views.completion_form import which_day
from bot.views.course import choices
from cogs import options


class CompleteCog(commands.Cog):
    """Complete a path, module or unit."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.ticks = bot.study.progress
        bot.on_component("pick", self.handle_pick)
        bot.on_component("complete", self.handle_complete)

    @app_commands.command(description="Mark a path, module or unit as complete")
    @app_commands.describe(
        what="Start typing a path, module or unit",
        when="When you completed it, if not today: yesterday, last Saturday, Nov 20",
        course="Course (default: this server's course)",
    )
    @app_commands.autocomplete(what=options.what, when=options.day, course=options.course)
    async def complete(
        self, interaction: Interaction, what: options.Text, when: options.Text | None = None,
        course: options.Text | None = None,
    ) -> None:  # fmt: skip
        reading = await self.study.learners.read_day(interaction.user.id, when, ahead=False) if when else None
        found = await self.study.course_for(asker(interaction), course)
        match = self.study.find(what, found, only=course is not None)
        if match.node is None:
            days = (reading.day, reading.other or "") if reading else ("", "")
            await show(interaction, choices(what, match.hits, "Which one did you complete?", "pick", *days))
        else:
            await self._complete(interaction, match.node, reading, when or "")

    async def _complete(self, interaction: Interaction, node: Node, reading: DayReading | None, typed: str) -> None:
        """Complete a node, or ask which of two days was meant."""
        if reading and reading.other:
            today = await self.study.learners.today(interaction.user.id)
            await show(interaction, which_day(typed, reading, today, "complete", node.key))
            return
        done = await self.ticks.complete(asker(interaction), node, reading.day if reading else None)
        await show_completed(interaction, done, lambda notes: views.ticked(done, notes))

    async def handle_pick(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Complete what was chosen. The state is the day, the other day that was possible, and the key of a button."""
        day, other, key, *_ = [*state, *values, "", "", ""]
        _course, node = self.study.catalogue.by_key(key)
        reading = DayReading(parse_day(day), parse_day(other) if other else None) if day else None
        await self._complete(interaction, node, reading, "")

    async def handle_complete(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        key, day, *_rest = [*state, "", ""]
        _course, node = self.study.catalogue.by_key(key)
        await self._complete(interaction, node, DayReading(parse_day(day)) if day else None, "")


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CompleteCog(bot))
