"""Delete learners who stopped using the bot, and warn them 30 days before, as a kind of delivery."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.core.calendar.dates import add_months
from bot.store import Store
from bot.store.deliveries import DueSlot, Key
from bot.store.retention import LastUse
from bot.store.retention import Retention as StoredRetention
from bot.study.delivery_kind import Destination, Marker, Messenger, Pending, Refused

NOTICE = timedelta(days=30)
"""How long before the deletion a learner is warned."""
MOST = 1000
"""Maximum number of learners deleted in one sweep."""


@dataclass(frozen=True, slots=True)
class RetentionWarning:
    """A warning that a learner's data will be deleted on ``delete_on``, because their last use was on ``used_on``."""

    marker: Marker
    used_on: date
    delete_on: date
    months: int


class RetentionKind:
    """Warn learners who haven't used the bot for ``months`` less 30 days. Does nothing if ``months`` is 0."""

    name = "retention"
    late_limit = timedelta(days=3660)
    too_late = "it was years late"
    kept: timedelta | None = timedelta(days=60)

    def __init__(self, store: Store, months: int, *, now: Callable[[], datetime]) -> None:
        self._rows = store.retention
        self._deliveries = store.deliveries
        self.months = months
        self._now = now
        self._used_today: tuple[date, set[int]] = (date.min, set())

    @property
    def schedules(self) -> StoredRetention:
        return self._rows

    async def start(self) -> None:
        """Set today as the last use of learners who have none recorded."""
        if self.months:
            await self._rows.record_first_use(self._today())

    async def record_use(self, learner: int) -> None:
        """Record that a learner used the bot, with at most one write per day.

        Their data is kept for ``months`` from now.
        """
        if not self.months:
            return
        day, seen = self._used_today
        today = self._today()
        if day != today:
            seen = set()
            self._used_today = (today, seen)
        if learner not in seen and await self._rows.record_use(learner, today):
            seen.add(learner)

    async def sweep(self) -> int:
        """Delete learners who were warned 30 days ago and didn't return. Return how many."""
        if not self.months:
            return 0
        used_by = add_months(self._today(), -self.months)
        return len(await self._rows.delete(used_by, self._now() - NOTICE, MOST))

    async def due(self, now: datetime, most: int) -> list[Key]:
        if not self.months:
            return []
        used_by = add_months(now.astimezone(UTC).date() + NOTICE, -self.months)
        return [_key(learner) for learner in await self._rows.to_warn(used_by, most)]

    async def pending(self, key: Key, now: datetime) -> Pending[LastUse] | None:
        use = await self._rows.of(key.learner, now)
        if use is None or use.warned_at is not None or not self.months:
            return None
        slot = DueSlot(use.used_on.isoformat(), datetime.combine(self._delete_on(use) - NOTICE, time(12), UTC))
        opened = await self._deliveries.open(key)
        if opened and opened.slot.name != slot.name:
            # The learner returned and became inactive again before an earlier warning ended. That warning is obsolete.
            return Pending(use, key, "", Destination(0, learner=key.learner), (), opened)
        return Pending(use, key, "", Destination(0, learner=key.learner), () if opened else (slot,), opened)

    async def obstacle(self, pending: Pending[LastUse], slot: DueSlot) -> str:
        return "" if slot.name == pending.schedule.used_on.isoformat() else "the learner returned"

    def marker(self, pending: Pending[LastUse], slot: DueSlot, *, repeated: bool) -> Marker:
        return Marker(pending.key.learner, f"{self.name}:{slot.name}")

    async def content(
        self,
        pending: Pending[LastUse],
        slot: DueSlot,
        marker: Marker,
        late_since: datetime | None,
        messenger: Messenger,
    ) -> RetentionWarning:
        use = pending.schedule
        delete_on = max(self._delete_on(use), self._now().astimezone(UTC).date() + NOTICE)
        return RetentionWarning(marker, use.used_on, delete_on, self.months)

    async def over(self, pending: Pending[LastUse]) -> str | None:
        return None

    async def suspend(self, pending: Pending[LastUse], refused: Refused) -> None:
        """Record that a learner who accepts no direct messages can't be warned. The 30 days count from now."""
        await self._rows.give_up_warning(pending.schedule, pending.key, str(refused))

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Do nothing: a warning can't be suspended."""

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()

    def _delete_on(self, use: LastUse) -> date:
        return add_months(use.used_on, self.months)


def _key(learner: int) -> Key:
    return Key(RetentionKind.name, learner=learner)
