"""Plans of learners. Only the goal is stored; the plan is computed on each read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from bot.core.calendar.dates import check_exam, parse_day
from bot.core.calendar.stored_zones import zone_named
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.progress import Progress, Tick
from bot.core.plan.plan import Plan, Slice, plan
from bot.core.plan.study_days import EVERY_DAY, Away, Goal, check_goal, go_away, name_days, parse_days
from bot.errors import BadInput, NotFound, Stale
from bot.store import Store
from bot.store.plans import Cleared, PlanChange, StoredPlan

MOST_A_DAY = 16 * 60
"""Maximum minutes per study day."""


@dataclass(frozen=True, slots=True)
class CoursePlan:
    """An exam and the plan for it. ``plan`` is None if the learner set only the exam date.

    ``today`` is the date in ``zone``, the learner's time zone. ``away`` are their times away, in all courses.
    """

    course: Course
    progress: Progress
    exam: date
    shared: bool
    today: date
    zone: ZoneInfo
    plan: Plan | None
    away: Away = ()

    @property
    def fingerprint(self) -> str:
        """Return eight hexadecimal digits that identify the goal. A button that changes it works for no other goal."""
        return _fingerprint(self.plan.goal if self.plan else None)


@dataclass(frozen=True, slots=True)
class AwayChange:
    """The effect of a new time away: each plan before and after it. ``away`` are all that have not ended."""

    away: Away
    plans: tuple[tuple[CoursePlan, CoursePlan], ...]


class Plans:
    """Exams, plans and times away."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._plans = store.plans
        self._catalogue = catalogue
        self._now = now

    async def of(self, learner: int, course: Course) -> CoursePlan:
        """Return the current plan. Raises ``NotFound`` if no exam date is set."""
        stored = await self._plans.of(learner, course.id)
        if stored.exam is None:
            raise _no_exam(course)
        return self._seen(course, stored, await self._store.progress.of(learner, course.id))

    async def set(
        self,
        learner: int,
        course: Course,
        *,
        exam: str | None = None,
        hours: float | None = None,
        days: str | None = None,
        start: str | None = None,
        shared: bool | None = None,
    ) -> CoursePlan:
        """Set a plan for what is left now. Options that are not given keep their values.

        If no hours are given or stored, only the exam date is set. Raises ``BadInput`` for invalid values, and
        ``NotFound`` for hours in a course without minutes.
        """
        weekdays = parse_days(days) if days else None

        def decide(stored: StoredPlan, ticks: Sequence[Tick]) -> PlanChange:
            today, old = self._today(stored), stored.goal
            on = parse_day(exam, today) if exam else stored.exam
            if on is None:
                raise BadInput(f"Give the date of your {course.code} exam too: `/plan set exam:2026-12-18 hours:5`.")
            check_exam(on, today)
            share = stored.shared if shared is None else shared
            minutes = round(60 * hours) if hours is not None else old.minutes_a_week if old else None
            if minutes is None:
                if weekdays or start:
                    raise BadInput("Say how many hours a week you have too, such as `hours:5`: a plan is made of them.")
                return PlanChange(on, share, None)
            if not course.minutes:
                raise NotFound(f"{course.code} has no minutes on record, so only its `exam:` date can be set.")
            begin = parse_day(start, today) if start else max(today, old.start) if old else today
            return PlanChange(
                on,
                share,
                _checked(
                    Goal(
                        exam=on,
                        minutes_a_week=minutes,
                        days=weekdays or (old.days if old else EVERY_DAY),
                        start=begin,
                        baseline_minutes=Progress(course, ticks).whole.minutes_left,
                        away=stored.away,
                    ),
                    today,
                ),
            )

        return self._seen(course, *await self._plans.change(learner, course.id, decide))

    async def this_week(self, learner: int, course: Course) -> tuple[Slice, ...]:
        """Return the rest of this week's plan, with minutes; empty if there is no plan or nothing to do."""
        stored = await self._plans.of(learner, course.id)
        if stored.goal is None or not course.minutes:
            return ()
        current = self._seen(course, stored, await self._store.progress.of(learner, course.id)).plan
        weeks = current.weeks if current else ()
        return next((week.parts for week in weeks if current and week.first <= current.today <= week.last), ())

    async def is_away(self, learner: int, day: date) -> bool:
        """Return whether a day is in one of the learner's times away."""
        return any(first <= day <= last for first, last in await self._plans.away(learner))

    async def ahead(self, learner: int, course: Course) -> CoursePlan:
        """Do the same as ``of``, but also raise ``NotFound`` if the exam date has passed."""
        stored = await self.of(learner, course)
        if stored.exam < stored.today:
            raise NotFound(f"Your {course.code} exam was on {stored.exam}. `/plan set exam:` sets a new date.")
        return stored

    async def accept(self, learner: int, course: Course, fingerprint: str, what: str, value: str) -> CoursePlan:
        """Change the plan with this ``fingerprint``: set its minutes per week (``hours``) or exam date (``exam``).

        Raises ``Stale`` if the plan has changed since.
        """
        if what not in ("hours", "exam") or (what == "hours" and not re.fullmatch(r"[0-9]{1,5}", value)):
            raise Stale("This button can't be read. `/plan show` has your plan as it is now.")

        def decide(stored: StoredPlan, ticks: Sequence[Tick]) -> PlanChange:
            today, old = self._today(stored), stored.goal
            if old is None or _fingerprint(old) != fingerprint:
                raise Stale("Your plan has changed since this message. `/plan show` has it as it is now.")
            fresh = replace(
                old,
                start=max(today, old.start),
                baseline_minutes=Progress(course, ticks).whole.minutes_left,
                **({"exam": parse_day(value, today)} if what == "exam" else {"minutes_a_week": int(value)}),
            )
            return PlanChange(fresh.exam, stored.shared, _checked(fresh, today))

        return self._seen(course, *await self._plans.change(learner, course.id, decide))

    async def clear(self, learner: int, course: Course) -> Cleared:
        """Delete the exam and the plan, and the times away with the last plan. Raises ``NotFound`` if none is set."""
        cleared = await self._plans.clear(learner, course.id)
        if not cleared.exam:
            raise NotFound(f"You have set no exam date for {course.code}, so there is nothing to forget.")
        return cleared

    async def go_away(self, learner: int, first: str, last: str | None) -> AwayChange:
        """Add a time away, in all courses. Raises ``BadInput``, and ``NotFound`` without a plan."""
        before = await self._all(learner)
        today, goal = before[0].today, next(each.plan.goal for each in before if each.plan)
        begin = parse_day(first, today)
        end = parse_day(last, today) if last else begin

        def decide(away: Away) -> Away:
            return go_away(replace(goal, away=away), begin, end, today).away

        await self._plans.change_away(learner, decide)
        return await self._changed(learner, before)

    async def come_back(self, learner: int, first: str, last: str) -> AwayChange:
        """Delete a time away. Raises ``Stale`` if it is no longer stored."""
        before = await self._all(learner)

        def decide(away: Away) -> Away:
            kept = tuple(span for span in away if tuple(map(str, span)) != (first, last))
            if kept == away:
                raise Stale("That time away isn't saved anymore. `/plan away` lists those that are.")
            return kept

        await self._plans.change_away(learner, decide)
        return await self._changed(learner, before)

    async def times_away(self, learner: int) -> AwayChange:
        """Return the stored times away. Raises ``NotFound`` without a plan."""
        return _change([(each, each) for each in await self._all(learner)])

    async def _changed(self, learner: int, before: Sequence[CoursePlan]) -> AwayChange:
        after = {each.course.id: each for each in await self._all(learner)}
        return _change([(old, after.get(old.course.id, old)) for old in before])

    async def _all(self, learner: int) -> list[CoursePlan]:
        """Return all plans of a learner. Raises ``NotFound`` if there is none."""
        courses = self._catalogue.courses
        stored = [
            await self.of(learner, courses[course])
            for course in await self._plans.courses(learner)
            if course in courses
        ]
        plans = [course_plan for course_plan in stored if course_plan.plan]
        if not plans:
            raise NotFound("You have no plan yet that could go around it. `/plan set` makes one.")
        return plans

    def _today(self, stored: StoredPlan) -> date:
        return self._now().astimezone(_zone(stored)).date()

    def _seen(self, course: Course, stored: StoredPlan, ticks: Sequence[Tick]) -> CoursePlan:
        if stored.exam is None:
            raise _no_exam(course)
        today, zone, progress = self._today(stored), _zone(stored), Progress(course, ticks)
        computed = plan(progress, stored.goal, today, zone) if stored.goal and course.minutes else None
        return CoursePlan(course, progress, stored.exam, stored.shared, today, zone, computed, stored.away)


def _zone(stored: StoredPlan) -> ZoneInfo:
    return zone_named(stored.zone)


def _no_exam(course: Course) -> NotFound:
    return NotFound(f"You have set no exam date for {course.code}. `/plan set exam:2026-12-18 hours:5` makes a plan.")


def _checked(goal: Goal, today: date) -> Goal:
    """Return the goal if it is valid. Raises ``BadInput``."""
    check_goal(goal, today)
    each = goal.minutes_a_week / len(goal.days)
    if each > MOST_A_DAY:
        raise BadInput(
            f"{goal.minutes_a_week / 60:g} hours a week on {name_days(goal.days)} are {each / 60:.0f} hours a day. "
            "Choose more `days` or fewer `hours`."
        )
    return goal


def _change(pairs: Sequence[tuple[CoursePlan, CoursePlan]]) -> AwayChange:
    latest = pairs[0][1]
    return AwayChange(tuple(span for span in latest.away if span[1] >= latest.today), tuple(pairs))


def _fingerprint(goal: Goal | None) -> str:
    said = goal and (goal.exam, goal.minutes_a_week, sorted(goal.days), goal.start, goal.baseline_minutes, goal.away)
    return blake2b(repr(said).encode(), digest_size=4).hexdigest()
