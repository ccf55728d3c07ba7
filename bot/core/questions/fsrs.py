"""When a card comes back, and how likely it is to be recalled: FSRS with its default parameters, by its own library.

The only place that knows ``fsrs``. All times are whole seconds since 1970.
"""

from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

import fsrs

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.question import Question


class Rating(IntEnum):
    """How well a card was known, as FSRS counts it."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Phase(IntEnum):
    """Where FSRS has a card: it is learned in steps of minutes, reviewed after days, or learned again."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class Card(NamedTuple):
    """A card that was answered at least once, as its row holds it.

    ``step`` counts the learning steps of minutes and is None in review; ``stability`` is the days in which the chance
    of recall falls to 90 %, ``difficulty`` 1 to 10; ``rating`` is the last one.
    """

    state: int
    step: int | None
    stability: float
    difficulty: float
    due: int
    reviewed: int
    rating: int


WORDS_A_MINUTE = 200
"""How fast a question is read: a little below the 238 words of a silent reader of English (Brysbaert 2019), as many
read it in their second language."""
SLOW_MS = 60_000
"""So long after reading it, an answer was worked out rather than recalled."""
AWAY_MS = 600_000
"""After so long somebody was away from the question: the time says nothing about the answer."""


def days_before(exam: date | None, today: date) -> int | None:
    """The longest interval in days before an exam, so that each card comes back by its eve; None without one ahead.

    By the eve, not by the day: an interval is counted from the hour of the review, and on the day it would mostly end
    after the exam. It is 1 at least, which is FSRS' shortest: what is reviewed on the eve is due on the day.
    """
    return None if exam is None or exam < today else max(1, (exam - today).days - 1)


def rated(card: Card | None, rating: int, at: int, horizon: int | None = None) -> Card:
    """The card (None: a new one) after it was rated 1 to 4 at that moment, with no interval above ``horizon`` days.

    Learning steps of minutes are as they are. Intervals aren't spread by chance: the date that was shown is what holds.
    """
    after, _ = _scheduler(horizon).review_card(_card(card, at), fsrs.Rating(rating), from_seconds(at))
    # The library has both set in every card that was reviewed.
    stability, difficulty = after.stability or 0.0, after.difficulty or 0.0
    return Card(int(after.state), after.step, stability, difficulty, seconds(after.due), at, int(rating))


def outlook(card: Card | None, at: int, horizon: int | None = None) -> tuple[int, int, int, int]:
    """When the card would be due after each of the four ratings, given at that moment."""
    again, hard, good, easy = (rated(card, rating, at, horizon).due for rating in Rating)
    return again, hard, good, easy


def retrievability(card: Card, at: int) -> float:
    """The chance that the card is recalled at that moment, 0 to 1.

    The library counts whole days and says 1 on the first of them. After Again that would be wrong: it is 0 until then.
    """
    if card.rating == Rating.AGAIN and at - card.reviewed < 86_400:
        return 0.0
    return _scheduler(None).get_card_retrievability(_card(card, at), from_seconds(at))


def default_rating(right: bool, milliseconds: int | None, question: Question) -> Rating:
    """The rating that an answer gets where the learner chooses no other.

    A wrong answer is Again and a right one Good; Hard if it took longer than the time to read the question and its
    options and a minute more. Easy is left to the learner: a quick right answer may as well be a lucky one. Where the
    time isn't known (None), or they were away meanwhile, it is Good.
    """
    if not right:
        return Rating.AGAIN
    if milliseconds is None or milliseconds > AWAY_MS:
        return Rating.GOOD
    words = sum(len(text.split()) for text in (question.prompt, *question.texts))
    return Rating.HARD if milliseconds > SLOW_MS + 60_000 * words / WORDS_A_MINUTE else Rating.GOOD


@lru_cache(maxsize=128)
def _scheduler(horizon: int | None) -> fsrs.Scheduler:
    """The library's scheduler, which nobody changes: to make one costs as much as a rating."""
    if horizon is None:
        return fsrs.Scheduler(enable_fuzzing=False)
    return fsrs.Scheduler(enable_fuzzing=False, maximum_interval=max(1, horizon))


def _card(card: Card | None, at: int) -> fsrs.Card:
    """The library's card. Without an id and a date it would read the clock, and sleep."""
    if card is None:
        return fsrs.Card(card_id=0, due=from_seconds(at))
    return fsrs.Card(
        card_id=0,
        state=fsrs.State(card.state),
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due=from_seconds(card.due),
        last_review=from_seconds(card.reviewed),
    )
