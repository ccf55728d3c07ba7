"""What is stored about a learner, as they see it themselves."""

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
    """An exam that a learner has set; ``shared`` says whether their cohorts may know."""

    course: Course
    on: date
    shared: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known about a learner at ``now``. ``zone_name`` (IANA) is None where they set none.

    ``courses`` are those with a tick; ``memberships`` those in force.
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
        """The time on the learner's clock; on UTC's where it isn't known."""
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
        """Return the profile of a learner, for their own eyes."""
        hidden, zone = await self._streaks.about(learner)
        known = self._catalogue.courses
        exams = await self._streaks.exams(learner)
        return Profile(
            self._now(), zone, hidden, await self._learners.streak(learner),
            tuple(each for each in await self._progress.of_all_courses(learner) if each.progress.ticks),
            tuple(Exam(known[course], on, shared) for course, on, shared in exams if course in known),
            tuple(each for each in await self._privacy.memberships(learner) if each.left_at is None),
        )  # fmt: skip
