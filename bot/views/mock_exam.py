"""Render a mock exam before and while it is open: its preview, its questions and the confirmations."""

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.answer import letters_of
from bot.core.questions.mock_exam import Item
from bot.study.mock_exam_results import Discarded, Finished, InProgress, Mistake, MockExamResult, Preview, Screen
from bot.views import mock_exam_overview, mock_exam_report
from bot.views.buttons import button
from bot.views.layout import Component, Row, State, duration, escape, message_view, notice, plural, truncate
from bot.views.question import asked, scenario
from bot.views.question_controls import controls

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
    trend = mock_exam_report.trend(found.results)
    earlier = [f"Your scores so far: **{trend}**"] if trend else []
    untimed = button("Untimed", "mockexam", course.id, found.count, 0)
    return message_view(
        State.PROGRESS,
        f"### {escape(course.code)} mock exam\n**{plural(found.count, 'question')}{_timing(found.minutes)}**",
        "\n".join([*counts, *mock_exam_report.not_asked(found.not_asked)]),
        "\n".join([*earlier, f"-# {_rules(found.minutes)}"]),
        rows=[
            [
                button("Start", "mockexamstart", course.id, found.count, found.minutes or 0, style=ButtonStyle.success),
                _timed_button(found) if found.minutes is None else untimed,
            ]
        ],
    )


def in_progress(found: InProgress) -> ui.LayoutView:
    """Render what is shown of an open mock exam."""
    match found.screen:
        case Screen.QUESTION:
            return question(found)
        case Screen.OVERVIEW:
            return mock_exam_overview.overview(found)
        case Screen.LEFT:
            return left(found)
        case Screen.FINISH:
            return confirm_finish(found)
        case Screen.DISCARD | Screen.REPLACE:
            return confirm_discard(found)


def question(found: InProgress) -> ui.LayoutView:
    """Render the current question and the saved answer, without any hint whether an answer is correct."""
    item, key = found.current, _key(found)
    if item is None:
        row: Row = [_discard_button(found)]
        return notice("The questions in this mock exam are no longer available.", rows=[row])
    letters = letters_of(item.question, found.exam.seed, item.given)
    in_exam = [each.question.id for each in found.items if each.question.case == item.question.case]
    rows = controls(item.question, found.exam.seed, "mockexampick", *key, item.position, picked=letters)
    head = f"{_code(found)} mock exam · **{found.items.index(item) + 1} of {len(found.items)}**{_deadline(found)}"
    return message_view(
        State.PROGRESS,
        f"{head}\n-# {_progress(found)}",
        None,
        scenario(item.question, found.bank, in_exam),
        asked(item.question, found.exam.seed, letters),
        "\n".join(_saved(found, item)),
        rows=[*rows, _navigation(found, item)],
    )


def left(found: InProgress) -> ui.LayoutView:
    """Say that the exam can be continued later."""
    clock = " The timer keeps running." if found.exam.deadline else ""
    return message_view(
        State.PLAIN,
        f"### {_code(found)} mock exam saved\n**{_summary(found)}**",
        f"Continue any time, on any device.{clock}",
        rows=[[_continue_button(found), _discard_button(found)]],
    )


def confirm_finish(found: InProgress) -> ui.LayoutView:
    """Ask whether to finish, and name the number of unanswered questions."""
    key = _key(found)
    first = next((item.position for item in found.items if not item.complete), _position(found))
    return message_view(
        State.WARNING,
        f"### ⚠️ {plural(found.unanswered, 'question')} unanswered\n{_code(found)} mock exam{_deadline(found)}",
        "Finish now? Unanswered questions count as wrong.",
        rows=[
            [
                button("Continue", "mockexamgo", *key, first, style=ButtonStyle.primary),
                button("Finish anyway", "mockexamend", *key, CONFIRMED, style=ButtonStyle.success),
                _discard_button(found),
            ]
        ],
    )


