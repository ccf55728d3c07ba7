"""Render a mock exam before and while it is open: its preview, its questions and the confirmations."""

from collections.abc import Sequence

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.mock_exam import Item
from bot.core.questions.mock_exam_report import percent
from bot.core.questions.question import LETTERS, shuffled
from bot.store.mock_exams import Result
from bot.study.mock_exam_results import Confirm, Discarded, Finished, InProgress, Mistake, MockExamResult, Preview
from bot.views import mock_exam_report
from bot.views.buttons import button
from bot.views.layout import Component, Row, State, duration, escape, message_view, notice, plural, truncate
from bot.views.question import asked, controls

CONFIRMED = "yes"
"""Added to the state of a button that confirms."""


def mock_exam(found: MockExamResult) -> ui.LayoutView:
    """Render any result of a mock exam."""
    match found:
        case Preview():
            return preview(found)
        case InProgress():
            return in_progress(found)
        case Discarded():
            return discarded(found)
        case Finished():
            return mock_exam_report.finished(found)
        case Mistake():
            return mock_exam_report.mistake(found)


def preview(found: Preview) -> ui.LayoutView:
    """The questions by domain and the time limit, with the button that starts the exam."""
    course = found.bank.course
    domains = course.exam.domains if course.exam else ()
    counts = [
        f"-# {found.counts[domain.id]} · {escape(truncate(domain.title, 60))}"
        for domain in domains
        if found.counts.get(domain.id)
    ]
    return message_view(
        State.PROGRESS,
        f"### {escape(course.code)} mock exam\n**{plural(found.count, 'question')}{_timing(found.minutes)}**",
        "\n".join([*counts, *mock_exam_report.not_asked(found.not_asked)]),
        "\n".join([*_earlier_results(found.results), f"-# {_rules(found.minutes)}"]),
        rows=[
            [
                button("Start", "examgo", course.id, found.count, found.minutes or 0, style=ButtonStyle.success),
                _timed_button(found) if found.minutes is None else button("Untimed", "exam", course.id, found.count, 0),
            ]
        ],
    )


def in_progress(found: InProgress) -> ui.LayoutView:
    """Render the current question, or the question to confirm something."""
    match found.confirm:
        case None:
            return question(found)
        case Confirm.FINISH:
            return confirm_finish(found)
        case Confirm.DISCARD | Confirm.REPLACE:
            return confirm_discard(found)


def question(found: InProgress) -> ui.LayoutView:
    """Render the current question, without any hint whether an answer is right."""
    item, key = found.current, _key(found)
    if item is None:
        row: Row = [_discard_button(found)]
        return notice(
            "The questions of this mock exam have left the course's bank, so there are none to ask.", rows=[row]
        )
    rows = controls(item.question, found.exam.seed, "exampick", *key, item.position, picked=_letters(found, item))
    head = f"{_code(found)} mock exam · **{found.items.index(item) + 1} of {len(found.items)}**{_deadline(found)}"
    return message_view(
        State.PROGRESS,
        f"{head}\n-# {_progress(found, item)}",
        None,
        asked(item.question, found.exam.seed),
        rows=[*rows, _navigation(found, item)],
    )


def confirm_finish(found: InProgress) -> ui.LayoutView:
    """Ask whether to finish, and name the number of unanswered questions."""
    left, key = found.unanswered, _key(found)
    label = "Finish anyway" if left else "Finish"
    finish = button(label, "examend", *key, CONFIRMED, style=ButtonStyle.success)
    if not left:
        text = f"**All {plural(len(found.items), 'question')} answered.** They are marked when you finish."
        return message_view(
            State.PROGRESS,
            f"### {_code(found)} mock exam{_deadline(found)}\n{text}",
            rows=[[finish, button("Look again", "examat", *key, _position(found))]],
        )
    first = next(item.position for item in found.items if not item.complete)
    return message_view(
        State.WARNING,
        f"### ⚠️ {plural(left, 'question')} unanswered\n{_code(found)} mock exam{_deadline(found)}",
        "Finish now? What is unanswered counts as wrong.",
        rows=[[button("Go on", "examat", *key, first, style=ButtonStyle.primary), finish, _discard_button(found)]],
    )


