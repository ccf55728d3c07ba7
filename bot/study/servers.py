"""Servers that come and go. Nothing is deleted for an outage, and of who removed the bot not before 30 days."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import Store

KEEP_REMOVED = timedelta(days=30)


class Servers:
    """What is known of servers."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._rows = store.servers
        self._now = now

    async def removed(self, server: int) -> None:
        """A server removed the bot: mark it. Its data goes after 30 days."""
        await self._rows.remove(server, self._now())

    async def back(self, server: int) -> None:
        """The bot is in a server (again): all is as it was."""
        await self._rows.take_back(server)

    async def known(self) -> frozenset[int]:
        return await self._rows.known()

    async def all_removed(self) -> frozenset[int]:
        """Servers that are marked as having removed the bot."""
        return await self._rows.removed()

    async def purge(self) -> list[int]:
        """Delete the data of servers that removed the bot 30 days ago."""
        return await self._rows.purge(self._now() - KEEP_REMOVED)
