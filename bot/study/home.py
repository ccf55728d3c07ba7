"""Where a learner stands in a course today, for their home panel."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.calendar.streaks import Streak
from bot.core.course.course import Course, Node
from bot.core.course.progress import Progress
from bot.store import Store
from bot.study.course_scope import CourseScope
from bot.study.drills import Drills
from bot.study.learners import Learners
from bot.study.notes import Notes, note_on
from bot.study.plans import CoursePlan, Plans
from bot.study.results import Asker
from bot.study.reviews import Reviews

CALENDAR_WEEKS = 26
RETIRES_SOON = timedelta(days=365)


class Membership(StrEnum):
    """How a learner relates to the study group of the server where they ask."""

    NO_GROUP = "direct messages, a server without the bot, or a course of another server"
    UNDECIDED = "not asked yet"
    VISIBLE = "members see their progress"
    HIDDEN = "not a member, or hidden everywhere"


@dataclass(frozen=True, slots=True)
class Home:
    """A learner's position. ``due`` counts questions; ``plan`` is None without an exam date.

    ``mistakes`` is the number of mistakes to drill now. ``days`` are the study days since Monday 26 weeks ago, in the
    learner's time zone, and ``today`` is the date there. ``newcomer``: nothing is stored about the learner.
    """

    progress: Progress
    due: int
    plan: CoursePlan | None
    streak: Streak
    days: frozenset[date]
    today: date
    zone_known: bool
    membership: Membership
    newcomer: bool = False
    mistakes: int = 0
    valid_until: date | None = None
    """The last day of the learner's certification; None if there is none, or it doesn't expire."""
    note: str = ""
    """The learner's note on the module of what is next."""

    @property
    def course(self) -> Course:
        return self.progress.course

    @property
    def next(self) -> Node | None:
        """The next unit, or module without units; None if everything is completed."""
        return self.progress.next()

    @property
    def retires_soon(self) -> bool:
        """Whether the exam ends within a year, or has ended."""
        return self.course.retires is not None and self.course.retires - self.today <= RETIRES_SOON

    @property
    def planned_today(self) -> int:
        """Minutes that the plan has for today."""
        blocks = self.plan.plan.blocks if self.plan and self.plan.plan else ()
        return sum(block.minutes for block in blocks if block.day == self.today)

    @property
    def week(self) -> tuple[bool, ...]:
        """Whether each day of this week, from Monday, is a study day."""
        monday = self.today - timedelta(days=self.today.weekday())
        return tuple(monday + timedelta(days=number) in self.days for number in range(7))

    @property
    def exam_in(self) -> int | None:
        """Days until the exam; None without a date or after it."""
        days = (self.plan.exam - self.today).days if self.plan else -1
        return days if days >= 0 else None


class Homes:
    """Home panels of learners."""

    def __init__(
        self,
        store: Store,
        learners: Learners,
        plans: Plans,
        reviews: Reviews,
        drills: Drills,
        notes: Notes,
        scope: CourseScope,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._learners = learners
        self._plans = plans
        self._reviews = reviews
        self._drills = drills
        self._notes = notes
        self._scope = scope
        self._now = now

    async def of(self, asker: Asker, course: Course) -> Home:
        """Return where the learner stands now."""
        learner = asker.learner
        streak = await self._learners.streak(learner)
        hidden, zone = await self._store.streaks.about(learner)
        today = streak.today
        since = today - timedelta(days=today.weekday(), weeks=CALENDAR_WEEKS - 1)
        plan = await self._plans.find(learner, course)
        outcomes = await self._store.outcomes.of(learner, course.id)
        if plan:
            progress, notes = plan.progress, await self._notes.of(learner, course)
        else:
            progress, notes = await self._notes.with_progress(learner, course)
        upcoming = progress.next()
        return Home(
            progress=progress,
            due=await self._reviews.due(learner, course),
            plan=plan,
            streak=streak,
            days=await self._store.streaks.days_since(learner, since),
            today=today,
            zone_known=zone is not None,
            membership=await self._membership(asker, course, hidden=hidden),
            valid_until=max((each.valid for each in outcomes if each.valid), default=None),
            newcomer=not await self._store.learners.is_known(learner),
            mistakes=await self._drills.ready(learner, course),
            note=note_on(course, upcoming, notes) if upcoming else "",
        )

    async def _membership(self, asker: Asker, course: Course, *, hidden: bool) -> Membership:
        if not self._scope.is_in(asker.server, course.id):
            return Membership.NO_GROUP
        for membership in await self._store.privacy.memberships(asker.learner):
            if (membership.server, membership.course) == (asker.server, course.id):
                return Membership.HIDDEN if hidden or membership.left_at else Membership.VISIBLE
        return Membership.HIDDEN if hidden else Membership.UNDECIDED
