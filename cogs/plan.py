"""``/plan``: the exam date, the weekly plan, days away, and the calendar file."""

import asyncio
from collections.abc import Sequence

from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, defer, show
from bot.core.calendar.zones import parse_time
from bot.errors import BadInput, Stale
from bot.views import plan as views
from bot.views import plan_away as away_views
from bot.views import plan_calendar as calendar_views
from cogs import options

COURSE = "The course; without it, this server's"
EVENING = "19:00"
"""Default time at which study blocks begin in a calendar."""


class PlanCog(commands.GroupCog, group_name="plan", group_description="Your exam, and the weeks until then"):
    """The member's own plan. The cohort sees only the date, and only if the member shares it."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        bot.on_component("plan", self.handle_plan)
        bot.on_component("replan", self.handle_replan)
        bot.on_component("calendar", self.handle_calendar)
        bot.on_component("back", self.handle_remove_away)

    @app_commands.command(description="Plan your way to the exam, or change the plan; what you leave out stays")
    @app_commands.describe(
        exam="The date: 2026-12-18",
        hours="Hours a week, such as 5 or 2.5",
        days="The days you study on: mon wed sat, weekdays, daily",
        start="The first day, if not today: 2026-11-20",
        share="Whether the digest may name the date to your cohort; it does not unless you say so",
        course=COURSE,
    )
    @app_commands.autocomplete(days=options.days, course=options.course)
    async def set(
        self,
        interaction: Interaction,
        exam: options.Text | None = None,
        hours: app_commands.Range[float, 0.5, 60.0] | None = None,
        days: options.Text | None = None,
        start: options.Text | None = None,
        share: bool | None = None,
        course: options.Text | None = None,
    ) -> None:
        found, learner = self.study.course(interaction.guild_id, course), interaction.user.id
        given = {"exam": exam, "days": days, "start": start}
        course_plan = await self.study.plans.set(learner, found, hours=hours, shared=share, **given)
        await show(interaction, views.plan(course_plan, ask_zone=await self.study.learners.ask_zone(learner)))

    @app_commands.command(description="Whether you are on course, and what is to do this week")
    @app_commands.describe(course=COURSE)
    @app_commands.autocomplete(course=options.course)
    async def show(self, interaction: Interaction, course: options.Text | None = None) -> None:
        found = self.study.course(interaction.guild_id, course)
        await show(interaction, views.plan(await self.study.plans.of(interaction.user.id, found)))

    @app_commands.command(description="Forget your exam and its plan")
    @app_commands.describe(course=COURSE)
    @app_commands.autocomplete(course=options.course)
    async def clear(self, interaction: Interaction, course: options.Text | None = None) -> None:
        found = self.study.course(interaction.guild_id, course)
        cleared = await self.study.plans.clear(interaction.user.id, found)
        await show(interaction, views.cleared(found, plan=cleared.plan, away=cleared.away))

    @app_commands.command(description="Your study blocks and the exam as a calendar file")
    @app_commands.describe(at="When you begin to study, such as 18:30; without it, 19:00", course=COURSE)
    @app_commands.autocomplete(course=options.course)
    async def calendar(
        self, interaction: Interaction, at: options.Text = EVENING, course: options.Text | None = None
    ) -> None:
        await self._calendar(interaction, at, course)

    async def _calendar(self, interaction: Interaction, at: str, course: str | None) -> None:
        minute = parse_time(at)
        found, learner = self.study.course(interaction.guild_id, course), interaction.user.id
        planned = await self.study.plans.ahead(learner, found)
        await defer(interaction)
        content = await asyncio.to_thread(calendar_views.write_calendar, planned, learner, minute, self.study.now())
        await show(interaction, calendar_views.message(planned, minute), calendar_views.file(planned, content))

    @app_commands.command(description="Keep days free of study, in all your plans; without days, list them")
    @app_commands.describe(first="The first day away: 2026-12-24", last="The last day, if it is not the same one")
    @app_commands.rename(first="from", last="to")
    async def away(
        self, interaction: Interaction, first: options.Text | None = None, last: options.Text | None = None
    ) -> None:
        learner = interaction.user.id
        if first is None and last is not None:
            raise BadInput("Give the first day away too: `from`.")
        if first is None:
            change = await self.study.plans.times_away(learner)
        else:
            change = await self.study.plans.go_away(learner, first, last)
        await show(interaction, away_views.away(change))

    async def handle_plan(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        found = self.study.course(interaction.guild_id, "".join(state))
        await show(interaction, views.plan(await self.study.plans.of(interaction.user.id, found)))

    async def handle_replan(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        if len(state) != 4:
            raise Stale("This button can't be read. `/plan show` has your plan as it is now.")
        found = self.study.course(interaction.guild_id, state[0])
        await show(interaction, views.plan(await self.study.plans.accept(interaction.user.id, found, *state[1:])))

    async def handle_calendar(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._calendar(interaction, EVENING, "".join(state))

    async def handle_remove_away(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        first, last, *_rest = [*state, "", ""]
        await show(interaction, away_views.away(await self.study.plans.come_back(interaction.user.id, first, last)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PlanCog(bot))
