"""Days off: the panel, its form, and the offer of the digest's button."""

from collections.abc import Sequence
from datetime import date

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, show
from bot.errors import Stale
from bot.study.days_off import UNREADABLE
from bot.views import days_off as views
from bot.views.buttons import require_parts
from bot.views.forms import submitted, text_of


class DaysOffCog(commands.Cog):
    """The member's own days off, for plans, reminders and the digest."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.days_off = bot.study.days_off
        bot.on_component("daysoff", self.handle_days_off)
        bot.on_component("daysoffadd", self.handle_add)
        bot.on_form("daysoffadd", self.handle_form)
        bot.on_component("daysofftake", self.handle_take)
        bot.on_component("daysoffdrop", self.handle_remove)
        bot.on_component("daysoffback", self.handle_back_early)
        bot.on_component("daysoffundo", self.handle_undo)

    async def handle_days_off(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show the panel; with the state ``week``, offer the current weeks first."""
        learner = interaction.user.id
        if "".join(state) == "week":
            weeks, today = await self.days_off.weeks(learner), await self.study.learners.today(learner)
            await show(interaction, views.which_week(*weeks, today))
        else:
            await show(interaction, views.days_off(await self.days_off.of(learner)))

    async def handle_add(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await ask(interaction, views.days_off_form())

    async def handle_form(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        fields, learner = submitted(values), interaction.user.id
        found = await self.days_off.read(learner, text_of(fields, "first"), text_of(fields, "last"))
        if len(found) == 1:
            await show(interaction, views.added(await self.days_off.add(learner, *found[0])))
        else:
            await show(interaction, views.which_days(found, await self.study.learners.today(learner)))

    async def handle_take(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        try:
            first, last = map(date.fromisoformat, require_parts(state, 2))
        except ValueError:
            raise Stale(UNREADABLE) from None
        await show(interaction, views.added(await self.days_off.add(interaction.user.id, first, last)))

    async def handle_remove(self, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> None:
        first, last = require_parts(values[0].split(":") if values else state, 2)
        await show(interaction, views.removed(await self.days_off.remove(interaction.user.id, first, last)))

    async def handle_back_early(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await show(interaction, views.returned(await self.days_off.back_early(interaction.user.id)))

    async def handle_undo(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        await show(interaction, views.undone(await self.days_off.undo(interaction.user.id, state)))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DaysOffCog(bot))
