"""What a tick means, for any course, any history and any order of ticks and unticks.

The oracle knows nothing of the code under test: it has the tree as routes with the routes below them, keeps the set of
leaves that a learner has done, and takes "done" of a node literally: all of its children are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.timestamps import seconds
from bot.core.course.course import Course, Kind, Module, Path, Unit
from bot.core.course.progress import Progress, Tick, after, ticking, unticking
from bot.core.course.share import Share

GONE = ("gone", "gone/m", "p0/gone", "p0/m0/gone")
START = datetime(2026, 1, 1, tzinfo=UTC)
some = settings(max_examples=300, deadline=None)


@dataclass
class World:
    """A course, the oracle's view of it, and the routes that are stored at the start."""

    course: Course
    below: dict[str, list[str]]
    names: dict[str, list[str]]
    stored: frozenset[str]

    def leaves(self, route):
        children = self.below[route]
        return {leaf for child in children for leaf in self.leaves(child)} if children else {route}

    def is_done(self, route, done):
        children = self.below[route]
        return all(self.is_done(child, done) for child in children) if children else route in done

    def credit(self, stored):
        """The leaves for which each stored route counts."""
        return {name: self.leaves(route) for route, names in self.names.items() for name in names if name in stored}


@st.composite
def worlds(draw, history=True):
    """Courses of up to 3 paths of up to 3 modules of up to 3 units, levels missing here and there; with ``history``,
    nodes had other ids before, were ticked before they had children, and some that were ticked went away."""
    shape = draw(st.lists(st.lists(st.integers(0, 3), max_size=3), min_size=1, max_size=3))
    minutes = st.integers(1, 60)
    paths, below = [], {}
    for p, modules in enumerate(shape):
        below[f"p{p}"] = [f"p{p}/m{m}" for m in range(len(modules))]
        for m, units in enumerate(modules):
            below[f"p{p}/m{m}"] = [f"p{p}/m{m}/u{u}" for u in range(units)]
            below.update({f"p{p}/m{m}/u{u}": [] for u in range(units)})
        paths.append(
            Path(
                id=f"p{p}",
                title="P",
                minutes=draw(st.none() | minutes),
                modules=tuple(
                    Module(
                        id=f"m{m}",
                        title="M",
                        minutes=draw(st.none() | minutes),
                        units=tuple(
                            Unit(id=f"u{u}", title="U", kind=Kind.READING, minutes=draw(minutes)) for u in range(units)
                        ),
                    )
                    for m, units in enumerate(modules)
                ),
            )
        )
    moved = draw(st.sets(st.sampled_from(sorted(below)), max_size=3)) if history else set()
    renamed, names = {}, {}
    for route in sorted(below):
        *above, own = route.split("/")
        if route in moved:
            renamed["/".join([*above, f"was-{own}"])] = route
        parts = route.split("/")
        steps = [
            (part, f"was-{part}") if "/".join(parts[: depth + 1]) in moved else (part,)
            for depth, part in enumerate(parts)
        ]
        names[route] = ["/".join(way) for way in product(*steps)]
    course = Course(code="T-1", title="T", overview="O", paths=tuple(paths), renamed=renamed)
    known = sorted(name for ways in names.values() for name in ways)
    stored = draw(st.frozensets(st.sampled_from([*known, *GONE]), max_size=8)) if history else frozenset()
    return World(course, below, names, stored)


def changes(world):
    nodes = st.lists(st.sampled_from(sorted(world.below)), min_size=1, max_size=3)
    return st.lists(st.tuples(st.booleans(), nodes), max_size=8)


def ticks_of(routes):
    return {
        route: Tick(route, seconds(START + timedelta(days=day)), seconds(START))
        for day, route in enumerate(sorted(routes))
    }


def assert_agrees(world, progress, done):
    course = world.course
    order = [route for route in world.below if not world.below[route]]
    assert list(course.leaves) == order
    for route, node in course.nodes.items():
        leaves = world.leaves(route)
        assert progress.is_done(node) == world.is_done(route, done) == (leaves <= done)
        share = progress.share(node)
        assert (share.done, share.total) == (len(leaves & done), len(leaves))
        assert share.minutes == sum(course.nodes[leaf].length for leaf in leaves & done)
        assert share.minutes_total == node.length
        assert share.complete == progress.is_done(node)
        assert (progress.done_at(node) is not None) == progress.is_done(node)
    assert [path.route for path in progress.paths_done] == [
        path.route for path in course.paths if world.is_done(path.route, done)
    ]
    for path in course.paths:
        assert progress.modules_done(path) == sum(world.is_done(route, done) for route in world.below[path.route])
    assert (progress.whole.done, progress.whole.total) == (len(done), len(order))
    assert progress.whole.minutes_total == course.minutes
    left = [leaf for leaf in order if leaf not in done]
    assert (progress.next().route if progress.next() else None) == (left[0] if left else None)
    assert progress.next(beyond=left[:1]) is (course.nodes[left[1]] if left[1:] else None)


