"""Reviews and drills: what is asked next, and a durable rating, among a million reviews of twenty thousand learners."""

import random
import sqlite3
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.content import read_banks
from bot.core.course.catalogue import Catalogue
from bot.core.questions.answer import letters_of
from bot.core.questions.drill import Scope, Topic, next_in
from bot.core.questions.fsrs import apply_rating
from bot.core.questions.review import due_questions
from bot.store import Store
from bot.store.reviews import ReviewTransaction
from bot.study import Study
from bot.study.review_results import AnsweredCard, AskedCard
from bot.study.review_rounds import advance
from tests.bench.table import Row
from tests.bench.timing import median, percentile, wall, wall_of
from tests.bench.workspace import FIRST_LEARNER, LEARNERS, ROOT, THEN, Workspace, learners, raw, settle

TITLE = "reviews, wall time"
HOW = (
    "`Study.reviews` on a file with 1,000,000 ticks and 1,000,000 reviews of 20,000 learners, each with 50 cards of "
    "AZ-104 of which 5 are due; bare SQLite in turn with it on the same file. The next due card is found in the "
    "round's own transaction, among all that is due. A drill is of the 12 mistakes of a learner."
)
EACH, DUE = 50, 5
MISTAKES = Scope(Topic.MISTAKES)
SAMPLES, WARM_UP = 300, 20
NOW = datetime.fromtimestamp(THEN, UTC) + timedelta(days=30)
INSERT = "insert or replace into card values (?, 'bare', 'bare', 2, null, 1.0, 1.0, 1, 1, 3)"
FILL_CARDS = f"""
insert into card (learner_id, course, question, state, step, stability, difficulty, due_at, reviewed_at, rating)
{learners()}
select id, 'az-104', question, state, step, stability, difficulty, due_at, reviewed_at, rating
from learner cross join known
"""
FILL_REVIEWS = f"""
insert into review (learner_id, number, course, question, reviewed_at, rating, correct, duration, chosen)
{learners()}
select id, reviewed_at * 1000000 + number, 'az-104', question, reviewed_at, rating, 1, 9000, '0'
from learner cross join known
"""
FILL_MISTAKES = f"""
insert into mistake (learner_id, course, question, missed_at)
{learners()}
select id, 'az-104', question, reviewed_at from learner cross join known where number % 4 = 0
"""


async def rows(place: Workspace) -> list[Row]:
    course = place.catalogue.default
    banks = read_banks(ROOT / "data" / "questions", (course,))
    with raw(place.many) as bare:
        _fill(bare, sorted(banks[course.id].questions)[:EACH])
        store = await Store.open(place.many)
        try:
            study = Study(store, Catalogue([course], course.id, banks), now=lambda: NOW)
            settle(bare)
            return await _measured(store, study, bare)
        finally:
            await store.close()


def _fill(bare: sqlite3.Connection, questions: list[str]) -> None:
    """Every learner with the same cards: the first ones are due, the others later."""
    reviewed = int((NOW - timedelta(days=6)).timestamp())
    known = []
    for number, question in enumerate(questions, 1):
        card = apply_rating(apply_rating(None, 3, reviewed - 600), 3, reviewed)
        due = reviewed + 86_400 * (2 if number <= DUE else 20)
        known.append((number, question, *card._replace(due=due)))
    bare.execute("pragma synchronous = off")
    bare.execute("create temp table known (number, question, state, step, stability, difficulty, due_at, reviewed_at, "
                 "rating)")  # fmt: skip
    bare.executemany("insert into known values (?, ?, ?, ?, ?, ?, ?, ?, ?)", known)
    values = {"first": FIRST_LEARNER, "last": FIRST_LEARNER + LEARNERS - 1}
    bare.execute("begin")
    bare.execute(FILL_CARDS, values)
    bare.execute(FILL_REVIEWS, values)
    bare.execute(FILL_MISTAKES, values)
    bare.execute("commit")
    bare.execute("pragma wal_checkpoint(truncate)")
    bare.execute("pragma synchronous = full")


