"""Drills: choose one, begin it and end it. Answers are handled like those of a review."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.core.course.course import Course
from bot.core.questions.drill import UNREADABLE, Scope, Topic
from bot.errors import Stale
from bot.views import drill as views
from bot.views.buttons import parse_number, require_parts
from bot.views.review import review


class DrillCog(commands.Cog):
    """The member's own drills, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.drills = bot.study.drills
        bot.on_component("drillpanel", self.handle_panel)
        bot.on_component("drill", self.handle_drill)
        bot.on_component("drillend", self.handle_end)

    async def handle_panel(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Show what can be drilled, with the skills of the chosen domain."""
        course = await self.study.course_for(asker(interaction), "".join(state) or None)
        found = await self.drills.choice(interaction.user.id, course, values[0] if values else None)
        await show(interaction, views.choice(found))

    async def handle_drill(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        if len(state) < 2:
            raise Stale(UNREADABLE)
        named, topic, *rest = state
        course = self.study.course(interaction.guild_id, named)
        scope = _scope(course, topic, "".join(rest), "".join(values))
        await show(interaction, review(await self.drills.begin(interaction.user.id, course, scope)))

    async def handle_end(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        named, seed = require_parts(state, 2)
        course = self.study.course(interaction.guild_id, named)
        await show(interaction, review(await self.drills.end(interaction.user.id, course, parse_number(seed))))


def _scope(course: Course, topic: str, state: str, value: str) -> Scope:
    """Return the scope of a button or select. ``state`` is the mock exam, or the number of the domain of a skill.

    Raises ``Stale``.
    """
    match topic:
        case Topic.MISTAKES | Topic.HELPS:
            return Scope(Topic(topic))
        case Topic.EXAM:
            return Scope(Topic.EXAM, str(parse_number(state)))
        case Topic.SKILL if value == views.WHOLE_DOMAIN:
            domains, number = course.exam.domains if course.exam else (), parse_number(state)
            if number < len(domains):
                return Scope(Topic.DOMAIN, domains[number].id)
        case Topic.DOMAIN | Topic.SKILL | Topic.PATH if value:
            return Scope(Topic(topic), value)
    raise Stale(UNREADABLE)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DrillCog(bot))
