"""How exams went: the member's answer, and what follows a pass. A failed attempt is in ``outcome_retake``."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from discord.ext import commands

from bot.client.announcements import delete
from bot.client.bot import StudyBot
from bot.client.outcome_posts import passed_card, share
from bot.client.responses import Interaction, ask, asker, defer, show
from bot.core.course.course import Course
from bot.core.plan.outcome import Result
from bot.errors import Stale
from bot.views import announcement as announcement_views
from bot.views import outcome as views
from bot.views import passes as passes_views
from bot.views import plan_dialogs
from bot.views.buttons import UNREADABLE, parse_day, parse_number
from bot.views.layout import picture
from cogs.outcome_retake import RetakeActions

Action = Callable[[Interaction, Course, date, Sequence[str]], Awaitable[None]]


class OutcomeCog(commands.Cog):
    """Private, except for what the member shares."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.outcomes = bot.study.outcomes
        self.sharing = bot.study.outcome_sharing
        retake = RetakeActions(bot.study)
        self._actions: dict[str, Action] = {
            "passed": self.passed, "private": self.keep_private, "share": self.share, "unshare": self.unshare,
            "undo": self.undo, "weekly": self.weekly, "stopped": self.stopped, "ask": self.ask_consent,
            "count": self.count, "uncount": self.uncount, "done": self.done, "moved": self.moved,
            "missed": self.missed, "keep": self.keep, "clear": self.clear, "renewed": self.renewed,
            "unrenew": self.unrenew, **retake.actions,
        }  # fmt: skip
        bot.on_component(views.VERB, self.handle)
        bot.on_form(views.VERB, retake.handle_form)
        bot.on_component("passes", self.handle_wall)

    async def handle(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        action, course, day, *more = [*state, "", "", ""]
        if action not in self._actions:
            raise Stale(UNREADABLE)
        await self._actions[action](interaction, self.study.catalogue.course(course), parse_day(day), more)

    async def passed(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        found = await self.outcomes.report(interaction.user.id, course, exam, Result.PASSED)
        guilds = [(server, interaction.client.get_guild(server)) for server in await self.sharing.groups(
            asker(interaction), course)]  # fmt: skip
        groups = [(server, guild.name if guild else "another server") for server, guild in guilds]
        file = await passed_card(interaction, course, found)
        await show(interaction, views.passed(found, groups, picture(file)), file)

    async def keep_private(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        await show(interaction, views.upkeep(await self.outcomes.of(interaction.user.id, course, exam)))

    async def share(self, interaction: Interaction, course: Course, exam: date, more: Sequence[str]) -> None:
        server, found = parse_number(more[0]), await self.outcomes.of(interaction.user.id, course, exam)
        await defer(interaction)
        announced = await share(interaction, found, server)
        note = "✅ Shared with your study group." + (f"\n-# {announcement_views.line(announced)}" if announced else "")
        await show(interaction, views.upkeep(found, note, server))

    async def unshare(self, interaction: Interaction, course: Course, exam: date, more: Sequence[str]) -> None:
        posts = await self.sharing.unshare(interaction.user.id, course, parse_number(more[0]))
        found = await self.outcomes.of(interaction.user.id, course, exam)
        lines = announcement_views.retracted(await delete(interaction, posts)).lines
        await show(interaction, views.upkeep(found, "\n".join(["✅ No longer shared.", *lines])))

    async def undo(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        posts = await self.outcomes.undo(interaction.user.id, course, exam)
        lines = announcement_views.retracted(await delete(interaction, posts)).lines
        await show(interaction, views.question(course, exam, "\n".join(["✅ Undone.", *lines])))

    async def weekly(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        found = await self.outcomes.set_upkeep(interaction.user.id, course, exam, "weekly")
        await show(interaction, views.consent(found, "✅ Your reviews are now at most 5 questions a week."))

    async def stopped(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        found = await self.outcomes.set_upkeep(interaction.user.id, course, exam, "stopped")
        await show(interaction, views.consent(found, "✅ Your reviews have stopped. </review> still works."))

    async def ask_consent(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        await show(interaction, views.consent(await self.outcomes.of(interaction.user.id, course, exam)))

    async def count(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        await show(
            interaction, views.counted(await self.outcomes.count(interaction.user.id, course, exam, counted=True))
        )

    async def uncount(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        await show(
            interaction, views.consent(await self.outcomes.count(interaction.user.id, course, exam, counted=False))
        )

    async def done(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        await show(interaction, views.done(await self.outcomes.of(interaction.user.id, course, exam)))

    async def moved(self, interaction: Interaction, course: Course, _: date, __: Sequence[str]) -> None:
        await ask(interaction, plan_dialogs.plan_form(course, await self.study.plans.find(interaction.user.id, course)))

    async def missed(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        await show(interaction, views.missed(course, exam))

    async def keep(self, interaction: Interaction, course: Course, _: date, __: Sequence[str]) -> None:
        await show(interaction, views.kept(course))

    async def clear(self, interaction: Interaction, course: Course, exam: date, _: Sequence[str]) -> None:
        change = await self.study.plans.clear(interaction.user.id, course, exam)
        await show(interaction, views.cleared(course, change.undo))

    async def renewed(self, interaction: Interaction, course: Course, valid: date, _: Sequence[str]) -> None:
        await show(
            interaction, views.renewed(course, valid, await self.outcomes.renew(interaction.user.id, course, valid))
        )

    async def unrenew(self, interaction: Interaction, course: Course, valid: date, more: Sequence[str]) -> None:
        previous = parse_day(more[0])
        await self.outcomes.undo_renewal(interaction.user.id, course, valid, previous)
        await show(interaction, views.renewal_undone(previous))

    async def handle_wall(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show who shared a pass in this server."""
        who = asker(interaction)
        course = await self.study.course_for(who, "".join(state[:1]))
        passes = await self.sharing.wall(who.server, course) if who.server else []
        await show(interaction, passes_views.wall(course, passes))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(OutcomeCog(bot))
