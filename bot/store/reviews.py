"""Reviews: the cards of each learner, the log of ratings, and the round in progress."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import seconds
from bot.core.course.progress import Tick
from bot.core.questions.fsrs import Card
from bot.core.questions.item_statistics import GivenAnswer
from bot.core.questions.mistakes import Mistake, after_answer
from bot.store.engine import Engine, Statements
from bot.store.fsrs_settings import tuning_in
from bot.store.item_statistics import count_first_answers
from bot.store.mistakes import (
    Known,
    Schedule,
    Source,
    card_of,
    local_day,
    mistake_of,
    mistakes_of,
    record_practice,
    review_number,
    save_card,
    save_mistake,
)
from bot.store.plans import StoredPlan, stored_plan
from bot.store.review_rows import LogEntry, RecentReviews, Round, cards_of, entry_of
from bot.store.streaks import Studied, take_back_study_day

T = TypeVar("T")


class ReviewTransaction:
    """A learner's review of a course inside one transaction: its state and its changes.

    Each change keeps cards, log, round and study day consistent. Use it only inside ``Reviews.transact``.
    """

    def __init__(self, statements: Statements, learner: int, course: str, now: datetime) -> None:
        self._run = statements.run
        self._statements = statements
        self._learner = learner
        self._key: dict[str, Any] = {"learner": learner, "course": course}
        self.now = now
        self.at = seconds(now)
        row = statements.run("review_state", **self._key)[0]
        self.round = Round._make(row[:14]) if row[2] is not None else None
        self.card = card_of(row[14:21])
        """The card of the current question; None for a new one."""
        self.mistake = mistake_of(row[21:23])
        """The entry of the current question on the list of mistakes."""
        self.entry = entry_of(row[23:42])
        """The log entry of its answer; None before the answer and after an undo."""
        self.exam = None if row[42] is None else date.fromisoformat(row[42])
        self.zone = zone_named(row[43])
        self.tuning = tuning_in(row[44:46])

    def due(self) -> dict[str, Card]:
        """Return the due cards, by question."""
        return cards_of(self._run("due_cards", **self._key, by=self.at))

    def cards(self) -> dict[str, Card]:
        """Return all cards of the course, by question."""
        return cards_of(self._run("cards", **self._key))

    def ticks(self) -> list[Tick]:
        return list(map(Tick._make, self._run("ticks", **self._key)))

    def new_since(self, moment: datetime) -> int:
        """Return how many cards were answered for the first time since ``moment``, in all courses."""
        return int(self._run("new_cards_since", learner=self._learner, since=review_number(moment))[0][0])

    def mistakes(self) -> dict[str, Mistake]:
        """Return the list of mistakes of the course, by question."""
        return mistakes_of(self._run("mistakes", **self._key))

    def plan(self) -> StoredPlan:
        return stored_plan(self._run("plan_of", **self._key), self._run("away_of", learner=self._learner))

    def final_pass_count(self, begins: int, since: datetime) -> int:
        """Return how many cards that were last reviewed before ``begins`` (seconds) were reviewed since ``since``."""
        return int(self._run("final_pass_count", **self._key, begins=begins, since=review_number(since))[0][0])

    def missed(self) -> list[str]:
        """Return the questions of this round whose latest answer is wrong, the latest one first."""
        return [question for question, correct in self.answered().items() if not correct]

    def answered(self) -> dict[str, bool]:
        """Return the questions of this round and whether the latest answer is correct, the latest one first."""
        count = self.round.done if self.round else 0
        latest: dict[str, bool] = {}
        for question, correct in self._run("latest_answers", **self._key, count=count):
            latest.setdefault(question, bool(correct))
        return latest

    def begin(self, wanted: Round) -> None:
        """Begin a round, without a question yet."""
        self.round = wanted._replace(seed=self.round.seed if self.round else 0)

    def show(self, question: str | None, card: Card | None = None) -> None:
        """Set the current question and its card; None ends the round."""
        self.card, self.entry = card, None
        self._show(question=question, chosen=None, duration=None)

    def restart_timer(self) -> None:
        """Measure the answer time of the current question from now."""
        self._save(self._round()._replace(shown_at=self.at))

    def record(
        self, given: Sequence[int], rating: int, *, correct: bool, duration: int | None, guessed: bool = False,
        capped: bool = True,
    ) -> Studied | None:  # fmt: skip
        """Record the answer to the current question. In a drill its card changes only if it is due.

        ``capped`` as in ``record_practice``.
        """
        current, before, mistake = self._round(), self.card, self.mistake
        question, drill = str(current.question), current.scope is not None
        source, schedule = (Source.DRILL, Schedule.DUE) if drill else (Source.REVIEW, Schedule.ALWAYS)
        made = record_practice(
            self._statements, self._learner, self._key["course"], question,
            source=source, schedule=schedule, correct=correct, now=self.now, chosen=given, rating=rating,
            guessed=guessed, duration=duration, capped=capped,
            known=Known(before, mistake, self.exam, self.zone, self.tuning),
        )  # fmt: skip
        chosen = ",".join(map(str, given))
        self.entry = LogEntry(
            made.number, question, self.at, rating, correct, duration, chosen, source, made.counted, guessed, mistake,
            before,
        )  # fmt: skip
        self.card, self.mistake = made.card, made.mistake
        done, right = current.done + 1, current.correct + correct
        self._save(current._replace(chosen=chosen, duration=duration, number=made.number, done=done, correct=right))
        return made.studied

    def count(self, answer: GivenAnswer) -> None:
        """Count an answer in the item statistics if it is the learner's first to its question."""
        count_first_answers(self._statements, self._learner, str(self._key["course"]), [answer])

    def is_latest(self) -> bool:
        """Return whether the answer to the current question is the latest one in the course, from any source."""
        rows = self._run("last_review", **self._key)
        return bool(rows and self.entry and rows[0][0] == self.entry.number)

    def change_rating(self, card: Card | None, rating: int, *, guessed: bool) -> None:
        """Replace the rating of the current answer. ``card`` is the card after it, None if the answer didn't count."""
        current, entry = self._round(), self._entry()
        self._run("rate_review", learner=self._learner, number=current.number, rating=rating, guessed=int(guessed))
        key = {**self._key, "question": entry.question}
        if card is not None:
            save_card(self._statements, key, card)
            self.card = card
        day = local_day(entry.at, self.zone)
        after = after_answer(entry.mistake, correct=entry.correct, guessed=guessed, at=entry.at, day=day)
        if after != self.mistake:
            save_mistake(self._statements, key, after)
            self.mistake = after

    def undo(self) -> LogEntry | None:
        """Remove the latest answer of the course and return it; None if there is none from a review or a drill.

        Restores the card, the list of mistakes and the study day, and makes its question the current one, answered but
        not rated.
        """
        current, rows = self._round(), self._run("last_review", **self._key)
        last = entry_of(rows[0]) if rows else None
        if last is None or last.source not in (Source.REVIEW, Source.DRILL):
            return None
        key = {**self._key, "question": last.question}
        if last.counted:
            save_card(self._statements, key, last.before)
        save_mistake(self._statements, key, last.mistake)
        self._run("drop_review", learner=self._learner, number=last.number)
        take_back_study_day(self._statements, self._learner, self.now)
        self.card, self.mistake, self.entry = last.before, last.mistake, None
        done, right = max(0, current.done - 1), max(0, current.correct - last.correct)
        self._show(question=last.question, chosen=last.chosen, duration=last.duration, done=done, correct=right)
        return last

    def _entry(self) -> LogEntry:
        if self.entry is None:
            raise ValueError("there is no answer")
        return self.entry

    def _round(self) -> Round:
        if self.round is None:
            raise ValueError("there is no round")
        return self.round

    def _show(self, **changes: Any) -> None:
        current = self._round()
        seed = max(current.seed + 1, self.at)
        self._save(current._replace(seed=seed, shown_at=self.at, number=None, **changes))

    def _save(self, changed: Round) -> None:
        self._run("save_round", **self._key, **changed._asdict())
        self.round = changed


