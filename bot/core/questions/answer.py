"""Answers: the order in which options are shown, what the letters of buttons mean, and how an answer is marked.

An answer is a sequence of option indices as in the file. For a question of parts it has one for each part, and
``UNANSWERED`` for a part that isn't answered yet.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

from bot.core.questions.question import LETTERS, MANY_PARTS, Kind, Question
from bot.errors import Stale

UNANSWERED, NO_LETTER = -1, "-"
"""Stands for a part without an answer, in an answer and among letters."""
OUT_OF_DATE = "This button is out of date. Run the command again."

Item = TypeVar("Item")


def mark(question: Question, chosen: Sequence[int]) -> bool:
    """Return whether ``chosen`` is exactly right: the correct options, each once, or the right one of each part.

    The sequence matters for an order and for parts. An index without an option is a wrong answer.
    """
    in_sequence = question.kind is Kind.ORDER or question.kind in MANY_PARTS
    return (tuple(chosen) if in_sequence else tuple(sorted(chosen))) == question.right


def credit(question: Question, chosen: Sequence[int]) -> float:
    """Return the part of a point that ``chosen`` earns, 0 to 1, as exams give it.

    Each right part, and each correct option of a multiple choice, is worth the same. Choosing more options than are
    correct earns nothing.
    """
    right = question.right
    if question.kind in MANY_PARTS:
        return sum(given == part for given, part in zip(chosen, right, strict=False)) / len(right)
    if question.kind is Kind.MULTIPLE:
        return len(set(chosen) & set(right)) / len(right) if len(chosen) <= len(right) else 0.0
    return float(mark(question, chosen))


def is_complete(question: Question, chosen: Sequence[int]) -> bool:
    """Return whether ``chosen`` is a whole answer: something, all options of an order, or one of each part."""
    if question.kind in MANY_PARTS:
        return len(chosen) == len(question.parts) and UNANSWERED not in chosen
    return bool(chosen) and (question.kind is not Kind.ORDER or len(chosen) == len(question.texts))


def fits(question: Question, chosen: Sequence[int]) -> bool:
    """Return whether ``chosen`` has only options that the question has, which may have changed since the answer."""
    if question.kind in MANY_PARTS:
        return not chosen or (
            len(chosen) == len(question.parts)
            and all(UNANSWERED <= given < len(part.options) for given, part in zip(chosen, question.parts, strict=True))
        )
    return all(0 <= index < len(question.texts) for index in chosen)


def chosen(question: Question, seed: int, letters: str) -> tuple[int, ...]:
    """Return the option indices in the file for ``letters``, as shown with ``seed``, in the order of the letters.

    A question of parts has one letter for each, "-" for one without an answer. Raises ``Stale`` for letters that no
    button has: an empty text, a repeated letter, one beyond the options, or too few for the parts.
    """
    if question.kind in MANY_PARTS:
        return _chosen_of_parts(question, seed, letters)
    order = shuffled(question, seed)
    places = [LETTERS.find(letter) for letter in letters]
    if not places or len(set(places)) < len(places) or not all(0 <= place < len(order) for place in places):
        raise Stale(OUT_OF_DATE)
    return tuple(order[place] for place in places)


def _chosen_of_parts(question: Question, seed: int, letters: str) -> tuple[int, ...]:
    orders = part_orders(question, seed)
    if len(letters) != len(orders):
        raise Stale(OUT_OF_DATE)
    given = []
    for letter, order in zip(letters, orders, strict=True):
        place = LETTERS.find(letter)
        if letter != NO_LETTER and not 0 <= place < len(order):
            raise Stale(OUT_OF_DATE)
        given.append(UNANSWERED if letter == NO_LETTER else order[place])
    return tuple(given)


def letters_of(question: Question, seed: int, given: Sequence[int]) -> str:
    """Return the letters for ``given``, the inverse of ``chosen``."""
    if question.kind in MANY_PARTS:
        whole = given or [UNANSWERED] * len(question.parts)
        return "".join(
            NO_LETTER if index == UNANSWERED else LETTERS[order.index(index)]
            for index, order in zip(whole, part_orders(question, seed), strict=True)
        )
    order = shuffled(question, seed)
    return "".join(LETTERS[order.index(index)] for index in given)


def with_part(letters: str, part: int, letter: str) -> str:
    """Return ``letters`` with the one of a part replaced. Raises ``Stale`` if there is no such part."""
    if not 0 <= part < len(letters) or len(letter) != 1:
        raise Stale(OUT_OF_DATE)
    return letters[:part] + letter + letters[part + 1 :]


def shuffled(question: Question, seed: int) -> tuple[int, ...]:
    """Return the option indices in the file in the order in which they are shown. Depends on question and seed only.

    All orders are equally likely, except that an order is never shown solved and a statement has True before False.
    """
    indices = range(len(question.texts))
    if question.kind is Kind.TRUTH:
        return tuple(indices)
    for attempt in range(1000):
        order = shuffle(indices, f"{seed}/{question.id}/{attempt}")
        if question.kind is not Kind.ORDER or order != question.right:
            return order
    return tuple(reversed(indices))


def part_orders(question: Question, seed: int) -> tuple[tuple[int, ...], ...]:
    """Return, for each part, its option indices in the order in which they are shown. Yes comes before No, and all
    items of a matching have their choices in the same order.
    """
    if question.kind is Kind.YESNO:
        return tuple(tuple(range(len(part.options))) for part in question.parts)
    matching = question.kind is Kind.MATCHING
    return tuple(
        shuffle(range(len(part.options)), f"{seed}/{question.id}/{0 if matching else number}")
        for number, part in enumerate(question.parts)
    )


def shuffle(items: Iterable[Item], seed: str) -> tuple[Item, ...]:
    """Return ``items`` in an order that depends on ``seed`` only; all orders are equally likely.

    Python promises the same results in every version for ``Random.random``, but not for ``Random.shuffle``.
    """
    dice = Random(seed)  # noqa: S311 - not for secrets; a restart must draw the same order
    return tuple(sorted(items, key=lambda _: dice.random()))
