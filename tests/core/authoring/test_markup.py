"""Learning paths are found in every form of Markdown and HTML that pages have."""

import sys
from types import FrameType
from typing import Any

import pytest

from bot.core.authoring.page import MAX_PAGE, read_page, to_yaml
from bot.errors import BadInput
from tests.core.authoring.pages import PATHS, TITLE, course_of, notes_of, paths_of

A, B = "https://c.example/a", "https://c.example/b"
BOTH = [("A", A), ("B", B)]


@pytest.mark.parametrize(
    "listed",
    [
        f"- [ ] [A][1]\n- [ ] [B][2]\n\n[1]: {A}\n[2]: <{B}> 'Title'\n",
        f"- [ ] [A][1]\n- [ ] [B][2]\n[1]: {A}\n[2]: {B}\n",
        f'- [ ] [A][]\n- [ ] [B]\n\n[a]: {A} "Title"\n[B]:\n  {B}\n',
        f"[b]: {B}\n\n- [A]({A} 'Title')\n- [ ] [B]\n",
        f"- A: {A}\n- B: <{B}>\n",
        f"- A ({A})\n- B – {B}.\n",
        f"- [here]({A}) A\n- B [link]({B})\n",
        f"> - [ ] [A]({A})\n> - [x] [B]({B})\n",
        f"> [!NOTE]\n> 1. [A]({A})\n> 2. [B]({B})\n",
        f"- [ ] **[A]({A})**\n- [x] ~~[B]({B})~~\n",
        f"-  [] [A]({A})\n-  ☐ [B]({B})\n",
        f"[A]({A}) - \n[B]({B})\n",
        f"[A]({A})\n\n[B]({B})\n",
        f"| Path |\n|---|\n| [A]({A}) |\n| [B]({B}) |\n",
        f"Title | Link\n---|---\nA | {A}\nB | [Open]({B})\n",
        f"| | |\n|---|---|\n| ![](https://c.example/a.svg) | [A]({A}) |\n| ![](https://c.example/b.svg) | [B]({B}) |\n",
        f"1. [ ] 1. [A]({A}) ([docs](https://c.example/d))\n1. [ ] 2. [B]({B}) [more](https://c.example/e)\n",
        f"| # | Name | Done |\n|---|---|---|\n| 1 | [A]({A}) | ✅ |\n| 2 | [B]({B}) | [ ] |\n",
        f"<ul>\n<li><a href='{A}'>A</a></li>\n<li><a class=x href={B}>B</a></li>\n</ul>\n",
        f"<ul>\n\n<li>\n\n[A]({A})\n\n</li>\n\n<li>\n\n[B]({B})\n\n</li>\n</ul>\n",
        f"<table><tr><th>Path</th></tr>\n<tr><td><a href='{A}'>A</a></td></tr><tr><td><a href='{B}'>B</a></td></tr>",
        f"<table>\n <tr>\n\n    <td><a href='{A}'>A</a></td>\n\n  </tr>\n <tr><td>\n\n[B]({B})\n\n</td></tr>\n</table>",
        f"<details>\n<summary>Click to show all</summary>\n\n- [A]({A})\n- [B]({B})\n\n</details>\n",
        f"<details><summary>Show</summary>\n- [A]({A})\n- [B]({B})\n</details>\n",
        f"<div markdown='1'>\n- [A]({A})\n- [B]({B})\n</div>\n",
        f'<input type="checkbox"> [A]({A})<br>\n<input type="checkbox" checked> [B]({B})\n',
        f"<p><a href='{A}'>A</a></p>\n<p><a href='{B}'>B</a></p>\n",
    ],
)
def test_forms_of_lists(listed: str) -> None:
    assert paths_of(PATHS + listed) == BOTH
    assert course_of(PATHS + listed).overview == "All about lamps."


@pytest.mark.parametrize(
    "heading",
    [
        "## Learning paths",
        "Learning paths\n---",
        "Learning paths\n===",
        "<h2>Learning paths</h2>",
        '<h2 align="center">\n  Learning paths\n</h2>',
        "<details open><summary><b>Learning paths</b></summary>",
        "> ## Learning paths",
        "**Learning paths**",
        "__Here are all learning paths__",
        "<b>Learning paths:</b>",
        "Learning paths",
        "Here are the learning paths:",
        "## Path",
        "###### 📚 Learning Paths:",
        "## [Learning paths](https://c.example)",
    ],
)
def test_forms_of_headings(heading: str) -> None:
    text = f"{TITLE}{heading}\n\n- [A]({A})\n- [B]({B})\n\n## Skills\n\n- Trim\n"
    assert paths_of(text) == BOTH
    assert course_of(text).skills == ("Trim",)


