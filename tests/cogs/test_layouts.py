"""Every view of a course is within Discord's limits, and the check reports violations."""

import re
from copy import deepcopy

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.course.progress import Progress
from bot.errors import BrokenCourse
from bot.operation.check import find_message_faults
from bot.study import CourseProgress
from bot.views import course as views
from bot.views import overview as overview_views
from bot.views import progress as progress_views
from bot.views.buttons import button, custom_id, link, option, parse, select
from bot.views.completion_form import node_form
from bot.views.layout import State, bar, duration, escape, hyperlink, message_view, notice, paginate, truncate
from bot.views.limits import form_faults, message_faults, walk
from bot.views.references import References

MARKUP = "*_~`|[]()<>#-\\"


def named(pattern, number):
    """A title of 100 characters that is unique for each number."""
    return f"{number:02} {pattern * 100}"[:100].strip().ljust(100, "x")


def large(pattern, *, paths=25, modules=30, units=50, **more):
    """A course file with the maximum of everything. ``more`` are keys of every path and module."""

    def count_of(kind, number, below, children):
        node = {"id": f"{kind}{number:02}-{'y' * 90}", "title": named(pattern, number), **more}
        return {**node, below: children}

    def unit(number):
        return {"id": f"u{number:02}-{'z' * 90}", "title": named(pattern, number), "kind": "exercise", "minutes": 6000}

    def module(number, *, big):
        return count_of("m", number, "units", [unit(each) for each in range(units if big else 1)])

    def path(number, *, big):
        inner = [module(each, big=big and each == 0) for each in range(modules if big else 1)]
        return count_of("p", number, "modules", inner)

    course = {"code": "LARGE-1", "title": named(pattern, 0), "overview": "All of it."}
    return {**course, "paths": [path(each, big=each == 0) for each in range(paths)]}


async def test_every_view_of_every_shipped_course_is_valid(courses, catalogue):
    assert await find_message_faults(tuple(courses.values()), catalogue.banks) == []


@pytest.mark.parametrize("pattern", ["W", MARKUP, "*", "[x](https://e.example) ", "日本語 🚀 "])
async def test_every_view_of_a_very_large_course_is_valid(reader, pattern):
    assert await find_message_faults([reader.read(yaml.safe_dump(large(pattern)), "large.yaml")], {}) == []


@pytest.mark.parametrize(
    "more",
    [
        {"description": "Many words. " * 99},
        {"description": "*" * 1200},
        {"url": f"https://example.com/{'a' * 380}"},
        {"url": f"https://example.com/{'a' * 490}"},
        {"url": f"https://example.com/{'a' * 300}", "description": "Many words. " * 99},
    ],
    ids=["words", "stars", "addresses", "longer addresses", "both"],
)
async def test_a_course_with_long_texts_is_shown_or_refused_at_the_start(reader, more):
    try:
        course = reader.read(yaml.safe_dump(large("W ", **more)), "large.yaml")
    except BrokenCourse:
        return
    assert (await find_message_faults([course], {}))[:5] == []


@pytest.mark.parametrize("letter", ["a ", "*"])
async def test_an_overview_at_its_limits_is_shown_or_refused_at_the_start(reader, letter):
    def text(length):
        return (letter * length)[: length - 1] + "x"

    course = {
        **large("W", paths=1, modules=1, units=1),
        "overview": text(1200),
        "audience": text(1200),
        "prerequisites": [text(300)] * 12,
        "skills": [text(300)] * 12,
        "exam": {
            "pass_mark": 700,
            "out_of": 1000,
            "minutes": 100,
            "domains": [{"id": f"d{number}", "title": named("W", number), "weight": [0, 100]} for number in range(20)],
        },
    }
    try:
        read = reader.read(yaml.safe_dump(course), "large.yaml")
    except BrokenCourse:
        return
    assert await find_message_faults([read], {}) == []


def keys_of(view):
    """Return the values of a view's select."""
    parts = [part for top in view.to_components() for part in walk(top)]
    return [option["value"] for part in parts if part["type"] == 3 for option in part["options"]]


def text_of(view):
    return "\n".join(part["content"] for top in view.to_components() for part in walk(top) if part["type"] == 10)


