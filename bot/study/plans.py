"""Plans of learners. Only the goal is stored; the plan is computed on each read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.core.calendar.dates import check_exam
from bot.core.calendar.day_names import day_name
from bot.core.calendar.stored_zones import zone_named
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.progress import Progress, Tick
from bot.core.plan.focus import focus_minutes, focus_plan
from bot.core.plan.plan import Slice
from bot.core.plan.study_days import EVERY_DAY, Goal, check_goal, name_days
from bot.errors import BadInput, NotFound, Stale
from bot.store import Store
from bot.store.plans import PlanChange, StoredPlan
from bot.study.course_plan import EVENING, ChangedCoursePlan, CoursePlan
from bot.study.learners import Learners
from bot.study.plan_settings import (
    CHANGED,
    UNREADABLE,
    PlanSettings,
    TypedPlan,
    fingerprint,
    previous_plan,
    previous_values,
    read_settings,
)
from bot.study.reserved_time import ReservedTime

__all__ = ["EVENING", "MOST_A_DAY", "ChangedCoursePlan", "CoursePlan", "Plans"]

MOST_A_DAY = 16 * 60
"""Maximum minutes per study day."""
FOCUSED = "f"
"""The last part of an undo's state if the earlier plan was limited to some domains, which are kept."""


class Plans:
    """Exams and plans."""

    def __init__(self, store: Store, catalogue: Catalogue, learners: Learners, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._plans = store.plans
        self._catalogue = catalogue
        self._learners = learners
        self._reserved = ReservedTime(store, catalogue, now=now)
        self._now = now

    async def find(self, learner: int, course: Course) -> CoursePlan | None:
        """Return the current plan, or None if no exam date is set."""
        stored = await self._plans.of(learner, course.id)
        reserved = await self._reserved.minutes_a_week(learner, course, stored.goal)
        return self._seen(course, stored, await self._store.progress.of(learner, course.id), reserved)

    async def all(self, learner: int) -> list[CoursePlan]:
        """Return the plans of a learner in all courses, without exams that have no plan."""
        courses = self._catalogue.courses
        known = [courses[course] for course in await self._plans.courses(learner) if course in courses]
        plans = [await self.find(learner, course) for course in known]
        return [course_plan for course_plan in plans if course_plan and course_plan.plan]

    async def exam(self, learner: int, course: Course) -> date | None:
        """Return the learner's exam date."""
        return (await self._plans.of(learner, course.id)).exam

    async def read(self, learner: int, typed: TypedPlan) -> list[PlanSettings]:
        """Return what a submitted form can mean: several if a date is ambiguous. Raises ``BadInput``."""
        return await read_settings(typed, lambda text: self._learners.read_day(learner, text, ahead=True))

    async def set(
        self, learner: int, course: Course, wanted: PlanSettings, focus: tuple[str, ...] | None = None
    ) -> ChangedCoursePlan:
        """Set the exam date and a plan for what is left now. A plan that stays the same keeps its start.

        ``focus`` are the domains to which the plan is limited; None keeps those that it has. Raises ``BadInput`` for
        invalid values, and ``NotFound`` for hours in a course without minutes.
        """
        if wanted.minutes is not None and not course.minutes:
            raise NotFound(f"{course.code} has no time estimates, so you can only set an exam date.")

        def decide(stored: StoredPlan, ticks: Sequence[Tick]) -> PlanChange:
            today, old = self._today(stored), stored.goal
            check_exam(wanted.exam, today)
            if wanted.minutes is None:
                return PlanChange(wanted.exam, wanted.shared, None)
            if (
                old
                and focus is None
                and (old.exam, old.minutes_a_week, old.days) == (wanted.exam, wanted.minutes, wanted.days)
                and (wanted.start in (None, old.start))
            ):
                return PlanChange(old.exam, wanted.shared, old)
            goal = Goal(
                exam=wanted.exam,
                minutes_a_week=wanted.minutes,
                days=wanted.days,
                start=wanted.start or today,
                baseline_minutes=_left(course, ticks, stored.focus if focus is None else focus),
                away=stored.away,
            )
            return PlanChange(wanted.exam, wanted.shared, _checked(goal, today), focus)

        return await self._change(learner, course, decide)

    async def set_exam(self, learner: int, course: Course, exam: date) -> ChangedCoursePlan:
        """Set only the exam date; hours, days and visibility stay. Raises ``BadInput``."""
        stored = await self._plans.of(learner, course.id)
        goal = stored.goal if course.minutes else None
        if goal is None:
            return await self.set(learner, course, PlanSettings(exam, shared=stored.shared))
        start = goal.start if goal.start > self._today(stored) else None
        wanted = PlanSettings(exam, goal.minutes_a_week, goal.days, start, stored.shared)
        return await self.set(learner, course, wanted)

    async def accept(self, learner: int, course: Course, print_: str, what: str, value: str) -> ChangedCoursePlan:
        """Change the plan with this fingerprint: set its minutes per week (``hours``) or exam date (``exam``).

        ``hours`` also makes a plan if only the exam date is set. Raises ``Stale`` if the plan has changed since.
        """
        if what not in ("hours", "exam") or (what == "hours" and not re.fullmatch(r"[0-9]{1,5}", value)):
            raise Stale(UNREADABLE)
        try:
            exam = date.fromisoformat(value) if what == "exam" else None
        except ValueError:
            raise Stale(UNREADABLE) from None

        def decide(stored: StoredPlan, ticks: Sequence[Tick]) -> PlanChange:
            today, old = self._today(stored), stored.goal
            if stored.exam is None or fingerprint(stored.exam, stored.shared, old) != print_:
                raise Stale(CHANGED)
            if exam and old is None:
                raise Stale(UNREADABLE)
            fresh = Goal(
                exam=exam or stored.exam,
                minutes_a_week=old.minutes_a_week if exam and old else int(value),
                days=old.days if old else EVERY_DAY,
                start=max(today, old.start) if old else today,
                baseline_minutes=_left(course, ticks, stored.focus),
                away=stored.away,
            )
            return PlanChange(fresh.exam, stored.shared, _checked(fresh, today))

        return await self._change(learner, course, decide)

    async def delete(self, learner: int, course: Course, print_: str) -> None:
        """Delete the exam date and the plan with this fingerprint. Raises ``Stale`` if the plan has changed since."""

        def decide(stored: StoredPlan, _: Sequence[Tick]) -> None:
            if fingerprint(stored.exam, stored.shared, stored.goal) != print_:
                raise Stale(CHANGED)

        await self._plans.change(learner, course.id, decide)

    async def clear(self, learner: int, course: Course, exam: date) -> ChangedCoursePlan:
        """Delete the exam date ``exam`` and the plan for it. Raises ``Stale`` if the date has changed since."""

        def decide(stored: StoredPlan, _: Sequence[Tick]) -> None:
            if stored.exam not in (exam, None):
                raise Stale(CHANGED)

        return await self._change(learner, course, decide)

    async def undo(self, learner: int, course: Course, state: Sequence[str]) -> CoursePlan | None:
        """Restore the plan in ``ChangedCoursePlan.undo``. Raises ``Stale`` if the plan has changed since."""
        print_, *previous = state or [""]
        focused = previous[-1:] == [FOCUSED]

        def decide(stored: StoredPlan, _: Sequence[Tick]) -> PlanChange | None:
            if fingerprint(stored.exam, stored.shared, stored.goal) != print_:
                raise Stale(CHANGED)
            change = previous_plan(previous[:-1] if focused else previous, self._today(stored))
            return change if change is None or focused else replace(change, focus=())

        return (await self._change(learner, course, decide)).now

    async def set_session_time(self, learner: int, course: Course, minute: int) -> None:
        """Remember when the learner begins to study, for their calendar file."""
        await self._plans.set_session_minute(learner, course.id, minute)

    async def this_week(self, learner: int, course: Course) -> tuple[Slice, ...]:
        """Return the rest of this week's plan, with minutes; empty if there is no plan or nothing to do."""
        current = await self.find(learner, course) if course.minutes else None
        if current is None or current.plan is None:
            return ()
        week = current.plan.this_week
        return week.parts if week else ()

    async def ahead(self, learner: int, course: Course) -> CoursePlan:
        """Return the current plan. Raises ``NotFound`` without an exam date, or if it has passed."""
        found = await self.find(learner, course)
        if found is None:
            raise NotFound(f"You haven't set an exam date for {course.code} yet. Open </plan> to set one.")
        if found.exam < found.today:
            day = day_name(found.exam, found.today)
            raise NotFound(f"Your {course.code} exam was on {day}. Open </plan> to set a new date.")
        return found

    async def _change(
        self, learner: int, course: Course, decide: Callable[[StoredPlan, Sequence[Tick]], PlanChange | None]
    ) -> ChangedCoursePlan:
        changed = await self._plans.change(learner, course.id, decide)
        after = changed.after
        focused = (FOCUSED,) if changed.before.focus and changed.before.goal else ()
        undo = fingerprint(after.exam, after.shared, after.goal), *previous_values(changed.before), *focused
        reserved = await self._reserved.minutes_a_week(learner, course, after.goal)
        return ChangedCoursePlan(course, self._seen(course, after, changed.ticks, reserved), undo)

    def _today(self, stored: StoredPlan) -> date:
        return self._now().astimezone(zone_named(stored.zone)).date()

    def _seen(self, course: Course, stored: StoredPlan, ticks: Sequence[Tick], reserved: int) -> CoursePlan | None:
        if stored.exam is None:
            return None
        today, zone, progress = self._today(stored), zone_named(stored.zone), Progress(course, ticks)
        computed = None
        if stored.goal and course.minutes:
            computed = focus_plan(progress, stored.goal, stored.focus, today, zone, reserved)
        minute = EVENING if stored.session_minute is None else stored.session_minute
        return CoursePlan(
            course, progress, stored.exam, stored.shared, today, zone, computed, stored.goal, stored.away,
            stored.zone is not None, minute, stored.focus, course.id in self._catalogue.banks,
        )  # fmt: skip


def _left(course: Course, ticks: Sequence[Tick], focus: Sequence[str]) -> int:
    """Return the minutes that a new plan begins with."""
    return focus_minutes(course, focus) or Progress(course, ticks).whole.minutes_left


def _checked(goal: Goal, today: date) -> Goal:
    """Return the goal if it is valid. Raises ``BadInput``."""
    check_goal(goal, today)
    each = goal.minutes_a_week / len(goal.days)
    if each > MOST_A_DAY:
        raise BadInput(
            f"{goal.minutes_a_week / 60:g} hours a week on {name_days(goal.days)} are {each / 60:.0f} hours a day. "
            "Choose more days or fewer hours."
        )
    return goal
