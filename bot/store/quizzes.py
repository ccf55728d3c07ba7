"""Quizzes in progress. At most one per channel; all rows of a quiz are deleted when it ends."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.quiz import Score
from bot.store.engine import Engine, Statements
from bot.store.mistakes import Schedule, Source, record_practice


class Stage(StrEnum):
    """The stage of a quiz: members join, a question is open, or it is closed and the next one follows."""

    LOBBY = "lobby"
    ASKING = "asking"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz as stored. ``number`` is that of the current question, from 1; 0 in the lobby.

    ``message``, ``opens`` and ``closes`` are those of the question, or of the lobby. ``host`` started the quiz; None
    if their data was deleted.
    """

    id: int
    server: int
    channel: int
    course: str
    route: str | None
    seconds: int
    questions: tuple[str, ...]
    stage: Stage
    number: int
    opens: datetime
    closes: datetime
    message: int | None
    host: int | None


class Tally(NamedTuple):
    """The number of players, of those who answered the current question, and of those who are correct."""

    players: int
    answered: int
    right: int


class Joined(NamedTuple):
    """A player: whether they joined just now, whether they are hidden, and the number of players."""

    fresh: bool
    hidden: bool
    players: int


class Quizzes:
    """The rows of quizzes, players and answers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def begin(self, quiz: QuizRow, alive: Callable[[int], bool]) -> QuizRow:
        """Begin a quiz in its channel and return it. If one is in progress there, return that one instead.

        A quiz in the channel whose ID isn't ``alive`` is deleted first.
        """

        def work(statements: Statements) -> QuizRow:
            for (other,) in statements.run("quiz_in_channel", channel=quiz.channel):
                if not alive(other):
                    _drop(statements, other)
            begun = statements.run(
                "begin_quiz",
                quiz=quiz.id,
                server=quiz.server,
                channel=quiz.channel,
                course=quiz.course,
                route=quiz.route,
                seconds=quiz.seconds,
                questions=json.dumps(quiz.questions),
                opens_at=seconds(quiz.opens),
                closes_at=seconds(quiz.closes),
            )
            if begun and quiz.host is not None:
                statements.run("host_quiz", quiz=quiz.id, learner=quiz.host)
            ((stored,),) = begun or statements.run("quiz_in_channel", channel=quiz.channel)
            return _read(statements, stored) or quiz

        return await self._engine.transact(work)

    async def of(self, quiz: int) -> QuizRow | None:
        """Return the quiz with this ID; None if it has ended."""
        return _row(await self._engine.read("quiz_by_id", quiz=quiz))

    async def open(self) -> list[int]:
        """Return the IDs of all quizzes in progress."""
        return [quiz for (quiz,) in await self._engine.read("quizzes")]

    async def open_in(self, server: int) -> list[int]:
        """Return the IDs of the quizzes in progress in a server."""
        return [quiz for (quiz,) in await self._engine.read("quizzes_of_server", server=server)]

    async def join(self, quiz: int, learner: int) -> Joined | None:
        """Add a player. Return None if the quiz has ended."""

        def work(statements: Statements) -> Joined | None:
            row = _read(statements, quiz)
            return _join(statements, row, learner)[0] if row else None

        return await self._engine.transact(work)

    async def ask(self, quiz: int, number: int, opens: datetime, closes: datetime) -> QuizRow | None:
        """Open a question. Return None if the quiz has ended."""
        return await self._update("ask_quiz", quiz, number=number, opens_at=seconds(opens), closes_at=seconds(closes))

    async def posted(self, quiz: int, number: int, message: int, opens: datetime, closes: datetime) -> QuizRow | None:
        """Store the message of a question (0: of the lobby) and its times. Return None if the quiz has ended."""
        times = {"opens_at": seconds(opens), "closes_at": seconds(closes)}
        return await self._update("quiz_posted", quiz, number=number, message=message, **times)

    async def answer(
        self, quiz: int, number: int, learner: int, judge: Callable[[QuizRow], tuple[int, bool]], now: datetime
    ) -> tuple[QuizRow, Joined, Tally] | None:
        """Store or replace an answer and add the player. Return None if that question isn't open.

        ``judge`` returns the option's index and whether it is correct. If it raises, nothing changes.
        """

        def work(statements: Statements) -> tuple[QuizRow, Joined, Tally] | None:
            row = _read(statements, quiz)
            if row is None or row.stage is not Stage.ASKING or row.number != number or now >= row.closes:
                return None
            choice, correct = judge(row)
            statements.run(
                "answer_quiz",
                quiz=quiz,
                number=number,
                learner=learner,
                choice=choice,
                correct=int(correct),
                took=max(0, int((now - row.opens).total_seconds() * 1000)),
            )
            return row, *_join(statements, row, learner)

        return await self._engine.transact(work)

    async def close(self, quiz: int) -> tuple[QuizRow, Tally] | None:
        """Close the current question; later answers are rejected. Return None if the quiz has ended."""

        def work(statements: Statements) -> tuple[QuizRow, Tally] | None:
            statements.run("close_quiz", quiz=quiz)
            row = _read(statements, quiz)
            return (row, _tally(statements, row)[0]) if row else None

        return await self._engine.transact(work)

    async def scores(self, quiz: int) -> tuple[QuizRow, list[Score]] | None:
        """Return the scores over the closed questions; None if the quiz has ended."""
        return await self._engine.transact(lambda statements: _scores(statements, quiz))

    async def end(self, quiz: int, now: datetime) -> tuple[QuizRow, list[Score]] | None:
        """Delete the quiz. Return the scores over the closed questions; None if it has already ended.

        Wrong answers are added to the mistakes of the players who chose that.
        """

        def work(statements: Statements) -> tuple[QuizRow, list[Score]] | None:
            scores = _scores(statements, quiz)
            if scores:
                _keep_mistakes(statements, scores[0], now)
            _drop(statements, quiz)
            return scores

        return await self._engine.transact(work)

    async def _update(self, query: str, quiz: int, **values: int) -> QuizRow | None:
        def work(statements: Statements) -> QuizRow | None:
            statements.run(query, quiz=quiz, **values)
            return _read(statements, quiz)

        return await self._engine.transact(work)


def closed(quiz: QuizRow) -> int:
    """Return the number of closed questions."""
    return quiz.number - (quiz.stage is Stage.ASKING)


def _join(statements: Statements, quiz: QuizRow, learner: int) -> tuple[Joined, Tally]:
    """Add a player. Return the tally of the current question including them."""
    fresh = bool(statements.run("join_quiz", quiz=quiz.id, learner=learner))
    tally, hidden = _tally(statements, quiz, learner)
    return Joined(fresh, hidden, tally.players), tally


def _tally(statements: Statements, quiz: QuizRow, learner: int = 0) -> tuple[Tally, bool]:
    """Return the tally of the current question, and whether the learner is hidden."""
    ((*counts, hidden),) = statements.run("quiz_tally", quiz=quiz.id, number=quiz.number, learner=learner)
    return Tally(*counts), bool(hidden)


def _scores(statements: Statements, quiz: int) -> tuple[QuizRow, list[Score]] | None:
    row = _read(statements, quiz)
    if row is None:
        return None
    rows = statements.run("quiz_players", quiz=quiz, last=closed(row))
    return row, [Score(learner, bool(hidden), right, took) for learner, hidden, right, took in rows]


def _keep_mistakes(statements: Statements, quiz: QuizRow, now: datetime) -> None:
    for learner, number in statements.run("quiz_mistakes", quiz=quiz.id, last=closed(quiz)):
        record_practice(
            statements, learner, quiz.course, quiz.questions[number - 1],
            source=Source.QUIZ, schedule=Schedule.NEVER, correct=False, now=now, studied=False,
        )  # fmt: skip


def _drop(statements: Statements, quiz: int) -> None:
    for query in ("drop_quiz", "drop_quiz_players", "drop_quiz_answers"):
        statements.run(query, quiz=quiz)


def _read(statements: Statements, quiz: int) -> QuizRow | None:
    return _row(statements.run("quiz_by_id", quiz=quiz))


def _row(rows: Sequence[Sequence[Any]]) -> QuizRow | None:
    if not rows:
        return None
    quiz, server, channel, course, route, pace, questions, stage, number, opens, closes, message, host = rows[0]
    return QuizRow(
        quiz, server, channel, course, route, pace, tuple(json.loads(questions)), Stage(stage), number,
        from_seconds(opens), from_seconds(closes), message, host,
    )  # fmt: skip
