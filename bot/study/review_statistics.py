"""Compute the statistics of a learner's review of a course from the cards and the log."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from math import fsum

from bot.core.calendar.timestamps import seconds
from bot.core.course.course import Module
from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import Card, recall_now
from bot.core.questions.review import new_questions
from bot.store.review_rows import RecentReviews
from bot.study.review_results import Statistics, WeakModule
from bot.study.review_settings import DEFAULTS, ReviewSettings

WEAKEST, MIN_ANSWERED = 3, 2
"""Maximum number of weak modules, and the minimum number of answered cards in each."""


def statistics(
    bank: Bank,
    cards: Mapping[str, Card],
    started: Collection[str],
    recent: RecentReviews,
    *,
    now: datetime,
    tomorrow: datetime,
    new_left: int,
    final: Collection[str] = (),
    settings: ReviewSettings = DEFAULTS,
) -> Statistics:
    """Return a learner's statistics. ``tomorrow`` is the end of their day, ``started`` the full IDs of started modules,
    and ``final`` the questions of a final pass to ask now.

    Cards whose question was removed from the bank count in ``recent`` only.
    """
    at, known = seconds(now), {question: card for question, card in cards.items() if question in bank.questions}
    chances = {question: recall_now(card, at, settings.stored.tuning) for question, card in known.items()}
    new = len(new_questions(bank, cards, started))
    allowed = min(new, max(0, new_left))

    def until(moment: datetime) -> int:
        return sum(card.due <= seconds(moment) or question in final for question, card in known.items())

    return Statistics(
        bank=bank,
        due=until(now),
        today=until(tomorrow - timedelta(seconds=1)),
        week=until(now + timedelta(days=7)),
        new=allowed,
        deferred=new - allowed,
        answered=len(known),
        reviews=recent.reviews,
        graduated=recent.graduated,
        retention=recent.recalled / recent.graduated if recent.graduated else None,
        recall=fsum(chances.values()) / len(chances) if chances else None,
        weakest=_weakest(bank, chances),
        settings=settings,
    )


def _weakest(bank: Bank, chances: Mapping[str, float]) -> tuple[WeakModule, ...]:
    """Return the modules with the lowest recall, weakest first. Ties are in course order."""
    modules: list[WeakModule] = []
    for route, questions in bank.of_route.items():
        module = bank.course.nodes[route]
        answered = [chances[question.id] for question in questions if question.id in chances]
        if isinstance(module, Module) and len(answered) >= MIN_ANSWERED:
            modules.append(WeakModule(module, fsum(answered) / len(answered), len(answered)))
    return tuple(sorted((weak for weak in modules if weak.recall < 1), key=lambda weak: weak.recall)[:WEAKEST])
