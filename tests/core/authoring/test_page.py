"""Course pages: what is read, what is said to be left out, and that every result is a valid course."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.core.authoring.page import MAX_PAGE, Page, read_page, to_yaml
from bot.core.authoring.wording import part_of
from bot.core.course.course import Course
from bot.core.course.reading import CourseReader
from bot.errors import BadInput

PAGE = Path(__file__).with_name("page.md").read_text(encoding="utf-8")
READER = CourseReader()

FRONT = "---\ntitle: Lights <em>(LH-210)</em>\n---\n"
PATHS = "## Learning paths\n\n- [ ] [Tend the lamp](https://coast.example/lamp)\n"


def served(page: Page) -> Course:
    """The course as the bot serves it: written, read, checked."""
    return READER.read(to_yaml(page), "imported.yaml")


def noted(page: Page, *words: str) -> bool:
    """Whether one line of what could not be read has all of these words."""
    return any(all(word in line for word in words) for line in page.notes)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


DRAWN = "the bot draws badges from `glyph` and `color`"


def test_the_whole_page_is_served() -> None:
    course = served(read_page(PAGE, "page.md"))
    assert (course.code, course.number, course.title) == ("LH-210", "LH-210C02-B", "Keeper of the Coast Lights")
    assert course.certification == "Lamp Keeper"
    assert course.overview == (
        "This course teaches keepers how to trim a lamp, read the tide tables, and log each ship that passes; it's "
        "for the north_coast & its isles."
    )
    assert course.audience == "For people who tend a light alone. You sleep little. You come with patience."
    assert course.prerequisites == (
        "Understanding of oil lamps, including: wicks, chimneys, and oil.",
        "Understanding of tides",
    )
    assert course.skills == ("Keep a light burning", "Log ships and weather")
    assert [(path.id, path.aliases, path.title, path.url) for path in course.paths] == [
        ("lamp", ("lh210-lamp",), "Tend the lamp", None),
        ("fog", ("lh210-fog",), "Sound the horn", "https://coast.example/paths/fog"),
        ("log", ("lh210-log",), "Keep the log", None),
    ]


def test_what_was_not_read_is_said_with_its_line_and_nothing_else_is() -> None:
    page = read_page(PAGE, "page.md")
    first, horn, second = (line_of(PAGE, f"[![{title} ") for title in ("Tend", "Sound", "Keep"))
    expected = [
        (6, "“theme: dark”"),
        (8, "“All courses”"),
        (line_of(PAGE, "{% include banner"), "{% include banner.html"),
        (first, f"the link is no web address (http or https) and was left out (also in {second})"),
        (first, f"a badge image was left out: {DRAWN} (also in {horn}, {second})"),
        (line_of(PAGE, "## Thanks"), "“Thanks”"),
    ]
    assert len(page.notes) == len(expected), page.notes
    for said, (line, words) in zip(page.notes, expected, strict=True):
        assert said.startswith(f"page.md:{line}: "), said
        assert words in said


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_change_nothing(ends: str, mark: str) -> None:
    assert read_page(mark + PAGE.replace("\n", ends), "page.md") == read_page(PAGE, "page.md")


def test_the_file_is_made_to_be_edited() -> None:
    page = read_page(PAGE, "page.md")
    text = to_yaml(page)
    head = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    assert "page.md" in head.split("Left out")[0]
    assert all(" ".join(line.split()) in head for line in page.notes)
    assert list(yaml.safe_load(text)) == [
        "code", "number", "title", "certification", "overview", "audience", "prerequisites", "skills", "paths",
    ]  # fmt: skip
    assert "\noverview: >-\n  This course" in text
    assert "\nskills:\n  - Keep a light burning\n" in text
    assert "\n  - id: lamp\n    aliases: [lh210-lamp]\n    title: Tend the lamp\n" in text
    assert max(map(len, text.splitlines())) <= 120


def test_letters_of_all_scripts_stay_readable() -> None:
    page = read_page(FRONT + "## Overview\nPhare de Créac’h 🗼 灯台\n" + PATHS, "p.md")
    assert "overview: Phare de Créac’h 🗼 灯台\n" in to_yaml(page)
    assert served(page).overview == "Phare de Créac’h 🗼 灯台"


@pytest.mark.parametrize(
    ("top", "code", "number", "title"),
    [
        ("---\ntitle: Lights (LH-210)\ncourse: LH-210T00-A\n---\n", "LH-210", "LH-210T00-A", "Lights"),
        ("---\ntitle: Lights (LH-210)\ncourse: LH-210\n---\n", "LH-210", None, "Lights"),
        ("---\ntitle: Lights\ncourse: LH-210T00-A\n---\n", "LH-210", "LH-210T00-A", "Lights"),
        ("---\ntitle: Lights\ncourse: LH-210\n---\n", "LH-210", None, "Lights"),
        ("---\ntitle: Lights\ncode: LH-210\nnumber: LH-210C1\n---\n", "LH-210", "LH-210C1", "Lights"),
        ("---\ncourse: LH-210\n---\n", "LH-210", None, "LH-210"),
        ("---\ntitle: 'LH-210: Lights'\n---\n", "LH-210", None, "Lights"),
        ("---\ntitle: Lights - LH-210\n---\n", "LH-210", None, "Lights"),
        ("---\ntitle: Lights\n---\n# Lights (LH-210)\n", "LH-210", None, "Lights"),
        ("# Lights (LH-210)\n", "LH-210", None, "Lights"),
        ("# LH-210: Lights\n", "LH-210", None, "Lights"),
        ("## LH-210 Lights {#top}\n", "LH-210", None, "Lights"),
        ("# LH-210 learning paths\n", "LH-210", None, "learning paths"),
        ("Lights (LH-210)\n======\n", "LH-210", None, "Lights"),
    ],
)
def test_where_code_number_and_title_come_from(top: str, code: str, number: str | None, title: str) -> None:
    course = served(read_page(f"{top}\n## Overview\nGood.\n\n{PATHS}", "p.md"))
    assert (course.code, course.number, course.title) == (code, number, title)


@pytest.mark.parametrize(
    ("listed", "ids", "urls"),
    [
        ("- [x] [A](https://c.example/a)\n- [ ] [B](https://c.example/b)", "a b", True),
        ("1. [A](https://c.example/a)\n2. [B](https://c.example/b.html#top)", "a b", True),
        ("1) **[A](https://c.example/a/)**\n2) [B](https://c.example/b/index.html?x=1)", "a b", True),
        ("* [A](<https://c.example/lh-210-a> 'Read')\n* [B](https://c.example/LH210-b)", "a b", True),
        ("- A\n- B", "a b", False),
        ("-\t[ ]\t[A](https://c.example/a)\n-\t[B](https://c.example/b)", "a b", True),
        ("- [A](https://c.example)\n- [B](https://c.example/)", "a b", True),
        ('- {% include checks.html id="lh210-a" %} [A](https://c.example/1)\n- [B](https://c.example/b)', "a b", True),
        ("- [A](https://c.example/1) {%- include checks.html id='lh-210-a' -%}\n- B", "a b", False),
        ("<p>[![A](https://c.example/a.svg){: .x } A](https://c.example/a)\n[B](https://c.example/b)</p>", "a b", True),
        ("![A](https://c.example/a.svg) [A](https://c.example/a)\n![](b.svg)[B](https://c.example/b)", "a b", True),
        (
            '### {% include checks.html id="lh210-a" %} [A](https://c.example/1)\n\n1. [B](https://c.example/b)',
            "a b",
            True,
        ),
    ],
)
def test_checklists_of_other_kinds(listed: str, ids: str, urls: bool) -> None:
    course = served(read_page(f"{FRONT}## Overview\nGood.\n## Checklist\n\n{listed}\n", "p.md"))
    assert [path.id for path in course.paths] == ids.split()
    assert [path.title for path in course.paths] == ids.upper().split()
    assert all(path.url and path.url.startswith("https://c.example") for path in course.paths) is urls


@pytest.mark.parametrize(
    "listed", ["1. [A](https://c.example/a)", "[![A](https://c.example/a.svg) A](https://c.example/a)"]
)
def test_paths_that_nothing_announces_are_found_unless_others_are_marked(listed: str) -> None:
    text = f"{FRONT}## Overview\nGood.\n## Skills\n- Trim\n\n{listed}\n"
    alone = served(read_page(text, "p.md"))
    assert [path.id for path in alone.paths] == ["a"]
    assert alone.skills == ("Trim",)
    beside = read_page(text + PATHS, "p.md")
    assert [path.id for path in served(beside).paths] == ["lamp"]


def test_a_sentence_may_announce_the_paths() -> None:
    listed = "- Trim\n\nThese are its learning paths:\n\n- [A](https://c.example/a)\n- [B](https://c.example/b)\n"
    page = read_page(f"{FRONT}## Overview\nGood.\n## Skills\n{listed}", "p.md")
    assert ([path.id for path in served(page).paths], served(page).skills) == (["a", "b"], ("Trim",))
    assert page.notes == ()


@pytest.mark.parametrize(("sentence", "notes"), [("The modules:", 0), ("They are hard.", 1)])
def test_a_sentence_may_stand_right_above_a_checklist(sentence: str, notes: int) -> None:
    text = f'{FRONT}## Overview\nGood.\n## Skills\n- Trim\n\n{sentence}\n{{% include checks.html id="a" %}} A\n'
    page = read_page(text, "p.md")
    assert [path.title for path in served(page).paths] == ["A"]
    assert len(page.notes) == notes
    assert noted(page, "p.md:9:", sentence) is bool(notes)


def test_boxes_make_paths_in_unknown_sections_and_links_alone_do_not() -> None:
    text = f"{FRONT}## Skills\n[Docs](https://c.example/d) help.\n\n## Labs\n- [x] [A](https://c.example/a)\n- [B](b)\n"
    page = read_page(text, "p.md")
    assert [path.id for path in served(page).paths] == ["a"]
    assert noted(page, "p.md:5:", "“Docs help.”")
    with pytest.raises(BadInput, match="no learning paths"):
        read_page(text.replace("[x] ", ""), "p.md")


def test_empty_values_of_the_front_matter_are_missing_ones() -> None:
    front = "---\nlayout: page\ntitle: Lights (LH-210)\nlevel: ~\ncertification: null\nnumber:\n---\n"
    course = served(read_page(front + PATHS, "p.md"))
    assert (course.level, course.certification, course.number) == (None, None, None)


def test_links_in_lists_of_other_sections_are_no_paths() -> None:
    text = f"{FRONT}- [Home](https://c.example)\n## Skills\n- [Trim](https://c.example/t)\n## Labs\n1. [L](https://c.example/l)\n"
    page = read_page(f"{text}{PATHS}", "p.md")
    assert [path.id for path in served(page).paths] == ["lamp"]
    assert served(page).skills == ("Trim",)
    assert noted(page, "p.md:4:", "“Home”")
    assert noted(page, "p.md:7:", "“Labs”")


def test_text_beside_a_path_describes_it() -> None:
    listed = "- [ ] [A](https://c.example/a) – two *long* nights\n- [ ] [B](b.md)\n"
    page = read_page(f"{FRONT}## Overview\nGood.\n## Paths\n{listed}", "p.md")
    assert [(path.id, path.description) for path in served(page).paths] == [("a", "two long nights"), ("b", None)]


def test_ids_that_clash_are_told_apart() -> None:
    boxes = "\n".join(f'- {{% include checks.html id="{box}" %}} {title}' for box, title in [
        ("lh210-a", "A"), ("a", "Other"), ("lh210-b", "Third"), ("lh210-a", "A"), ("", "日本"), ("LH210 Ü!", "U"),
        ("lh210-a", "Again"), ("c" * 200, "C"), ("c" * 200, "D"),
    ])  # fmt: skip
    page = read_page(f"{FRONT}## Overview\nGood.\n\n{boxes}\n", "p.md")
    assert [(path.id, path.aliases) for path in served(page).paths] == [
        ("a", ("lh210-a",)),
        ("a-2", ()),
        ("b", ("lh210-b",)),
        ("path-4", ()),
        ("u", ("lh210-u",)),
        ("a-3", ()),
        ("c" * 90, ("c" * 100,)),
        ("c" * 90 + "-2", ()),
    ]
    assert noted(page, "p.md:8:", "“a-2”")
    assert noted(page, "p.md:10:", "listed twice")


def test_markup_in_prose_becomes_plain_text() -> None:
    prose = (
        "A **bold *and slanted* word**, __two__, ~~old~~ snake_case_name, 2 * 3 * 4, a \\*star\\*, `List<T> **x**`, "
        "<b class='x'>tag</b><br>next [a [nested] link](https://x.example/a_(b)) [ref][1] ![pic](p.png) "
        "<https://x.example> 1 < 2 &lt;b&gt; {{ site.x }}end{: .note }"
    )
    page = read_page(f"{FRONT}## Overview\n{prose}\n{PATHS}", "p.md")
    assert served(page).overview == (
        "A bold and slanted word, two, old snake_case_name, 2 * 3 * 4, a *star*, List<T> **x**, "
        "tag next a [nested] link ref pic https://x.example 1 < 2 <b> end"
    )
    assert noted(page, "p.md:5:", "“{{ site.x }}”")


def test_images_inside_and_before_links_are_not_read() -> None:
    listed = (
        "![A](https://c.example/a.svg) [A](https://c.example/a)\n![](https://c.example/b.svg)\n[B](https://c.example/b)"
    )
    page = read_page(
        f"{FRONT}## Overview\nGood.\n## Paths\n{listed}\n\n- ![C](https://c.example/c.svg) [C](c)\n", "p.md"
    )
    assert [(path.title, path.glyph) for path in served(page).paths] == [(name, None) for name in "ABC"]
    assert noted(page, "p.md:7:", "a badge image was left out", "(also in 8, 11)")


def test_links_and_images_may_be_html() -> None:
    listed = (
        '{% include checks.html id="a" %} <a\n class="x" href="https://c.example/a"><img src="https://c.example/a.svg">A</a>\n'
        '{% include checks.html id="b" %} <a href="./b"><img alt="B" class="x"\n src=\'https://c.example/b.svg\'></a>'
    )
    page = read_page(f"{FRONT}## Overview\nGood.\n## Paths\n{listed}\n", "p.md")
    assert [(path.title, path.url) for path in served(page).paths] == [("A", "https://c.example/a"), ("B", None)]
    assert len(page.notes) == 2
    assert noted(page, "a badge image was left out")
    assert noted(page, "p.md:9:", "the link")


def test_a_checklist_may_follow_a_list_at_once() -> None:
    box = '<span>{% include checks.html id="a" %}\n[A](https://c.example/a)</span>'
    course = served(read_page(f"{FRONT}## Overview\nGood.\n## Skills\n- Trim\n  the wick\n{box}\n{box[:-7]}\n", "p.md"))
    assert course.skills == ("Trim the wick",)
    assert [(path.id, path.description) for path in course.paths] == [("a", None)]


def test_a_code_or_number_that_can_not_be_used_is_said() -> None:
    page = read_page(f"---\ntitle: L (LH-210)\ncode: no code!\ncourse: LH-210X\nnumber: LH-210Y\n---\n{PATHS}", "p.md")
    assert (served(page).code, served(page).number) == ("LH-210", "LH-210Y")
    assert noted(page, "p.md:3:", "“no code!”")
    assert noted(page, "p.md:4:", "“LH-210X”")
    assert noted(read_page(f"---\ncourse: LH-210\n---\n{PATHS}", "p.md"), "p.md:1:", "no title")


def test_addresses_with_brackets_and_entities_are_kept_usable() -> None:
    listed = (
        f"- [A](https://c.example/a_(b)?x=1&amp;y=\\_2)\n- [B](ftp://c.example/b)\n- [C](https://c.example/{'c' * 600})"
    )
    page = read_page(f"{FRONT}## Overview\nGood.\n## Paths\n{listed}\n", "p.md")
    assert [path.url for path in served(page).paths] == ["https://c.example/a_%28b%29?x=1&y=_2", None, None]
    assert noted(page, "p.md:8:", "the link", "(also in 9)")


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("{% assign x = 1 %}", 4, "“{% assign x = 1 %}”"),
        ("{%- if x\n-%}", 4, "“{%- if x -%}”"),
        ("text {{ site.title", 4, "never closed"),
        ("<!-- text", 4, "never closed"),
        ("<!--\n\n-->\n{{ x }}", 7, "“{{ x }}”"),
        ("```\n## Overview\n- [ ] [No](https://c.example)\n```", 4, "block of code"),
        ("a\x07b", 4, "U+0007"),
        ("## Labs\n\n- One\n\nTwo", 4, "“Labs” is unknown"),
        ("## Audience\n\n## Skills\n- One", 4, "“Audience” is empty"),
        ("## Skills\nProse here.\n- One", 5, "“Prose here.”"),
        ("## Overview\n| a | b |\n|---|---|", 5, "“a b”"),
        ("# Another title", 4, "“Another title”"),
        ('{% include checks.html id="lh210-x" %}', 4, "“lh210-x”"),
    ],
)
def test_what_is_not_understood_is_said(body: str, line: int, words: str) -> None:
    page = read_page(f"{FRONT}{body}\n\n{PATHS}", "p.md")
    assert [path.id for path in served(page).paths] == ["lamp"]
    assert noted(page, f"p.md:{line}: ", words), page.notes


def test_html_comments_say_nothing() -> None:
    page = read_page(f"{FRONT}## Overview\nGood <!-- not\n\n## Skills\n- this --> text.\n{PATHS}", "p.md")
    assert served(page).overview == "Good text."
    assert page.notes == ()


@pytest.mark.parametrize(
    ("front", "line"),
    [("title: a: b", 2), ("x: 1\ny: [", 4), ("- a", 2), ("x: " + "[" * 5000, 2), ("x: &a [*a]", 2), ("? [x]\n: y", 2)],
)
def test_front_matter_that_is_no_use_is_said_and_the_rest_is_read(front: str, line: int) -> None:
    text = f"---\n{front}\n---\n# Lights (LH-210)\n{PATHS}"
    page = read_page(text, "p.md")
    assert served(page).title == "Lights"
    assert noted(page, f"p.md:{line}: ")


def test_an_introduction_serves_as_overview_and_else_the_title_does() -> None:
    assert served(read_page(f"{FRONT}All about *lamps*.\n{PATHS}", "p.md")).overview == "All about lamps."
    bare = read_page(f"{FRONT}{PATHS}", "p.md")
    assert served(bare).overview == "Lights"
    assert noted(bare, "p.md:1:", "no overview")


def test_lists_in_prose_become_one_paragraph() -> None:
    page = read_page(f"{FRONT}## Overview\nYou learn:\n- to trim\n- to log\n\nThen rest.\n{PATHS}", "p.md")
    assert served(page).overview == "You learn: to trim; to log Then rest."


def test_what_is_too_long_or_too_many_is_cut_and_said() -> None:
    words = "word " * 400
    known = "\n".join(f"- known {number} {words[:500]}" for number in range(14))
    points = "\n".join(f"- point {number} {words[:500]}" for number in range(14))
    listed = "\n".join(f"- [ ] [{number} {words[:200]}]({number})" for number in range(27))
    page = read_page(
        f"---\ntitle: A {words}(LH-210)\ncourse: B {words}\nlevel: C {words}\n---\n"
        f"## Overview\nD {words}\n## Audience\nE {words}\n{known}\n## Skills\n{points}\n## Paths\n{listed}\n",
        "p.md",
    )
    course = served(page)
    texts = [course.title, course.number, course.level, course.paths[24].title]
    assert all(text and 90 < len(text) <= 100 and text.endswith("word…") for text in texts)
    assert all(text and 1190 < len(text) <= 1200 for text in (course.overview, course.audience))
    assert (len(course.prerequisites), len(course.skills), len(course.paths)) == (12, 12, 25)
    for line in (2, 3, 4, 7, 9, 10, 25, 40):
        assert noted(page, f"p.md:{line}:", "was cut to")
    for line in (22, 23, 37, 38, 65, 66):
        assert noted(page, f"p.md:{line}:", "was left out"), line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\ufeff\r\n \t\n", "empty"),
        ("GIF89a\0\1\2", "no course page"),
        ("x" * (MAX_PAGE + 1), "no course page"),
        ("Only words.", "no course code"),
        (f"## Overview\nGood.\n{PATHS}", "no course code"),
        (f"{FRONT}## Overview\nGood.\n## Skills\n- Trim\n", "no learning paths"),
        ("---\ntitle: a: b (LH-210)\n---\n" + PATHS, "p.md:2: the front matter is not YAML"),
    ],
)
def test_a_page_without_a_course_is_refused_with_what_to_do(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=r"^p\.md ") as refused:
        read_page(text, "p.md")
    assert words in str(refused.value)
    assert "Give " in str(refused.value) or "for example" in str(refused.value)


def test_a_strange_name_harms_neither_notes_nor_file() -> None:
    page = read_page(f"{FRONT}{{{{ x }}}}\n{PATHS}", "a\n\x85b: \x00#c.md")
    assert noted(page, "a b: #c.md:4:")
    assert served(page).code == "LH-210"


SCRAPS = st.sampled_from([
    "---\n", "title: ", "course: ", "(LH-210)", "LH-210", "\n", "\n\n", "\r\n", "\n# ", "\n## ", "Overview",
    "Audience", "Skills", "Prerequisites", "Learning paths", ":", "\n- ", "\n  - ", "\n1. ", "[ ] ", "[x] ", "[",
    "](", ")", "![", "](https://c.example/a)", "[A](./a)", "[![A](https://c.example/a.svg){: .x } A](./a)", "<", ">",
    "<span>", "<!--", "-->", "{%", "%}", "{{", "}}", '{% include checks.html id="lh210-a" %}',
    "{% include checks.html id='", "*", "**", "_", "`", "```\n", "\\", "&#xFEFF;", "&amp;", "\ufeff", "\x85",
    "\u2028", "\x1c", "é", "日本", "null", "~", "=", "yes", "1", "a" * 101, "b " * 700, "'", '"', "#", "|", "\t",
    "\ud800", "\U0010f028", "| a | b |\n|---|---|\n", "| [A](x) | 31 min |\n", "Module", "Unit", " - 31 min",
    "(2 hours)", "9999 h", "+++\n", "<li>", "<ul>", "<td>", "<tr>", "<details><summary>", "</details>", "<h2>", "> ",
    "\n    - ", "\n      - ", "\n### ", "\n#### ", "[a]: https://c.example/b\n", "[a]", "~~", "✅ 2024-01-05",
    "www.c.example/x", "Week 1", "Introduction", "[^1]", "](#a)", "](https://c.example/a/b)",
    "<a href='https://c.example/q'>", "</a>", "<img src='https://c.example/i'>",
])  # fmt: skip
FRAGMENTS = st.lists(SCRAPS | st.text(max_size=8), max_size=40).map("".join)


@given(text=FRAGMENTS | st.text(), name=st.text(max_size=20), whole=st.booleans())
def test_any_text_is_a_valid_course_or_refused(text: str, name: str, whole: bool) -> None:
    try:
        page = read_page(f"---\ntitle: L (LH-210)\n---\n{text}\n{PATHS}\n{text}" if whole else text, name)
    except BadInput:
        return
    file = to_yaml(page)
    READER.read(file, "any.yaml")
    assert yaml.safe_load(file) == page.course
    assert all(" ".join(line.split()) == line for line in page.notes)


@given(
    title=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=60).filter(lambda text: not part_of(text)),
    skills=st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=80), min_size=1, max_size=12),
    slugs=st.lists(st.from_regex(r"[a-z]{1,12}(-[a-z]{1,8})?", fullmatch=True), min_size=1, max_size=25, unique=True),
)
def test_what_is_written_in_a_page_is_what_is_served(title: str, skills: list[str], slugs: list[str]) -> None:
    entries = "\n".join(
        f'<span>{{% include checks.html id="lh210-{slug}" %}}\n'
        f"[![{title}](https://c.example/{slug}.svg) {title} {slug}](https://c.example/{slug})</span>"
        for slug in slugs
    )
    listed = "\n".join(f"- {skill}" for skill in skills)
    page = read_page(f"{FRONT}## Overview\n{title}\n## Skills\n{listed}\n\n{entries}\n", "p.md")
    course = served(page)
    assert len(page.notes) == 1
    assert noted(page, "a badge image was left out")
    assert (course.overview, course.skills) == (title, tuple(skills))
    assert [(path.id, path.title, path.url) for path in course.paths] == [
        (slug, f"{title} {slug}", f"https://c.example/{slug}") for slug in slugs
    ]


@pytest.mark.parametrize("length", [300, 301])
def test_a_point_is_cut_to_what_a_course_takes(length: int) -> None:
    page = read_page(f"{FRONT}## Skills\n- {'x' * length}\n\n{PATHS}", "p.md")
    (point,) = served(page).skills
    assert (point == "x" * length) is (length == 300)
    assert len(point) <= 300
