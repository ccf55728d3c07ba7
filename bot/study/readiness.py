"""How ready a learner is for an exam."""

from datetime import datetime

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.progress import Progress
from bot.core.plan.readiness import Readiness, readiness
from bot.core.questions.bank import Bank
from bot.core.questions.review import recall_by_domain, recall_by_skill
from bot.study.progress import LearnerProgress
from bot.study.review_rounds import started_modules
from bot.study.reviews import Reviews


class LearnerReadiness:
    """Readiness from progress and, for a course with a question bank, from reviews."""

    def __init__(self, catalogue: Catalogue, progress: LearnerProgress, reviews: Reviews) -> None:
        self._catalogue = catalogue
        self._progress = progress
        self._reviews = reviews

    async def of(self, learner: int, course: Course) -> Readiness:
        """Return a learner's readiness. Raises ``NotFound`` for a course without exam domains."""
        progress, bank = await self._progress.of(learner, course), self._catalogue.banks.get(course.id)
        if bank is None:
            return readiness(progress)
        return _readiness(progress, bank, await self._reviews.recall(learner, course))

    async def as_of(self, learner: int, course: Course, moment: datetime) -> Readiness:
        """Return the readiness at an earlier moment, from what the learner had completed and recalled then.

        A question that was answered again since counts as not recalled: its earlier state isn't kept with it. Raises
        ``NotFound`` for a course without exam domains.
        """
        ticks = (await self._progress.of(learner, course)).ticks
        progress = Progress(course, [tick for tick in ticks if tick.done_at < moment])
        bank = self._catalogue.banks.get(course.id)
        if bank is None:
            return readiness(progress)
        return _readiness(progress, bank, await self._reviews.recall(learner, course, at=moment))


def _readiness(progress: Progress, bank: Bank, chances: dict[str, float]) -> Readiness:
    by_domain = recall_by_domain(bank, chances, started_modules(progress))
    return readiness(progress, by_domain, recall_by_skill(bank, chances))
