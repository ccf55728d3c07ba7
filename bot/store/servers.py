"""Servers: which have stored data, and which removed the bot."""

from datetime import datetime

from bot.core.calendar.timestamps import seconds
from bot.store.engine import Engine, Statements


class Servers:
    """Servers with stored data."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def courses(self) -> dict[int, str]:
        """Return the ID of the course that each server chose."""
        return {int(server): str(course) for server, course in await self._engine.read("servers")}

    async def known(self) -> frozenset[int]:
        return frozenset(server for (server,) in await self._engine.read("known_servers"))

    async def allows_announcements(self, server: int) -> bool:
        """Return whether members may announce completed paths in a server."""
        return await self._engine.read("allows_announcements", server=server) != [(0,)]

    async def removed(self) -> frozenset[int]:
        return frozenset(server for (server,) in await self._engine.read("removed_servers"))

    async def remove(self, server: int, now: datetime) -> None:
        """Mark a server as having removed the bot. Nothing is deleted yet."""
        await self._engine.write("server_removed", server=server, now=seconds(now))

    async def take_back(self, server: int) -> None:
        await self._engine.write("server_back", server=server)

    async def purge(self, removed_before: datetime) -> list[int]:
        """Delete the data of servers removed before ``removed_before``; return them. Learners' ticks stay."""

        def work(statements: Statements) -> list[int]:
            rows = statements.run("servers_to_purge", before=seconds(removed_before))
            for (server,) in rows:
                for table in ("cohort", "delivery", "member", "announcement", "setup_item", "server"):
                    statements.run(f"purge_{table}", server=server)
            return [server for (server,) in rows]

        return await self._engine.transact(work)
