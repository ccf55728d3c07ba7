"""How exams went: results, what ended with a pass, domains of failed attempts, and the anonymous counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.plan.outcome import Level, Result, Tally, bucket_of
from bot.store.deliveries import ScheduleState
from bot.store.engine import Engine, Statements
from bot.store.exam_questions import end_question
from bot.store.reminder_rows import key_of as reminder_key


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a learner's exam. ``readiness`` is that of the exam day in percent; None if unknown.

    ``counted``: it is in the anonymous counts. ``valid`` is the last day of the certification, None if it doesn't
    expire. ``upkeep`` is "weekly" or "stopped"; None if the learner hasn't chosen.
    """

    exam: date
    result: Result
    answered_at: datetime
    readiness: int | None
    counted: bool
    upkeep: str | None
    valid: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner reports. ``valid`` and ``notice`` only for a pass of a certification that expires."""

    learner: int
    course: str
    exam: date
    result: Result
    readiness: int | None
    at: datetime
    valid: date | None = None
    notice: date | None = None

    @property
    def key(self) -> dict[str, Any]:
        return {"learner": self.learner, "course": self.course, "exam_on": self.exam.isoformat()}


class Outcomes:
    """The results of all learners."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of(self, learner: int, course: str) -> list[Outcome]:
        """Return a learner's results in a course, oldest first."""
        return [
            Outcome(
                date.fromisoformat(exam_on), Result(result), from_seconds(answered_at), readiness, bool(counted),
                upkeep, date.fromisoformat(valid_on) if valid_on else None,
            )
            for exam_on, result, answered_at, readiness, counted, upkeep, valid_on in await self._engine.read(
                "outcomes_of", learner=learner, course=course
            )
        ]  # fmt: skip

    async def record(self, answer: Answer) -> bool:
        """Store a result, and end the plan and the reminder of the course if it is a pass. One per exam date.

        The same result again changes nothing. Return False if the learner has no such exam, or reported the other
        result.
        """

        def work(statements: Statements) -> bool:
            key = {"learner": answer.learner, "course": answer.course}
            known = dict(row[:2] for row in statements.run("outcomes_of", **key))
            if answer.exam.isoformat() in known:
                return bool(known[answer.exam.isoformat()] == answer.result)
            exam_on, shared, minutes, days, start_on, baseline, session, _ = statements.run("plan_of", **key)[0]
            if exam_on != answer.exam.isoformat():
                return False
            passed = answer.result is Result.PASSED
            reminder = _end_reminder(statements, answer.learner, answer.course) if passed else None
            if passed:
                statements.run("clear_notices", **key)
            statements.run(
                "add_outcome", **answer.key, result=answer.result, now=seconds(answer.at), readiness=answer.readiness,
                shared=shared, minutes_a_week=minutes, days=days, start_on=start_on, baseline_minutes=baseline,
                session_minute=session, reminder_state=reminder,
                valid_on=answer.valid.isoformat() if answer.valid else None,
                notice_on=answer.notice.isoformat() if answer.notice else None,
            )  # fmt: skip
            end_question(statements, answer.learner, answer.course, "the learner has answered")
            statements.run("exam_asked", **answer.key, now=seconds(answer.at))
            if passed:
                for query in ("clear_exam", "clear_plan", "clear_focus"):
                    statements.run(query, **key)
            return True

        return await self._engine.transact(work)

    async def undo(self, learner: int, course: str, exam: date, now: datetime) -> Result | None:
        """Delete a result, and restore what ended with it. Return it; None if there is none.

        A newer exam date or plan stays.
        """
        key, on = {"learner": learner, "course": course}, exam.isoformat()

        def work(statements: Statements) -> Result | None:
            ended = statements.run("ended_by_pass", **key, exam_on=on)
            _count(statements, learner, course, exam, counted=False)
            rows = statements.run("drop_outcome", **key, exam_on=on)
            if not rows:
                return None
            statements.run("drop_outcome_domains", **key, exam_on=on)
            if ended:
                statements.run("unshare_outcomes", **key)
                _restore(statements, key, on, ended[0], seconds(now))
            return Result(rows[0][0])

        return await self._engine.transact(work)

    async def domains(self, learner: int, course: str, exam: date) -> dict[str, Level]:
        """Return how the score report of a failed attempt rates each domain."""
        rows = await self._engine.read("outcome_domains", learner=learner, course=course, exam_on=exam.isoformat())
        return {domain: Level(level) for domain, level in rows}

    async def set_domains(self, learner: int, course: str, exam: date, levels: Mapping[str, Level]) -> bool:
        """Store ratings of domains; the others stay. Return False if the learner has reported no failed attempt."""
        key: dict[str, Any] = {"learner": learner, "course": course, "exam_on": exam.isoformat()}

        def work(statements: Statements) -> bool:
            rows = statements.run("outcomes_of", learner=learner, course=course)
            if not any(row[:2] == (key["exam_on"], Result.FAILED) for row in map(tuple, rows)):
                return False
            for domain, level in levels.items():
                statements.run("set_outcome_domain", **key, domain=domain, level=level)
            return True

        return await self._engine.transact(work)

    async def set_upkeep(self, learner: int, course: str, exam: date, upkeep: str) -> bool:
        """Store what a learner who passed chose for reviews. Return False if there is no such pass."""
        key: dict[str, Any] = {"learner": learner, "course": course, "exam_on": exam.isoformat()}
        return bool(await self._engine.write("set_upkeep", **key, upkeep=upkeep))

    async def upkeep(self, learner: int, course: str) -> str | None:
        """Return "weekly" or "stopped" for a learner who passed and plans no other exam, otherwise None."""
        rows = await self._engine.read("upkeep_of", learner=learner, course=course)
        return rows[0][0] if rows else None

    async def count(self, learner: int, course: str, exam: date, *, counted: bool) -> bool:
        """Add a result to the anonymous counts, or take it out. Return False if that changes nothing."""

        def work(statements: Statements) -> bool:
            return _count(statements, learner, course, exam, counted=counted)

        return await self._engine.transact(work)

    async def tally(self, course: str, percent: int) -> Tally:
        """Return what people reported whose readiness was about this."""
        bucket = bucket_of(percent)
        rows = await self._engine.read("outcome_counts", course=course, bucket=bucket)
        return Tally.of(bucket, *(rows[0] if rows else (0, 0)))


