"""Reviews: the cards of each learner, the log of ratings, and the round in progress."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import seconds
from bot.core.course.progress import Tick
from bot.core.questions.fsrs import Card
from bot.core.questions.item_statistics import GivenAnswer
from bot.store.engine import Engine, Statements
from bot.store.item_statistics import count_first_answers
from bot.store.streaks import Studied, record_study_day, take_back_study_day

T = TypeVar("T")


class Round(NamedTuple):
    """The review round of a learner in a course. The fields are those of its row.

    ``goal`` is the number of cards, ``extra`` the number of new ones beyond the daily limit (negative to ask fewer).
    ``question`` is the current one, None if the round has ended. ``seed`` determines the order of its options. It grows
    each time a question is shown, so it identifies the message that a button belongs to. ``chosen`` (option indices as
    text) is set once it is answered; ``number`` is that of its log entry, None if that was undone.
    """

    route: str | None
    beyond: int
    goal: int
    extra: int
    done: int = 0
    correct: int = 0
    question: str | None = None
    seed: int = 0
    shown_at: int = 0
    chosen: str | None = None
    duration: int | None = None
    number: int | None = None

    @property
    def given(self) -> tuple[int, ...]:
        """The chosen option indices."""
        return tuple(map(int, self.chosen.split(","))) if self.chosen else ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A row of the review log. ``before`` is the card before the rating; None for a new card."""

    number: int
    question: str
    at: int
    rating: int
    correct: bool
    duration: int | None
    chosen: str
    before: Card | None


@dataclass(frozen=True, slots=True)
class RecentReviews:
    """The number of reviews, of those of cards in the review state, and of those recalled."""

    reviews: int
    graduated: int
    recalled: int


class ReviewTransaction:
    """A learner's review of a course inside one transaction: its state and its changes.

    Each change keeps cards, log, round and study day consistent. Use it only inside ``Reviews.transact``.
    """

    def __init__(self, statements: Statements, learner: int, course: str, now: datetime) -> None:
        self._run = statements.run
        self._statements = statements
        self._learner = learner
        self._key = {"learner": learner, "course": course}
        self.now = now
        self.at = seconds(now)
        row = statements.run("review_state", **self._key)[0]
        self.round = Round._make(row[:12]) if row[2] is not None else None
        self.card = _card(row[12:19])
        """The card of the current question; None for a new one."""
        self.entry = _entry(row[19:33])
        """The log entry of its answer; None before the answer and after an undo."""
        self.exam = None if row[33] is None else date.fromisoformat(row[33])
        self.zone = zone_named(row[34])

    def due(self) -> dict[str, Card]:
        """Return the due cards, by question."""
        return _cards(self._run("due_cards", **self._key, by=self.at))

    def cards(self) -> dict[str, Card]:
        """Return all cards of the course, by question."""
        return _cards(self._run("cards", **self._key))

    def ticks(self) -> list[Tick]:
        return list(map(Tick._make, self._run("ticks", **self._key)))

    def new_since(self, moment: datetime) -> int:
        """Return how many cards were answered for the first time since ``moment``, in all courses."""
        return int(self._run("new_cards_since", learner=self._learner, since=_number(moment))[0][0])

    def missed(self) -> list[str]:
        """Return the questions of this round whose latest answer is wrong, the latest one first."""
        count = self.round.done if self.round else 0
        latest: dict[str, int] = {}
        for question, correct in self._run("latest_answers", **self._key, count=count):
            latest.setdefault(question, correct)
        return [question for question, correct in latest.items() if not correct]

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

    def record(self, given: Sequence[int], card: Card, *, correct: bool, duration: int | None) -> Studied | None:
        """Record the answer to the current question. ``card`` is the card after its rating."""
        current, before = self._round(), self.card or (None,) * len(Card._fields)
        question, chosen = str(current.question), ",".join(map(str, given))
        rows = self._run(
            "add_review", **self._key, number=_number(self.now), question=question, reviewed_at=self.at,
            rating=card.rating, correct=int(correct), duration=duration, chosen=chosen,
            **{f"old_{column}": value for column, value in zip(_COLUMNS, before, strict=True)},
        )  # fmt: skip
        number = rows[0][0]
        self.entry = LogEntry(number, question, self.at, card.rating, correct, duration, chosen, self.card)
        self._set(question, card)
        done, right = current.done + 1, current.correct + correct
        self._save(current._replace(chosen=chosen, duration=duration, number=number, done=done, correct=right))
        return record_study_day(self._statements, self._learner, self.now)

    def count(self, answer: GivenAnswer) -> None:
        """Count an answer in the item statistics if it is the learner's first to its question."""
        count_first_answers(self._statements, self._learner, str(self._key["course"]), [answer])

    def change_rating(self, card: Card) -> None:
        """Replace the rating of the current answer. ``card`` is the card after the new rating."""
        current = self._round()
        self._run("rate_review", learner=self._learner, number=current.number, rating=card.rating)
        self._set(str(current.question), card)

    def undo(self) -> LogEntry | None:
        """Remove the latest review of the course and return it; None if there is none.

        Restores the card and the study day, and makes its question the current one, answered but not rated.
        """
        current, rows = self._round(), self._run("last_review", **self._key)
        last = _entry(rows[0]) if rows else None
        if last is None:
            return None
        if last.before is None:
            self._run("drop_card", **self._key, question=last.question)
        else:
            self._set(last.question, last.before)
        self._run("drop_review", learner=self._learner, number=last.number)
        take_back_study_day(self._statements, self._learner, self.now)
        self.card, self.entry = last.before, None
        done, right = max(0, current.done - 1), max(0, current.correct - last.correct)
        self._show(question=last.question, chosen=last.chosen, duration=last.duration, done=done, correct=right)
        return last

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

    def _set(self, question: str, card: Card) -> None:
        self._run("set_card", **self._key, question=question, **dict(zip(_COLUMNS, card, strict=True)))
        self.card = card


