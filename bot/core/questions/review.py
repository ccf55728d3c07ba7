"""Review: the order in which questions are asked, and how much of the studied material is recalled.

A card is the FSRS state of one question for one learner.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from math import fsum

from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import Card
from bot.core.questions.question import Question

NEW_PER_DAY = 10
"""Maximum number of new cards per learner and day.

Each is repeated several times in its first weeks, so the number of reviews per day soon is several times as large.
"""


def due_questions(cards: Mapping[str, Card], bank: Bank, *, now: int, route: str | None = None) -> list[Question]:
    """Return the questions whose cards are due by ``now`` (seconds since 1970), most overdue first.

    ``cards`` has them by question ID. How overdue a card is is measured relative to its interval, because a day late
    matters after an interval of one day but not after one of a month; of ties, the one due first comes first. If
    ``route`` is the full ID of a path or module, only its questions. Cards whose question was removed from the bank are
    ignored. The result doesn't depend on the order of ``cards``.
    """

    def urgency(question: str) -> tuple[float, int, str]:
        card = cards[question]
        return -(now - card.due) / max(1, card.due - card.reviewed), card.due, question

    due = sorted((question for question, card in cards.items() if card.due <= now), key=urgency)
    questions = (bank.questions.get(question) for question in due)
    return [question for question in questions if question is not None and _is_on(question, route)]


def new_questions(
    bank: Bank, answered: Collection[str], started: Collection[str], *, beyond: bool = False, route: str | None = None
) -> list[Question]:
    """Return the questions that the learner has never answered, in course order. ``next_new`` says which one is next.

    ``answered`` are question IDs, ``started`` the full IDs of the modules that are completed or in progress. Only
    questions on those modules are returned, with ``beyond`` those on the other modules too. ``route`` as in
    ``due_questions``.
    """
    return [
        question
        for question in bank.questions.values()
        if question.id not in answered and _is_on(question, route) and (beyond or question.route in started)
    ]


def next_new(
    bank: Bank,
    answered: Collection[str],
    started: Mapping[str, int],
    *,
    beyond: bool = False,
    route: str | None = None,
    after: str | None = None,
) -> Question | None:
    """Return the new question to ask next; None if ``new_questions`` has none.

    Started modules come before others, and what the exam tests before what it doesn't, such as prerequisites. Among
    these, each domain gets questions in proportion to its weight in the exam (D'Hondt's method, counting what was
    answered already), and the modules of a domain take turns: the one with the fewest answered questions first, of
    those the one completed last. ``after`` is the module of the question before: another module follows if there is
    one.

    ``started`` maps the full ID of each path and module that is completed or in progress to the time of its latest
    completion. A question without a module belongs to its path. The other arguments are those of ``new_questions``.
    """
    new = new_questions(bank, answered, started, beyond=beyond, route=route)
    if not new:
        return None
    weights = {domain.id: sum(domain.weight) for domain in (bank.course.exam.domains if bank.course.exam else ())}
    known = [bank.questions[question] for question in answered if question in bank.questions]
    of_module = Counter(question.route for question in known)
    of_domain = Counter(question.domain for question in known)

    def tier(question: Question) -> tuple[bool, bool]:
        return question.route not in started, not weights.get(question.domain or "")

    def turn(question: Question) -> tuple[float, int, int]:
        weight = weights.get(question.domain or "")
        share = (of_domain[question.domain] + 1) / weight if weight else 0.0
        return share, of_module[question.route], -started.get(question.route, 0)

    first: dict[tuple[str, str | None], Question] = {}
    for question in new:
        first.setdefault((question.route, question.domain), question)
    best = min(map(tier, first.values()))
    candidates = [question for question in first.values() if tier(question) == best]
    others = [question for question in candidates if question.route != after]
    return min(others or candidates, key=turn)


def recall_by_domain(bank: Bank, retrievability: Mapping[str, float], started: Collection[str]) -> dict[str, float]:
    """Return the share of each exam domain that the learner recalls now, 0 to 1, by domain ID.

    It is the mean of ``retrievability`` (the probability of recall now, by question ID, of every answered card) over
    the questions on the modules in ``started`` (full IDs). A question that was never answered counts as 0. A domain
    without such questions is absent. Without any answered card the result is empty, because nothing is known yet, which
    is different from recalling nothing.
    """
    if not retrievability:
        return {}
    means: dict[str, float] = {}
    for domain, questions in bank.of_domain.items():
        chances = [retrievability.get(question.id, 0.0) for question in questions if question.route in started]
        if chances:
            means[domain] = fsum(chances) / len(chances)
    return means


def recall_by_skill(bank: Bank, retrievability: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each skill's questions that the learner recalls now, 0 to 1, for skills with an answer.

    ``retrievability`` as in ``recall_by_domain``. A question that was never answered counts as 0.
    """
    return {
        skill: fsum(retrievability.get(question.id, 0.0) for question in questions) / len(questions)
        for skill, questions in bank.of_skill.items()
        if any(question.id in retrievability for question in questions)
    }


def _is_on(question: Question, route: str | None) -> bool:
    return route is None or question.route == route or question.route.startswith(f"{route}/")
