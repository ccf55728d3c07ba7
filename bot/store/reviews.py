"""What is remembered of review: cards, the log of ratings, and where a learner is in a round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import seconds
from bot.core.course.progress import Tick
from bot.core.questions.fsrs import Card
from bot.core.questions.review import CardState
from bot.store.sqlite.connection import Statements
from bot.store.sqlite.database import Database
from bot.store.streaks import Studied, record_study_day, take_back_study_day

T = TypeVar("T")


class Round(NamedTuple):
    """Where a learner is in a review of a course, as its row holds it.

    ``question`` is that of the card that is shown; None when the round is over. ``seed`` is the order of its options,
    and larger with each card that is shown: it says which showing a button belongs to. ``chosen`` (options as a text)
    is there once it is answered; ``number`` is that of its review, None where that was taken back.
    """

    route: str | None
    beyond: int
    goal: int
    extra: int
    done: int = 0
    correct: int = 0
    question: str | None = None
    seed: int = 0
    shown: int = 0
    chosen: str | None = None
    duration: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A row of the log. ``before`` is the card as it was before it; None where it was new."""

    number: int
    question: str
    at: int
    rating: int
    correct: bool
    duration: int | None
    chosen: str
    before: Card | None


@dataclass(frozen=True, slots=True)
class Recent:
    """How many reviews there were, how many of them of cards that were in review, and how many of those recalled."""

    reviews: int
    known: int
    recalled: int


class Turn:
    """A learner's review of a course inside one transaction: how it stands, and the ways to change it.

    Each way keeps card, log, round and study day in step. Only inside ``Cards.turn``.
    """

    def __init__(self, statements: Statements, learner: int, course: str, now: datetime) -> None:
        self._run = statements.run
        self._statements = statements
        self._learner = learner
        self._key = {"learner": learner, "course": course}
        self.now = now
        self.at = seconds(now)
        row = statements.run("reviewing", **self._key)[0]
        self.round = Round._make(row[:12]) if row[2] is not None else None
        self.card = _card(row[12:19])
        """The card that is shown, as it is now; None where it is new."""
        self.review = _review(row[19:33])
        """What recorded the answer to it; None before, and where it was taken back."""
        self.exam = None if row[33] is None else date.fromisoformat(row[33])
        self.zone = zone_named(row[34])

    @property
    def today(self) -> date:
        """The date on the learner's clock."""
        return self.now.astimezone(self.zone).date()

    def due(self) -> list[CardState]:
        """Cards that are due by now."""
        return [CardState._make(row) for row in self._run("due_cards", **self._key, by=self.at)]

    def cards(self) -> dict[str, Card]:
        """All cards of the course, by question."""
        return _cards(self._run("cards", **self._key))

    def ticks(self) -> list[Tick]:
        return list(map(Tick._make, self._run("ticks", **self._key)))

    def new_since(self, moment: datetime) -> int:
        """So many cards were answered for the first time since then."""
        return int(self._run("new_cards_since", learner=self._learner, since=_number(moment))[0][0])

    def begin(self, wanted: Round) -> None:
        """A new round, with no card yet."""
        self.round = wanted._replace(seed=self.round.seed if self.round else 0)

    def show(self, question: str | None, card: Card | None = None) -> None:
        """Show a question, whose card is ``card``; or none: the round is over."""
        at = self._round()
        seed = max(at.seed + 1, self.at)
        self.card, self.review = card, None
        self._save(at._replace(question=question, seed=seed, shown=self.at, chosen=None, duration=None, number=None))

    def show_again(self) -> None:
        """The card that is shown is shown anew: its time begins anew."""
        self._save(self._round()._replace(shown=self.at))

    def record(self, chosen: str, card: Card, *, correct: bool, duration: int | None) -> Studied | None:
        """The card that is shown was answered and rated: ``card`` is what it becomes."""
        at, before = self._round(), self.card or (None,) * len(Card._fields)
        old = {f"old_{column}": value for column, value in zip(_COLUMNS, before, strict=True)}
        values = {"question": at.question, "reviewed_at": self.at, "rating": card.rating, "correct": int(correct)}
        rows = self._run(
            "add_review", **self._key, number=_number(self.now), **values, duration=duration, chosen=chosen, **old
        )
        question = str(at.question)
        self.review = Review(rows[0][0], question, self.at, card.rating, correct, duration, chosen, self.card)
        self._set(question, card)
        done, right = at.done + 1, at.correct + correct
        self._save(at._replace(chosen=chosen, duration=duration, number=rows[0][0], done=done, correct=right))
        return record_study_day(self._statements, self._learner, self.now)

    def rate(self, card: Card) -> None:
        """The answer to the card that is shown is rated otherwise: ``card`` is what it becomes by that."""
        at = self._round()
        self._run("rate_review", learner=self._learner, number=at.number, rating=card.rating)
        self._set(str(at.question), card)

    def take_back(self) -> Review | None:
        """Take the last review of the course back: card, log and day are as before it, and it is shown unrated.

        None where there is none.
        """
        at, row = self._round(), self._run("last_review", **self._key)
        last = _review(row[0]) if row else None
        if last is None:
            return None
        if last.before is None:
            self._run("drop_card", **self._key, question=last.question)
        else:
            self._set(last.question, last.before)
        self._run("drop_review", learner=self._learner, number=last.number)
        take_back_study_day(self._statements, self._learner, self.now)
        self.card, self.review = last.before, None
        done, right = max(0, at.done - 1), max(0, at.correct - last.correct)
        self._save(
            at._replace(
                question=last.question,
                seed=max(at.seed + 1, self.at),
                shown=self.at,
                chosen=last.chosen,
                duration=last.duration,
                number=None,
                done=done,
                correct=right,
            )
        )
        return last

    def _round(self) -> Round:
        if self.round is None:
            raise ValueError("no round was begun")
        return self.round

    def _save(self, at: Round) -> None:
        values = dict(zip(Round._fields, at, strict=True))
        self._run("set_reviewing", **self._key, shown_at=values.pop("shown"), **values)
        self.round = at

    def _set(self, question: str, card: Card) -> None:
        self._run("set_card", **self._key, question=question, **dict(zip(_COLUMNS, card, strict=True)))
        self.card = card


