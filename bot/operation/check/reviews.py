"""Check every view of a review against Discord's limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from discord import ui

from bot.core.course.course import Module
from bot.core.questions.bank import Bank
from bot.core.questions.drill import Scope, Topic
from bot.core.questions.fsrs import DEFAULT
from bot.core.questions.mistakes import Mistake
from bot.core.questions.question import Question
from bot.operation.check.questions import SEED, answers, picked_letters
from bot.store.fsrs_settings import FsrsSettings
from bot.store.streaks import Studied
from bot.study.drill_results import DrillChoice, FinishedDrill
from bot.study.review_results import AnsweredCard, AskedCard, FinishedRound, Statistics, WeakModule
from bot.study.review_rounds import REMOVED
from bot.study.review_settings import ReviewSettings
from bot.views import drill as drill_views
from bot.views import review as views
from bot.views import review_settings
from bot.views.limits import message_faults

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_MANY = 9999


def check_reviews(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each view of a review of ``bank``, and what Discord would reject."""
    for question in bank.questions.values():
        for name, view in _cards(question, bank):
            yield f"{bank.course.code} review of {question.id}, {name}", message_faults(view.to_components())
    for name, view in (*_summaries(bank), *_drills(bank)):
        yield f"{bank.course.code} review, {name}", message_faults(view.to_components())


def _scopes(bank: Bank) -> list[Scope]:
    """A scope of each topic, with the longest titles."""
    domains = bank.course.exam.domains if bank.course.exam else ()
    longest = {
        Topic.DOMAIN: max(domains, key=lambda each: len(each.title), default=None),
        Topic.SKILL: max((s for each in domains for s in each.skills), key=lambda s: len(s.statement), default=None),
    }
    path = max(bank.course.paths, key=lambda each: len(each.title))
    ids = {topic: each.id if each else "" for topic, each in longest.items()} | {Topic.PATH: path.route}
    return [Scope(topic, ids.get(topic, "")) for topic in Topic]


def _drills(bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """Yield the choice of a drill with the skills of each domain, and finished and empty drills."""
    domains = bank.course.exam.domains if bank.course.exam else ()
    for domain in (None, *domains):
        found = DrillChoice(bank=bank, ready=_MANY, listed=2 * _MANY, helps=True, domain=domain)
        yield f"choice of a drill, {domain.id if domain else 'no domain'}", drill_views.choice(found)
    for scope in _scopes(bank):
        for done, ready, listed in ((50, _MANY, _MANY), (50, 0, _MANY), (0, _MANY, _MANY), (0, 0, _MANY), (0, 0, 0)):
            end = FinishedDrill(
                bank=bank, scope=scope, seed=SEED, done=done, right=done // 2, ready=ready, listed=listed,
                missed=tuple(bank.questions.values())[: done // 2], can_undo=True, note=f"Undone. {REMOVED}",
            )  # fmt: skip
            yield f"drill of {scope}, {done} done", views.review(end)


def _cards(question: Question, bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """Yield the question asked, and answered rightly, wrongly and not at all, with the longest other texts."""
    studied = Studied(_DATE.date(), _DATE, ZoneInfo("UTC"), [(_DATE.date().isoformat(), 0, 0, "UTC")], ask_zone=True)
    asked = AskedCard(
        bank=bank, question=question, seed=SEED, position=50, goal=50, is_new=True, can_undo=True,
        picked=picked_letters(question), note=REMOVED,
    )  # fmt: skip
    yield "asked", views.review(asked)
    yield "drilled", views.review(replace(asked, scope=_scopes(bank)[-2]))
    for given in answers(question):
        right = given == question.right
        for rating in (None, 4) if right else (1,):
            answered = AnsweredCard(
                bank=bank, question=question, seed=SEED, position=50, goal=50, given=given, right=right,
                rating=rating, default_rating=2, before=None, at=_DATE, max_interval=None, studied=studied,
            )  # fmt: skip
            yield "answered", views.review(answered)
            listed = replace(answered, listed=Mistake(0, _DATE.date()), was_listed=True)
            yield "answered, on the list", views.review(listed)
            yield "drilled and answered", views.review(replace(listed, counted=False))


def _summaries(bank: Bank) -> Iterator[tuple[str, ui.LayoutView]]:
    """Yield finished rounds, the empty state, and statistics."""
    modules = [node for node in bank.course.nodes.values() if isinstance(node, Module)]
    for node in bank.course.nodes.values():
        following = node if isinstance(node, Module) else None
        for done, many, started in ((0, 0, False), (0, 0, True), (50, 0, True), (50, _MANY, True), (0, _MANY, False)):
            finished = FinishedRound(
                bank=bank, seed=SEED, done=done, right=done // 2, due=many, new=0, deferred=many, beyond=many,
                started=started, next_due=_DATE if started else None, node=node, next_module=following, can_undo=True,
                missed=tuple(bank.questions.values())[: done // 2], paths=bank.course.paths, note=f"Undone. {REMOVED}",
                mistakes=_MANY,
                final_left=many,
            )  # fmt: skip
            yield f"finished, on {node.route}", views.review(finished)
    longest = sorted(modules, key=lambda module: -len(module.title))[:3]
    for share in (None, 0.5):
        stats = Statistics(
            bank=bank, due=_MANY, today=_MANY, week=_MANY, new=_MANY, deferred=_MANY, answered=_MANY, reviews=_MANY,
            graduated=_MANY, retention=share, recall=share,
            weakest=tuple(WeakModule(module, 0.123, _MANY) for module in longest),
            settings=ReviewSettings(FsrsSettings(DEFAULT, _DATE, _MANY), can_fit=True),
        )  # fmt: skip
        yield "stats", views.stats(stats, _DATE, review_settings.fitted(_MANY), before=80)
    yield "timing", review_settings.computing(bank.course)
    yield "timing reset", review_settings.confirm_reset(bank.course)
