"""A question: its text, its correct answer, and the order in which its options are shown."""

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
"""Maximum length of a question's ID. A button's state has 100 characters and contains more than the ID."""

MAX_PROMPT, MAX_OPTION, MAX_EXPLANATION = 400, 120, 600
"""Maximum lengths of texts.

Together they leave room in a message of 4,000 characters for the titles of module and unit, an address and the answer
(a test adds them up). An option may be longer than the label of a button (80) or of a choice in a select (100), because
it is shown as text and chosen by its letter.
"""

MAX_OPTIONS = 6

LETTERS = "ABCDEF"
"""Letters of the options, in the order in which they are shown."""

TRUTHS = ("True", "False")
"""Options of a statement. They are always shown in this order."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=MAX_ID)]
Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PROMPT)]
Choice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_OPTION)]
Explanation = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_EXPLANATION)]
Difficulty = Annotated[int, Field(ge=1, le=3)]

Item = TypeVar("Item")


class Kind(StrEnum):
    """The kind of a question."""

    SINGLE = "single"
    """Choose the correct option."""
    MULTIPLE = "multiple"
    """Choose all correct options, at least two, and no other."""
    TRUTH = "truth"
    """Say whether a statement is true."""
    ORDER = "order"
    """Put the options in the order of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option. In a question of kind ``order`` none is marked as correct."""

    __pydantic_config__ = STRICT
    text: Choice
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question. Its ``id`` is unique in the bank and stable, because reviews are stored under it.

    ``module`` is the module's ID, ``difficulty`` 1 (recall) to 3 (scenario), ``reference`` the address of the unit that
    teaches the answer. ``bank_of`` sets ``route`` and ``unit``: the full IDs of the module and of that unit, which is
    empty if the course has no addresses.
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
        """The texts of the options in file order; ``TRUTHS`` for a statement."""
        return TRUTHS if self.kind is Kind.TRUTH else tuple(option.text for option in self.options)

    @property
    def right(self) -> tuple[int, ...]:
        """Indices of the correct options, ascending; for an order, all of them in the correct order."""
        if self.kind is Kind.TRUTH:
            return (0,) if self.answer else (1,)
        if self.kind is Kind.ORDER:
            return tuple(range(len(self.options)))
        return tuple(index for index, option in enumerate(self.options) if option.right)


def mark(question: Question, chosen: Sequence[int]) -> bool:
    """Return whether ``chosen`` (option indices in the file) has exactly the correct options, each once.

    The sequence matters for an order only. An index without an option is a wrong answer.
    """
    given = tuple(chosen) if question.kind is Kind.ORDER else tuple(sorted(chosen))
    return given == question.right


def chosen(question: Question, seed: int, letters: str) -> tuple[int, ...]:
    """Return the option indices in the file for ``letters``, as shown with ``seed``, in the order of the letters.

    Raises ``Stale`` for letters that no button has: an empty text, a repeated letter, or one beyond the options.
    """
    order = shuffled(question, seed)
    places = [LETTERS.find(letter) for letter in letters]
    if not places or len(set(places)) < len(places) or not all(0 <= place < len(order) for place in places):
        raise Stale("This button is out of date. Run the command again.")
    return tuple(order[place] for place in places)


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


def shuffle(items: Iterable[Item], seed: str) -> tuple[Item, ...]:
    """Return ``items`` in an order that depends on ``seed`` only; all orders are equally likely.

    Python promises the same results in every version for ``Random.random``, but not for ``Random.shuffle``.
    """
    dice = Random(seed)  # noqa: S311 - not for secrets; a restart must draw the same order
    return tuple(sorted(items, key=lambda _: dice.random()))


def faults_of(question: Question) -> Iterator[Fault]:
    """Yield faults of one question that types can't check."""
    count, right = len(question.options), sum(option.right for option in question.options)
    match question.kind:
        case Kind.SINGLE if count < 2 or right != 1:
            yield Fault(("options",), f"{right} of {count} are right; a single answer is 1 of 2 to {MAX_OPTIONS}")
        case Kind.MULTIPLE if not 2 <= right < count:
            yield Fault(("options",), f"{right} of {count} are right; a multiple answer is at least 2 and never all")
        case Kind.ORDER if not 3 <= count <= 5:
            yield Fault(("options",), f"{count} options; an order has 3 to 5")
        case Kind.ORDER if right:
            yield Fault(("options",), "one is marked as right; list the options of an order in the right order")
        case Kind.TRUTH if question.options:
            yield Fault(("options",), "a statement has no options; give `answer`")
        case Kind.TRUTH if question.answer is None:
            yield Fault((), "a statement needs `answer`, true or false")
    if question.answer is not None and question.kind is not Kind.TRUTH:
        yield Fault(("answer",), f"is for a statement (kind truth), but the kind is {question.kind}")
    yield from _of_texts(question.options)


def _of_texts(options: Sequence[Option]) -> Iterator[Fault]:
    known: dict[str, int] = {}
    for index, option in enumerate(options):
        before = known.setdefault(" ".join(option.text.casefold().split()), index)
        if before < index:
            yield Fault(("options", index), f"says the same as option {before + 1}")
        if len(option.text.splitlines()) > 1:
            yield Fault(("options", index), "an option must be one line")
