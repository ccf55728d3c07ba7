"""A question of a bank: what it asks, which answer is right, and in which order its options are shown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

from bot.core.course.course import STRICT, Address, Slug
from bot.core.course.reading import Fault
from bot.errors import Stale

MAX_ID = 40
"""Longest id of a question: it has to fit into the 100 characters of a button's state, with more beside it."""

MAX_PROMPT, MAX_OPTION, MAX_EXPLANATION = 400, 120, 600
"""Longest texts. A card with all of them at their longest keeps far below the 4,000 characters of a message, so that
the titles of its module and unit, an address and what was answered fit too (a test adds them up). An option may be
longer than the label of a button (80) or of a choice in a select (100): it is shown as text, and chosen by its letter.
"""

MAX_OPTIONS = 6

LETTERS = "ABCDEF"
"""What options are called where they are shown, in the order of the showing."""

TRUTHS = ("True", "False")
"""The options of a statement, in the order in which they are always shown."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=MAX_ID)]
Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PROMPT)]
Choice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_OPTION)]
Explanation = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_EXPLANATION)]
Difficulty = Annotated[int, Field(ge=1, le=3)]

Item = TypeVar("Item")


class Kind(StrEnum):
    """What a question asks for."""

    SINGLE = "single"
    """The one right option."""
    MULTIPLE = "multiple"
    """All of the right options, at least two, and no other."""
    TRUTH = "truth"
    """Whether a statement is true."""
    ORDER = "order"
    """The options in the order in which they stand in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to choose. In a question of an order no option is marked as right."""

    __pydantic_config__ = STRICT
    text: Choice
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question. Its ``id`` is unique in the bank and stable: what a learner's review is kept under.

    ``module`` is the module's id, ``difficulty`` 1 (recall) to 3 (scenario), ``reference`` the address of the unit that
    teaches the answer. ``route`` and ``unit``, the full ids of the module and of that unit (empty where the course has
    no addresses), are set by the bank that holds the question.
    """

    __pydantic_config__ = STRICT
    id: Id
    module: Slug
    kind: Kind
    difficulty: Difficulty
    prompt: Prompt
    explanation: Explanation
    options: Annotated[tuple[Option, ...], Field(max_length=MAX_OPTIONS)] = ()
    answer: bool | None = None
    reference: Address | None = None
    route: str = field(init=False, default="")
    unit: str = field(init=False, default="")

    @property
    def texts(self) -> tuple[str, ...]:
        """The options as they are shown, by their index in the file; ``TRUTHS`` for a statement."""
        return TRUTHS if self.kind is Kind.TRUTH else tuple(option.text for option in self.options)

    @property
    def right(self) -> tuple[int, ...]:
        """The indices of the right options, ascending; for an order all of them, in the right order."""
        if self.kind is Kind.TRUTH:
            return (0,) if self.answer else (1,)
        if self.kind is Kind.ORDER:
            return tuple(range(len(self.options)))
        return tuple(index for index, option in enumerate(self.options) if option.right)


def mark(question: Question, chosen: Sequence[int]) -> bool:
    """Whether ``chosen``, option indices of the file, is the right answer: exactly the right ones, each once.

    The sequence matters for an order only. An index that is no option is a wrong answer.
    """
    given = tuple(chosen) if question.kind is Kind.ORDER else tuple(sorted(chosen))
    return given == question.right


def chosen(question: Question, seed: int, letters: str) -> tuple[int, ...]:
    """The option indices of the file that ``letters``, of the showing with this seed, stand for, in their order.

    Raises ``Stale`` for letters that no button of ours has: none, one twice, one beyond the options.
    """
    order = shuffled(question, seed)
    places = [LETTERS.find(letter) for letter in letters]
    if not places or len(set(places)) < len(places) or not all(0 <= place < len(order) for place in places):
        raise Stale("This button can't be read. Run the command again for a fresh one.")
    return tuple(order[place] for place in places)


def shuffled(question: Question, seed: int) -> tuple[int, ...]:
    """The option indices of the file in the order of one showing, the same for the same question and seed.

    All orders are equally likely, but that of a question of an order is never the right one, and a statement always
    has True before False.
    """
    indices = range(len(question.texts))
    if question.kind is Kind.TRUTH:
        return tuple(indices)
    for attempt in range(1000):
        order = shuffle(indices, f"{seed}/{question.id}/{attempt}")
        if question.kind is not Kind.ORDER or order != question.right:
            return order
    return tuple(reversed(indices))


def shuffle(items: Iterable[Item], seed: str) -> tuple[Item, ...]:
    """``items`` in an order drawn by ``seed``: all orders equally likely, the same in every process and release.

    Only ``Random.random`` is promised to draw the same in every version of Python; ``Random.shuffle`` isn't.
    """
    dice = Random(seed)  # noqa: S311 - a game, and it has to be the same again after a restart
    return tuple(sorted(items, key=lambda _: dice.random()))


def faults_of(question: Question) -> Iterator[Fault]:
    """What types can't say about one question, each with the key (and the option's position) that is wrong."""
    count, right = len(question.options), sum(option.right for option in question.options)
    match question.kind:
        case Kind.SINGLE if count < 2 or right != 1:
            yield Fault(("options",), f"{right} of {count} are right; a single answer is 1 of 2 to {MAX_OPTIONS}")
        case Kind.MULTIPLE if not 2 <= right < count:
            yield Fault(("options",), f"{right} of {count} are right; a multiple answer is at least 2 and never all")
        case Kind.ORDER if not 3 <= count <= 5:
            yield Fault(("options",), f"{count} can't be put in order here; 3 to 5 can")
        case Kind.ORDER if right:
            yield Fault(("options",), "one is marked as right; the options of an order stand in the right order")
        case Kind.TRUTH if question.options:
            yield Fault(("options",), "a statement has none; give `answer`")
        case Kind.TRUTH if question.answer is None:
            yield Fault((), "a statement needs `answer`, true or false")
    if question.answer is not None and question.kind is not Kind.TRUTH:
        yield Fault(("answer",), f"is for a statement (kind truth), and this is of kind {question.kind}")
    yield from _of_texts(question.options)


def _of_texts(options: Sequence[Option]) -> Iterator[Fault]:
    known: dict[str, int] = {}
    for index, option in enumerate(options):
        before = known.setdefault(" ".join(option.text.casefold().split()), index)
        if before < index:
            yield Fault(("options", index), f"says the same as option {before + 1}")
        if len(option.text.splitlines()) > 1:
            yield Fault(("options", index), "an option is one line")
