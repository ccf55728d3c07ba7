"""Course files: the four real ones can be read, and every fault has its file, line and place."""

import re
from datetime import date

import pytest

from bot.core.course.course import Kind
from bot.core.course.plain_yaml import MAX_FAULTS
from bot.errors import BrokenCourse

GOOD = """\
code: T-1
title: Tiny
overview: A course to break.
exam:
  pass_mark: 700
  out_of: 1000
  minutes: 100
  outline: 2026-04-17
  domains:
    - {id: one, title: One, weight: [40, 60]}
    - {id: two, title: Two, weight: [40, 60]}
retires: 2027-01-01
renamed:
  old: a
retired:
  - {id: gone/m, title: Gone, "on": 2026-01-01}
paths:
  - id: a
    aliases: [t1-a]
    title: Path a
    url: https://example.org/a
    domain: one
    modules:
      - id: m
        title: Module m
        url: https://example.org/m
        units:
          - {id: u1, title: Unit 1, kind: reading, minutes: 3}
          - {id: u2, title: Unit 2, kind: exercise, minutes: 7, url: https://example.org/u2}
      - id: n
        title: Module n
  - id: b
    title: Path b
    modules: []
"""
SECOND = "          - {id: u2, title: Unit 2, kind: exercise, minutes: 7, url: https://example.org/u2}"


def faults(reader, text, name="t.yaml"):
    with pytest.raises(BrokenCourse) as caught:
        reader.read(text, name)
    assert str(caught.value).splitlines()[1:] == [f"- {fault}" for fault in caught.value.faults]
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("code", "paths", "modules", "units"),
    [("az-104", 6, 29, 242), ("az-900", 3, 11, 92), ("az-400", 8, 47, 445), ("dp-900", 4, 9, 63)],
)
def test_real_courses_are_whole(courses, code, paths, modules, units):
    nodes = list(courses[code].nodes.values())
    assert [sum(node.word == word for node in nodes) for word in ("learning path", "module", "unit")] == [
        paths,
        modules,
        units,
    ]
    assert len({node.key for course in courses.values() for node in course.nodes.values()}) == sum(
        len(course.nodes) for course in courses.values()
    )
    for node in nodes:
        assert node.course == code
        assert node.route.split("/")[-1] == node.id
        assert node.length > 0
        assert node.link is None or node.link.startswith("https://")
        assert courses[code].nodes[node.route] is node
    assert courses[code].minutes == sum(courses[code].minutes_of.values())


def test_az_104_is_as_published(courses):
    course = courses["az-104"]
    assert (course.code, course.id, course.number) == ("AZ-104", "az-104", "AZ-104T00-A")
    order = ["prerequisites", "manage", "implement", "deploy", "configure", "monitor"]
    assert [path.id for path in course.paths] == order
    assert [path.aliases for path in course.paths] == [(f"az104-{name}",) for name in order]
    assert course.exam is not None
    assert (course.exam.pass_mark, course.exam.out_of, course.exam.minutes) == (700, 1000, 100)
    assert course.exam.outline == date(2026, 4, 17)
    assert {domain.id: domain.weight for domain in course.exam.domains} == {
        "identities": (20, 25),
        "storage": (15, 20),
        "compute": (20, 25),
        "networking": (15, 20),
        "monitoring": (10, 15),
    }
    served = {path.id: path.domain for path in course.paths}
    assert served == {
        "prerequisites": None,
        "manage": "identities",
        "implement": "storage",
        "deploy": "compute",
        "configure": "networking",
        "monitor": "monitoring",
    }
    assert None not in (course.links.certification, course.links.study_guide, course.links.practice_assessment)
    assert course.prerequisites
    assert course.skills
    assert all(path.glyph and path.color and path.short and path.description for path in course.paths)
    assert all(module.description and module.units for path in course.paths for module in path.modules)


