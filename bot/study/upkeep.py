"""Reviews after a pass: a few questions a week, or none, as the learner chose."""

from datetime import datetime, timedelta

from bot.core.course.course import Course
from bot.core.plan.outcome import UPKEEP
from bot.store import Store


async def limited(store: Store, learner: int, course: Course, due: int, now: datetime) -> int:
    """Return how many of the ``due`` questions to offer: all of them unless a learner who passed chose fewer."""
    upkeep = await store.outcomes.upkeep(learner, course.id)
    if upkeep is None:
        return due
    if upkeep == "stopped":
        return 0
    recent = await store.reviews.recent(learner, course.id, now - timedelta(days=7))
    return min(due, max(0, UPKEEP - recent.reviews))
