"""A question: its texts, its correct answer and its parts. ``answer`` marks answers, ``question_faults`` checks it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated
from zlib import crc32

from pydantic import Field, StringConstraints

from bot.core.course.fields import STRICT, Slug

MAX_ID = 40
"""Maximum length of a question's ID. A button's state has 100 characters and contains more than the ID."""

MAX_PROMPT, MAX_PROMPT_ABOUT, MAX_PROMPT_IN_CASE = 600, 700, 400
"""Maximum length of a prompt: on its own, about an exhibit, and in a case study."""
MAX_OPTION, MAX_EXPLANATION, MAX_EXHIBIT, MAX_COMMAND = 120, 600, 900, 500
MAX_STATEMENT, MAX_ITEM, MAX_CHOICE = 200, 120, 60
MAX_TITLE, MAX_CASE, MAX_REFERENCE = 60, 1400, 200
MAX_WHOLE = 1850
"""Maximum length of a question without its explanation and its case study.

Together, these limits leave room in a message of 4,000 characters for titles, the answer and two addresses (a test adds
them up). An option may be longer than the label of a button (80) or of a choice in a select (100), because it is shown
as text and chosen by its letter; a choice of a matching or completion question is shown in selects only.
"""
MAX_TEXT_WIDTH, MAX_WIDTH, MAX_LINES = 36, 46, 24
"""Maximum characters per line of a table or text and of code, and maximum lines, in a code block on a phone. The phone
wraps longer lines, which code survives and a table doesn't."""
MAX_OPTIONS = 6

LETTERS = "ABCDEF"
"""Letters of the options, in the order in which they are shown."""

TRUTHS, ANSWERS = ("True", "False"), ("Yes", "No")
"""Options of a statement: alone, and in a series. They are always shown in this order."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=MAX_ID)]
Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PROMPT_ABOUT)]
Choice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_OPTION)]
ShortChoice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CHOICE)]
Explanation = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_EXPLANATION)]
Difficulty = Annotated[int, Field(ge=1, le=3)]
Reference = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>()]+$", max_length=MAX_REFERENCE)]
CaseText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CASE)]
CaseTitle = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TITLE)]
Exhibit = Annotated[str, StringConstraints(min_length=1, max_length=MAX_EXHIBIT)]
Command = Annotated[str, StringConstraints(min_length=1, max_length=MAX_COMMAND)]


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
    YESNO = "yesno"
    """Say of each of three statements whether it is true."""
    COMPLETE = "complete"
    """Choose what belongs in each gap of a command or text."""
    MATCHING = "matching"
    """Match each item with one of the choices."""


MANY_PARTS = frozenset({Kind.YESNO, Kind.COMPLETE, Kind.MATCHING})
"""Kinds that consist of parts, each with its own answer."""


class Format(StrEnum):
    """The language of a code block."""

    TEXT = "text"
    JSON = "json"
    BICEP = "bicep"
    KQL = "kql"
    BASH = "bash"
    POWERSHELL = "powershell"
    YAML = "yaml"
    SQL = "sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option. In a question of kind ``order`` none is marked as correct."""

    __pydantic_config__ = STRICT
    text: Choice
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of a series, and whether it is true."""

    __pydantic_config__ = STRICT
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_STATEMENT)]
    answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A gap of a command: what can be put there, and the right one of these."""

    __pydantic_config__ = STRICT
    right: ShortChoice
    options: Annotated[tuple[ShortChoice, ...], Field(min_length=3, max_length=5)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An item to match, and the right choice."""

    __pydantic_config__ = STRICT
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ITEM)]
    answer: ShortChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case study: a scenario that several questions are about. ``bank_of`` sets ``questions``, their IDs in order."""

    __pydantic_config__ = STRICT
    id: Id
    title: CaseTitle
    text: CaseText
    questions: tuple[str, ...] = field(init=False, default=())


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question: its label, its options and the index of the right one."""

    label: str
    options: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question. Its ``id`` is unique in the bank and stable, because reviews are stored under it.

    ``skill`` is the ID of the exam's skill that it tests, or ``none``; ``module`` that of the module it is about, if
    one of its path is. ``difficulty`` is 1 (recall) to 3 (scenario). ``references`` are the page that contains the
    answer and the unit that comes closest. From ``review_by`` on, someone should check whether it is still right.

    ``bank_of`` sets the other fields: ``route``, the full ID of the module or else of the path; ``unit``, that of the
    unit in the references, if any; ``domain``, the ID of the exam domain that it counts for; ``outline``, the date of
    the exam's outline that it was written for.
    """

    __pydantic_config__ = STRICT
    id: Id
    kind: Kind
    difficulty: Difficulty
    prompt: Prompt
    explanation: Explanation
    skill: Slug | None = None
    module: Slug | None = None
    options: Annotated[tuple[Option, ...], Field(max_length=MAX_OPTIONS)] = ()
    answer: bool | None = None
    statements: Annotated[tuple[Statement, ...], Field(max_length=3)] = ()
    command: Command | None = None
    command_format: Format | None = None
    gaps: Annotated[tuple[Gap, ...], Field(max_length=3)] = ()
    choices: Annotated[tuple[ShortChoice, ...], Field(max_length=MAX_OPTIONS)] = ()
    items: Annotated[tuple[Match, ...], Field(max_length=5)] = ()
    exhibit: Exhibit | None = None
    exhibit_format: Format | None = None
    case: Id | None = None
    references: Annotated[tuple[Reference, ...], Field(max_length=2)] = ()
    review_by: date | None = None
    route: str = field(init=False, default="")
    unit: str = field(init=False, default="")
    domain: str | None = field(init=False, default=None)
    outline: date | None = field(init=False, default=None)
    parts: tuple[Part, ...] = field(init=False, default=(), repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self._parts()))

    def _parts(self) -> Iterator[Part]:
        match self.kind:
            case Kind.YESNO:
                for statement in self.statements:
                    yield Part(statement.text, ANSWERS, 0 if statement.answer else 1)
            case Kind.COMPLETE:
                for number, gap in enumerate(self.gaps, 1):
                    yield Part(f"[{number}]", gap.options, _place(gap.right, gap.options))
            case Kind.MATCHING:
                for item in self.items:
                    yield Part(item.text, self.choices, _place(item.answer, self.choices))

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the options in file order; ``TRUTHS`` for a statement, empty for a question of parts."""
        return TRUTHS if self.kind is Kind.TRUTH else tuple(option.text for option in self.options)

    @property
    def right(self) -> tuple[int, ...]:
        """Indices of the correct options: ascending; all of them for an order; one for each part of a question."""
        if self.parts:
            return tuple(part.right for part in self.parts)
        if self.kind is Kind.TRUTH:
            return (0,) if self.answer else (1,)
        if self.kind is Kind.ORDER:
            return tuple(range(len(self.options)))
        return tuple(index for index, option in enumerate(self.options) if option.right)

    @property
    def all_texts(self) -> tuple[str, ...]:
        """Everything there is to read before the answer, without a case study."""
        parts = [text for part in self.parts for text in (part.label, *part.options)]
        return (self.prompt, self.exhibit or "", self.command or "", *self.texts, *parts)


def _place(text: str, options: tuple[str, ...]) -> int:
    """Return the index of a text; -1 if there is none, which is a fault of the question."""
    return options.index(text) if text in options else -1


def fingerprint(question: Question) -> str:
    """Eight hexadecimal digits that change when the text or the answer of a question does."""
    content = repr((question.kind, *question.all_texts, question.right))
    return f"{crc32(content.encode()):08x}"