@pytest.mark.parametrize(
    "listed",
    [
        f"- [A]({A})\n- [B]({B})\n",
        f"- A: {A}\n- B: {B}\n",
        f"1. [A]({A})\n2. [B]({B})\n",
        f"[A]({A})\n[B]({B})\n",
        f"{A}\n\n{B}\n",
        f"> * [A]({A})\n> * [B]({B})\n",
        f"[Home](..) | [Up](/)\n\n- [A]({A})\n- [B]({B})\n",
        f"| Name | Learning path |\n|---|---|\n| | [A]({A}) |\n| | [B]({B}) |\n",
    ],
)
def test_a_page_that_is_only_a_list_of_links(listed: str) -> None:
    assert paths_of(f"# LH-210\n\n{listed}") == BOTH
    assert paths_of(f"---\ncourse: LH-210\n---\n{listed}") == BOTH


def test_boxes_without_links_are_paths_outside_of_other_parts() -> None:
    text = f"{TITLE}## Plan\n\n- [ ] A\n- [x] B\n\n## Skills\n\n- [ ] Trim\n"
    assert paths_of(text) == [("A", None), ("B", None)]
    assert course_of(text).skills == ("Trim",)
    with pytest.raises(BadInput, match="lists no learning paths"):
        course_of(f"{TITLE}## Skills\n\n- [ ] Trim\n")


def test_links_into_the_page_itself_are_no_paths() -> None:
    contents = "## Contents\n\n- [Learning paths](#learning-paths)\n- [Exam](p.md#exam)\n\n"
    text = f"{TITLE}{contents}## Learning paths\n\n- [A]({A})\n- [B]({B})\n- C ([see below](#c))\n"
    assert paths_of(text) == [*BOTH, ("C", None)]
    assert "p.md:7: a link into the page itself was left out (also in 8)" in notes_of(text)
    with pytest.raises(BadInput, match=r"no learning paths(.|\n)*p\.md:7: a link into the page itself"):
        course_of(TITLE + contents)


def test_an_address_alone_gives_the_title() -> None:
    text = f"{PATHS}- [ ] https://c.example/sound_the-horn/\n- [ ] <https://c.example/x/%C3%89clair.html?a=1>\n- [ ] https://c.example\n"
    assert paths_of(text) == [
        ("Sound the horn", "https://c.example/sound_the-horn/"),
        ("Éclair", "https://c.example/x/%C3%89clair.html?a=1"),
        ("c.example", "https://c.example"),
    ]
    assert "p.md:7: took “Sound the horn” from the address as the title" in notes_of(text)


def test_a_reference_without_a_definition_is_its_label() -> None:
    text = f"{PATHS}- [ ] [Tend the lamp][lamp]\n- [ ] [Horn]\n"
    assert paths_of(text) == [("Tend the lamp", None), ("Horn", None)]
    assert "p.md:8: the link of “Horn” is not defined on the page" in notes_of(text)


def test_definitions_and_footnotes_end_up_nowhere() -> None:
    text = f"{PATHS}- [A][a][^1]\n- [B]({B})\n[a]: {A}\n[^1]: Twice.\n"
    assert paths_of(text) == BOTH
    assert [(path.id, path.description) for path in course_of(text).paths] == [("a", None), ("b", None)]


def test_addresses_with_other_schemes_are_named() -> None:
    text = f"{PATHS}- [A](javascript:alert(1))\n- [B](mailto:b@c.example)\n- [C](./c)\n"
    assert paths_of(text) == [("A", None), ("B", None), ("C", None)]
    assert notes_of(text) == ("p.md:7: the link is no web address (http or https) and was left out (also in 8, 9)",)


def test_a_note_on_many_lines_names_some_of_them() -> None:
    (note,) = notes_of(PATHS + "".join(f"- [{number}](./x{number})\n" for number in range(25)))
    assert note.startswith("p.md:7: the link is no web address")
    assert note.endswith(", 26, 27 and 4 more lines)")


