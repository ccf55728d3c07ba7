"""Question files: those of AZ-104 can be read, and every fault has its file, line and place."""

from pathlib import Path

import pytest

from bot.core.course.reading import CourseReader
from bot.core.questions.bank import read_bank
from bot.core.questions.bank_faults import TEACHING
from bot.core.questions.question import MAX_OPTIONS, Kind
from bot.errors import BrokenCourse

DATA = Path(__file__).parents[3] / "data" / "questions" / "az-104"

COURSE = """\
code: T-1
title: Tiny
overview: A course with a bank.
exam:
  {pass_mark: 700, out_of: 1000, minutes: 100, domains: [{id: one, title: One, weight: [90, 100]}]}
paths:
  - id: a
    title: Path a
    domain: one
    modules:
      - id: m
        title: Module m
        url: https://example.org/m
        units:
          - {id: u0, title: Introduction, kind: introduction, minutes: 1}
          - {id: u1, title: Unit 1, kind: reading, minutes: 3}
          - {id: u2, title: Unit 2, kind: exercise, minutes: 3}
          - {id: u3, title: Test, kind: assessment, minutes: 3}
          - {id: u4, title: Summary, kind: summary, minutes: 1}
      - id: n
        title: Module n
        url: https://example.org/n
        units:
          - {id: u1, title: Unit 1, kind: reading, minutes: 3}
  - id: b
    title: Path b
    modules:
      - id: o
        title: Module o
"""
A = """\
questions:
  - id: q-single
    module: n
    kind: single
    difficulty: 2
    prompt: Which one is it?
    options:
      - {text: This one, right: true}
      - {text: That one}
      - {text: The other}
    explanation: Because it is.
    references: [https://example.org/n/u1]
  - id: q-multiple
    module: m
    kind: multiple
    difficulty: 1
    prompt: Which two are they?
    options:
      - {text: Ones, right: true}
      - {text: Twos}
      - {text: Threes, right: true}
    explanation: Because they are.
    references: [https://example.org/m/u2]
  - id: q-truth
    module: m
    kind: truth
    difficulty: 3
    prompt: It is so.
    answer: false
    explanation: Because it is not.
    references: [https://example.org/m/u1]
  - id: q-order
    module: m
    kind: order
    difficulty: 3
    prompt: In which order?
    options:
      - {text: Before}
      - {text: In between}
      - {text: After}
    explanation: Because of time.
    references: [https://example.org/m/u1]
"""
B = """\
questions:
  - id: q-other
    module: o
    kind: truth
    difficulty: 1
    prompt: A module without addresses needs no reference.
    answer: true
    explanation: There is nothing to refer to.
"""


@pytest.fixture(scope="module")
def tiny():
    return CourseReader().read(COURSE, "t-1.yaml")


def faults(files, course):
    with pytest.raises(BrokenCourse) as caught:
        read_bank(files, course)
    return list(caught.value.faults)


def test_questions_stand_in_the_order_of_the_course(tiny):
    bank = read_bank({"b": B, "a": A}, tiny)
    assert list(bank.questions) == ["q-multiple", "q-truth", "q-order", "q-single", "q-other"]
    assert {route: [each.id for each in found] for route, found in bank.of_route.items()} == {
        "a": ["q-multiple", "q-truth", "q-order", "q-single"],
        "a/m": ["q-multiple", "q-truth", "q-order"],
        "a/n": ["q-single"],
        "b": ["q-other"],
        "b/o": ["q-other"],
    }
    assert {domain: len(found) for domain, found in bank.of_domain.items()} == {"one": 4}
    assert [(each.route, each.unit) for each in bank.questions.values()] == [
        ("a/m", "a/m/u2"),
        ("a/m", "a/m/u1"),
        ("a/m", "a/m/u1"),
        ("a/n", "a/n/u1"),
        ("b/o", ""),
    ]
    assert [each.right for each in bank.questions.values()] == [(0, 2), (1,), (0, 1, 2), (0,), (0,)]
    assert len(bank) == 5


def test_white_space_around_texts_is_left_out(tiny):
    changed = A.replace("Which one is it?", "'  Which one is it?  '").replace("This one", "' This one '")
    found = read_bank({"a": changed}, tiny).questions["q-single"]
    assert (found.prompt, found.options[0].text) == ("Which one is it?", "This one")


def test_a_bank_may_leave_paths_and_modules_out(tiny):
    assert not len(read_bank({}, tiny))
    assert set(read_bank({"b": B}, tiny).of_route) == {"b", "b/o"}


