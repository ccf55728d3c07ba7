"""The selection of questions: weights, spread, no repeated set, and reproducible results."""

from collections import Counter
from dataclasses import replace
from itertools import count as counting
from math import floor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.questions.bank import bank_of, read_bank
from bot.core.questions.question import Kind, Question
from bot.core.questions.rounds import apportion, practice, select_for_exam
from bot.errors import NotFound

DATA = Path(__file__).parents[3] / "data" / "questions" / "az-104"
DOMAINS = ("one", "two", "three")
WEIGHTS = ([50, 60], [20, 30], [10, 20])
some = settings(max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def real(courses):
    return read_bank({file.stem: file.read_text("utf-8") for file in DATA.glob("*.yaml")}, courses["az-104"])


@pytest.fixture(scope="module")
def small(course):
    """A path of three modules for each of three domains, and a path without a domain."""
    domains = [{"id": name, "title": name, "weight": w} for name, w in zip(DOMAINS, WEIGHTS, strict=True)]
    exam = {"pass_mark": 1, "out_of": 1, "minutes": 1, "domains": domains}
    read = course({path: {module: ["u"] for module in "mno"} for path in (*DOMAINS, "zero")}, exam=exam)
    paths = tuple(replace(path, domain=path.id if path.id in DOMAINS else None) for path in read.paths)
    return replace(read, paths=paths)


def bank_with(course, sizes):
    """``sizes`` is the number of questions of each module, by path."""
    numbers = counting()
    files = {
        path: [
            question(next(numbers), module)
            for module, size in zip("mno", of_modules, strict=False)
            for _ in range(size)
        ]
        for path, of_modules in sizes.items()
    }
    return bank_of(course, files)


def question(number, module, kind=Kind.TRUTH):
    return Question(
        id=f"q{number}", module=module, kind=kind, difficulty=1, prompt="So?", explanation="So.", answer=True
    )


def ids(questions):
    return {each.id for each in questions}


sizes = st.fixed_dictionaries(
    {path: st.lists(st.integers(0, 6), min_size=3, max_size=3) for path in (*DOMAINS, "zero")}
)
banks = sizes.filter(lambda found: any(sum(found[path]) for path in DOMAINS))


def test_an_exam_of_az_104_is_weighted_like_the_real_one(real):
    """Middles of the weights: 22.5, 17.5, 22.5, 17.5, 12.5 of 92.5."""
    exam = select_for_exam(real, 50, seed=1)
    assert exam.counts == {"identities": 12, "storage": 10, "compute": 12, "networking": 9, "monitoring": 7}
    assert len(ids(exam.questions)) == 50
    assert exam.not_asked == ()
    for domain, count in exam.counts.items():
        asked = [each for each in exam.questions if each in real.of_domain[domain]]
        assert len(asked) == count
        of_skill = Counter(each.skill for each in asked if each.case is None)
        assert max(of_skill.values()) == 1, "spread over the skills, of which there are more than questions"


def test_consecutive_exams_ask_other_questions(real):
    last = frozenset()
    for seed in range(5):
        exam = select_for_exam(real, 40, seed, last)
        assert not ids(exam.questions) & last
        last = frozenset(ids(exam.questions))


def test_another_seed_is_another_exam(real):
    exams = {select_for_exam(real, 20, seed).questions for seed in range(20)}
    assert len({frozenset(ids(exam)) for exam in exams}) == 20


@some
@given(banks, st.integers(-1, 60), st.integers(), st.data())
def test_invariants_of_every_exam(small, found, count, seed, data):
    bank = bank_with(small, found)
    pool = [each for questions in bank.of_domain.values() for each in questions]
    avoid = frozenset(data.draw(st.sets(st.sampled_from(sorted(bank.questions)))))
    exam = select_for_exam(bank, count, seed, avoid)
    assert len(exam.questions) == len(ids(exam.questions)) == max(0, min(count, len(pool)))
    assert ids(exam.questions) <= ids(pool), "what the exam doesn't ask isn't in it"
    assert sum(exam.counts.values()) == len(exam.questions)
    assert set(exam.counts) | {domain.id for domain in exam.not_asked} == set(DOMAINS)
    assert not set(exam.counts) & {domain.id for domain in exam.not_asked}
    if count >= len(bank.of_domain):
        assert all(exam.counts.values())
        for domain, questions in bank.of_domain.items():
            old = len(ids(exam.questions) & ids(questions) & avoid)
            fresh = len(ids(questions) - avoid)
            assert old == max(0, exam.counts[domain] - fresh), "an old one only where no other is left"
    assert exam == select_for_exam(bank_with(small, found), count, seed, avoid)


@some
@given(banks, st.integers(1, 20), st.integers(), st.integers())
def test_a_set_is_never_repeated_at_once(small, found, count, first, second):
    bank = bank_with(small, found)
    last = ids(select_for_exam(bank, count, first).questions)
    again = ids(select_for_exam(bank, count, second, last).questions)
    if count < sum(map(len, bank.of_domain.values())):
        assert again != last
    else:
        assert again == last


def test_a_set_smaller_than_one_domain_is_not_repeated(small):
    bank = bank_with(small, {"one": [1, 0, 0], "two": [3, 0, 0]})
    assert select_for_exam(bank, 1, 1).counts == {"one": 1, "two": 0}
    exam = select_for_exam(bank, 1, 2, ids(bank.of_domain["one"]))
    assert exam.counts == {"one": 0, "two": 1}
    assert len(exam.questions) == 1


def test_the_share_of_a_domain_without_questions_goes_to_the_others(small):
    exam = select_for_exam(bank_with(small, {"one": [9, 9, 9], "three": [9, 9, 9]}), 14, seed=1)
    assert exam.counts == {"one": 11, "three": 3}, "55 to 15 of 14"
    assert [domain.id for domain in exam.not_asked] == ["two"]


def test_an_exam_needs_domains_and_questions(small, course):
    with pytest.raises(NotFound, match="There is no mock exam for T-1"):
        select_for_exam(bank_of(course({"a": {"m": ["u"]}}), {"a": [question(1, "m")]}), 5, 1)
    with pytest.raises(NotFound, match="no questions for the exam of T-1 yet"):
        select_for_exam(bank_with(small, {"zero": [1, 1, 1]}), 5, 1)


@some
@given(
    st.lists(st.tuples(st.floats(0.5, 100), st.integers(0, 40)), min_size=1, max_size=8),
    st.integers(0, 200),
)
def test_apportioned_numbers_are_whole_and_fair(parts, count):
    weights, room = [weight for weight, _ in parts], [each for _, each in parts]
    found = apportion(weights, room, count)
    total = min(count, sum(room))
    assert sum(found) == total
    assert all(0 <= part <= each for part, each in zip(found, room, strict=True))
    if total >= sum(each > 0 for each in room):
        assert all(part >= 1 for part, each in zip(found, room, strict=True) if each)
    quotas = [total * weight / sum(weights) for weight in weights]
    if all(1 <= quota <= each - 1 for quota, each in zip(quotas, room, strict=True)):
        assert all(abs(part - quota) < 1 for part, quota in zip(found, quotas, strict=True))
        rounded_up = [quota - floor(quota) for part, quota in zip(found, quotas, strict=True) if part > quota]
        rounded_down = [quota - floor(quota) for part, quota in zip(found, quotas, strict=True) if part < quota]
        assert min(rounded_up, default=1) >= max(rounded_down, default=0) - 1e-9, "the largest remainders gain"


@pytest.mark.parametrize(
    ("weights", "room", "count", "parts"),
    [
        ([50, 30, 20], [99, 99, 99], 10, [5, 3, 2]),
        ([98, 1, 1], [99, 99, 99], 10, [8, 1, 1]),
        ([98, 1, 1], [99, 99, 99], 2, [2, 0, 0]),
        ([50, 30, 20], [2, 99, 99], 12, [2, 6, 4]),
        ([50, 30, 20], [2, 2, 99], 12, [2, 2, 8]),
        ([50, 30, 20], [2, 2, 2], 12, [2, 2, 2]),
        ([50, 30, 20], [2, 99, 99], 30, [2, 17, 11]),
        ([60, 39, 0.5, 0.5], [99, 9, 99, 99], 10, [5, 3, 1, 1]),
        ([1, 1, 1], [9, 9, 9], 4, [2, 1, 1]),
        ([50, 50], [0, 9], 4, [0, 4]),
        ([50, 50], [9, 9], -4, [0, 0]),
    ],
)
def test_apportionment_calculated_by_hand(weights, room, count, parts):
    assert apportion(weights, room, count) == parts


@some
@given(sizes, st.sampled_from([*DOMAINS, "one/m", None]), st.integers(0, 30), st.integers())
def test_invariants_of_every_practice(small, found, route, count, seed):
    bank = bank_with(small, found)
    pool = bank.of_route.get(route, ()) if route else tuple(bank.questions.values())
    if not pool:
        with pytest.raises(NotFound):
            practice(bank, route, count, seed)
        return
    asked = practice(bank, route, count, seed)
    assert len(asked) == len(ids(asked)) == min(count, len(pool))
    assert ids(asked) <= ids(pool)
    assert asked == practice(bank_with(small, found), route, count, seed)
    rest = practice(bank, route, count, seed + 1, avoid=ids(asked))
    assert len(ids(rest) & ids(asked)) == max(0, 2 * len(asked) - len(pool)), "others first"
    of_module = {each.route: sum(one.route == each.route for one in asked) for each in pool}
    left = {route for route, taken in of_module.items() if taken < len(bank.of_route[route])}
    assert all(max(of_module.values()) - of_module[route] <= 1 for route in left), "spread over the modules"


def test_practice_selects_only_the_requested_questions(real):
    asked = practice(real, "deploy", 50, 1, kinds={Kind.SINGLE, Kind.TRUTH})
    assert {each.kind for each in asked} == {Kind.SINGLE, Kind.TRUTH}
    assert {each.route.split("/")[0] for each in asked} == {"deploy"}


def test_practice_shuffles_the_questions(real):
    whole = practice(real, "deploy", 500, 1)
    assert ids(whole) == ids(real.of_route["deploy"])
    assert whole != real.of_route["deploy"]
    assert whole != practice(real, "deploy", 500, 2)


def test_practice_without_questions_names_paths_that_have_some(small):
    bank = bank_with(small, {"two": [1, 0, 0]})
    with pytest.raises(NotFound, match=r"no questions on \*\*Path one\*\* yet. There are for `two`."):
        practice(bank, "one", 3, 1)
    with pytest.raises(NotFound, match="Its bank is empty"):
        practice(bank_with(small, {}), None, 3, 1)
