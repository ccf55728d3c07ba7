"""What is known about a learner, as they see it themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.streaks import Streak
from bot.core.course.course import Course
from bot.store.store import Membership
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
