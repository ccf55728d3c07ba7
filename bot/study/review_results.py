"""What a review shows: a card that is asked, one that was answered, the end of a round, and how it goes by numbers."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from zlib import crc32

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.course import Module, Node
from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import Card, outlook
from bot.core.questions.question import Question
from bot.store.streaks import Studied


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A card that waits for its answer: the ``place``-th of ``goal``, ``fresh`` where it was never answered before.

    ``picked`` are the letters pressed so far of an order. ``undo``: an answer of this round can be taken back.
    """

    bank: Bank
    question: Question
    seed: int
    place: int
    goal: int
    fresh: bool
    undo: bool
    picked: str = ""
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits of the question as it is shown."""
        return fingerprint(self.question)

    def noting(self, note: str) -> Self:
        return replace(self, note=note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A card that was answered with ``given`` (option indices of the file).

    ``rating`` (1 to 4) is recorded; None where it was taken back, and ``usual`` is what it would be. ``before`` is the
    card as it was when it was answered (None: new), which was ``at``; ``studied`` is there for what was answered now.
    """

    bank: Bank
    question: Question
    seed: int
    place: int
    goal: int
    given: tuple[int, ...]
    right: bool
    rating: int | None
    usual: int
    before: Card | None
    at: datetime
    horizon: int | None
    studied: Studied | None = None
    note: str = ""

    @property
    def dues(self) -> tuple[datetime, ...]:
        """When the card comes back after each of the four ratings."""
        return tuple(map(from_seconds, outlook(self.before, seconds(self.at), self.horizon)))

    def noting(self, note: str) -> Self:
        return replace(self, note=note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """No card is shown: the round is over, with ``done`` answers, or there is nothing to ask.

    Now there are ``due`` cards and ``new`` ones; ``held`` new ones are beyond today's number, and ``ahead`` are on
    modules that aren't begun. ``begun`` says whether any module is; ``upcoming`` is what to study next. All of them of
    ``about``, a path or module, where the round is about one.
    """

    bank: Bank
    seed: int
    done: int
    right: int
    due: int
    new: int
    held: int
    ahead: int
    begun: bool
    next_due: datetime | None
    about: Node | None
    upcoming: Module | None
    undo: bool
    note: str = ""

    def noting(self, note: str) -> Self:
        return replace(self, note=note)


Shown = Asked | Marked | Over


@dataclass(frozen=True, slots=True)
class Weak:
    """A module of which little is recalled: the mean chance of recall now of its ``seen`` cards, 0 to 1."""

    module: Module
    recall: float
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """How the review of a course goes.

    ``today`` and ``week`` are due until midnight and within seven days, those that are due now included; ``seen`` of
    the bank's questions were answered. ``retention`` is the share of the last 30 days' reviews of cards in review that
    were recalled, ``recall`` the mean chance of recall now of the cards that were answered; both 0 to 1, and None where
    there is nothing to tell it from.
    """

    bank: Bank
    due: int
    today: int
    week: int
    new: int
    held: int
    seen: int
    reviews: int
    known: int
    retention: float | None
    recall: float | None
    weakest: tuple[Weak, ...]


def fingerprint(question: Question) -> str:
    """Eight hexadecimal digits of what is asked: others once the question was changed."""
    said = repr((question.kind, question.prompt, question.texts, question.right))
    return f"{crc32(said.encode()):08x}"
