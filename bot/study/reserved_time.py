"""The time that a learner's plan reserves for questions that come due, and for mistakes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.review_load import DAYS_AHEAD, review_minutes_a_day
from bot.core.plan.study_days import Goal
from bot.core.questions.mistakes import answers_left
from bot.store import Store


class ReservedTime:
    """Forecasts from the cards' due dates, the list of mistakes and the learner's own pace."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._catalogue = catalogue
        self._now = now

    async def minutes_a_week(self, learner: int, course: Course, goal: Goal | None) -> int:
        """Return the minutes to reserve; 0 without a plan or a question bank."""
        bank = self._catalogue.banks.get(course.id)
        if goal is None or bank is None:
            return 0
        load = await self._store.review_load.of(learner, course.id, self._now() + timedelta(days=DAYS_AHEAD))
        answers = dict.fromkeys(load.due, 1) | {each: answers_left(mistake) for each, mistake in load.mistakes.items()}
        count, days = sum(number for each, number in answers.items() if each in bank.questions), len(goal.days)
        return days * review_minutes_a_day(count, load.timed, load.seconds, days)
