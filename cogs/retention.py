"""Deletes the data of members who stopped using the bot, if the operator limits how long it is kept."""

import asyncio
from collections.abc import Sequence

from discord.ext import commands

from bot.client.bot import StudyBot, log
from bot.client.keyed_tasks import repeat
from bot.client.responses import Interaction, show
from bot.views import retention as views

SWEEP_SECONDS = 3600


class RetentionCog(commands.Cog):
    """The hourly deletion, and the button of the warning. The warnings themselves are deliveries."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.retention = bot.study.retention
        self._loop: asyncio.Task[None] | None = None
        bot.on_component("keepdata", self.handle_keep_data)

    async def cog_load(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def cog_unload(self) -> None:
        if self._loop:
            self._loop.cancel()

    async def _run(self) -> None:
        await self.bot.wait_until_ready()
        await repeat(SWEEP_SECONDS, self.sweep)

    async def sweep(self) -> None:
        """Delete what is due. Does not raise."""
        try:
            if deleted := await self.retention.sweep():
                log.info("data of %d members deleted: no command for %d months", deleted, self.retention.months)
        except Exception:
            # The next sweep tries again.
            log.exception("inactive members could not be deleted")

    async def handle_keep_data(self, interaction: Interaction, _: Sequence[str], __: Sequence[str]) -> None:
        """Keep the data. The client records each use, this one included; here it must be stored before the answer."""
        await self.retention.record_use(interaction.user.id)
        await show(interaction, views.kept())


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(RetentionCog(bot))
