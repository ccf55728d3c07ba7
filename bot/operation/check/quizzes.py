"""Check every view of a quiz against Discord's limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from discord import ui

from bot.core.questions.bank import Bank
from bot.core.questions.question import LETTERS
from bot.core.questions.quiz import COUNTS, PACES, Ending, Score, places
from bot.store.quizzes import Joined, QuizRow, Stage, Tally
from bot.study.quizzes import KINDS, Answered, Closed, Final, Quiz
from bot.views import quiz as views
from bot.views.limits import message_faults

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_ID = 2**63 - 1
_CROWD = places(Score(_ID - number, hidden=False, right=COUNTS[1], took=1) for number in range(999))


def check_quizzes(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of a quiz on ``bank``, and what Discord would reject."""
    for name, view in _views(bank):
        yield f"{bank.course.code} quiz, {name}", message_faults(view.to_components())


def _views(bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """Yield a quiz on each path and module, and of each question that it can ask, with the longest other texts."""
    questions = [question.id for question in bank.questions.values() if question.kind in KINDS]
    lobby = QuizRow(
        _ID, _ID, _ID, bank.course.id, None, PACES[1], ("q",) * COUNTS[1], Stage.LOBBY, 0, _DATE, _DATE, _ID, _ID
    )
    for route in (None, *bank.of_route):
        quiz = Quiz(replace(lobby, route=route), bank.course, bank)
        yield f"lobby of {route}", views.lobby(quiz, 999)
        yield f"lobby of {route}, closed", views.lobby_closed(quiz, 999)
        yield f"stopped in the lobby of {route}", views.final(Final(quiz, Ending.STOPPED, (), 0))
    for question in questions:
        row = replace(lobby, stage=Stage.ASKING, questions=(question,) * COUNTS[1], number=COUNTS[1])
        quiz = Quiz(row, bank.course, bank)
        yield f"{question} asked", views.asked(quiz, 999, 999)
        yield f"{question} closed", views.closed(Closed(quiz, Tally(999, 999, 999)))
        for ending in Ending:
            yield f"{question} {ending}", views.final(Final(quiz, ending, _CROWD, COUNTS[1] - 1))
        letters = LETTERS[: len(bank.questions[question].right)]
        joined = Joined(fresh=True, hidden=True, players=999)
        stored = Answered(quiz, letters, joined, answered=1)
        yield f"{question} answered", views.answer_stored(stored, first=True)
    yield "elsewhere", views.server_only(bank.course)
    yield "joined", views.joined(Joined(fresh=True, hidden=True, players=999))
