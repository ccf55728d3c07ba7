"""Render a question and its answer, for reviews, quizzes and mock exams."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.core.questions.bank import Bank
from bot.core.questions.question import LETTERS, Kind, Question, shuffled
from bot.views.buttons import button, multi_select, option
from bot.views.layout import Row, hyperlink

INSTRUCTIONS = {
    Kind.SINGLE: "Choose one answer.",
    Kind.TRUTH: "True or false?",
    Kind.ORDER: "Tap the letters in the correct order.",
}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")
MAX_LABEL = 80
"""The longest option that a select (100 characters) shows in full, with its letter."""


def asked(question: Question, seed: int, picked: str = "") -> str:
    """The prompt and the options with their letters, in the order drawn by ``seed``. ``picked`` letters are marked."""
    shown = zip(LETTERS, shuffled(question, seed), strict=False)
    lines = [f"**{question.prompt}**"]
    match question.kind:
        case Kind.TRUTH:
            lines += [f"Your answer: **{question.texts[index]}**" for letter, index in shown if letter in picked]
        case Kind.ORDER:
            lines += [f"`{letter}` {question.texts[index]}" for letter, index in shown]
            lines += [f"Your order: **{' → '.join(picked)}**"] if picked else []
        case _:
            lines += [
                f"`{letter}` **{question.texts[index]}** · your answer"
                if letter in picked
                else f"`{letter}` {question.texts[index]}"
                for letter, index in shown
            ]
    return "\n".join([*lines, f"-# {instruction(question)}"])


def instruction(question: Question) -> str:
    """How to answer, with the number of correct options, as exams say it."""
    if question.kind is Kind.MULTIPLE:
        return f"Choose {NUMBERS[len(question.right)]}."
    return INSTRUCTIONS[question.kind]


def controls(question: Question, seed: int, verb: str, *state: object, picked: str = "") -> list[Row]:
    """The buttons or the select to answer with. ``picked`` are the letters that are chosen already.

    The ``custom_id`` of a button is ``state`` followed by letters: its own, after those picked so far of an order ("-"
    for none). The select of a multiple answer has only ``state``; its values are the letters.
    """
    order = shuffled(question, seed)
    letters = LETTERS[: len(order)]
    if question.kind is Kind.MULTIPLE:
        count = len(question.right)
        options = [
            option(_label(letter, question.texts[index]), letter, default=letter in picked[:count])
            for letter, index in zip(letters, order, strict=True)
        ]
        menu = multi_select(instruction(question).rstrip("."), options, verb, *state)
        return [[{**menu, "min_values": count, "max_values": count}]]
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
    """The options in the order drawn by ``seed``; words mark the correct ones and those that were chosen.

    ``given`` are option indices of the file, empty if nothing was answered.
    """
    if question.kind is Kind.ORDER:
        steps = [f"{number}. {question.texts[index]}" for number, index in enumerate(question.right, 1)]
        yours = [f"-# Your order: {' → '.join(str(index + 1) for index in given)}"] if given else []
        return "\n".join([f"**{question.prompt}**", *steps, *yours])
    lines = [
        _answer_line(letter, question, index, index in given)
        for letter, index in zip(LETTERS, shuffled(question, seed), strict=False)
    ]
    return "\n".join([f"**{question.prompt}**", *lines])


def explanation(question: Question, bank: Bank) -> str:
    """The explanation, with a link to the unit that teaches it."""
    return f"{question.explanation}\n-# Learn more: {source(question, bank)}"


def source(question: Question, bank: Bank) -> str:
    """A link to the unit that teaches the answer, or else to the module."""
    unit = bank.course.nodes.get(question.unit)
    module = bank.course.nodes[question.route]
    return hyperlink(unit.title if unit else module.title, question.reference or module.link)


def letter_label(question: Question, letter: str) -> str:
    """The label of an answer's button: the letter, or True or False."""
    return question.texts[LETTERS.index(letter)] if question.kind is Kind.TRUTH else letter


def _label(letter: str, text: str) -> str:
    """An option in a select: its letter and text, or the letter alone if that is too long. The message has the text."""
    plain = text.replace("`", "")
    return f"{letter} · {plain}" if len(plain) <= MAX_LABEL else letter


def _answer_line(letter: str, question: Question, index: int, given: bool) -> str:
    """An option after the answer. What is neither correct nor chosen is in small type."""
    text = question.texts[index]
    shown = text if question.kind is Kind.TRUTH else f"`{letter}` {text}"
    match index in question.right, given:
        case True, True:
            return f"✅ {shown} · correct, your answer"
        case True, False:
            return f"✅ {shown} · correct"
        case False, True:
            return f"❌ {shown} · your answer"
        case _:
            return f"-# {shown}"
