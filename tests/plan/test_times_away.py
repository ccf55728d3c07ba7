"""Times away at their limits, through ``Study``."""

from datetime import date


async def test_a_time_away_is_listed_until_its_last_day_is_over(study_of, course, clock):
    small = course({"a": {"m": ["u1", "u2"]}})
    plans = (await study_of(small)).plans
    await plans.set(1, small, exam="2026-12-18", hours=1)
    span = (date(2026, 11, 21), date(2026, 11, 22))
    assert (await plans.go_away(1, "2026-11-21", "2026-11-22")).away == (span,)
    for listed in ((span,), (span,), ()):
        clock.move(days=1)
        assert (await plans.times_away(1)).away == listed
