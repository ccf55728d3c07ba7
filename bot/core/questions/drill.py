"""Drills: what a drill can be about, and which questions it asks in which order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import CASE_WORDS, WORDS_PER_MINUTE
from bot.core.questions.mistakes import Mistake
from bot.core.questions.question import Question
from bot.errors import Stale

COUNT, MAX_COUNT = 10, 50
"""Maximum number of questions of a drill: on a topic, and of mistakes."""
MINUTES_TO_ANSWER = 0.5
"""Time to think, in addition to reading."""
UNREADABLE = "This button is out of date. Use </review> to continue."


class Topic(StrEnum):
    """What a drill is about."""

    MISTAKES = "mistakes"
    EXAM = "exam"
    """The mistakes of one mock exam."""
    DOMAIN = "domain"
    SKILL = "skill"
    PATH = "path"
    HELPS = "helps"
    """The questions that help most."""


class Scope(NamedTuple):
    """A topic, and the number of the mock exam or the ID of the domain, skill or path (its full ID), if it has one."""

    topic: Topic
    id: str = ""

    def __str__(self) -> str:
        return f"{self.topic.value}:{self.id}" if self.id else self.topic.value


def scope_of(text: str) -> Scope:
    """Return the scope of its text. Raises ``Stale`` for an unknown topic."""
    topic, _, id_ = text.partition(":")
    if topic not in set(Topic):
        raise Stale(UNREADABLE)
    return Scope(Topic(topic), id_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is known of a learner when a drill begins.

    ``recall`` is the probability of recall now of every question with a card. ``started`` are the full IDs of started
    modules, ``practiced`` the questions that were answered today, ``exam`` those of the mock exam of the scope.
    """

    mistakes: Mapping[str, Mistake]
    recall: Mapping[str, float]
    started: Collection[str]
    practiced: Collection[str]
    today: date
    exam: Collection[str] = ()


def select(scope: Scope, bank: Bank, known: Knowledge) -> list[Question]:
    """Return the questions of a drill in the order in which they are asked.

    Mistakes that were answered correctly today wait until tomorrow; the longest on the list come first. The questions
    of a domain, skill or path: those that weren't answered today first; of these mistakes, then started modules, then
    those recalled least (0 if never answered). ``helps`` ranks what helps most.
    """
    if scope.topic in (Topic.MISTAKES, Topic.EXAM):
        ready = ready_mistakes(bank, known.mistakes, known.today)
        return [each for each in ready if scope.topic is Topic.MISTAKES or each.id in known.exam][:MAX_COUNT]
    if scope.topic is Topic.HELPS:
        gains = {question: gain for question in known.recall if (gain := helps(bank, known.recall, question)) > 0}
        order = sorted(gains, key=lambda each: (each in known.practiced, -gains[each], each))
        return [bank.questions[question] for question in order[:COUNT]]
    of_topic = {Topic.DOMAIN: bank.of_domain, Topic.SKILL: bank.of_skill, Topic.PATH: bank.of_route}[scope.topic]

    def turn(question: Question) -> tuple[bool, bool, bool, float]:
        return (
            question.id in known.practiced,
            question.id not in known.mistakes,
            question.route not in known.started,
            known.recall.get(question.id, 0.0),
        )

    return sorted(of_topic.get(scope.id, ()), key=turn)[:COUNT]


def ready_mistakes(bank: Bank, mistakes: Mapping[str, Mistake], today: date) -> list[Question]:
    """Return the questions on the list that weren't answered correctly today, the longest on the list first."""
    order = sorted((mistake.missed_at, each) for each, mistake in mistakes.items() if mistake.is_ready(today))
    return [bank.questions[question] for _, question in order if question in bank.questions]


def helps(bank: Bank, recall: Mapping[str, float], question: str) -> float:
    """Return how much it helps to practice a question: skill weight x what is forgotten of it / minutes.

    The weight of a skill is that of its domain (the middle of the published range, in percent), divided by the
    number of the domain's skills with questions. What is forgotten is 1 - ``recall``, divided by the number of the
    skill's questions. The minutes are those to read the question and its explanation, and ``MINUTES_TO_ANSWER``. In a
    course without skills each domain counts as one skill. 0 for a question that the exam doesn't ask, or that was
    removed from the bank.
    """
    asked = bank.questions.get(question)
    domains = bank.course.exam.domains if bank.course.exam else ()
    domain = next((each for each in domains if asked and each.id == asked.domain), None)
    if asked is None or domain is None:
        return 0.0
    skills = sum(skill.id in bank.of_skill for skill in domain.skills) or 1
    of_skill = bank.of_skill.get(asked.skill or "") or bank.of_domain[domain.id]
    weight = sum(domain.weight) / 2 / skills
    return weight * (1 - recall.get(question, 0.0)) / len(of_skill) / _minutes(asked)


def next_in(queue: Sequence[str], answered: Collection[str], bank: Bank) -> Question | None:
    """Return the next question of a drill: the first that wasn't ``answered`` in it and is still in the bank."""
    left = (bank.questions.get(question) for question in queue if question not in answered)
    return next((question for question in left if question is not None), None)


def _minutes(question: Question) -> float:
    words = sum(len(text.split()) for text in (*question.all_texts, question.explanation))
    return MINUTES_TO_ANSWER + (words + (CASE_WORDS if question.case else 0)) / WORDS_PER_MINUTE
