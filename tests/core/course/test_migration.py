"""Whatever is edited in a course: nobody loses a tick, and going back restores everything."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.course.changes import compare
from bot.core.course.migration import DryRun, StoredTick, dry_run, inverse, migrated, outcome, returned
from bot.core.course.progress import Progress, Tick, credited
from tests.core.course.editing import course_of, edited, parts
from tests.core.course.test_changes import OLD, course


def ticks_on(routes, start=100, change=1):
    return tuple(StoredTick(Tick(route, start + n, start + n, 700, change)) for n, route in enumerate(sorted(routes)))


def routes_of(ticks):
    return {each.tick.route for each in ticks}


@st.composite
def versions(draw):
    """Two versions of a course, with some of the proposals rejected, and a learner's ticks in the first one."""
    paths = draw(parts())
    old = course_of(paths)
    new = course_of(draw(edited(paths)))
    keys = [each.key for each in compare(old, new).proposals]
    changes = compare(old, new, draw(st.sets(st.sampled_from(keys)) if keys else st.just(())))
    ticks = ticks_on(draw(st.sets(st.sampled_from(sorted(old.leaves)))))
    return changes, ticks


@given(versions())
def test_nobody_loses_a_tick(given_):
    changes, ticks = given_
    after = migrated(ticks, changes.mapping)
    assert {each.origin for each in after} >= {
        each.tick.route for each in ticks if each.tick.route not in changes.mapping
    }
    served = changes.served
    times = {each.tick.route: each.tick[1:] for each in ticks}
    assert all(each.tick[1:] == times[each.origin] for each in after), "each with its dates"
    for each in ticks:
        for target in changes.mapping.get(each.tick.route, (each.tick.route,)):
            assert target in routes_of(after), "it is there, or was kept on a removed part"
            assert each.tick.route not in changes.mapping or credited(served, [target])
    assert len(routes_of(after)) == len(after), "one for each full ID, as the table has it"


@given(versions())
def test_shares_stay_between_0_and_100_percent_and_loss_is_told(given_):
    changes, ticks = given_
    found = outcome(changes, changes.served, ticks)
    for share in (found.before, found.after):
        assert 0 <= share.done <= share.total
        assert 0 <= share.minutes <= share.minutes_total
        assert 0 <= share.percent <= 100
    removed = {leaf for node in changes.removed for leaf in node.leaves}
    assert found.lost == len(removed & credited(changes.old, routes_of(ticks)))
    if not changes.removed and not changes.added and not changes.timed and len(set(changes.mapping.values())) == len(
        changes.mapping
    ) and all(len(new) == 1 for new in changes.mapping.values()):  # fmt: skip
        assert found.before.done == found.after.done


@given(versions())
def test_going_back_restores_everything(given_):
    changes, ticks = given_
    after = migrated(ticks, changes.mapping)
    back = returned(after, changes.mapping, changes.old, changes.new)
    assert sorted(back) == sorted(ticks)


@given(versions(), st.data())
def test_going_back_keeps_what_was_made_since(given_, data):
    changes, ticks = given_
    after = migrated(ticks, changes.mapping)
    free = sorted(set(changes.new.leaves) - routes_of(after))
    since = ticks_on(data.draw(st.sets(st.sampled_from(free))) if free else (), 500, 2)
    back = returned((*after, *since), changes.mapping, changes.old, changes.new)
    assert routes_of(ticks) <= routes_of(back)
    mapping = inverse(changes.mapping, changes.old)
    for each in since:
        assert routes_of(back).issuperset(mapping.get(each.tick.route, [each.tick.route]))
    counted = credited(changes.old, routes_of(back))
    assert counted >= credited(changes.old, routes_of(ticks))
    again = migrated(back, changes.mapping)
    assert credited(changes.served, routes_of(again)) >= credited(changes.served, routes_of(after))


@given(st.data())
def test_any_number_of_versions_and_back(data):
    """Through several versions and back through all of them, nobody loses what counted at the start."""
    paths = data.draw(parts())
    steps, ticks = [], ticks_on(data.draw(st.sets(st.sampled_from(sorted(course_of(paths).leaves)))))
    first, now = ticks, ticks
    for _ in range(data.draw(st.integers(1, 3))):
        old, paths = paths, data.draw(edited(paths))
        steps.append(compare(course_of(old), course_of(paths)))
        now = migrated(now, steps[-1].mapping)
    for changes in reversed(steps):
        now = returned(now, changes.mapping, changes.old, changes.new)
    course = steps[0].old
    assert credited(course, routes_of(now)) >= credited(course, routes_of(first))
    assert Progress(course, [each.tick for each in now]).whole.percent <= 100


def test_a_merged_part_counts_once_and_comes_back_as_two():
    old = course({"a": {"m": {"b": "Blobs", "f": "Files", "z": "Other"}}})
    new = course({"a": {"m": {"bf": "Blobs and files", "z": "Other"}}})
    changes = compare(old, new)
    both = ticks_on(["a/m/b", "a/m/f"])
    after = migrated(both, changes.mapping)
    assert routes_of(after) == {"a/m/bf", "a/m/f"}, "the second one is kept where it was"
    assert credited(changes.served, routes_of(after)) == {"a/m/bf"}
    assert sorted(returned(after, changes.mapping, old, new)) == sorted(both)

    one = ticks_on(["a/m/f"])
    after = migrated(one, changes.mapping)
    assert routes_of(after) == {"a/m/bf"}
    assert returned(after, changes.mapping, old, new) == one
    since = ticks_on(["a/m/bf"])
    assert routes_of(returned(since, changes.mapping, old, new)) == {"a/m/b", "a/m/f"}


def test_a_dry_run_of_a_module_that_gained_a_unit():
    old = course({"a": {"m": {f"u{n}": f"Unit {n}" for n in range(24)}}})
    new = course({"a": {"m": {f"u{n}": f"Unit {n}" for n in range(24)} | {"extra": "Something new"}}})
    changes = compare(old, new)
    outcomes = [outcome(changes, changes.served, ticks_on(each)) for each in (old.leaves, old.leaves, ["a/m/u0"])]
    assert dry_run(outcomes) == DryRun(3, 0, 0, {(100, 96): 2})


def test_a_dry_run_of_a_removal():
    old = course(OLD)
    tree = {**OLD, "compute": {"vms": OLD["compute"]["vms"]}}
    changes = compare(old, course(tree))
    outcomes = [outcome(changes, changes.served, ticks_on(each)) for each in (["compute/apps"], ["store/blobs/keys"])]
    assert dry_run(outcomes).losing == 1
    assert [each.lost for each in outcomes] == [1, 0]
    assert outcomes[0].after.percent == 0
