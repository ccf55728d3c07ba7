"""Every view of a mock exam against Discord's limits: each question of a bank in it, its start, and its reports."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from discord import ui

from bot.core.questions.bank import Bank
from bot.core.questions.mock_exam import Answer, Paper, close, items
from bot.core.questions.mock_exam_report import report
from bot.core.questions.question import Kind
from bot.store.mock_exams import Result
from bot.study.mock_exam_results import Ending, Finished, GivenUp, GivingUp, Lobby, Mistake, Sitting
from bot.views.limits import faults_of_message
from bot.views.mock_exam import Shown, mock

_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_NUMBER = 9_999_999_999


def rendered_mocks(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Every view of a mock exam with all questions of ``bank``, with what Discord would refuse in it."""
    for name, found in _shown(bank):
        view: ui.LayoutView = mock(found)
        yield f"{bank.course.code} mock exam, {name}", faults_of_message(view.to_components())


def _shown(bank: Bank) -> Iterator[tuple[str, Shown]]:
    """The longest surroundings: numbers at their largest, everything wrong, a question lost, the most results."""
    ends = _THEN + timedelta(minutes=300)
    lost = Answer("lost")
    empty = Paper(_NUMBER, _THEN, ends, (*map(Answer, bank.questions), lost))
    begun = replace(empty, answers=tuple(_some(bank, each) for each in empty.answers))
    results = [Result(number, _THEN, ends, 59, 60) for number in range(4)]
    domains = bank.course.exam.domains if bank.course.exam else ()
    counts = {domain.id: 60 for domain in domains}
    for minutes in (None, 300):
        yield "start", Lobby(bank, 60, minutes, counts, domains, results, 300)
    for state, paper in (("nothing answered", empty), ("begun", begun)):
        for item in items(paper, bank):
            yield f"question {item.question.id}, {state}", Sitting(bank, replace(paper, place=item.place))
            yield f"mistake {item.question.id}, {state}", Mistake(bank, paper, item, 59, 60, 58, 59)
        sitting = Sitting(bank, paper)
        yield f"finish, {state}", Ending(sitting)
        yield f"give up, {state}", GivingUp(sitting)
        yield f"another one, {state}", GivingUp(sitting, asked=True)
        over = close(paper, bank, ends)
        yield f"report, {state}", Finished(bank, over, report(over, bank), results, "x" * 60)
    right = close(replace(empty, answers=tuple(_right(bank, each) for each in bank.questions)), bank, ends)
    yield "report, all right", Finished(bank, right, report(right, bank), (), "")
    nothing = replace(empty, answers=(lost,))
    yield "no question left", Sitting(bank, nothing)
    yield "report, no question left", Finished(bank, close(nothing, bank, ends), report(nothing, bank), (), "")
    yield "given up", GivenUp(bank.course, 60, 300)


def _right(bank: Bank, question: str) -> Answer:
    return Answer(question, bank.questions[question].right)


def _some(bank: Bank, answer: Answer) -> Answer:
    """All options of a question chosen; of an order a part, where the row of buttons is the fullest."""
    question = bank.questions.get(answer.question)
    if question is None:
        return answer
    count = 1 if question.kind in (Kind.SINGLE, Kind.TRUTH, Kind.ORDER) else len(question.texts)
    return Answer(question.id, tuple(range(count)))
