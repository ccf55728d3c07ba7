"""FSRS: when a card is due next, and its probability of recall.

The only module that imports ``fsrs``. All times are whole seconds since 1970.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import fsrs

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.question import Question


class Rating(IntEnum):
    """How well a card was recalled, with the values of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(IntEnum):
    """The state of a card, with the values of FSRS. Learning and relearning use steps of minutes."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class Card(NamedTuple):
    """The FSRS state of a question that a learner has answered at least once. The fields are those of its row.

    ``step`` is the learning step, None in the review state. ``stability`` is the number of days in which the
    probability of recall falls to 90 %. ``difficulty`` is 1 to 10. ``rating`` is the latest one.
    """

    state: int
    step: int | None
    stability: float
    difficulty: float
    due: int
    reviewed: int
    rating: int


class Tuning(NamedTuple):
    """How a learner's cards are scheduled.

    A card is due when the probability of recall has fallen to ``retention`` percent. ``parameters`` are those of FSRS;
    None stands for the library's defaults.
    """

    retention: int = 90
    parameters: tuple[float, ...] | None = None


DEFAULT = Tuning()
LEAST_RETENTION, MOST_RETENTION = 80, 95
LEAST_SPACED = 512
"""``mini_batch_size`` of the library's optimizer."""
WORDS_PER_MINUTE = 200
"""Reading speed. Silent readers of English average 238 (Brysbaert 2019); many members read a second language."""
SLOW_MS = 60_000
"""An answer that takes this much longer than reading the question is rated Hard."""
CASE_WORDS = 200
"""Words to read in the scenario of a case study."""
IDLE_MS = 600_000
"""After this time the learner was probably away, so the duration says nothing about the answer."""


def max_interval_before(exam: date | None, today: date) -> int | None:
    """Return the longest interval, in days, that brings a card back by the day before the exam.

    None without a future exam. At least 1, the shortest interval of FSRS: a card that is reviewed on the day before the
    exam is due on the exam day. An interval that ended on the exam day would mostly end after the exam, at the hour of
    the review.
    """
    return None if exam is None or exam < today else max(1, (exam - today).days - 1)


def apply_rating(
    card: Card | None, rating: int, at: int, max_interval: int | None = None, tuning: Tuning = DEFAULT
) -> Card:
    """Return the card after a rating of 1 to 4 at ``at``. None stands for a new card.

    No interval exceeds ``max_interval`` days; learning steps of minutes are not limited. Intervals are not randomized,
    because the due date is shown before the learner chooses the rating.
    """
    after, _ = _scheduler(max_interval, tuning).review_card(_card(card, at), fsrs.Rating(rating), from_seconds(at))
    # Both are set in every card that was reviewed.
    stability, difficulty = after.stability or 0.0, after.difficulty or 0.0
    return Card(int(after.state), after.step, stability, difficulty, seconds(after.due), at, int(rating))


def due_by_rating(
    card: Card | None, at: int, max_interval: int | None = None, tuning: Tuning = DEFAULT
) -> tuple[int, int, int, int]:
    """Return when the card would be due after each of the four ratings at ``at``."""
    again, hard, good, easy = (apply_rating(card, rating, at, max_interval, tuning).due for rating in Rating)
    return again, hard, good, easy


def recall_now(card: Card, now: int, tuning: Tuning = DEFAULT) -> float:
    """Return the probability, 0 to 1, that the card is recalled at ``now``.

    After a wrong answer it is 0 until the next correct one: FSRS would return 1 on the day of any review.
    """
    if card.rating == Rating.AGAIN:
        return 0.0
    return _scheduler(None, tuning).get_card_retrievability(_card(card, now), from_seconds(now))


def weakness(card: Card, now: int) -> float:
    """Return a number that is larger the lower ``recall_now`` is, whatever the parameters; infinite if that is 0.

    FSRS's forgetting curve falls with days / stability, so sorting doesn't need the curve itself.
    """
    return inf if card.rating == Rating.AGAIN else max(0, now - card.reviewed) // 86_400 / card.stability


def default_rating(right: bool, milliseconds: int | None, question: Question) -> Rating:
    """Return the rating of an answer if the learner doesn't choose one.

    Again for a wrong answer. Hard for a correct one that took ``SLOW_MS`` longer than reading the question and its
    options. Good otherwise, also if the duration is unknown (None) or longer than ``IDLE_MS``. Never Easy: a quick
    correct answer may be a guess.
    """
    if not right:
        return Rating.AGAIN
    if milliseconds is None or milliseconds > IDLE_MS:
        return Rating.GOOD
    words = sum(len(text.split()) for text in question.all_texts) + (CASE_WORDS if question.case else 0)
    return Rating.HARD if milliseconds > SLOW_MS + 60_000 * words / WORDS_PER_MINUTE else Rating.GOOD


def fit_parameters(reviews: Iterable[tuple[int, int, int]]) -> tuple[float, ...]:
    """Compute the parameters that describe a learner's memory best, with the library's optimizer.

    ``reviews`` are a number for the card, the time and the rating. With fewer than ``LEAST_SPACED`` that are at least a
    day after the previous one of their card the library returns its defaults. Takes 20 ms per review and 700 MB, so run
    it in another process. Raises ``ImportError`` unless the extra ``optimizer`` is installed.
    """
    logs = [fsrs.ReviewLog(card, fsrs.Rating(rating), from_seconds(at), None) for card, at, rating in reviews]
    return tuple(map(float, fsrs.Optimizer(logs).compute_optimal_parameters()))


def check_parameters(parameters: Sequence[float]) -> None:
    """Raise ``ValueError`` for parameters that the library doesn't accept."""
    fsrs.Scheduler(parameters=parameters)


@lru_cache(maxsize=128)
def _scheduler(max_interval: int | None, tuning: Tuning) -> fsrs.Scheduler:
    """Return a scheduler of the library. Cached, because creating one costs as much as a rating."""
    options: dict[str, Any] = {} if max_interval is None else {"maximum_interval": max(1, max_interval)}
    if tuning.parameters is not None:
        options["parameters"] = tuning.parameters
    return fsrs.Scheduler(enable_fuzzing=False, desired_retention=tuning.retention / 100, **options)


def _card(card: Card | None, at: int) -> fsrs.Card:
    """Return the library's card. Its ID and due date are set, because the library would sleep to make an ID."""
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