def test_a_course_knows_where_its_nodes_stand(reader):
    course = reader.read(GOOD, "t.yaml")
    assert list(course.nodes) == ["a", "a/m", "a/m/u1", "a/m/u2", "a/n", "b"]
    assert course.nodes["a"].leaves == ("a/m/u1", "a/m/u2", "a/n")
    assert course.nodes["b"].leaves == ("b",)
    assert [course.nodes[route].link for route in course.nodes] == [
        "https://example.org/a",
        "https://example.org/m",
        "https://example.org/m/u1",
        "https://example.org/u2",
        "https://example.org/a",
        None,
    ]
    assert (course.nodes["a"].length, course.nodes["a/n"].length) == (10, 0)
    assert [node.route for node in course.ancestors(course.nodes["a/m/u1"])] == ["a", "a/m"]
    assert course.nodes["a/m/u2"].kind is Kind.EXERCISE


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # found by the types
        ("title: Tiny\n", "", "1: title: Field required"),
        ("title: Tiny", "titel: Tiny", "2: titel: Unexpected keyword argument (it is 'Tiny')"),
        ("code: T-1", "code: T 1", "1: code: String should match"),
        ("title: Tiny", "title: 7", '2: title: Input should be a valid string (it is 7); use quotes: "7"'),
        ("title: Path a", f"title: {'x' * 101}", "20: paths > 1 > title: String should have at most 100"),
        ("id: m\n", "id: M m\n", "24: paths > 1 > modules > 1 > id: String should match"),
        ("kind: reading", "kind: lecture", "28: paths > 1 > modules > 1 > units > 1 > kind: Input should be"),
        ("minutes: 3", "minutes: 0", "28: paths > 1 > modules > 1 > units > 1 > minutes: Input should be greater"),
        (", minutes: 7", "", "29: paths > 1 > modules > 1 > units > 2 > minutes: Field required"),
        ("url: https://example.org/m", "url: example.org", "26: paths > 1 > modules > 1 > url: String should match"),
        ("domain: one", "glyph: terminl", "22: paths > 1 > glyph: 'terminl' is not a glyph; did you mean terminal?"),
        ("domain: one", "color: bleu", "22: paths > 1 > color: 'bleu' is not a color; did you mean blue?"),
        ("domain: one", "color: 7", "22: paths > 1 > color: '7' is not a color; choose one of blue, purple, teal"),
        ("domain: one", "glyph: [key]", "22: paths > 1 > glyph: "),
        ("domain: one", f"short: {'x' * 33}", "22: paths > 1 > short: String should have at most 32"),
        ("domain: one", "badge: https://e.example/b.svg", "22: paths > 1 > badge: Unexpected keyword argument"),
        ("domain: one", "domian: one", "22: paths > 1 > domian: Unexpected keyword argument"),
        ("[40, 60]}\nret", "[40, 101]}\nret", "11: exam > domains > 2 > weight > 2: Input should be less than or eq"),
        ("retires: 2027-01-01", "retires: soon", "12: retires: Input should be a valid date"),
        ("id: gone/m", "id: Gone M", "16: retired > 1 > id: String should match"),
        ('"on": 2026-01-01', '"on": last year', "16: retired > 1 > on: Input should be a valid date"),
        ("    modules: []", "    modules: 3", "34: paths > 2 > modules: Input should be a valid tuple (it is 3)"),
        # found in the whole course
        ("- id: b", "- id: a", "32: paths > 2 > id: 'a' is used 2 times among its siblings"),
        ("- id: n", "- id: m", "30: paths > 1 > modules > 2 > id: 'm' is used 2 times among its siblings"),
        ("id: u2", "id: u1", "29: paths > 1 > modules > 1 > units > 2 > id: 'u1' is used 2 times among its siblings"),
        (
            "org/u2",
            "org/m/u1",
            "29: paths > 1 > modules > 1 > units > 2: https://example.org/m/u1 is also the address of another unit",
        ),
        ("[t1-a]", "[b]", "19: paths > 1 > aliases: 'b' also names another path"),
        ("modules: []", "aliases: [t1-a]", "19: paths > 1 > aliases: 't1-a' also names another path"),
        ("domain: one", "domain: three", "22: paths > 1 > domain: 'three' is not a domain of the exam"),
        ("One, weight: [40, 60]", "One, weight: [60, 40]", "10: exam > domains > 1 > weight: 60 to 40: the lower"),
        (
            "One, weight: [40, 60]",
            "One, weight: [10, 30]",
            "10: exam > domains: no values within these weights sum to 1",
        ),
        (
            "One, weight: [40, 60]",
            "One, weight: [70, 80]",
            "10: exam > domains: no values within these weights sum to 1",
        ),
        ("id: two", "id: one", "10: exam > domains: two domains have the same id"),
        ("pass_mark: 700", "pass_mark: 1001", "5: exam > pass_mark: is above the highest score"),
        ("retires: 2027-01-01", "retires: 2026-04-17", "12: retires: is before the date of the exam's outline"),
        ("renamed:\n  old", "successor: T-1\nrenamed:\n  old", "13: successor: is this course itself"),
        ("retires: 2027-01-01", "successor: X-2", "12: successor: needs `retires`, the date on which the exam ends"),
        ("old: a", "b: a", "14: renamed > b: is still in the course, so it can't be renamed"),
        ("old: a", "old: nowhere", "14: renamed > old: leads to 'nowhere', which is not in the course"),
        ("old: a", "old: older\n  older: old", "14: renamed > old: leads to 'ol"),
        ("id: gone/m", "id: a/m", "16: retired > 1 > id: 'a/m' is still in the course, so it is not retired"),
        ("id: gone/m", "id: old", "16: retired > 1 > id: 'old' can't be both renamed and retired"),
        (
            "2026-01-01}",
            '2026-01-01}\n  - {id: gone/m, title: Again, "on": 2026-01-02}',
            "17: retired > 2 > id: 'gone/m' is listed twice",
        ),
        (
            SECOND,
            "\n".join(f"          - {{id: v{n}, title: V, kind: reading, minutes: 1}}" for n in range(50)),
            "28: paths > 1 > modules > 1 > units: 51 are too many for one form; 50 fit",
        ),
        # not a course
        ("code: T-1", "code: [T-1", "2: not YAML: "),
        ("title: Tiny", "title: T\x00", "2: not YAML: "),
        ("title: Tiny", "? [a]\n: b", "2: not YAML: found unhashable key"),
        # accepted by YAML
        ("retires: 2027-01-01", "retires: 2027-13-01", "12: "),
        ("pass_mark: 700", "pass_mark: 0x_", "5: "),
        ("title: Path b", "title: Path b\n    title: Path c", "34: not YAML: the key 'title' appears twice"),
    ],
)
def test_a_fault_is_told_with_its_place(reader, old, new, expected):
    reader.read(GOOD, "t.yaml")
    assert GOOD.count(old) == 1 or old in ("title: Tiny", "id: m\n"), "the test breaks what it means to break"
    found = faults(reader, GOOD.replace(old, new, 1))
    assert any(fault.startswith(f"t.yaml:{expected}") for fault in found), found
    assert not any("\n" in fault for fault in found), "one line for each"


