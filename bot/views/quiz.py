"""Render a quiz: the lobby, open and closed questions and the scores in the channel; private replies to players."""

from collections.abc import Mapping

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.course.course import Course
from bot.core.questions.answer import chosen
from bot.core.questions.quiz import Ending, Placed
from bot.store.quizzes import Joined
from bot.study.quizzes import Answered, Closed, Final, Quiz
from bot.views import question as question_views
from bot.views.buttons import button
from bot.views.layout import Part, Row, State, escape, message_view, plural
from bot.views.pictures.podium import MAX_PLACES, PlacedPlayer, Podium
from bot.views.question_controls import controls
from bot.views.question_report import report_button

NAMED = 10
"""The number of players that the scores name."""
HIDDEN_MEMBER = "a hidden member"
UNNAMED = "-# You're hidden, so you'll appear in the scores as “a hidden member”."
MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
"""Medals by place, for players with a correct answer. The number of the place is written next to them."""
REASONS = {
    Ending.STOPPED: "it was stopped",
    Ending.UNANSWERED: "everyone stopped answering",
    Ending.UNREACHABLE: "I couldn't post the next question",
    Ending.INTERRUPTED: "I was interrupted",
}
"""Why a quiz ended early."""


def lobby(quiz: Quiz, players: int) -> ui.LayoutView:
    """The lobby, with its buttons and the time of the first question."""
    row = quiz.row
    host = f"Started by {_player_name(row.host, hidden=quiz.host_hidden)} · " if row.host is not None else ""
    seconds = round((row.closes - row.opens).total_seconds())
    return message_view(
        State.PROGRESS,
        f"{_heading(quiz)}\n{seconds} seconds to join · starts {format_dt(row.closes, 'R')}",
        f"Join now, or jump in any time by answering a question.\n-# {host}{plural(players, 'player')}",
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
    return message_view(
        State.PLAIN, f"{_heading(quiz)}\n{plural(players, 'player')}. Questions are on the way. Answer one to join."
    )


def asked(quiz: Quiz, answered: int, players: int) -> ui.LayoutView:
    """An open question, and how many of the players have answered."""
    row, question = quiz.row, quiz.question
    if question is None:
        raise ValueError("no question is asked")
    rows = controls(question, row.id, "quiz", row.id, row.number)
    return message_view(
        State.PROGRESS,
        f"### {_question_number(quiz)}\n"
        f"{row.seconds} seconds to answer · closes {format_dt(row.closes, 'R')}\n"
        f"**{answered} of {players} answered.** Answers stay hidden until it closes.",
        None,
        question_views.asked(question, row.id),
        rows=[*rows, [button("Stop quiz", "quizstop", row.id)]],
    )


def closed(result: Closed) -> ui.LayoutView:
    """A closed question: the right answer, the explanation, and how many players were right."""
    quiz, tally = result.quiz, result.tally
    if not tally.answered:
        result_line = "**Nobody answered.**"
    else:
        result_line = f"**{tally.right} of {plural(tally.players, 'player')} got it right.**"
    next_line = "That was the last question." if quiz.last else "Next question coming up…"
    return message_view(
        State.DONE if tally.right else State.PLAIN,
        f"### {_question_number(quiz)} · closed\n{result_line}",
        None,
        _solution(quiz),
        f"-# {next_line}",
        rows=[_report_buttons(quiz)],
    )


def final(end: Final, podium: Part = None) -> ui.LayoutView:
    """The final standings. If the quiz ended early also the reason, and the question at which it ended.

    ``podium`` is a picture of the first places, for a quiz that ended with its last question.
    """
    quiz, ended = end.quiz, end.ending
    again = _again_buttons(quiz)
    if ended is Ending.FINISHED:
        head = f"### Final scores\n{_summary(quiz)}"
        return message_view(State.DONE, head, podium or "", _standings(end), rows=again)
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
        f"**After {plural(end.played, 'question')}**\n{_standings(end)}" if end.played else "",
        rows=again,
    )


