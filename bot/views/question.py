"""Render a question and its answer, for reviews, quizzes and mock exams."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.core.questions.bank import Bank
from bot.core.questions.question import LETTERS, Kind, Question, shuffled
from bot.views.buttons import button, multi_select, option
from bot.views.layout import Row, hyperlink

INSTRUCTIONS = {
    Kind.SINGLE: "One answer is right.",
    Kind.MULTIPLE: "Choose all that are right.",
    Kind.TRUTH: "True or false?",
    Kind.ORDER: "Press the letters in the right order.",
}
MAX_LABEL = 80
"""The longest option that a select (100 characters) shows in full, with its letter."""


def asked(question: Question, seed: int) -> str:
    """The prompt and the options with their letters, in the order drawn by ``seed``."""
    if question.kind is Kind.TRUTH:
        return f"**{question.prompt}**\n-# {INSTRUCTIONS[question.kind]}"
    shown = zip(LETTERS, shuffled(question, seed), strict=False)
    options = [f"`{letter}` {question.texts[index]}" for letter, index in shown]
    return "\n".join([f"**{question.prompt}**", *options, f"-# {INSTRUCTIONS[question.kind]}"])


def controls(question: Question, seed: int, verb: str, *state: object, picked: str = "") -> list[Row]:
    """The buttons or the select to answer with. ``picked`` are the letters that are chosen already.

    The ``custom_id`` of a button is ``state`` followed by letters: its own, after those picked so far of an order ("-"
    for none). The select of a multiple answer has only ``state``; its values are the letters.
    """
    order = shuffled(question, seed)
    letters = LETTERS[: len(order)]
    if question.kind is Kind.MULTIPLE:
        options = [
            option(_label(letter, question.texts[index]), letter, default=letter in picked)
            for letter, index in zip(letters, order, strict=True)
        ]
        return [[multi_select(INSTRUCTIONS[question.kind], options, verb, *state)]]
    if question.kind is Kind.ORDER:
        next_letters: Row = [
            button(letter, verb, *state, picked + letter, style=ButtonStyle.primary)
            for letter in letters
            if letter not in picked
        ]
        again = [button(f"Start over ({' → '.join(picked)})", verb, *state, "-")] if picked else []
        return [row for row in (next_letters, again) if row]
    names = question.texts if question.kind is Kind.TRUTH else letters
    buttons = [
        button(name, verb, *state, letter, style=ButtonStyle.success if letter in picked else ButtonStyle.primary)
        for name, letter in zip(names, letters, strict=True)
    ]
    per_row = 3 if len(buttons) > 5 else 5
    return [buttons[start : start + per_row] for start in range(0, len(buttons), per_row)]


def answered(question: Question, seed: int, given: Sequence[int]) -> str:
    """The options in the order drawn by ``seed``; words mark the right ones and those that were chosen.

    ``given`` are option indices of the file, empty if nothing was answered.
    """
    if question.kind is Kind.ORDER:
        steps = [f"{number}. {question.texts[index]}" for number, index in enumerate(question.right, 1)]
        yours = [f"-# your order: {' → '.join(str(index + 1) for index in given)}"] if given else []
        return "\n".join([f"**{question.prompt}**", *steps, *yours])
    lines = [
        _answer_line(letter, question, index, index in given)
        for letter, index in zip(LETTERS, shuffled(question, seed), strict=False)
    ]
    return "\n".join([f"**{question.prompt}**", *lines])


def explanation(question: Question, bank: Bank) -> str:
    """The explanation, with a link to the unit that teaches it."""
    unit = bank.course.nodes.get(question.unit)
    module = bank.course.nodes[question.route]
    title = unit.title if unit else module.title
    return f"{question.explanation}\n-# Read it: {hyperlink(title, question.reference or module.link)}"


def _label(letter: str, text: str) -> str:
    """An option in a select: its letter and text, or the letter alone if that is too long. The message has the text."""
    plain = text.replace("`", "")
    return f"{letter} · {plain}" if len(plain) <= MAX_LABEL else letter


def _answer_line(letter: str, question: Question, index: int, given: bool) -> str:
    text = question.texts[index]
    shown = text if question.kind is Kind.TRUTH else f"`{letter}` {text}"
    match index in question.right, given:
        case True, True:
            return f"✅ {shown} · right, your answer"
        case True, False:
            return f"✅ {shown} · right"
        case False, True:
            return f"❌ {shown} · your answer"
        case _:
            return f"▫️ {shown}"
