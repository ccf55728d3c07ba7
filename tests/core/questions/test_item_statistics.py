"""Item statistics: the discrimination, flags, and what mock exams leave out."""

from statistics import StatisticsError, correlation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.questions.bank import bank_of
from bot.core.questions.item_statistics import (
    MAX_REPORTS,
    ItemCounts,
    Resolution,
    Suspicion,
    chance,
    discrimination,
    find_flags,
    given_answer,
    kept_out,
    rate_without,
)
from bot.core.questions.question import Gap, Kind, Match, Option, Question, Statement, fingerprint
from bot.core.questions.rounds import select_for_exam, without
from bot.errors import NotFound

TEXTS = ("one", "two", "three", "four")


def question(kind=Kind.SINGLE, id_="q", right=(0,)):
    listed = kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER)
    return Question(
        id=id_,
        kind=kind,
        difficulty=1,
        prompt="So?",
        explanation="So.",
        module="m",
        answer=True if kind is Kind.TRUTH else None,
        options=tuple(Option(text=text, right=index in right) for index, text in enumerate(TEXTS)) if listed else (),
        statements=tuple(Statement(text=text, answer=True) for text in TEXTS[:3]) if kind is Kind.YESNO else (),
        gaps=tuple(Gap(right="one", options=TEXTS[:3]) for _ in range(2)) if kind is Kind.COMPLETE else (),
        choices=TEXTS[:3] if kind is Kind.MATCHING else (),
        items=tuple(Match(text=text, answer="two") for text in TEXTS[:3]) if kind is Kind.MATCHING else (),
    )


def counted(asked, chosen, **more):
    """Counts of a question without parts: ``chosen`` by option."""
    answers, right = sum(chosen), sum(chosen[index] for index in asked.right)
    by_option = {(0, index): count for index, count in enumerate(chosen) if count}
    return ItemCounts(
        question=asked.id, fingerprint=fingerprint(asked), answers=answers, correct=right, chosen=by_option, **more
    )


def rated(pairs):
    """Counts of answers of learners with a rate: pairs of correct and rate."""
    right = [rate for correct, rate in pairs if correct]
    rates = [rate for _, rate in pairs]
    return {
        "rated": len(pairs), "rated_correct": len(right), "rate_sum": sum(rates),
        "rate_squares": sum(rate * rate for rate in rates), "rate_sum_correct": sum(right),
    }  # fmt: skip


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), min_size=2, max_size=60))
@settings(max_examples=200)
def test_the_discrimination_is_the_correlation_of_the_answers_it_sums(pairs):
    found = discrimination(ItemCounts(question="q", fingerprint="", **rated(pairs)))
    try:
        expected = correlation([float(correct) for correct, _ in pairs], [float(rate) for _, rate in pairs])
    except StatisticsError:
        assert found is None, "no variation"
    else:
        assert found == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_an_answer_is_left_out_of_its_own_rate(right, wrong, own):
    found = rate_without(right + own, right + wrong + 1, own=own)
    assert found == (round(1000 * right / (right + wrong)) if right + wrong >= 5 else None)


@pytest.mark.parametrize(
    ("kind", "right", "expected"),
    [
        (Kind.SINGLE, (0,), 1 / 4),
        (Kind.TRUTH, (0,), 1 / 2),
        (Kind.MULTIPLE, (0, 2), 1 / 6),
        (Kind.ORDER, (), 1 / 24),
        (Kind.YESNO, (), 1 / 8),
        (Kind.COMPLETE, (), 1 / 9),
        (Kind.MATCHING, (), 1 / 27),
    ],
)
def test_the_chance_of_a_guess(kind, right, expected):
    assert chance(question(kind, right=right)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ((20, 20, 20, 20), []),
        ((10, 3, 3, 3), []),  # only 19 answers
        ((95, 2, 2, 1), []),
        ((96, 2, 1, 1), [(Suspicion.EASY, False, "")]),
        ((24, 24, 24, 28), [(Suspicion.HARD, False, ""), (Suspicion.MISLEADING, False, "four")]),
        ((30, 10, 10, 50), [(Suspicion.MISLEADING, True, "four")]),
        ((40, 10, 0, 5), [(Suspicion.UNUSED, False, "three")]),
    ],
)
def test_flags_of_options(chosen, expected):
    asked = question()
    found = find_flags(asked, counted(asked, chosen))
    assert [(flag.suspicion, flag.severe, flag.option) for flag in found] == expected