class Reviews:
    """The rows of reviews. A round changes only through ``transact``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def transact(self, learner: int, course: str, now: datetime, work: Callable[[ReviewTransaction], T]) -> T:
        """Run ``work`` in one transaction, on the writer's thread. Apart from the transaction it must be pure."""
        return await self._engine.transact(lambda statements: work(ReviewTransaction(statements, learner, course, now)))

    async def cards(self, learner: int, course: str) -> dict[str, Card]:
        """Return all cards of a course, by question, including those whose question was removed from the bank."""
        return cards_of(await self._engine.read("cards", learner=learner, course=course))

    async def due(self, learner: int, course: str, now: datetime) -> dict[str, Card]:
        """Return the due cards, by question, including those whose question was removed from the bank."""
        return cards_of(await self._engine.read("due_cards", learner=learner, course=course, by=seconds(now)))

    async def new_since(self, learner: int, since: datetime) -> int:
        """Return how many cards were answered for the first time since ``since``, in all courses."""
        return int((await self._engine.read("new_cards_since", learner=learner, since=review_number(since)))[0][0])

    async def answered_since(self, learner: int, course: str, since: datetime) -> frozenset[str]:
        """Return the questions of a course that were answered since ``since``."""
        values = {"learner": learner, "course": course, "since": review_number(since)}
        return frozenset(question for (question,) in await self._engine.read("answered_since", **values))

    async def recent(self, learner: int, course: str, since: datetime) -> RecentReviews:
        """Return the reviews of a course since ``since``."""
        rows = await self._engine.read("reviews_since", learner=learner, course=course, since=review_number(since))
        return RecentReviews(*rows[0])
