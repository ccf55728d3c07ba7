"""The question how an exam went: which learners have to be asked, and what is stored once they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.calendar.timestamps import seconds
from bot.store.deliveries import DueSlot, Key
from bot.store.engine import Engine, Statements

OUTCOME = "outcome"


def key_of(learner: int, course: str) -> Key:
    """Return the key of the messages about a learner's exams in a course."""
    return Key(OUTCOME, learner=learner, series=course)


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """An exam about which a learner hasn't been asked, as read at ``now``.

    ``channel`` is that of their direct messages; None if they have no reminders. ``by_command``: a direct message was
    refused or came too late, so the question waits for their next command.
    """

    learner: int
    course: str
    exam: date
    zone: str | None
    channel: int | None
    by_command: bool
    now: datetime


class ExamQuestions:
    """Exams about which learners have to be asked. Implements ``Schedules``."""

    reopens_skipped = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def due(self, latest: date, now: datetime, most: int) -> list[tuple[int, str, date, str | None]]:
        """Return learner, course, exam date and zone of exams until ``latest`` to ask about by direct message."""
        rows = await self._engine.read("exams_to_ask", today=latest.isoformat(), now=seconds(now), most=most)
        return [(learner, course, date.fromisoformat(on), zone) for learner, course, on, zone in rows]

    async def one(self, learner: int, course: str, now: datetime) -> ExamQuestion | None:
        rows = await self._engine.read("exam_to_ask", learner=learner, course=course)
        if not rows:
            return None
        on, zone, by_command, channel = rows[0]
        return ExamQuestion(learner, course, date.fromisoformat(on), zone, channel, bool(by_command), now)

    async def to_tell(self, latest: date) -> list[tuple[int, date, str | None]]:
        """Return learner, exam date and zone of exams until ``latest`` to ask about at the learner's next command."""
        rows = await self._engine.read("exams_to_tell", today=latest.isoformat())
        return [(learner, date.fromisoformat(on), zone) for learner, on, zone in rows]

    async def to_tell_of(self, learner: int, latest: date) -> list[tuple[str, date, str | None]]:
        rows = await self._engine.read("exams_to_tell_of", learner=learner, today=latest.isoformat())
        return [(course, date.fromisoformat(on), zone) for course, on, zone in rows]

    async def asked(self, learner: int, course: str, exam: date, now: datetime) -> bool:
        """Record that a learner was asked. Return False if they were asked before, or the date has changed."""
        return bool(
            await self._engine.write(
                "exam_asked", learner=learner, course=course, exam_on=exam.isoformat(), now=seconds(now)
            )
        )

    async def give_up(self, question: ExamQuestion, reason: str) -> None:
        """Record that a direct message was refused."""

        def work(statements: Statements) -> None:
            end_question(statements, question.learner, question.course, reason)
            _wait(statements, question)

        await self._engine.transact(work)

    def is_current(self, statements: Statements, schedule: ExamQuestion) -> bool:
        """Return whether the learner still has this exam date and hasn't been asked."""
        rows = statements.run("exam_to_ask", learner=schedule.learner, course=schedule.course)
        return bool(rows) and rows[0][0] == schedule.exam.isoformat() and not rows[0][2]

    def advance(
        self, statements: Statements, schedule: ExamQuestion, served: Sequence[DueSlot], over: str | None
    ) -> None:
        """Record that the learner was asked, or has to be asked at their next command if the message was skipped."""
        for slot in served:
            rows = statements.run("delivery_row", **key_of(schedule.learner, schedule.course).values, slot=slot.name)
            if rows and rows[0][0] == "sent":
                statements.run("exam_asked", learner=schedule.learner, course=schedule.course, exam_on=slot.name,
                               now=seconds(schedule.now))  # fmt: skip
            else:
                _wait(statements, schedule)


def end_question(statements: Statements, learner: int, course: str, reason: str) -> None:
    """End an open delivery of the question."""
    statements.run("end_open_deliveries", **key_of(learner, course).values, course=course, reason=reason)


def _wait(statements: Statements, question: ExamQuestion) -> None:
    statements.run("exam_by_command", learner=question.learner, course=question.course,
                   exam_on=question.exam.isoformat())  # fmt: skip
