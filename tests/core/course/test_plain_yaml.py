"""YAML from strangers: plain values, every fault with its line, and bounded work for any input."""

import re
import sys
from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import StringConstraints

from bot.core.course import course as types_of_courses
from bot.core.course.plain_yaml import COLLECTION, MAX_CHARACTERS, MAX_FAULTS, MAX_VALUES, TEXT_KEYS, Node, read
from bot.core.questions import question as types_of_questions
from bot.errors import BrokenCourse


def fault(text):
    with pytest.raises(BrokenCourse) as caught:
        read(text, "t.yaml")
    return caught.value.faults[-1].removeprefix("t.yaml:")


def expanded(node: Node) -> int:
    """Values and keys of a tree with aliases expanded, counted independently of ``Node.size``."""
    if node.children is None:
        return 1
    below = node.children.values() if isinstance(node.children, dict) else node.children
    return COLLECTION + sum(map(expanded, below)) + (len(below) if isinstance(node.children, dict) else 0)


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: on", {"a": "on"}),
        ("a: No", {"a": "No"}),
        ("a: 2026-01-01", {"a": "2026-01-01"}),
        ("a: 1.5", {"a": "1.5"}),
        ("a: 0x1f", {"a": "0x1f"}),
        ("a: 012", {"a": "012"}),
        ("a: 12", {"a": 12}),
        ("a: -3", {"a": -3}),
        ("a: True", {"a": True}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: '12'", {"a": "12"}),
        ("a: !!str 12", {"a": "12"}),
        ("1: a\n~: b\ntrue: c", {"1": "a", "~": "b", "true": "c"}),
        ("- &x [1, 2]\n- *x", [[1, 2], [1, 2]]),
        ("a: &d {b: 1, c: 2}\ne: {<<: *d, c: 3}", {"a": {"b": 1, "c": 2}, "e": {"b": 1, "c": 3}}),
        ("a: {c: 3, <<: [{b: 1}, {b: 2, c: 2, d: 4}]}", {"a": {"c": 3, "b": 1, "d": 4}}),
        ("a: {'<<': 3}", {"a": {"<<": 3}}),
        ("\ufeffa: 1", {"a": 1}),
        ("", None),
    ],
)
def test_plain_values(text, value):
    assert read(text, "t.yaml").value == value


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_what_is_dumped_is_read_back(value):
    text = yaml.safe_dump(value, allow_unicode=True)
    assume(yaml.safe_load(text) == value)  # PyYAML doesn't dump all control characters correctly
    assert read(text, "t.yaml").value == value


@given(st.text())
def test_any_text_is_read_or_is_a_fault_with_its_line(text):
    try:
        read(text, "t.yaml")
    except BrokenCourse as broken:
        faults = broken.faults
    else:
        faults = ()
    assert all(re.fullmatch(r"t\.yaml:\d+: .+", each) for each in faults)


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: !!float abc", "1: the tag !!float is not supported"),
        ('a: !!int ""', "1: the tag !!int is not supported"),
        ("a: !!timestamp 0000-00-00", "1: the tag !!timestamp is not supported"),
        ("a: !!bool maybe", "1: the tag !!bool is not supported"),
        ("a: !!binary =", "1: the tag !!binary is not supported"),
        ("a: !!set {b}", "1: the tag !!set is not supported"),
        ("a: !!python/name:os.system x", "1: the tag !!python/name:os.system is not supported"),
        ("a: !important", "1: the tag !important is not supported; remove it, or put the text in quotes"),
        ("b: 1\na: " + "1" * 5000, "2: a number of more than 18 digits; put it in quotes if it is text"),
        ("a: &x [*x]", "1: the alias *x contains itself"),
        ("a: *bold", "1: the alias *bold has no anchor; a text that starts with `*` needs quotes"),
        ("a: 1\na: 2", "2: not YAML: the key 'a' appears twice"),
        (f"{'k' * 61}: 1\n{'k' * 61}: 2", f"2: not YAML: the key '{'k' * 60}' appears twice"),
        ("a: {<<: {b: 1}, <<: {c: 1}}", "1: not YAML: the key '<<' appears twice"),
        ("<<: 3", "1: `<<` merges a mapping or a list of mappings"),
        ("? [a]\n: b", "1: not YAML: found unhashable key"),
        ("a: 1\n---\nb: 2", "2: not YAML: expected a single document"),
        ("%TAG ! x\n---\na: b", "1: %TAG is not supported"),
        ("a: \ud800", "1: not valid Unicode"),
        ("a: 1\nb: \x00", "2: not YAML: "),
        # a text that needs quotes
        ("a: `code`", "1: not YAML: found character that cannot start any token; a text that starts with ``` needs"),
        ("a: @name", "1: not YAML: found character that cannot start any token; a text that starts with `@` needs"),
        ("a: %", "1: not YAML: found character that cannot start any token; a text that starts with `%` needs"),
        ("a: b: c", "1: not YAML: mapping values are not allowed in this context; a text that contains `: ` needs"),
        ("a: *b*", "1: not YAML: did not find expected alphabetic or numeric character; a text that starts with `*`"),
        ("a: | b", "1: not YAML: did not find expected comment or line break; a text that starts with `|` or `>`"),
        ("a: - b", "1: not YAML: block sequence entries are not allowed in this context; a text that starts with `- `"),
        ('a: "C:\\path"', "1: not YAML: found unknown escape character; a text with a backslash needs single quotes"),
        ('a: "b\nc: d\n', "3: not YAML: found unexpected end of stream; a quotation mark is not closed; it starts in"),
        ("a:\n\t- b", "2: not YAML: found character that cannot start any token; indent with spaces, not tabs"),
        (
            "a:\n  b: c\n\td: e",
            "3: not YAML: found a tab character that violates indentation; indent with spaces, not tabs",
        ),
        ("a: {b: C # sharp}\nc: 1", "2: not YAML: did not find expected ',' or '}'; check quotes, brackets and inden"),
    ],
)
def test_a_fault_has_its_line_and_says_what_to_do(text, expected):
    assert fault(text).startswith(expected)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: Learn C # quickly", 1),
        ("x: 1\ntitle: # first steps", 2),
        ("- {text: F}\n- {text: ä F # x\n  }", 2),
        ("skills:\n  - Write C # well\n", 2),
        ("\r\nprompt: Which?\t#1", 2),
    ],
)
def test_a_comment_that_cuts_off_a_text_is_a_fault(text, line):
    assert fault(text).startswith(f"{line}: ")
    assert fault(text).endswith("ends at ` #`, which starts a comment; put the text in quotes")


