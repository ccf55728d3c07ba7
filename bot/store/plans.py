"""Stored data of plans: exam, goal and times away. The plan itself is not stored."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core.course.progress import Tick
from bot.core.plan.study_days import Away, Goal, merged
from bot.store.engine import Engine, Statements


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A learner's exam and goal in a course; None if not set. ``zone`` is an IANA name."""

    exam: date | None
    shared: bool
    goal: Goal | None
    away: Away
    zone: str | None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What to store: the exam date, and the goal if there is a plan."""

    exam: date
    shared: bool
    goal: Goal | None


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was deleted."""

    exam: bool
    plan: bool
    away: bool


class Plans:
    """Exams, goals and times away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, course: str) -> StoredPlan:
        return _stored_plan(*await self._engine.read_together(("plan_of", "away_of"), learner=learner, course=course))

    async def courses(self, learner: int) -> list[str]:
        """Return the courses for which a learner has a plan."""
        return [course for (course,) in await self._engine.read("plans_of", learner=learner)]

    async def change(
        self, learner: int, course: str, decide: Callable[[StoredPlan, Sequence[Tick]], PlanChange]
    ) -> tuple[StoredPlan, list[Tick]]:
        """Store what ``decide`` returns for the stored data and the ticks, in one transaction. Return both."""

        key: dict[str, Any] = {"learner": learner, "course": course}

        def stored(transaction: Statements) -> StoredPlan:
            return _stored_plan(transaction.run("plan_of", **key), transaction.run("away_of", learner=learner))

        def work(transaction: Statements) -> tuple[StoredPlan, list[Tick]]:
            ticks = [Tick._make(row) for row in transaction.run("ticks", **key)]
            wanted = decide(stored(transaction), ticks)
            transaction.run("set_exam", **key, exam_on=wanted.exam.isoformat(), shared=int(wanted.shared))
            if wanted.goal:
                transaction.run(
                    "set_plan",
                    **key,
                    minutes_a_week=wanted.goal.minutes_a_week,
                    days=sum(1 << day for day in wanted.goal.days),
                    start_on=wanted.goal.start.isoformat(),
                    baseline_minutes=wanted.goal.baseline_minutes,
                )
                transaction.run("drop_past_away", learner=learner)
            return stored(transaction), ticks

        return await self._engine.transact(work)

    async def clear(self, learner: int, course: str) -> Cleared:
        """Delete the exam and the plan, and the times away with the last plan."""

        def work(transaction: Statements) -> Cleared:
            key = {"learner": learner, "course": course}
            exam, plan = bool(transaction.run("clear_exam", **key)), bool(transaction.run("clear_plan", **key))
            return Cleared(exam, plan, bool(transaction.run("clear_away", learner=learner)))

        return await self._engine.transact(work)

    async def away(self, learner: int) -> Away:
        """Return the learner's times away."""
        return _away(await self._engine.read("away_of", learner=learner))

    async def change_away(self, learner: int, decide: Callable[[Away], Away]) -> Away:
        """Store what ``decide`` returns for the times away, in one transaction."""

        def work(transaction: Statements) -> Away:
            away = decide(_away(transaction.run("away_of", learner=learner)))
            transaction.run("drop_away", learner=learner)
            for first, last in away:
                transaction.run("add_away", learner=learner, first_on=first.isoformat(), last_on=last.isoformat())
            return away

        return await self._engine.transact(work)


def _stored_plan(rows: Sequence[Any], away_rows: Iterable[Sequence[str]]) -> StoredPlan:
    exam_on, shared, minutes, days, start_on, baseline, zone = rows[0]
    exam = None if exam_on is None else date.fromisoformat(exam_on)
    away = _away(away_rows)
    goal = _goal(exam, minutes, days, start_on, baseline, away) if exam and minutes else None
    return StoredPlan(exam, bool(shared), goal, away, zone)


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
    """Return the times away in rows of first and last date (ISO)."""
    return merged((date.fromisoformat(first), date.fromisoformat(last)) for first, last in rows)