def many(key, count, text="x"):
    """A list in front of the last key of the course."""
    return f"{key}: [{', '.join([text] * count)}]\nretires: 2027-01-01"


def renames(count):
    return "renamed:\n" + "".join(f"  old{number}: a\n" for number in range(count - 1)) + "  old: a"


@pytest.mark.parametrize(
    ("old", "allowed", "refused"),
    [
        ("code: T-1", f"code: {'T' * 32}", f"code: {'T' * 33}"),
        ("title: Tiny", f"title: {'x' * 100}", f"title: {'x' * 101}"),
        ("overview: A course to break.", f"overview: {'x' * 1200}", f"overview: {'x' * 1201}"),
        ("pass_mark: 700\n  out_of: 1000", "pass_mark: 1\n  out_of: 1", "pass_mark: 0\n  out_of: 1"),
        ("pass_mark: 700\n  out_of: 1000", "pass_mark: 1\n  out_of: 1", "pass_mark: 1\n  out_of: 0"),
        ("minutes: 100", "minutes: 1", "minutes: 0"),
        ("minutes: 100", "minutes: 1440", "minutes: 1441"),
        ("One, weight: [40, 60]", "One, weight: [0, 60]", "One, weight: [-1, 60]"),
        ("One, weight: [40, 60]", "One, weight: [40, 100]", "One, weight: [40, 101]"),
        ("retires: 2027-01-01", many("skills", 12), many("skills", 13)),
        ("retires: 2027-01-01", many("prerequisites", 12), many("prerequisites", 13)),
        ("retires: 2027-01-01", many("skills", 1, "x" * 300), many("skills", 1, "x" * 301)),
        ("renamed:\n  old: a", renames(1000), renames(1001)),
        ("gone/m", "x" * 302, "x" * 303),
        ("https://example.org/a", f"https://{'x' * 504}", f"https://{'x' * 505}"),
        ("minutes: 3", "minutes: 1", "minutes: 0"),
        ("minutes: 3", "minutes: 6000", "minutes: 6001"),
    ],
)
def test_limits_of_numbers_and_texts(reader, old, allowed, refused):
    assert GOOD.count(old) == 1 or old == "title: Tiny"
    reader.read(GOOD.replace(old, allowed, 1), "t.yaml")
    assert len(faults(reader, GOOD.replace(old, refused, 1))) == 1


