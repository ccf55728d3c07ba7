"""The results of ``Study.mock_exams``: before a mock exam begins, while it is open, and once it has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.core.course.course import Course
from bot.core.course.exam import Domain
from bot.core.questions import mock_exam
from bot.core.questions.bank import Bank
from bot.core.questions.mock_exam import Item, MockExam
from bot.core.questions.mock_exam_report import Report
from bot.store.mock_exams import Result


class Screen(StrEnum):
    """What is shown of an open mock exam."""

    QUESTION = "question"
    OVERVIEW = "overview"
    """All questions: which are answered and which are flagged."""
    LEFT = "left"
    """The learner leaves and continues later."""
    FINISH = "finish"
    """Confirm to finish with unanswered questions."""
    DISCARD = "discard"
    """Confirm to discard it."""
    REPLACE = "replace"
    """The learner asked for a mock exam with other options while this one is open."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A mock exam that can begin. ``counts`` is the number of questions by domain ID; ``minutes`` is None if untimed.

    ``not_asked`` are the domains without questions, ``results`` the latest results. ``suggested_minutes`` is about the
    pace of the real exam.
    """

    bank: Bank
    count: int
    minutes: int | None
    counts: Mapping[str, int]
    not_asked: Sequence[Domain]
    results: Sequence[Result]
    suggested_minutes: int | None


@dataclass(frozen=True)
class InProgress:
    """An open mock exam. ``page`` is the one of the overview, from 0; None is that of the current question."""

    bank: Bank
    exam: MockExam
    screen: Screen = Screen.QUESTION
    page: int | None = None

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The exam's questions that are still in the bank."""
        return mock_exam.items(self.exam, self.bank)

    @cached_property
    def current(self) -> Item | None:
        """The current question; None if no question is left in the bank."""
        return mock_exam.current_item(self.exam, self.bank)

    @property
    def unanswered(self) -> int:
        return sum(not item.complete for item in self.items)

    @property
    def answered(self) -> int:
        return len(self.items) - self.unanswered

    @property
    def removed(self) -> int:
        """The number of questions that were removed from the bank since the exam began."""
        return len(self.exam.answers) - len(self.items)


@dataclass(frozen=True, slots=True)
class Discarded:
    """A deleted mock exam. ``count`` and ``minutes`` are the ones it had."""

    course: Course
    count: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Finished:
    """The report of a mock exam, the earlier results (newest first), a note, and the number of mistakes to drill."""

    bank: Bank
    exam: MockExam
    report: Report
    earlier: Sequence[Result]
    note: str = ""
    drill: int = 0


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question that was answered wrongly or not at all: the ``number``-th of ``of`` such questions.

    ``before`` and ``after`` are the positions of the previous and the next one.
    """

    bank: Bank
    exam: MockExam
    item: Item
    number: int
    of: int
    before: int | None
    after: int | None


MockExamResult = Preview | InProgress | Discarded | Finished | Mistake
