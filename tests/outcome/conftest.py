"""Fixtures for outcomes of exams: a small course with skills, and the simulated server."""

from datetime import date

import pytest

from bot.core.course.catalogue import Catalogue
from bot.study import Study
from bot.study.plan_settings import PlanSettings
from tests.cogs.conftest import env, sim
from tests.conftest import READER

__all__ = ["env", "sim"]

EXAM = date(2026, 11, 27)
"""A week after the tests' clock begins."""
COURSE = """
code: T-1
title: A course
certification: A certificate
overview: Text.
exam:
  pass_mark: 700
  out_of: 1000
  minutes: 60
  renewal: {months: 12, opens: 6}
  retake: {first: 1, later: 14, attempts: 5, months: 12, source: "https://example.org/retakes"}
  domains:
    - {id: x, title: First, weight: [50, 50], skills: [{id: x1, statement: One}]}
    - {id: y, title: Second, weight: [50, 50], skills: [{id: y1, statement: Two}]}
paths:
- id: a
  title: A path
  modules:
  - id: m
    title: Module M
    teaches: [x1]
    units:
    - {id: u, title: U, kind: reading, minutes: 60}
    - {id: v, title: V, kind: reading, minutes: 60}
  - id: n
    title: Module N
    teaches: [y1]
    units:
    - {id: u, title: U, kind: reading, minutes: 60}
"""


@pytest.fixture(scope="session")
def small():
    return READER.read(COURSE, "t-1.yaml")


@pytest.fixture
async def tiny(store, small, clock):
    """``Study`` with the small course."""
    return await Study.open(store, Catalogue((small,), small.id), now=clock.now)


@pytest.fixture
def examined(tiny, small, clock):
    """Sets an exam on ``EXAM`` with a plan of 5 hours a week, and moves the clock to the morning after it."""

    async def examine(learner=1, *, shared=False):
        await tiny.plans.set(learner, small, PlanSettings(EXAM, 300, shared=shared))
        clock.moment = clock.moment.replace(day=28, hour=9, minute=0)

    return examine
