"""Coverage by skills, worked out by hand."""

import pytest

from bot.core.course.progress import Progress, Tick
from bot.core.course.reading import CourseReader
from bot.core.plan.readiness import readiness

COURSE = """\
code: C-1
title: Coverage
overview: Skills that are taught, touched and neither.
exam:
  pass_mark: 700
  out_of: 1000
  minutes: 100
  domains:
    - id: one
      title: One
      weight: [60, 60]
      skills: [{id: a, statement: A}, {id: b, statement: B}, {id: c, statement: C}, {id: d, statement: D}]
    - id: two
      title: Two
      weight: [40, 40]
      skills: [{id: e, statement: E}]
paths:
  - id: p
    title: P
    modules:
      - {id: m, title: M, minutes: 30, teaches: [a, b], touches: [c]}
      - {id: n, title: N, minutes: 10, teaches: [b, e]}
"""


@pytest.fixture(scope="module")
def course():
    return CourseReader().read(COURSE, "c-1.yaml")


def of(course, *leaves, **known):
    return readiness(Progress(course, [Tick(leaf, 1, 1) for leaf in leaves]), **known)


def test_a_skill_counts_by_the_modules_that_teach_it(course):
    nothing, first, all_done = of(course), of(course, "p/m"), of(course, "p/m", "p/n")
    assert [row.covered for row in nothing.domains] == [0, 0]
    assert first.domains[0].covered == pytest.approx((1 + 0.5 + 0.5) / 4), "a whole, b half, c touched, d missing"
    assert first.domains[1].covered == 0
    assert all_done.domains[0].covered == pytest.approx((1 + 1 + 0.5) / 4)
    assert all_done.domains[1].covered == 1
    assert all_done.whole == pytest.approx(0.6 * 2.5 / 4 + 0.4) == pytest.approx(all_done.within_reach)
    assert [[skill.id for skill in row.missing] for row in all_done.domains] == [["d"], []]


def test_minutes_are_those_of_the_modules_for_the_domain(course):
    assert [row.minutes_left for row in of(course).domains] == [40, 10]
    assert [row.minutes_left for row in of(course, "p/m").domains] == [10, 10]


def test_the_step_counts_for_every_domain(course):
    step = of(course, "p/m").step
    assert (step.node.route, step.domain.id, step.minutes) == ("p/n", "two", 10)
    assert step.gain == pytest.approx(0.6 * 0.5 / 4 + 0.4)


def test_what_is_recalled_of_a_skill_that_is_not_taught_in_full_covers_it(course):
    found = of(course, "p/m", "p/n", skills={"c": 0.8, "d": 0.5, "a": 0.1})
    assert found.domains[0].covered == pytest.approx((1 + 1 + 0.8 + 0.5) / 4), "a is taught, so completing it counts"
    assert of(course, skills={"c": 0.2}).domains[0].covered == pytest.approx(0.2 / 4)
