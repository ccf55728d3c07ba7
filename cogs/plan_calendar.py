"""The calendar file of a plan: ask when study sessions begin, then send it."""

import asyncio
from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, defer, show
from bot.core.calendar.zones import parse_time
from bot.core.course.course import Course
from bot.study.plans import EVENING
from bot.views import plan_calendar as views
from bot.views import plan_dialogs as dialogs
from bot.views.forms import submitted, text_of


class PlanCalendarCog(commands.Cog):
    """The member's own calendar file."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.plans = bot.study.plans
        bot.on_component("calendar", self.handle_calendar)
        bot.on_form("calendar", self.handle_form)

    async def handle_calendar(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self.study.course_for(asker(interaction), "".join(state))
        planned = await self.plans.ahead(interaction.user.id, course)
        if planned.plan:
            await ask(interaction, dialogs.calendar_form(course, planned.session_minute))
        else:
            await self._send(interaction, course, EVENING)

    async def handle_form(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        course = await self.study.course_for(asker(interaction), "".join(state))
        minute = parse_time(text_of(submitted(values), "time"))
        await self.plans.set_session_time(interaction.user.id, course, minute)
        await self._send(interaction, course, minute)

    async def _send(self, interaction: Interaction, course: Course, minute: int) -> None:
        learner = interaction.user.id
        planned = await self.plans.ahead(learner, course)
        await defer(interaction)
        content = await asyncio.to_thread(views.write_calendar, planned, learner, minute, self.study.now())
        await show(interaction, views.message(planned, minute), views.file(planned, content))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PlanCalendarCog(bot))
