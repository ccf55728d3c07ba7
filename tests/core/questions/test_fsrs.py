"""Our wrapper gives the same cards as the ``fsrs`` library."""

from datetime import UTC, date, datetime, timedelta

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.questions.fsrs import (
    DEFAULT,
    IDLE_MS,
    Card,
    Rating,
    Tuning,
    apply_rating,
    default_rating,
    due_by_rating,
    max_interval_before,
    recall_now,
    weakness,
)
from bot.core.questions.question import Kind, Option, Question

START = 1_780_000_000
DAY = 86_400
RATINGS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 400 * DAY) | st.integers(0, 900)), min_size=1, max_size=25
)


def utc(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@given(RATINGS, st.none() | st.integers(1, 500))
def test_any_ratings_give_the_card_that_the_library_gives(ratings, max_interval):
    most = {} if max_interval is None else {"maximum_interval": max_interval}
    scheduler = fsrs.Scheduler(enable_fuzzing=False, **most)
    theirs, ours, at = fsrs.Card(card_id=1, due=utc(START)), None, START
    for rating, wait in ratings:
        at += wait
        theirs, _ = scheduler.review_card(theirs, fsrs.Rating(rating), utc(at))
        ours = apply_rating(ours, rating, at, max_interval)
        assert ours == Card(
            theirs.state, theirs.step, theirs.stability, theirs.difficulty, int(theirs.due.timestamp()), at, rating
        )
        later = at + 3 * DAY
        known = scheduler.get_card_retrievability(theirs, utc(later))
        assert recall_now(ours, later) == (0 if rating == Rating.AGAIN else known)


@given(RATINGS, st.integers(0, 100))
def test_no_interval_goes_beyond_the_exam(ratings, days):
    exam, card, at = utc(START).date() + timedelta(days=days), None, START
    for rating, wait in ratings:
        at += wait
        today = utc(at).date()
        max_interval = max_interval_before(exam, today)
        card = apply_rating(card, rating, at, max_interval)
        if today < exam and card.state == 2:
            assert utc(card.due).date() <= exam
            assert utc(card.due).date() < exam or today == exam - timedelta(days=1)


@given(RATINGS, st.none() | st.integers(1, 60))
def test_the_due_dates_on_the_buttons_are_those_that_result(ratings, max_interval):
    card, at = None, START
    for rating, wait in ratings:
        at += wait
        shown = due_by_rating(card, at, max_interval)
        assert list(shown) == sorted(shown), "the better it was known, the later it comes"
        card = apply_rating(card, rating, at, max_interval)
        assert card.due == shown[rating - 1]


@given(RATINGS, st.integers(0, 1000 * DAY))
def test_recall_is_a_probability_that_falls(ratings, later):
    card, at = None, START
    for rating, wait in ratings:
        at += wait
        card = apply_rating(card, rating, at)
    assert 0 <= recall_now(card, at + later) <= 1
    assert recall_now(card, at + later + DAY) <= recall_now(card, at + later)


@settings(deadline=None)
@given(RATINGS, RATINGS, st.integers(0, 400 * DAY))
def test_the_weaker_of_two_cards_is_recalled_less(first, second, later):
    cards = []
    for ratings in (first, second):
        card, at = None, START
        for rating, wait in ratings:
            at += wait
            card = apply_rating(card, rating, at)
        cards.append(card)
    now = max(card.reviewed for card in cards) + later
    weak, strong = sorted(cards, key=lambda card: -weakness(card, now))
    for tuning in (DEFAULT, Tuning(90, (*fsrs.scheduler.DEFAULT_PARAMETERS[:-1], 0.5))):
        assert recall_now(weak, now, tuning) <= recall_now(strong, now, tuning) + 1e-9


def test_the_library_s_documented_defaults():
    """As its README says: 90 % desired retention, steps of 1 and 10 minutes, 10 to relearn, at most 36,500 days."""
    new = {rating: apply_rating(None, rating, START) for rating in Rating}
    assert [new[rating].due - START for rating in Rating] == [60, 330, 600, 8 * DAY]
    assert [new[rating].state for rating in Rating] == [1, 1, 1, 2]
    assert [round(new[rating].stability, 4) for rating in Rating] == [0.212, 1.2931, 2.3065, 8.2956]
    good = apply_rating(new[Rating.GOOD], Rating.GOOD, START + 600)
    assert (good.state, good.step) == (2, None)
    again = apply_rating(good, Rating.AGAIN, good.due)
    assert (again.state, again.due - good.due) == (3, 600)
    easy = new[Rating.EASY]
    assert recall_now(easy, START + 8 * DAY) == pytest.approx(0.9, abs=0.01), "due when 90 % are recalled"
    for _ in range(20):
        easy = apply_rating(easy, Rating.EASY, easy.due)
    assert easy.due - easy.reviewed == 36_500 * DAY


def test_the_same_card_is_due_at_the_same_time_every_time():
    card = apply_rating(None, Rating.EASY, START)
    assert len({apply_rating(card, Rating.GOOD, card.due).due for _ in range(50)}) == 1


def test_a_question_answered_wrongly_is_not_recalled_until_it_is_answered_correctly():
    again, good = apply_rating(None, Rating.AGAIN, START), apply_rating(None, Rating.GOOD, START)
    for later in (60, DAY - 1, DAY, 400 * DAY):
        assert recall_now(again, START + later) == 0
        assert recall_now(good, START + later) > 0
    known = apply_rating(again, Rating.HARD, START + DAY)
    assert recall_now(known, START + DAY + 60) == 1


@pytest.mark.parametrize(
    ("days", "expected"), [(None, None), (-1, None), (0, 1), (1, 1), (2, 1), (3, 2), (30, 29), (400, 399)]
)
def test_the_longest_interval_before_an_exam(days, expected):
    today = date(2026, 11, 20)
    assert max_interval_before(None if days is None else today + timedelta(days=days), today) == expected


def question(words: int) -> Question:
    return Question(
        id="q", module="m", kind=Kind.SINGLE, difficulty=1, explanation="Because.",
        prompt=" ".join(["word"] * (words - 2)), options=(Option(text="yes", right=True), Option(text="no")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("right", "seconds", "words", "expected"),
    [
        (False, 1, 10, Rating.AGAIN),
        (False, None, 10, Rating.AGAIN),
        (True, 1, 10, Rating.GOOD),
        (True, 63, 10, Rating.GOOD),
        (True, 64, 10, Rating.HARD),
        (True, 64, 100, Rating.GOOD),
        (True, 90, 100, Rating.GOOD),
        (True, 91, 100, Rating.HARD),
        (True, IDLE_MS / 1000, 10, Rating.HARD),
        (True, IDLE_MS / 1000 + 1, 10, Rating.GOOD),
        (True, None, 10, Rating.GOOD),
    ],
)
def test_the_default_rating(right, seconds, words, expected):
    assert default_rating(right, None if seconds is None else int(1000 * seconds), question(words)) is expected
