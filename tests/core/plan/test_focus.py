"""Plans for a retake: what teaches the weak domains, also if it was completed before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.course.progress import Progress, Tick
from bot.core.plan.focus import focus_leaves, focus_minutes, focus_plan
from bot.core.plan.plan import plan
from bot.core.plan.study_days import Goal
from tests.conftest import READER
from tests.outcome.conftest import COURSE

SMALL = READER.read(COURSE, "t-1.yaml")
START = date(2026, 11, 30)
LEAVES = list(SMALL.leaves)


def goal(minutes=300, days=28):
    every = frozenset(range(7))
    return Goal(
        exam=START + timedelta(days=days), minutes_a_week=minutes, days=every, start=START, baseline_minutes=120
    )


@pytest.mark.parametrize(
    ("domains", "leaves"),
    [(["x"], ("a/m/u", "a/m/v")), (["y"], ("a/n/u",)), (["x", "y"], ("a/m/u", "a/m/v", "a/n/u")), ([], ())],
)
def test_the_modules_that_teach_the_skills_of_the_domains(domains, leaves):
    assert focus_leaves(SMALL, domains) == leaves
    assert focus_minutes(SMALL, domains) == 60 * len(leaves)


def test_without_domains_it_is_the_usual_plan():
    progress = Progress(SMALL, [Tick("a/m/u", 0, 0)])
    assert focus_plan(progress, goal(), (), START) == plan(progress, goal(), START)


@given(st.sets(st.sampled_from(LEAVES)), st.integers(30, 900), st.integers(0, 27))
def test_each_part_is_planned_once_and_what_was_never_completed_stays(done, minutes, passed):
    progress, wanted = Progress(SMALL, [Tick(leaf, 0, 0) for leaf in done]), goal(minutes)
    found = focus_plan(progress, wanted, ["x"], START + timedelta(days=passed))
    planned = {part.node.route for block in found.blocks for part in block.slices}
    planned |= {node.route for node in found.left_over}
    assert planned <= {"a/m/u", "a/m/v"}
    assert {"a/m/u", "a/m/v"} - done <= planned
    if not passed:
        assert planned == {"a/m/u", "a/m/v"}