class Cards:
    """Cards, and what is done with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def turn(self, learner: int, course: str, now: datetime, act: Callable[[Turn], T]) -> T:
        """What ``act`` does, all of it or nothing. It runs on the writer's thread: pure, but for the turn."""
        return await self._database.transact(lambda statements: act(Turn(statements, learner, course, now)))

    async def all(self, learner: int, course: str) -> dict[str, Card]:
        """All cards of a course, by question: also of those that have left the bank."""
        return _cards(await self._database.read("cards", learner=learner, course=course))

    async def due(self, learner: int, course: str, now: datetime) -> list[str]:
        """The questions whose cards are due: also of those that have left the bank."""
        rows = await self._database.read("due_cards", learner=learner, course=course, by=seconds(now))
        return [question for question, *_ in rows]

    async def new_since(self, learner: int, since: datetime) -> int:
        """So many cards were answered for the first time since then."""
        return int((await self._database.read("new_cards_since", learner=learner, since=_number(since)))[0][0])

    async def recent(self, learner: int, course: str, since: datetime) -> Recent:
        """The reviews of a course since then."""
        rows = await self._database.read("reviews_since", learner=learner, course=course, since=_number(since))
        return Recent(*rows[0])


_COLUMNS = ("state", "step", "stability", "difficulty", "due_at", "reviewed_at", "rating")


def _number(moment: datetime) -> int:
    """The least number that a review of a moment has."""
    return seconds(moment) * 1_000_000 + moment.microsecond


def _cards(rows: Sequence[Any]) -> dict[str, Card]:
    return {question: Card._make(row) for question, *row in rows}


def _card(row: Sequence[Any]) -> Card | None:
    return None if row[0] is None else Card._make(row)


def _review(row: Sequence[Any]) -> Review | None:
    if row[0] is None:
        return None
    number, question, at, rating, correct, duration, chosen, *before = row
    return Review(number, question, at, rating, bool(correct), duration, chosen or "", _card(before))
