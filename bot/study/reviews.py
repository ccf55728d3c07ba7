"""Reviews: a few questions a day, each of which comes back just before it would be forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import from_seconds
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.course.progress import Progress
from bot.core.questions.fsrs import AWAY_MS, default_rating, rated, retrievability
from bot.core.questions.question import Kind, chosen, mark
from bot.core.questions.review import NEW_A_DAY
from bot.errors import BadInput, NotFound, Stale
from bot.store import Store
from bot.store.reviews import Round, Turn
from bot.study.review_results import Shown, Stats, fingerprint
from bot.study.review_rounds import (
    CHANGED,
    GONE,
    asked,
    begun_modules,
    beyond_today,
    current,
    given_in,
    go_on,
    horizon,
    marked,
    midnight,
    resume,
)
from bot.study.review_statistics import statistics

COUNT, MOST = 10, 50
"""So many cards a round has where nothing else is said, and at most."""


class Reviews:
    """Rounds of review. The rows remember where somebody is: to stop, to change devices or to restart loses nothing."""

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._cards = store.cards
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
    ) -> Shown:
        """Begin a round of ``count`` cards (10), on a path or module (``route``) where one is given.

        Without any option a round that is open goes on where it is. With ``beyond`` there are also new cards of modules
        that aren't begun, and with ``extra`` so many new ones beyond those of today. Raises ``BadInput`` for a count
        that isn't 1 to 50, and ``NotFound`` where there are no questions.
        """
        if count is not None and not 1 <= count <= MOST:
            raise BadInput(f"A round has 1 to {MOST} cards.")
        bank = self._catalogue.bank(course)
        if route is not None and route not in bank.of_route:
            title = course.nodes[route].title if route in course.nodes else route
            raise NotFound(f"There are no questions on **{title}** yet. `/review` alone asks those that there are.")
        plain = count is None and route is None and beyond is None and not extra

        def act(turn: Turn) -> Shown:
            if plain and turn.round and turn.round.question is not None:
                return resume(turn, bank)
            turn.begin(Round(route, int(bool(beyond)), count or COUNT, beyond_today(turn, extra)))
            return go_on(turn, bank)

        return await self._turn(learner, course, act)

    async def more(self, learner: int, course: Course, *, extra: int = 0, beyond: bool = False) -> Shown:
        """A round like the last one. One that is open goes on, so that a second press on a button begins no other."""
        bank = self._catalogue.bank(course)

        def act(turn: Turn) -> Shown:
            last = turn.round or Round(None, 0, COUNT, 0)
            if last.question is not None:
                return resume(turn, bank)
            route = last.route if last.route in bank.of_route else None
            turn.begin(Round(route, int(last.beyond or beyond), last.goal, beyond_today(turn, extra)))
            return go_on(turn, bank)

        return await self._turn(learner, course, act)

    async def answer(self, learner: int, course: Course, seed: int, letters: str, seen: str | None = None) -> Shown:
        """Mark the answer to the card that is shown (``letters`` of its buttons), and record it with a usual rating.

        Of an order that isn't complete yet, the card with what was pressed so far ("-": nothing). What was answered
        already is shown again and recorded once. ``seen`` is the fingerprint of the question as they saw it. Raises
        ``Stale`` for a card that isn't shown any more, and for letters that it doesn't have.
        """
        bank = self._catalogue.bank(course)

        def act(turn: Turn) -> Shown:
            at = current(turn, seed)
            question = bank.questions.get(at.question or "")
            if question is None:
                return go_on(turn, bank, GONE)
            if at.chosen is not None:
                return marked(turn, bank, question)
            if seen is not None and seen != fingerprint(question):
                turn.show(question.id, turn.card)
                return asked(turn, bank, question).noting(CHANGED)
            given = () if question.kind is Kind.ORDER and letters == "-" else chosen(question, seed, letters)
            if question.kind is Kind.ORDER and len(given) < len(question.texts):
                return asked(turn, bank, question, picked=letters.strip("-"))
            if question.kind in (Kind.SINGLE, Kind.TRUTH) and len(given) > 1:
                raise Stale("This button can't be read. `/review` shows where you are.")
            spent = 1000 * max(0, turn.at - at.shown)
            duration = spent if spent <= AWAY_MS else None
            right = mark(question, given)
            card = rated(turn.card, default_rating(right, duration, question), turn.at, horizon(turn, turn.now))
            studied = turn.record(",".join(map(str, given)), card, correct=right, duration=duration)
            return marked(turn, bank, question, studied)

        return await self._turn(learner, course, act)

    async def rate(self, learner: int, course: Course, seed: int, rating: int) -> Shown:
        """Rate the answer that is shown (1 to 4), and go on to the next card. Raises ``Stale``.

        Another rating than the recorded one replaces it as of the time of the answer.
        """
        if rating not in range(1, 5):
            raise Stale("This button can't be read. `/review` shows where you are.")
        bank = self._catalogue.bank(course)

        def act(turn: Turn) -> Shown:
            at, review = current(turn, seed), turn.review
            question = bank.questions.get(at.question or "")
            if at.chosen is None:
                return resume(turn, bank)
            if review is None:
                if question is None:
                    return go_on(turn, bank, GONE)
                card = rated(turn.card, rating, turn.at, horizon(turn, turn.now))
                turn.record(at.chosen, card, correct=mark(question, given_in(at.chosen)), duration=at.duration)
            elif review.rating != rating:
                turn.rate(rated(review.before, rating, review.at, horizon(turn, from_seconds(review.at))))
            return go_on(turn, bank)

        return await self._turn(learner, course, act)

    async def undo(self, learner: int, course: Course, seed: int | None = None) -> Shown:
        """Take back the last answer: card, log and study day are as before it, and it is shown to be rated anew.

        With ``seed`` only while that showing is the current one (raises ``Stale``), so that a second press takes no
        second one back. Raises ``NotFound`` where nothing was answered.
        """
        bank = self._catalogue.bank(course)

        def act(turn: Turn) -> Shown:
            if seed is not None and current(turn, seed).done == 0:
                raise Stale("There is nothing to undo in this round.")
            last = turn.take_back() if turn.round else None
            if last is None:
                raise NotFound("There is nothing to undo: you have not answered anything yet. `/review` asks you.")
            question = bank.questions.get(last.question)
            if question is None:
                return go_on(turn, bank, f"Taken back. {GONE}")
            return marked(turn, bank, question)

        return await self._turn(learner, course, act)

    async def stats(self, learner: int, course: Course) -> Stats:
        """How it goes: what is due, what is recalled, where it is weak. Raises ``NotFound`` without questions."""
        bank, now = self._catalogue.bank(course), self._now()
        zone = zone_named(await self._store.people.zone(learner))
        return statistics(
            bank,
            await self._cards.all(learner, course.id),
            begun_modules(Progress(course, await self._store.ticks(learner, course.id))),
            await self._cards.recent(learner, course.id, now - timedelta(days=30)),
            now=now,
            tomorrow=midnight(now, zone, days=1),
            new_left=NEW_A_DAY - await self._cards.new_since(learner, midnight(now, zone)),
        )

    async def recall(self, learner: int, course: Course) -> dict[str, float]:
        """The chance of recall now, 0 to 1, by the id of each question that was ever answered."""
        at = int(self._now().timestamp())
        cards = await self._cards.all(learner, course.id)
        return {question: retrievability(card, at) for question, card in cards.items()}

    async def due(self, learner: int, course: Course) -> int:
        """So many cards are due now; 0 for a course without questions."""
        bank = self._catalogue.banks.get(course.id)
        if bank is None:
            return 0
        return sum(each in bank.questions for each in await self._cards.due(learner, course.id, self._now()))

    async def _turn(self, learner: int, course: Course, act: Callable[[Turn], Shown]) -> Shown:
        return await self._cards.turn(learner, course.id, self._now(), act)