@pytest.mark.parametrize(
    "text", ["title: C#", "title: 'C # x'", 'title: "C" # x', "title: C\n# x", "title: >-  # x\n  C", "id: a # x"]
)
def test_other_comments_are_none(text):
    assert "C" in read(text, "t.yaml").value.get("title", "C")


def test_all_texts_that_a_comment_can_cut_off_are_listed():
    """A text without a pattern can be anything, so nothing else notices that a part of it is missing."""
    found = set()
    for module in (types_of_courses, types_of_questions):
        for each in (each for each in vars(module).values() if is_dataclass(each)):
            hints = get_type_hints(each, include_extras=True)
            found |= {name.name for name in fields(each) if name.init and _is_prose(hints[name.name])}
    assert found <= TEXT_KEYS
    assert {"title", "overview", "prompt", "text", "skills"} <= found


def _is_prose(hint) -> bool:
    constraints = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, StringConstraints)]
    if constraints:
        return constraints[0].pattern is None
    return any(_is_prose(each) for each in get_args(hint))


def test_faults_that_do_not_stop_the_reader_are_all_listed_up_to_a_limit():
    text = "".join(f"- {{title: A{number} # x\n  }}\n" for number in range(MAX_FAULTS + 20))
    with pytest.raises(BrokenCourse) as caught:
        read(text, "t.yaml")
    assert [each.split(":")[1] for each in caught.value.faults] == [str(2 * n + 1) for n in range(MAX_FAULTS)]


# --- bounds ---------------------------------------------------------------------------------------------------------


def test_aliases_count_as_often_as_they_are_expanded():
    text = "a: &a [1, 2, 3]\nb: &b [*a, *a]\nc: [*b, *b, *b]\n"
    node = read(text, "t.yaml")
    assert node.size == expanded(node)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [" + "x, " * 400 + "]\nb: &b [" + "*a, " * 400 + "]\nc: [" + "*b, " * 400 + "]\n",
        "- &a {" + ", ".join(f"k{n}: 1" for n in range(400)) + "}\n" + "- {<<: *a}\n" * 400,
        "- &a0 {x: 1}\n" + "".join(f"- &a{n + 1} {{<<: *a{n}, k{n}: 1}}\n" for n in range(2000)),
        "- &a '" + "x" * 1_000_000 + "'\n" + "- *a\n" * 1000,
        "- a\n" * (MAX_VALUES - COLLECTION + 1),
        "- {}\n" * (MAX_VALUES // COLLECTION),
        "[" + "a," * (MAX_VALUES + 1) + "]",
        "".join(f"k{n}: 1\n" for n in range(MAX_VALUES)),
    ],
)
def test_more_values_than_the_limit_are_refused_when_the_limit_is_reached(text):
    assert "more than 100,000 values, with aliases expanded" in fault(text)


def test_as_many_values_as_the_limit_are_read():
    assert read("- a\n" * (MAX_VALUES - COLLECTION), "t.yaml").size == MAX_VALUES


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_depth_is_limited(opening):
    assert fault(opening * 100_000).startswith("1: nested deeper than 32 levels")


def test_length_is_limited():
    assert fault("#" * (MAX_CHARACTERS + 1)) == "1: longer than 5,000,000 characters; split the file"
    assert read("#" * MAX_CHARACTERS, "t.yaml").value is None


def calls(work) -> int:
    """Python and C functions that ``work`` calls."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    except BrokenCourse:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "- a\n",
        "- &a b\n",
        "[",
        "- ",
        "{a: ",
        "a: b: ",
        "# \n",
        "'",
        "%TAG !a! b\n",
        "- {title: a # b\n  }\n",
        "- *a\n",
        "? ",
    ],
)
def test_work_grows_with_the_text_and_no_faster(unit):
    small, large = (calls(lambda count=count: read(unit * count, "t.yaml")) for count in (1000, 4000))
    assert large <= 4 * small + 200