def podium_of(end: Final, names: Mapping[int, str | None]) -> Podium:
    """Return what the picture of the final scores shows. ``names`` are those of the players who aren't hidden."""
    best = tuple(
        PlacedPlayer(placed.place, names.get(placed.score.learner) or "", placed.score.right)
        for placed in end.places[:MAX_PLACES]
    )
    course = end.quiz.course
    return Podium(f"{course.code} quiz" if course else "Quiz", best, len(end.places), end.played)


def joined(player: Joined, *, first: bool = True) -> ui.LayoutView:
    """Tell a player that they have joined. ``first``: it is their first private message in this quiz."""
    text = "You're in!" if player.fresh else "You've already joined."
    others = f"{plural(player.players, 'player')} so far." if player.players > 1 else "You're the first one here."
    return message_view(State.PLAIN, f"**{text}** {others}", UNNAMED if player.hidden and first else "")


def answer_stored(given: Answered, *, first: bool = False) -> ui.LayoutView:
    """Tell a player, and nobody else, which answer was stored. ``first`` as in ``joined``."""
    quiz, question = given.quiz, given.quiz.question
    letter, text = given.letters, ""
    if question is not None:
        letter = ", ".join(question_views.letter_label(question, each) for each in sorted(given.letters))
        picked = [question.texts[index] for index in chosen(question, quiz.row.id, given.letters)]
        text = picked[0] if len(picked) == 1 else ""
    note = "Everyone has answered." if given.complete else "You can change it until the question closes."
    return message_view(
        State.PLAIN,
        f"{_question_number(quiz)}\n**Answer saved: {letter}**" + (f" · {text}" if text not in ("", letter) else ""),
        "\n".join([f"-# {note}", *([UNNAMED] if given.joined.hidden and first else [])]),
    )


def server_only(course: Course) -> ui.LayoutView:
    """Say that a quiz needs a server, and offer a review instead."""
    return message_view(
        State.PLAIN,
        "**Quizzes run in server channels,** where others can join.",
        "Here you can review on your own.",
        rows=[[button("Review", "review", course.id, style=ButtonStyle.primary)]],
    )


def _heading(quiz: Quiz) -> str:
    count = plural(len(quiz.row.questions), "question")
    return f"### Quiz: {escape(quiz.title)}\n**{count}**, {quiz.row.seconds} seconds each"


def _summary(quiz: Quiz) -> str:
    return f"**{escape(quiz.title)}** · {plural(len(quiz.row.questions), 'question')}"


def _question_number(quiz: Quiz) -> str:
    return f"Question {quiz.row.number} of {len(quiz.row.questions)}"


def _solution(quiz: Quiz) -> str:
    question, bank = quiz.question, quiz.bank
    if question is None or bank is None:
        return "This question has been removed."
    return f"{question_views.answered(question, quiz.row.id, ())}\n\n{question_views.explanation(question, bank)}"


def _report_buttons(quiz: Quiz) -> Row:
    return [report_button(quiz.bank.course.id, quiz.question)] if quiz.bank and quiz.question else []


def _standings(end: Final) -> str:
    if not end.places:
        return "Nobody took part."
    lines = [f"{_place_line(placed)} · {placed.score.right} of {end.played}" for placed in end.places[:NAMED]]
    rest = len(end.places) - NAMED
    return "\n".join([*lines, f"-# and {plural(rest, 'more player')}"] if rest > 0 else lines)


def _place_line(placed: Placed) -> str:
    number = placed.place
    last = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    medal = f"{MEDALS[number]} " if number in MEDALS and placed.score.right else ""
    return f"{medal}**{number}{last}** {_player_name(placed.score.learner, hidden=placed.score.hidden)}"


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
    return [[button("Play again", "quizagain", course.id, key, len(row.questions), row.seconds)]]