def _count(statements: Statements, learner: int, course: str, exam: date, *, counted: bool) -> bool:
    rows = statements.run(
        "set_counted", learner=learner, course=course, exam_on=exam.isoformat(), counted=int(counted)
    )  # fmt: skip
    if not rows or rows[0][1] is None:
        return False
    result, readiness = rows[0]
    step = 1 if counted else -1
    passed = step if result == Result.PASSED else 0
    statements.run("count_outcome", course=course, bucket=bucket_of(readiness), passed=passed, failed=step - passed)
    return True


def _end_reminder(statements: Statements, learner: int, course: str) -> str | None:
    """Turn the reminder of a course off. Return the state that it had; None if there was nothing to end."""
    for row in statements.run("reminders_of", learner=learner):
        if row[0] == course and row[3] in (ScheduleState.ON, ScheduleState.PAUSED):
            statements.run("end_open_deliveries", **reminder_key(learner).values, course=course,
                           reason="the learner passed the exam")  # fmt: skip
            statements.run("set_reminder_due", learner=learner, course=course, state=ScheduleState.OFF, due_at=row[4],
                           since_at=row[5], reason=None)  # fmt: skip
            return str(row[3])
    return None


def _restore(statements: Statements, key: dict[str, Any], exam_on: str, ended: Any, now: int) -> None:
    """Restore the exam date, the plan and the reminder, unless the learner has set another one since."""
    shared, minutes, days, start_on, baseline, session, reminder = ended
    if statements.run("plan_of", **key)[0][0] is None:
        statements.run("set_exam", **key, exam_on=exam_on, shared=shared or 0)
        statements.run("exam_asked", **key, exam_on=exam_on, now=now)
        if minutes is not None:
            statements.run("set_plan", **key, minutes_a_week=minutes, days=days, start_on=start_on,
                           baseline_minutes=baseline)  # fmt: skip
            statements.run("set_session_minute", **key, minute=session)
    states = {row[0]: row[3] for row in statements.run("reminders_of", learner=key["learner"])}
    if reminder and states.get(key["course"]) == ScheduleState.OFF:
        # What was due meanwhile isn't sent: the engine computes the next one from now on.
        statements.run("set_reminder_due", **key, state=reminder, due_at=now + 1, since_at=now + 1, reason=None)
