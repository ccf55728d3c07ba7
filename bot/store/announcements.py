"""Public messages of learners: announcements of completed paths, and lists that they shared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.progress import Tick
from bot.store.engine import Engine, Statements

SHARED = ""
"""The route of a shared list."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A public message of a learner. ``message`` is None as long as it isn't known whether it was posted."""

    learner: int
    course: str
    route: str
    server: int
    channel: int
    message: int | None
    at: datetime


class Announcements:
    """The public messages of all learners."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int) -> list[Announcement]:
        """Return the announcements of a learner's completed paths."""
        return [_announcement(learner, row) for row in await self._engine.read("announcements_of", learner=learner)]

    async def by_message(self, learner: int, message: int) -> Announcement | None:
        rows = await self._engine.read("announcement_by_message", learner=learner, message=message)
        return _announcement(learner, rows[0]) if rows else None

    async def claim(self, wanted: Announcement, check: Callable[[Sequence[Tick]], None]) -> Announcement | None:
        """Record that a path is about to be announced in a server. Return the earlier announcement if there is one.

        ``check`` raises a ``StudyError`` if the learner's ticks don't complete the path. It is called in the same
        transaction, so that an undo either comes before it or finds the announcement.
        """

        def work(statements: Statements) -> Announcement | None:
            rows = statements.run("ticks", learner=wanted.learner, course=wanted.course)
            check([Tick._make(row) for row in rows])
            rows = statements.run("announcement_of", learner=wanted.learner, course=wanted.course, route=wanted.route,
                                  server=wanted.server)  # fmt: skip
            if rows:
                return _announcement(wanted.learner, rows[0])
            statements.run("know_server", server=wanted.server)
            statements.run("add_announcement", **_values(wanted))
            return None

        return await self._engine.transact(work)

    async def add(self, announcement: Announcement) -> None:
        """Record a message that was posted."""

        def work(statements: Statements) -> None:
            statements.run("know_server", server=announcement.server)
            statements.run("add_announcement", **_values(announcement))

        await self._engine.transact(work)

    async def posted(self, claimed: Announcement, message: int) -> bool:
        """Record the message ID of a claimed announcement. Return whether the claim still exists."""
        rows = await self._engine.write(
            "announcement_posted", learner=claimed.learner, course=claimed.course, route=claimed.route,
            server=claimed.server, message=message,
        )  # fmt: skip
        return bool(rows)

    async def remove(self, announcement: Announcement) -> Announcement | None:
        """Delete a record. If its message ID has been recorded in the meantime, return it as it is now instead."""

        def work(statements: Statements) -> Announcement | None:
            values = _values(announcement)
            del values["channel"], values["now"]
            if statements.run("remove_announcement", **values) or announcement.message is not None:
                return None
            del values["message"]
            rows = statements.run("announcement_of", **values)
            return _announcement(announcement.learner, rows[0]) if rows else None

        return await self._engine.transact(work)


def announceable(
    statements: Statements, learner: int, course: str, server: int, complete: Sequence[str]
) -> tuple[frozenset[str], bool]:
    """Return which of the ``complete`` paths can be announced in a server, and whether the learner wants that.

    Call it in the transaction that completed them.
    """
    allowed, announces, hidden, left = statements.run("announcing", learner=learner, course=course, server=server)[0]
    if not allowed:
        return frozenset(), False
    rows = statements.run("announced_routes", learner=learner, course=course, server=server)
    announced = {route for (route,) in rows}
    return frozenset(complete) - announced, bool(announces) and not hidden and left is None


def _values(announcement: Announcement) -> dict[str, Any]:
    return {
        "learner": announcement.learner, "course": announcement.course, "route": announcement.route,
        "server": announcement.server, "channel": announcement.channel, "message": announcement.message or 0,
        "now": seconds(announcement.at),
    }  # fmt: skip


def _announcement(learner: int, row: Sequence[Any]) -> Announcement:
    course, route, server, channel, message, at = row
    return Announcement(learner, course, route, server, channel, message or None, from_seconds(at))
