"""Reports of questions: who reported what and why, and how it was resolved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.questions.item_statistics import Resolution
from bot.core.questions.question_report import Reason
from bot.store.engine import Engine, Statements


@dataclass(frozen=True, slots=True)
class Reported:
    """An earlier report of a learner."""

    course: str
    question: str
    at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report to store. ``prompt`` is the beginning of the question."""

    course: str
    question: str
    fingerprint: str
    prompt: str
    reason: Reason
    comment: str | None


@dataclass(frozen=True, slots=True)
class OpenReport:
    """An open report, without its learner."""

    course: str
    question: str
    fingerprint: str
    prompt: str
    reason: Reason
    comment: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolved report: the beginning of the question, and the operator's decision with its reason."""

    prompt: str
    resolution: Resolution
    because: str


class QuestionReports:
    """The rows of reports."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def of_learner(self, learner: int, since: datetime) -> list[Reported]:
        """Return the learner's reports that are open or were made since ``since``, oldest first."""
        return _reported(await self._engine.read("reports_of_learner", learner=learner, since=seconds(since)))

    async def add(
        self, learner: int, report: NewReport, now: datetime, since: datetime, check: Callable[[list[Reported]], None]
    ) -> int:
        """Store a report unless ``check``, given what ``of_learner`` returns, raises. Return the question's number of
        open reports.
        """

        def work(statements: Statements) -> int:
            check(_reported(statements.run("reports_of_learner", learner=learner, since=seconds(since))))
            statements.run(
                "add_report", learner=learner, course=report.course, question=report.question,
                fingerprint=report.fingerprint, prompt=report.prompt, reason=report.reason.value,
                comment=report.comment, now=seconds(now),
            )  # fmt: skip
            counts: dict[str, int] = dict(statements.run("reports_by_question", course=report.course))
            return counts[report.question]

        return await self._engine.transact(work)

    async def undo(self, learner: int, course: str, question: str, now: datetime) -> bool:
        """Take back the learner's open report of a question. Return whether there was one."""
        rows = await self._engine.write(
            "undo_report", learner=learner, course=course, question=question, now=seconds(now)
        )
        return bool(rows)

    async def by_question(self, course: str) -> dict[str, int]:
        """Return the number of open reports, each of another learner, by question."""
        return dict(await self._engine.read("reports_by_question", course=course))

    async def open(self) -> list[OpenReport]:
        """Return all open reports by course and question, oldest first."""
        return [
            OpenReport(course, question, fingerprint, prompt, Reason(reason), comment, from_seconds(at))
            for course, question, fingerprint, prompt, reason, comment, at in await self._engine.read("open_reports")
        ]

    async def resolve(
        self, course: str, question: str, fingerprint: str | None, resolution: Resolution, because: str, now: datetime
    ) -> int:
        """Resolve all open reports of a question, and record the decision about its current version, if there is one.

        Return the number of reports.
        """

        def work(statements: Statements) -> int:
            key = {"course": course, "question": question, "resolution": resolution.value, "now": seconds(now)}
            if fingerprint is not None:
                statements.run("decide_item", **key, fingerprint=fingerprint)
            return len(statements.run("resolve_reports", **key, because=because))

        return await self._engine.transact(work)

    async def tell(self, learner: int, now: datetime, most: int) -> list[Resolved]:
        """Return the first resolved reports that the learner hasn't been told about, and record that they are now."""
        if not await self._engine.read("untold_report", learner=learner):
            return []
        rows = await self._engine.write("tell_reports", learner=learner, now=seconds(now), most=most)
        ordered = sorted(rows, key=lambda row: int(row[3]))
        return [Resolved(prompt, Resolution(resolution), because or "") for prompt, resolution, because, _ in ordered]


def _reported(rows: list[tuple[str, str, int, int]]) -> list[Reported]:
    return [Reported(course, question, from_seconds(at), bool(is_open)) for course, question, at, is_open in rows]
