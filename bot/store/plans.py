"""Stored data of plans: exam, goal and days off. The plan itself is not stored."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.course.progress import Tick
from bot.core.plan.study_days import Away, Goal, merged
from bot.store.engine import Engine, Statements
from bot.store.exam_questions import end_question


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A learner's exam and goal in a course; None if not set. ``zone`` is an IANA name.

    ``session_minute`` is when study sessions begin in the calendar file, in minutes after midnight.
    """

    exam: date | None
    shared: bool
    goal: Goal | None
    away: Away
    zone: str | None
    session_minute: int | None = None
    focus: tuple[str, ...] = ()
    """The domains to which the plan is limited; all if empty."""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What to store: the exam date, and the goal if there is a plan. ``focus`` stays as it is if None."""

    exam: date
    shared: bool
    goal: Goal | None
    focus: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ChangedPlan:
    """What was stored before and after a change, and the learner's ticks."""

    before: StoredPlan
    after: StoredPlan
    ticks: list[Tick]


class Plans:
    """Exams, goals and days off."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, course: str) -> StoredPlan:
        queries = ("plan_of", "away_of", "focus_of")
        return stored_plan(*await self._engine.read_together(queries, learner=learner, course=course))

    async def courses(self, learner: int) -> list[str]:
        """Return the courses for which a learner has a plan."""
        return [course for (course,) in await self._engine.read("plans_of", learner=learner)]

    async def change(
        self, learner: int, course: str, decide: Callable[[StoredPlan, Sequence[Tick]], PlanChange | None]
    ) -> ChangedPlan:
        """Store what ``decide`` returns for the stored data and the ticks, in one transaction.

        Without a goal the plan is deleted; None deletes the exam as well.
        """
        key: dict[str, Any] = {"learner": learner, "course": course}

        def stored(transaction: Statements) -> StoredPlan:
            return stored_plan(
                transaction.run("plan_of", **key), transaction.run("away_of", learner=learner),
                transaction.run("focus_of", **key),
            )  # fmt: skip

        def work(transaction: Statements) -> ChangedPlan:
            ticks = [Tick._make(row) for row in transaction.run("ticks", **key)]
            before = stored(transaction)
            wanted = decide(before, ticks)
            if wanted is None:
                transaction.run("clear_exam", **key)
            else:
                transaction.run("set_exam", **key, exam_on=wanted.exam.isoformat(), shared=int(wanted.shared))
            if before.exam and (wanted is None or wanted.exam != before.exam):
                end_question(transaction, learner, course, "the exam date was changed")
            if wanted is None or wanted.goal is None or wanted.focus is not None:
                transaction.run("clear_focus", **key)
            if wanted is None or wanted.goal is None:
                transaction.run("clear_plan", **key)
            else:
                for domain in wanted.focus or ():
                    transaction.run("add_focus", **key, domain=domain)
                transaction.run(
                    "set_plan",
                    **key,
                    minutes_a_week=wanted.goal.minutes_a_week,
                    days=sum(1 << day for day in wanted.goal.days),
                    start_on=wanted.goal.start.isoformat(),
                    baseline_minutes=wanted.goal.baseline_minutes,
                )
            return ChangedPlan(before, stored(transaction), ticks)

        return await self._engine.transact(work)

    async def set_session_minute(self, learner: int, course: str, minute: int) -> None:
        """Store when study sessions begin, if there is a plan."""
        await self._engine.write("set_session_minute", learner=learner, course=course, minute=minute)

    async def away(self, learner: int) -> Away:
        """Return the learner's days off."""
        return _away(await self._engine.read("away_of", learner=learner))

    async def change_away(self, learner: int, decide: Callable[[Away], Away], forget_before: date) -> tuple[Away, Away]:
        """Store what ``decide`` returns for the days off, in one transaction. Return them before and after.

        Those that ended before ``forget_before`` are deleted if no plan covers them.
        """

        def work(transaction: Statements) -> tuple[Away, Away]:
            transaction.run("drop_past_away", learner=learner, far=forget_before.isoformat())
            before = _away(transaction.run("away_of", learner=learner))
            after = decide(before)
            transaction.run("drop_away", learner=learner)
            for first, last in after:
                transaction.run("add_away", learner=learner, first_on=first.isoformat(), last_on=last.isoformat())
            return before, after

        return await self._engine.transact(work)


def stored_plan(
    rows: Sequence[Any], away_rows: Iterable[Sequence[str]], focus_rows: Iterable[Sequence[str]] = ()
) -> StoredPlan:
    """Return the plan in the rows of ``plan_of``, ``away_of`` and ``focus_of``."""
    exam_on, shared, minutes, days, start_on, baseline, session_minute, zone = rows[0]
    exam = None if exam_on is None else date.fromisoformat(exam_on)
    away = _away(away_rows)
    goal = _goal(exam, minutes, days, start_on, baseline, away) if exam and minutes else None
    focus = tuple(domain for (domain,) in focus_rows)
    return StoredPlan(exam, bool(shared), goal, away, zone, session_minute, focus)


def _goal(exam: date, minutes: int, days: int, start_on: str, baseline: int, away: Away) -> Goal:
    """Return the goal in a row. ``days`` is a bit mask of weekdays."""
    return Goal(
        exam=exam,
        minutes_a_week=minutes,
        days=frozenset(day for day in range(7) if days >> day & 1),
        start=date.fromisoformat(start_on),
        baseline_minutes=baseline,
        away=away,
    )


def _away(rows: Iterable[Sequence[str]]) -> Away:
    """Return the days off in rows of first and last date (ISO)."""
    return merged((date.fromisoformat(first), date.fromisoformat(last)) for first, last in rows)
