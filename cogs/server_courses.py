"""``/setup`` > Courses: the courses of a server, their versions, export, sharing and removal."""

from collections.abc import Sequence
from io import BytesIO

import discord
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.managers import require_manager
from bot.client.responses import Interaction, defer, show, show_files
from bot.core.authoring.archive import packed
from bot.core.authoring.templates import templates
from bot.core.authoring.upload import hosts
from bot.errors import Stale
from bot.study.server_courses import Replaces
from bot.views import server_courses as views
from bot.views.buttons import UNREADABLE, parse_number, require_parts
from bot.views.layout import Part


class ServerCoursesCog(commands.Cog):
    """The courses of a server, for its managers."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.courses = bot.study.server_courses
        bot.on_component("servercourses", self.handle_list)
        bot.on_component("servercourse", self.handle_course)
        bot.on_component("courseversions", self.handle_versions)
        bot.on_component("courseback", self.handle_back)
        bot.on_component("coursebackyes", self.handle_back_confirmed)
        bot.on_component("courseremove", self.handle_remove)
        bot.on_component("courserestore", self.handle_restore)
        bot.on_component("courseexport", self.handle_export)
        bot.on_component("courseshare", self.handle_share)
        bot.on_component("coursetemplate", self.handle_template)

    async def show_list(self, interaction: Interaction, server: int, note: Part = "") -> None:
        found = await self.courses.list(server)
        await show(interaction, views.courses(found, enabled=self.courses.enabled, note=note))

    async def show_course(self, interaction: Interaction, server: int, course: str, note: Part = "") -> None:
        found, content = await self.courses.get(server, course), await self.courses.current(server, course)
        update = await self.study.course_sharing.update(found) is not None
        await show(interaction, views.course(found, content, hosts(content.course), update=update, note=note))

    async def handle_list(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await self.show_list(interaction, await require_manager(interaction))

    async def handle_course(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        await self.show_course(interaction, await require_manager(interaction), "".join(values or state))

    async def handle_versions(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, course = await require_manager(interaction), "".join(state)
        found = await self.courses.get(server, course)
        await show(interaction, views.versions(found, await self.courses.versions(server, course)))

    async def handle_back(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        server, (course, _) = await require_manager(interaction), require_parts(state, 2)
        found = await self.courses.get(server, course)
        await show(interaction, views.confirm_back(found, parse_number("".join(values))))

    async def handle_back_confirmed(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, (course, version, number) = await require_manager(interaction), require_parts(state, 3)
        replaces = Replaces(course, parse_number(version))
        await defer(interaction)
        found = await self.study.course_drafts.go_back(server, interaction.user.id, replaces, parse_number(number))
        note = views.published(found, f"It is the same as version {number}.")
        await self.show_course(interaction, server, course, note)

    async def handle_remove(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, (how, course) = await require_manager(interaction), require_parts(state, 2)
        if how == "yes":
            note = views.removed(await self.courses.remove(server, course))
            await self.show_list(interaction, server, note)
        else:
            await show(interaction, views.confirm_removal(await self.courses.get(server, course)))

    async def handle_restore(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server = await require_manager(interaction)
        found = await self.courses.restore(server, "".join(state))
        await self.show_course(interaction, server, found.id, f"**{found.code} is back.**")

    async def handle_export(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, course = await require_manager(interaction), "".join(state)
        found = await self.courses.get(server, course)
        files = await self.courses.files(server, course)
        name = f"{found.code.lower()}-version-{found.version}"
        content = {f"{found.code.lower()}.yaml": files.course, **files.questions}
        packet = {f"{name}.zip": packed(content)} if files.questions else {f"{name}.yaml": files.course.encode()}
        text = f"### {found.code}, version {found.version}\nYou can change these files and upload them again."
        await self._attach(interaction, text, packet)

    async def handle_share(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        server, (how, course) = await require_manager(interaction), require_parts(state, 2)
        if how == "on":
            await self.study.course_sharing.share(server, course)
            note = "Managers of other servers can now add a copy of this course."
        elif how == "off":
            await self.study.course_sharing.unshare(server, course)
            note = "Sharing has ended. Copies stay, but don't get updates."
        else:
            raise Stale(UNREADABLE)
        await self.show_course(interaction, server, course, note)

    async def handle_template(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await require_manager(interaction)
        await self._attach(interaction, views.TEMPLATE, templates())

    async def _attach(self, interaction: Interaction, text: str, content: dict[str, bytes]) -> None:
        files = [discord.File(BytesIO(each), filename=name) for name, each in content.items()]
        await show_files(interaction, views.attached(text, [*content]), files)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ServerCoursesCog(bot))
