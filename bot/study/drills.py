"""Drills: practice of mistakes, or of a chosen topic, in a round that is stored like a review."""

import json
from collections.abc import Callable
from datetime import date, datetime

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import seconds
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.progress import Progress
from bot.core.questions.bank import Bank
from bot.core.questions.drill import Knowledge, Scope, Topic, helps, ready_mistakes, select
from bot.core.questions.fsrs import recall_now
from bot.errors import Stale
from bot.store import Store
from bot.store.mistakes import local_day
from bot.store.review_rows import Round
from bot.store.reviews import ReviewTransaction
from bot.study.drill_results import DrillChoice, FinishedDrill
from bot.study.review_results import ReviewResult
from bot.study.review_rounds import advance, current_round, midnight, resume, started_modules
from bot.study.reviews import UNREADABLE


class Drills:
    """Drills of learners. Answers are given, rated and undone through ``Reviews``."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._catalogue = catalogue
        self._now = now

    async def choice(self, learner: int, course: Course, domain: str | None = None) -> DrillChoice:
        """Return what can be drilled, with the skills of a domain if it is given. Raises ``NotFound`` or ``Stale``."""
        bank = self._catalogue.bank(course)
        domains = {each.id: each for each in course.exam.domains} if course.exam else {}
        if domain is not None and domain not in domains:
            raise Stale(UNREADABLE)
        known = await self._knowledge(learner, bank)
        return DrillChoice(
            bank=bank,
            ready=len(ready_mistakes(bank, known.mistakes, known.today)),
            listed=sum(question in bank.questions for question in known.mistakes),
            helps=any(helps(bank, known.recall, question) > 0 for question in known.recall),
            domain=domains[domain] if domain is not None else None,
        )

    async def begin(self, learner: int, course: Course, scope: Scope) -> ReviewResult:
        """Begin a drill. One with this scope that was open today is continued, also on another device.

        Without a question to ask the result says so, and an open round stays open. Raises ``Stale`` for a scope that
        the course doesn't have.
        """
        bank = self._catalogue.bank(course)
        places = {Topic.DOMAIN: bank.of_domain, Topic.SKILL: bank.of_skill, Topic.PATH: bank.of_route}
        if scope.topic in places and scope.id not in places[scope.topic]:
            raise Stale("There are no questions on this yet. Choose something else.")
        known = await self._knowledge(learner, bank, scope)
        queue = json.dumps([question.id for question in select(scope, bank, known)])

        def work(review: ReviewTransaction) -> ReviewResult:
            last = review.round
            is_open = last and last.question is not None and last.scope == str(scope)
            if last and is_open and local_day(last.shown_at, review.zone) == known.today:
                return resume(review, bank)
            if queue == "[]":
                return _nothing(bank, scope, known)
            review.begin(Round(None, 0, len(json.loads(queue)), 0, scope=str(scope), queue=queue))
            return advance(review, bank)

        return await self._store.reviews.transact(learner, course.id, self._now(), work)

    async def end(self, learner: int, course: Course, seed: int) -> ReviewResult:
        """End the open drill early. Raises ``Stale`` if its question isn't the current one."""
        bank = self._catalogue.bank(course)

        def work(review: ReviewTransaction) -> ReviewResult:
            current_round(review, seed)
            return advance(review, bank, end=True)

        return await self._store.reviews.transact(learner, course.id, self._now(), work)

    async def ready(self, learner: int, course: Course) -> int:
        """Return the number of mistakes that can be drilled now; 0 for a course without questions."""
        bank = self._catalogue.banks.get(course.id)
        mistakes = await self._store.mistakes.of(learner, course.id) if bank else {}
        return len(ready_mistakes(bank, mistakes, await self._today(learner))) if bank and mistakes else 0

    async def _today(self, learner: int) -> date:
        return self._now().astimezone(zone_named(await self._store.learners.zone(learner))).date()

    async def _knowledge(self, learner: int, bank: Bank, scope: Scope | None = None) -> Knowledge:
        """Read what ``select`` needs for a scope; for the choice of one (None), all of it."""
        course, now = bank.course, self._now()
        zone = zone_named(await self._store.learners.zone(learner))
        mistakes, today = await self._store.mistakes.of(learner, course.id), now.astimezone(zone).date()
        if scope and scope.topic is Topic.MISTAKES:
            return Knowledge(mistakes=mistakes, recall={}, started=(), practiced=(), today=today)
        exam = None
        if scope and scope.topic is Topic.EXAM and scope.id.isdecimal():
            exam = await self._store.mock_exams.get(learner, course.id, int(scope.id))
        cards = await self._store.reviews.cards(learner, course.id)
        return Knowledge(
            mistakes=mistakes,
            recall={each: recall_now(card, seconds(now)) for each, card in cards.items()},
            started=started_modules(Progress(course, await self._store.progress.of(learner, course.id))),
            practiced=await self._store.reviews.answered_since(learner, course.id, midnight(now, zone)),
            today=today,
            exam={answer.question for answer in exam.answers} if exam else (),
        )


def _nothing(bank: Bank, scope: Scope, known: Knowledge) -> FinishedDrill:
    return FinishedDrill(
        bank=bank, scope=scope, seed=0, done=0, right=0, missed=(), can_undo=False,
        ready=len(ready_mistakes(bank, known.mistakes, known.today)),
        listed=sum(question in bank.questions for question in known.mistakes),
    )  # fmt: skip
