"""The learning paths of a course: a badge, a bar and a button for each."""

import pytest

from bot.core.course.progress import Progress, Tick
from bot.views.course import paths
from bot.views.layout import resolved_length
from bot.views.limits import message_faults, walk
from bot.views.path_list import path_texts
from bot.views.references import References
from tests.conftest import READER, course_text


def parts_of(view, kind):
    return [part for top in view.to_components() for part in walk(top) if part["type"] == kind]


def progress_of(count, done=0, **more):
    """Return progress in a course of ``count`` paths of two units each, of which ``done`` units are completed."""
    tree = {f"p{at}": {"m": ["u1", "u2"]} for at in range(count)}
    course = READER.read(course_text(tree, **more), "t.yaml")
    return Progress(course, [Tick(leaf, 1, 1) for leaf in list(course.leaves)[:done]])


@pytest.mark.parametrize("count", [1, 9, 10])
def test_up_to_ten_paths_have_a_button_each(count):
    view = paths(progress_of(count), share=True)
    assert message_faults(view.to_components()) == []
    sections = parts_of(view, 9)
    assert len(sections) == count
    keys = [path.key for path in progress_of(count).course.paths]
    assert [each["accessory"]["custom_id"].split(":")[-1] for each in sections] == keys
    assert parts_of(view, 3) == []


@pytest.mark.parametrize("count", [11, 25])
def test_more_paths_have_a_select(count):
    view = paths(progress_of(count, done=2), share=True)
    assert message_faults(view.to_components()) == []
    assert parts_of(view, 9) == []
    (menu,) = parts_of(view, 3)
    assert len(menu["options"]) == count
    shown = References().components(view.to_components())
    options = next(part for top in shown for part in walk(top) if part["type"] == 3)["options"]
    assert [each["emoji"]["name"] for each in options[:2]] == ["✅", "○"]


def test_each_state_is_also_in_words():
    done, started, new = map(References().text, path_texts(progress_of(3, done=3)))
    assert done == "✅ **Path p0**\n-# Done · 1 module"
    assert started == "◐ **Path p1**\n▰▰▰▰▰▱▱▱▱▱ 50%\n-# 0 of 1 module · 10 min left"
    assert new == "○ **Path p2**\n▱▱▱▱▱▱▱▱▱▱ 0%\n-# 1 module · 20 min left"


def test_badges_are_gray_until_a_path_is_completed():
    progress = progress_of(2, done=2)
    names = [text.split(":")[1] for text in path_texts(progress)]
    again = [text.split(":")[1] for text in path_texts(progress_of(2))]
    assert names[0] != again[0]
    assert names[1] == again[1]


@pytest.mark.parametrize("owner", ["", "W" * 32])
@pytest.mark.parametrize("title", ["W", "*", "日"])
@pytest.mark.parametrize("count", [10, 11, 25])
def test_long_titles_fit_with_every_path_named(count, title, owner):
    tree = {f"p{at}": {"m": ["u1", "u2"]} for at in range(count)}
    text = course_text(tree)
    for at in range(count):
        text = text.replace(f"Path p{at}\n", f"'{at:02}{title * 98}'\n")
    course = READER.read(text, "t.yaml")
    progress = Progress(course, [Tick(path.leaves[0], 1, 1) for path in course.paths])
    view = paths(progress, share=True, owner=owner)
    assert message_faults(view.to_components()) == []
    shown = "\n".join(part["content"] for part in parts_of(view, 10))
    assert all(f"**{at:02}" in shown for at in range(count))
    assert shown.count("50%") == count + 1
    assert resolved_length(shown) <= 4000
