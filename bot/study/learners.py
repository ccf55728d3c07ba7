"""Learners' time zones, and what depends on them."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.calendar.dates import recent_days, spoken
from bot.core.calendar.day_reading import DayReader, DayReading
from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.streaks import Streak
from bot.core.calendar.zones import Zones
from bot.core.course.course import Course
from bot.errors import BadInput
from bot.store import Store

UNKNOWN = zone_named(None)
"""The zone of learners who haven't set one."""


class Learners:
    """Learners and their time zones."""

    def __init__(self, store: Store, zones: Zones, *, now: Callable[[], datetime]) -> None:
        self._learners = store.learners
        self._streaks = store.streaks
        self._now = now
        self.zones = zones
        self._days = DayReader()

    async def zone(self, learner: int) -> ZoneInfo:
        """Return a learner's time zone; UTC if they haven't set one."""
        name = await self._learners.zone(learner)
        return zone_named(name)

    async def today(self, learner: int) -> date:
        """Return today's date in the learner's time zone."""
        return self._now().astimezone(await self.zone(learner)).date()

    async def read_day(self, learner: int, text: str, *, ahead: bool) -> DayReading:
        """Read a day as people say it, such as “last Saturday”, by the learner's own clock.

        What could be past or future is in the future if ``ahead``, otherwise in the past. Raises ``BadInput``.
        """
        return await asyncio.to_thread(self._days.read, text, await self.today(learner), ahead=ahead)

    async def offer_days(self, text: str) -> list[tuple[str, str]]:
        """Return names and values of past days for the text typed so far, from memory.

        The learner's own date isn't known while they type, so the value is the text itself where its meaning is clear.
        """
        today = self._now().date()
        if offered := recent_days(text, today):
            return offered
        try:
            reading = await asyncio.to_thread(self._days.read, text, today, ahead=False)
        except BadInput:
            return []  # the text may be incomplete
        if reading.other:
            return [(spoken(day, today), day.isoformat()) for day in (reading.day, reading.other)]
        return [(spoken(reading.day, today), text)]

    async def streak(self, learner: int) -> Streak:
        """Return a learner's streak, in their own time zone."""
        return (await self._streaks.of(learner, self._now()))[0]

    async def streak_and_zone(self, learner: int) -> tuple[Streak, str | None]:
        """Return a learner's streak, and the name of the time zone in which its days are counted; None means UTC."""
        return await self._streaks.of(learner, self._now())

    async def zone_name(self, learner: int) -> str | None:
        """Return the name of the time zone that a learner has set."""
        return await self._learners.zone(learner)

    async def set_zone(self, learner: int, text: str) -> ZoneInfo:
        """Set the time zone by its name or a city's. Raises ``BadInput`` with suggestions."""
        name = self.zones.named(text)
        await self._learners.set_zone(learner, name, self._now())
        return zone_named(name)

    async def set_course(self, learner: int, course: Course) -> None:
        """Set the course that a learner studies in direct messages."""
        await self._learners.set_course(learner, course.id)

    async def ask_zone(self, learner: int) -> bool:
        """Return whether to ask the learner for their time zone now: only once, and never if it is set."""
        return await self._learners.ask_zone(learner)
