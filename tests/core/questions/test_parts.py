"""Questions of parts and exhibits: reading, marking, partial credit, the order of options and each fault."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.course.reading import CourseReader
from bot.core.questions.answer import (
    UNANSWERED,
    chosen,
    credit,
    fits,
    is_complete,
    letters_of,
    mark,
    part_orders,
    with_part,
)
from bot.core.questions.bank import read_bank
from bot.core.questions.question import MAX_WHOLE, Format, Kind
from bot.errors import BrokenBank, Stale

COURSE = """\
code: P-1
title: Parts
overview: A course with skills.
exam:
  pass_mark: 700
  out_of: 1000
  minutes: 100
  outline: 2026-04-17
  domains:
    - id: one
      title: One
      weight: [40, 60]
      skills: [{id: locks, statement: Protect resources}]
    - id: two
      title: Two
      weight: [40, 60]
      skills: [{id: logs, statement: Query logs}]
paths:
  - id: a
    title: Path a
    domain: one
    modules:
      - id: m
        title: Module m
        url: https://example.org/m
        teaches: [locks]
        units: [{id: u, title: Unit, kind: reading, minutes: 3}]
"""
FILE = """\
outline: 2026-04-17
questions:
  - id: q-yesno
    skill: locks
    module: m
    kind: yesno
    difficulty: 3
    prompt: For each statement, select Yes if it is true.
    exhibit: |
      Name  Lock
      VM1   Delete
    exhibit_format: text
    statements:
      - {text: You can delete VM1., answer: false}
      - {text: You can restart VM1., answer: true}
      - {text: You can resize VM1., answer: true}
    explanation: A delete lock stops only deletion.
    references: [https://example.org/docs/locks, https://example.org/m/u]
    review_by: 2027-06-30
  - id: q-complete
    skill: logs
    kind: complete
    difficulty: 2
    prompt: How should you complete the query?
    command: |
      Heartbeat
      | [1] TimeGenerated > ago(1h)
      | [2] count() by Computer
    command_format: kql
    gaps:
      - {right: where, options: [where, project, extend]}
      - {right: summarize, options: [join, summarize, top, count]}
    explanation: Filter, then group.
    references: [https://example.org/docs/kql]
  - id: q-matching
    skill: none
    module: m
    kind: matching
    difficulty: 1
    prompt: Match them.
    choices: [LRS, ZRS, GRS, GZRS]
    items:
      - {text: One datacenter, answer: LRS}
      - {text: Three zones, answer: ZRS}
      - {text: Zones again, answer: ZRS}
    explanation: By their names.
    references: [https://example.org/docs/redundancy]
  - {id: c1, case: shop, skill: locks, module: m, kind: truth, difficulty: 1, prompt: So., answer: true,
     explanation: So., references: ["https://example.org/docs/1"]}
  - {id: c2, case: shop, skill: logs, kind: truth, difficulty: 1, prompt: So too., answer: true,
     explanation: So., references: ["https://example.org/docs/1"]}
  - {id: c3, case: shop, skill: locks, module: m, kind: truth, difficulty: 1, prompt: So as well., answer: false,
     explanation: So., references: ["https://example.org/docs/1"]}
  - {id: c4, case: shop, skill: locks, module: m, kind: truth, difficulty: 1, prompt: And so., answer: false,
     explanation: So., references: ["https://example.org/docs/1"]}
cases:
  - id: shop
    title: A shop
    text: It sells things.
"""
some = settings(max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def course():
    return CourseReader().read(COURSE, "p-1.yaml")


@pytest.fixture(scope="module")
def bank(course):
    return read_bank({"a.yaml": FILE}, course)


def test_a_file_is_read(bank):
    yesno, complete, matching = (bank.questions[f"q-{kind}"] for kind in ("yesno", "complete", "matching"))
    assert [(part.label, part.options, part.right) for part in yesno.parts] == [
        ("You can delete VM1.", ("Yes", "No"), 1),
        ("You can restart VM1.", ("Yes", "No"), 0),
        ("You can resize VM1.", ("Yes", "No"), 0),
    ]
    assert [(part.label, part.right) for part in complete.parts] == [("[1]", 0), ("[2]", 1)]
    assert [part.right for part in matching.parts] == [0, 1, 1]
    assert (yesno.exhibit, yesno.exhibit_format) == ("Name  Lock\nVM1   Delete\n", Format.TEXT)
    assert (yesno.domain, complete.domain, matching.domain) == ("one", "two", None), "a question's is its skill's"
    assert (yesno.route, complete.route) == ("a/m", "a"), "a question without a module belongs to its path"
    assert (yesno.unit, complete.unit) == ("a/m/u", "")
    assert yesno.review_by == date(2027, 6, 30)
    assert {question.outline for question in bank.questions.values()} == {date(2026, 4, 17)}
    assert {skill: len(questions) for skill, questions in bank.of_skill.items()} == {"locks": 4, "logs": 2}
    assert bank.cases["shop"].questions == ("c1", "c2", "c3", "c4"), "in the order of the file"
    assert bank.case_of(bank.questions["c2"]) is bank.cases["shop"]
    assert bank.case_of(yesno) is None


def test_an_answer_is_right_if_all_parts_are(bank):
    yesno = bank.questions["q-yesno"]
    assert mark(yesno, (1, 0, 0))
    for wrong in ((0, 0, 0), (0, 0, 1), (1, 0), (), (1, 0, UNANSWERED)):
        assert not mark(yesno, wrong)
    assert [round(credit(yesno, given), 2) for given in ((1, 0, 0), (0, 0, 0), (0, 1, 1), (1, UNANSWERED, 1), ())] == [
        1, 0.67, 0, 0.33, 0,
    ]  # fmt: skip
    assert is_complete(yesno, (0, 0, 0))
    assert not is_complete(yesno, (0, UNANSWERED, 0))
    assert fits(yesno, (0, UNANSWERED, 1))
    assert not fits(yesno, (0, 2, 1))
    assert not fits(yesno, (0, 1))


def test_credit_for_several_options(course):
    text = FILE.replace("    kind: matching\n", "    kind: multiple\n")
    start, end = text.index("    choices:"), text.index("    explanation: By their")
    options = "".join(f"      - {{text: Option {n}, right: {str(n < 3).lower()}}}\n" for n in range(5))
    text = f"{text[:start]}    options:\n{options}{text[end:]}"
    question = read_bank({"a.yaml": text}, course).questions["q-matching"]
    given = ((0, 1, 2), (0, 1), (0, 1, 4), (0, 1, 2, 3), (3, 4), ())
    assert [round(credit(question, each), 2) for each in given] == [1, 0.67, 0.67, 0, 0, 0]


@some
@given(st.sampled_from(["q-yesno", "q-complete", "q-matching"]), st.integers(0, 2**64), st.data())
def test_letters_and_options_are_the_same_answer(bank, name, seed, data):
    question = bank.questions[name]
    given = tuple(data.draw(st.integers(UNANSWERED, len(part.options) - 1)) for part in question.parts)
    letters = letters_of(question, seed, given)
    assert len(letters) == len(question.parts)
    assert chosen(question, seed, letters) == given
    part = data.draw(st.integers(0, len(question.parts) - 1))
    assert chosen(question, seed, with_part(letters, part, "A"))[part] == part_orders(question, seed)[part][0]


def test_yes_comes_first_and_all_items_have_one_order(bank):
    assert all(order == (0, 1) for seed in range(50) for order in part_orders(bank.questions["q-yesno"], seed))
    orders = [part_orders(bank.questions["q-matching"], seed) for seed in range(50)]
    assert all(len(set(each)) == 1 for each in orders)
    assert len(set(orders)) > 10
    assert len({part_orders(bank.questions["q-complete"], seed) for seed in range(50)}) > 10


@pytest.mark.parametrize("letters", ["", "A", "AB", "ABAB", "ABC", "abA", "A A", "AB?"])
def test_letters_that_no_select_has(bank, letters):
    with pytest.raises(Stale):
        chosen(bank.questions["q-yesno"], 1, letters)


@pytest.mark.parametrize(("part", "letter"), [(3, "A"), (-1, "A"), (0, ""), (0, "AB")])
def test_parts_that_no_select_has(part, letter):
    with pytest.raises(Stale):
        with_part("---", part, letter)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("skill: locks\n    module: m\n    kind: yesno", "module: m\n    kind: yesno",
         "questions > 1 > skill: is missing; give the ID of a skill of the exam, or 'none'"),
        ("skill: logs\n    kind", "skill: log\n    kind", "skill: 'log' is not a skill of the exam"),
        ("      - {text: You can resize VM1., answer: true}\n", "", "statements: 2 statements; a series has 3"),
        ("You can resize VM1.", "you can restart VM1.", "statements > 3: says the same as option 2"),
        ("    kind: yesno", "    kind: single", "statements: is for the kind yesno, but the kind is single"),
        ("| [2] count()", "| [3] count()", "command: must contain each gap once: [1], [2]"),
        ("| [2] count()", "| [1] count()", "command: must contain each gap once: [1], [2]"),
        ("{right: where,", "{right: filter,", "gaps > 1 > right: 'filter' is not one of the gap's options"),
        ("options: [where, project, extend]", "options: [where, where, extend]", "options > 2: says the same as opt"),
        ("options: [where, project, extend]", "options: [where, project]", "options: Tuple should have at least 3"),
        ("answer: LRS", "answer: RAID", "items > 1 > answer: 'RAID' is not one of the choices"),
        ("      - {text: Zones again, answer: ZRS}\n", "", "items: 2 items; a matching has 3 to 5"),
        ("[LRS, ZRS, GRS, GZRS]", "[LRS, ZRS]", "choices: 2 choices; a matching has 3 to 6"),
        ("VM1   Delete", f"VM1   {'x' * 46}", "exhibit: line 2 has 52 characters; at most 36 fit on a phone"),
        ("| [2] count()", f"| [2] {'x' * 41}", "command: line 3 has 59 characters; at most 46 fit on a phone"),
        ("VM1   Delete", "\n      ".join(["VM"] * 24), "exhibit: 25 lines; at most 24 fit on a phone"),
        ("VM1   Delete", "```", "exhibit: must not contain ```, which ends the code block"),
        ("    exhibit_format: text", "    exhibit_format: html", "exhibit_format: Input should be 'text', 'json'"),
        ("    prompt: Match them.", "    prompt: Match them.\n    exhibit_format: json", "exhibit_format: is for an"),
        ("prompt: So.,", f"prompt: {'x' * 401},", "prompt: 401 characters; at most 400 in a case study"),
        ("prompt: Match them.", f"prompt: {'x' * 601}", "prompt: 601 characters; at most 600 without an exhibit"),
        ("case: shop, skill: locks, module: m, kind: truth, difficulty: 1, prompt: So.",
         "case: shed, skill: locks, module: m, kind: truth, difficulty: 1, prompt: So.",
         "case: 'shed' is not in `cases` of this file"),
        ("case: shop, skill: logs, ", "skill: logs, ", "cases > 1: has 3 questions (`case: shop`); a case study has 4"),
        ("[https://example.org/docs/kql]", "[http://example.org/docs]", "references > 1: String should match pattern"),
        ("[https://example.org/docs/kql]", "[https://a.org, https://b.org, https://c.org]", "references: Tuple should"),
        ("[https://example.org/docs/kql]", "[https://a.org, https://a.org]", "references: has the same address twice"),
        ("[https://example.org/docs/kql]", "[]", "references: is missing; give the page that contains the answer"),
        ("review_by: 2027-06-30", "review_by: soon", "review_by: Input should be a valid date"),
        ("    text: It sells things.", f"    text: {'x' * 1401}", "cases > 1 > text: String should have at most 1400"),
    ],
)  # fmt: skip
def test_every_rule_has_a_fault_with_its_place(course, old, new, expected):
    assert old in FILE, "the test breaks what it means to break"
    with pytest.raises(BrokenBank) as caught:
        read_bank({"a.yaml": FILE.replace(old, new, 1)}, course)
    assert any(expected in fault and fault.startswith("p-1/a.yaml:") for fault in caught.value.faults), (
        caught.value.faults
    )


def test_all_texts_together_have_a_limit(course):
    long = FILE.replace("VM1   Delete", "\n      ".join(["x" * 36] * 23)).replace("select Yes", "y" * 650)
    long = long.replace("You can delete VM1.", "d" * 200).replace("You can restart VM1.", "r" * 200)
    with pytest.raises(BrokenBank, match=rf"at most {MAX_WHOLE} fit: shorten the exhibit or prompt"):
        read_bank({"a.yaml": long}, course)


def test_a_course_without_skills_counts_by_path():
    cut = COURSE.replace("      skills: [{id: locks, statement: Protect resources}]\n", "")
    cut = cut.replace("      skills: [{id: logs, statement: Query logs}]\n", "").replace(
        "        teaches: [locks]\n", ""
    )
    plain = CourseReader().read(cut, "p-1.yaml")
    text = FILE.replace("    skill: locks\n", "").replace("    skill: logs\n", "").replace("skill: locks, ", "")
    found = read_bank({"a.yaml": text.replace("skill: logs, ", "")}, plain)
    assert found.questions["q-complete"].domain == "one", "of the path"
    assert found.questions["q-matching"].domain is None, "for practice only"
    assert [question.kind for question in found.of_domain["one"][:1]] == [Kind.YESNO]
