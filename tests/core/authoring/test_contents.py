"""Modules below learning paths, units below modules, their minutes, and tables of all of them."""

import pytest

from bot.core.course.course import Kind
from tests.core.authoring.pages import PATHS, TITLE, course_of, notes_of, tree_of

LISTS = """\
- [Lamp](https://c.example/lamp) - 1 hr 10 min
  - [Wick](https://c.example/wick) (30 min)
    - [Introduction](https://c.example/wick/1) 2 min
    - Trim the wick (20 min)
    - Knowledge check
  - [Oil](https://c.example/oil) – 40 minutes
- [Horn](https://c.example/horn)
  - Fog
"""
HEADINGS = """\
### [Lamp](https://c.example/lamp) - 1 hr 10 min

#### [Wick](https://c.example/wick) (30 min)

1. [Introduction](https://c.example/wick/1) 2 min
2. Trim the wick (20 min)
3. Knowledge check

#### [Oil](https://c.example/oil) – 40 minutes

### [Horn](https://c.example/horn)

- Fog
"""
TABLE = """\
| Path | Module | Unit | Duration |
|---|---|---|---|
| [Lamp](https://c.example/lamp) | [Wick](https://c.example/wick) | [Introduction](https://c.example/wick/1) | 2 min |
| | | Trim the wick | 20 min |
| Lamp | Wick | Knowledge check | 8 min |
| Lamp | [Oil](https://c.example/oil) | | 40 min |
| [Horn](https://c.example/horn) | Fog | | |
"""
HTML = """\
<ul>
  <li><a href="https://c.example/lamp">Lamp</a> - 1 hr 10 min
    <ul>
      <li><a href="https://c.example/wick">Wick</a> (30 min)
        <ul>
          <li><a href="https://c.example/wick/1">Introduction</a> 2 min</li>
          <li>Trim the wick (20 min)</li>
          <li>Knowledge check</li>
        </ul>
      </li>
      <li><a href="https://c.example/oil">Oil</a> – 40 minutes</li>
    </ul>
  </li>
  <li><a href="https://c.example/horn">Horn</a><ul><li>Fog</li></ul></li>
</ul>
"""


@pytest.mark.parametrize("listed", [LISTS, HEADINGS, TABLE, HTML])
def test_modules_and_units_are_read_with_their_minutes(listed: str) -> None:
    course = course_of(PATHS + listed)
    lamp, horn = course.paths
    assert (lamp.title, lamp.url, lamp.length) == ("Lamp", "https://c.example/lamp", 70)
    assert [(module.title, module.url, module.length) for module in lamp.modules] == [
        ("Wick", "https://c.example/wick", 30),
        ("Oil", "https://c.example/oil", 40),
    ]
    assert [(unit.title, unit.url, unit.kind, unit.minutes) for unit in lamp.modules[0].units] == [
        ("Introduction", "https://c.example/wick/1", Kind.INTRODUCTION, 2),
        ("Trim the wick", None, Kind.READING, 20),
        ("Knowledge check", None, Kind.ASSESSMENT, 8),
    ]
    assert (horn.title, [module.title for module in horn.modules]) == ("Horn", ["Fog"])
    assert course.minutes == 70


def test_minutes_that_are_not_given_are_shared_out_and_marked() -> None:
    text = PATHS + "- A (1 h)\n  - M\n    - U\n    - V\n  - N - 21 min\n- B\n  - O\n    - Exercise\n    - P\n"
    first, second = course_of(text).paths
    assert [module.length for module in first.modules] == [39, 21]
    assert [(unit.minutes, unit.estimated) for unit in first.modules[0].units] == [(19, True), (20, True)]
    assert [(unit.minutes, unit.estimated) for unit in second.modules[0].units] == [(10, True), (3, True)]
    assert notes_of(text) == (
        "p.md:8: a module without minutes has its share of those above it",
        "p.md:9: a unit without minutes has its share of those above it (also in 10)",
        "p.md:14: a unit without minutes has the usual ones of its kind (also in 15)",
    )