def test_each_part_has_flags_of_its_own():
    asked = question(Kind.MATCHING)
    chosen = {(0, 1): 20, (1, 1): 4, (1, 2): 16, (2, 1): 20}
    found = find_flags(asked, ItemCounts(question="q", fingerprint="", answers=20, correct=4, chosen=chosen))
    assert [(flag.suspicion, flag.severe, flag.option) for flag in found] == [(Suspicion.MISLEADING, True, "three")]


def test_a_negative_discrimination_is_severe_only_if_chance_does_not_explain_it():
    asked = question()
    weak = [(True, 500)] * 10 + [(False, 500)] * 9 + [(False, 510)]
    strong = [(True, 300)] * 10 + [(False, 800)] * 10
    for pairs, severe in ((weak, False), (strong, True)):
        (flag,) = find_flags(asked, counted(asked, (10, 4, 3, 3), **rated(pairs)))
        assert (flag.suspicion, flag.severe) == (Suspicion.REVERSED, severe)
    assert find_flags(asked, counted(asked, (10, 4, 3, 3), **rated(strong[1:]))) == [], "too few rates"
    positive = [(not right, rate) for right, rate in strong]
    assert find_flags(asked, counted(asked, (10, 4, 3, 3), **rated(positive))) == []


@pytest.mark.parametrize("kind", Kind)
def test_what_is_counted_of_an_answer(kind):
    asked = question(kind, right=(0, 2) if kind is Kind.MULTIPLE else (0,))
    found = given_answer(asked, asked.right)
    assert found.correct
    expected = {Kind.ORDER: (), Kind.SINGLE: ((0, 0),), Kind.TRUTH: ((0, 0),), Kind.MULTIPLE: ((0, 0), (0, 2))}
    assert found.choices == expected.get(kind, tuple(enumerate(asked.right)))


@pytest.fixture(scope="module")
def bank(course):
    domains = [{"id": name, "title": name, "weight": [40, 60]} for name in ("a", "b")]
    exam = {"pass_mark": 1, "out_of": 1, "minutes": 1, "domains": domains}
    read = course({"a": {"m": ["u"]}, "b": {"m": ["u"]}}, exam=exam)
    for path in read.paths:
        object.__setattr__(path, "domain", path.id)
    return bank_of(read, {path: [question(id_=f"{path}{number}") for number in range(5)] for path in "ab"})


def test_what_mock_exams_leave_out(bank):
    severe = {"answers": 100, "correct": 30, "chosen": {(0, 0): 30, (0, 1): 10, (0, 2): 10, (0, 3): 50}}
    version = fingerprint(bank.questions["a0"])
    items = [
        ItemCounts(question="a0", fingerprint=version, **severe),
        ItemCounts(question="a1", fingerprint=version, **severe, resolution=Resolution.KEPT),
        ItemCounts(question="a2", fingerprint=version, resolution=Resolution.WITHDRAWN),
        ItemCounts(question="a3", fingerprint="earlier", resolution=Resolution.WITHDRAWN),
        ItemCounts(question="gone", fingerprint=version, **severe),
    ]
    reports = {"b0": MAX_REPORTS, "b1": MAX_REPORTS - 1, "gone": MAX_REPORTS}
    assert kept_out(bank, items, reports) == {
        "a0": "a wrong option is chosen more often than the right one",
        "a2": "withdrawn",
        "b0": "3 open reports",
    }


CHOSEN = st.lists(st.integers(0, 60), min_size=4, max_size=4)
RATED = st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), min_size=15, max_size=60)


@given(CHOSEN, RATED)
@settings(max_examples=300, deadline=None)
def test_exactly_the_items_with_a_severe_flag_are_left_out(bank, chosen, pairs):
    asked = bank.questions["a0"]
    counts = counted(asked, chosen, **rated(pairs))
    severe = [flag.suspicion.value for flag in find_flags(asked, counts) if flag.severe]
    assert list(kept_out(bank, [counts], {}).values()) == severe[:1]


@given(st.sets(st.sampled_from([f"{path}{number}" for path in "ab" for number in range(5)])), st.integers(1, 12))
@settings(deadline=None)
def test_a_mock_exam_has_as_many_questions_as_are_left(bank, left_out, count):
    usable = without(bank, left_out)
    if len(left_out) == 10:
        with pytest.raises(NotFound):
            select_for_exam(usable, count, 1)
        return
    asked = {question.id for question in select_for_exam(usable, count, 1).questions}
    assert not asked & left_out
    assert len(asked) == min(count, 10 - len(left_out))
