"""What there is to show of a mock exam: before it begins, while it is open, and once it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.course.course import Course, Domain
from bot.core.questions import mock_exam
from bot.core.questions.bank import Bank
from bot.core.questions.mock_exam import Item, Paper
from bot.core.questions.mock_exam_report import Report
from bot.store.mock_exams import Result


@dataclass(frozen=True, slots=True)
class Lobby:
    """A mock exam that could begin: questions by domain id, minutes (None where it isn't timed), the latest results.

    ``silent`` are domains without questions. ``pace`` has minutes that would be about the real exam's pace.
    """

    bank: Bank
    count: int
    minutes: int | None
    counts: Mapping[str, int]
    silent: Sequence[Domain]
    results: Sequence[Result]
    pace: int | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """An open mock exam. ``item`` is the question that it is open at; None where none of them is left in the bank."""

    bank: Bank
    paper: Paper
    items: Sequence[Item] = field(init=False)
    item: Item | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", mock_exam.items(self.paper, self.bank))
        object.__setattr__(self, "item", mock_exam.shown(self.paper, self.bank))

    @property
    def unanswered(self) -> int:
        return sum(not item.complete for item in self.items)

    @property
    def gone(self) -> int:
        """Questions that have left the bank since it began."""
        return len(self.paper.answers) - len(self.items)


@dataclass(frozen=True, slots=True)
class Ending:
    """An open mock exam of which everything is answered, or that its learner wants to finish."""

    sitting: Sitting


@dataclass(frozen=True, slots=True)
class GivingUp:
    """An open mock exam that its learner wants to give up, or (``asked`` for another one) is to decide about."""

    sitting: Sitting
    asked: bool = False


@dataclass(frozen=True, slots=True)
class GivenUp:
    """There was an open mock exam, and nothing of it is kept."""

    course: Course
    count: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a mock exam; ``earlier`` results newest first, and what is to be said beside it."""

    bank: Bank
    paper: Paper
    report: Report
    earlier: Sequence[Result]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A question that was answered wrongly or not at all, and the ones before and after it among those, by place."""

    bank: Bank
    paper: Paper
    item: Item
    number: int
    of: int
    before: int | None
    after: int | None
