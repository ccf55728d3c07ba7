"""Render a quiz: the lobby, open and closed questions and the scores in the channel; private replies to players."""

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.question import Kind
from bot.core.questions.quiz import Ending, Placed
from bot.store.quizzes import Joined
from bot.study.quizzes import Answered, Closed, Final, Quiz
from bot.views import question as question_views
from bot.views.buttons import button
from bot.views.layout import Row, State, escape, message_view, notice, plural

NAMED = 10
"""The number of players that the scores name."""
HIDDEN_MEMBER = "a hidden member"
UNNAMED = "\n-# You are hidden, so the scores don't name you: you are counted as “a hidden member”."
REASONS = {
    Ending.STOPPED: "it was stopped",
    Ending.NOBODY: "nobody joined",
    Ending.UNANSWERED: "nobody answered any more",
    Ending.UNREACHABLE: "I couldn't post the next question",
    Ending.INTERRUPTED: "I was interrupted",
}
"""Why a quiz ended early."""


def lobby(quiz: Quiz, players: int) -> ui.LayoutView:
    """The lobby, with its buttons and the time of the first question."""
    row = quiz.row
    host = f"Started by {_player_name(row.host, hidden=quiz.host_hidden)} · " if row.host is not None else ""
    joined = f"{players} joined" if players else "nobody has joined yet"
    return message_view(
        State.PROGRESS,
        f"{_heading(quiz)}\nStarts {format_dt(row.closes, 'R')}. Press Join to play; you can also come in later.",
        f"-# {host}{joined}",
        rows=[
            [
                button("Join", "quizjoin", row.id, style=ButtonStyle.primary),
                button("Start now", "quizstart", row.id),
                button("Stop", "quizstop", row.id),
            ]
        ],
    )


def lobby_closed(quiz: Quiz, players: int) -> ui.LayoutView:
    """The lobby after it has closed."""
    joined = f"{players} joined. " if players else ""
    return message_view(State.PLAIN, f"{_heading(quiz)}\n{joined}The questions follow; to answer one is to join.")


def asked(quiz: Quiz) -> ui.LayoutView:
    """An open question."""
    row, question = quiz.row, quiz.question
    if question is None:
        raise ValueError("no question is asked")
    rows = question_views.controls(question, row.id, "quiz", row.id, row.number)
    return message_view(
        State.PROGRESS,
        f"### {_question_number(quiz)}\n-# Closes {format_dt(row.closes, 'R')}; nobody sees your answer before",
        None,
        question_views.asked(question, row.id),
        rows=[*rows, [button("Stop the quiz", "quizstop", row.id)]],
    )


def closed(result: Closed) -> ui.LayoutView:
    """A closed question: the right answer, the explanation, and how many players were right."""
    quiz, tally = result.quiz, result.tally
    if not tally.answered:
        result_line = "**Nobody answered.**"
    else:
        result_line = f"**{tally.right} of {plural(tally.players, 'player')} had it right.**"
    next_line = "That was the last question." if quiz.last else "The next question comes in a moment."
    return message_view(
        State.DONE if tally.right else State.PLAIN,
        f"### {_question_number(quiz)} · closed\n{result_line}",
        None,
        _solution(quiz),
        f"-# {next_line}",
    )


def final(end: Final) -> ui.LayoutView:
    """The scores. If the quiz ended early also the reason, and the question at which it ended."""
    quiz, ended = end.quiz, end.ending
    again = _again_buttons(quiz)
    if ended is Ending.FINISHED:
        return message_view(State.DONE, f"### Quiz over: the scores\n{_summary(quiz)}", _scores(end), rows=again)
    head = f"### Quiz ended: {REASONS[ended]}"
    if not quiz.row.number:
        return message_view(State.PLAIN, f"{head}\n{_summary(quiz)}", rows=again)
    uncounted = f"\n-# {_question_number(quiz)} doesn't count." if end.played < quiz.row.number else ""
    return message_view(
        State.PLAIN,
        f"{head}\n{_summary(quiz)}",
        None,
        _solution(quiz) + uncounted,
        None if end.played else "",
        f"**After {plural(end.played, 'question')}**\n{_scores(end)}" if end.played else "",
        rows=again,
    )


def joined(player: Joined) -> ui.LayoutView:
    """Tell a player that they have joined."""
    text = "You are in." if player.fresh else "You are in already."
    others = f" {plural(player.players, 'player')} so far." if player.players > 1 else " You are the first."
    return notice(f"{text}{others}{UNNAMED if player.hidden else ''}", State.DONE)


def answer_stored(given: Answered) -> ui.LayoutView:
    """Tell a player, and nobody else, which answer was stored."""
    question = given.quiz.question
    letter = given.letter
    if question is not None and question.kind is Kind.TRUTH:
        letter = {"A": "True", "B": "False"}.get(letter, letter)
    note = "Everybody has answered." if given.complete else "You can change it until it closes."
    text = f"Noted: **{letter}**. {note}"
    return notice(f"{text}{UNNAMED if given.joined.hidden and given.joined.fresh else ''}", State.DONE)


def _heading(quiz: Quiz) -> str:
    count = plural(len(quiz.row.questions), "question")
    return f"### Quiz: {escape(quiz.title)}\n**{count}**, {quiz.row.seconds} s each"


def _summary(quiz: Quiz) -> str:
    return f"**{escape(quiz.title)}** · {plural(len(quiz.row.questions), 'question')}"


def _question_number(quiz: Quiz) -> str:
    return f"Question {quiz.row.number} of {len(quiz.row.questions)}"


def _solution(quiz: Quiz) -> str:
    question, bank = quiz.question, quiz.bank
    if question is None or bank is None:
        return "This question has been taken out since."
    return f"{question_views.answered(question, quiz.row.id, ())}\n\n{question_views.explanation(question, bank)}"


def _scores(end: Final) -> str:
    if not end.places:
        return "Nobody took part."
    lines = [f"{_place_line(placed)} · {placed.score.right} of {end.played}" for placed in end.places[:NAMED]]
    rest = len(end.places) - NAMED
    return "\n".join([*lines, f"-# and {rest} more"] if rest > 0 else lines)


def _place_line(placed: Placed) -> str:
    number = placed.place
    last = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"**{number}{last}** {_player_name(placed.score.learner, hidden=placed.score.hidden)}"


def _player_name(learner: int, *, hidden: bool) -> str:
    return HIDDEN_MEMBER if hidden else f"<@{learner}>"


def _again_buttons(quiz: Quiz) -> list[Row]:
    row, course = quiz.row, quiz.course
    if course is None or quiz.bank is None:
        return []
    node = course.nodes.get(row.route or "")
    if row.route and node is None:
        return []
    key = node.key if node else "-"
    return [[button("Again", "quizagain", course.id, key, len(row.questions), row.seconds)]]
