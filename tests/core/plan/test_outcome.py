"""When a retake is allowed, when learners are reminded, and what a readiness has meant."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar.dates import add_months
from bot.core.course.exam import Renewal, Retake
from bot.core.plan.outcome import Tally, ask_at, bucket_of, earliest_retake, latest_exam, notices

RULE = Retake(first=1, later=14, attempts=5, months=12, source="https://example.org")
FIRST = date(2026, 1, 10)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
ZONES = st.sampled_from(["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "America/New_York"])


@pytest.mark.parametrize(
    ("gaps", "waits"),
    [([], 1), ([1], 14), ([1, 14], 14), ([1, 14, 14], 14), ([1, 14, 14, 14], 365 - 43), ([1, 14, 14, 14, 322], 14)],
)
def test_the_published_policy(gaps, waits):
    attempts = [FIRST]
    for gap in gaps:
        attempts.append(attempts[-1] + timedelta(days=gap))
    assert earliest_retake(attempts, RULE) == attempts[-1] + timedelta(days=waits)


@given(st.lists(st.integers(0, 40), max_size=12))
def test_who_follows_the_rule_never_takes_more_than_five_in_twelve_months(extra):
    """Each attempt is made as early as allowed, plus some days."""
    attempts = [FIRST]
    for days in extra:
        attempts.append(earliest_retake(attempts, RULE) + timedelta(days=days))
    gaps = [later - earlier for earlier, later in pairwise(attempts)]
    assert all(gap >= timedelta(days=14) for gap in gaps[1:])
    if len(attempts) > 5:
        assert attempts[5] >= add_months(FIRST, 12)


@given(DAYS, ZONES)
def test_everyone_is_asked_at_nine_on_the_next_day_and_found_by_then(exam, zone):
    at = ask_at(exam, ZoneInfo(zone))
    local = at.astimezone(ZoneInfo(zone))
    assert (local.date(), local.hour) == (exam + timedelta(days=1), 9)
    assert exam <= latest_exam(at.astimezone(UTC))
    assert latest_exam(datetime.combine(exam, datetime.min.time(), UTC)) < exam + timedelta(days=1)


@given(DAYS, st.integers(1, 11))
def test_three_notices_before_the_end(valid, opens):
    days = notices(valid, Renewal(months=12, opens=opens))
    assert days == sorted(set(days))
    assert {valid - timedelta(days=60), valid - timedelta(days=14), add_months(valid, -opens)} == set(days)


@given(st.integers(0, 100))
def test_each_readiness_is_in_the_range_that_is_named(percent):
    tally = Tally.of(bucket_of(percent), 21, 3)
    assert tally.low <= percent <= tally.high
    assert tally.high - tally.low == 10


@pytest.mark.parametrize(("passed", "failed", "enough"), [(19, 0, False), (20, 0, True), (10, 10, True)])
def test_few_results_say_nothing(passed, failed, enough):
    assert Tally.of(7, passed, failed).is_enough is enough
