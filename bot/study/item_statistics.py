"""Item statistics of a course: suspicious questions, and those that mock exams leave out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.questions.bank import Bank
from bot.core.questions.item_statistics import MIN_ANSWERS, Flag, ItemCounts, discrimination, find_flags, kept_out
from bot.core.questions.question import Question, fingerprint
from bot.store import Store


@dataclass(frozen=True, slots=True)
class SuspiciousItem:
    """A question with flags. ``discrimination`` is -1 to 1, and ``seconds`` the mean time of an answer in reviews; None
    if unknown.
    """

    question: Question
    answers: int
    correct: int
    discrimination: float | None
    seconds: int | None
    flags: Sequence[Flag]


@dataclass(frozen=True, slots=True)
class CourseStatistics:
    """The statistics of a bank. ``judged`` questions have enough answers.

    ``kept_out`` maps the questions that mock exams leave out to the reason.
    """

    bank: Bank
    judged: int
    suspicious: Sequence[SuspiciousItem]
    kept_out: dict[str, str]


class ItemStatistics:
    """Reads item statistics. Reviews and mock exams count the answers."""

    def __init__(self, store: Store) -> None:
        self._items = store.item_statistics
        self._reports = store.question_reports

    async def kept_out(self, bank: Bank) -> dict[str, str]:
        """Return the IDs of the questions that mock exams leave out, with the reason."""
        items = await self._items.of_course(bank.course.id, MIN_ANSWERS)
        return kept_out(bank, items, await self._reports.by_question(bank.course.id))

    async def of_course(self, bank: Bank) -> CourseStatistics:
        """Return the statistics of the current version of each question of a bank, in the order of the bank."""
        items = await self._current(bank)
        suspicious = []
        for question in bank.questions.values():
            counts = items.get(question.id)
            if counts and (flags := find_flags(question, counts)):
                measure = discrimination(counts) if counts.rated >= MIN_ANSWERS else None
                suspicious.append(
                    SuspiciousItem(question, counts.answers, counts.correct, measure, counts.seconds, flags)
                )
        judged = sum(counts.answers >= MIN_ANSWERS for counts in items.values())
        reports = await self._reports.by_question(bank.course.id)
        return CourseStatistics(bank, judged, suspicious, kept_out(bank, items.values(), reports))

    async def _current(self, bank: Bank) -> dict[str, ItemCounts]:
        """Return what was counted of the current versions of questions."""
        return {
            counts.question: counts
            for counts in await self._items.of_course(bank.course.id, MIN_ANSWERS)
            if (question := bank.questions.get(counts.question)) and fingerprint(question) == counts.fingerprint
        }
