"""The study time that a plan reserves for reviews."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.plan.burndown import burndown
from bot.core.plan.plan import plan
from bot.core.plan.review_load import review_minutes_a_day
from bot.core.plan.study_days import study_minutes
from tests.core.plan.test_plan import cases

some = settings(max_examples=150, deadline=None)


@some
@given(cases(), st.integers(0, 2000))
def test_a_plan_with_reserved_time_is_the_plan_of_the_remaining_minutes(case, reserved):
    progress, goal, today = case
    found = plan(progress, goal, today, reserved=reserved)
    rest = plan(progress, replace(goal, minutes_a_week=study_minutes(goal.minutes_a_week, reserved)), today)
    assert (found.blocks, found.short, found.behind, found.weeks) == (rest.blocks, rest.short, rest.behind, rest.weeks)
    assert found.reserved == min(reserved, goal.minutes_a_week // 2)
    whole = plan(progress, goal, today)
    assert (found.review, found.review_minutes) == (whole.review, whole.review_minutes), "review days are whole days"
    assert found.short + whole.tolerance >= whole.short, "beyond the rounding of sessions"
    assert burndown(progress, found).planned == burndown(progress, rest).planned


@some
@given(cases(fresh=True), st.integers(1, 500))
def test_the_proposed_hours_leave_time_for_the_reviews(case, reserved):
    progress, goal, today = case
    found = plan(progress, goal, today, reserved=reserved)
    if found.needed_a_week is not None:
        enough = plan(progress, replace(goal, minutes_a_week=found.needed_a_week), today, reserved=reserved)
        assert enough.short == 0


@some
@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 200), st.floats(0, 60_000), st.integers(1, 7))
def test_more_questions_never_reserve_less(due, more, timed, seconds, days):
    less = review_minutes_a_day(due, timed, seconds, days)
    assert less <= review_minutes_a_day(due + more, timed, seconds, days)
    assert less % 5 == 0
    assert (less == 0) is (due == 0)


@pytest.mark.parametrize(
    ("due", "timed", "seconds", "days", "expected"),
    [
        (70, 0, 0.0, 7, 10),  # 10 a day of one minute each
        (70, 19, 19.0, 7, 10),  # too few answers to know the learner's pace
        (70, 20, 20 * 105.0, 7, 20),
        (70, 20, 20 * 15.0, 7, 5),
        (71, 0, 0.0, 7, 15),
        (1, 0, 0.0, 7, 5),
        (70, 0, 0.0, 2, 35),
    ],
)
def test_the_minutes_follow_from_the_pace(due, timed, seconds, days, expected):
    assert review_minutes_a_day(due, timed, seconds, days) == expected