async def test_a_page_can_open_everything_it_lists(reader):
    course = reader.read(yaml.safe_dump(large("W", modules=30, url=f"https://example.com/{'a' * 200}")), "large.yaml")
    at, path = Progress(course, ()), course.paths[0]
    seen = []
    for page in range(10):
        view = views.node(at, path, page)
        below = text_of(view).partition("\n")[2]
        listed = [module for module in path.modules if escape(module.title) in below]
        assert {module.key for module in listed} <= set(keys_of(view)), f"page {page + 1}"
        seen += [module for module in listed if module not in seen]
    assert seen == list(path.modules)


async def test_every_course_of_sixty_can_be_opened(course):
    found = [CourseProgress(each, Progress(each, ())) for each in (course({"a": {}}, f"T-{n}") for n in range(60))]
    opened = set()
    for page in range(6):
        view = overview_views.courses(found, page)
        assert message_faults(view.to_components()) == []
        opened.update(keys_of(view))
    assert opened == {each.course.id for each in found}


async def test_a_path_without_addresses_and_a_module_without_units(course):
    each = course({"alone": {}, "path": {"bare": []}})
    assert await find_message_faults([each], {}) == []


# --- the words ------------------------------------------------------------------------------------------------------


@given(st.text(MARKUP + "ab 1.\n", max_size=40))
@example("[x](https://evil.example)")
@example("<@&1>")
def test_user_text_is_escaped(text):
    """Every character with a meaning is escaped, once: taking the escapes away as Discord does gives the text again."""
    shown = escape(text)
    escaped = re.compile(r"\\([^A-Za-z0-9\s])")
    assert escaped.sub(r"\1", shown).split() == text.split()
    assert not re.search(r"[*_~`|<\[\]\\]", escaped.sub("", shown))


async def test_course_texts_are_escaped(reader):
    text = "Some *stars*, [brackets] and a_b_c"
    course = reader.read(
        yaml.safe_dump(
            {
                **large("W", paths=1, modules=1, units=1, description=text),
                **dict.fromkeys(("title", "overview", "audience", "certification", "level", "number"), text),
                **{key: [text] for key in ("prerequisites", "skills")},
            }
        ),
        "marked.yaml",
    )
    assert text not in text_of(overview_views.overview(course))
    assert text not in text_of(overview_views.about(course))
    assert text_of(overview_views.overview(course)).count(escape(text)) == 4
    assert text_of(overview_views.about(course)).count(escape(text)) == 4
    assert escape(text) in text_of(views.node(Progress(course, ()), course.paths[0]))


@given(st.integers(0, 100))
def test_a_bar_is_full_only_for_all_and_empty_only_for_nothing(percent):
    shown = References().text(bar(percent))
    assert len(shown) == 10
    assert (shown == "▰" * 10) == (percent == 100)
    assert (shown == "▱" * 10) == (percent == 0)


@pytest.mark.parametrize(("minutes", "said"), [(1, "1 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 1 min")])
def test_durations(minutes, said):
    assert duration(minutes) == said


@given(st.text(max_size=120), st.integers(1, 100))
def test_truncated_texts_fit(text, length):
    shown = truncate(text, length)
    assert len(shown) <= length
    assert shown == text or shown.endswith("…")


@given(st.lists(st.text(min_size=1, max_size=1000), max_size=80))
def test_pages_contain_every_line_once_and_fit(lines):
    found = [lines[page.start : page.stop] for page in paginate(lines)]
    assert [line for page in found for line in page] == lines
    assert all(len("\n".join(page)) <= 2900 and len(page) <= 20 for page in found)
    assert all(found) or found == [[]]


def test_a_title_with_a_url_is_a_link():
    assert hyperlink("a [b]", "https://e.example") == r"[a \[b\]](https://e.example)"
    assert hyperlink("a", None) == "a"


async def test_a_notice_of_any_length_fits():
    assert message_faults(notice("x" * 9000).to_components()) == []


# --- states of buttons ----------------------------------------------------------------------------------------------


@given(st.lists(st.text("abcdef0123456789-_.", max_size=20), max_size=3))
def test_custom_ids_round_trip(state):
    made = custom_id("", "verb", *state)
    assert parse("", made) == ("verb", tuple(state) if any(state) or len(state) > 1 else ())


@pytest.mark.parametrize("state", ["x" * 95, "a\nb"])
def test_invalid_custom_ids_are_never_built(state):
    with pytest.raises(ValueError, match="custom_id"):
        custom_id("", "verb", state)


# --- the check itself -----------------------------------------------------------------------------------------------