@pytest.mark.parametrize(
    "listed",
    [
        "- [A](https://c.example/a)\n  - 31 min\n",
        "- [A](https://c.example/a)<br>31 min\n",
        "- [A](https://c.example/a)  \n  Duration: 31 minutes\n",
        "- [A](https://c.example/a)\n\n  ⏱️ 31 min\n",
        "- [A (31 min)](https://c.example/a)\n",
        "- A - 31 min\n",
        "### A\n\n31 min\n",
        "### A (31 min)\n",
        "### A\n\nhttps://c.example/a (31 min)\n",
        "| Path | Minutes |\n|---|---|\n| A | 31 |\n",
        "| Path | Time |\n|---|---|\n| A | 31m |\n",
        "[A](https://c.example/a) – 31 min\n",
    ],
)
def test_places_of_minutes(listed: str) -> None:
    (path,) = course_of(PATHS + listed).paths
    assert (path.title, path.minutes, path.description) == ("A", 31, None)


def test_hours_in_a_column() -> None:
    (path,) = course_of(f"{PATHS}| Path | Hours |\n|---|---|\n| A | 1,5 |\n").paths
    assert path.minutes == 90


def test_a_table_continues_the_list_before_it() -> None:
    row = "| Path | Duration |\n|---|---|\n| [Horn](https://c.example/horn) | 40 min |\n"
    assert tree_of(f"{PATHS}- [Lamp](https://c.example/lamp)\n\n{row}") == {"Lamp": {}, "Horn": {}}


def test_a_table_without_rows_does_not_replace_a_list_elsewhere() -> None:
    table = "| Path | Duration |\n|---|---|\n"
    assert tree_of(f"{PATHS}{table}\n## Overview\n\n- [ ] [Lamp](https://c.example/lamp)\n") == {"Lamp": {}}


def test_the_number_in_front_of_a_title_is_left_out() -> None:
    listed = "".join(f"- [{title}](https://c.example)\n" for title in ("1. Lamp", "2) Rule 3. Oil"))
    assert list(tree_of(f"{PATHS}{listed}")) == ["Lamp", "Rule 3. Oil"]


def test_text_around_a_link_is_its_description_without_the_name_of_a_group() -> None:
    grouped = "- Module 1: [Lamp](https://c.example/lamp) – Shines at night"
    plain = "- Bright [Horn](https://c.example/horn) that blares"
    paths = course_of(f"{PATHS}{grouped}\n{plain}\n").paths
    assert [path.description for path in paths] == ["Shines at night", "Bright that blares"]


def test_a_description_stays_beside_minutes_counts_and_statuses() -> None:
    listed = (
        "- [A](https://c.example/a) - 31 min - two (long) nights\n"
        "- [B](https://c.example/b) | Learning Path | 4 modules | 1 h | for 2 keepers\n"
        "- [x] ~~[C](https://c.example/c)~~ ✅ 2024-01-05: one night\n"
        "- **D**: no night\n"
        "### [E](https://c.example/e)\n\n2 hr 17 min - Learning Path - 2 Modules\n\nA night in 3 parts.\n"
    )
    text = PATHS + listed
    described = [(path.title, path.minutes, path.description) for path in course_of(text).paths]
    assert described == [
        ("A", 31, "two (long) nights"),
        ("B", 60, "for 2 keepers"),
        ("C", None, "one night"),
        ("D", None, "no night"),
        ("E", 137, "A night in 3 parts."),
    ]
    assert notes_of(text) == ("p.md:9: “✅ 2024-01-05” was left out: it tells how far the author has come",)


@pytest.mark.parametrize(
    "status",
    [
        "✅ 2024-01-05",
        "✔️ (05.01.2024)",
        "☑ done Jan 5, 2024",
        "🚧 (in progress)",
        "(done)",
        "– completed",
        "✅",
        "[x]",
        "WIP",
    ],
)
def test_a_status_is_no_description(status: str) -> None:
    (path,) = course_of(f"{PATHS}- [x] ~~[A](https://c.example/a)~~ {status}\n").paths
    assert (path.title, path.description) == ("A", None)


