"""What the comparison of two versions of a course finds, and what it proposes."""

from dataclasses import replace

import pytest

from bot.core.course.changes import ChangeKind, compare
from bot.core.course.course import MAX_RENAMES, Course, Kind, Module, Path, Unit
from bot.core.course.matching import Evidence

OLD = {
    "store": {
        "blobs": {"intro": "Introduction", "tiers": "Choose an access tier", "keys": "Rotate account keys"},
        "files": {"intro": "Introduction", "share": "Create a file share", "sync": "Sync files with a server"},
    },
    "compute": {
        "vms": {"size": "Choose a size", "disks": "Attach data disks", "scale": "Scale out"},
        "apps": {},
    },
}  # fmt: skip
TITLES = {
    "store": "Implement storage", "compute": "Deploy compute resources", "blobs": "Configure blobs",
    "files": "Configure file shares", "vms": "Create virtual machines", "apps": "Run web apps",
}  # fmt: skip


def course(tree, titles=TITLES, **more):
    """A course of nested IDs; titles of units are in the tree, or the IDs where it is a list."""
    paths = tuple(
        Path(id=path, title=titles.get(path, path), modules=tuple(module(*each, titles) for each in modules.items()))
        for path, modules in tree.items()
    )  # fmt: skip
    return Course(code="T-1", title="T", overview="O", paths=paths, **more)


def module(name, units, titles=TITLES):
    named = units.items() if isinstance(units, dict) else ((unit, unit) for unit in units)
    made = tuple(Unit(id=unit, title=title, kind=kind_of(title), minutes=10) for unit, title in named)
    return Module(id=name, title=titles.get(name, name), minutes=30, units=made)


def kind_of(title):
    return Kind.INTRODUCTION if title == "Introduction" else Kind.READING


def edited(edit):
    """A copy of ``OLD`` after ``edit``."""
    tree = {path: {name: dict(units) for name, units in modules.items()} for path, modules in OLD.items()}
    edit(tree)
    return course(tree)


def told(changes):
    return [
        (each.kind.value, " ".join(node.route for node in each.old), " ".join(node.route for node in each.new))
        for each in changes.proposals
    ]


def routes(nodes):
    return [node.route for node in nodes]


@pytest.fixture
def old():
    return course(OLD)


def test_the_same_course_has_no_changes(old):
    changes = compare(old, course(OLD))
    assert not changes
    assert changes.mapping == {}


def test_added_and_removed_are_the_highest_nodes(old):
    def edit(tree):
        del tree["compute"]
        del tree["store"]["blobs"]["keys"]
        tree["network"] = {"vnets": {"peer": "Peer two networks"}}
        tree["store"]["files"]["smb"] = "Tune the SMB protocol"

    changes = compare(old, edited(edit))
    assert routes(changes.added) == ["store/files/smb", "network"]
    assert routes(changes.removed) == ["store/blobs/keys", "compute"]
    assert changes.proposals == ()


def test_a_path_with_another_id_takes_everything_below_it_along(old):
    new = course({"storage" if path == "store" else path: modules for path, modules in OLD.items()},
                 {**TITLES, "storage": TITLES["store"]})  # fmt: skip
    changes = compare(old, new)
    assert told(changes) == [("renamed", "store", "storage")]
    assert changes.mapping["store/files/sync"] == ("storage/files/sync",)
    assert len(changes.mapping) == 9
    assert (changes.added, changes.removed) == ((), ())
    assert changes.served.renamed == {"store": "storage"}


