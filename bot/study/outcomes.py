"""How exams went: what a learner reports, the plan for a retake, and what passing ends.

A failed attempt is private: nothing here writes anything that others can see.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core.calendar.slots import instant
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.exam import Domain
from bot.core.plan.focus import focus_leaves
from bot.core.plan.outcome import Level, Result, Tally, earliest_retake, next_notice, valid_until
from bot.core.plan.study_days import EVERY_DAY
from bot.errors import BadInput, NotFound, Stale
from bot.store import Store
from bot.store.announcements import Announcement
from bot.store.outcomes import Answer, Outcome
from bot.study.learners import Learners
from bot.study.plan_settings import PlanSettings
from bot.study.plans import ChangedCoursePlan, Plans
from bot.study.readiness import LearnerReadiness

OUTDATED = "Your exam date has changed since this message. Open </plan> to see it as it is now."
OTHER_RESULT = "You've already reported a result for this exam. Press **Undo** there first, or use </plan>."
LEAST_DAYS, TWO_WEEKS = timedelta(days=7), timedelta(days=14)
"""A plan for a retake that could be taken within a week is made for two weeks: there is time to study then."""
DEFAULT_MINUTES = 300
"""Minutes a week for a retake if the learner had no plan."""


@dataclass(frozen=True, slots=True)
class ExamResult:
    """A learner's result. ``outcome`` is what is stored, ``new`` is False if it was stored before.

    ``levels`` are the ratings of domains, ``attempts`` the number of failed attempts, ``earliest`` the first day on
    which a retake is allowed (None if the rule isn't known), ``proposed`` the day for which a plan is offered.
    ``today`` is the date in the learner's time zone.
    """

    course: Course
    outcome: Outcome
    today: date
    levels: Mapping[str, Level]
    attempts: int = 0
    earliest: date | None = None
    proposed: date | None = None

    @property
    def exam(self) -> date:
        return self.outcome.exam

    @property
    def domains(self) -> tuple[Domain, ...]:
        return self.course.exam.domains if self.course.exam else ()

    def rated(self, level: Level) -> tuple[Domain, ...]:
        return tuple(domain for domain in self.domains if self.levels.get(domain.id) is level)


class ExamOutcomes:
    """The results of exams."""

    def __init__(
        self, store: Store, catalogue: Catalogue, learners: Learners, plans: Plans, readiness: LearnerReadiness, *,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._rows = store.outcomes
        self._renewals = store.renewals
        self._shares = store.outcome_shares
        self._catalogue = catalogue
        self._learners = learners
        self._plans = plans
        self._readiness = readiness
        self._now = now

    async def report(self, learner: int, course: Course, exam: date, result: Result) -> ExamResult:
        """Store a result. The same one again changes nothing. Raises ``Stale``."""
        zone = await self._learners.zone(learner)
        if exam > self._now().astimezone(zone).date():
            raise Stale("That exam is still ahead. Open </plan> to see it.")
        try:
            end = instant(exam + timedelta(days=1), time(), zone)
            readiness = (await self._readiness.as_of(learner, course, end)).percent
        except NotFound:
            readiness = None
        renewal = course.exam.renewal if course.exam else None
        valid = valid_until(exam, renewal) if result is Result.PASSED else None
        notice = next_notice(valid, renewal, exam) if valid else None
        answer = Answer(learner, course.id, exam, result, readiness, self._now(), valid, notice)
        if not await self._rows.record(answer):
            known = any(outcome.exam == exam for outcome in await self._rows.of(learner, course.id))
            raise Stale(OTHER_RESULT if known else OUTDATED)
        return await self.of(learner, course, exam)

    async def of(self, learner: int, course: Course, exam: date) -> ExamResult:
        """Return a stored result. Raises ``Stale`` if there is none."""
        outcomes = await self._rows.of(learner, course.id)
        found = next((outcome for outcome in outcomes if outcome.exam == exam), None)
        if found is None:
            raise Stale("You took that answer back. Open </plan> to answer again.")
        today = await self._learners.today(learner)
        if found.result is Result.PASSED:
            return ExamResult(course, found, today, {})
        attempts = [outcome.exam for outcome in outcomes if outcome.result is Result.FAILED and outcome.exam <= exam]
        rule = course.exam.retake if course.exam else None
        earliest = earliest_retake(attempts, rule) if rule else None
        proposed = earliest if earliest and earliest - today >= LEAST_DAYS else today + TWO_WEEKS
        levels = await self._rows.domains(learner, course.id, exam)
        return ExamResult(course, found, today, levels, len(attempts), earliest, proposed)

    async def rate(self, learner: int, course: Course, exam: date, levels: Mapping[str, Level]) -> ExamResult:
        """Store what the score report says about domains. Raises ``Stale``."""
        known = {domain.id for domain in (course.exam.domains if course.exam else ())}
        kept = {domain: level for domain, level in levels.items() if domain in known}
        if not await self._rows.set_domains(learner, course.id, exam, kept):
            raise Stale(OUTDATED)
        return await self.of(learner, course, exam)

    async def undo(self, learner: int, course: Course, exam: date) -> list[Announcement]:
        """Take a result back: restore the plan and the reminder that ended with it, and stop sharing it.

        Return the posts to delete. Raises ``Stale`` if there is no result.
        """
        result = await self._rows.undo(learner, course.id, exam, self._now())
        if result is None:
            raise Stale("There is nothing left to undo here.")
        return await self._shares.posts(learner, course.id) if result is Result.PASSED else []

    async def read_day(self, learner: int, text: str) -> date:
        """Return the day that a learner typed. Raises ``BadInput``."""
        return (await self._learners.read_day(learner, text, ahead=True)).day

    async def minutes_a_week(self, learner: int, course: Course) -> int:
        """Return the minutes per week of the learner's plan, or a usual number."""
        found = await self._plans.find(learner, course)
        return found.goal.minutes_a_week if found and found.goal else DEFAULT_MINUTES

    async def plan_retake(
        self, learner: int, course: Course, exam: date, retake: date, minutes: int | None = None
    ) -> ChangedCoursePlan:
        """Plan the weak domains up to a retake, with the hours and days of the earlier plan. Others can't see its date.

        Without weak domains, or if no module teaches them, everything that is left is planned. Raises ``BadInput`` for
        a day before the retake is allowed, and ``Stale``.
        """
        found = await self.of(learner, course, exam)
        if found.outcome.result is not Result.FAILED:
            raise Stale(OUTDATED)
        if found.earliest and retake < found.earliest:
            raise BadInput(f"You can retake the exam from {found.earliest:%B} {found.earliest.day} on.")
        if not course.minutes:
            return await self._plans.set(learner, course, PlanSettings(retake))
        before = await self._plans.find(learner, course)
        goal = before.goal if before else None
        weekly = minutes or (goal.minutes_a_week if goal else DEFAULT_MINUTES)
        weak = tuple(domain.id for domain in found.rated(Level.WEAK))
        focus = weak if focus_leaves(course, weak) else ()
        return await self._plans.set(
            learner, course, PlanSettings(retake, weekly, goal.days if goal else EVERY_DAY), focus=focus
        )

    async def set_upkeep(self, learner: int, course: Course, exam: date, upkeep: str) -> ExamResult:
        """Keep reviewing a few questions a week ("weekly"), or stop ("stopped"). Raises ``Stale``."""
        if not await self._rows.set_upkeep(learner, course.id, exam, upkeep):
            raise Stale(OUTDATED)
        return await self.of(learner, course, exam)

    async def count(self, learner: int, course: Course, exam: date, *, counted: bool) -> ExamResult:
        """Add a result to the anonymous counts, or take it out."""
        await self._rows.count(learner, course.id, exam, counted=counted)
        return await self.of(learner, course, exam)

    async def tally(self, course: Course, percent: int) -> Tally:
        """Return what others reported whose readiness was about this."""
        return await self._rows.tally(course.id, percent)

    async def renew(self, learner: int, course: Course, expected: date) -> date:
        """Extend a certification that is valid until ``expected``. Return the new last day. Raises ``Stale``."""
        renewal = course.exam.renewal if course.exam else None
        valid = valid_until(expected, renewal)
        if valid is None or not await self._set_valid(learner, course, expected, valid):
            raise Stale("This renewal has been recorded already, or taken back. Open </start> to see the date.")
        return valid

    async def undo_renewal(self, learner: int, course: Course, valid: date, previous: date) -> None:
        """Take a renewal back. Raises ``Stale``."""
        renewal = course.exam.renewal if course.exam else None
        if valid_until(previous, renewal) != valid or not await self._set_valid(learner, course, valid, previous):
            raise Stale("There is nothing left to undo here.")

    async def _set_valid(self, learner: int, course: Course, expected: date, valid: date) -> bool:
        today = await self._learners.today(learner)
        notice = next_notice(valid, course.exam.renewal if course.exam else None, today)
        return await self._renewals.set_valid(learner, course.id, expected, valid, notice)
