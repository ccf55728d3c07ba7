"""The course: ``/overview``, ``/courses``, ``/paths``, ``/path`` and ``/search``."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, defer, publish, show
from bot.core.course.course import Course, Path
from bot.errors import Busy, Stale
from bot.views import completion_form as forms
from bot.views import course as views
from bot.views.layout import State, notice
from bot.views.progress import progress as progress_view
from cogs import options


class CourseCog(commands.Cog):
    """The course with the member's progress."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("paths", self.handle_paths)
        bot.on_component("open", self.handle_open)
        bot.on_component("course", self.handle_course)
        bot.on_component("courses", self.handle_courses)
        bot.on_component("form", self.handle_form)
        bot.on_component("share", self.handle_share)

    @app_commands.command(description="What the course covers, and what its exam asks")
    @app_commands.describe(course="The course; without it, this server's")
    @app_commands.autocomplete(course=options.course)
    async def overview(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await show(interaction, views.overview(self.study.course(interaction.guild_id, course)))

    @app_commands.command(description="All courses, with how far you are in each")
    async def courses(self, interaction: Interaction) -> None:
        await show(interaction, views.courses(await self.study.progress.of_all_courses(interaction.user.id)))

    @app_commands.command(description="The learning paths, with your ticks and what is left")
    @app_commands.describe(course="The course; without it, this server's")
    @app_commands.autocomplete(course=options.course)
    async def paths(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._show_paths(interaction, self.study.course(interaction.guild_id, course))

    @app_commands.command(description="One path with its modules, or one module with its units")
    @app_commands.describe(
        path="The learning path: its id, title or full id",
        module="A module of it",
        course="The course; without it, this server's",
    )
    @app_commands.autocomplete(path=options.path, module=options.module, course=options.course)
    async def path(
        self,
        interaction: Interaction,
        path: options.Text,
        module: options.Text | None = None,
        course: options.Text | None = None,
    ) -> None:
        found = self.study.course(interaction.guild_id, course)
        await self._show_node(interaction, self.study.catalogue.node(found, path, module).key)

    @app_commands.command(description="Find a path, module or unit by words of its title")
    @app_commands.describe(text="Words to look for", course="Only in this course; without it, in all")
    @app_commands.autocomplete(course=options.course)
    async def search(self, interaction: Interaction, text: options.Text, course: options.Text | None = None) -> None:
        within = self.study.course(interaction.guild_id, course) if course else None
        await show(interaction, views.hits(text, self.study.search(text, within)))

    async def _show_paths(self, interaction: Interaction, course: Course) -> None:
        progress = await self.study.progress.of(interaction.user.id, course)
        await show(interaction, views.paths(progress, share=interaction.guild_id is not None))

    async def _show_node(self, interaction: Interaction, key: str, page: int = 0) -> None:
        course, node = self.study.catalogue.by_key(key)
        progress = await self.study.progress.of(interaction.user.id, course)
        node = node if node.children or isinstance(node, Path) else course.ancestors(node)[-1]
        await show(interaction, views.node(progress, node, page, share=interaction.guild_id is not None))

    async def handle_paths(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._show_paths(interaction, self.study.course(interaction.guild_id, ":".join(state)))

    async def handle_open(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        key, page, *_ = [*values, *state, "", ""]
        await self._show_node(interaction, key, int(page) if page.isdecimal() else 0)

    async def handle_course(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        await show(interaction, views.overview(self.study.course(interaction.guild_id, "".join(values))))

    async def handle_courses(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        page = int(state[0]) if state and state[0].isdecimal() else 0
        await show(interaction, views.courses(await self.study.progress.of_all_courses(interaction.user.id), page))

    async def handle_form(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, node = self.study.catalogue.by_key("".join(state))
        progress = await self.study.progress.of(interaction.user.id, course)
        await ask(interaction, forms.node_form(progress, node))

    async def handle_share(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Post the current state of a view to the channel in the member's name, and confirm privately."""
        match list(state):
            case ["paths", course]:
                progress = await self.study.progress.of(interaction.user.id, self.study.course(None, course))
                view = views.paths(progress, owner=asker(interaction).name)
            case ["progress", course]:
                progress = await self.study.progress.of(interaction.user.id, self.study.course(None, course))
                streak = await self.study.learners.streak(interaction.user.id)
                view = progress_view(progress, streak=streak, owner=asker(interaction).name, own=False)
            case ["node", key]:
                found, node = self.study.catalogue.by_key(key)
                progress = await self.study.progress.of(interaction.user.id, found)
                view = views.node(progress, node, owner=asker(interaction).name)
            case _:
                raise Stale("This can't be shared any more. Run the command again.")
        await defer(interaction)
        if not await publish(interaction, view):
            raise Busy("Discord didn't let me share it here. Nothing was posted; please try again.")
        await show(interaction, notice("Shared with the channel.", State.DONE))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CourseCog(bot))
