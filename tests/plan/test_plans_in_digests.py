"""Digests count the plans on track, by each learner's clock, without names."""

from datetime import timedelta

import pytest

from tests.digest.conftest import digest_sim

__all__ = ["digest_sim"]


async def preview(digest_sim):
    return (await digest_sim.preview()).text


@pytest.fixture
async def cohort(digest_sim):
    """Two members, on 1 January 2026."""
    await digest_sim.set_up(2)
    for who in (digest_sim.ada, digest_sim.bruno):
        await digest_sim.command(who, "complete", path="monitor")
    return digest_sim


async def test_without_plans_there_is_no_plan_line(cohort):
    assert "on track" not in await preview(cohort)
    await cohort.command(cohort.ada, "plan set", exam="2026-03-01")
    assert "on track" not in await preview(cohort), "a date alone is not a plan"


async def test_plans_are_counted_and_not_named(cohort):
    await cohort.command(cohort.ada, "plan set", exam="2026-03-01", hours=5)
    await cohort.command(cohort.bruno, "plan set", exam="2026-01-10", hours=1)
    text = await preview(cohort)
    assert "Plans on track: 1 of 2" in text
    assert "1 March" not in text
    await cohort.command(cohort.bruno, "plan set", exam="2026-03-01", hours=5)
    assert "Plans on track: 2 of 2" in await preview(cohort)


async def test_days_away_and_what_is_ticked_count(cohort):
    await cohort.command(cohort.ada, "plan set", exam="2026-03-01", hours=2.5)
    assert "Plans on track: 1 of 1" in await preview(cohort)
    await cohort.command(cohort.ada, "plan away", **{"from": "2026-01-05", "to": "2026-02-25"})
    assert "Plans on track: 0 of 1" in await preview(cohort)
    for path in cohort.study.catalogue.default.paths:
        await cohort.command(cohort.ada, "complete", path=path.id)
    assert "Plans on track: 1 of 1" in await preview(cohort)


async def test_plans_of_other_courses_hidden_members_and_exams_that_are_over_dont_count(cohort):
    await cohort.command(cohort.ada, "plan set", exam="2026-01-05", hours=0.5, course="az-400")
    assert "on track" not in await preview(cohort)
    for course in ("az-104", "dp-900"):
        await cohort.command(cohort.ada, "plan set", exam="2026-01-20", hours=30, course=course)
    await cohort.command(cohort.bruno, "plan set", exam="2026-03-01", hours=30)
    assert "Plans on track: 2 of 2" in await preview(cohort)
    await cohort.command(cohort.bruno, "privacy visibility", setting="hidden")
    assert "Plans on track: 1 of 1" in await preview(cohort)
    cohort.env.backend.advance_clock(timedelta(days=19).total_seconds())
    assert "on track" not in await preview(cohort), "the exam is today"


async def test_the_day_is_that_of_each_learner(cohort):
    """Noon UTC on the 19th is already the 20th, the exam day, on Kiritimati."""
    await cohort.study.learners.set_zone(cohort.ada.id, "Pacific/Kiritimati")
    for who in (cohort.ada, cohort.bruno):
        await cohort.command(who, "plan set", exam="2026-01-20", hours=60)
        for path in cohort.study.catalogue.default.paths:
            await cohort.command(who, "complete", path=path.id)
    cohort.env.backend.advance_clock(timedelta(days=18, hours=12).total_seconds())
    assert "Plans on track: 1 of 1" in await preview(cohort)
