"""Answers from outside of reviews: the log, the list of mistakes, the card and the study day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.questions.fsrs import apply_rating
from bot.core.questions.mistakes import Mistake
from bot.store.mistakes import Schedule, Source, record_practice

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def answered(store, now=NOON, **options):
    options = {"source": Source.DAILY, "schedule": Schedule.DUE_OR_NEW, "correct": True} | options
    return await store.engine.transact(
        lambda statements: record_practice(statements, 1, "t-1", "q", now=now, **options)
    )


async def listed(store):
    return (await store.mistakes.of(1, "t-1")).get("q")


async def test_a_new_question_gets_a_card_and_the_day_counts(store, rows):
    made = await answered(store, correct=False, chosen=(2, 0))
    at = int(NOON.timestamp())
    assert made.card == apply_rating(None, 1, at) == (await store.reviews.cards(1, "t-1"))["q"]
    assert (made.rating, made.counted, made.studied.streak.days) == (1, True, 1)
    assert made.mistake == await listed(store) == Mistake(at)
    assert rows("select source, counted, correct, guessed, chosen from review") == [("daily", 1, 0, 0, "2,0")]


@pytest.mark.parametrize(
    ("schedule", "new", "early", "due"),
    [
        (Schedule.ALWAYS, True, True, True),
        (Schedule.DUE, False, False, True),
        (Schedule.DUE_OR_NEW, True, False, True),
        (Schedule.NEVER, False, False, False),
    ],
)
async def test_the_card_changes_only_if_the_schedule_says_so(store, schedule, new, early, due):
    assert (await answered(store, schedule=schedule)).counted is new
    await answered(store, schedule=Schedule.ALWAYS)
    card = (await store.reviews.cards(1, "t-1"))["q"]
    for counted, now in ((early, NOON + timedelta(minutes=1)), (due, NOON + timedelta(days=30))):
        assert (await answered(store, now, schedule=schedule)).counted is counted
        after = (await store.reviews.cards(1, "t-1"))["q"]
        assert (after != card) is counted
        card = after


async def test_days_are_those_of_the_learner(store):
    await store.learners.set_zone(1, "Asia/Tokyo", NOON)
    await answered(store, correct=False)
    await answered(store, datetime(2026, 11, 20, 14, 59, tzinfo=UTC))
    assert (await listed(store)).right_on == date(2026, 11, 20)
    await answered(store, datetime(2026, 11, 20, 15, tzinfo=UTC))
    assert await listed(store) is None, "it is the next day in Tokyo"


async def test_a_guess_is_listed_and_rated_hard(store):
    made = await answered(store, guessed=True)
    assert (made.rating, made.mistake) == (2, Mistake(int(NOON.timestamp())))


async def test_an_answer_may_leave_the_study_day_alone(store, rows):
    assert (await answered(store, schedule=Schedule.NEVER, studied=False)).studied is None
    assert rows("select count(*) from study_day") == [(0,)]


async def test_export_and_deletion(store):
    await answered(store, correct=False)
    assert (await store.privacy.export(1))["mistake"] == [
        {"course": "t-1", "question": "q", "missed_at": NOON.isoformat(), "right_on": None}
    ]
    assert (await store.privacy.forget(1))["mistake"] == 1
    assert await listed(store) is None