def test_a_rejected_proposal_is_added_and_removed_and_its_parts_match_on_their_own(old):
    new = course({"storage" if path == "store" else path: modules for path, modules in OLD.items()},
                 {**TITLES, "storage": TITLES["store"]})  # fmt: skip
    (proposal,) = compare(old, new).proposals
    changes = compare(old, new, [proposal.key])
    assert [each.accepted for each in changes.proposals] == [False, True, True]
    assert told(changes)[1:] == [("moved", "store/blobs", "storage/blobs"), ("moved", "store/files", "storage/files")]
    everything = set()
    while fresh := {each.key for each in compare(old, new, everything).proposals} - everything:
        everything |= fresh
    nothing = compare(old, new, everything)
    assert nothing.mapping == {}
    assert routes(nothing.removed) == ["store"]
    assert routes(nothing.added) == ["storage"]
    assert nothing.served.renamed == {}


def test_a_module_that_moved_to_another_path(old):
    def edit(tree):
        tree["compute"]["files"] = tree["store"].pop("files")

    changes = compare(old, edited(edit))
    assert told(changes) == [("moved", "store/files", "compute/files")]
    assert Evidence.TITLE in changes.proposals[0].evidence
    assert changes.mapping["store/files/intro"] == ("compute/files/intro",)


def test_a_unit_with_a_corrected_title_and_id(old):
    def edit(tree):
        tree["store"]["blobs"] = {
            "intro": "Introduction",
            "access-tiers": "Choose the access tier",
            "keys": "Rotate account keys",
        }

    changes = compare(old, edited(edit))
    assert told(changes) == [("renamed", "store/blobs/tiers", "store/blobs/access-tiers")]
    assert set(changes.proposals[0].evidence) == {Evidence.SIMILAR, Evidence.PLACE}


def test_an_unrelated_unit_at_the_same_place_is_not_proposed(old):
    def edit(tree):
        tree["store"]["blobs"] = {
            "intro": "Introduction",
            "lock": "Make blobs immutable",
            "keys": "Rotate account keys",
        }

    changes = compare(old, edited(edit))
    assert changes.proposals == ()
    assert (routes(changes.added), routes(changes.removed)) == (["store/blobs/lock"], ["store/blobs/tiers"])


def test_introductions_of_different_modules_are_not_the_same(old):
    def edit(tree):
        del tree["store"]["blobs"]
        del tree["store"]["files"]["intro"]
        tree["compute"]["kubernetes"] = {"start": "Introduction", "pods": "Deploy pods"}

    assert compare(old, edited(edit)).proposals == ()


def test_ambiguous_matches_are_not_proposed():
    old = course({"a": {"m": {"x": "Exercise", "y": "Exercise", "z": "Other"}}})
    new = course({"a": {"m": {"p": "Exercise", "q": "New", "z": "Other", "r": "Exercise"}}})
    assert told(compare(old, new, ordered=False)) == []
    kept = course({"a": {"m": {"p": "Exercise", "q": "Exercise", "z": "Other"}}})
    assert told(compare(old, kept)) == [("renamed", "a/m/x", "a/m/p"), ("renamed", "a/m/y", "a/m/q")], "by position"


def test_the_same_link_under_another_title():
    def linked(name, title, url="https://example.org/guide"):
        return Course(code="T-1", title="T", overview="O", paths=(
            Path(id="a", title="A", modules=(Module(id=name, title=title, minutes=5, url=url),)),
            Path(id="b", title="B"),
        ))  # fmt: skip

    changes = compare(linked("one", "Guide"), linked("two", "Something else entirely"))
    assert told(changes) == [("renamed", "a/one", "a/two")]
    assert Evidence.LINK in changes.proposals[0].evidence
    assert compare(linked("one", "Guide"), linked("two", "Else", "https://example.org/other")).proposals == ()


def test_units_that_were_merged(old):
    def edit(tree):
        tree["compute"]["vms"] = {"both": "Choose a size and attach data disks", "scale": "Scale out"}

    changes = compare(old, edited(edit))
    assert told(changes) == [("merged", "compute/vms/size compute/vms/disks", "compute/vms/both")]
    assert changes.mapping == {
        "compute/vms/size": ("compute/vms/both",),
        "compute/vms/disks": ("compute/vms/both",),
    }
    assert (changes.added, changes.removed) == ((), ())


