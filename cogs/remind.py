"""``/remind``: settings of reminders, and the buttons of reminder messages."""

from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, asker, defer, show
from bot.errors import Stale
from bot.store.deliveries import ScheduleState
from bot.views import progress as progress_views
from bot.views import reminder as views
from bot.views.layout import State, notice
from cogs import options

WHICH = "Only of this course; without it, all of your reminders"


class RemindCog(commands.GroupCog, group_name="remind", group_description="Reminders by direct message, if you ask"):
    """The member's own reminders."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.settings = bot.study.reminder_settings
        self.messenger = bot.messenger
        bot.on_component("reminddone", self.handle_done)
        bot.on_component("remindlater", self.handle_later)
        bot.on_component("remindnot", self.handle_not_this_week)
        bot.on_component("remindlist", self.handle_list)
        bot.on_component("remindpause", self.handle_pause)
        bot.on_component("remindon", self.handle_resume)
        bot.on_component("remindoff", self.handle_off)

    def _course(self, interaction: Interaction, course: str | None) -> str | None:
        return self.study.course(interaction.guild_id, course).id if course else None

    @app_commands.command(description="Be reminded of what comes next, by direct message")
    @app_commands.describe(
        days="The weekdays: mon wed sat, mon-fri, weekdays or daily",
        time="The time of day on your clock, such as 18:00",
        course="The course; without it, this server's",
    )
    @app_commands.autocomplete(course=options.course)
    async def set(
        self, interaction: Interaction, days: options.Text, time: options.Text, course: options.Text | None = None
    ) -> None:
        found = self.study.course(interaction.guild_id, course)
        learner = interaction.user.id
        await defer(interaction)
        status = await self.settings.set(learner, found, days, time, self.messenger, interaction.id)
        if status.zone is None:
            await self.study.learners.ask_zone(learner)  # marks it as asked, so that no other command asks again
        others = [other for other in await self.settings.all(learner) if other.reminder.course != found.id]
        await show(interaction, views.reminder_set(status, others))

    @app_commands.command(description="Your reminders: when the next one comes; pause, resume or end them")
    async def list(self, interaction: Interaction) -> None:
        await show(interaction, views.reminder_list(await self.settings.all(interaction.user.id)))

    @app_commands.command(description="No reminders until tomorrow, or for some days")
    @app_commands.describe(days="So many days; without it, until tomorrow", course=WHICH)
    @app_commands.autocomplete(course=options.course)
    async def snooze(
        self, interaction: Interaction, days: app_commands.Range[int, 1, 60] = 1, course: options.Text | None = None
    ) -> None:
        chosen = self._course(interaction, course)
        await show(interaction, views.snoozed(await self.settings.snooze(interaction.user.id, chosen, days), chosen))

    @app_commands.command(description="No reminders until you resume them")
    @app_commands.describe(course=WHICH)
    @app_commands.autocomplete(course=options.course)
    async def pause(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._switch(interaction, self._course(interaction, course), ScheduleState.PAUSED)

    @app_commands.command(description="End your reminders; nothing that you recorded is lost")
    @app_commands.describe(course=WHICH)
    @app_commands.autocomplete(course=options.course)
    async def off(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._switch(interaction, self._course(interaction, course), ScheduleState.OFF)

    async def _switch(self, interaction: Interaction, course: str | None, state: ScheduleState) -> None:
        await show(interaction, views.reminder_list(await self.settings.switch(interaction.user.id, course, state)))

    async def handle_done(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Tick the reminder's node, as the learner's own progress outside of any server."""
        _course, node = self.study.catalogue.by_key("".join(state[:1]))
        done = await self.study.progress.complete(asker(interaction), node)
        await show(interaction, progress_views.upcoming(done.after, result=done))

    async def handle_later(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        if len(state) != 3 or interaction.message is None:
            raise Stale("This button can't be read. `/remind snooze` puts reminders off.")
        due = await self.settings.later(interaction.user.id, state[0], state[1], interaction.message.id)
        await show(interaction, notice(f"Once more {views.when(due)}.", State.DONE))

    async def handle_not_this_week(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = "".join(state[:1])
        await show(interaction, views.snoozed(await self.settings.not_this_week(interaction.user.id, course), course))

    async def handle_list(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await show(interaction, views.reminder_list(await self.settings.all(interaction.user.id)))

    async def handle_pause(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._switch(interaction, "".join(state[:1]), ScheduleState.PAUSED)

    async def handle_resume(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._switch(interaction, "".join(state[:1]), ScheduleState.ON)

    async def handle_off(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._switch(interaction, "".join(state[:1]), ScheduleState.OFF)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(RemindCog(bot))
