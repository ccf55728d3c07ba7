"""The course: ``/overview`` and ``/paths``."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, server_of, show
from bot.core.course.course import Course
from bot.study.notes import note_on
from bot.views import course as views
from bot.views import overview as overview_views
from cogs import options


class CourseCog(commands.Cog):
    """The course with the member's progress."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("paths", self.handle_paths)
        bot.on_component("open", self.handle_open)
        bot.on_component("course", self.handle_course)
        bot.on_component("about", self.handle_about)
        bot.on_component("courses", self.handle_courses)

    @app_commands.command(description="About the course: topics, audience, prerequisites and the exam")
    @app_commands.describe(course="Course (default: this server's course)")
    @app_commands.autocomplete(course=options.course)
    async def overview(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._show_overview(interaction, await self.study.course_for(asker(interaction), course))

    @app_commands.command(description="See the learning paths, or open a path, module or unit")
    @app_commands.describe(
        find="Start typing a path, module or unit to open it", course="Course (default: this server's course)"
    )
    @app_commands.autocomplete(find=options.what, course=options.course)
    async def paths(
        self, interaction: Interaction, find: options.Text | None = None, course: options.Text | None = None
    ) -> None:
        if find is None:
            await self._show_paths(interaction, await self.study.course_for(asker(interaction), course))
            return
        found = await self.study.course_for(asker(interaction), course)
        match = self.study.find(find, found, only=course is not None)
        if match.node is None:
            await show(interaction, views.choices(find, match.hits, "Which one do you want to open?", "open"))
        else:
            await self._show_node(interaction, match.node.key)

    async def _show_overview(self, interaction: Interaction, course: Course) -> None:
        await show(interaction, overview_views.overview(course, others=len(self.study.catalogue.courses) > 1))

    async def _show_paths(self, interaction: Interaction, course: Course) -> None:
        progress = await self.study.progress.of(interaction.user.id, course)
        await show(interaction, views.paths(progress, share=server_of(interaction) is not None))

    async def _show_node(self, interaction: Interaction, key: str, page: int = 0) -> None:
        course, node = self.study.catalogue.by_key(key)
        progress, notes = await self.study.notes.with_progress(interaction.user.id, course)
        note = note_on(course, node, notes)
        if node.word == "unit":
            await show(interaction, views.unit(progress, node, own_note=note))
            return
        view = views.node(
            progress, node, page, share=server_of(interaction) is not None, own_note=note,
            has_questions=self.study.catalogue.has_questions(node),
        )  # fmt: skip
        await show(interaction, view)

    async def handle_paths(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._show_paths(interaction, await self.study.course_for(asker(interaction), ":".join(state) or None))

    async def handle_open(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        key, page, *_ = [*values, *state, "", ""]
        await self._show_node(interaction, key, int(page) if page.isdecimal() else 0)

    async def handle_course(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        course = await self.study.course_for(asker(interaction), "".join([*values, *state][:1]) or None)
        await self._show_overview(interaction, course)

    async def handle_about(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await show(
            interaction, overview_views.about(await self.study.course_for(asker(interaction), "".join(state) or None))
        )

    async def handle_courses(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        page = int(state[0]) if state and state[0].isdecimal() else 0
        await show(
            interaction, overview_views.courses(await self.study.progress.of_all_courses(interaction.user.id), page)
        )


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CourseCog(bot))
