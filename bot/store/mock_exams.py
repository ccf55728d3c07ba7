"""Mock exams: the open one, the answers of the latest one, and the results of all."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.item_statistics import GivenAnswer
from bot.core.questions.mock_exam import Answer, MockExam
from bot.store.engine import Engine, Statements
from bot.store.item_statistics import count_first_answers
from bot.store.mistakes import Answered, record_exam


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a finished mock exam. ``points`` are hundredths, with partial credit if it was given."""

    number: int
    started: datetime
    ended: datetime
    right: int
    asked: int
    points: int


Create = Callable[[MockExam | None, int], MockExam]
"""Return a new mock exam, given the latest finished one and the lowest number that the new one may have."""

Change = Callable[[MockExam], MockExam | None]
"""Return the changed mock exam; None discards it."""

Marked = Callable[[MockExam], Sequence[Answered]]
"""Return the marked answers of a mock exam."""
Answers = Callable[[MockExam], Sequence[GivenAnswer]]
"""Return the complete answers of a mock exam."""


class MockExams:
    """The rows of mock exams. Each change is decided and written in one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def open(self, learner: int, course: str) -> MockExam | None:
        """Return the learner's open mock exam in a course."""
        return _exam(await self._engine.read("open_mock_exam", learner=learner, course=course))

    async def get(self, learner: int, course: str, number: int) -> MockExam | None:
        """Return the mock exam with this number, without answers if those are not stored."""
        return _exam(await self._engine.read("mock_exam", learner=learner, course=course, number=number))

    async def results(self, learner: int, course: str) -> list[Result]:
        """Return the latest six results, newest first."""
        return _results(await self._engine.read("mock_exam_results", learner=learner, course=course))

    async def begin(self, learner: int, course: str, create: Create) -> tuple[MockExam, bool]:
        """Create a mock exam unless one is open. Return the open one, and whether it is new."""

        def work(transaction: Statements) -> tuple[MockExam, bool]:
            key = {"learner": learner, "course": course}
            if exam := _exam(transaction.run("open_mock_exam", **key)):
                return exam, False
            results = transaction.run("mock_exam_results", **key)
            last = results[0][0] if results else 0
            exam = create(_exam(transaction.run("mock_exam", **key, number=last)), last + 1)
            transaction.run(
                "add_mock_exam",
                **key,
                number=exam.number,
                started_at=seconds(exam.started),
                ends_at=exam.deadline and seconds(exam.deadline),
                place=exam.position,
            )
            questions = json.dumps([answer.question for answer in exam.answers])
            transaction.run("add_mock_exam_answers", **key, number=exam.number, questions=questions)
            return exam, True

        return await self._engine.transact(work)

    async def change(
        self, learner: int, course: str, number: int, change: Change, marked: Marked, answers: Answers
    ) -> tuple[MockExam | None, MockExam | None, list[Result]]:
        """Apply ``change`` to a mock exam. Return it before (None if there is none) and after.

        If this ends it, its ``marked`` answers are recorded as practice, and its ``answers`` are counted in the item
        statistics. If it has ended, the latest results are returned too, and the answers of earlier mock exams are
        deleted.
        """

        def work(transaction: Statements) -> tuple[MockExam | None, MockExam | None, list[Result]]:
            key = {"learner": learner, "course": course}
            before = _exam(transaction.run("mock_exam", **key, number=number))
            if before is None:
                return None, None, []
            after = change(before)
            _write(transaction, {**key, "number": number}, before, after)
            ended = after is not None and after.ended is not None
            if after is not None and after.ended is not None and before.ended is None:
                count_first_answers(transaction, learner, course, answers(after))
                record_exam(transaction, learner, course, marked(after), after.ended)
            return before, after, _results(transaction.run("mock_exam_results", **key)) if ended else []

        return await self._engine.transact(work)


def _write(transaction: Statements, key: dict[str, Any], before: MockExam, after: MockExam | None) -> None:
    """Write the differences."""
    if after is None:
        transaction.run("drop_mock_exam_answers", **key)
        transaction.run("drop_mock_exam", **key)
        return
    for place, (old, new) in enumerate(zip(before.answers, after.answers, strict=True)):
        if old != new:
            chosen = ",".join(map(str, new.chosen)) or None
            transaction.run("set_mock_exam_answer", **key, place=place, chosen=chosen, flagged=int(new.flagged))
    if (before.position, before.ended) == (after.position, after.ended):
        return
    result: dict[str, int | None] = dict.fromkeys(("ended_at", "correct", "asked", "points"))
    if after.ended is not None:
        result = {
            "ended_at": seconds(after.ended),
            "correct": after.right,
            "asked": after.asked,
            "points": after.points,
        }
        transaction.run("drop_earlier_mock_exam_answers", **key)
    transaction.run("set_mock_exam", **key, place=after.position, **result)


def _exam(rows: Sequence[Sequence[Any]]) -> MockExam | None:
    if not rows:
        return None
    number, started, deadline, position, ended, correct, asked, points = rows[0][:8]
    return MockExam(
        number=number,
        started=from_seconds(started),
        deadline=None if deadline is None else from_seconds(deadline),
        answers=tuple(_answer(*row[9:]) for row in rows if row[9] is not None),
        position=position,
        ended=None if ended is None else from_seconds(ended),
        right=correct or 0,
        asked=asked or 0,
        points=_points(points, correct),
    )


def _answer(question: str, chosen: str | None, flagged: int) -> Answer:
    return Answer(question, tuple(map(int, chosen.split(","))) if chosen else (), bool(flagged))


def _results(rows: Iterable[Sequence[Any]]) -> list[Result]:
    return [
        Result(number, from_seconds(started), from_seconds(ended), correct, asked, _points(points, correct))
        for number, started, ended, correct, asked, points in rows
    ]


def _points(points: int | None, correct: int | None) -> int:
    """Return the stored points; one for each correct answer if none are stored."""
    return 100 * (correct or 0) if points is None else points
