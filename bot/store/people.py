"""What is remembered about a learner beside their ticks: the clock that they live by."""

from bot.store.database import Database


class People:
    """Learners and their time zones."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def zone(self, learner: int) -> str | None:
        """The IANA name of a learner's zone; None where they set none."""
        rows = await self._database.read("zone_of", learner=learner)
        return rows[0][0] if rows else None

    async def set_zone(self, learner: int, zone: str) -> None:
        await self._database.write("set_zone", learner=learner, zone=zone)

    async def ask_zone(self, learner: int) -> bool:
        """Whether to ask for the zone now: True once, and never where one is set."""
        return bool(await self._database.write("ask_zone", learner=learner))
