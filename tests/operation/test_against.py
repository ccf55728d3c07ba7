"""``waymark check --against DATABASE``: would a new course file take progress away?"""

import asyncio
from datetime import date, timedelta

import pytest

from bot.core.course.lost_ticks import lost_parts, uncounted
from bot.errors import BadInput
from bot.operation.against import compare_with
from bot.store.moving import name_of
from tests.conftest import READER, course_text
from tests.databases import query
from tests.store.changes import ADA, BEN, opened, tick

TODAY = date(2026, 11, 20)
TREE = {"store": {"blobs": ["tiers", "keys", "soft-delete"], "files": ["share", "sync"]}, "compute": {"vms": ["size"]}}


def course(tree=TREE, **more):
    return READER.read(course_text(tree, **more), "t-1.yaml")


@pytest.fixture
def used(path):
    """A database in which Ada has completed all of ``TREE`` and Ben one unit."""

    async def fill():
        async with opened(path) as store:
            await tick(store, ADA, *course().leaves)
            await tick(store, BEN, "store/blobs/keys")

    asyncio.run(fill())
    return path


def lines(database, *courses):
    found = compare_with(database, courses, TODAY)
    assert found.lines[0] == f"Compared with the progress in {name_of(database)}:"
    return found.loses, list(found.lines[1:])


def test_the_same_course_takes_nothing_away(used):
    assert lines(used, course()) == (False, ["T-1: 2 learners, nobody loses progress"])


def test_more_units_take_nothing_away(used):
    assert lines(used, course({**TREE, "network": {"vnets": ["peer"]}}))[0] is False


def test_renamed_parts_are_found_and_the_advice_settles_it(used):
    """A path, a module below it and a unit below that have other IDs; the lines that are proposed are enough."""
    tree = {
        "storage": {"blob": ["tiers", "keys", "soft-delete"], "files": ["share", "file-sync"]},
        "compute": {"vms": ["size"]},
    }
    loses, report = lines(used, course(tree))
    assert loses
    assert report[0] == "T-1: 2 of 2 learners would lose progress; 5 completed parts not in the file"
    renamed = dict(line.strip().split(": ") for line in report if line.startswith("      ") and "{" not in line)
    assert renamed == {"store": "storage", "store/blobs": "storage/blob"}
    retired = [line for line in report if "{" in line]
    assert len(retired) == 1, "store/files/sync has nothing in common with file-sync but one of two words"
    again = course(
        tree,
        renamed=renamed,
        retired=[{"id": line.split("id: ")[1].split(",")[0], "title": "T", "on": TODAY} for line in retired],
    )
    assert lines(used, again)[0] is False


def test_a_moved_module(used):
    tree = {"store": {"blobs": TREE["store"]["blobs"]}, "compute": {"vms": ["size"], "files": TREE["store"]["files"]}}
    assert lines(used, course(tree)) == (
        True,
        [
            "T-1: 1 of 2 learners would lose progress; 2 completed parts not in the file",
            "  store/files (1 learner): now compute/files? (same ID, same parts)",
            "  Check these lines and add them to the file of T-1:",
            "    renamed:",
            "      store/files: compute/files",
        ],
    )
    assert lines(used, course(tree, renamed={"store/files": "compute/files"}))[0] is False


def test_a_removed_module_has_to_be_listed_as_retired(used):
    tree = {**TREE, "store": {"files": TREE["store"]["files"]}}
    loses, report = lines(used, course(tree))
    assert loses
    assert report == [
        "T-1: 2 of 2 learners would lose progress; 3 completed parts not in the file",
        "  store/blobs (2 learners): no similar part",
        "  Check these lines and add them to the file of T-1:",
        "    retired:  # or under renamed, if the part is still there",
        "      - {id: store/blobs, title: 'Blobs', on: 2026-11-20}",
    ]
    gone = {"id": "store/blobs", "title": "Blobs", "on": TODAY}
    assert lines(used, course(tree, retired=[gone])) == (False, ["T-1: 2 learners, nobody loses progress"])


def test_a_course_without_a_file(used):
    assert lines(used, course(code="T-2")) == (
        True,
        [
            "T-2: 0 learners, nobody loses progress",
            "t-1: 2 learners with progress, but no file has this code. Restore the file or code.",
        ],
    )
    query(used, "update tick set course = '700:t-1'")
    assert lines(used, course())[0] is False, "a server's course isn't the operator's"


def test_the_database_is_only_read(used, rows):
    before = rows("select * from tick order by learner_id, route")
    compare_with(used, [course({"other": {}})], TODAY)
    assert rows("select * from tick order by learner_id, route") == before


def test_no_database(tmp_path):
    with pytest.raises(BadInput):
        compare_with(tmp_path / "none.db", [course()], TODAY)
    assert not (tmp_path / "none.db").exists()


def test_a_long_list_is_cut(used):
    def routes():
        return {f"gone/m{number}/u{number}": [ADA] for number in range(30)}

    found = lost_parts(course(), {**routes(), "compute/vms/size": [ADA]})
    assert [each.route for each in found] == ["gone"]
    assert len(found[0].routes) == 30


def test_what_counts_is_not_lost():
    changed = course(
        {"a": {"m": ["u", "v"]}},
        renamed={"old": "a"},
        retired=[{"id": "was/here", "title": "T", "on": TODAY - timedelta(days=1)}],
    )
    stored = ["a", "a/m", "a/m/u", "a/m/gone", "old/m/v", "old/m/gone", "was/here/u", "was/there", "a/b/c/d", ""]
    assert uncounted(changed, stored) == {"a/m/gone", "old/m/gone", "was/there", "a/b/c/d", ""}
    assert {each.route for each in lost_parts(changed, {route: [ADA] for route in stored if route})} == {
        "a/m/gone", "old/m/gone", "was", "a/b"
    }  # fmt: skip