def confirm_discard(found: InProgress) -> ui.LayoutView:
    """Ask whether to discard the open exam, or whether to keep it instead of starting another one."""
    if found.screen is Screen.REPLACE:
        return message_view(
            State.PLAIN,
            f"### Your {_code(found)} mock exam is still open\n**{_summary(found)}**",
            "Continue it, or discard it and start over. Discarding deletes your answers.",
            rows=[[_continue_button(found), _discard_button(found)]],
        )
    discard = button("Discard", "mockexamdrop", *_key(found), CONFIRMED, style=ButtonStyle.danger)
    return message_view(
        State.WARNING,
        f"### ⚠️ Discard this mock exam?\n**{_summary(found)}**",
        "Your answers will be deleted and not scored.",
        rows=[[_continue_button(found), discard]],
    )


def discarded(found: Discarded) -> ui.LayoutView:
    """Confirm that the exam was deleted."""
    again = button("New mock exam", "mockexam", found.course.id, max(1, found.count), found.minutes or 0)
    return notice(f"{escape(found.course.code)} mock exam discarded.", State.DONE, rows=[[again]])


def _key(found: InProgress) -> tuple[str, int]:
    """The state of every button: the course and the number of the exam."""
    return found.bank.course.id, found.exam.number


def _code(found: InProgress) -> str:
    return escape(found.bank.course.code)


def _position(found: InProgress) -> int:
    return found.current.position if found.current else 0


def _summary(found: InProgress) -> str:
    count = plural(len(found.items), "question")
    return f"{count}{_timing(found.exam.minutes)}, {found.answered} answered{_deadline(found)}"


def _timing(minutes: int | None) -> str:
    return f" in {duration(minutes)}" if minutes else ", untimed"


def _deadline(found: InProgress) -> str:
    return f" · ends {format_dt(found.exam.deadline, 'R')}" if found.exam.deadline else ""


def _progress(found: InProgress) -> str:
    """How many questions are answered and flagged."""
    parts = [f"{found.answered} of {len(found.items)} answered"]
    if flagged := sum(item.flagged for item in found.items):
        parts.append(f"{flagged} flagged")
    if found.removed:
        verb = "was" if found.removed == 1 else "were"
        parts.append(f"{plural(found.removed, 'question')} {verb} removed and won't count")
    return " · ".join(parts)


def _saved(found: InProgress, item: Item) -> list[str]:
    """Whether the answer to this question is saved, and whether the question is flagged."""
    lines = ["🚩 Flagged for review"] if item.flagged else []
    if item.complete and not found.unanswered:
        return [*lines, f"✅ Answer saved. **All {len(found.items)} answered:** finish to see your results."]
    if item.complete:
        return [*lines, "✅ Answer saved. You can still change it."]
    return [*lines, "This answer is incomplete."] if item.given else lines


def _navigation(found: InProgress, item: Item) -> Row:
    """Back and Next if there is such a question, the flag, and the ways to the other screens."""
    key, index = _key(found), found.items.index(item)
    before = found.items[index - 1] if index else None
    after = found.items[index + 1] if index + 1 < len(found.items) else None
    to_next = ButtonStyle.primary if item.complete and found.unanswered else ButtonStyle.secondary
    to_end = ButtonStyle.secondary if found.unanswered else ButtonStyle.success
    flag = "Remove flag" if item.flagged else "Flag"
    return [
        button("Back", "mockexamgo", *key, before.position) if before else None,
        button("Next", "mockexamgo", *key, after.position, style=to_next) if after else None,
        button(flag, "mockexamflag", *key, item.position, int(not item.flagged), emoji="🚩"),
        button("Overview", "mockexamshow", *key, Screen.OVERVIEW),
        button("Finish", "mockexamend", *key, style=to_end),
    ]


def _continue_button(found: InProgress) -> Component:
    return button("Continue", "mockexamgo", *_key(found), _position(found), style=ButtonStyle.primary)


def _discard_button(found: InProgress) -> Component:
    return button("Discard", "mockexamdrop", *_key(found), style=ButtonStyle.danger)


def _timed_button(found: Preview) -> Component | None:
    minutes = found.suggested_minutes
    if not minutes:
        return None
    return button(f"Timed: {duration(minutes)}", "mockexam", found.bank.course.id, found.count, minutes)


def _rules(minutes: int | None) -> str:
    clock = "The timer starts when you press Start and cannot be paused. " if minutes else ""
    return f"{clock}You get your results at the end. You can leave any time and pick up again with </mock-exam>."
