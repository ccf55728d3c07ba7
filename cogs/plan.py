"""``/plan``: one panel with the exam date and the weekly plan."""

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, asker, show
from bot.core.course.course import Course
from bot.core.plan.burndown import burndown
from bot.study.plan_settings import TypedPlan, settings_in
from bot.study.plans import ChangedCoursePlan, CoursePlan
from bot.views import plan as views
from bot.views import plan_dialogs as dialogs
from bot.views.buttons import require_parts
from bot.views.forms import numbers_of, submitted, text_of
from bot.views.layout import picture
from cogs import options


class PlanCog(commands.Cog):
    """The member's own plan. The study group sees only the date, and only if the member shares it."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.plans = bot.study.plans
        self.pictures = bot.pictures
        bot.on_component("plan", self.handle_plan)
        bot.on_component("planedit", self.handle_edit)
        bot.on_form("planedit", self.handle_form)
        bot.on_component("plansave", self.handle_save)
        bot.on_component("replan", self.handle_replan)
        bot.on_component("planundo", self.handle_undo)
        bot.on_component("plandrop", self.handle_drop)
        bot.on_component("plandelete", self.handle_delete)

    @app_commands.command(description="Your exam date and study plan")
    @app_commands.describe(course=options.COURSE)
    @app_commands.autocomplete(course=options.course)
    async def plan(self, interaction: Interaction, course: options.Text | None = None) -> None:
        await self._panel(interaction, await self.study.course_for(asker(interaction), course))

    async def _panel(self, interaction: Interaction, course: Course, note: str = "") -> None:
        found = await self.plans.find(interaction.user.id, course)
        file = await self._burndown(found)
        view = views.no_plan(course, note)
        if found:
            mistakes = await self.study.drills.ready(interaction.user.id, course)
            view = views.plan(found, note=note, picture=picture(file), mistakes=mistakes)
        await show(interaction, view, file, replace=True)

    async def _burndown(self, found: CoursePlan | None) -> discord.File | None:
        """Draw the plan while it runs."""
        if found is None or found.plan is None or found.exam <= found.today or found.focus:
            return None
        return await self.pictures.file(burndown(found.progress, found.plan, found.zone))

    async def _changed(self, interaction: Interaction, change: ChangedCoursePlan) -> None:
        file = await self._burndown(change.now)
        await show(interaction, views.changed(change, picture(file)), file, replace=True)

    async def _course(self, interaction: Interaction, state: Sequence[str]) -> Course:
        return await self.study.course_for(asker(interaction), "".join(state[:1]))

    async def handle_plan(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await self._panel(interaction, await self._course(interaction, state))

    async def handle_edit(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self._course(interaction, state)
        await ask(interaction, dialogs.plan_form(course, await self.plans.find(interaction.user.id, course)))

    async def handle_form(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        course, fields, learner = await self._course(interaction, state), submitted(values), interaction.user.id
        exam, hours, start, shared = (text_of(fields, name) for name in ("exam", "hours", "start", "shared"))
        typed = TypedPlan(exam, hours, numbers_of(fields, "days", range(7)), start, shared == "1")
        wanted = await self.plans.read(learner, typed)
        if len(wanted) == 1:
            await self._changed(interaction, await self.plans.set(learner, course, wanted[0]))
        else:
            await show(interaction, dialogs.which_date(course, wanted, await self.study.learners.today(learner)))

    async def handle_save(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self._course(interaction, state)
        wanted = settings_in(state[1:])
        await self._changed(interaction, await self.plans.set(interaction.user.id, course, wanted))

    async def handle_replan(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course_id, *change = require_parts(state, 4)
        course = self.study.catalogue.course(course_id)
        await self._changed(interaction, await self.plans.accept(interaction.user.id, course, *change))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self._course(interaction, state)
        await self.plans.undo(interaction.user.id, course, state[1:])
        await self._panel(interaction, course, "✅ Undone.")

    async def handle_drop(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course = await self._course(interaction, state)
        found = await self.plans.find(interaction.user.id, course)
        await show(interaction, dialogs.confirm_deletion(found) if found else views.no_plan(course))

    async def handle_delete(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        course_id, print_ = require_parts(state, 2)
        course = self.study.catalogue.course(course_id)
        await self.plans.delete(interaction.user.id, course, print_)
        await show(interaction, views.no_plan(course, "✅ Exam date and plan deleted."))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(PlanCog(bot))
