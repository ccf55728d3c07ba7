"""Copies of another server's course: add one with a code, and update it."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.managers import require_manager
from bot.client.responses import Interaction, ask, defer, show
from bot.errors import Stale
from bot.study.course_sharing import Shared
from bot.views import course_preview as preview_views
from bot.views import server_courses as views
from bot.views.forms import submitted, text_of


class CourseCopiesCog(commands.Cog):
    """Shows a shared course as a draft, which is published like an upload."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.courses = bot.study.server_courses
        self.drafts = bot.study.course_drafts
        bot.on_component("coursecode", self.handle_form)
        bot.on_form("coursecode", self.handle_code)
        bot.on_component("courseupdate", self.handle_update)

    async def handle_form(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await require_manager(interaction)
        await ask(interaction, views.code_form())

    async def handle_code(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        """Preview a copy of the course with a code."""
        server = await require_manager(interaction)
        await self.courses.count_upload(server)
        shared = await self.study.course_sharing.shared(text_of(submitted(values), "code"))
        await self._preview_copy(interaction, server, shared, None)

    async def handle_update(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Preview the newer version of the course that a copy is from."""
        server = await require_manager(interaction)
        found = await self.courses.get(server, "".join(state))
        shared = await self.study.course_sharing.update(found)
        if shared is None:
            raise Stale("There is no newer version.")
        await self._preview_copy(interaction, server, shared, found.id)

    async def _preview_copy(self, interaction: Interaction, server: int, shared: Shared, course: str | None) -> None:
        await defer(interaction)
        number = interaction.id
        preview = await self.drafts.add(server, interaction.user.id, number, shared.files, course, shared.origin)
        await show(interaction, preview_views.preview(preview))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(CourseCopiesCog(bot))
