"""The buttons of a digest."""

from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot
from bot.client.responses import Interaction, defer, server_of, show
from bot.views.buttons import parse_number, require_parts
from bot.views.digest_everyone import everyone


class DigestCog(commands.Cog):
    """The buttons of the weekly digest."""

    def __init__(self, bot: StudyBot) -> None:
        self.study = bot.study
        self.digests = bot.study.digests
        self.messenger = bot.messenger
        bot.on_component("everyone", self.handle_everyone)

    async def handle_everyone(self, interaction: Interaction, state: Sequence[str], _: Sequence[str]) -> None:
        """Show who completed what in the week of a digest."""
        page, since, until, course, slot = require_parts(state, 5)
        await defer(interaction)
        found = await self.digests.people.page(
            server_of(interaction) or 0,
            course,
            parse_number(since),
            parse_number(until),
            parse_number(page),
            self.messenger,
        )
        await show(interaction, everyone(found, slot))


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(DigestCog(bot))