@some
@given(st.data())
def test_any_history_of_ticks_and_unticks(data):
    world = data.draw(worlds())
    course = world.course
    ticks = ticks_of(world.stored)
    done = set().union(*world.credit(world.stored).values())
    kept = world.stored.intersection(GONE)
    assert_agrees(world, Progress(course, ticks.values()), done)

    for day, (on, routes) in enumerate(data.draw(changes(world))):
        nodes = [course.nodes[route] for route in routes]
        wanted = set().union(*(world.leaves(route) for route in routes))
        before, dates = frozenset(ticks), Progress(course, ticks.values())
        delta = (ticking if on else unticking)(course, before, nodes)

        assert len(set(delta.add)) == len(delta.add)
        assert not before.intersection(delta.add)
        assert before.issuperset(delta.remove)
        if on:
            assert set(delta.add) == wanted - done, "exactly what was missing"
            assert list(delta.add) == [
                leaf for leaf in dict.fromkeys(leaf for node in nodes for leaf in node.leaves) if leaf not in done
            ]
            assert not delta.remove, "nothing goes by ticking"
            assert not delta.carried
            done |= wanted
        else:
            done -= wanted
            assert set(delta.carried) == set(delta.add), "only credit that moves is added"
            assert set(delta.carried.values()) <= set(delta.remove)
            assert all(world.credit(before)[route] & wanted for route in delta.remove), "nothing goes without need"

        now = after(before, delta)
        fresh, start = seconds(START + timedelta(days=100 + day)), seconds(START)
        ticks = {route: tick for route, tick in ticks.items() if route in now} | {
            leaf: Tick(leaf, ticks[delta.carried[leaf]].done if leaf in delta.carried else fresh, start)
            for leaf in delta.add
        }
        assert now == frozenset(ticks)
        assert kept <= now, "credit for what left the course stays"
        assert bool(delta) == (before != now)
        assert not (ticking if on else unticking)(course, now, nodes), "twice changes nothing"
        progress = Progress(course, ticks.values())
        assert_agrees(world, progress, done)
        assert {tick.route for tick in progress.kept} == kept
        credited = list(world.credit(before).values())
        for leaf in done - wanted:
            if sum(leaf in leaves for leaves in credited) == 1:
                assert progress.done_at(course.nodes[leaf]) == dates.done_at(course.nodes[leaf]), "with its date"


@some
@given(st.data())
def test_untick_takes_back_a_tick(data):
    world = data.draw(worlds())
    node = world.course.nodes[data.draw(st.sampled_from(sorted(world.below)))]
    below = world.leaves(node.route)
    stored = frozenset(name for name in world.stored if not world.credit([name]).get(name, set()) & below)
    ticked = after(stored, ticking(world.course, stored, [node]))
    assert Progress(world.course, ticks_of(ticked).values()).is_done(node)
    assert after(ticked, unticking(world.course, ticked, [node])) == stored


@some
@given(worlds(history=False), st.data())
def test_ticking_every_child_is_ticking_the_node(world, data):
    node = world.course.nodes[data.draw(st.sampled_from(sorted(world.below)))]
    stored = frozenset(data.draw(st.sets(st.sampled_from(sorted(world.course.leaves)))))
    one_by_one = stored
    for child in data.draw(st.permutations(node.children)):
        one_by_one = after(one_by_one, ticking(world.course, one_by_one, [child]))
    if node.children:
        assert one_by_one == after(stored, ticking(world.course, stored, [node]))
    less = unticking(world.course, stored, [node])
    for other in world.course.nodes.values():
        if not set(other.leaves) & set(node.leaves):
            progress = Progress(world.course, ticks_of(after(stored, less)).values())
            assert progress.share(other) == Progress(world.course, ticks_of(stored).values()).share(other)


@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 9000), st.integers(0, 9000))
@some
def test_percent_says_0_only_for_nothing_and_100_only_for_all(total, done, minutes, left):
    share = Share(min(done, total), total, minutes, minutes + left)
    assert 0 <= share.percent <= 100
    assert (share.percent == 0) == (share.done == 0)
    assert (share.percent == 100) == (share.done == share.total) == share.complete
    assert share.minutes_left == left
    if 0 < share.done < total and minutes + left:
        exact = 100 * minutes / (minutes + left)
        assert abs(share.percent - exact) <= 1, "by minutes, not by counting"


def test_without_minutes_the_share_is_by_count():
    assert Share(1, 4, 0, 0).percent == 25


@pytest.fixture
def tree(course):
    return course({"a": {"m": ["u1", "u2"], "n": ["u1"]}, "b": {}})


def at(day, change, *routes):
    return [Tick(route, seconds(START + timedelta(days=day)), seconds(START), change=change) for route in routes]


def test_a_node_was_done_when_the_last_below_it_was(tree):
    progress = Progress(tree, [*at(5, 1, "a/m/u1"), *at(2, 2, "a/m/u2")])
    assert progress.done_at(tree.nodes["a/m"]) == START + timedelta(days=5)
    assert progress.done_at(tree.nodes["a"]) is None


def test_a_leaf_with_two_ticks_has_the_earlier_date(course):
    renamed = course({"a": {"m": []}}, renamed={"old": "a"})
    progress = Progress(renamed, [*at(5, 1, "a/m"), *at(2, 2, "old"), *at(3, 3, "a")])
    assert progress.done_at(renamed.nodes["a/m"]) == START + timedelta(days=2)


def test_last_ticks_are_told_as_what_they_finished(tree):
    ticks = [
        *at(1, 1, "a/n/u1"),
        *at(2, 2, "a/m/u1"),
        *at(3, 3, "b"),
        *at(3, 4, "a/m/u2"),
        *at(9, 5, "left-the-course"),
    ]
    assert [node.route for node, _ in Progress(tree, ticks).last(9)] == ["a/m/u2", "b", "a/m/u1", "a/n"]
    assert [node.route for node, _ in Progress(tree, ticks).last(2)] == ["a/m/u2", "b"]
    together = at(1, 1, "a/m/u1", "a/m/u2", "a/n/u1") + at(2, 2, "b")
    assert [node.route for node, _ in Progress(tree, together).last(9)] == ["b", "a"]
    assert list(Progress(tree, []).last(9)) == []