class Reviews:
    """The rows of reviews. A round changes only through ``transact``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def transact(self, learner: int, course: str, now: datetime, work: Callable[[ReviewTransaction], T]) -> T:
        """Run ``work`` in one transaction, on the writer's thread. Apart from the transaction it must be pure."""
        return await self._engine.transact(lambda statements: work(ReviewTransaction(statements, learner, course, now)))

    async def cards(self, learner: int, course: str) -> dict[str, Card]:
        """Return all cards of a course, by question, including those whose question was removed from the bank."""
        return _cards(await self._engine.read("cards", learner=learner, course=course))

    async def due(self, learner: int, course: str, now: datetime) -> dict[str, Card]:
        """Return the due cards, by question, including those whose question was removed from the bank."""
        return _cards(await self._engine.read("due_cards", learner=learner, course=course, by=seconds(now)))

    async def new_since(self, learner: int, since: datetime) -> int:
        """Return how many cards were answered for the first time since ``since``, in all courses."""
        return int((await self._engine.read("new_cards_since", learner=learner, since=_number(since)))[0][0])

    async def recent(self, learner: int, course: str, since: datetime) -> RecentReviews:
        """Return the reviews of a course since ``since``."""
        rows = await self._engine.read("reviews_since", learner=learner, course=course, since=_number(since))
        return RecentReviews(*rows[0])


_COLUMNS = ("state", "step", "stability", "difficulty", "due_at", "reviewed_at", "rating")


def _number(moment: datetime) -> int:
    """Return the lowest number of a review at ``moment``."""
    return seconds(moment) * 1_000_000 + moment.microsecond


def _cards(rows: Sequence[Any]) -> dict[str, Card]:
    return {question: Card._make(row) for question, *row in rows}


def _card(row: Sequence[Any]) -> Card | None:
    return None if row[0] is None else Card._make(row)


def _entry(row: Sequence[Any]) -> LogEntry | None:
    if row[0] is None:
        return None
    number, question, at, rating, correct, duration, chosen, *before = row
    return LogEntry(number, question, at, rating, bool(correct), duration, chosen or "", _card(before))
