"""The list of mistakes follows from the history."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.questions.mistakes import Mistake, after_answer

FIRST = date(2026, 11, 20)
HISTORIES = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), max_size=12)


@given(HISTORIES)
def test_a_question_is_listed_exactly_if_its_history_says_so(history):
    entry, day, days = None, FIRST, []
    for at, (correct, guessed, later) in enumerate(history):
        day += timedelta(days=later)
        days.append(day)
        entry = after_answer(entry, correct=correct, guessed=guessed, at=at, day=day)
    misses = [at for at, (correct, guessed, _) in enumerate(history) if guessed or not correct]
    right_on = set(days[misses[-1] + 1 :]) if misses else set()
    assert (entry is not None) is (bool(misses) and len(right_on) < 2)
    if entry:
        assert entry == Mistake(misses[-1], min(right_on, default=None))


def test_a_correct_answer_helps_once_a_day():
    assert Mistake(0).is_ready(FIRST)
    assert not Mistake(0, FIRST).is_ready(FIRST)
    assert Mistake(0, FIRST).is_ready(FIRST + timedelta(days=1))
