"""The answers to questions of the day. They feed the learner's reviews in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.fsrs import Rating, apply_rating, max_interval_before
from bot.core.questions.mistakes import after_answer
from bot.store.daily_questions import DailyPost, post_of
from bot.store.engine import Engine, Statements
from bot.store.mistakes import Schedule, Source, local_day, record_practice, save_card, save_mistake
from bot.store.review_rows import LogEntry, entry_of
from bot.store.streaks import Studied


@dataclass(frozen=True, slots=True)
class DailyAnswer:
    """A learner's answer: the index of the option in the file. ``fresh``: it was given just now.

    ``late``: it was given after the answer was revealed, so it isn't counted. ``studied`` as in ``record_study_day``.
    ``guessed``: the learner said just now that it was a guess.
    """

    choice: int
    correct: bool
    at: datetime
    fresh: bool
    late: bool
    studied: Studied | None = None
    guessed: bool = False


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

    async def guess(self, server: int, slot: str, learner: int) -> DailyAnswer | None:
        """Record that a correct answer was a guess: it stays on the list of mistakes and comes back sooner.

        Return the answer; None if there is no correct one, or if the learner has answered other questions since.
        """
        key = {"server": server, "slot": slot}

        def work(statements: Statements) -> DailyAnswer | None:
            post = post_of(slot, statements.run("daily_post", **key))
            rows = statements.run("daily_answer", **key, learner=learner)
            if post is None or not rows:
                return None
            choice, correct, answered_at = rows[0]
            course = {"learner": learner, "course": post.course}
            last = next(map(entry_of, statements.run("last_review", **course)), None)
            if last is None or (last.question, last.source, last.at) != (post.question, Source.DAILY, answered_at):
                return None
            if correct and not last.guessed:
                _change_to_guess(statements, {**course, "question": post.question}, last)
            at = from_seconds(answered_at)
            late = bool(post.revealed and at >= post.revealed)
            return DailyAnswer(choice, bool(correct), at, fresh=False, late=late, guessed=True) if correct else None

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


def _change_to_guess(statements: Statements, key: dict[str, Any], entry: LogEntry) -> None:
    """Change a correct answer to a guess. ``key`` has ``learner``, ``course`` and ``question``."""
    *_, exam, zone = statements.run("practice_state", **key)[0]
    day = local_day(entry.at, zone_named(zone))
    statements.run("rate_review", learner=key["learner"], number=entry.number, rating=int(Rating.HARD), guessed=1)
    if entry.counted:
        longest = max_interval_before(date.fromisoformat(exam) if exam else None, day)
        save_card(statements, key, apply_rating(entry.before, Rating.HARD, entry.at, longest))
    save_mistake(statements, key, after_answer(entry.mistake, correct=True, guessed=True, at=entry.at, day=day))
