"""Check every view of a question against Discord's limits, and a bank for hints to its answers."""

from collections.abc import Iterator, Sequence

from discord import ui

from bot.core.questions.balance import balance
from bot.core.questions.bank import Bank
from bot.core.questions.question import LETTERS, Kind, Question
from bot.views import question as views
from bot.views.layout import State, card
from bot.views.limits import faults_of_message

MIN_QUESTIONS = 6
"""The number of questions that a module should have; fewer are soon known by heart."""
SEEDS = range(3)


def rendered_questions(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Each view of a question of ``bank``: its name, and what Discord would reject."""
    for question in bank.questions.values():
        for name, view in _shown(question, bank):
            yield f"{bank.course.code} question {question.id}, {name}", faults_of_message(view.to_components())


def given_away(bank: Bank) -> list[str]:
    """Hints to right answers and duplicate questions in a bank, one sentence each."""
    return [f"{bank.course.code} questions: {fault}" for fault in balance(bank).faults()]


def thin(bank: Bank) -> list[str]:
    """Modules with few questions and exam domains without any. Not a fault: a bank grows module by module."""
    return [f"{bank.course.code} questions: {each}" for each in balance(bank).thin(MIN_QUESTIONS)]


def _shown(question: Question, bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """A question asked and answered, as the views of reviews, quizzes and mock exams show it."""
    for seed in SEEDS:
        rows = views.controls(question, seed, "x", picked="A" if question.kind is Kind.ORDER else "")
        yield f"asked with seed {seed}", card(State.PROGRESS, views.asked(question, seed), rows=rows)
        for given in _answers(question):
            text = f"{views.answered(question, seed, given)}\n{views.why(question, bank)}"
            yield f"answered with seed {seed}", card(State.PROGRESS, text)


def _answers(question: Question) -> Sequence[tuple[int, ...]]:
    """The right answer, all options and none."""
    return question.right, tuple(range(len(question.texts)))[: len(LETTERS)], ()
