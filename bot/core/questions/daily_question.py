"""The question of the day: which one a group is asked next, and what a week of answers says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from bot.core.course.exam import Domain
from bot.core.questions.answer import shuffle
from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import Card, recall_now
from bot.core.questions.question import Kind, Question

KINDS = frozenset({Kind.SINGLE, Kind.TRUTH})
"""Kinds that are answered with one button."""
MAX_OPTIONS = 5
"""A row in Discord has five buttons at most."""
LEAST_ANSWERS = 3
"""A question with fewer answers isn't named as the best or least known of a week."""


def is_askable(question: Question) -> bool:
    """Return whether a question can be posted in a channel: one button answers it, and it fits on a phone.

    An exhibit or a case study takes more room than a post should.
    """
    long = question.case is not None or question.exhibit is not None
    return question.kind in KINDS and not long and len(question.texts) <= MAX_OPTIONS


def group_recall(cards: Iterable[tuple[int, str, Card]], now: int) -> dict[str, float]:
    """Return the probability, 0 to 1, that a member recalls each question at ``now`` (seconds), by question ID.

    It is the mean over the members with any card. A question that a member never answered counts as 0 for them.
    ``cards`` are learner, question and card.
    """
    sums: dict[str, float] = {}
    learners = set()
    for learner, question, card in cards:
        learners.add(learner)
        sums[question] = sums.get(question, 0.0) + recall_now(card, now)
    return {question: total / len(learners) for question, total in sums.items()}


def choose(bank: Bank, recalled: Mapping[str, float], asked: Mapping[str, int], seed: str) -> Question | None:
    """Return the question to post next; None if the bank has none that is askable.

    ``recalled`` is the group's recall (see ``group_recall``); a missing question counts as 0.
    ``asked`` is how often the group was asked each question. Only those that were asked least often are candidates, so
    none is repeated until all were asked. The domain with the greatest need among the candidates' is next:

        need = weight x (1 - the mean of ``recalled`` over all questions of the domain)

    The weight is the middle of the domain's range in the exam. Questions without a domain have none, so they come last.
    Of the domain's candidates, the one that is recalled least is asked; of equal ones, ``seed`` draws one.
    """
    askable = [question for question in bank.questions.values() if is_askable(question)]
    if not askable:
        return None
    least = min(asked.get(question.id, 0) for question in askable)
    candidates = [question for question in askable if asked.get(question.id, 0) == least]
    needs = {domain.id: _need(bank, recalled, domain.id, sum(domain.weight) / 2) for domain in _domains(bank)}
    greatest = max(needs.get(question.domain or "", -1.0) for question in candidates)
    most_needed = [question for question in candidates if needs.get(question.domain or "", -1.0) == greatest]
    return min(shuffle(most_needed, seed), key=lambda question: recalled.get(question.id, 0.0))


def _domains(bank: Bank) -> Sequence[Domain]:
    return bank.course.exam.domains if bank.course.exam else ()


def _need(bank: Bank, recalled: Mapping[str, float], domain: str, weight: float) -> float:
    questions = bank.of_domain.get(domain, ())
    if not questions:
        return 0.0
    return weight * (1 - fsum(recalled.get(question.id, 0.0) for question in questions) / len(questions))


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """How a group answered a question: ``right`` of ``answers``. ``link`` is the address of its post."""

    question: Question
    right: int
    answers: int
    link: str = ""

    @property
    def share(self) -> float:
        return self.right / self.answers


@dataclass(frozen=True, slots=True)
class DailyQuestionWeek:
    """A week of questions of the day: how many members gave how many answers.

    ``best`` and ``least`` are the best- and the least-known question among those revealed in the week; None if they
    can't be told apart.
    """

    members: int
    answers: int
    best: KnownQuestion | None = None
    least: KnownQuestion | None = None


def week_of(members: int, answers: int, revealed: Sequence[KnownQuestion]) -> DailyQuestionWeek:
    """Return the week with its best- and least-known question, among those with ``LEAST_ANSWERS`` or more."""
    known = [each for each in revealed if each.answers >= LEAST_ANSWERS]
    best = max(known, key=lambda each: each.share, default=None)
    least = min(known, key=lambda each: each.share, default=None)
    if best is None or least is None or best.share == least.share:
        return DailyQuestionWeek(members, answers)
    return DailyQuestionWeek(members, answers, best, least)
