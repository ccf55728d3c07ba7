"""How each learner's questions are scheduled: target retention and personal parameters of FSRS."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.fsrs import DEFAULT, Tuning
from bot.store.engine import Engine


@dataclass(frozen=True, slots=True)
class FsrsSettings:
    """A learner's settings. The parameters were computed at ``fitted_at`` from ``fitted_from`` reviews; None if they
    are the defaults.
    """

    tuning: Tuning = DEFAULT
    fitted_at: datetime | None = None
    fitted_from: int | None = None


class Reviewed(NamedTuple):
    """A row of the review log. ``at`` is in seconds since 1970."""

    course: str
    question: str
    at: int
    rating: int


class StoredFsrsSettings:
    """The settings of learners, and the log that parameters are computed from."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int) -> FsrsSettings:
        rows = await self._engine.read("fsrs_setting", learner=learner)
        if not rows:
            return FsrsSettings()
        at, reviews = rows[0][2:]
        return FsrsSettings(tuning_in(rows[0][:2]), None if at is None else from_seconds(at), reviews)

    async def set_retention(self, learner: int, retention: int) -> None:
        """Set the target retention, in percent."""
        await self._engine.write("set_retention", learner=learner, retention=retention)

    async def set_parameters(
        self, learner: int, parameters: Sequence[float] | None, now: datetime, reviews: int
    ) -> None:
        """Store parameters computed from ``reviews`` reviews. None restores the defaults."""
        fitted = parameters is not None
        await self._engine.write(
            "set_fsrs_parameters", learner=learner, retention=DEFAULT.retention,
            parameters=json.dumps(parameters) if fitted else None, fitted_at=seconds(now) if fitted else None,
            fitted_from=reviews if fitted else None,
        )  # fmt: skip

    async def review_count(self, learner: int) -> int:
        """Return the number of a learner's reviews, in all courses."""
        return int((await self._engine.read("review_count", learner=learner))[0][0])

    async def history(self, learner: int) -> list[Reviewed]:
        """Return all reviews of a learner, oldest first."""
        return list(map(Reviewed._make, await self._engine.read("review_history", learner=learner)))


def tuning_in(row: Sequence[Any]) -> Tuning:
    """Return what a row of retention and parameters (JSON) contains; the defaults where it has nulls."""
    retention, parameters = row
    return Tuning(retention or DEFAULT.retention, tuple(json.loads(parameters)) if parameters else None)
