"""Readiness against its formula worked out by hand, and what must hold of any progress."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.timestamps import seconds
from bot.core.course.progress import Progress, Tick
from bot.core.plan.readiness import MEANINGS, Readiness, readiness
from bot.errors import NotFound

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EXAM = {
    "pass_mark": 700,
    "out_of": 1000,
    "minutes": 60,
    "domains": [
        {"id": "big", "title": "Big", "weight": [50, 70]},
        {"id": "small", "title": "Small", "weight": [20, 40]},
        {"id": "untaught", "title": "Untaught", "weight": [10, 10]},
    ],
}
SERVES = {"first": None, "a": "big", "b": "big", "c": "small"}
TREE = {
    "first": {"m": ["u1"]},
    "a": {"m": ["u1", "u2"], "n": ["u1", "u2", "u3", "u4"]},
    "b": {"m": ["u1", "u2"]},
    "c": {"m": ["u1"], "n": ["u1", "u2", "u3"]},
}
some = settings(max_examples=200, deadline=None)


@pytest.fixture(scope="module")
def small(course):
    """Domains of weights .6, .3 and .1; 80 minutes serve the first, 40 the second, none the third."""
    read = course(TREE)
    paths = tuple(replace(path, domain=SERVES[path.id]) for path in read.paths)
    exam = course({"x": {"m": []}}, exam=EXAM).exam
    return replace(read, paths=paths, exam=exam)


def at(course, *routes):
    return Progress(course, [Tick(route, seconds(NOW), seconds(NOW)) for route in routes])


def test_the_whole_is_the_sum_of_weight_times_covered(small):
    found = readiness(at(small, "a/m", "c"))
    assert [row.weight for row in found.domains] == pytest.approx([0.6, 0.3, 0.1])
    assert [row.covered for row in found.domains] == [0.25, 1.0, None]
    assert [row.minutes_left for row in found.domains] == [60, 0, 0]
    assert found.whole == pytest.approx(0.6 * 0.25 + 0.3)
    assert (found.percent, found.meaning) == (45, "You've covered a good part of the exam, but less than half.")
    assert found.within_reach == pytest.approx(0.9), "what isn't taught keeps its weight"


def test_what_is_recalled_counts_where_there_is_review(small):
    found = readiness(at(small, "a/m", "c"), {"big": 0.5})
    assert [row.recalled for row in found.domains] == [0.5, None, None]
    assert found.whole == pytest.approx(0.6 * 0.25 * 0.5 + 0.3)


def test_prerequisites_carry_no_weight(small):
    assert readiness(at(small, "first")).whole == readiness(at(small)).whole == 0
    assert readiness(at(small)).meaning == "You haven't covered any exam topics yet."


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (100, "Almost there"), (90, "Almost there"), (89, "You've covered most"), (75, "You've covered most"),
        (74, "You've covered more than half"), (50, "You've covered more than half"),
        (49, "You've covered a good part"), (25, "You've covered a good part"),
        (24, "A good start"), (1, "A good start"), (0, "You haven't covered"),
    ],
)  # fmt: skip
def test_what_a_percentage_means(percent, words):
    assert Readiness((), percent / 100, 1.0, None).meaning.startswith(words)


@pytest.mark.parametrize(
    ("done", "recalled", "node", "minutes", "gain"),
    [
        ((), {}, "a/m", 20, 0.15),
        (("a/m",), {}, "a/n", 40, 0.3),
        (("a/m/u1", "b/m/u1"), {}, "a/m", 10, 0.075),
        (("a", "b/m/u1"), {}, "b/m", 10, 0.075),
        (("a", "b", "c/m"), {}, "c/n", 30, 0.225),
        (("a", "b", "c"), {}, None, 0, 0),
        (("a", "b", "c"), {"big": 0.5, "small": 0.1}, None, 0, 0.3),
        (("a/m",), {"big": 0.1}, None, 0, 0.135),
    ],
)
def test_the_one_thing_that_would_raise_it_most(small, done, recalled, node, minutes, gain):
    step = readiness(at(small, *done), recalled).step
    if not gain:
        assert step is None
        return
    assert (step.node.route if step.node else None, step.minutes) == (node, minutes)
    assert step.gain == pytest.approx(gain)


@pytest.mark.parametrize("name", ["az-104", "az-400", "az-900", "dp-900"])
def test_the_whole_of_every_course(courses, name):
    course = courses[name]
    done = readiness(at(course, *(path.id for path in course.paths)))
    assert done.whole == pytest.approx(done.within_reach)
    assert sum(row.weight for row in done.domains) == pytest.approx(1)
    assert done.step is None
    missing = sum(len(row.missing) for row in done.domains)
    assert (done.percent, missing) == {"az-104": (63, 24), "az-400": (80, 6)}.get(name, (100, 0))
    assert readiness(at(course)).percent == 0


@some
@given(st.data())
def test_each_leaf_raises_it_by_no_more_than_its_part_and_the_step_by_its_gain(courses, data):
    course = courses[data.draw(st.sampled_from(sorted(courses)))]
    leaves = sorted(course.leaves)
    done = data.draw(st.sets(st.sampled_from(leaves)))
    recalled = data.draw(st.dictionaries(st.sampled_from([d.id for d in course.exam.domains]), st.floats(0, 1)))
    found = readiness(at(course, *done), recalled)
    assert 0 <= found.whole <= found.within_reach + 1e-9
    assert readiness(at(course, *done, data.draw(st.sampled_from(leaves))), recalled).whole >= found.whole - 1e-9
    if found.step is None:
        return
    gains = [found.step.gain]
    for path in course.paths:
        node = next((module for module in path.modules if not at(course, *done).is_done(module)), None)
        if node:
            after = readiness(at(course, *done, node.route), recalled).whole
            gains.append(after - found.whole)
            if found.step.node is node:
                assert after - found.whole == pytest.approx(found.step.gain, abs=1e-9)
    if found.step.node is None:
        after = readiness(at(course, *done), recalled | {found.step.domain.id: 1.0}).whole
        assert after - found.whole == pytest.approx(found.step.gain, abs=1e-9)
    assert max(gains) == pytest.approx(found.step.gain, abs=1e-9), "nothing else raises it more"


@given(st.floats(0, 1))
def test_a_percentage_says_0_only_for_nothing_and_100_only_for_all(whole):
    found = Readiness((), whole, 1.0, None)
    assert (found.percent == 0) == (whole == 0)
    assert (found.percent == 100) == (whole == 1)
    assert abs(found.percent - 100 * whole) <= 1
    assert found.meaning in [words for _, words in MEANINGS]


def test_parts_without_minutes_count_by_leaves_and_never_as_done_before_they_are(course):
    read = course({"a": {"m": ["u1"], "n": []}, "b": {}})
    bare = tuple(
        replace(path, domain="big", minutes=None, modules=tuple(replace(m, minutes=None) for m in path.modules))
        for path in read.paths
    )
    exam = course({"x": {}}, exam=EXAM).exam
    known = replace(read, paths=bare, exam=exam)
    assert 0.9 < readiness(at(known, "a/m/u1")).domains[0].covered < 1
    assert readiness(at(known, "a", "b")).domains[0].covered == 1
    unknown = replace(read, paths=bare[1:], exam=exam)
    assert readiness(at(unknown)).step.node.route == "b"
    assert readiness(at(unknown, "b")).domains[0].covered == 1


def test_a_course_without_exam_domains_has_no_readiness(course):
    for read in (course({"a": {}}), course({"a": {}}, exam=EXAM | {"domains": []})):
        with pytest.raises(NotFound, match="T-1 aren't known"):
            readiness(at(read))
