"""How much review a learner has ahead: cards that come due, mistakes, and the time of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar.timestamps import seconds
from bot.core.questions.mistakes import Mistake
from bot.store.engine import Engine
from bot.store.mistakes import mistakes_of

LATEST_ANSWERS = 200
"""How many answers say how long a learner takes."""


@dataclass(frozen=True, slots=True)
class ReviewLoad:
    """The questions due by a moment, the mistakes, and ``timed`` of the latest answers, which took ``seconds``."""

    due: frozenset[str]
    mistakes: Mapping[str, Mistake]
    timed: int
    seconds: float


class ReviewLoads:
    """What the plan of a learner in a course reserves time for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, course: str, by: datetime) -> ReviewLoad:
        """Return what is due by ``by`` and the mistakes, including removed questions, and the latest answers."""
        cards, mistakes, times = await self._engine.read_together(
            ("due_cards", "mistakes", "answer_times"),
            learner=learner,
            course=course,
            by=seconds(by),
            count=LATEST_ANSWERS,
        )
        durations = [duration for (duration,) in times if duration is not None]
        due = frozenset(question for question, *_ in cards)
        return ReviewLoad(due, mistakes_of(mistakes), len(durations), sum(durations) / 1000)