def test_code_and_scripts_hold_nothing() -> None:
    hidden = f"```\n- [X]({A})\n{{{{ x }}}}\n```\n<script>\n- [Y]({A})\n</script>\n<pre>\n- [Z]({A})\n</pre>\n\n"
    assert paths_of(f"{PATHS}{hidden}- [A]({A})\n- [B]({B})\n") == BOTH
    assert [note for note in notes_of(f"{PATHS}{hidden}- [A]({A})\n") if "{{" in note] == []


@pytest.mark.parametrize(
    ("front", "number", "level"),
    [
        ('+++\ntitle = "Lights"\ncourse = "LH-210T00-A"\nlevel = \'Basic\'\n+++\n', "LH-210T00-A", "Basic"),
        ('+++\ntitle = "Lights"\ncode = "LH-210"\nlevel = 3\n\n[extra]\na = 1\n+++\n', None, "3"),
        ("---\ntitle: Lights\ncourse: LH-210\nlevel: Basic\n---\n", None, "Basic"),
        ("---\ntitle: Lights\ncourse: LH-210\nlevel: Basic\n...\n", None, "Basic"),
    ],
)
def test_front_matter_in_yaml_and_toml(front: str, number: str | None, level: str) -> None:
    course = course_of(f"{front}## Learning paths\n- [A]({A})\n")
    assert (course.code, course.number, course.title, course.level) == ("LH-210", number, "Lights", level)


@pytest.mark.parametrize(
    ("front", "note"),
    [
        ("+++\ntitle = Lights\n+++\n", "p.md:2: the front matter is not TOML ("),
        ("+++\na = 1\n\nb = \n+++\n", "p.md:4: the front matter is not TOML ("),
        (f"+++\na = {'[' * 4000}\n+++\n", "p.md:2: the front matter is not TOML (nested too deeply)"),
        (f"---\nx: {'y' * 9_996}\n---\n", "p.md:2: “x: y"),
        (f"---\nx: {'y' * 9_997}\n---\n", "p.md:2: the front matter has more than 10,000 characters"),
        ("+++\ntags = ['a']\n+++\n", "p.md:2: “tags:” was left out"),
        ("+++\nx = 1\n[build.deep]\ny = 1\n+++\n", "p.md:3: “build:” was left out"),
    ],
)
def test_front_matter_that_is_left_out_is_named(front: str, note: str) -> None:
    text = f"{front}# LH-210\n## Learning paths\n- [A]({A})\n"
    assert paths_of(text) == [("A", A)]
    assert any(each.startswith(note) for each in notes_of(text)), notes_of(text)


SHAPES = [
    "[", "![", "[a](", "[a](b ", "[a][b] ", "[a]: b\n", "[a]: b 'x\n", "*a ", "**a", "_", "~~", "`", "`a``b", "<",
    "<a ", "<a href='x", "<!--", "<?", "<!A ", "<![CDATA[", "{%", "{{", "{: ", "> ", ">a\n", "- ", "- - ", "- a\n",
    "- [ ] a\n", "  - a\n    - b\n", "1. a\n", "| a ", "| a |\n|--|\n| b |\n", "# a\n", "a\n===\n", "```a\n", "~~~\n",
    "<li>", "<ul><li>a", "<tr><td>a", "<details><summary>a", "<h2>a", "<p>", "<pre>", "<script>", "http://a ",
    "http://a", "a@b.c ", "a:b:", "&amp;", "✅", "✅ 2024-01-05 ", "done ", "(done", "(31 min", "- 31 min ", "~",
    "1h1h", "1-1 min", "12/12/", "(", "LH-210 ", "A-1", "overview ", "module 1 ", "of the ", "open the ", "a. ",
    "{% include checks.html id='a' %}", "[^1]", "www.", "\t", "\n",
]  # fmt: skip


def _calls(text: str) -> int:
    """How many functions run while a page is read."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        to_yaml(read_page(text, "p.md"))
    except BadInput:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_with_the_page_and_not_faster(shape: str) -> None:
    small, large = (f"{PATHS}- [ ] [A]({A})\n\n{shape * (size // len(shape))}\n" for size in (1_500, 4_500))
    assert _calls(large) < 4 * _calls(small) + 2_000


def test_the_largest_page_is_read() -> None:
    for shape in ("<!--", "✅", "(31 min", "[a]: b\n"):
        text = f"{PATHS}- [ ] [A]({A})\n\n{shape * (MAX_PAGE // len(shape))}"[:MAX_PAGE]
        assert paths_of(text)[0] == ("A", A)
