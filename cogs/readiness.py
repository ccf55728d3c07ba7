"""``/readiness``: the member's readiness, by the weights of the exam."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, show
from bot.core.course.course import Course
from bot.views import readiness as views
from bot.views.buttons import parse_number, require_parts
from bot.views.layout import picture
from bot.views.missing_skills import missing_skills
from bot.views.pictures.readiness import ReadinessCard
from cogs import options


class ReadinessCog(commands.Cog):
    """The member's own estimate, visible to nobody else."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("readiness", self.handle_readiness)
        bot.on_component("missing", self.handle_missing)
        self.pictures = bot.pictures

    @app_commands.command(description="Estimate how ready you are for the exam")
    @app_commands.describe(course=options.COURSE)
    @app_commands.autocomplete(course=options.course)
    async def readiness(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._show(interaction, await self.study.course_for(asker(interaction), course))

    async def handle_readiness(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._show(interaction, await self.study.course_for(asker(interaction), "".join(state)))

    async def handle_missing(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show a page of the skills that the course doesn't teach."""
        key, page = require_parts(state, 2)
        course = await self.study.course_for(asker(interaction), key)
        await show(interaction, missing_skills(course, parse_number(page)))

    async def _show(self, interaction: Interaction, course: Course) -> None:
        learner = interaction.user.id
        readiness, exam = await self.study.readiness.of(learner, course), await self.study.plans.exam(learner, course)
        file = await self.pictures.file(ReadinessCard.of(course, readiness))
        tally = await self.study.outcomes.tally(course, readiness.percent)
        mistakes = await self.study.drills.ready(learner, course)
        view = views.readiness(course, readiness, exam=exam, mistakes=mistakes, picture=picture(file), tally=tally)
        await show(interaction, view, file, replace=True)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ReadinessCog(bot))