def test_headings_are_paths_and_that_is_said() -> None:
    horn = "### Horn\n\n[Open on Learn](https://c.example/horn)\n\n"
    text = f"{PATHS}### Lamp\n\nKeep it lit.\n\n- Wick\n\n{horn}## Exam\n\nSit it.\n"
    course = course_of(text)
    assert [(path.title, path.url, path.description) for path in course.paths] == [
        ("Lamp", None, "Keep it lit."),
        ("Horn", "https://c.example/horn", None),
    ]
    assert "p.md:7: took the heading “Lamp” as a learning path" in notes_of(text)


def test_numbered_headings_are_paths_where_no_section_is_named_so() -> None:
    text = f"{TITLE}## Module 1: Lamp (31 min)\n\n- Wick\n\n## Module 2 – Horn\n\n- Fog\n\n## Thanks\n\n- To all\n"
    assert tree_of(text) == {"Module 1: Lamp": {"Wick": []}, "Module 2 – Horn": {"Fog": []}}
    assert "p.md:5: took the heading “Module 1: Lamp” as a learning path" in notes_of(text)


@pytest.mark.parametrize(
    "listed",
    [
        "### Week 1\n\n- A\n\n### Week 2\n\n- B\n",
        "### Beginner\n\n- A\n\n### Advanced:\n\n- B\n",
        "- Week 1\n  - A\n- Week 2\n  - B\n",
        "### Part I\n\n#### A\n\n### Part II\n\n#### B\n",
        "<details><summary>Tier 1</summary>\n\n- A\n</details><details><summary>Tier 2</summary>\n\n- B\n</details>\n",
    ],
)
def test_headings_that_only_group_are_no_paths(listed: str) -> None:
    assert tree_of(PATHS + listed) == {"A": {}, "B": {}}
    assert sum("as a group, not as an entry" in note for note in notes_of(PATHS + listed)) == 2


def test_names_that_could_be_groups_are_paths_where_nothing_is_below_them() -> None:
    assert tree_of(f"{PATHS}- Basics\n- Advanced\n- Module 1\n- Show logs\n") == {
        "Basics": {}, "Advanced": {}, "Module 1": {}, "Show logs": {},
    }  # fmt: skip
    assert tree_of(f"{PATHS}### Basics\n\nFirst steps.\n\n### Advanced\n") == {"Basics": {}, "Advanced": {}}


def test_ids_are_unique_among_siblings_only() -> None:
    listed = (
        "- A\n  - [Intro](https://c.example/a/intro)\n  - [Intro](https://c.example/b/intro)\n"
        "- B\n  - [Intro](https://c.example/b/intro)\n    - [U](https://c.example/u)\n    - [V](https://c.example/u)\n"
    )
    first, second = course_of(PATHS + listed).paths
    assert [module.id for module in first.modules] == ["intro", "intro-2"]
    assert [module.id for module in second.modules] == ["intro"]
    assert [(unit.id, unit.url) for unit in second.modules[0].units] == [("u", "https://c.example/u"), ("u-2", None)]
    assert "p.md:13: the link is that of another unit and was left out" in notes_of(PATHS + listed)


def test_what_is_below_a_unit_or_beyond_a_limit_is_named() -> None:
    modules = "".join(f"  - M{number}\n" for number in range(52))
    text = f"{PATHS}- A\n{modules}- B\n  - M\n    - U\n      - deep\n"
    first, second = course_of(text).paths
    assert (len(first.modules), [module.title for module in second.modules]) == (50, ["M"])
    assert "p.md:58: “M50” was left out: a learning path takes 50 modules" in notes_of(text)
    assert "p.md:63: “deep” was left out: it stands below a unit" in notes_of(text)
    assert "p.md:7: 120000 minutes were cut to 6000" in notes_of(f"{PATHS}- A (2000 h)\n")


def test_a_range_is_its_upper_end_and_that_is_said() -> None:
    text = f"{PATHS}- A (30-45 min)\n"
    assert course_of(text).paths[0].minutes == 45
    assert notes_of(text) == ("p.md:7: took 45 minutes from “(30-45 min)”",)


def test_a_paragraph_below_an_item_belongs_to_it() -> None:
    text = f"{PATHS}- [A](https://c.example/a)\n\n  Two nights.\n\n- B\n\n  [Start](https://c.example/b)\n"
    assert [(path.url, path.description) for path in course_of(text).paths] == [
        ("https://c.example/a", "Two nights."),
        ("https://c.example/b", None),
    ]