def test_quotes_are_proposed_only_where_text_is_expected(reader):
    (fault,) = faults(reader, GOOD.replace("    modules: []", "    modules: 3", 1))
    assert fault.endswith(" (it is 3)")


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "7", "null"])
def test_a_file_that_is_no_mapping(reader, text):
    assert faults(reader, text) == ["t.yaml: a course file is a mapping with `code`, `title`, `overview` and `paths`"]


def test_the_day_of_a_retired_node_needs_no_quotes(reader):
    """YAML 1.1 reads a bare `on` as a truth value."""
    assert reader.read(GOOD.replace('"on"', "on"), "t.yaml").retired[0].on == date(2026, 1, 1)


def test_clashing_keys_are_a_fault(reader, course):
    assert course({"p969957": {}}).nodes["p969957"].key == course({"p1050484": {}}).nodes["p1050484"].key
    with pytest.raises(BrokenCourse, match="p1050484: its short key clashes with another's"):
        course({"p969957": {}, "p1050484": {}})


def test_only_what_is_wrong_is_told(reader):
    """A path with a fault isn't counted as missing."""
    text = "code: T-1\ntitle: T\noverview: O\npaths:\n  - {id: a, titel: A}\n"
    assert {re.sub(r": [A-Z].*", "", fault) for fault in faults(reader, text)} == {
        "t.yaml:5: paths > 1 > title",
        "t.yaml:5: paths > 1 > titel",
    }


@pytest.mark.parametrize("count", [0, 26])
def test_a_course_has_1_to_25_paths(reader, count):
    paths = [f"{{id: p{number}, title: P}}" for number in range(count)]
    text = f"code: T-1\ntitle: T\noverview: O\npaths: [{', '.join(paths)}]\n"
    (fault,) = faults(reader, text)
    assert fault.startswith("t.yaml:4: paths: Tuple should have at ")


def test_all_faults_of_all_files_at_once(reader):
    files = {
        "c.yaml": GOOD.replace("id: u2", "id: u1").replace("id: two", "id: one").replace("old: a", "old: x"),
        "a.yaml": GOOD.replace("title: Tiny", "title: 7").replace("reading", "x").replace("minutes: 7", "minutes: x"),
        "b.yaml": "code: [",
        "good.yaml": GOOD,
    }
    with pytest.raises(BrokenCourse) as caught:
        reader.read_all(files)
    places = [fault.split(": ")[0] for fault in caught.value.faults]
    assert places == sorted(places, key=lambda place: place[0]), "file by file"
    assert sorted(places) == ["a.yaml:2", "a.yaml:28", "a.yaml:29", "b.yaml:2"] + [
        f"c.yaml:{line}" for line in (10, 14, 28, 29)
    ]
    assert str(caught.value).startswith("8 problems in the course files:\n- a.yaml:")


def test_two_files_with_one_code(reader):
    files = {"b.yaml": GOOD.replace("T-1", "t-1"), "a.yaml": GOOD, "c.yaml": GOOD.replace("T-1", "T-2")}
    with pytest.raises(BrokenCourse) as caught:
        reader.read_all(files)
    assert list(caught.value.faults) == [
        "a.yaml: code T-1 is also the code of b.yaml",
        "b.yaml: code t-1 is also the code of a.yaml",
    ]


def test_courses_come_in_the_order_of_their_files(reader):
    files = {"b.yaml": GOOD, "a.yaml": GOOD.replace("T-1", "T-2")}
    assert [course.code for course in reader.read_all(files)] == ["T-2", "T-1"]


