"""How ready a learner is for an exam."""

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.readiness import Readiness, readiness
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
        chances = await self._reviews.recall(learner, course)
        by_domain = recall_by_domain(bank, chances, started_modules(progress))
        return readiness(progress, by_domain, recall_by_skill(bank, chances))
