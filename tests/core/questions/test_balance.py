"""What a bank gives away: AZ-104's nothing, and banks broken on purpose each what they were broken by."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random
from time import process_time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from bot.core.course.search import plain
from bot.core.questions.balance import ALIKE, FROM, MAX_ALIKE, SHARED, _pairs, balance
from bot.core.questions.bank import bank_of, read_bank
from bot.core.questions.question import Kind, Option, Question

DATA = Path(__file__).parents[3] / "data" / "questions" / "az-104"
FILES = {file.stem: file.read_text("utf-8") for file in DATA.glob("*.yaml")}
some = settings(max_examples=100, deadline=None)
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdfgklmnprst"]


@pytest.fixture(scope="module")
def real(courses):
    return read_bank(FILES, courses["az-104"])


@pytest.fixture(scope="module")
def broken(courses):
    """AZ-104's bank with each question changed by a function."""

    def read(change):
        changed = {path: yaml.safe_load(text) for path, text in FILES.items()}
        for file in changed.values():
            for question in file["questions"]:
                change(question)
        return read_bank({path: yaml.safe_dump(file) for path, file in changed.items()}, courses["az-104"])

    return read


def test_the_bank_of_az_104_gives_nothing_away(real):
    found = balance(real)
    assert not list(found.faults())
    assert not list(found.thin(5)), "at least 5 for each module, and some for each exam domain"
    assert len(found.of_module) == 29
    assert sum(found.kinds.values()) == sum(found.difficulties.values()) == len(real)
    without_module = sum(question.module is None for question in real.questions.values())
    assert sum(found.of_module.values()) + without_module == len(real)
    assert set(found.difficulties) == {1, 2, 3}


def test_balance_is_measured_as_it_is_written(real):
    """Against a count in other words."""
    singles = [question for question in real.questions.values() if question.kind is Kind.SINGLE]
    found = balance(real)
    for position, rate in enumerate(found.positions):
        there = [question for question in singles if question.options[position].right]
        assert rate.share == pytest.approx(len(there) / len(singles))
        assert rate.chance == pytest.approx(1 / 4)
    assert len(found.positions) == 4
    assert sum(rate.share for rate in found.positions) == pytest.approx(1)
    truths = [question.answer for question in real.questions.values() if question.kind is Kind.TRUTH]
    truths += [each.answer for question in real.questions.values() for each in question.statements]
    assert found.true == pytest.approx(truths.count(True) / len(truths))


def right_to(place):
    def change(question):
        if question["kind"] == "single":
            options = question["options"]
            right = next(option for option in options if option.get("right"))
            options.remove(right)
            options.insert(place, right)

    return change


def longer_right(question):
    for option in question.get("options", []):
        if option.get("right") and len(option["text"]) < 80:
            option["text"] += " and quite a few more words"


def shorter_right(question):
    if question["kind"] == "single":
        for option in question["options"]:
            option["text"] = (
                option["text"][:90] if option.get("right") else f"{option['text'][:90]} and many more words"
            )


def all_true(question):
    if question["kind"] == "truth":
        question["answer"] = True
    for statement in question.get("statements", ()):
        statement["answer"] = True


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (right_to(0), "the right option is number 1 of the file in 100% of the single questions; 15% to 40% gives not"),
        (right_to(2), "the right option is number 3 of the file in 100% of the single questions; 15% to 40% gives not"),
        (right_to(3), "the right option is number 1 of the file in 0% of the single questions; 15% to 40% gives noth"),
        (longer_right, "the right option is the longest in 9"),
        (longer_right, "the right option is the shortest in 0%"),
        (longer_right, "right options are 2."),
        (shorter_right, "the right option is the shortest in 9"),
        (shorter_right, "right options are 0."),
        (all_true, "100% of the statements are true; 30% to 70% gives nothing away"),
    ],
)
def test_a_bank_that_gives_answers_away_is_red(broken, change, expected):
    assert any(fault.startswith(expected) for fault in balance(broken(change)).faults())


def test_a_question_in_other_words_is_found(courses, real):
    was = real.questions["vnet-subnet-usable-addresses"]
    again = (
        "You create a subnet with the address range 10.1.2.0/27. To network interfaces, how many addresses of this "
        "subnet can be assigned?"
    )
    path = was.route.split("/")[0]
    copied = replace(was, id="vnet-copied", prompt=again)
    copied_exactly = replace(was, id="vnet-exactly", prompt=was.prompt.upper())
    bank = bank_of(courses["az-104"], {path: [*real.of_route[path], copied, copied_exactly]})
    pairs = {(pair.first, pair.second): pair.score for pair in balance(bank).alike}
    assert set(pairs) == {
        (was.id, "vnet-copied"),
        (was.id, "vnet-exactly"),
        ("vnet-copied", "vnet-exactly"),
    }
    assert all(ALIKE <= score <= 100 for score in pairs.values())
    assert pairs[was.id, "vnet-exactly"] == 100
    assert f"{was.id} and vnet-exactly ask nearly the same (100 of 100)" in list(balance(bank).faults())