@pytest.mark.parametrize(
    ("route", "today"),
    [
        ("a/m/u1", "a/m/u1"),
        ("old", "a"),
        ("old/m/u1", "a/m/u1"),
        ("old/was-m/u1", "a/m/u1"),
        ("a/was-m/u2", "a/m/u2"),
        ("a/was-m/gone", "a/m/gone"),
        ("older/n", "a/n"),
        ("old/split", "b"),
        ("older/split/x", "b/x"),
        ("elsewhere/m", "elsewhere/m"),
        ("old-not", "old-not"),
    ],
)
def test_routes_of_earlier_versions(reader, route, today):
    text = GOOD.replace("  old: a\n", "  old: a\n  older: old\n  a/was-m: a/m\n  old/split: b\n")
    assert reader.read(text, "t.yaml").current(route) == today


@pytest.mark.parametrize(
    "many",
    [
        "paths: [" + "{}," * 15_000 + "]",
        "".join(f"k{n}: 1\n" for n in range(40_000)),
        "x: &u {id: U, kind: no}\npaths: [{id: a, title: A, modules: [{id: b, title: B, units: ["
        + "*u," * 9000
        + "]}]}]",
        "paths: [{id: a, title: A, aliases: [" + "A," * 90_000 + "]}]",
        "paths: [{id: a, title: A}]\nrenamed:\n" + "".join(f"  r{n}: r{n + 1}\n" for n in range(1000)),
    ],
)
def test_many_faults_are_counted_and_the_first_are_listed(reader, many):
    found = faults(reader, f"code: T-1\ntitle: Tiny\noverview: O\n{many}\n")
    assert len(found) == MAX_FAULTS + 1
    assert re.fullmatch(r"t\.yaml: \d+ more", found[-1])
    assert all(len(each) < 200 for each in found)


@pytest.mark.parametrize("text", ["x" * 4_000_000, "a-" * 2_000_000 + "a", "https://" + "a" * 4_000_000])
@pytest.mark.parametrize("key", ["id", "title", "url", "kind"])
def test_a_fault_quotes_no_more_than_a_part_of_a_text(reader, key, text):
    (found, *_) = faults(
        reader, f"code: T-1\ntitle: Tiny\noverview: O\npaths: [{{id: a, title: A, {key}: '{text}'}}]\n"
    )
    assert found.startswith("t.yaml:4: ")
    assert len(found) < 300


@pytest.mark.parametrize(
    ("renamed", "says"),
    [
        ("{r: A/b}", "renamed > r: String should match pattern"),
        ("{r: a/b/c/d}", "renamed > r: String should match pattern"),
        ("{" + ", ".join(f"r{n}: a" for n in range(1001)) + "}", "renamed: Dictionary should have at most 1000 items"),
    ],
)
def test_renames_that_no_course_has(reader, renamed, says):
    found = faults(reader, GOOD.replace("  old: a\n", "").replace("renamed:", f"renamed: {renamed}"))
    assert any(says in each for each in found), found


def test_the_work_of_a_rename_is_bounded(reader):
    """A chain of 100 is followed; a rename that grows its own route ends."""
    chain = "".join(f"  r{n}: r{n + 1}\n" for n in range(99))
    course = reader.read(GOOD.replace("  old: a\n", f"{chain}  r99: a\n"), "t.yaml")
    assert course.current("r0/m/u1") == "a/m/u1"
    grown = faults(reader, GOOD.replace("old: a", "old: old/x"))
    assert "leads to" in grown[0]


def test_a_fault_has_no_control_characters(reader):
    """A terminal would obey them."""
    for key in (r'"\e[2J\e]0;title\a"', r'"\n\u2028\u202e"', "!<%1b%5b2J> x"):
        (found, *_) = faults(reader, f"code: T-1\ntitle: Tiny\noverview: O\npaths: [{{id: a, title: A, {key}: 1}}]\n")
        assert found.isprintable()


def test_renewal_and_retake_of_the_published_courses(courses):
    expiring = {course.id for course in courses.values() if course.exam and course.exam.renewal}
    assert expiring == {"az-104", "az-305", "az-400"}, "fundamentals don't expire"
    assert all(course.exam.retake.attempts == 5 for course in courses.values())


@pytest.mark.parametrize(
    ("renewal", "says"),
    [
        ("{months: 12, opens: 12}", "less than 12 months"),
        ("{months: 0, opens: 1}", "greater than or equal to 1"),
    ],
)
def test_a_renewal_that_opens_before_the_exam_is_a_fault(reader, renewal, says):
    (fault,) = faults(reader, GOOD.replace("  minutes: 100\n", f"  minutes: 100\n  renewal: {renewal}\n", 1))
    assert says in fault