async def message():
    """A valid message with one component of each type."""
    view = message_view(
        State.PLAIN,
        "### Title",
        None,
        "Text",
        rows=[
            [select("Choose", [option("One", "1"), option("Two", "2")], "open")],
            [button("Press", "next", "az-104"), link("Open", "https://e.example")],
        ],
    )
    return view.to_components()


async def a_form(courses):
    return node_form(Progress(courses["az-104"], ()), courses["az-104"].nodes["deploy"]).to_dict()


def part_of(components, kind):
    return next(part for top in components for part in walk(top) if part["type"] == kind)


def with_more(components, *more):
    components[0]["components"] += more


def filled_up(components, count):
    """Add separators until there are ``count`` components."""
    with_more(components, *({"type": 14} for _ in range(count - sum(1 for top in components for _ in walk(top)))))


def text_of_length(components, length):
    """A message with this number of characters."""
    part_of(components, 10)["content"] += "x" * (
        length - sum(len(part.get("content", "")) for top in components for part in walk(top))
    )


BROKEN = {
    "41 components": lambda top: filled_up(top, 41),
    "4001 characters of text": lambda top: text_of_length(top, 4001),
    "an empty text": lambda top: part_of(top, 10).update(content="  "),
    "stands 2 times": lambda top: with_more(top, {"type": 1, "components": [deepcopy(part_of(top, 2))]}),
    "custom_id has 101": lambda top: part_of(top, 2).update(custom_id="x" * 101),
    "label of a button has 81": lambda top: part_of(top, 2).update(label="x" * 81),
    "address of a button has 513": lambda top: part_of(top, 2).update(url="x" * 513),
    "0 buttons in a row": lambda top: with_more(top, {"type": 1, "components": []}),
    "6 buttons in a row": lambda top: part_of(top, 1).update(components=[{"type": 2, "label": "x"}] * 6),
    "a select shares its row": lambda top: part_of(top, 1)["components"].append({"type": 2, "label": "x"}),
    "26 options": lambda top: part_of(top, 3).update(
        options=[{"label": str(number), "value": str(number)} for number in range(26)]
    ),
    "0 options": lambda top: part_of(top, 3).update(options=[]),
    "two options have one value": lambda top: part_of(top, 3)["options"][0].update(value="2"),
    "label of an option has 101": lambda top: part_of(top, 3)["options"][0].update(label="x" * 101),
    "label of an option has 0": lambda top: part_of(top, 3)["options"][0].update(label=""),
    "value of an option has 101": lambda top: part_of(top, 3)["options"][0].update(value="x" * 101),
    "description of an option has 101": lambda top: part_of(top, 3)["options"][0].update(description="x" * 101),
    "placeholder has 151": lambda top: part_of(top, 3).update(placeholder="x" * 151),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_the_check_reports_faults_of_messages(fault):
    components = await message()
    assert message_faults(components) == []
    BROKEN[fault](components)
    assert any(fault in found for found in message_faults(components))


BROKEN_FORMS = {
    "title has 46": lambda made: made.update(title="x" * 46),
    "custom_id has 101": lambda made: made.update(custom_id="x" * 101),
    "6 parts": lambda made: made.update(components=made["components"][:1] * 6),
    "0 parts": lambda made: made.update(components=[]),
    "label has 46": lambda made: made["components"][0].update(label="x" * 46),
    "label has 0": lambda made: made["components"][0].update(label=""),
    "description of a label has 101": lambda made: made["components"][0].update(description="x" * 101),
    "11 options": lambda made: made["components"][0]["component"].update(
        options=[{"label": str(number), "value": str(number)} for number in range(11)]
    ),
}


@pytest.mark.parametrize("fault", BROKEN_FORMS)
async def test_the_check_reports_faults_of_forms(courses, fault):
    made = await a_form(courses)
    assert form_faults(made) == []
    BROKEN_FORMS[fault](made)
    assert any(fault in found for found in form_faults(made))


async def test_exactly_at_the_limits_is_no_fault():
    components = await message()
    filled_up(components, 40)
    text_of_length(components, 4000)
    part_of(components, 2).update(label="x" * 80, custom_id="x" * 100)
    assert message_faults(components) == []


def test_progress_of_somebody_else_offers_no_button(courses):
    view = progress_views.progress(Progress(courses["az-104"], ()), owner="Ada", own=False)
    assert {part["type"] for top in view.to_components() for part in walk(top)} <= {10, 14, 17}
