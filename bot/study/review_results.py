"""The results of ``Study.reviews``: an asked card, an answered card, a finished round, and statistics."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.course import Module, Node, Path
from bot.core.questions.bank import Bank
from bot.core.questions.drill import Scope
from bot.core.questions.fsrs import DEFAULT, Card, Tuning, due_by_rating
from bot.core.questions.mistakes import Mistake
from bot.core.questions.question import Question, fingerprint
from bot.store.streaks import Studied
from bot.study.drill_results import FinishedDrill
from bot.study.review_settings import DEFAULTS, ReviewSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCard:
    """A card to answer: number ``position`` of ``goal``. ``is_new`` if it was never answered before.

    ``picked`` are the letters of an ordering question chosen so far. ``can_undo``: this round has an answer to undo.
    ``is_final``: it is asked in the final pass before the exam. ``scope`` is that of a drill.
    """

    bank: Bank
    question: Question
    seed: int
    position: int
    goal: int
    is_new: bool
    can_undo: bool
    picked: str = ""
    note: str = ""
    scope: Scope | None = None
    is_final: bool = False

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.question)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredCard:
    """A card that was answered with ``given`` (option indices in the file).

    ``rating`` (1 to 4) is the recorded one; None after the undo of a correct answer. ``default_rating`` is recorded
    unless the learner chooses another. ``before`` is the card before the answer (None: new), and ``at`` the time of the
    answer. ``studied`` is set if the card was answered just now. ``counted``: it is a review, so its rating matters;
    in a drill it is one only if the card was due. ``listed`` is its entry on the list of mistakes now, and
    ``was_listed`` says whether it had one before.
    """

    bank: Bank
    question: Question
    seed: int
    position: int
    goal: int
    given: tuple[int, ...]
    right: bool
    rating: int | None
    default_rating: int
    before: Card | None
    at: datetime
    max_interval: int | None
    studied: Studied | None = None
    counted: bool = True
    listed: Mistake | None = None
    was_listed: bool = False
    tuning: Tuning = DEFAULT

    @property
    def due_by_rating(self) -> tuple[datetime, ...]:
        """When the card is due next after each of the four ratings."""
        return tuple(map(from_seconds, due_by_rating(self.before, seconds(self.at), self.max_interval, self.tuning)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRound:
    """The end of a round with ``done`` answers, or nothing to ask.

    ``missed`` are the questions whose latest answer in the round is wrong. ``due`` and ``new`` cards are available now.
    ``deferred`` new cards exceed the daily limit, and ``beyond`` are on modules that are not started. ``started`` is
    True if any module is. If the round was limited to ``node`` (a path or module), all of these count only that node.
    ``paths`` are those with questions on started modules, and ``next_module`` is the module to study next. ``mistakes``
    is the number of mistakes to drill now. ``final_left`` questions are still to be asked in the final pass before the
    exam.
    """

    bank: Bank
    seed: int
    done: int
    right: int
    missed: tuple[Question, ...]
    due: int
    new: int
    deferred: int
    beyond: int
    started: bool
    next_due: datetime | None
    node: Node | None
    paths: tuple[Path, ...]
    next_module: Module | None
    can_undo: bool
    note: str = ""
    mistakes: int = 0
    final_left: int = 0


ReviewResult = AskedCard | AnsweredCard | FinishedRound | FinishedDrill


@dataclass(frozen=True, slots=True)
class WeakModule:
    """The mean probability of recall now, 0 to 1, of a module's ``answered`` cards."""

    module: Module
    recall: float
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Statistics of a learner's review of a course.

    ``due``, ``today`` and ``week`` are due now, by midnight and within seven days, each including the ones before.
    ``new`` cards are available today, ``deferred`` ones exceed the daily limit. ``answered`` is the number of the
    bank's questions with a card. ``reviews`` counts the last 30 days and ``graduated`` those of cards in the review
    state; ``retention`` is the share of the latter that was recalled. ``recall`` is the mean probability of recall now
    of the answered cards. Both are 0 to 1, or None without data.
    """

    bank: Bank
    due: int
    today: int
    week: int
    new: int
    deferred: int
    answered: int
    reviews: int
    graduated: int
    retention: float | None
    recall: float | None
    weakest: tuple[WeakModule, ...]
    settings: ReviewSettings = DEFAULTS
