"""``/start``: the home panel, a newcomer's first steps, and everything behind More."""

from collections.abc import Mapping, Sequence
from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, server_of, show
from bot.core.course.course import Course
from bot.errors import StudyError
from bot.views import forms
from bot.views import home as views
from bot.views.layout import picture
from bot.views.pictures.calendar import StudyCalendar
from bot.views.pictures.home import HomeCard
from cogs import options


class StartCog(commands.Cog):
    """The member's home."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.study = bot.study
        bot.on_component("start", self.handle_start)
        bot.on_component("begin", self.handle_begin)
        bot.on_component("more", self.handle_more)
        bot.on_component("studycalendar", self.handle_calendar)
        bot.on_component("switch", self.handle_switch)
        bot.on_form("begin", self.handle_first_steps)

    @app_commands.command(description="Your home: what's next, what's due, and how you're doing")
    @app_commands.describe(course="Course (default: this server's course)")
    @app_commands.autocomplete(course=options.course)
    async def start(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._show(interaction, await self.study.course_for(asker(interaction), course))

    async def _show(self, interaction: Interaction, course: Course, *, greet: bool = True, note: str = "") -> None:
        found = await self.study.homes.of(asker(interaction), course)
        if found.newcomer and greet:
            await show(interaction, views.welcome(found))
            return
        file = await self.bot.pictures.file(HomeCard.of(found))
        await show(interaction, views.home(found, picture(file), note), file, replace=True)

    async def handle_start(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        named, greet = "".join(state[:1]), state[1:] != ("skip",)
        await self._show(interaction, await self.study.course_for(asker(interaction), named or None), greet=greet)

    async def handle_begin(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self.study.course_for(asker(interaction), "".join(state) or None)
        found = await self.study.homes.of(asker(interaction), course)
        await ask(interaction, views.welcome_form(list(self.study.catalogue.courses.values()), found))

    async def handle_first_steps(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        """Save what was filled in. A field that can't be read is reported, and the others are saved."""
        fields = forms.submitted(values)
        course = self.study.catalogue.course(forms.text_of(fields, "course") or self.study.catalogue.default.id)
        await self.study.learners.set_course(interaction.user.id, course)
        notes = [await self._zone(interaction, fields), await self._exam(interaction, course, fields)]
        if choice := forms.text_of(fields, "group"):
            await self.study.progress.join(asker(interaction), course, visible=choice == "visible")
        await self._show(interaction, course, greet=False, note="\n".join(filter(None, notes)))

    async def _zone(self, interaction: Interaction, fields: Mapping[str, Any]) -> str:
        if not (text := forms.text_of(fields, "zone")):
            return ""
        try:
            return views.zone_understood(await self.study.learners.set_zone(interaction.user.id, text))
        except StudyError as error:
            return f"⚠️ {error}"

    async def _exam(self, interaction: Interaction, course: Course, fields: Mapping[str, Any]) -> str:
        if not (text := forms.text_of(fields, "exam")):
            return ""
        try:
            reading = await self.study.learners.read_day(interaction.user.id, text, ahead=True)
            await self.study.plans.set_exam(interaction.user.id, course, reading.day)
        except StudyError as error:
            return f"⚠️ {error}"
        return views.exam_understood(reading)

    async def handle_more(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self.study.course_for(asker(interaction), "".join(state) or None)
        await show(interaction, views.more(course, server=server_of(interaction) is not None))

    async def handle_calendar(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self.study.course_for(asker(interaction), "".join(state) or None)
        found = await self.study.homes.of(asker(interaction), course)
        file = await self.bot.pictures.file(StudyCalendar.of(found))
        await show(interaction, views.calendar(found, picture(file)), file, replace=True)

    async def handle_switch(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        if values:
            course = self.study.catalogue.course(values[0])
            await self.study.learners.set_course(interaction.user.id, course)
            await self._show(interaction, course, greet=False)
            return
        course = await self.study.course_for(asker(interaction))
        await show(interaction, views.choose_course(list(self.study.catalogue.courses.values()), course))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(StartCog(bot))
