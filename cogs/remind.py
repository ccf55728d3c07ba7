"""``/remind``: one panel with the member's reminders."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, defer, show
from bot.core.calendar.zones import parse_time
from bot.core.course.course import Course
from bot.core.plan.reminders import Rhythm
from bot.store.deliveries import ScheduleState
from bot.study.reminder_settings import ReminderChange
from bot.views import reminder_panel as views
from bot.views.buttons import parse_number
from bot.views.forms import numbers_of, submitted, text_of
from cogs import options


class RemindCog(commands.Cog):
    """The member's own reminders."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.settings = bot.study.reminder_settings
        self.messenger = bot.messenger
        bot.on_component("remindlist", self.handle_list)
        bot.on_component("remindset", self.handle_set)
        bot.on_component("remindchange", self.handle_change)
        bot.on_form("remindset", self.handle_form)
        bot.on_component("remindpause", self.handle_pause)
        bot.on_component("remindon", self.handle_turn_on)
        bot.on_component("remindoff", self.handle_turn_off)
        bot.on_component("remindsnooze", self.handle_snooze)
        bot.on_component("remindundo", self.handle_undo)

    @app_commands.command(description="Study reminders by DM")
    @app_commands.describe(course=options.COURSE)
    @app_commands.autocomplete(course=options.course)
    async def remind(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._panel(interaction, await self.study.course_for(asker(interaction), course))

    async def _panel(self, interaction: Interaction, course: Course, note: str = "") -> None:
        await show(interaction, views.panel(await self.settings.all(interaction.user.id), course, note=note))

    async def _course(self, interaction: Interaction, state: Sequence[str]) -> Course:
        return await self.study.course_for(asker(interaction), "".join(state[:1]))

    async def _shown_first(self, interaction: Interaction, course: str) -> Course:
        """Return a course to show first: the usual one, if the bot no longer has that of a reminder."""
        return self.study.catalogue.courses.get(course) or await self.study.course_for(asker(interaction))

    async def _changed(self, interaction: Interaction, change: ReminderChange) -> None:
        await show(interaction, views.changed(change, await self._shown_first(interaction, change.course)))

    async def handle_list(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        await self._panel(interaction, await self._shown_first(interaction, "".join(values or state)))

    async def handle_set(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        courses = list(self.study.catalogue.courses.values())
        course = await self._course(interaction, state)
        await ask(interaction, views.reminder_form(courses, course, None))

    async def handle_change(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, statuses = await self._course(interaction, state), await self.settings.all(interaction.user.id)
        status = next((each for each in statuses if each.reminder.course == course.id), None)
        await ask(interaction, views.reminder_form([course], course, status))

    async def handle_form(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        fields = submitted(values)
        course = await self._course(interaction, state or [text_of(fields, "course")])
        rhythm = Rhythm(frozenset(numbers_of(fields, "days", range(7))), parse_time(text_of(fields, "time")))
        await defer(interaction)
        learner, number = interaction.user.id, interaction.id
        await self._changed(interaction, await self.settings.set(learner, course, rhythm, self.messenger, number))

    async def handle_pause(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._switch(interaction, state, ScheduleState.PAUSED)

    async def handle_turn_off(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._switch(interaction, state, ScheduleState.OFF)

    async def _switch(self, interaction: Interaction, state: Sequence[str], wanted: ScheduleState) -> None:
        change = await self.settings.switch(interaction.user.id, "".join(state[:1]), wanted)
        await self._changed(interaction, change)

    async def handle_turn_on(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self._course(interaction, state)
        await defer(interaction)
        change = await self.settings.turn_on(interaction.user.id, course, self.messenger, interaction.id)
        await self._changed(interaction, change)

    async def handle_snooze(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        days = parse_number(values[0] if values else "")
        await self._changed(interaction, await self.settings.snooze(interaction.user.id, "".join(state), days))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course, *previous = state or [""]
        statuses = await self.settings.undo(interaction.user.id, course, previous)
        await show(interaction, views.panel(statuses, await self._shown_first(interaction, course), note="✅ Undone."))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(RemindCog(bot))
