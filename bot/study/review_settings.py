"""How a learner's questions are timed: target retention, and personal FSRS parameters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.course.course import Course
from bot.core.questions.fsrs import LEAST_RETENTION, LEAST_SPACED, MOST_RETENTION
from bot.core.questions.training import spaced, training_reviews
from bot.errors import NothingYet, Stale
from bot.store import Store
from bot.store.fsrs_settings import FsrsSettings
from bot.study.parameter_fitting import ParameterFitting

LEAST_REVIEWS = 400
"""From this many reviews on a learner is offered personal parameters."""
UNREADABLE = "This button is out of date. Use </review> to continue."


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What is stored. ``can_fit``: the learner can have personal parameters computed."""

    stored: FsrsSettings
    can_fit: bool = False


DEFAULTS = ReviewSettings(FsrsSettings())


class LearnerReviewSettings:
    """Settings of learners, for all of their courses. They apply to answers from then on.

    ``fitting`` is None if the optimizer isn't installed.
    """

    def __init__(self, store: Store, fitting: ParameterFitting | None, *, now: Callable[[], datetime]) -> None:
        self._stored = store.fsrs_settings
        self._fitting = fitting
        self._now = now

    async def of(self, learner: int) -> ReviewSettings:
        enough = self._fitting is not None and await self._stored.review_count(learner) >= LEAST_REVIEWS
        return ReviewSettings(await self._stored.of(learner), enough)

    async def set_retention(self, learner: int, retention: int) -> int:
        """Set the target, in percent, and return the one before. Raises ``Stale`` if it isn't offered."""
        if not LEAST_RETENTION <= retention <= MOST_RETENTION:
            raise Stale(UNREADABLE)
        before = (await self._stored.of(learner)).tuning.retention
        await self._stored.set_retention(learner, retention)
        return before

    async def reviews_to_fit(self, learner: int, course: Course) -> list[tuple[int, int, int]]:
        """Return the reviews to compute parameters from: card, time and rating.

        Raises ``Stale`` if that isn't offered, ``NothingYet`` if they don't suffice, and ``Busy`` if a computation is
        in progress.
        """
        history = await self._stored.history(learner)
        if self._fitting is None or len(history) < LEAST_REVIEWS:
            raise Stale(UNREADABLE)
        reviews = training_reviews(history)
        if (count := spaced(reviews)) < LEAST_SPACED:
            raise NothingYet(
                f"Personal timing needs {LEAST_SPACED} answers to questions that you last saw at least a day before. "
                f"You have {count} so far.",
                "Review", "review", course.id,
            )  # fmt: skip
        self._fitting.check_free()
        return reviews

    async def fit(self, learner: int, reviews: Sequence[tuple[int, int, int]]) -> None:
        """Compute parameters and store them. Takes minutes. Raises ``Busy`` if that isn't possible."""
        if self._fitting is None:
            raise Stale(UNREADABLE)
        await self._store_parameters(learner, await self._fitting.fit(reviews), len(reviews))

    async def reset(self, learner: int) -> None:
        """Return to the default parameters."""
        await self._store_parameters(learner, None, 0)

    async def _store_parameters(self, learner: int, parameters: Sequence[float] | None, reviews: int) -> None:
        await self._stored.set_parameters(learner, parameters, self._now(), reviews)
