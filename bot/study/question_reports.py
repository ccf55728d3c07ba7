"""Reports of questions: learners submit them, the operator resolves them, and the learners are told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.questions.item_statistics import Resolution
from bot.core.questions.question import Question, fingerprint
from bot.core.questions.question_report import DAY, MAX_BECAUSE, MAX_COMMENT, PER_DAY, Reason, beginning
from bot.errors import BadInput, NotAllowed, NotFound, Stale
from bot.store import Store
from bot.store.question_reports import NewReport, OpenReport, Reported, Resolved

REMOVED = "This question was removed, so there is nothing to report."
CHANGED = (
    "This question has been updated since you answered it. If it's still wrong, report it the next time you see it."
)
OPEN = "You've already reported this question. I'll tell you in a review once it's resolved."
TOO_MANY = f"You've reported {PER_DAY} questions in the last 24 hours. Try again tomorrow."

MAX_TOLD = 5
"""The number of resolved reports in one message; more are told at the next review."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A stored report. ``count`` is the number of open reports on the question, including this one."""

    course: Course
    question: Question
    reason: Reason
    comment: str | None
    count: int


class QuestionReports:
    """Reports of questions."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._rows = store.question_reports
        self._catalogue = catalogue
        self._now = now

    async def check(self, learner: int, course: Course, question: str, shown: str) -> Question:
        """Return the question if the learner can report it. ``shown`` is the fingerprint of the one they saw.

        Raises ``Stale`` if it was changed or removed, ``NotAllowed`` if the learner has an open report on it or has
        made too many reports.
        """
        found = self._question(course, question, shown)
        since = self._now() - DAY
        _check(await self._rows.of_learner(learner, since), course, question, since)
        return found

    async def submit(
        self, learner: int, course: Course, question: str, shown: str, reason: Reason, comment: str
    ) -> Submitted:
        """Store a report. Raises ``BadInput`` for a comment that is too long, otherwise as ``check``."""
        found, text, now = self._question(course, question, shown), comment.strip() or None, self._now()
        if len(text or "") > MAX_COMMENT:
            raise BadInput(f"That comment is too long. Write at most {MAX_COMMENT} characters.")
        report = NewReport(
            course=course.id, question=question, fingerprint=shown, prompt=beginning(found.prompt), reason=reason,
            comment=text,
        )  # fmt: skip
        since = now - DAY
        count = await self._rows.add(
            learner, report, now, since, lambda earlier: _check(earlier, course, question, since)
        )
        return Submitted(course, found, reason, text, count)

    async def undo(self, learner: int, course: Course, question: str) -> None:
        """Take back the learner's open report of a question. Raises ``Stale`` if there is none."""
        if not await self._rows.undo(learner, course.id, question, self._now()):
            raise Stale("That report is no longer open, so there is nothing to undo.")

    async def tell(self, learner: int) -> list[Resolved]:
        """Return up to ``MAX_TOLD`` resolved reports that the learner hasn't been told about, each only once."""
        return await self._rows.tell(learner, self._now(), MAX_TOLD)

    async def open(self) -> list[OpenReport]:
        """Return all open reports by course and question, oldest first."""
        return await self._rows.open()

    async def resolve(self, course: str, question: str, resolution: Resolution, because: str) -> int:
        """Resolve all open reports of a question, with the reason that the learners are told. Return their number.

        Also clears the question for mock exams, unless it is withdrawn. Raises ``NotFound`` if the question is neither
        in a bank nor reported, and ``BadInput`` for a reason that is empty or too long.
        """
        text = " ".join(because.split())
        if not 1 <= len(text) <= MAX_BECAUSE:
            raise BadInput(f'Write a reason of 1 to {MAX_BECAUSE} characters: --because "..."')
        bank = self._catalogue.banks.get(course)
        found = bank.questions.get(question) if bank else None
        version = fingerprint(found) if found else None
        count = await self._rows.resolve(course, question, version, resolution, text, self._now())
        if found is None and not count:
            raise NotFound(f"{course}/{question} is not a question, and there is no open report on it.")
        return count

    def _question(self, course: Course, question: str, shown: str) -> Question:
        bank = self._catalogue.banks.get(course.id)
        found = bank.questions.get(question) if bank else None
        if found is None:
            raise Stale(REMOVED)
        if fingerprint(found) != shown:
            raise Stale(CHANGED)
        return found


def _check(earlier: list[Reported], course: Course, question: str, since: datetime) -> None:
    """Raise ``NotAllowed`` if the learner's earlier reports don't allow another one."""
    if any(report.is_open and (report.course, report.question) == (course.id, question) for report in earlier):
        raise NotAllowed(OPEN)
    if sum(report.at >= since for report in earlier) >= PER_DAY:
        raise NotAllowed(TOO_MANY)
