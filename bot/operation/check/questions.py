"""Check every view of a question against Discord's limits, and a bank for hints to its answers."""

from collections.abc import Iterator, Sequence

from discord import ui

from bot.core.questions.balance import balance
from bot.core.questions.bank import Bank
from bot.core.questions.question import LETTERS, Kind, Question
from bot.views import question as views
from bot.views.layout import State, message_view
from bot.views.limits import message_faults
from bot.views.question_controls import controls

MIN_QUESTIONS = 6
"""The number of questions that a module should have; fewer are soon memorized."""
SEED = 10**18
"""The seed with the longest ``custom_id``. The order of the options, all that it decides, changes no length."""


def check_questions(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of a question of ``bank``, and what Discord would reject."""
    for question in bank.questions.values():
        for name, view in _views(question, bank):
            yield f"{bank.course.code} question {question.id}, {name}", message_faults(view.to_components())


def answer_hints(bank: Bank) -> list[str]:
    """Return hints to right answers and duplicate questions in a bank, one sentence each."""
    return [f"{bank.course.code} questions: {fault}" for fault in balance(bank).faults()]


def sparse_modules(bank: Bank) -> list[str]:
    """Return warnings about modules with few questions and exam domains without any."""
    return [f"{bank.course.code} questions: {warning}" for warning in balance(bank).thin(MIN_QUESTIONS)]


def _views(question: Question, bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """Yield a question asked and answered, as reviews, quizzes and mock exams show it."""
    scenario = views.scenario(question, bank)
    rows = controls(question, SEED, "x", picked=picked_letters(question), check=True)
    yield "asked", message_view(State.PROGRESS, scenario, views.asked(question, SEED), rows=rows)
    for given in answers(question):
        text = f"{views.answered(question, SEED, given)}\n{views.explanation(question, bank)}"
        yield "answered", message_view(State.PROGRESS, text)


def picked_letters(question: Question) -> str:
    """The letters that give a question the most components: one of an order, all of the parts."""
    return "A" * len(question.parts) or ("A" if question.kind is Kind.ORDER else "")


def answers(question: Question) -> Sequence[tuple[int, ...]]:
    """The right answer, a wrong one with as many options as possible, and none."""
    if question.parts:
        return question.right, tuple((part.right + 1) % len(part.options) for part in question.parts), ()
    return question.right, tuple(range(len(question.texts)))[: len(LETTERS)], ()
