"""Servers that add and remove the bot. Data is deleted 30 days after a removal, never because of an outage."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import Store

KEEP_REMOVED = timedelta(days=30)


class Servers:
    """The servers that the bot is or was in."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._rows = store.servers
        self._now = now

    async def removed(self, server: int) -> None:
        """Mark a server as having removed the bot. Its data is deleted after 30 days."""
        await self._rows.remove(server, self._now())

    async def back(self, server: int) -> None:
        """Unmark a server that the bot is in again. Its data is unchanged."""
        await self._rows.take_back(server)

    async def known(self) -> frozenset[int]:
        return await self._rows.known()

    async def all_removed(self) -> frozenset[int]:
        """Return the servers that are marked as having removed the bot."""
        return await self._rows.removed()

    async def purge(self) -> list[int]:
        """Delete the data of servers that removed the bot at least 30 days ago. Return them."""
        return await self._rows.purge(self._now() - KEEP_REMOVED)
