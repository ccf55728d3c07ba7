"""What a right answer is, and the order in which the options of one showing stand."""

import subprocess
import sys
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.questions.answer import mark, shuffle, shuffled
from bot.core.questions.question import MANY_PARTS, MAX_OPTIONS, TRUTHS, Kind, Option, Question

some = settings(max_examples=200, deadline=None)


def question(kind, right, count=4, answer=None, name="q"):
    options = tuple(Option(text=f"Text {number}", right=number in right) for number in range(count))
    return Question(
        id=name,
        module="m",
        kind=kind,
        difficulty=1,
        prompt="What?",
        explanation="So.",
        options=options,
        answer=answer,
    )


@st.composite
def questions(draw):
    kind = draw(st.sampled_from(sorted(set(Kind) - MANY_PARTS)))
    if kind is Kind.TRUTH:
        return question(kind, (), 0, draw(st.booleans()))
    if kind is Kind.ORDER:
        return question(kind, (), draw(st.integers(3, 5)), name=draw(st.sampled_from(["p", "q", "r"])))
    count = draw(st.integers(3, MAX_OPTIONS))
    size = 1 if kind is Kind.SINGLE else draw(st.integers(2, count - 1))
    return question(kind, draw(st.permutations(range(count)))[:size], count)


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        (question(Kind.SINGLE, (2,)), [[2]], [[], [0], [2, 3], [2, 2], [4], [-2]]),
        (question(Kind.MULTIPLE, (3, 0)), [[0, 3], [3, 0]], [[], [0], [3], [0, 3, 1], [0, 1], [0, 3, 3], [0, 0]]),
        (question(Kind.TRUTH, (), 0, answer=True), [[0]], [[], [1], [0, 1]]),
        (question(Kind.TRUTH, (), 0, answer=False), [[1]], [[], [0], [0, 1]]),
        (question(Kind.ORDER, (), 3), [[0, 1, 2]], [[], [0, 2, 1], [2, 1, 0], [0, 1], [0, 1, 2, 3]]),
    ],
    ids=lambda value: f"{value.kind} {value.answer}" if isinstance(value, Question) else "",
)
def test_the_right_answer_is_exactly_the_right_options(asked, right, wrong):
    assert all(mark(asked, chosen) for chosen in right)
    assert not any(mark(asked, chosen) for chosen in wrong)


@some
@given(questions(), st.data())
def test_one_answer_is_right_in_any_order_of_clicking_but_for_an_order(asked, data):
    clicked = data.draw(st.permutations(asked.right))
    assert mark(asked, clicked) is (asked.kind is not Kind.ORDER or tuple(clicked) == asked.right)
    other = data.draw(st.lists(st.integers(0, len(asked.texts) - 1), unique=True))
    assume(set(other) != set(asked.right))
    assert not mark(asked, other)


@some
@given(questions(), st.integers(0, 2**64))
def test_a_showing_has_each_option_once_and_never_gives_the_order_away(asked, seed):
    shown = shuffled(asked, seed)
    assert sorted(shown) == list(range(len(asked.texts)))
    assert shown == shuffled(asked, seed)
    assert asked.kind is not Kind.ORDER or not mark(asked, shown)
    assert asked.kind is not Kind.TRUTH or [asked.texts[index] for index in shown] == list(TRUTHS)


@pytest.mark.parametrize(("kind", "count"), [(Kind.SINGLE, 4), (Kind.ORDER, 4), (Kind.ORDER, 3)])
def test_all_orders_are_equally_likely(kind, count):
    asked = question(kind, (1,) if kind is Kind.SINGLE else (), count)
    possible = [order for order in permutations(range(count)) if kind is Kind.SINGLE or order != asked.right]
    each = 400
    found = Counter(shuffled(asked, seed) for seed in range(each * len(possible)))
    assert set(found) == set(possible)
    # 6 standard deviations of a Poisson count: fixed seeds, so it is red for a skewed shuffle and never by chance.
    assert all(abs(times - each) < 6 * each**0.5 for times in found.values()), found


def test_one_seed_shows_each_question_in_an_order_of_its_own():
    orders = {shuffled(question(Kind.SINGLE, (0,), 6, name=f"q{number}"), 7) for number in range(30)}
    assert len(orders) > 25


def test_another_process_shows_the_same_order():
    """Python's own hash of a text differs from process to process."""
    code = "from bot.core.questions.answer import shuffle; print(shuffle(range(9), '7/q'))"
    for salt in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": salt}
        )
        assert run.stdout.strip() == str(shuffle(range(9), "7/q"))


def test_an_order_of_too_few_to_shuffle_ends_all_the_same():
    assert shuffled(question(Kind.ORDER, (), 1), 1) == (0,)
