"""Which question a group is asked next, and what a week of answers says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.questions.daily_question import (
    KnownQuestion,
    choose,
    group_recall,
    is_askable,
    week_of,
)
from bot.core.questions.fsrs import apply_rating, recall_now

DAY = 86_400


@pytest.fixture(scope="module")
def bank(catalogue):
    return catalogue.banks["az-104"]


@pytest.fixture(scope="module")
def askable(bank):
    return {question.id: question for question in bank.questions.values() if is_askable(question)}


def test_only_what_one_button_answers_and_a_phone_shows_is_askable(bank, askable):
    assert {question.kind.value for question in askable.values()} == {"single", "truth"}
    assert not any(question.exhibit or question.case for question in askable.values())
    left_out = [question for question in bank.questions.values() if question.id not in askable]
    assert all(
        question.kind.value not in ("single", "truth") or question.exhibit or question.case for question in left_out
    )


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_none_is_repeated_until_all_were_asked(bank, askable, data):
    """Whatever the group recalls, and whatever it was asked before."""
    ids = sorted(askable)
    recalled = data.draw(st.dictionaries(st.sampled_from(ids), st.floats(0, 1), max_size=60))
    asked = dict.fromkeys(data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=150)), 1)
    for day in range(len(ids) - len(asked)):
        question = choose(bank, recalled, asked, f"700/{day}")
        assert question.id not in asked
        asked[question.id] = 1
    assert set(asked) == set(ids)
    again = choose(bank, recalled, asked, "700/next")
    assert again.id in askable, "then from the beginning"


def test_the_domain_that_is_recalled_least_by_weight_comes_first(bank, askable):
    known = {question.id: 1.0 for question in bank.questions.values()}
    for domain in bank.of_domain:
        forgotten = {each.id: 0.0 for each in bank.of_domain[domain]}
        assert choose(bank, known | forgotten, {}, "700/1").domain == domain
    weights = {domain.id: sum(domain.weight) for domain in bank.course.exam.domains}
    assert weights[choose(bank, {}, {}, "700/1").domain] == max(weights.values()), "nothing is known of anyone"


def test_within_a_domain_the_question_that_is_recalled_least_is_asked(bank, askable):
    mates = [each.id for each in askable.values() if each.domain == "storage"]
    recalled = dict.fromkeys(bank.questions, 1.0) | dict.fromkeys(mates, 0.4) | {mates[3]: 0.1}
    assert choose(bank, recalled, {}, "700/1").id == mates[3]


def test_questions_outside_the_exam_come_last(bank, askable):
    asked = {each.id: 1 for each in askable.values() if each.domain}
    assert choose(bank, {}, asked, "700/1").domain is None
    assert choose(bank, {}, {}, "700/1").domain is not None


def test_the_group_recalls_what_its_members_recall_on_average():
    good, forgotten = apply_rating(None, 3, 0), apply_rating(None, 1, 0)
    now = 5 * DAY
    found = group_recall([(1, "a", good), (2, "a", good), (2, "b", forgotten), (3, "b", good)], now)
    assert found["a"] == pytest.approx(2 * recall_now(good, now) / 3), "one of three never answered it"
    assert found["b"] == pytest.approx(recall_now(good, now) / 3)
    assert group_recall([], now) == {}


def test_the_best_and_the_least_known_question_need_answers_and_a_difference(bank, askable):
    first, second, third = list(askable.values())[:3]
    few = KnownQuestion(first, 0, 2)
    best, least = KnownQuestion(second, 4, 5), KnownQuestion(third, 1, 3)
    week = week_of(4, 10, [few, best, least])
    assert (week.best, week.least) == (best, least)
    assert week_of(4, 10, [best, KnownQuestion(third, 8, 10)]).best is None, "both are known equally well"
    assert week_of(4, 2, [few]).least is None
