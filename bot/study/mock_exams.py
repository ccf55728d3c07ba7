"""Mock exams: begin, answer questions on any device, and finish early or at the deadline."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.questions import mock_exam
from bot.core.questions.bank import Bank
from bot.core.questions.drill import ready_mistakes
from bot.core.questions.item_statistics import GivenAnswer, given_answer
from bot.core.questions.mock_exam import MockExam
from bot.core.questions.mock_exam_report import report as report_of
from bot.core.questions.rounds import most_questions, select_for_exam, without
from bot.errors import Stale
from bot.store import Store
from bot.store.mistakes import Answered
from bot.store.mock_exams import Change, Marked, Result
from bot.study.item_statistics import ItemStatistics
from bot.study.mock_exam_results import Discarded, Finished, InProgress, Mistake, MockExamResult, Preview, Screen

CLOSED = "That mock exam is no longer open. Use </mock-exam> to continue or to start a new one."
UNCHANGED = "This exam had already ended."
TOO_LATE = "Time's up. Answers you gave in time count."
EARLIER = 5
"""Maximum number of earlier results that are shown."""


class MockExams:
    """The mock exams of learners. Each learner sees only their own."""

    def __init__(
        self, store: Store, catalogue: Catalogue, items: ItemStatistics, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._rows = store.mock_exams
        self._items = items
        self._catalogue = catalogue
        self._now = now

    async def open(
        self, learner: int, course: Course, count: int | None = None, minutes: int | None = None
    ) -> MockExamResult:
        """Return the open mock exam at its current question, or a preview of a new one.

        If one is open with other options, the result asks the learner what to do. Raises ``NotFound`` for a course
        without exam domains or questions.
        """
        bank = self._catalogue.bank(course)
        exam = await self._rows.open(learner, course.id)
        if exam is not None:
            return await self._resume(learner, bank, exam, count, minutes)
        usable = await self._usable(bank)
        selection = select_for_exam(usable, count or mock_exam.DEFAULT_QUESTIONS, 0)
        asked = len(selection.questions)
        suggested = mock_exam.suggested_minutes(course.exam, asked) if course.exam else None
        results = (await self._rows.results(learner, course.id))[:EARLIER]
        return Preview(bank, asked, minutes, selection.counts, selection.not_asked, results, suggested)

    async def begin(self, learner: int, course: Course, count: int, minutes: int | None) -> MockExamResult:
        """Begin a mock exam now. If one is already open, do the same as ``open``. Raises ``NotFound``."""
        bank, now = self._catalogue.bank(course), from_seconds(seconds(self._now()))
        usable = await self._usable(bank)

        def create(latest: MockExam | None, lowest: int) -> MockExam:
            avoid = {answer.question for answer in latest.answers} if latest else frozenset()
            return mock_exam.create(usable, learner, max(lowest, seconds(now)), count, minutes, avoid, now)

        exam, is_new = await self._rows.begin(learner, course.id, create)
        if is_new:
            return InProgress(bank, exam)
        return await self._resume(learner, bank, exam, count, minutes, untimed=minutes is None)

    async def move_to(self, learner: int, course: Course, number: int, position: int) -> MockExamResult:
        """Show a question of an open mock exam. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        return await self._change(learner, bank, number, lambda exam: mock_exam.move_to(exam, bank, position))

    async def answer(
        self, learner: int, course: Course, number: int, position: int, letters: str, part: int | None = None
    ) -> MockExamResult:
        """Answer a question, or a ``part`` of it, with letters, unless the exam has ended. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        return await self._change(
            learner, bank, number, lambda exam: mock_exam.answer(exam, bank, position, letters, part)
        )

    async def flag(self, learner: int, course: Course, number: int, position: int, *, flagged: bool) -> MockExamResult:
        """Flag a question for review, or remove the flag. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        return await self._change(
            learner, bank, number, lambda exam: mock_exam.flag(exam, bank, position, flagged=flagged)
        )

    async def show(
        self, learner: int, course: Course, number: int, screen: Screen, page: int | None = None
    ) -> MockExamResult:
        """Show a screen of an open mock exam, such as its overview. Raises ``Stale``."""
        result = await self._change(learner, self._catalogue.bank(course), number, lambda exam: exam)
        return replace(result, screen=screen, page=page) if isinstance(result, InProgress) else result

    async def finish(self, learner: int, course: Course, number: int, *, confirmed: bool = False) -> MockExamResult:
        """Finish a mock exam. If questions are unanswered, ask first unless ``confirmed``. Raises ``Stale``."""
        bank, now = self._catalogue.bank(course), self._now()

        def finished(exam: MockExam) -> MockExam:
            complete = confirmed or not mock_exam.unanswered(exam, bank)
            return mock_exam.finish(exam, bank, now) if complete else exam

        result = await self._change(learner, bank, number, finished)
        return replace(result, screen=Screen.FINISH) if isinstance(result, InProgress) else result

    async def discard(self, learner: int, course: Course, number: int, *, confirmed: bool = False) -> MockExamResult:
        """Delete an open mock exam; ask first unless ``confirmed``. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        result = await self._change(learner, bank, number, lambda exam: None if confirmed else exam)
        return replace(result, screen=Screen.DISCARD) if isinstance(result, InProgress) else result

    async def report(self, learner: int, course: Course, number: int) -> Finished:
        """Return the report of a mock exam. Raises ``Stale`` if it is open or its answers are not stored."""
        bank = self._catalogue.bank(course)
        exam = await self._ended(learner, course, number)
        return await self._finished(learner, bank, exam, await self._rows.results(learner, course.id))

    async def mistake(self, learner: int, course: Course, number: int, position: int) -> Mistake:
        """Return the first mistake at or after a position, or the last one if there is none. Raises ``Stale``."""
        bank = self._catalogue.bank(course)
        exam = await self._ended(learner, course, number)
        mistakes = mock_exam.mistakes(exam, bank)
        if not mistakes:
            raise Stale("No mistakes to review.")
        last = len(mistakes) - 1
        current = next((index for index, item in enumerate(mistakes) if item.position >= position), last)
        before = mistakes[current - 1].position if current else None
        after = mistakes[current + 1].position if current + 1 < len(mistakes) else None
        return Mistake(bank, exam, mistakes[current], current + 1, len(mistakes), before, after)

    async def _resume(
        self, learner: int, bank: Bank, exam: MockExam, count: int | None, minutes: int | None, *, untimed: bool = False
    ) -> MockExamResult:
        """Return an open mock exam, finished if its deadline has passed. Options that are None match any exam.

        ``untimed`` means that the learner asked for no time limit.
        """
        if exam.has_ended(self._now()):
            return await self._change(learner, bank, exam.number, lambda unchanged: unchanged)
        most = most_questions(await self._usable(bank)) if count is not None else 0
        other_count = count is not None and not min(count, most) <= len(exam.answers) <= count
        other_minutes = (untimed or minutes is not None) and minutes != exam.minutes
        return InProgress(bank, exam, Screen.REPLACE if other_count or other_minutes else Screen.QUESTION)

    async def _change(self, learner: int, bank: Bank, number: int, change: Change) -> InProgress | Discarded | Finished:
        """Change an open mock exam; finish it instead if its deadline has passed. Raises ``Stale`` if there is none."""
        now = self._now()

        def decide(exam: MockExam) -> MockExam | None:
            if exam.ended is not None:
                return exam
            return mock_exam.finish(exam, bank, now) if exam.has_ended(now) else change(exam)

        def complete(exam: MockExam) -> list[GivenAnswer]:
            return [given_answer(item.question, item.given) for item in mock_exam.items(exam, bank) if item.complete]

        before, after, results = await self._rows.change(
            learner, bank.course.id, number, decide, _marked(bank), complete
        )
        if before is None:
            raise Stale(CLOSED)
        if after is None:
            return Discarded(bank.course, len(before.answers), before.minutes)
        if after.ended is None:
            return InProgress(bank, after)
        if not after.answers:
            raise _without_answers(after)
        if before.ended is not None:
            return await self._finished(learner, bank, after, results, UNCHANGED)
        note = TOO_LATE if after.ended == after.deadline else ""
        return await self._finished(learner, bank, after, results, note)

    async def _finished(
        self, learner: int, bank: Bank, exam: MockExam, results: Sequence[Result], note: str = ""
    ) -> Finished:
        """Return the report, with the number of the exam's mistakes that can be drilled now."""
        earlier = [result for result in results if result.number < exam.number][:EARLIER]
        mistakes = await self._store.mistakes.of(learner, bank.course.id)
        today = self._now().astimezone(zone_named(await self._store.learners.zone(learner))).date()
        asked = {answer.question for answer in exam.answers}
        drill = sum(question.id in asked for question in ready_mistakes(bank, mistakes, today))
        return Finished(bank, exam, report_of(exam, bank), earlier, note, drill)

    async def _usable(self, bank: Bank) -> Bank:
        """Return the bank without the questions that mock exams leave out."""
        return without(bank, await self._items.kept_out(bank))

    async def _ended(self, learner: int, course: Course, number: int) -> MockExam:
        exam = await self._rows.get(learner, course.id, number)
        if exam is None:
            raise Stale(CLOSED)
        if exam.ended is None:
            raise Stale("That mock exam is still open. Use </mock-exam> to continue it.")
        if not exam.answers:
            raise _without_answers(exam)
        return exam


def _marked(bank: Bank) -> Marked:
    """Return what marks the answers to the questions that are still in the bank."""
    return lambda exam: [
        Answered(item.question.id, item.given, item.right, item.complete) for item in mock_exam.items(exam, bank)
    ]


def _without_answers(exam: MockExam) -> Stale:
    return Stale(
        f"Only your latest mock exam keeps its answers. In this one, {exam.right} of {exam.asked} were correct."
    )
