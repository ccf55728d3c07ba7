"""The answers to questions of the day. They feed the learner's reviews in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.daily_questions import DailyPost, post_of
from bot.store.engine import Engine, Statements
from bot.store.mistakes import Schedule, Source, record_practice
from bot.store.streaks import Studied


@dataclass(frozen=True, slots=True)
class DailyAnswer:
    """A learner's answer: the index of the option in the file. ``fresh``: it was given just now.

    ``late``: it was given after the answer was revealed, so it isn't counted. ``studied`` as in ``record_study_day``.
    """

    choice: int
    correct: bool
    at: datetime
    fresh: bool
    late: bool
    studied: Studied | None = None


@dataclass(frozen=True, slots=True)
class RevealedTally:
    """How many chose each option of a revealed question, and its message."""

    slot: str
    question: str
    fingerprint: str
    channel: int
    message: int
    answers: dict[int, int]


Mark = Callable[[DailyPost | None], tuple[DailyPost, int, bool]]
"""Return the post, the chosen option and whether it is right; or raise the error that the member sees."""


class DailyAnswers:
    """Answers, and what a group's answers in a week were."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def add(self, server: int, slot: str, learner: int, now: datetime, mark: Mark) -> DailyAnswer:
        """Store an answer, unless the learner has one; return the stored one.

        A new answer counts as a review if the question was due or new, enters the list of mistakes if it is wrong, and
        counts as study on its day.
        """
        key = {"server": server, "slot": slot}

        def work(statements: Statements) -> DailyAnswer:
            post = post_of(slot, statements.run("daily_post", **key))
            revealed = post.revealed if post else None
            if rows := statements.run("daily_answer", **key, learner=learner):
                choice, correct, answered_at = rows[0]
                at = from_seconds(answered_at)
                return DailyAnswer(choice, bool(correct), at, fresh=False, late=bool(revealed and at >= revealed))
            asked, choice, correct = mark(post)
            statements.run(
                "add_daily_answer", **key, learner=learner, choice=choice, correct=int(correct), now=seconds(now)
            )
            practice = record_practice(
                statements, learner, asked.course, asked.question, source=Source.DAILY, schedule=Schedule.DUE_OR_NEW,
                correct=correct, now=now, chosen=(choice,),
            )  # fmt: skip
            return DailyAnswer(choice, correct, now, fresh=True, late=revealed is not None, studied=practice.studied)

        return await self._engine.transact(work)

    async def count(self, server: int, slot: str) -> int:
        """Return the number of answers to a post, including late ones."""
        return int((await self._engine.read("number_of_daily_answers", server=server, slot=slot))[0][0])

    async def any_since(self, server: int, since: datetime) -> bool:
        """Return whether anyone in a server has answered since ``since``."""
        return bool(await self._engine.read("daily_answered_since", server=server, since=seconds(since)))

    async def of_week(self, server: int, course: str, since: datetime, until: datetime) -> tuple[int, int]:
        """Return how many answers the posts of a week got, and from how many members."""
        rows = await self._engine.read(
            "daily_answers_of_week", server=server, course=course, since=seconds(since), until=seconds(until)
        )
        return rows[0][0], rows[0][1]

    async def revealed_in_week(self, server: int, course: str, since: datetime, until: datetime) -> list[RevealedTally]:
        """Return the questions that were revealed in a week and had answers."""
        rows = await self._engine.read(
            "daily_tallies_of_week", server=server, course=course, since=seconds(since), until=seconds(until)
        )
        found: dict[str, RevealedTally] = {}
        for slot, question, fingerprint, channel, message, choice, answers in rows:
            tally = RevealedTally(slot, question, fingerprint, channel or 0, message or 0, {})
            found.setdefault(slot, tally).answers[choice] = answers
        return list(found.values())
