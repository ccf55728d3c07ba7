"""How much review a learner has ahead: cards that come due, and the time of an answer."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar.timestamps import seconds
from bot.store.engine import Engine

LATEST_ANSWERS = 200
"""How many answers say how long a learner takes."""


@dataclass(frozen=True, slots=True)
class ReviewLoad:
    """The questions due by a moment, and ``timed`` of the latest answers with their ``seconds`` in all."""

    due: frozenset[str]
    timed: int
    seconds: float


class ReviewLoads:
    """What the plan of a learner in a course reserves time for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, course: str, by: datetime) -> ReviewLoad:
        """Return what is due by ``by``, including removed questions, and how long the latest answers took."""
        cards, times = await self._engine.read_together(
            ("due_cards", "answer_times"), learner=learner, course=course, by=seconds(by), count=LATEST_ANSWERS
        )
        durations = [duration for (duration,) in times if duration is not None]
        return ReviewLoad(frozenset(question for question, *_ in cards), len(durations), sum(durations) / 1000)