LONG = "x" * 701


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # found by the types
        ("difficulty: 2", "difficulty: 4", "5: questions > 1 > difficulty: Input should be less than or equal to 3"),
        ("kind: single", "kind: singel", "4: questions > 1 > kind: Input should be 'single', 'multiple', 'truth', "),
        ("id: q-single", "id: Q single", "2: questions > 1 > id: String should match"),
        ("id: q-single", f"id: {'q' * 41}", "2: questions > 1 > id: String should have at most 40 characters"),
        ("prompt: Which one is it?", "promt: What?", "2: questions > 1 > prompt: Field required"),
        ("prompt: Which one is it?", "promt: What?", "6: questions > 1 > promt: Unexpected keyword argument"),
        (
            "Which one is it?",
            f"{LONG[:601]}",
            "6: questions > 1 > prompt: 601 characters; at most 600 without an exhibit",
        ),
        ("That one", f"{LONG[:121]}", "9: questions > 1 > options > 2 > text: String should have at most 120 charact"),
        (
            "That one",
            "32",
            '9: questions > 1 > options > 2 > text: Input should be a valid string (it is 32); use quotes: "32"',
        ),
        (
            "That one",
            "true",
            '9: questions > 1 > options > 2 > text: Input should be a valid string (it is true); use quotes: "true"',
        ),
        (
            "That one",
            "-7",
            '9: questions > 1 > options > 2 > text: Input should be a valid string (it is -7); use quotes: "-7"',
        ),
        (
            "That one",
            "~",
            '9: questions > 1 > options > 2 > text: Input should be a valid string (it is ~); use quotes: "~"',
        ),
        (
            "{text: That one}",
            "{text: }",
            "9: questions > 1 > options > 2 > text: Input should be a valid string (it is empty)",
        ),
        ("That one", "' '", "9: questions > 1 > options > 2 > text: String should have at least 1 character"),
        ("That one}", "That one, wrong: true}", "9: questions > 1 > options > 2 > wrong: Unexpected keyword argument"),
        ("Because it is.", LONG, "11: questions > 1 > explanation: String should have at most 600 characters"),
        ("answer: false", "answer: perhaps", "29: questions > 3 > answer: Input should be a valid boolean"),
        (
            "https://example.org/n/u1",
            "example.org/n/u1",
            "12: questions > 1 > references > 1: String should match pattern",
        ),
        # which answers are right
        (", right: true}\n      - {text: That", "}\n      - {text: That", "8: questions > 1 > options: 0 of 3 are ri"),
        ("That one}", "That one, right: true}", "8: questions > 1 > options: 2 of 3 are right; a single answer is"),
        ("Threes, right: true", "Threes", "19: questions > 2 > options: 1 of 3 are right; a multiple answer is at le"),
        ("{text: Twos}", "{text: Twos, right: true}", "19: questions > 2 > options: 3 of 3 are right; a multiple"),
        ("{text: Before}", "{text: Before, right: true}", "38: questions > 4 > options: one is marked as right;"),
        ("      - {text: After}\n", "", "38: questions > 4 > options: 2 options; an order has 3 to 5"),
        (
            "- {text: After}",
            "\n      ".join(f"- {{text: After {number}}}" for number in range(4)),
            "38: questions > 4 > options: 6 options; an order has 3 to 5",
        ),
        (
            "- {text: That one}",
            "\n      ".join(f"- {{text: That {number}}}" for number in range(MAX_OPTIONS)),
            "8: questions > 1 > options: Tuple should have at most 6 items",
        ),
        ("    answer: false\n", "", "24: questions > 3: a statement needs `answer`, true or false"),
        ("answer: false", "answer: false\n    options: [{text: No}]", "30: questions > 3 > options: is for the kind "),
        ("kind: order", "kind: order\n    answer: true", "35: questions > 4 > answer: is for the kind truth, but the"),
        # options that can't be told apart or shown
        ("That one", "THIS  one", "9: questions > 1 > options > 2: says the same as option 1"),
        ("The other", "that one", "10: questions > 1 > options > 3: says the same as option 2"),
        ("The other", '"The\\nother"', "10: questions > 1 > options > 3: an option must be one line"),
        # found with the course and the other questions
        ("id: q-truth", "id: q-single", "2: questions > 1 > id: 'q-single' is used 2 times in the bank"),
        ("id: q-truth", "id: q-single", "24: questions > 3 > id: 'q-single' is used 2 times in the bank"),
        ("id: q-truth", "id: q-other", "24: questions > 3 > id: 'q-other' is used 2 times in the bank"),
        ("module: n", "module: o", "3: questions > 1 > module: 'o' is a module of path 'b'; its questions belong in b"),
        ("module: n", "module: zz", "3: questions > 1 > module: 'zz' is not a module of path 'a'"),
        (
            "org/m/u2",
            "org/m/u22",
            "23: questions > 2 > references > 1: https://example.org/m/u22 is not the addr",
        ),
        (
            "org/m/u2",
            "org/m",
            "23: questions > 2 > references > 1: https://example.org/m is not the address of a unit of ",
        ),
        ("org/m/u2", "org/m/u0", "23: questions > 2 > references > 1: is the introduction of a module; give"),
        ("org/m/u2", "org/m/u3", "23: questions > 2 > references > 1: is the assessment of a module; give"),
        ("org/m/u2", "org/m/u4", "23: questions > 2 > references > 1: is the summary of a module; give"),
        (
            "    references: [https://example.org/n/u1]\n",
            "",
            "2: questions > 1 > references: is missing; give the page",
        ),
        # not a bank
        ("id: q-single", "id: [q-single", "3: not YAML: "),
        ("difficulty: 2", "difficulty: 2\n    difficulty: 3", "6: not YAML: the key 'difficulty' appears twice"),
        (A, "questions: []\n", "1: questions: Tuple should have at least 1 item"),
        (A, "- id: a\n", "1: a question file is a mapping with `questions`, which is a list"),
        (A, "", "1: a question file is a mapping with `questions`, which is a list"),
    ],
)
def test_a_fault_is_told_with_its_place(tiny, old, new, expected):
    assert A.count(old) >= 1, "the test breaks what it means to break"
    found = faults({"a": A.replace(old, new, 1), "b": B}, tiny)
    assert any(fault.startswith(f"t-1/a.yaml:{expected}") for fault in found), found
    assert not any("\n" in fault for fault in found), "one line for each"


