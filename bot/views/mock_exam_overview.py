"""Render the overview of an open mock exam: which questions are answered and flagged, with a select to jump to one."""

from collections.abc import Iterable, Sequence

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.mock_exam import Item
from bot.study.mock_exam_results import InProgress, Screen
from bot.views.buttons import button, option, select
from bot.views.layout import Component, Row, State, escape, message_view, truncate
from bot.views.question import answer_labels

PER_PAGE = 25
"""The number of options of a select."""


def overview(found: InProgress) -> ui.LayoutView:
    """The numbers of unanswered and flagged questions, and a page of all questions to jump to."""
    key, items = (found.bank.course.id, found.exam.number), found.items
    deadline = f" · ends {format_dt(found.exam.deadline, 'R')}" if found.exam.deadline else ""
    unanswered = [number for number, item in enumerate(items, 1) if not item.complete]
    flagged = [number for number, item in enumerate(items, 1) if item.flagged]
    lines = [f"Not answered: {ranges(unanswered)}" if unanswered else "Finish to see your results."]
    lines += [f"🚩 Flagged: {ranges(flagged)}"] if flagged else []
    current = items.index(found.current) if found.current else 0
    position = found.current.position if found.current else 0
    finish = ButtonStyle.secondary if unanswered else ButtonStyle.success
    return message_view(
        State.PROGRESS,
        f"### {escape(found.bank.course.code)} mock exam · overview\n"
        f"**{found.answered} of {len(items)} answered**{deadline}",
        "\n".join(lines),
        rows=[
            *_pages(found, current // PER_PAGE if found.page is None else found.page),
            [
                button(f"Back to {current + 1}", "mockexamgo", *key, position, style=ButtonStyle.primary),
                button("Finish", "mockexamend", *key, style=finish),
                button("Save and exit", "mockexamshow", *key, Screen.LEFT),
                button("Discard", "mockexamdrop", *key, style=ButtonStyle.danger),
            ],
        ],
    )


def ranges(numbers: Sequence[int]) -> str:
    """Format ascending numbers as ``1, 3–5, 9``."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts)


def _pages(found: InProgress, page: int) -> Iterable[Row]:
    """The select with the questions of a page, and buttons to the pages around it."""
    key, items = (found.bank.course.id, found.exam.number), found.items
    page = min(page, max(0, len(items) - 1) // PER_PAGE)
    start = page * PER_PAGE
    shown = items[start : start + PER_PAGE]
    if not shown:
        return
    options = [_option(found, number, item) for number, item in enumerate(shown, start + 1)]
    yield [select("Jump to a question", options, "mockexamgo", *key)]
    around = [other for other in (page - 1, page + 1) if 0 <= other * PER_PAGE < len(items)]
    yield [button(_page_label(other, len(items)), "mockexamshow", *key, Screen.OVERVIEW, other) for other in around]


def _page_label(page: int, total: int) -> str:
    first, last = page * PER_PAGE + 1, min((page + 1) * PER_PAGE, total)
    return f"Questions {first}–{last}" if first < last else f"Question {first}"


def _option(found: InProgress, number: int, item: Item) -> Component:
    """A question: its number and prompt, and below whether it is answered and flagged."""
    prompt = " ".join(item.question.prompt.replace("`", "").replace("*", "").split())
    status = _answer(found, item) if item.complete else "Incomplete" if item.given else "Not answered"
    return option(
        truncate(f"{number}. {prompt}", 100),
        str(item.position),
        f"{status} · flagged" if item.flagged else status,
        emoji="🚩" if item.flagged else None,
    )


def _answer(found: InProgress, item: Item) -> str:
    labels = answer_labels(item.question, found.exam.seed, item.given)
    return truncate(f"Answered: {', '.join(labels)}", 85)
