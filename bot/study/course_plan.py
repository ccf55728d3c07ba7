"""A learner's exam in a course, with the plan for it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.core.course.course import Course
from bot.core.course.progress import Progress
from bot.core.plan.plan import Plan
from bot.core.plan.study_days import Away, Goal
from bot.study.plan_settings import fingerprint

EVENING = 19 * 60
"""When study sessions begin in a calendar file, in minutes after midnight, unless the learner chose another time."""


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """An exam and the plan for it. ``goal`` and ``plan`` are None if the learner set only the exam date.

    ``today`` is the date in ``zone``: the learner's time zone, or UTC if ``zone_known`` is False. ``away`` are their
    days off, in all courses. ``session_minute`` is when they begin to study, in minutes after midnight.
    """

    course: Course
    progress: Progress
    exam: date
    shared: bool
    today: date
    zone: ZoneInfo
    plan: Plan | None
    goal: Goal | None
    away: Away = ()
    zone_known: bool = True
    session_minute: int = EVENING
    focus: tuple[str, ...] = ()
    """The IDs of the domains to which the plan is limited; all if empty."""
    has_questions: bool = False
    """Whether there are questions to review."""

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.exam, self.shared, self.goal)


@dataclass(frozen=True, slots=True)
class ChangedCoursePlan:
    """A plan after a change; None if it was deleted. ``undo`` is the state of a button that restores the old one."""

    course: Course
    now: CoursePlan | None
    undo: tuple[str, ...]
