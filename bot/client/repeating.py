"""A cog with work that repeats."""

import asyncio

from discord.ext import commands

from bot.client.bot import StudyBot, log
from bot.client.keyed_tasks import repeat


class RepeatingCog(commands.Cog):
    """Calls ``work`` once the bot is connected and then every ``seconds``. Its errors are logged."""

    seconds = 3600.0

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._loop: asyncio.Task[None] | None = None

    async def work(self) -> None:
        """Do what is due now. What fails is tried again next time."""
        raise NotImplementedError

    async def cog_load(self) -> None:
        self._loop = asyncio.create_task(self._run())

    async def cog_unload(self) -> None:
        if self._loop:
            self._loop.cancel()

    async def _run(self) -> None:
        await self.bot.wait_until_ready()  # servers are not known before
        await repeat(self.seconds, self.sweep)

    async def sweep(self) -> None:
        """Call ``work``. Does not raise: that would end the loop."""
        try:
            await self.work()
        except Exception:
            log.exception("the repeated work of %s failed", type(self).__name__)