def test_what_may_have_been_meant_is_said(tiny):
    (fault,) = faults({"a": A.replace("org/m/u2", "org/m/2-u2")}, tiny)
    assert fault.endswith("of module 'm'; did you mean https://example.org/m/u2?")


def test_a_file_of_no_path(tiny):
    assert faults({"c": A, "b": B}, tiny) == [
        "t-1/c.yaml:1: 'c' is not a learning path of T-1; a file may be a.yaml, b.yaml"
    ]


def test_two_files_for_one_path_are_a_fault_that_names_both(tiny):
    assert faults({"a.yml": A, "a.yaml": A, "b.YAML": B}, tiny) == [
        "t-1/a.yaml: a.yml is for the same learning path; keep one of the files"
    ]


def test_a_fault_names_the_file_as_it_is_called(tiny):
    (fault,) = faults({"a.yml": A.replace("difficulty: 2", "difficulty: 4"), "b.YAML": B}, tiny)
    assert fault.startswith("t-1/a.yml:5: ")


def test_a_merged_key_can_be_overridden(tiny):
    text = B.replace("  - id", "  - &d\n    id") + "  - <<: *d\n    id: q-second\n    answer: false\n"
    bank = read_bank({"b.yaml": text}, tiny)
    assert [(each.id, each.answer, each.module) for each in bank.questions.values()] == [
        ("q-other", True, "o"),
        ("q-second", False, "o"),
    ]
    (fault,) = faults({"b.yaml": text.replace("answer: false", "difficulty: 9")}, tiny)
    assert fault.startswith("t-1/b.yaml:12: questions > 2 > difficulty: "), "the line of the override"


def test_all_faults_of_all_files_at_once(tiny):
    broken = A.replace("id: q-truth", "id: q-other").replace("Threes, right: true", "Threes").replace("/m/u2", "/m/u3")
    found = faults({"a": broken, "b": B, "c": B}, tiny)
    places = [f"t-1/{place}" for place in ("a.yaml:19", "a.yaml:23", "a.yaml:24", "b.yaml:2", "c.yaml:1")]
    assert [fault.split(": ")[0] for fault in found] == places
    found = faults({"a": A.replace("difficulty: 2", "difficulty: x"), "b": "questions: [", "c": B}, tiny)
    assert [fault.split(": ")[0] for fault in found] == ["t-1/a.yaml:5", "t-1/b.yaml:2", "t-1/c.yaml:1"]


def test_the_bank_of_az_104_is_whole(courses):
    course = courses["az-104"]
    bank = read_bank({file.stem: file.read_text("utf-8") for file in DATA.glob("*.yaml")}, course)
    assert len(bank) >= 174
    assert {question.kind for question in bank.questions.values()} == set(Kind)
    assert set(bank.of_domain) == {domain.id for domain in course.exam.domains}
    assert set(bank.of_skill) == set(course.domain_of_skill), "every skill has questions"
    for question in bank.questions.values():
        assert question.references[0].startswith("https://"), question.id
        assert question.domain == course.domain_of_skill.get(question.skill)
        assert question.outline == course.exam.outline
        assert question in bank.of_route[question.route]
        assert question in bank.of_route[question.route.split("/")[0]]
        if question.unit:
            unit = course.nodes[question.unit]
            assert unit.kind in TEACHING
            assert unit.link in question.references
