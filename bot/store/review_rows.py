"""The rows of reviews: the round in progress, and the log of answers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.core.questions.fsrs import Card
from bot.core.questions.mistakes import Mistake
from bot.store.mistakes import card_of, mistake_of


class Round(NamedTuple):
    """The review round of a learner in a course. The fields are those of its row.

    ``goal`` is the number of cards, ``extra`` the number of new ones beyond the daily limit (negative to ask fewer).
    ``question`` is the current one, None if the round has ended. ``seed`` determines the order of its options. It grows
    each time a question is shown, so it identifies the message that a button belongs to. ``chosen`` (option indices as
    text) is set once it is answered; ``number`` is that of its log entry, None if that was undone.

    A drill has a ``scope``, what it is about, and a ``queue``: its questions as JSON, in the order in which they are
    asked. Both are None for a review.
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
    scope: str | None = None
    queue: str | None = None

    @property
    def given(self) -> tuple[int, ...]:
        """The chosen option indices."""
        return tuple(map(int, self.chosen.split(","))) if self.chosen else ()

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions of a drill."""
        return tuple(json.loads(self.queue)) if self.queue else ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A row of the review log. ``before`` is the card before the rating; None for a new card.

    ``counted``: the card was rated. ``mistake`` is the entry of the list before the answer.
    """

    number: int
    question: str
    at: int
    rating: int
    correct: bool
    duration: int | None
    chosen: str
    source: str
    counted: bool
    guessed: bool
    mistake: Mistake | None
    before: Card | None


@dataclass(frozen=True, slots=True)
class RecentReviews:
    """The number of reviews, of those of cards in the review state, and of those recalled."""

    reviews: int
    graduated: int
    recalled: int


def cards_of(rows: Sequence[Any]) -> dict[str, Card]:
    """Return the cards of rows that start with the question."""
    return {question: Card._make(row) for question, *row in rows}


def entry_of(row: Sequence[Any]) -> LogEntry | None:
    """Return the log entry of its columns; None if they are null."""
    if row[0] is None:
        return None
    number, question, at, rating, correct, duration, chosen, source, counted, guessed, missed_at, right_on, *card = row
    return LogEntry(
        number, question, at, rating, bool(correct), duration, chosen or "", source, bool(counted), bool(guessed),
        mistake_of((missed_at, right_on)), card_of(card),
    )  # fmt: skip
