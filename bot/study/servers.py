"""Servers that add and remove the bot. Data is deleted 30 days after a removal, never because of an outage."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import Store
from bot.store.servers import ServerSettings

KEEP_REMOVED = timedelta(days=30)
WELCOME_SINCE = "welcome_since"
"""The setting with the time (in seconds) since which new servers are welcomed. The schema sets it."""


class Servers:
    """The servers that the bot is or was in."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._rows = store.servers
        self._settings = store.settings
        self._now = now
        self._courses: dict[int, str] = {}
        """The course of each server, in memory: every command needs it."""
        self._welcome_since = 0

    async def load(self) -> None:
        """Read what is kept in memory."""
        self._courses = await self._rows.courses()
        self._welcome_since = int(await self._settings.get(WELCOME_SINCE) or 0)

    def course(self, server: int) -> str | None:
        """Return the ID of the course that the server's commands are about, if it chose one."""
        return self._courses.get(server)

    async def settings(self, server: int) -> ServerSettings:
        """Return the server's settings, and remember its course."""
        settings = await self._rows.settings(server)
        if settings.course:
            self._courses[server] = settings.course
        return settings

    async def set_course(self, server: int, course: str) -> None:
        """Choose the course that the server's commands are about."""
        await self._rows.set_course(server, course)
        self._courses[server] = course

    async def welcomed(self) -> frozenset[int]:
        """Return the servers that got the welcome message, or don't need it."""
        return await self._rows.welcomed()

    async def claim_welcome(self, server: int, joined: datetime | None) -> bool:
        """Return whether to send the welcome message now: True once for each server, even after a crash.

        ``joined`` is when the server added the bot. Those that did so before this database knew of welcome messages
        don't get one.
        """
        if self._welcome_since and (joined is None or joined.timestamp() < self._welcome_since):
            return False
        return await self._rows.claim_welcome(server, self._now())

    async def set_panel(self, server: int, channel: int, message: int) -> tuple[int, int] | None:
        """Record the study panel. Return the channel and message of the one that it replaces."""
        return await self._rows.set_panel(server, channel, message)

    async def clear_panel(self, server: int, message: int) -> bool:
        """Forget the study panel if it is still this message. Return whether it was."""
        return await self._rows.clear_panel(server, message)

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
