"""Any sequence of actions: undo restores exactly, cards, log and counts agree, and the list of mistakes follows from
the log. A drill never changes a card that isn't due.
"""

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.questions.drill import Topic
from bot.core.questions.fsrs import apply_rating
from bot.store import Store
from bot.study.drill_results import FinishedDrill
from bot.study.review_results import AnsweredCard, AskedCard, FinishedRound
from tests.conftest import READER, Clock, course_text
from tests.review.conftest import TREE, Ada

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.booleans()),
        st.tuples(st.just("rate"), st.sampled_from([None, 2, 3, 4])),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("begin"), st.sampled_from([{}, {"count": 3}, {"route": "b"}, {"beyond": True}])),
        st.tuples(st.just("drill"), st.sampled_from([(), (Topic.PATH, "b"), (Topic.PATH, "a/n"), (Topic.HELPS,)])),
        st.tuples(st.just("guess"), st.none()),
        st.tuples(st.just("more"), st.sampled_from([{}, {"again": True}, {"extra": 2}])),
        st.tuples(st.just("wait"), st.sampled_from([30, 700, 90_000, 900_000])),
        st.tuples(st.just("restart"), st.none()),
    ),
    max_size=30,
)


class Expected:
    """The log that the steps so far lead to, with the rows stored before each answer."""

    def __init__(self):
        self.log = []


def stored(ada):
    return ada.cards(), (ada.log(), ada.listed()), ada.days()


async def act(ada, step, value, expected):
    before = stored(ada)
    match step:
        case "wait":
            ada.clock.move(seconds=value)
        case "restart":
            ada.use(ada.bank)
            shown = ada.shown
            ada.shown = await ada.begin()
            if isinstance(shown, AnsweredCard):
                assert (ada.shown.question.id, ada.shown.given) == (shown.question.id, shown.given)
                assert ada.shown.rating == shown.rating
                assert ada.shown.due_by_rating == shown.due_by_rating or shown.rating is None
            elif isinstance(shown, AskedCard):
                assert (ada.shown.question.id, ada.shown.seed, ada.shown.position) == (
                    shown.question.id, shown.seed, shown.position,
                )  # fmt: skip
        case "begin" | "more":
            start = ada.reviews.begin if step == "begin" else ada.reviews.more
            ada.shown = await start(1, ada.course, **value)
        case "answer" if isinstance(ada.shown, AskedCard):
            question = ada.shown.question.id
            marked = await ada.answer(right=value)
            at = int(ada.clock.moment.timestamp())
            card = before[0].get(question)
            drill = ada.rows("select scope from reviewing")[0][0] is not None
            assert marked.counted is (not drill or (card is not None and card[4] <= at))
            expected.log.append((question, marked.rating, value, at, before, marked.counted, False))
        case "rate" | "guess" if isinstance(ada.shown, AnsweredCard) and (step == "rate" or ada.shown.right):
            await rate(ada, value, expected, guessed=step == "guess")
        case "drill":
            await ada.drill(*value)
        case "undo" if isinstance(ada.shown, AskedCard | FinishedRound | FinishedDrill) and ada.shown.can_undo:
            await ada.undo()
            question, _, right, _, (cards, log, days), *_ = expected.log.pop()
            assert ada.shown.question.id == question
            assert isinstance(ada.shown, AnsweredCard if right else AskedCard), "to be rated, or to be answered again"
            assert getattr(ada.shown, "rating", None) is None
            assert (ada.cards(), (ada.log(), ada.listed())) == (cards, log), "as it was before"
            assert set(ada.days()) >= set(days)


async def rate(ada, value, expected, *, guessed):
    before, shown = stored(ada), ada.shown
    chosen = 2 if guessed else (shown.right and value) or shown.rating or shown.default_rating
    await (ada.guess() if guessed else ada.rate(chosen))
    at = int(ada.clock.moment.timestamp())
    if shown.rating is None:
        expected.log.append((shown.question.id, chosen, shown.right, at, before, shown.counted, guessed))
    else:
        question, _, right, at, was, counted, _ = expected.log[-1]
        expected.log[-1] = (question, chosen, right, at, was, counted, guessed)


def check(ada, expected):
    """Cards and counts follow from the log."""
    assert [row[1:] for row in ada.log()] == [(question, rating, right) for question, rating, right, *_ in expected.log]
    numbers = [number for (number,) in ada.rows("select number from review order by number")]
    assert numbers == sorted(numbers, key=lambda number: number // 1_000_000)
    assert all(number // 1_000_000 >= at for number, (_, _, _, at, *_) in zip(numbers, expected.log, strict=True))
    cards = {}
    mistakes = {}
    for question, rating, right, at, _, counted, guessed in expected.log:
        if counted:
            cards[question] = apply_rating(cards.get(question), rating, at)
        history = mistakes.setdefault(question, [])
        day = datetime.fromtimestamp(at, UTC).date().isoformat()
        if guessed or not right:
            history[:] = [at]
        elif history and day not in history:
            history.append(day)
    listed = {question: [*history, None][:2] for question, history in mistakes.items() if 1 <= len(history) <= 2}
    assert ada.listed() == {question: tuple(history) for question, history in listed.items()}
    assert ada.cards() == {question: tuple(card) for question, card in cards.items()}
    rows = ada.rows("select done, correct, chosen is not null, number from reviewing")
    for done, correct, _, number in rows:
        assert 0 <= correct <= done
        assert number in (None, *ada.rows("select max(number) from review")[0])
    if isinstance(ada.shown, AskedCard):
        assert ada.shown.can_undo is bool(rows[0][0])
    firsts = ada.rows("select count(*) from review where old_state is null and counted = 1")[0][0]
    assert firsts == len(cards)


@settings(deadline=None, max_examples=40)
@given(STEPS)
def test_any_sequence(steps):
    async def run():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "waymark.db"
            store = await Store.open(path)

            def rows(sql, *values):
                with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                    return connection.execute(sql, values).fetchall()

            try:
                ada = Ada(store, READER.read(course_text(TREE), "t-1.yaml"), Clock(), rows)
                await ada.tick("b")  # two questions: they soon come again
                await ada.begin()
                expected = Expected()
                for step, value in steps:
                    await act(ada, step, value, expected)
                    check(ada, expected)
            finally:
                await store.close()

    asyncio.run(run())