def confirm_discard(found: InProgress) -> ui.LayoutView:
    """Ask whether to discard the open exam, or whether to keep it instead of beginning another one."""
    key, answered = _key(found), len(found.items) - found.unanswered
    summary = (
        f"{plural(len(found.items), 'question')}{_timing(found.exam.minutes)}, {answered} answered{_deadline(found)}"
    )
    go_on = button("Go on", "examat", *key, _position(found), style=ButtonStyle.primary)
    if found.confirm is Confirm.REPLACE:
        return message_view(
            State.WARNING,
            f"### A mock exam of {_code(found)} is open\n**{summary}**",
            "Go on with it, or give it up: its answers go, and then you can start another one.",
            rows=[[go_on, _discard_button(found)]],
        )
    return message_view(
        State.WARNING,
        f"### ⚠️ Give this mock exam up?\n**{summary}**",
        "Nothing of it is marked or kept.",
        rows=[[go_on, button("Give up", "examdrop", *key, CONFIRMED, style=ButtonStyle.danger)]],
    )


def discarded(found: Discarded) -> ui.LayoutView:
    """Confirm that the exam was deleted."""
    again = button("New mock exam", "exam", found.course.id, max(1, found.count), found.minutes or 0)
    return notice(
        f"The {escape(found.course.code)} mock exam is given up; nothing of it is kept.", State.DONE, rows=[[again]]
    )


def _key(found: InProgress) -> tuple[str, int]:
    """The state of every button: the course and the number of the exam."""
    return found.bank.course.id, found.exam.number


def _code(found: InProgress) -> str:
    return escape(found.bank.course.code)


def _position(found: InProgress) -> int:
    return found.current.position if found.current else 0


def _timing(minutes: int | None) -> str:
    return f" in {duration(minutes)}" if minutes else ", untimed"


def _deadline(found: InProgress) -> str:
    return f" · ends {format_dt(found.exam.deadline, 'R')}" if found.exam.deadline else ""


def _progress(found: InProgress, item: Item) -> str:
    """How many questions are answered, and whether the current one is."""
    parts = [f"{len(found.items) - found.unanswered} answered"]
    if item.complete:
        parts.append("this one too: you can change it")
    elif item.given:
        parts.append("this one isn't complete yet")
    if found.removed:
        parts.append(f"{plural(found.removed, 'question')} left the bank and won't count")
    return " · ".join(parts)


def _letters(found: InProgress, item: Item) -> str:
    """The letters of the chosen options."""
    order = shuffled(item.question, found.exam.seed)
    return "".join(LETTERS[order.index(index)] for index in item.given)


def _navigation(found: InProgress, item: Item) -> Row:
    """Back and Next if there is such a question, and Finish."""
    index = found.items.index(item)
    before = found.items[index - 1] if index else None
    after = found.items[index + 1] if index + 1 < len(found.items) else None
    return [
        button("Back", "examat", *_key(found), before.position) if before else None,
        button("Next", "examat", *_key(found), after.position) if after else None,
        button("Finish", "examend", *_key(found)),
    ]


def _discard_button(found: InProgress) -> Component:
    return button("Give up", "examdrop", *_key(found), style=ButtonStyle.danger)


def _timed_button(found: Preview) -> Component | None:
    minutes = found.suggested_minutes
    if not minutes:
        return None
    return button(f"Timed: {duration(minutes)}", "exam", found.bank.course.id, found.count, minutes)


def _rules(minutes: int | None) -> str:
    clock = "The clock starts with Start and does not pause. " if minutes else ""
    return f"{clock}Nothing is marked until you finish. Leave when you like: `/exam` goes on where you were."


def _earlier_results(results: Sequence[Result]) -> list[str]:
    """The latest results in one line."""
    parts = [
        f"{percent(result.right, result.asked)} % of {result.asked} ({format_dt(result.ended, 'd')})"
        for result in results
        if result.asked
    ]
    return [f"-# Your last: {', '.join(parts)}"] if parts else []