@some
@given(st.lists(st.lists(st.sampled_from(WORDS[:9]), max_size=8), max_size=12))
def test_the_index_finds_every_pair_that_shares_half_of_its_words(prompts):
    """Against a comparison of all pairs."""
    expected = {}
    for (first, one), (second, two) in combinations(enumerate(prompts), 2):
        shared, score = set(one) & set(two), fuzz.token_sort_ratio(" ".join(one), " ".join(two))
        if score >= ALIKE and shared and all(len(shared) >= SHARED * len(set(each)) for each in (one, two)):
            expected[first, second] = pytest.approx(score)
    found = {(first, second): score for first, second, score in _pairs(prompts)}
    assert expected.items() <= found.items()
    assert all(score >= ALIKE for score in found.values())


def test_three_thousand_questions_are_compared_quickly(real):
    """A comparison of all pairs takes 8 s of CPU, this 0.3 s."""
    dice, prompts = Random(1), [plain(question.prompt).split() for question in real.questions.values()]
    words = [word for prompt in prompts for word in prompt]
    many = [[word if dice.random() < 0.6 else dice.choice(words) for word in dice.choice(prompts)] for _ in range(3000)]
    before = process_time()
    list(_pairs(many))
    assert process_time() - before < 3


def test_a_bank_that_repeats_itself_is_listed_in_part(plain_course):
    again = [replace(made(1), id=f"q{number}") for number in range(600)]
    assert len(balance(bank_of(plain_course, {"a": again})).alike) == MAX_ALIKE


@pytest.fixture(scope="module")
def plain_course(course):
    exam = {"pass_mark": 1, "out_of": 1, "minutes": 1, "domains": [{"id": "d", "title": "D", "weight": [100, 100]}]}
    return course({"a": {"m": ["u"], "n": ["u"]}}, exam=exam)


def made(number, *, count=4, right=0, kind=Kind.SINGLE, answer=None):
    dice = Random(number)
    options = tuple(Option(text="x" * (dice.randrange(5, 50)), right=index == right) for index in range(count))
    return Question(
        id=f"q{number}",
        module="m",
        kind=kind,
        difficulty=1,
        prompt=" ".join(dice.sample(WORDS, 12)),
        explanation="So.",
        options=options,
        answer=answer,
    )


def test_modules_and_domains_with_too_little_are_warned_of(plain_course):
    found = balance(bank_of(plain_course, {"a": [made(1)]}))
    assert list(found.thin(2)) == [
        "module a/m has 1 question, not 2",
        "module a/n has no questions, not 2",
        "exam domain d has no question",
    ]
    assert not list(found.faults())


def test_an_empty_bank_has_no_fault(plain_course):
    assert not list(balance(bank_of(plain_course, {})).faults())


def test_a_share_is_judged_only_of_enough_questions(plain_course):
    few = balance(bank_of(plain_course, {"a": [made(number) for number in range(FROM - 1)]}))
    assert few.positions[0].share == 1
    assert not list(few.faults())
    enough = balance(bank_of(plain_course, {"a": [made(number) for number in range(FROM)]}))
    assert any("number 1 of the file in 100%" in fault for fault in enough.faults())


@pytest.mark.parametrize("count", [2, 3, 5, 6])
def test_limits_go_by_the_number_of_options(plain_course, count):
    """Two options can't stand each in less than 40 % of the questions."""
    questions = [made(number, count=count, right=number % count) for number in range(120)]
    found = balance(bank_of(plain_course, {"a": questions}))
    assert not [fault for fault in found.faults() if "of the file" in fault]
    lopsided = [made(number, count=count, right=0 if number % 10 else 1) for number in range(120)]
    found = balance(bank_of(plain_course, {"a": lopsided}))
    assert any("number 1 of the file in 90%" in fault for fault in found.faults())


def test_one_question_with_more_options_than_the_others_is_no_fault(plain_course):
    questions = [*(made(number, right=number % 4) for number in range(120)), made(120, count=6, right=2)]
    found = balance(bank_of(plain_course, {"a": questions}))
    assert len(found.positions) == 6
    assert not [fault for fault in found.faults() if "of the file" in fault]


@some
@given(st.lists(st.tuples(st.integers(2, 6), st.integers(0, 5)), min_size=1, max_size=30))
def test_positions_and_lengths_are_shares_of_a_whole(plain_course, shapes):
    questions = [made(n, count=count, right=right % count) for n, (count, right) in enumerate(shapes)]
    found = balance(bank_of(plain_course, {"a": questions}))
    assert sum(rate.share for rate in found.positions) == pytest.approx(1)
    assert sum(rate.chance for rate in found.positions) == pytest.approx(1)
    assert 0 <= found.longest.share <= 1
    assert found.longest.chance == found.shortest.chance


def test_options_of_one_length_tell_nothing_by_it(plain_course):
    same = tuple(Option(text=f"Text {number}", right=number == 2) for number in range(4))
    found = balance(bank_of(plain_course, {"a": [replace(made(number), options=same) for number in range(8)]}))
    assert found.longest.share == found.shortest.share == found.longest.chance == 0.25
    assert found.ratio == pytest.approx(1)
