"""Check every view of a mock exam against Discord's limits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from discord.utils import as_chunks

from bot.core.questions.bank import Bank
from bot.core.questions.mock_exam import MAX_QUESTIONS, Answer, MockExam, finish, items
from bot.core.questions.mock_exam_report import report
from bot.core.questions.question import Kind
from bot.store.mock_exams import Result
from bot.study.mock_exam_results import Discarded, Finished, InProgress, Mistake, MockExamResult, Preview, Screen
from bot.views.limits import message_faults
from bot.views.mock_exam import mock_exam
from bot.views.mock_exam_overview import PER_PAGE

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_NUMBER = 9_999_999_999


def check_mock_exams(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Yield each view of mock exams with all questions of ``bank``, and what Discord would reject."""
    for questions in as_chunks(bank.questions, MAX_QUESTIONS):
        for name, found in _results(bank, questions):
            yield f"{bank.course.code} mock exam, {name}", message_faults(mock_exam(found).to_components())


def _results(bank: Bank, questions: Sequence[str]) -> Iterator[tuple[str, MockExamResult]]:
    """Yield the largest results: the largest numbers, wrong answers, a removed question, the most earlier results."""
    deadline = _DATE + timedelta(minutes=300)
    removed = Answer("removed")
    empty = MockExam(_NUMBER, _DATE, deadline, (*map(Answer, questions), removed))
    begun = replace(empty, answers=tuple(_partial_answer(bank, answer) for answer in empty.answers))
    results = [Result(number, _DATE, deadline, 59, 60, 5950) for number in range(6)]
    domains = bank.course.exam.domains if bank.course.exam else ()
    counts = {domain.id: 60 for domain in domains}
    for minutes in (None, 300):
        yield "preview", Preview(bank, 60, minutes, counts, domains, results, 300)
    for state, exam in (("nothing answered", empty), ("begun", begun)):
        for item in items(exam, bank):
            yield f"question {item.question.id}, {state}", InProgress(bank, replace(exam, position=item.position))
            yield f"mistake {item.question.id}, {state}", Mistake(bank, exam, item, 59, 60, 58, 59)
        for screen in Screen:
            for page in (None, *range(len(questions) // PER_PAGE + 1)):
                yield f"{screen} {page}, {state}", InProgress(bank, exam, screen, page)
        ended = finish(exam, bank, deadline)
        yield f"report, {state}", Finished(bank, ended, report(ended, bank), results, "x" * 60, 60)
    right = finish(
        replace(empty, answers=tuple(_right_answer(bank, question) for question in questions)), bank, deadline
    )
    yield "report, all right", Finished(bank, right, report(right, bank), (), "")
    nothing = replace(empty, answers=(removed,))
    yield "no question left", InProgress(bank, nothing)
    yield "report, no question left", Finished(bank, finish(nothing, bank, deadline), report(nothing, bank), (), "")
    yield "discarded", Discarded(bank.course, 60, 300)


def _right_answer(bank: Bank, question: str) -> Answer:
    return Answer(question, bank.questions[question].right)


def _partial_answer(bank: Bank, answer: Answer) -> Answer:
    """Choose as many options as can be chosen, or one of an order, which leaves the most buttons; flag the question."""
    question = bank.questions.get(answer.question)
    if question is None:
        return answer
    if question.parts:
        return Answer(question.id, tuple(len(part.options) - 1 for part in question.parts), flagged=True)
    count = len(question.right) if question.kind is Kind.MULTIPLE else 1
    return Answer(question.id, tuple(range(count)), flagged=True)
