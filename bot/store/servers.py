"""Servers: their settings, which have stored data, and which removed the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar.timestamps import seconds
from bot.store.engine import Engine, Statements
from bot.store.server_courses import purge_courses


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The settings of a server. ``announcements``: whether members may announce completed paths."""

    course: str | None = None
    manager_role: int | None = None
    announcements: bool = True
    panel_channel: int | None = None
    panel_message: int | None = None


PURGED = (
    "cohort", "delivery", "member", "announcement", "outcome_share", "setup_item", "daily_question", "course_draft",
    "daily_post", "daily_answer", "daily_tally", "server",
)  # fmt: skip
"""The tables with rows of servers."""


class Servers:
    """Servers with stored data, and their settings."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def courses(self) -> dict[int, str]:
        """Return the ID of the course that each server chose."""
        return {int(server): str(course) for server, course in await self._engine.read("servers")}

    async def settings(self, server: int) -> ServerSettings:
        rows = await self._engine.read("server_settings", server=server)
        if not rows:
            return ServerSettings()
        course, role, announcements, panel_channel, panel_message = rows[0]
        return ServerSettings(course, role, bool(announcements), panel_channel, panel_message)

    async def set_course(self, server: int, course: str) -> None:
        """Set the course that the server's commands are about."""
        await self._engine.write("set_server_course", server=server, course=course)

    async def set_manager_role(self, server: int, role: int | None, expected: int | None) -> bool:
        """Set the role that manages the bot if it is still ``expected``. Return whether it was."""
        rows = await self._engine.write("set_manager_role", server=server, role=role, expected=expected or 0)
        return bool(rows)

    async def set_announcements(self, server: int, *, allowed: bool) -> bool:
        """Set whether members may announce completed paths. Return whether that changed."""
        return bool(await self._engine.write("set_announcements", server=server, announcements=int(allowed)))

    async def set_panel(self, server: int, channel: int, message: int) -> tuple[int, int] | None:
        """Record the study panel. Return the channel and message of the one that it replaces."""

        def work(statements: Statements) -> tuple[int, int] | None:
            rows = statements.run("server_settings", server=server)
            statements.run("set_panel", server=server, channel=channel, message=message)
            old_channel, old_message = rows[0][3:] if rows else (None, None)
            return (old_channel, old_message) if old_channel and old_message else None

        return await self._engine.transact(work)

    async def clear_panel(self, server: int, message: int) -> bool:
        """Forget the study panel if it is still this message. Return whether it was."""
        return bool(await self._engine.write("clear_panel", server=server, message=message))

    async def welcomed(self) -> frozenset[int]:
        """Return the servers that need no welcome message."""
        return frozenset(server for (server,) in await self._engine.read("welcomed_servers"))

    async def claim_welcome(self, server: int, now: datetime) -> bool:
        """Return whether the welcome message may be sent: once per server, durably, across all processes."""
        return bool(await self._engine.write("claim_welcome", server=server, now=seconds(now)))

    async def setup_items(self, server: int) -> Mapping[str, str]:
        """Return the items of the set-up checklist that are ``skipped`` or ``fine``."""
        return {str(item): str(state) for item, state in await self._engine.read("setup_items", server=server)}

    async def mark_setup_item(self, server: int, item: str, state: str | None, expected: str | None) -> bool:
        """Set the state of an item (None: open) if it is still ``expected``. Return whether it was."""

        def work(statements: Statements) -> bool:
            if dict(statements.run("setup_items", server=server)).get(item) != expected:
                return False
            if state is None:
                statements.run("clear_setup_item", server=server, item=item)
            else:
                statements.run("set_setup_item", server=server, item=item, state=state)
            return True

        return await self._engine.transact(work)

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
        """Delete the data of servers removed before ``removed_before``; return them. Learners' ticks stay.

        Also deletes courses of servers, and their versions, that were removed or replaced before that time.
        """

        def work(statements: Statements) -> list[int]:
            rows = statements.run("servers_to_purge", before=seconds(removed_before))
            for (server,) in rows:
                for table in PURGED:
                    statements.run(f"purge_{table}", server=server)
            servers = [server for (server,) in rows]
            purge_courses(statements, servers, removed_before)
            return servers

        return await self._engine.transact(work)