async def _measured(store: Store, study: Study, bare: sqlite3.Connection) -> list[Row]:
    found: dict[str, list[float]] = {
        name: []
        for name in ("bare", "begin", "find", "next", "drill", "mistake", "save", "answer", "rate", "change", "due")
    }
    course, pick = study.catalogue.default, random.Random(1)
    for number in range(WARM_UP + SAMPLES):
        learner = FIRST_LEARNER + pick.randrange(LEARNERS)
        spent: dict[str, float] = {"due": await wall(study.reviews.due(learner, course))}
        shown, spent["begin"] = await _timed(lambda: study.reviews.begin(learner, course, count=5))  # noqa: B023
        spent["find"] = await wall(store.reviews.transact(learner, course.id, NOW, _find(study)))
        spent["next"] = await wall(store.reviews.transact(learner, course.id, NOW, _next(study)))
        _, spent["drill"] = await _timed(lambda: study.drills.begin(learner, course, MISTAKES))  # noqa: B023
        spent["mistake"] = await wall(store.reviews.transact(learner, course.id, NOW, _next_of_drill(study)))
        spent["save"] = await wall(store.reviews.transact(learner, course.id, NOW, _next(study)))
        again, _ = await _timed(lambda: study.reviews.begin(learner, course, count=5))  # noqa: B023
        shown = again if isinstance(again, AskedCard) else shown
        marked, spent["answer"] = await _timed(lambda: _answer(study, learner, shown))  # noqa: B023
        _, spent["rate"] = await _timed(lambda: _rate(study, learner, marked, same=True))  # noqa: B023
        following, _ = await _timed(lambda: study.reviews.begin(learner, course))  # noqa: B023
        marked, _ = await _timed(lambda: _answer(study, learner, following))  # noqa: B023
        _, spent["change"] = await _timed(lambda: _rate(study, learner, marked, same=False))  # noqa: B023
        spent["bare"] = wall_of(lambda: bare.execute(INSERT, (number,)))  # noqa: B023
        if number >= WARM_UP:
            for name, seconds in spent.items():
                found[name].append(seconds)
    return _rows(found)


async def _timed(work: Callable[[], Awaitable[object]]) -> tuple[object, float]:
    start = time.perf_counter()
    result = await work()
    return result, time.perf_counter() - start


def _find(study: Study) -> Callable[[ReviewTransaction], object]:
    bank = study.catalogue.bank(study.catalogue.default)
    return lambda review: due_questions(review.due(), bank, now=review.at)[0]


def _next(study: Study) -> Callable[[ReviewTransaction], object]:
    bank = study.catalogue.bank(study.catalogue.default)
    return lambda review: advance(review, bank)


def _next_of_drill(study: Study) -> Callable[[ReviewTransaction], object]:
    bank = study.catalogue.bank(study.catalogue.default)
    return lambda review: next_in(review.round.questions if review.round else (), review.answered(), bank)


async def _answer(study: Study, learner: int, shown: object) -> object:
    if not isinstance(shown, AskedCard):
        raise TypeError("no card was due")
    letters = letters_of(shown.question, shown.seed, shown.question.right)
    return await study.reviews.answer(learner, study.catalogue.default, shown.seed, letters, shown.fingerprint)


async def _rate(study: Study, learner: int, marked: object, *, same: bool) -> object:
    if not isinstance(marked, AnsweredCard) or marked.rating is None:
        raise TypeError("nothing was answered")
    rating = marked.rating if same else 5 - marked.rating
    return await study.reviews.rate(learner, study.catalogue.default, marked.seed, rating)


def _rows(found: dict[str, list[float]]) -> list[Row]:
    plain = median(found["bare"])

    def row(name: str, kind: str, most: float | None = None) -> Row:
        return Row(name, median(found[kind]), most=most, ratio=median(found[kind]) / plain, against="a bare insert")

    return [
        Row("a bare durable insert of one row", plain),
        row("how many cards are due", "due"),
        row("the next due card", "find", most=300e-6),
        row("the same, kept as the card that is shown (durable)", "next"),
        row("a round begun, with its first card", "begin"),
        row("a drill begun, with its first mistake", "drill"),
        row("the next question of a drill", "mistake", most=400e-6),
        row("the same, kept as the one that is shown (durable)", "save"),
        row("an answer, rated and recorded (durable)", "answer", most=600e-6),
        row("its rating confirmed, and the next card", "rate", most=600e-6),
        row("its rating changed, and the next card", "change", most=600e-6),
        Row("an answer, rated and recorded, 99 %", percentile(found["answer"], 99)),
    ]
