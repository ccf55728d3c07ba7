"""The clock that posts what is due."""

from functools import partial

from discord.ext import commands, tasks

from bot.client.bot import StudyBot, log
from bot.client.keyed_tasks import SideBySide
from bot.operation import logs
from bot.study import Cohort
from bot.views import digest as views

TICK_SECONDS = 20
AT_ONCE = 12
"""Digests that are drawn and sent side by side: enough to keep the rate limit busy, few enough for commands."""
MOST = 50_000
"""So many are listed at once; those that can't be served now must not keep the others out."""


class ClockCog(commands.Cog):
    """Asks the store what is due. The rows remember; this only asks."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.digests = bot.study.digests
        self.desk = bot.desk
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
            for cohort in await self.digests.suspended():
                if self._is_here(cohort):
                    await self._look_after(cohort)
            for cohort in await self.digests.due(MOST):
                if self._is_here(cohort):
                    self._serving.begin((cohort.server, cohort.course), partial(self._serve, cohort))
        except Exception:
            # The next tick asks the store again; nothing is remembered here that could be lost.
            log.exception("the digest clock failed")

    def _is_here(self, cohort: Cohort) -> bool:
        """Whether this process speaks for the server, and it isn't in an outage."""
        guild = self.bot.get_guild(cohort.server)
        return guild is not None and not guild.unavailable

    async def _serve(self, cohort: Cohort) -> None:
        guild = self.bot.get_guild(cohort.server)
        names = [guild.name] if guild else []
        with logs.following(lambda: names), self.bot.under_way():
            try:
                await self.digests.serve(cohort, self.desk)
            except Exception:
                # One server's failure is its own; its claim runs out and is taken again.
                log.exception("the digest of server %s failed", cohort.server)

    async def _look_after(self, cohort: Cohort) -> None:
        """Resume a suspended digest if Discord allows it again, else say once, to whoever set it up, what is wrong."""
        try:
            if await self.digests.resume(cohort, self.desk) or cohort.told:
                return
            await self.digests.told(cohort)
            catalogue = self.bot.study.catalogue
            course = catalogue.courses.get(cohort.course, catalogue.default)
            await self.desk.tell(cohort, partial(views.suspended, course, reason=cohort.reason or "it can't be posted"))
        except Exception:
            # One server's failure is its own; the next tick looks again.
            log.exception("the suspended digest of server %s", cohort.server)

    @tick.before_loop
    async def _until_ready(self) -> None:
        """Before, it isn't known which servers there are."""
        await self.bot.wait_until_ready()


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(ClockCog(bot))
