"""The last use of the bot by each learner, and the deletion of learners who don't return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.calendar.timestamps import seconds
from bot.store.deliveries import DueSlot, Key, moment
from bot.store.engine import Engine, Statements
from bot.store.privacy import forget


@dataclass(frozen=True, slots=True)
class LastUse:
    """The last day (UTC) on which a learner used the bot, as read at ``now``.

    ``warned_at`` is None until the learner was warned, or until warning them failed for good.
    """

    learner: int
    used_on: date
    warned_at: datetime | None
    now: datetime


class Retention:
    """The last use of each learner. Implements ``Schedules`` for warnings."""

    reopens_skipped = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, now: datetime) -> LastUse | None:
        """Return the last use of a learner; None if none is recorded."""
        rows = await self._engine.read("last_use", learner=learner)
        return LastUse(learner, date.fromisoformat(rows[0][0]), moment(rows[0][1]), now) if rows else None

    async def record_use(self, learner: int, today: date) -> bool:
        """Record a use today. If nothing else is stored about the learner, record nothing and return False."""
        return bool(await self._engine.write("record_use", learner=learner, today=today.isoformat()))

    async def record_first_use(self, today: date) -> None:
        """Set today as the last use of learners who have none recorded."""
        await self._engine.write("record_first_use", today=today.isoformat())

    async def to_warn(self, used_by: date, most: int) -> list[int]:
        """Return at most ``most`` learners, not warned yet, whose last use was on ``used_by`` or earlier."""
        rows = await self._engine.read("learners_to_warn", used_by=used_by.isoformat(), most=most)
        return [learner for (learner,) in rows]

    async def give_up_warning(self, use: LastUse, key: Key, reason: str) -> None:
        """Record that a learner can't be warned."""

        def work(statements: Statements) -> None:
            statements.run("end_open_deliveries", **key.values, course="", reason=reason)
            _set_warned(statements, use)

        await self._engine.transact(work)

    async def delete(self, used_by: date, warned_by: datetime, most: int) -> list[int]:
        """Delete learners whose last use and warning are not later than the given times. Return their IDs.

        Each is deleted in a transaction that checks again, so a learner who has just returned keeps everything.
        """
        used, warned = used_by.isoformat(), seconds(warned_by)
        deleted: list[int] = []
        for (learner,) in await self._engine.read("learners_to_delete", used_by=used, warned_by=warned, most=most):

            def work(statements: Statements, learner: int = learner) -> bool:
                rows = statements.run("last_use", learner=learner)
                stays = not rows or rows[0][0] > used or rows[0][1] is None or rows[0][1] > warned
                return not stays and bool(forget(statements, self._engine.queries, learner))

            if await self._engine.transact(work):
                deleted.append(learner)
        return deleted

    def is_current(self, statements: Statements, schedule: LastUse) -> bool:
        """Return whether the learner is still inactive, and no other process has handled the warning."""
        rows = statements.run("last_use", learner=schedule.learner)
        return rows == [(schedule.used_on.isoformat(), None)]

    def advance(self, statements: Statements, schedule: LastUse, served: Sequence[DueSlot], over: str | None) -> None:
        """Record that the warning was handled. 30 days later the data may be deleted."""
        if any(slot.name == schedule.used_on.isoformat() for slot in served):
            _set_warned(statements, schedule)


def _set_warned(statements: Statements, use: LastUse) -> None:
    statements.run("set_warned", learner=use.learner, used_on=use.used_on.isoformat(), now=seconds(use.now))
