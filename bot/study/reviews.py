"""Review of a few questions a day, each repeated shortly before it would be forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds, seconds
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.progress import Progress
from bot.core.plan.outcome import UPKEEP
from bot.core.questions.answer import NO_LETTER, chosen, is_complete, mark
from bot.core.questions.bank import Bank
from bot.core.questions.fsrs import IDLE_MS, Card, Rating, apply_rating, default_rating, recall_now
from bot.core.questions.item_statistics import given_answer
from bot.core.questions.question import Kind, fingerprint
from bot.core.questions.review import NEW_PER_DAY
from bot.errors import BadInput, NotFound, Stale
from bot.store import Store
from bot.store.review_rows import Round
from bot.store.reviews import ReviewTransaction
from bot.study.final_passes import final_share, may_be_on
from bot.study.review_results import ReviewResult, Statistics
from bot.study.review_rounds import (
    CHANGED,
    NO_NEW,
    REMOVED,
    advance,
    answered_card,
    asked_card,
    beyond_limit,
    current_round,
    max_interval,
    midnight,
    resume,
    started_modules,
)
from bot.study.review_settings import LearnerReviewSettings
from bot.study.review_statistics import statistics
from bot.study.upkeep import limited

DEFAULT_COUNT, MAX_COUNT = 10, 50
"""The number of cards in a round."""
UNREADABLE = "This button is out of date. Use </review> to continue."


class Reviews:
    """Review rounds. Their state is stored, so a learner can stop, change devices, or continue after a restart."""

    def __init__(
        self, store: Store, catalogue: Catalogue, settings: LearnerReviewSettings, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._catalogue = catalogue
        self._now = now

    async def begin(
        self,
        learner: int,
        course: Course,
        *,
        count: int | None = None,
        route: str | None = None,
        beyond: bool | None = None,
        extra: int = 0,
    ) -> ReviewResult:
        """Begin a round of ``count`` cards (10), limited to a path or module if ``route`` is given.

        Without any option, continue an open round; if the learner passed and chose what to do with reviews, ask a few
        known questions. With ``beyond`` new cards of modules that are not started are included; ``extra`` raises
        today's limit of new cards. Raises ``BadInput`` for a count outside 1 to 50, and ``NotFound`` if there are no
        questions.
        """
        if count is not None and not 1 <= count <= MAX_COUNT:
            raise BadInput(f"Choose 1 to {MAX_COUNT} questions.")
        bank = self._catalogue.bank(course)
        if route is not None and route not in bank.of_route:
            title = course.nodes[route].title if route in course.nodes else route
            raise NotFound(
                f"There are no questions on **{title}** yet. Use </review> to get questions on everything else."
            )
        plain = count is None and route is None and beyond is None and not extra
        upkeep = plain and await self._store.outcomes.upkeep(learner, course.id) is not None

        def work(review: ReviewTransaction) -> ReviewResult:
            if plain and review.round and review.round.question is not None:
                return resume(review, bank)
            if upkeep:
                review.begin(Round(None, 0, UPKEEP, NO_NEW))
                return advance(review, bank)
            review.begin(Round(route, int(bool(beyond)), count or DEFAULT_COUNT, beyond_limit(review, extra)))
            return advance(review, bank)

        return await self._transact(learner, course, work)

    async def more(
        self, learner: int, course: Course, *, extra: int = 0, beyond: bool = False, again: bool = False
    ) -> ReviewResult:
        """Begin a round like the last one. An open round is continued, so pressing the button twice begins only one.

        With ``again``, as many questions as were missed in the last one: those first, and none that is new.
        """
        bank = self._catalogue.bank(course)

        def work(review: ReviewTransaction) -> ReviewResult:
            last = review.round or Round(None, 0, DEFAULT_COUNT, 0)
            if last.question is not None:
                return resume(review, bank)
            route = last.route if last.route in bank.of_route else None
            if again and (missed := review.missed()):
                review.begin(Round(route, last.beyond, min(len(missed), MAX_COUNT), NO_NEW))
                return advance(review, bank)
            goal = DEFAULT_COUNT if last.extra == NO_NEW else last.goal
            review.begin(Round(route, int(last.beyond or beyond), goal, beyond_limit(review, extra)))
            return advance(review, bank)

        return await self._transact(learner, course, work)

    async def answer(
        self,
        learner: int,
        course: Course,
        seed: int,
        letters: str,
        shown: str | None = None,
        *,
        submitted: bool = True,
    ) -> ReviewResult:
        """Mark the answer to the current card (``letters`` of its buttons), and record it with the default rating.

        An incomplete order ("-": empty), parts without an answer, and parts that aren't ``submitted`` return the card
        with the letters so far. A second answer changes nothing.
        ``shown`` is the fingerprint of the question that the learner saw. Raises ``Stale`` if the card isn't the
        current one, and for letters that it doesn't have.
        """
        bank = self._catalogue.bank(course)

        def work(review: ReviewTransaction) -> ReviewResult:
            current = current_round(review, seed)
            question = bank.questions.get(current.question or "")
            if question is None:
                return advance(review, bank, REMOVED)
            if current.chosen is not None:
                return answered_card(review, bank, question)
            if shown is not None and shown != fingerprint(question):
                review.show(question.id, review.card)
                return asked_card(review, bank, question, note=CHANGED)
            emptied = question.kind is Kind.ORDER and letters == NO_LETTER
            given = () if emptied else chosen(question, seed, letters)
            if not is_complete(question, given) or not submitted:
                return asked_card(review, bank, question, picked="" if emptied else letters)
            if question.kind in (Kind.SINGLE, Kind.TRUTH) and len(given) > 1:
                raise Stale(UNREADABLE)
            spent = 1000 * max(0, review.at - current.shown_at)
            duration = spent if spent <= IDLE_MS else None
            right = mark(question, given)
            rating = default_rating(right, duration, question)
            if review.card is None:
                review.count(given_answer(question, given, duration))
            capped = max_interval(review, review.now) is not None
            studied = review.record(given, rating, correct=right, duration=duration, capped=capped)
            return answered_card(review, bank, question, studied)

        return await self._transact(learner, course, work)

    async def rate(
        self, learner: int, course: Course, seed: int, rating: int, *, guessed: bool = False
    ) -> ReviewResult:
        """Rate the current answer (1 to 4), and go to the next card. Raises ``Stale``.

        A wrong answer is always rated Again (1), and a correct one never. A rating that differs from the recorded one
        replaces it as of the time of the answer, unless something else was recorded since. A correct answer that was
        A ``guessed`` answer adds the question to the list of mistakes, or keeps it there.
        """
        if rating not in range(1, 5):
            raise Stale(UNREADABLE)
        bank = self._catalogue.bank(course)

        def work(review: ReviewTransaction) -> ReviewResult:
            current, entry = current_round(review, seed), review.entry
            question = bank.questions.get(current.question or "")
            if current.chosen is None:
                return resume(review, bank)
            if question is None and entry is None:
                return advance(review, bank, REMOVED)
            right = entry.correct if entry else question is not None and mark(question, current.given)
            if right is (rating == Rating.AGAIN):
                raise Stale(UNREADABLE)
            if entry is None:
                review.record(
                    current.given, rating, correct=right, duration=current.duration, guessed=guessed,
                    capped=max_interval(review, review.now) is not None,
                )  # fmt: skip
            elif (entry.rating, entry.guessed) != (rating, guessed) and review.is_latest():
                interval = max_interval(review, from_seconds(entry.at))
                after = apply_rating(entry.before, rating, entry.at, interval, review.tuning)
                review.change_rating(after if entry.counted else None, rating, guessed=guessed)
            return advance(review, bank)

        return await self._transact(learner, course, work)

    async def undo(self, learner: int, course: Course, seed: int | None = None) -> ReviewResult:
        """Undo the latest answer: restore card, log and study day. A correct answer is shown to be rated again, a wrong
        one is asked again.

        With ``seed`` only while that question is the current one (raises ``Stale``), so pressing the button twice
        undoes only one answer. Raises ``NotFound`` if there is no answer.
        """
        bank = self._catalogue.bank(course)

        def work(review: ReviewTransaction) -> ReviewResult:
            if seed is not None and current_round(review, seed).done == 0:
                raise Stale("Nothing to undo in this review.")
            last = review.undo() if review.round else None
            if last is None:
                raise NotFound("Nothing to undo: you haven't answered any questions yet. Use </review> to start.")
            question = bank.questions.get(last.question)
            if question is None:
                return advance(review, bank, f"Undone. {REMOVED}")
            if not last.correct:
                review.show(question.id, review.card)
                return asked_card(review, bank, question, note="Undone. You can answer this question again.")
            return answered_card(review, bank, question)

        return await self._transact(learner, course, work)

    async def stats(self, learner: int, course: Course) -> Statistics:
        """Return a learner's statistics. Raises ``NotFound`` for a course without questions."""
        bank, now = self._catalogue.bank(course), self._now()
        zone = zone_named(await self._store.learners.zone(learner))
        return statistics(
            bank,
            await self._store.reviews.cards(learner, course.id),
            started_modules(Progress(course, await self._store.progress.of(learner, course.id))),
            await self._store.reviews.recent(learner, course.id, now - timedelta(days=30)),
            now=now,
            tomorrow=midnight(now, zone, days=1),
            final=await self._final_share(learner, course, bank),
            settings=await self._settings.of(learner),
            new_left=NEW_PER_DAY - await self._store.reviews.new_since(learner, midnight(now, zone)),
        )

    async def recall(self, learner: int, course: Course, at: datetime | None = None) -> dict[str, float]:
        """Return the current probability of recall, 0 to 1, by the ID of each question that was ever answered.

        With ``at``, that of an earlier moment, without the questions that were answered since.
        """
        moment, tuning = seconds(at or self._now()), (await self._store.fsrs_settings.of(learner)).tuning
        cards = (await self._store.reviews.cards(learner, course.id)).items()
        return {question: recall_now(card, moment, tuning) for question, card in cards if card.reviewed <= moment}

    async def due(self, learner: int, course: Course) -> int:
        """Return the number of questions to review now, with the share of a final pass; 0 for a course without any."""
        bank = self._catalogue.banks.get(course.id)
        if bank is None:
            return 0
        due = await self._store.reviews.due(learner, course.id, self._now())
        count = len({*await self._final_share(learner, course, bank), *(due.keys() & bank.questions.keys())})
        return await limited(self._store, learner, course, count, self._now()) if count else 0

    async def _final_share(self, learner: int, course: Course, bank: Bank) -> dict[str, Card]:
        now, exam = self._now(), (await self._store.plans.of(learner, course.id)).exam
        if not any(may_be_on(exam, now.date() + timedelta(days=days)) for days in (-1, 1)):  # whatever the time zone
            return {}
        return await self._store.reviews.transact(learner, course.id, now, lambda review: final_share(review, bank))

    async def _transact(
        self, learner: int, course: Course, work: Callable[[ReviewTransaction], ReviewResult]
    ) -> ReviewResult:
        return await self._store.reviews.transact(learner, course.id, self._now(), work)
