"""Who a learner is to the product: the clock that they live by."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.streaks import Streak
from bot.core.calendar.zones import Zones
from bot.store import Store

UNKNOWN = zone_named(None)
"""The zone of who has set none."""


class Learners:
    """Learners and their time zones."""

    def __init__(self, store: Store, zones: Zones, *, now: Callable[[], datetime]) -> None:
        self._learners = store.learners
        self._streaks = store.streaks
        self._now = now
        self.zones = zones

    async def zone(self, learner: int) -> ZoneInfo:
        """The zone of a learner; UTC where they set none."""
        name = await self._learners.zone(learner)
        return zone_named(name)

    async def today(self, learner: int) -> date:
        """The date on the learner's clock."""
        return self._now().astimezone(await self.zone(learner)).date()

    async def streak(self, learner: int) -> Streak:
        """The streak of a learner, by their own clock."""
        return await self._streaks.of(learner, self._now())

    async def set_zone(self, learner: int, text: str) -> ZoneInfo:
        """Set the zone by its name or a city's. Raises ``BadInput`` with what may be meant."""
        name = self.zones.named(text)
        await self._learners.set_zone(learner, name, self._now())
        return zone_named(name)

    async def ask_zone(self, learner: int) -> bool:
        """Whether to ask the learner for their zone now: once, where it first matters, and never where it is set."""
        return await self._learners.ask_zone(learner)
