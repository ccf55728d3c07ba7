"""The renewal of certifications: which learners have to be reminded, and when next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core.calendar.timestamps import seconds
from bot.store.deliveries import DueSlot, Key
from bot.store.engine import Engine, Statements

RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class RenewalNotice:
    """The next notice about a certification, which is valid until ``valid``. ``all`` are the days of all notices."""

    learner: int
    course: str
    exam: date
    on: date
    valid: date
    zone: str | None
    channel: int | None = None
    by_command: bool = False
    all: tuple[date, ...] = ()

    @property
    def key(self) -> Key:
        return Key(RENEWAL, learner=self.learner, series=self.course)


class Renewals:
    """Notices about renewals. Implements ``Schedules``."""

    reopens_skipped = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def due(self, latest: date, now: datetime, most: int) -> list[RenewalNotice]:
        """Return notices until ``latest`` that can be sent by direct message."""
        rows = await self._engine.read("renewals_due", today=latest.isoformat(), now=seconds(now), most=most)
        return [RenewalNotice(learner, *_notice(*row)) for learner, *row in rows]

    async def one(self, learner: int, course: str) -> RenewalNotice | None:
        rows = await self._engine.read("renewal_of", learner=learner, course=course)
        if not rows:
            return None
        exam, on, valid, zone, by_command, channel = rows[0]
        return RenewalNotice(learner, *_notice(course, exam, on, valid, zone), channel, bool(by_command))

    async def to_tell(self, latest: date) -> list[tuple[int, date, str | None]]:
        """Return learner, day and zone of notices until ``latest`` to show at the learner's next command."""
        rows = await self._engine.read("renewals_to_tell", today=latest.isoformat())
        return [(learner, date.fromisoformat(on), zone) for learner, on, zone in rows]

    async def to_tell_of(self, learner: int, latest: date) -> list[RenewalNotice]:
        rows = await self._engine.read("renewals_to_tell_of", learner=learner, today=latest.isoformat())
        return [RenewalNotice(learner, *_notice(*row)) for row in rows]

    async def told(self, notice: RenewalNotice) -> bool:
        """Record that a notice was shown. Return False if another process showed it. Needs ``notice.all``."""
        return bool(await self._engine.write("set_notice", **self._following(notice, notice.on)))

    async def give_up(self, notice: RenewalNotice, reason: str) -> None:
        """Record that direct messages are refused: the notices wait for the learner's next command."""

        def work(statements: Statements) -> None:
            statements.run("end_open_deliveries", **notice.key.values, course=notice.course, reason=reason)
            statements.run("renewal_by_command", learner=notice.learner, course=notice.course,
                           exam_on=notice.exam.isoformat())  # fmt: skip

        await self._engine.transact(work)

    async def set_valid(self, learner: int, course: str, expected: date, valid: date, notice: date | None) -> bool:
        """Change the last day of a certification. Return False if it isn't ``expected``."""
        rows = await self._engine.write(
            "set_valid", learner=learner, course=course, valid_on=valid.isoformat(),
            notice_on=notice.isoformat() if notice else None, expected_on=expected.isoformat(),
        )  # fmt: skip
        return bool(rows)

    def is_current(self, statements: Statements, schedule: RenewalNotice) -> bool:
        """Return whether this is still the next notice."""
        rows = statements.run("renewal_of", learner=schedule.learner, course=schedule.course)
        return bool(rows) and rows[0][1] == schedule.on.isoformat() and not rows[0][4]

    def advance(
        self, statements: Statements, schedule: RenewalNotice, served: Sequence[DueSlot], over: str | None
    ) -> None:
        """Set the notice after those that were served."""
        if served:
            last = max(date.fromisoformat(slot.name) for slot in served)
            statements.run("set_notice", **self._following(schedule, last))

    def _following(self, notice: RenewalNotice, last: date) -> dict[str, Any]:
        following = next((day for day in sorted(notice.all) if day > last), None)
        return {
            "learner": notice.learner, "course": notice.course, "exam_on": notice.exam.isoformat(),
            "notice_on": following.isoformat() if following else None, "expected_on": notice.on.isoformat(),
        }  # fmt: skip


def _notice(course: str, exam: str, on: str, valid: str, zone: str | None) -> tuple[str, date, date, date, str | None]:
    return course, date.fromisoformat(exam), date.fromisoformat(on), date.fromisoformat(valid), zone
