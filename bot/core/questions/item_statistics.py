"""Statistics of a bank's questions ("items"), without learners: flag suspicious ones, and keep some out of mock exams.

Only the first answer of each learner counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import comb, factorial, prod, sqrt

from bot.core.questions.answer import UNANSWERED, mark
from bot.core.questions.bank import Bank
from bot.core.questions.question import MANY_PARTS, Kind, Question, fingerprint

MIN_ANSWERS = 20
"""The number of answers from which an item is judged."""
MIN_OTHERS = 5
"""The number of a learner's other answers from which their rate counts for the discrimination."""
EASY = 0.95
"""The share of correct answers above which an item is too easy to tell learners apart."""
ERRORS = 2.0
"""A flag is severe if the count or correlation is this many standard errors away from what chance explains."""
MAX_REPORTS = 3
"""The number of open reports that keeps a question out of mock exams."""


class Resolution(StrEnum):
    """An operator's decision about a question."""

    FIXED = "fixed"
    WITHDRAWN = "withdrawn"
    """It is removed from the bank, and kept out of mock exams until then."""
    KEPT = "kept"
    """Nothing is wrong; flags no longer keep this version out of mock exams."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer to count. ``choices`` are pairs of a part (0 if there are none) and a chosen option index.

    ``duration`` is in milliseconds; None if it is unknown.
    """

    question: str
    fingerprint: str
    correct: bool
    choices: tuple[tuple[int, int], ...]
    duration: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCounts:
    """What was counted of a version of a question. ``rated`` answers are those of learners with a rate.

    Rates are in thousandths: ``rate_sum``, ``rate_squares`` (the sum of squares) and ``rate_sum_correct`` (of the
    ``rated_correct`` answers). ``chosen`` counts by part and option index. ``time_sum`` is the time of the ``timed``
    answers in milliseconds.
    """

    question: str
    fingerprint: str
    answers: int = 0
    correct: int = 0
    rated: int = 0
    rated_correct: int = 0
    rate_sum: int = 0
    rate_squares: int = 0
    rate_sum_correct: int = 0
    resolution: Resolution | None = None
    chosen: Mapping[tuple[int, int], int] = field(default_factory=dict)
    timed: int = 0
    time_sum: int = 0

    @property
    def seconds(self) -> int | None:
        """The mean time of an answer; None if none was timed."""
        return round(self.time_sum / self.timed / 1000) if self.timed else None


class Suspicion(StrEnum):
    """Why an item is suspicious."""

    EASY = "almost everyone answers correctly"
    HARD = "fewer answers are correct than by guessing"
    MISLEADING = "a wrong option is chosen more often than the right one"
    UNUSED = "nobody chooses an option"
    REVERSED = "stronger learners answer it incorrectly more often"


@dataclass(frozen=True, slots=True)
class Flag:
    """A suspicion. ``option`` is the text of the option that it is about. A severe one isn't explained by chance."""

    suspicion: Suspicion
    severe: bool = False
    option: str = ""


def given_answer(question: Question, given: Sequence[int], duration: int | None = None) -> GivenAnswer:
    """Return what is counted of a complete answer. The options of an order aren't counted.

    ``duration`` is in milliseconds; None if it is unknown.
    """
    pairs: Iterator[tuple[int, int]] = iter(())
    if question.kind in MANY_PARTS:
        pairs = ((part, index) for part, index in enumerate(given) if index != UNANSWERED)
    elif question.kind is not Kind.ORDER:
        pairs = ((0, index) for index in given)
    return GivenAnswer(question.id, fingerprint(question), mark(question, given), tuple(pairs), duration)


def rate_without(correct: int, answers: int, *, own: bool) -> int | None:
    """Return a learner's share of correct answers without one answer, in thousandths; None if there are too few others.

    ``own`` says whether the one left out is correct. Leaving it out keeps an item from correlating with itself.
    """
    others = answers - 1
    return round(1000 * (correct - own) / others) if others >= MIN_OTHERS else None


