"""Upload a course: files in, problems or a preview out; then publish it. Also ``/course upload``."""

from collections.abc import Sequence
from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.managers import require_manager
from bot.client.responses import Interaction, ask, defer, show, show_below, show_files
from bot.client.uploads import submitted_files
from bot.errors import Stale
from bot.views import course_preview as preview_views
from bot.views import server_courses as views
from bot.views.buttons import UNREADABLE, parse_number, require_parts
from cogs import options


class CourseUploadCog(commands.Cog):
    """Uploads of a server's managers."""

    course = app_commands.Group(
        name="course", description="Courses of this server",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )  # fmt: skip

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.courses = bot.study.server_courses
        self.drafts = bot.study.course_drafts
        self.uploads = bot.uploads
        bot.on_component("courseupload", self.handle_form)
        bot.on_form("courseupload", self.handle_upload)
        bot.on_component("coursesame", self.handle_same)
        bot.on_component("courselook", self.handle_look)
        bot.on_component("coursepublish", self.handle_publish)
        bot.on_component("coursecancel", self.handle_cancel)

    @course.command(name="upload", description="Add a course to this server, or a new version of one")
    @app_commands.describe(file="YAML, Markdown, CSV or zip", replaces="The course that it replaces (default: none)")
    @app_commands.autocomplete(replaces=options.server_course)
    async def upload(
        self, interaction: Interaction, file: discord.Attachment, replaces: options.Text | None = None
    ) -> None:
        server = await require_manager(interaction)
        found = await self.courses.named(server, replaces) if replaces else None
        await self._check(interaction, server, [file], found.id if found else None)

    async def handle_form(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, what, course = await require_manager(interaction), state[0] if state else "", "".join(state[1:])
        if what not in ("add", "replace", "questions"):
            raise Stale(UNREADABLE)
        title = (await self.courses.get(server, course)).code if course else ""
        await ask(interaction, views.upload_form(what, course, title))

    async def handle_upload(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        await self._check(interaction, server, submitted_files(interaction), "".join(state[1:]) or None)

    async def _check(
        self, interaction: Interaction, server: int, files: Sequence[discord.Attachment], course: str | None
    ) -> None:
        """Read and check files, then show their problems or a preview."""
        await self.courses.count_upload(server)
        base = await self.drafts.base(server, course)
        await defer(interaction)
        found = await self.uploads.check(files, base)
        if found.files is None:
            await self._show_problems(interaction, found.problems)
            return
        preview = await self.drafts.add(server, interaction.user.id, interaction.id, found.files, course)
        await show(interaction, preview_views.preview(preview, found.notes))

    async def _show_problems(self, interaction: Interaction, problems: Sequence[str]) -> None:
        if len(problems) <= 10:
            await show(interaction, views.problems(problems, attached=False))
            return
        text = discord.File(BytesIO("\n".join(problems).encode()), filename=views.PROBLEMS)
        await show_files(interaction, views.problems(problems, attached=True), [text])

    async def handle_same(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        """Accept the chosen proposals and reject the others."""
        server, number = await require_manager(interaction), parse_number("".join(state))
        before = await self.drafts.preview(server, interaction.user.id, number)
        shown = {proposal.key for proposal in preview_views.guessed(before)}
        rejected = (before.draft.rejected | shown) - set(values)
        after = await self.drafts.reject(server, interaction.user.id, number, rejected)
        await show(interaction, preview_views.preview(after))

    async def handle_look(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        server, number = await require_manager(interaction), parse_number("".join(state))
        found = await self.drafts.preview(server, interaction.user.id, number)
        await show(interaction, preview_views.preview(found))
        if values:
            await show_below(interaction, preview_views.look(found, values[0]))

    async def handle_publish(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, (number,) = await require_manager(interaction), require_parts(state, 1)
        await defer(interaction)
        course, preview = await self.drafts.publish(server, interaction.user.id, parse_number(number))
        await show(interaction, preview_views.published(course, preview))

    async def handle_cancel(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, number = await require_manager(interaction), parse_number("".join(state))
        await self.drafts.discard(server, interaction.user.id, number)
        found = await self.courses.list(server)
        note = "Cancelled. Nothing was published."
        await show(interaction, views.courses(found, enabled=self.courses.enabled, note=note))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CourseUploadCog(bot))
