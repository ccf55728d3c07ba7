"""How the review of a course goes, from its cards and the log."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from math import fsum

from bot.core.calendar.timestamps import seconds
from bot.core.course.course import Module
from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import Card, retrievability
from bot.core.questions.review import queue
from bot.store.reviews import Recent
from bot.study.review_results import Stats, Weak
from bot.study.review_rounds import states

WEAKEST, LEAST_SEEN = 3, 2
"""So many modules are named, and so many of a module's cards have to be seen: one card says little of a module."""


def statistics(
    bank: Bank,
    cards: Mapping[str, Card],
    begun: Collection[str],
    recent: Recent,
    *,
    now: datetime,
    tomorrow: datetime,
    new_left: int,
) -> Stats:
    """The numbers of a learner. ``tomorrow`` is when their day ends; ``begun`` are the modules that are done or begun.

    Cards whose questions have left the bank count in ``recent`` only.
    """
    at, known = seconds(now), {question: card for question, card in cards.items() if question in bank.questions}
    chances = {question: retrievability(card, at) for question, card in known.items()}
    ready = queue(states(known), cards.keys(), bank, begun, now=at, new_left=new_left)

    def until(moment: datetime) -> int:
        return sum(card.due <= seconds(moment) for card in known.values())

    return Stats(
        bank=bank,
        due=len(ready.due),
        today=until(tomorrow - timedelta(seconds=1)),
        week=until(now + timedelta(days=7)),
        new=len(ready.new),
        held=ready.held,
        seen=len(known),
        reviews=recent.reviews,
        known=recent.known,
        retention=recent.recalled / recent.known if recent.known else None,
        recall=fsum(chances.values()) / len(chances) if chances else None,
        weakest=_weakest(bank, chances),
    )


def _weakest(bank: Bank, chances: Mapping[str, float]) -> tuple[Weak, ...]:
    """The modules of which least is recalled now, the weakest first; of equals the first of the course."""
    found: list[Weak] = []
    for route, questions in bank.of_route.items():
        module = bank.course.nodes[route]
        seen = [chances[question.id] for question in questions if question.id in chances]
        if isinstance(module, Module) and len(seen) >= LEAST_SEEN:
            found.append(Weak(module, fsum(seen) / len(seen), len(seen)))
    return tuple(sorted((each for each in found if each.recall < 1), key=lambda weak: weak.recall)[:WEAKEST])
