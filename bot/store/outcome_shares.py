"""The servers in which learners shared that they passed, and the posts about it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.plan.outcome import Result
from bot.store.announcements import Announcement
from bot.store.engine import Engine, Statements

PASSED = "!passed"
"""The route of a post about a pass. No node has it."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A member who shared that they passed, with the date of their exam."""

    learner: int
    exam: date
    shared_at: datetime


class OutcomeShares:
    """Passes that learners shared, by server."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def share(self, wanted: Announcement, exam: date, *, post: bool) -> tuple[bool, Announcement | None]:
        """Share a pass in a server and, with ``post``, record the post that is about to be made.

        Return False if the learner hasn't reported this pass, and the earlier post if there is one.
        """
        key = {"learner": wanted.learner, "course": wanted.course}

        def work(statements: Statements) -> tuple[bool, Announcement | None]:
            results = {row[0]: row[1] for row in statements.run("outcomes_of", **key)}
            if results.get(exam.isoformat()) != Result.PASSED:
                return False, None
            now = seconds(wanted.at)
            statements.run("know_server", server=wanted.server)
            statements.run("share_outcome", **key, server=wanted.server, exam_on=exam.isoformat(), now=now)
            if not post:
                return True, None
            rows = statements.run("announcement_of", **key, route=PASSED, server=wanted.server)
            if rows:
                _, route, server, channel, message, at = rows[0]
                return True, Announcement(wanted.learner, wanted.course, route, server, channel, message or None,
                                          from_seconds(at))  # fmt: skip
            statements.run(
                "add_announcement", **key, route=PASSED, server=wanted.server, channel=wanted.channel, message=0,
                now=now,
            )  # fmt: skip
            return True, None

        return await self._engine.transact(work)

    async def unshare(self, learner: int, course: str, server: int) -> bool:
        """Return whether it was shared. The post has to be deleted separately."""
        return bool(await self._engine.write("unshare_outcome", learner=learner, course=course, server=server))

    async def servers(self, learner: int, course: str) -> list[int]:
        return [server for (server,) in await self._engine.read("shares_of", learner=learner, course=course)]

    async def posts(self, learner: int, course: str) -> list[Announcement]:
        """Return the posts about a learner's pass."""
        rows = await self._engine.read("announcements_of_pass", learner=learner, course=course, route=PASSED)
        return [
            Announcement(learner, course, PASSED, server, channel, message or None, from_seconds(at))
            for server, channel, message, at in rows
        ]

    async def of_cohort(self, server: int, course: str) -> list[Pass]:
        """Return the visible members who shared that they passed, latest first."""
        rows = await self._engine.read("passes_of_cohort", server=server, course=course)
        return [Pass(learner, date.fromisoformat(exam), from_seconds(at)) for learner, exam, at in rows]
