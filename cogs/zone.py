"""The member's time zone: a button that opens a form, from any message."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, ask, show
from bot.errors import BadInput
from bot.views import zone as views
from bot.views.forms import submitted, text_of


class ZoneCog(commands.Cog):
    """The member's time zone."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.learners = bot.study.learners
        bot.on_component("zone", self.handle_zone)
        bot.on_component("zoneset", self.handle_set)
        bot.on_form("zone", self.handle_form)

    async def handle_zone(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        await ask(interaction, views.zone_form(await self.learners.zone_name(interaction.user.id)))

    async def handle_form(self, interaction: Interaction, _: Sequence[str], values: Sequence[str]) -> None:
        text = text_of(submitted(values), views.FIELD)
        try:
            match = self.learners.zones.find(text)
        except BadInput as error:
            await show(interaction, views.not_a_zone(str(error)))
            return
        if not match.sure:
            await show(interaction, views.which_zone(text, match, self.study.now()))
            return
        before = await self.learners.zone_name(interaction.user.id)
        await self.learners.set_zone(interaction.user.id, match.zone)
        await show(interaction, views.zone_set(match.zone, self.study.now(), match, before))

    async def handle_set(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        before = await self.learners.zone_name(interaction.user.id)
        zone = (await self.learners.set_zone(interaction.user.id, "".join(state))).key
        await show(interaction, views.zone_set(zone, self.study.now(), before=before))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ZoneCog(bot))
