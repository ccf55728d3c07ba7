"""The buttons and selects to answer a question with, and what they send."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.core.questions.answer import NO_LETTER, shuffled, with_part
from bot.core.questions.question import LETTERS, MANY_PARTS, TRUTHS, Kind, Question
from bot.errors import Stale
from bot.views.buttons import UNREADABLE, button, multi_select, option, parse_number, select
from bot.views.layout import Row, truncate
from bot.views.question import choices_in_order, code_free, instruction

MAX_LABEL = 80
"""The longest option that a select (100 characters) shows in full, with its letter."""
CHECK = "check"
"""Sent by the button that submits a question of parts."""


def controls(
    question: Question, seed: int, verb: str, *state: object, picked: str = "", check: bool = False
) -> list[Row]:
    """The buttons or selects to answer with. ``picked`` are the letters that are chosen already.

    The ``custom_id`` of a button is ``state`` followed by letters: its own, after those picked so far of an order ("-"
    for none). The select of a multiple answer has only ``state``; its values are the letters. A question of parts has a
    select for each: ``state``, the letters of all parts and the number of its own. With ``check``, a button submits
    them once all are chosen.
    """
    if question.kind in MANY_PARTS:
        return _of_parts(question, seed, verb, *state, picked=picked, check=check)
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
        again = [button(f"Start over ({' → '.join(picked)})", verb, *state, NO_LETTER)] if picked else []
        return [row for row in (next_letters, again) if row]
    names = TRUTHS if question.kind is Kind.TRUTH else letters
    buttons = [
        button(name, verb, *state, letter, style=ButtonStyle.success if letter in picked else ButtonStyle.primary)
        for name, letter in zip(names, letters, strict=True)
    ]
    per_row = 3 if len(buttons) > 5 else 5
    return [buttons[start : start + per_row] for start in range(0, len(buttons), per_row)]


def _of_parts(question: Question, seed: int, verb: str, *state: object, picked: str, check: bool) -> list[Row]:
    """A select for each part, with the current choice, and the button that submits all of them."""
    whole = picked or NO_LETTER * len(question.parts)
    rows: list[Row] = []
    for number, (part, choices) in enumerate(zip(question.parts, choices_in_order(question, seed), strict=True)):
        name = part.label if question.kind is Kind.COMPLETE else f"{number + 1}."
        options = [
            option(f"{name} {code_free(text)}", letter, default=letter == whole[number]) for letter, text in choices
        ]
        title = f"Gap {part.label}" if question.kind is Kind.COMPLETE else f"{name} {code_free(part.label)}"
        rows.append([select(truncate(title, 100), options, verb, *state, whole, number)])
    if check and NO_LETTER not in whole:
        rows.append([button("Check", verb, *state, whole, CHECK, style=ButtonStyle.success)])
    return rows


def read_letters(rest: Sequence[str], values: Sequence[str]) -> tuple[str, bool]:
    """Return the letters that a button or select of ``controls`` sends, and whether they are submitted.

    ``rest`` is what follows ``state``. Choosing an option of a part doesn't submit the others. Raises ``Stale`` for
    anything else.
    """
    match list(rest):
        case [] if values:
            return "".join(values), True
        case [letters] if not values:
            return letters, True
        case [letters, "check"] if not values:
            return letters, True
        case [letters, part] if len(values) == 1:
            return with_part(letters, parse_number(part), values[0]), False
        case _:
            raise Stale(UNREADABLE)


def part_of(rest: Sequence[str]) -> int | None:
    """Return the number of the part whose select was used; None for other controls."""
    return parse_number(rest[1]) if len(rest) == 2 and rest[1] != CHECK else None


def _label(letter: str, text: str) -> str:
    """An option in a select: its letter and text, or the letter alone if that is too long. The message has the text."""
    plain = code_free(text)
    return f"{letter} · {plain}" if len(plain) <= MAX_LABEL else letter
