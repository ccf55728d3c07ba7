"""The clock that sends reminders.

Direct messages belong to no server. Of several processes (``SHARD_IDS``) one sends them: that of shard 0, to which
Discord also sends what happens in direct messages.
"""

from functools import partial

from discord.ext import commands, tasks

from bot.client.bot import StudyBot, log
from bot.client.keyed_tasks import SideBySide
from bot.operation import logs

TICK_SECONDS = 20
AT_ONCE = 12
"""Reminders that are sent side by side: enough to keep the pace, few enough for commands."""
MOST = 2000
"""So many are listed at once: more than can be sent until the next tick. What waits for a later try is not listed."""


class RemindingCog(commands.Cog):
    """Asks the store what is due. The rows remember; this only asks."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.reminders = bot.study.reminders
        self._serving = SideBySide(AT_ONCE)

    async def cog_load(self) -> None:
        self.tick.start()

    async def cog_unload(self) -> None:
        self.tick.cancel()
        self._serving.close()

    @tasks.loop(seconds=TICK_SECONDS)
    async def tick(self) -> None:
        """Serve what is due. Must not raise: that would end the loop."""
        if not self.bot.is_ready():
            return
        try:
            await self.reminders.look()
            if 0 in self.bot.shards:
                for learner in await self.reminders.due(MOST):
                    self._serving.begin(learner, partial(self._serve, learner))
        except Exception:
            # The next tick asks the store again; nothing is remembered here that could be lost.
            log.exception("the clock of the reminders failed")

    async def _serve(self, learner: int) -> None:
        with logs.following(), self.bot.under_way():
            try:
                await self.reminders.serve(learner, self.bot.mailbox)
            except Exception:
                # One learner's failure is their own; the claim runs out and is taken again.
                log.exception("a reminder failed")

    @tick.before_loop
    async def _until_ready(self) -> None:
        """Before, it isn't known which shards there are."""
        await self.bot.wait_until_ready()


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(RemindingCog(bot))
