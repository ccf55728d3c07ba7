"""What is known counts as covered and never as completed, for any course and any history of ticks and marks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.timestamps import seconds
from bot.core.course.known import markable, marking, unmarking
from bot.core.course.progress import KNOWN, REVIEWED, Progress, Tick, ticking, unticking
from bot.core.course.reading import CourseReader
from bot.core.plan.burndown import burndown
from bot.core.plan.plan import Standing, plan
from bot.core.plan.readiness import readiness
from bot.core.plan.study_days import EVERY_DAY, Goal
from tests.core.course.test_progress import worlds

AT = seconds(datetime(2026, 11, 2, 12, tzinfo=UTC))
TODAY = date(2026, 11, 2)
COURSE = """\
code: K-1
title: Known
overview: Two modules for one domain.
exam:
  pass_mark: 700
  out_of: 1000
  minutes: 100
  domains:
    - {id: one, title: One, weight: [100, 100], skills: [{id: a, statement: A}, {id: b, statement: B}]}
paths:
  - id: p
    title: P
    modules:
      - id: m
        title: M
        url: https://example.com/m
        teaches: [a]
        units:
          - {id: u1, title: U1, kind: reading, minutes: 30}
          - {id: u2, title: U2, kind: reading, minutes: 10}
      - {id: n, title: N, minutes: 60, teaches: [b]}
"""


@pytest.fixture(scope="module")
def course():
    return CourseReader().read(COURSE, "k-1.yaml")


def tick(leaf, at=AT):
    return Tick(leaf, at, at)


def mark(leaf, known=KNOWN, at=AT):
    return Tick(leaf, at, at, known=known)


def applied(ticks, delta, known):
    """The ticks and marks after a change to those whose ``known`` is given."""
    mine = {each.route: each for each in ticks if each.known == known}
    others = [each for each in ticks if each.known != known]
    kept = [each for route, each in mine.items() if route not in delta.remove]
    return [*others, *kept, *(Tick(leaf, AT, AT, known=known) for leaf in delta.add)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_history_of_ticks_and_marks(data):
    world = data.draw(worlds())
    course, done, known = world.course, set(), set()
    ticks = [tick(route) for route in sorted(world.stored)]
    for leaves in world.credit(world.stored).values():
        done |= leaves
    nodes = st.sampled_from(sorted(world.below))
    for action, route in data.draw(st.lists(st.tuples(st.sampled_from("tuku"), nodes), max_size=8)):
        node, leaves = course.nodes[route], world.leaves(route)
        stored = {each.route for each in ticks if not each.known}
        match action:
            case "t":
                ticks, done = applied(ticks, ticking(course, stored, [node]), 0), done | leaves
            case "k":
                delta = marking(course, ticks, node)
                assert set(delta.add) == leaves - done - known, "exactly what isn't covered"
                assert not delta.remove
                ticks, known = applied(ticks, delta, KNOWN), known | (leaves - done)
            case "u":
                if data.draw(st.booleans()):
                    ticks, done = applied(ticks, unticking(course, stored, [node]), 0), done - leaves
                else:
                    ticks, known = applied(ticks, unmarking(course, ticks, node), KNOWN), known - leaves
        progress = Progress(course, ticks)
        for name, each in course.nodes.items():
            share, below = progress.share(each), world.leaves(name)
            only_known = known - done
            assert (share.done, share.known) == (len(below & done), len(below & only_known))
            assert share.minutes == sum(course.nodes[leaf].length for leaf in below & done)
            assert share.known_minutes == sum(course.nodes[leaf].length for leaf in below & only_known)
            assert share.complete == progress.is_done(each) == (below <= done), "known is never complete"
            assert share.covered == (below <= done | known)
            assert 0 <= share.percent <= 100
            assert (share.percent == 100) == share.covered
            assert (share.percent == 0) == (not share.started and not share.covered)
            assert share.minutes_left == sum(course.nodes[leaf].length for leaf in below - done - known)
            assert share.covering.complete == share.covered
            assert share.covering.percent == share.percent
        order = [leaf for leaf in course.leaves if leaf not in done | known]
        assert (progress.next().route if progress.next() else None) == (order[0] if order else None)
        assert (progress.whole.done, progress.whole.known) == (len(done), len(known - done))
        assert all(not each.known for each in progress.ticks)
        assert progress.studied.whole == Progress(course, [each for each in ticks if not each.known]).whole


def test_marking_a_unit_is_about_its_module(course):
    assert [markable(course, course.nodes[route]).route for route in ("p", "p/m", "p/m/u1")] == ["p", "p/m", "p/m"]


def test_completing_what_is_known_makes_it_completed_and_undoing_that_makes_it_known_again(course):
    known = [mark("p/m/u1"), mark("p/m/u2")]
    module = course.nodes["p/m"]
    both = Progress(course, [*known, tick("p/m/u1"), tick("p/m/u2")])
    assert (both.share(module).done, both.share(module).known) == (2, 0)
    assert both.is_done(module)
    assert both.known(course.paths[0].modules) == 0
    undone = Progress(course, known)
    assert (undone.share(module).done, undone.share(module).known) == (0, 2)
    assert undone.known(course.paths[0].modules) == 1


def test_reviews_start_with_a_known_module_only_if_wanted(course):
    module, path = course.nodes["p/m"], course.nodes["p"]
    without = Progress(course, [mark("p/m/u1"), mark("p/m/u2")])
    assert (without.last_done(module), without.last_done(path), without.is_reviewed(module)) == (None, None, False)
    wanted = Progress(course, [mark("p/m/u1", REVIEWED), mark("p/m/u2", REVIEWED)])
    assert (wanted.last_done(module), wanted.last_done(path), wanted.is_reviewed(module)) == (AT, AT, True)
    in_part = Progress(course, [mark("p/m/u1", REVIEWED), mark("p/m/u2")])
    assert not in_part.is_reviewed(module)


def test_what_is_known_covers_its_skills(course):
    studied = readiness(Progress(course, [tick("p/m/u1"), tick("p/m/u2")]))
    known = readiness(Progress(course, [mark("p/m/u1"), mark("p/m/u2")]))
    assert known == studied
    assert (known.percent, known.step.node.route) == (50, "p/n"), "the next step isn't what is known"


def goal_of(course, minutes):
    return Goal(exam=TODAY + timedelta(days=30), minutes_a_week=140, days=EVERY_DAY, start=TODAY,
                baseline_minutes=minutes, away=())  # fmt: skip


def test_the_plan_leaves_out_what_is_known(course):
    goal = goal_of(course, course.minutes)
    found = plan(Progress(course, [mark("p/n")]), goal, TODAY)
    assert found.left == 40
    assert {part.node.route for block in found.blocks for part in block.slices} == {"p/m/u1", "p/m/u2"}
    assert found.now.minutes == plan(Progress(course, []), goal, TODAY).now.minutes, "no minutes were studied today"
    every = plan(Progress(course, [mark(leaf) for leaf in course.leaves]), goal, TODAY)
    assert (every.left, every.standing) == (0, Standing.DONE)


def test_the_burndown_falls_when_something_is_marked_as_known(course):
    goal, later = goal_of(course, course.minutes), TODAY + timedelta(days=2)
    progress = Progress(course, [mark("p/n", at=AT + 86400)])
    found = burndown(progress, plan(progress, goal, later))
    assert [left for _, left in found.actual] == [100, 100, 40, 40]
    assert found.left == 40