def discrimination(counts: ItemCounts) -> float | None:
    """Return the point-biserial correlation, -1 to 1, of a correct answer with the learners' rates on other questions.

    None without variation. The product-moment correlation of a dichotomous and a continuous variable; as a measure of
    an item in Lord and Novick, Statistical Theories of Mental Test Scores (1968), section 15.5.
    """
    n, correct = counts.rated, counts.rated_correct
    spread = correct * (n - correct) * (n * counts.rate_squares - counts.rate_sum**2)
    if spread <= 0:
        return None
    return (n * counts.rate_sum_correct - correct * counts.rate_sum) / sqrt(spread)


def chance(question: Question) -> float:
    """Return the probability of a correct answer by guessing among all complete answers."""
    options, right = len(question.texts), len(question.right)
    match question.kind:
        case Kind.MULTIPLE:
            return 1 / comb(options, right)
        case Kind.ORDER:
            return 1 / factorial(options)
        case Kind.SINGLE | Kind.TRUTH:
            return 1 / options
        case _:
            return 1 / prod(len(part.options) for part in question.parts)


def find_flags(question: Question, counts: ItemCounts) -> list[Flag]:
    """Return why an item is suspicious; nothing for fewer than ``MIN_ANSWERS`` answers."""
    if counts.answers < MIN_ANSWERS:
        return []
    flags = []
    share = counts.correct / counts.answers
    if share > EASY:
        flags.append(Flag(Suspicion.EASY))
    if share < chance(question):
        flags.append(Flag(Suspicion.HARD))
    flags += _of_options(question, counts)
    correlation = discrimination(counts) if counts.rated >= MIN_ANSWERS else None
    if correlation is not None and correlation < 0:
        # The standard error of a correlation of independent variables is 1/sqrt(n - 1).
        flags.append(Flag(Suspicion.REVERSED, severe=correlation * sqrt(counts.rated - 1) < -ERRORS))
    return flags


def _of_options(question: Question, counts: ItemCounts) -> Iterator[Flag]:
    """Yield flags on options, of each part on its own. A right option is compared with each wrong one."""
    if question.kind is Kind.ORDER:
        return
    parts = [(part.options, {part.right}) for part in question.parts] or [(question.texts, set(question.right))]
    for number, (texts, right) in enumerate(parts):
        chosen = [counts.chosen.get((number, index), 0) for index in range(len(texts))]
        least = min(chosen[index] for index in right)
        for index, text in enumerate(texts):
            if index not in right and chosen[index] > least:
                # If both were equally likely, their difference would have the standard error sqrt(sum).
                severe = chosen[index] - least > ERRORS * sqrt(chosen[index] + least)
                yield Flag(Suspicion.MISLEADING, severe=severe, option=text)
            if (
                question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.COMPLETE)
                and index not in right
                and not chosen[index]
            ):
                yield Flag(Suspicion.UNUSED, option=text)


def kept_out(bank: Bank, items: Iterable[ItemCounts], reports: Mapping[str, int]) -> dict[str, str]:
    """Return the IDs of the questions that mock exams leave out, with the reason.

    ``items`` may be of any version; those of earlier ones don't count. ``reports`` are the numbers of open reports of
    different learners. A decision of the operator overrides severe flags of its version.
    """
    found = {
        question: f"{count} open reports"
        for question, count in reports.items()
        if count >= MAX_REPORTS and question in bank.questions
    }
    for counts in items:
        question = bank.questions.get(counts.question)
        if question is None or question.id in found:
            continue
        reason = _reason(question, counts)
        if reason and fingerprint(question) == counts.fingerprint:
            found[question.id] = reason
    return found


def _reason(question: Question, counts: ItemCounts) -> str:
    """Return why mock exams leave out this version of a question; empty if they don't."""
    if counts.resolution is not None:
        return "withdrawn" if counts.resolution is Resolution.WITHDRAWN else ""
    # Every correct answer has all right options, so a misleading one is chosen more often than that. This and the sign
    # of the correlation exclude most items at a tenth of the cost of their flags.
    misleading = max(counts.chosen.values(), default=0) > counts.correct
    if misleading or counts.rated * counts.rate_sum_correct < counts.rated_correct * counts.rate_sum:
        return next((flag.suspicion.value for flag in find_flags(question, counts) if flag.severe), "")
    return ""
