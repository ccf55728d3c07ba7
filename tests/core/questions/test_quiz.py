"""Settings and ranking of a quiz."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.questions.quiz import COUNTS, PACES, Placed, Score, Settings, places
from bot.errors import BadInput

scores = st.lists(
    st.builds(Score, st.integers(1, 10**18), st.booleans(), st.integers(0, 20), st.integers(0, 10**6)),
    unique_by=lambda score: score.learner,
)


@given(scores)
def test_a_place_is_one_more_than_the_players_with_more_right(found):
    assert {each.score: each.place for each in places(found)} == {
        score: 1 + sum(other.right > score.right for other in found) for score in found
    }


@given(scores)
def test_players_are_listed_by_right_answers_and_then_by_time(found):
    ranked = [each.score for each in places(found)]
    assert sorted(ranked) == sorted(found)
    for above, below in pairwise(ranked):
        assert (-above.right, above.took) <= (-below.right, below.took)


@given(scores, st.randoms())
def test_the_order_of_the_rows_does_not_matter(found, chance):
    mixed = list(found)
    chance.shuffle(mixed)
    assert places(mixed) == places(found)


def test_two_in_the_first_place_are_followed_by_a_third():
    ada, ben, cleo = (Score(*values) for values in ((1, False, 3, 900), (2, True, 3, 100), (3, False, 1, 1)))
    assert places((ada, ben, cleo)) == (Placed(1, ben), Placed(1, ada), Placed(3, cleo))


@given(st.integers(), st.integers())
def test_settings_out_of_range_are_refused_with_a_message(count, seconds):
    fits = COUNTS[0] <= count <= COUNTS[1] and PACES[0] <= seconds <= PACES[1]
    if fits:
        assert Settings(None, count, seconds).count == count
        return
    with pytest.raises(BadInput, match=r"Choose between"):
        Settings(None, count, seconds)


@pytest.mark.parametrize(("count", "seconds"), [(0, 30), (21, 30), (5, 9), (5, 121)])
def test_a_quiz_has_1_to_20_questions_of_10_to_120_seconds(count, seconds):
    with pytest.raises(BadInput, match=r"1 and 20 questions|10 and 120 seconds"):
        Settings(None, count, seconds)


def test_the_limits_of_the_range_are_allowed():
    for count in COUNTS:
        for seconds in PACES:
            Settings(None, count, seconds)
