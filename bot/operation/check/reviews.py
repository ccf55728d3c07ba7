"""Every view of a review against Discord's limits: each question in it, in its longest surroundings."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.course.course import Module
from bot.core.questions.bank import Bank
from bot.core.questions.question import Kind, Question
from bot.store.streaks import Studied
from bot.study.review_results import Asked, Marked, Over, Stats, Weak
from bot.study.review_rounds import CHANGED, GONE
from bot.views import review as views
from bot.views.limits import faults_of_message

_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_MANY, _SEED = 9999, 10**18
SEEDS = (0, 1, 10**18)


def rendered_reviews(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Every view of a review of ``bank``, with what Discord would refuse in it."""
    for question in bank.questions.values():
        for name, view in _cards(question, bank):
            yield f"{bank.course.code} review of {question.id}, {name}", faults_of_message(view.to_components())
    for name, view in _around(bank):
        yield f"{bank.course.code} review, {name}", faults_of_message(view.to_components())


def _cards(question: Question, bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """The question as it is asked, and as it was answered rightly, wrongly and not at all."""
    texts = range(len(question.texts))
    studied = Studied(_THEN.date(), _THEN, ZoneInfo("UTC"), [(_THEN.date().isoformat(), 0, 0, "UTC")], ask_zone=True)
    for seed in SEEDS:
        asked = Asked(
            bank=bank, question=question, seed=seed, place=50, goal=50, fresh=True, undo=True,
            picked="AB" if question.kind is Kind.ORDER else "", note=GONE,
        )  # fmt: skip
        yield f"asked with seed {seed}", views.review(asked)
        for given in (question.right, tuple(texts), ()):
            for rating in (None, 4):
                marked = Marked(
                    bank=bank, question=question, seed=seed, place=50, goal=50, given=given,
                    right=given == question.right, rating=rating, usual=2, before=None, at=_THEN, horizon=None,
                    studied=studied, note=CHANGED,
                )  # fmt: skip
                yield f"answered with seed {seed}", views.review(marked)


def _around(bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """The end of a round, the empty state, and the numbers."""
    modules = [node for node in bank.course.nodes.values() if isinstance(node, Module)]
    for node in bank.course.nodes.values():
        upcoming = node if isinstance(node, Module) else None
        for done, many, begun in ((0, 0, False), (0, 0, True), (50, 0, True), (50, _MANY, True), (0, _MANY, False)):
            over = Over(
                bank=bank, seed=_SEED, done=done, right=done // 2, due=many, new=0, held=many, ahead=many, begun=begun,
                next_due=_THEN if begun else None, about=node, upcoming=upcoming, undo=True, note=f"Taken back. {GONE}",
            )  # fmt: skip
            yield f"over, about {node.route}", views.review(over)
    weakest = tuple(Weak(module, 0.123, _MANY) for module in sorted(modules, key=lambda each: -len(each.title))[:3])
    for part in (None, 0.5):
        stats = Stats(
            bank=bank, due=_MANY, today=_MANY, week=_MANY, new=_MANY, held=_MANY, seen=_MANY, reviews=_MANY,
            known=_MANY, retention=part, recall=part, weakest=weakest,
        )  # fmt: skip
        yield "stats", views.stats(stats, _THEN)
