"""A learner's stored settings and progress, as shown to themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.streaks import Streak
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.store import Store
from bot.store.privacy import Membership
from bot.study.learners import Learners
from bot.study.progress import LearnerProgress
from bot.study.results import CourseProgress


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam date that a learner has set. ``shared``: their cohorts may see it."""

    course: Course
    on: date
    shared: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What is stored about a learner at ``now``. ``zone_name`` (IANA) is None if they haven't set one.

    ``courses`` are those with a tick; ``memberships`` the current ones.
    """

    now: datetime
    zone_name: str | None
    hidden: bool
    streak: Streak
    courses: tuple[CourseProgress, ...]
    exams: tuple[Exam, ...]
    memberships: tuple[Membership, ...]

    @property
    def local(self) -> datetime:
        """Return ``now`` in the learner's time zone; UTC if it isn't known."""
        return self.now.astimezone(zone_named(self.zone_name))


class Profiles:
    """Profiles of learners."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        learners: Learners,
        progress: LearnerProgress,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._streaks = store.streaks
        self._privacy = store.privacy
        self._catalogue = catalogue
        self._learners = learners
        self._progress = progress
        self._now = now

    async def of(self, learner: int) -> Profile:
        """Return a learner's profile, to be shown to that learner only."""
        hidden, zone = await self._streaks.about(learner)
        known = self._catalogue.courses
        exams = await self._streaks.exams(learner)
        return Profile(
            self._now(), zone, hidden, await self._learners.streak(learner),
            tuple(course for course in await self._progress.of_all_courses(learner) if course.progress.ticks),
            tuple(Exam(known[course], on, shared) for course, on, shared in exams if course in known),
            tuple(cohort for cohort in await self._privacy.memberships(learner) if cohort.left_at is None),
        )  # fmt: skip