def test_a_unit_that_was_merged_into_one_that_stays(old):
    def edit(tree):
        del tree["compute"]["vms"]["disks"]
        tree["compute"]["vms"]["size"] = "Choose a size and attach data disks"

    changes = compare(old, edited(edit))
    assert told(changes) == [("merged", "compute/vms/size compute/vms/disks", "compute/vms/size")]
    assert changes.mapping == {"compute/vms/disks": ("compute/vms/size",)}


@pytest.mark.parametrize("kept", [True, False])
def test_a_unit_that_was_split(kept):
    old = course({"a": {"m": {"both": "Blobs and files", "z": "Other"}}})
    first = "both" if kept else "blobs"
    new = course({"a": {"m": {first: "Blobs", "files": "Files", "z": "Other"}}})
    changes = compare(old, new)
    assert told(changes) == [("split", "a/m/both", f"a/m/{first} a/m/files")]
    assert changes.mapping == {"a/m/both": (f"a/m/{first}", "a/m/files")}
    assert changes.added == ()


def test_what_the_new_file_lists_is_followed_and_cannot_be_rejected(old):
    def edit(tree):
        tree["compute"]["containers"] = {"run": "Run a container"}
        del tree["compute"]["apps"]

    new = replace(edited(edit), renamed={"compute/apps": "compute/containers"})
    changes = compare(old, new)
    assert told(changes) == [("renamed", "compute/apps", "compute/containers")]
    assert changes.proposals[0].evidence == (Evidence.LISTED,)
    assert compare(old, new, [changes.proposals[0].key]).mapping == {"compute/apps": ("compute/containers",)}
    assert changes.added == (), "its units count for those who completed the module"


def test_titles_minutes_and_order(old):
    tree = {path: OLD[path] for path in ("compute", "store")}
    new = course(tree, {**TITLES, "apps": "Run web apps and functions"})
    object.__setattr__(new.nodes["compute/apps"], "length", 45)
    changes = compare(old, new)
    assert [(before.title, after.title) for before, after in changes.retitled] == [
        ("Run web apps", "Run web apps and functions")
    ]
    assert [(before.length, after.length) for before, after in changes.timed] == [(30, 45)]
    assert changes.reordered == (None,)
    tree = {"store": {name: OLD["store"][name] for name in ("files", "blobs")}, "compute": OLD["compute"]}
    assert routes(compare(old, course(tree)).reordered) == ["store"]


def test_a_module_that_gained_its_first_units_is_neither_added_nor_removed(old):
    def edit(tree):
        tree["compute"]["apps"] = {"plan": "Choose a plan", "slots": "Use deployment slots"}

    changes = compare(old, edited(edit))
    assert (changes.added, changes.removed, changes.mapping) == ((), (), {})


def test_former_ids_of_earlier_versions_stay_known(old):
    def edit(tree):
        tree["compute"]["files"] = tree["store"].pop("files")

    before = replace(old, renamed={"older/files": "store/files", "left/behind": "store/blobs/keys"})

    def without(tree):
        edit(tree)
        del tree["store"]["blobs"]["keys"]

    served = compare(before, edited(without)).served
    assert served.renamed == {"older/files": "store/files", "store/files": "compute/files"}
    assert served.current("older/files/sync") == "compute/files/sync"


def test_no_more_former_ids_than_a_course_may_have():
    old = course({"a": {f"m{m}": {f"u{m}x{u}": f"Unit {m} {u}" for u in range(40)} for m in range(30)}})
    new = course({"a": {f"m{m}": {f"v{m}x{u}": f"Unit {m} {u}" for u in range(40)} for m in range(30)}})
    changes = compare(old, new)
    assert len(changes.mapping) == 1200
    assert len(changes.served.renamed) == MAX_RENAMES
    assert {each.kind for each in changes.proposals} == {ChangeKind.RENAMED}
    assert len({each.key for each in changes.proposals}) == 1200
