"""A publisher's catalog in JSON becomes a course file."""

import json
from contextlib import suppress

import pytest

from bot.core.authoring.catalog import read_catalog
from bot.core.authoring.page import to_yaml
from bot.core.course.reading import CourseReader
from bot.errors import BadInput

SITE = "https://learn.example.org/en-us/training"
CATALOG = {
    "modules": [
        {
            "uid": "learn.keys", "type": "module", "title": "Cut keys", "duration_in_minutes": 12,
            "summary": "<p>Cut keys that <b>fit</b> &amp; last.</p>", "url": f"{SITE}/modules/cut-keys/?WT.mc_id=api",
            "units": ["learn.keys.introduction", "learn.keys.lathe", "learn.keys.check", "learn.keys.gone"],
        },
        {"uid": "learn.locks", "type": "module", "title": "Fit locks", "duration_in_minutes": 9, "units": []},
    ],
    "units": [
        {"uid": "learn.keys.introduction", "type": "unit", "title": "Introduction", "duration_in_minutes": 2},
        {"uid": "learn.keys.lathe", "type": "unit", "title": "Exercise - Use the lathe", "duration_in_minutes": 8},
        {"uid": "learn.keys.check", "type": "unit", "title": "Module assessment"},
    ],
    "learningPaths": [
        {
            "uid": "learn.workshop", "type": "learningPath", "title": "LS-100: Work in the shop",
            "summary": "<p>Everything at the bench.</p>", "url": f"{SITE}/paths/workshop/",
            "modules": ["learn.keys", "learn.locks", "learn.missing"], "duration_in_minutes": 21,
        },
        {"uid": "learn.store", "title": "Run the store", "url": f"{SITE}/paths/store", "modules": ["learn.locks"]},
    ],
    "courses": [
        {
            "uid": "course.ls-100t00", "course_number": "LS-100T00", "title": "Locksmith", "summary": "A trade.",
            "study_guide": [{"uid": "learn.store", "type": "learningPath"}, {"uid": "learn.old"}],
        }
    ],
}  # fmt: skip


def course_of(page):
    return CourseReader().read(to_yaml(page), "x.yaml")


def read(*picks, **more):
    return read_catalog(json.dumps(CATALOG), "catalog.json", picks, **more)


def test_all_learning_paths_of_a_small_catalog():
    page = read()
    course = course_of(page)
    assert course.code == "LS-100"
    assert [path.id for path in course.paths] == ["workshop", "store"]
    keys, locks = course.paths[0].modules
    assert (keys.id, keys.title, keys.url) == (
        "cut-keys",
        "Cut keys",
        "https://learn.example.org/training/modules/cut-keys",
    )
    assert keys.description == "Cut keys that fit & last."
    assert [(unit.id, unit.kind, unit.minutes) for unit in keys.units] == [
        ("introduction", "introduction", 2), ("lathe", "exercise", 8), ("check", "assessment", 2),
    ]  # fmt: skip
    assert locks.minutes == 9
    assert "catalog.json: “learn.missing” was left out: the catalog has no such module" in page.notes
    assert "catalog.json: “learn.keys.gone” was left out: the catalog has no such unit" in page.notes


@pytest.mark.parametrize("pick", ["LS-100T00", "ls-100t00", "course.ls-100t00", "Locksmith"])
def test_a_course_is_picked_by_its_number_or_title(pick):
    page = read(pick)
    course = course_of(page)
    assert (course.code, course.title, [path.id for path in course.paths]) == ("LS-100", "Locksmith", ["store"])
    assert any("learn.old" in note for note in page.notes)


@pytest.mark.parametrize(
    "pick",
    ["learn.store", "run the store", f"{SITE}/paths/store", "https://learn.example.org/de-de/training/paths/store/"],
)
def test_a_learning_path_is_picked_by_uid_title_or_address(pick):
    assert [path.id for path in course_of(read(pick, code="ST-1")).paths] == ["store"]


def test_picks_are_taken_in_order_and_once():
    assert [path.id for path in course_of(read("learn.store", "learn.workshop", "learn.store")).paths] == [
        "store",
        "workshop",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{\n\n x", "catalog.json:3: this isn't JSON"),
        ("[" * 100_000, "this isn't JSON"),
        ("[1]", "isn't a catalog"),
        ('{"learningPaths": 5}', "isn't a catalog"),
        ('{"learningPaths": []}', "has 0 learning paths"),
        ('{"learningPaths": [{"uid": "a", "title": "A"}]}', "no course code is in the titles"),
    ],
)
def test_what_isn_t_a_catalog_is_refused(text, says):
    with pytest.raises(BadInput, match=says):
        read_catalog(text, "catalog.json")


def test_an_unknown_pick_is_refused_with_suggestions():
    with pytest.raises(BadInput, match=r"no course or learning path “Run a store”\. Did you mean “Run the store”"):
        read("Run a store")


def test_a_large_catalog_needs_a_pick():
    many = {"learningPaths": [{"uid": f"p{n}", "title": f"Path {n}"} for n in range(40)]}
    with pytest.raises(BadInput, match=r"has 40 learning paths.*--pick"):
        read_catalog(json.dumps(many), "catalog.json")


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [None], ["x", 5]])
def test_odd_values_are_left_out(value):
    for key in ("modules", "units", "courses", "study_guide", "title", "url", "summary", "duration_in_minutes", "uid"):
        odd = json.loads(json.dumps(CATALOG))
        odd["learningPaths"][0][key] = value
        for part in ("modules", "units", "courses"):
            odd[part] = [{**each, key: value} for each in odd[part]]
        with suppress(BadInput):  # a catalog without usable learning paths
            assert course_of(read_catalog(json.dumps(odd), "c.json", code="LS-1")).paths
