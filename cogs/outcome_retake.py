"""A failed attempt: the score report and the plan for a retake. Every answer is private."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date

from bot.client.responses import Interaction, ask, show
from bot.core.course.course import Course
from bot.core.plan.outcome import Level, Result
from bot.core.plan.study_days import parse_hours
from bot.errors import Stale
from bot.study import Study
from bot.views import outcome_retake as views
from bot.views import plan as plan_views
from bot.views.buttons import UNREADABLE, parse_day, parse_number
from bot.views.forms import submitted, text_of


class RetakeActions:
    """The actions of ``OutcomeCog`` after a failed attempt."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.outcomes = study.outcomes
        self.actions: Mapping[str, Callable[[Interaction, Course, date, Sequence[str]], Awaitable[None]]] = {
            "failed": self.failed, "rate": self.rate, "retake": self.retake, "date": self.choose_date,
        }  # fmt: skip

    async def failed(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        await show(
            interaction, views.failed(await self.outcomes.report(interaction.user.id, course, exam, Result.FAILED))
        )

    async def rate(self, interaction: Interaction, course: Course, exam: date, more: Sequence[str]) -> None:
        found = await self.outcomes.of(interaction.user.id, course, exam)
        if not found.domains:
            raise Stale(UNREADABLE)
        await ask(interaction, views.rating_form(found, parse_number(more[0])))

    async def retake(self, interaction: Interaction, course: Course, exam: date, more: Sequence[str]) -> None:
        await self._plan(interaction, course, exam, parse_day(more[0]), None)

    async def choose_date(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        learner = interaction.user.id
        found = await self.outcomes.of(learner, course, exam)
        await ask(interaction, views.retake_form(found, await self.outcomes.minutes_a_week(learner, course)))

    async def handle_form(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        action, id_, day, *_ = [*state, "", "", ""]
        course, exam, fields = self.study.catalogue.course(id_), parse_day(day), submitted(values)
        if action == "rate":
            levels = {
                domain.id: Level(chosen)
                for domain in (course.exam.domains if course.exam else ())
                if (chosen := text_of(fields, domain.id)) in set(Level)
            }
            found = await self.outcomes.rate(interaction.user.id, course, exam, levels)
            await show(interaction, views.failed(found, "✅ Saved."))
        elif action == "retake":
            retake = await self.outcomes.read_day(interaction.user.id, text_of(fields, "day"))
            hours = text_of(fields, "hours")
            await self._plan(interaction, course, exam, retake, parse_hours(hours) if hours else None)
        else:
            raise Stale(UNREADABLE)

    async def _plan(
        self, interaction: Interaction, course: Course, exam: date, retake: date, minutes: int | None
    ) -> None:
        change = await self.outcomes.plan_retake(interaction.user.id, course, exam, retake, minutes)
        await show(interaction, plan_views.changed(change))
