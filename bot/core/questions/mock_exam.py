"""A mock exam of one learner: its questions, the answers so far and its end.

Each step is a function from a mock exam to a mock exam. Answers are marked against the bank, so a question that is
removed from the bank while the exam is open counts as not asked.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.course.exam import Exam
from bot.core.questions.answer import (
    NO_LETTER,
    chosen,
    credit,
    fits,
    is_complete,
    letters_of,
    mark,
    with_part,
)
from bot.core.questions.bank import Bank
from bot.core.questions.question import MANY_PARTS, Kind, Question
from bot.core.questions.rounds import select_for_exam
from bot.errors import Stale

MIN_QUESTIONS, DEFAULT_QUESTIONS, MAX_QUESTIONS = 5, 20, 60
MIN_MINUTES, MAX_MINUTES = 5, 300

REAL_QUESTIONS = 50
"""The approximate number of questions in a real exam. Publishers say only "40 to 60"."""

REMOVED = "This question was removed. Use </mock-exam> to continue."
UNREADABLE = "This button is out of date. Use </mock-exam> to continue or to start."


@dataclass(frozen=True, slots=True)
class Answer:
    """A question ID of a mock exam, and the chosen option indices (as in ``answer``); empty for none.

    ``flagged``: the learner wants to look at it again.
    """

    question: str
    chosen: tuple[int, ...] = ()
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class MockExam:
    """A mock exam, with one answer for each question. ``position`` is the index of the current question.

    ``deadline`` is None for an untimed exam, ``ended`` is None for an open one. ``right`` (answers that are entirely
    right), ``points`` (hundredths, with partial credit) and ``asked`` are counted at the end. ``answers`` is empty once
    a newer exam has ended, because only the latest answers are stored.
    """

    number: int
    started: datetime
    deadline: datetime | None
    answers: tuple[Answer, ...]
    position: int = 0
    ended: datetime | None = None
    right: int = 0
    asked: int = 0
    points: int = 0

    @property
    def seed(self) -> int:
        """The seed of the order of options."""
        return self.number

    @property
    def minutes(self) -> int | None:
        """The time limit; None for an untimed exam."""
        return None if self.deadline is None else round((self.deadline - self.started).total_seconds() / 60)

    def has_ended(self, now: datetime) -> bool:
        """Return whether the exam was finished or its deadline has passed."""
        return self.ended is not None or (self.deadline is not None and now >= self.deadline)


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a mock exam that is still in the bank, and the chosen option indices."""

    position: int
    question: Question
    given: tuple[int, ...]
    flagged: bool = False

    @property
    def complete(self) -> bool:
        """Whether it is answered. An ordering question needs all of its options, others all of their parts."""
        return is_complete(self.question, self.given)

    @property
    def right(self) -> bool:
        return mark(self.question, self.given)

    @property
    def points(self) -> int:
        """The credit for the answer in hundredths of a point, 0 to 100."""
        return round(100 * credit(self.question, self.given))


def create(
    bank: Bank, learner: int, number: int, count: int, minutes: int | None, avoid: Collection[str], now: datetime
) -> MockExam:
    """Return a mock exam that starts ``now``, a whole second. Raises ``NotFound``.

    Questions in ``avoid``, the IDs of the last exam, are used only if the others don't suffice.
    """
    selection = select_for_exam(bank, count, learner + number, avoid)
    deadline = None if minutes is None else now + timedelta(minutes=minutes)
    return MockExam(number, now, deadline, tuple(Answer(question.id) for question in selection.questions))


def items(exam: MockExam, bank: Bank) -> tuple[Item, ...]:
    """Return the questions that are still in the bank, in order, without chosen options that no longer exist."""
    remaining = []
    for position, answer in enumerate(exam.answers):
        question = bank.questions.get(answer.question)
        if question is not None:
            given = answer.chosen if fits(question, answer.chosen) else ()
            remaining.append(Item(position, question, given, answer.flagged))
    return tuple(remaining)


def item_at(exam: MockExam, bank: Bank, position: int) -> Item:
    """Return the question at a position. Raises ``Stale`` if there is none or it was removed from the bank."""
    if not 0 <= position < len(exam.answers):
        raise Stale(UNREADABLE)
    match = next((item for item in items(exam, bank) if item.position == position), None)
    if match is None:
        raise Stale(REMOVED)
    return match


def current_item(exam: MockExam, bank: Bank) -> Item | None:
    """Return the current question; if it was removed, the next one, else the last one. None if none is left."""
    remaining = items(exam, bank)
    return next((item for item in remaining if item.position >= exam.position), remaining[-1] if remaining else None)


def unanswered(exam: MockExam, bank: Bank) -> tuple[Item, ...]:
    return tuple(item for item in items(exam, bank) if not item.complete)


def mistakes(exam: MockExam, bank: Bank) -> tuple[Item, ...]:
    """Return the questions that were answered wrongly or not at all."""
    return tuple(item for item in items(exam, bank) if not item.right)


def answer(exam: MockExam, bank: Bank, position: int, letters: str, part: int | None = None) -> MockExam:
    """Return the exam with the options of ``letters`` chosen at a position, which becomes current; "-" clears an order.

    With ``part``, only the letter of that part changes: the others may have been chosen after the message was shown.
    Raises ``Stale`` for letters that no button has.
    """
    item = item_at(exam, bank, position)
    kind = item.question.kind
    if (part is None) is (kind in MANY_PARTS):
        raise Stale(UNREADABLE)
    if part is not None:
        letters = with_part(letters_of(item.question, exam.seed, item.given), part, letters[part : part + 1])
    given = () if kind is Kind.ORDER and letters == NO_LETTER else chosen(item.question, exam.seed, letters)
    if kind in (Kind.SINGLE, Kind.TRUTH) and len(given) != 1:
        raise Stale(UNREADABLE)
    return _with_answer(exam, position, replace(exam.answers[position], chosen=given))


def flag(exam: MockExam, bank: Bank, position: int, *, flagged: bool) -> MockExam:
    """Return the exam with a question flagged or not, which becomes current. Raises ``Stale`` as ``item_at``."""
    item_at(exam, bank, position)
    return _with_answer(exam, position, replace(exam.answers[position], flagged=flagged))


def move_to(exam: MockExam, bank: Bank, position: int) -> MockExam:
    """Return the exam at another question. Raises ``Stale`` if there is none or it was removed from the bank."""
    return replace(exam, position=item_at(exam, bank, position).position)


def finish(exam: MockExam, bank: Bank, now: datetime) -> MockExam:
    """Return the exam ended and counted, as of ``now`` or its deadline if that is earlier."""
    remaining = items(exam, bank)
    ended = now if exam.deadline is None else min(now, exam.deadline)
    return replace(
        exam,
        ended=ended,
        right=sum(item.right for item in remaining),
        asked=len(remaining),
        points=sum(item.points for item in remaining),
    )


def _with_answer(exam: MockExam, position: int, changed: Answer) -> MockExam:
    answers = (*exam.answers[:position], changed, *exam.answers[position + 1 :])
    return replace(exam, answers=answers, position=position)


def suggested_minutes(exam: Exam, count: int) -> int:
    """Return the minutes for ``count`` questions at about the pace of the real exam, in steps of five."""
    return min(MAX_MINUTES, max(MIN_MINUTES, 5 * round(exam.minutes * count / REAL_QUESTIONS / 5)))
