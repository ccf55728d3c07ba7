"""Learners' time zones."""

from datetime import datetime

from bot.store.engine import Engine, Statements
from bot.store.reminders import zone_changed


class Learners:
    """Learners and their time zones."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def zone(self, learner: int) -> str | None:
        """Return the IANA name of a learner's time zone; None if they haven't set one."""
        rows = await self._engine.read("zone_of", learner=learner)
        return rows[0][0] if rows else None

    async def set_zone(self, learner: int, zone: str, now: datetime) -> None:
        """Set the time zone. The learner's reminders use it from ``now`` on."""

        def work(statements: Statements) -> None:
            rows = statements.run("zone_of", learner=learner)
            statements.run("set_zone", learner=learner, zone=zone)
            zone_changed(statements, learner, rows[0][0] if rows else None, now)

        await self._engine.transact(work)

    async def course(self, learner: int) -> str | None:
        """Return the course that a learner chose for direct messages; None if they haven't chosen one."""
        rows = await self._engine.read("course_of_learner", learner=learner)
        return rows[0][0] if rows else None

    async def set_course(self, learner: int, course: str) -> None:
        await self._engine.write("set_course_of_learner", learner=learner, course=course)

    async def is_known(self, learner: int) -> bool:
        """Return whether anything is stored about a learner."""
        return bool(await self._engine.read("is_stored", learner=learner))

    async def ask_zone(self, learner: int) -> bool:
        """Return whether to ask for the time zone now: True only once, and never if one is set."""
        return bool(await self._engine.write("ask_zone", learner=learner))
