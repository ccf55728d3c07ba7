"""A mock exam as one learner takes it: what is asked, what was answered until when, and what came of it.

Every step is a function from a paper to a paper. What it was marked with is in the bank, so a question that leaves the
bank while the exam is open counts as not asked.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.course.course import Exam
from bot.core.questions.bank import Bank
from bot.core.questions.question import Kind, Question, chosen, mark
from bot.core.questions.rounds import mock_exam
from bot.errors import Stale

LEAST, USUAL, MOST = 5, 20, 60
"""Questions of a mock exam: fewest and most that can be asked for, and where nothing is said."""

SHORTEST, LONGEST = 5, 300
"""Minutes of a timed one."""

REAL_COUNT = 50
"""So many questions a real exam has, roughly: publishers say 40 to 60 and no more."""

GONE = "This question has left the course's bank, so it isn't asked any more. `/exam` goes on with the others."
UNREADABLE = "This button can't be read. `/exam` goes on with your mock exam, or starts one."


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of a paper by its id, and what is chosen: option indices of the file, empty for nothing."""

    question: str
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A mock exam: ``answers`` by place, ``place`` being the one that is shown.

    ``ends`` is None where it isn't timed; ``ended`` is None while it is open. ``right`` of ``asked`` are counted at the
    end. Once a newer one is over, the answers of this one aren't kept.
    """

    number: int
    started: datetime
    ends: datetime | None
    answers: tuple[Answer, ...]
    place: int = 0
    ended: datetime | None = None
    right: int = 0
    asked: int = 0

    @property
    def seed(self) -> int:
        """What the order of options is drawn with."""
        return self.number

    @property
    def minutes(self) -> int | None:
        """How long it may take; None where it isn't timed."""
        return None if self.ends is None else round((self.ends - self.started).total_seconds() / 60)

    def over(self, now: datetime) -> bool:
        """Whether the time is over, or the exam is."""
        return self.ended is not None or (self.ends is not None and now >= self.ends)


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a paper that the bank still has, and what is chosen of its options."""

    place: int
    question: Question
    given: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Whether it is answered: an order only once all of its steps are in it."""
        return bool(self.given) and (
            self.question.kind is not Kind.ORDER or len(self.given) == len(self.question.texts)
        )

    @property
    def right(self) -> bool:
        return mark(self.question, self.given)


def draw(
    bank: Bank, learner: int, number: int, count: int, minutes: int | None, avoid: Collection[str], now: datetime
) -> Paper:
    """A new paper that starts ``now``, a whole second. ``avoid`` are the ids of the last one. Raises ``NotFound``."""
    exam = mock_exam(bank, count, learner + number, avoid)
    ends = None if minutes is None else now + timedelta(minutes=minutes)
    return Paper(number, now, ends, tuple(Answer(question.id) for question in exam.questions))


def items(paper: Paper, bank: Bank) -> tuple[Item, ...]:
    """The questions that the bank still has, in order. What a changed question no longer offers isn't chosen."""
    found = []
    for place, answer in enumerate(paper.answers):
        question = bank.questions.get(answer.question)
        if question is not None:
            known = all(index < len(question.texts) for index in answer.chosen)
            found.append(Item(place, question, answer.chosen if known else ()))
    return tuple(found)


def item_at(paper: Paper, bank: Bank, place: int) -> Item:
    """The question of a place. Raises ``Stale`` where there is none, or none any more."""
    if not 0 <= place < len(paper.answers):
        raise Stale(UNREADABLE)
    found = next((item for item in items(paper, bank) if item.place == place), None)
    if found is None:
        raise Stale(GONE)
    return found


def unanswered(paper: Paper, bank: Bank) -> tuple[Item, ...]:
    return tuple(item for item in items(paper, bank) if not item.complete)


def mistakes(paper: Paper, bank: Bank) -> tuple[Item, ...]:
    """The questions that were answered wrongly or not at all."""
    return tuple(item for item in items(paper, bank) if not item.right)


def answer(paper: Paper, bank: Bank, place: int, letters: str) -> Paper:
    """The paper with ``letters`` of its showing chosen at a place; "-" is an order begun anew.

    It shows the next question that isn't answered: the first one behind it, else the first of all; the same one where
    all are, or where an order isn't complete yet. Raises ``Stale`` for letters that no button of ours has.
    """
    item = item_at(paper, bank, place)
    kind = item.question.kind
    given = () if kind is Kind.ORDER and letters == "-" else chosen(item.question, paper.seed, letters)
    if kind in (Kind.SINGLE, Kind.TRUTH) and len(given) != 1:
        raise Stale(UNREADABLE)
    answers = list(paper.answers)
    answers[place] = Answer(item.question.id, given)
    after = replace(paper, answers=tuple(answers), place=place)
    if not replace(item, given=given).complete:
        return after
    left = [each.place for each in unanswered(after, bank)]
    following = [each for each in left if each > place] or left
    return replace(after, place=following[0]) if following else after


def turn(paper: Paper, bank: Bank, place: int) -> Paper:
    """The paper opened at a place. Raises ``Stale`` where there is no question, or none any more."""
    return replace(paper, place=item_at(paper, bank, place).place)


def shown(paper: Paper, bank: Bank) -> Item | None:
    """The question that the paper is open at; where the bank has it no more the next one. None where none is left."""
    found = items(paper, bank)
    return next((item for item in found if item.place >= paper.place), found[-1] if found else None)


def close(paper: Paper, bank: Bank, now: datetime) -> Paper:
    """The paper as it is over: now, or when its time was."""
    found = items(paper, bank)
    ended = now if paper.ends is None else min(now, paper.ends)
    return replace(paper, ended=ended, right=sum(item.right for item in found), asked=len(found))


def pace(exam: Exam, count: int) -> int:
    """Minutes for ``count`` questions at about the pace of the real exam, in steps of five."""
    return min(LONGEST, max(SHORTEST, 5 * round(exam.minutes * count / REAL_COUNT / 5)))
