"""The quizzes that are going on: one in a channel, until it ends; then nothing of it is kept."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.quiz import Score
from bot.store.sqlite.connection import Statements
from bot.store.sqlite.database import Database


class Stage(StrEnum):
    """Where a quiz is."""

    LOBBY = "lobby"
    ASKING = "asking"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Round:
    """A quiz. ``number`` is that of the latest question, from 1; ``message`` its message, or that of the lobby.

    ``opens`` and ``closes`` are those of the question, or of the lobby. ``host`` began it; None where they were
    forgotten.
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
    """How many play, how many of them have answered the question that is asked, and how many of those are right."""

    players: int
    answered: int
    right: int


class Joined(NamedTuple):
    """That a learner takes part: whether only since now, whether they are hidden, and how many play."""

    fresh: bool
    hidden: bool
    players: int


class Quizzes:
    """Rounds, who takes part, and what they answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, quiz: Round, alive: Callable[[int], bool]) -> Round:
        """Begin a quiz in its channel, and return it; or the one that is going on there.

        One that isn't ``alive``, by its id, makes room.
        """

        def work(statements: Statements) -> Round:
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
            ((found,),) = begun or statements.run("quiz_in_channel", channel=quiz.channel)
            return _read(statements, found) or quiz

        return await self._database.transact(work)

    async def of(self, quiz: int) -> Round | None:
        rows = await self._database.read("quiz_by_id", quiz=quiz)
        return _round(rows[0]) if rows else None

    async def open(self) -> list[int]:
        """The ids of all quizzes that are going on."""
        return [quiz for (quiz,) in await self._database.read("quizzes")]

    async def open_in(self, server: int) -> list[int]:
        return [quiz for (quiz,) in await self._database.read("quizzes_of_server", server=server)]

    async def join(self, quiz: int, learner: int) -> Joined | None:
        """Take part; None where the quiz is over."""

        def work(statements: Statements) -> Joined | None:
            at = _read(statements, quiz)
            return _told(statements, at, learner, _enter(statements, at, learner))[0] if at else None

        return await self._database.transact(work)

    async def ask(self, quiz: int, number: int, opens: datetime, closes: datetime) -> Round | None:
        """Open a question; None where the quiz is over."""

        def work(statements: Statements) -> Round | None:
            times = {"opens_at": seconds(opens), "closes_at": seconds(closes)}
            statements.run("ask_quiz", quiz=quiz, number=number, **times)
            return _read(statements, quiz)

        return await self._database.transact(work)

    async def posted(self, quiz: int, number: int, message: int, opens: datetime, closes: datetime) -> Round | None:
        """The message of a question (0: of the lobby) is there; its times may have moved. None where it is over."""

        def work(statements: Statements) -> Round | None:
            times = {"opens_at": seconds(opens), "closes_at": seconds(closes)}
            statements.run("quiz_posted", quiz=quiz, number=number, message=message, **times)
            return _read(statements, quiz)

        return await self._database.transact(work)

    async def answer(
        self, quiz: int, number: int, learner: int, judge: Callable[[Round], tuple[int, bool]], now: datetime
    ) -> tuple[Round, Joined, Tally] | None:
        """Note an answer, or change it; who answers takes part. None where that question isn't open (any more).

        ``judge`` says which option it is, and whether that is right; what it raises changes nothing.
        """

        def work(statements: Statements) -> tuple[Round, Joined, Tally] | None:
            at = _read(statements, quiz)
            if at is None or at.stage is not Stage.ASKING or at.number != number or now >= at.closes:
                return None
            choice, correct = judge(at)
            fresh = _enter(statements, at, learner)
            statements.run(
                "answer_quiz",
                quiz=quiz,
                number=number,
                learner=learner,
                choice=choice,
                correct=int(correct),
                took=max(0, int((now - at.opens).total_seconds() * 1000)),
            )
            return at, *_told(statements, at, learner, fresh)

        return await self._database.transact(work)

    async def close(self, quiz: int) -> tuple[Round, Tally] | None:
        """Close the question that is open, for good: answers come too late from now on. None where it is over."""

        def work(statements: Statements) -> tuple[Round, Tally] | None:
            statements.run("close_quiz", quiz=quiz)
            at = _read(statements, quiz)
            return (at, _tally(statements, at)) if at else None

        return await self._database.transact(work)

    async def scores(self, quiz: int) -> tuple[Round, list[Score]] | None:
        """How it stands after the questions that are closed. None where it is over."""

        def work(statements: Statements) -> tuple[Round, list[Score]] | None:
            return _scores(statements, quiz)

        return await self._database.transact(work)

    async def end(self, quiz: int) -> tuple[Round, list[Score]] | None:
        """Forget all of it. Returns how it stood after the questions that were closed; None where it is over."""

        def work(statements: Statements) -> tuple[Round, list[Score]] | None:
            found = _scores(statements, quiz)
            _drop(statements, quiz)
            return found

        return await self._database.transact(work)


def closed(at: Round) -> int:
    """How many questions of a quiz are closed."""
    return at.number - (at.stage is Stage.ASKING)


def _enter(statements: Statements, at: Round, learner: int) -> bool:
    """Let the learner take part. Returns whether they didn't before."""
    return bool(statements.run("join_quiz", quiz=at.id, learner=learner))


def _told(statements: Statements, at: Round, learner: int, fresh: bool) -> tuple[Joined, Tally]:
    """What is told to who takes part, and the tally with them in it."""
    ((players, answered, right, hidden),) = statements.run("quiz_tally", quiz=at.id, number=at.number, learner=learner)
    return Joined(fresh, bool(hidden), players), Tally(players, answered, right)


def _tally(statements: Statements, at: Round) -> Tally:
    return Tally._make(statements.run("quiz_tally", quiz=at.id, number=at.number, learner=0)[0][:3])


def _scores(statements: Statements, quiz: int) -> tuple[Round, list[Score]] | None:
    at = _read(statements, quiz)
    if at is None:
        return None
    rows = statements.run("quiz_players", quiz=quiz, last=closed(at))
    return at, [Score(learner, bool(hidden), right, took) for learner, hidden, right, took in rows]


def _drop(statements: Statements, quiz: int) -> None:
    for query in ("drop_quiz", "drop_quiz_players", "drop_quiz_answers"):
        statements.run(query, quiz=quiz)


def _read(statements: Statements, quiz: int) -> Round | None:
    rows = statements.run("quiz_by_id", quiz=quiz)
    return _round(rows[0]) if rows else None


def _round(row: Sequence[Any]) -> Round:
    quiz, server, channel, course, route, pace, questions, stage, number, opens, closes, message, host = row
    return Round(
        quiz, server, channel, course, route, pace, tuple(json.loads(questions)), Stage(stage), number,
        from_seconds(opens), from_seconds(closes), message, host,
    )  # fmt: skip
