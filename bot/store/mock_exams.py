"""What is remembered of mock exams: the open one, the answers of the latest, and the numbers of all."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.mock_exam import Answer, Paper
from bot.store.sqlite.connection import Statements
from bot.store.sqlite.database import Database


@dataclass(frozen=True, slots=True)
class Result:
    """The numbers of a mock exam that is over."""

    number: int
    started: datetime
    ended: datetime
    right: int
    asked: int


Begin = Callable[[Paper | None, int], Paper]
"""From the latest paper that is over, and the least number that a new one may have, to the new one."""

Change = Callable[[Paper], Paper | None]
"""From a paper to what becomes of it: None where it is given up."""


class Mocks:
    """Mock exams. Every change is one transaction, in which it is decided."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, learner: int, course: str) -> Paper | None:
        """The open one of a learner in a course."""
        rows = await self._database.read("open_mock", learner=learner, course=course)
        return await self.of(learner, course, rows[0][0]) if rows else None

    async def of(self, learner: int, course: str, number: int) -> Paper | None:
        """The one of this number; without answers where those aren't kept any more."""
        rows = await self._database.read("mock_of_number", learner=learner, course=course, number=number)
        return _paper(rows) if rows else None

    async def results(self, learner: int, course: str) -> list[Result]:
        """The latest four that are over, newest first."""
        return _results(await self._database.read("latest_mocks", learner=learner, course=course))

    async def begin(self, learner: int, course: str, begin: Begin) -> tuple[Paper, bool]:
        """Begin a new one, unless one is open. Returns the open one, and whether it is new."""

        def work(transaction: Statements) -> tuple[Paper, bool]:
            key = {"learner": learner, "course": course}
            if rows := transaction.run("open_mock", **key):
                return _paper(transaction.run("mock_of_number", **key, number=rows[0][0])), False
            latest = transaction.run("latest_mocks", **key)
            last = latest[0][0] if latest else 0
            paper = begin(_paper(transaction.run("mock_of_number", **key, number=last)) if latest else None, last + 1)
            transaction.run(
                "add_mock",
                **key,
                number=paper.number,
                started_at=seconds(paper.started),
                ends_at=paper.ends and seconds(paper.ends),
                place=paper.place,
            )
            questions = json.dumps([answer.question for answer in paper.answers])
            transaction.run("add_mock_answers", **key, number=paper.number, questions=questions)
            return paper, True

        return await self._database.transact(work)

    async def change(
        self, learner: int, course: str, number: int, change: Change
    ) -> tuple[Paper | None, Paper | None, list[Result]]:
        """Make of a paper what ``change`` says. Returns it before (None where there is none) and after.

        The latest results come with it once it is over. From then on the answers of earlier ones aren't kept.
        """

        def work(transaction: Statements) -> tuple[Paper | None, Paper | None, list[Result]]:
            key = {"learner": learner, "course": course}
            rows = transaction.run("mock_of_number", **key, number=number)
            if not rows:
                return None, None, []
            before = _paper(rows)
            after = change(before)
            _write(transaction, {**key, "number": number}, before, after)
            over = after is not None and after.ended is not None
            return before, after, _results(transaction.run("latest_mocks", **key)) if over else []

        return await self._database.transact(work)


def _write(transaction: Statements, key: dict[str, Any], before: Paper, after: Paper | None) -> None:
    """What has changed of a paper."""
    if after is None:
        transaction.run("drop_mock_answers", **key)
        transaction.run("drop_mock", **key)
        return
    for place, (old, new) in enumerate(zip(before.answers, after.answers, strict=True)):
        if old != new:
            transaction.run("set_mock_answer", **key, place=place, chosen=",".join(map(str, new.chosen)) or None)
    if (before.place, before.ended) == (after.place, after.ended):
        return
    if after.ended is None:
        transaction.run("set_mock", **key, place=after.place, ended_at=None, correct=None, asked=None)
        return
    ended = seconds(after.ended)
    transaction.run("set_mock", **key, place=after.place, ended_at=ended, correct=after.right, asked=after.asked)
    transaction.run("drop_earlier_mock_answers", **key)


def _paper(rows: Sequence[Any]) -> Paper:
    number, started, ends, place, ended, correct, asked = rows[0][:7]
    return Paper(
        number=number,
        started=from_seconds(started),
        ends=None if ends is None else from_seconds(ends),
        answers=tuple(_answer(question, chosen) for *_, question, chosen in rows if question is not None),
        place=place,
        ended=None if ended is None else from_seconds(ended),
        right=correct or 0,
        asked=asked or 0,
    )


def _answer(question: str, chosen: str | None) -> Answer:
    return Answer(question, tuple(map(int, chosen.split(","))) if chosen else ())


def _results(rows: Iterable[Sequence[Any]]) -> list[Result]:
    return [
        Result(number, from_seconds(started), from_seconds(ended), correct, asked)
        for number, started, ended, correct, asked in rows
    ]
