"""Days as members type them, at a fixed today."""

from datetime import date, timedelta

import pytest

from bot.core.calendar.dates import check_day, check_exam, recent_days
from bot.errors import BadInput

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize("back", [0, 1, 365])
def test_the_last_365_days_can_be_given(back):
    check_day(TODAY - timedelta(days=back), TODAY)


@pytest.mark.parametrize(
    ("back", "says"),
    [(-1, "in the future.*March 1, 2026"), (366, "too long ago.*March 1, 2025"), (40000, "too long ago")],
)
def test_other_days_are_refused_with_the_nearest_that_would_do(back, says):
    with pytest.raises(BadInput, match=says):
        check_day(TODAY - timedelta(days=back), TODAY)


@pytest.mark.parametrize("ahead", [0, 1, 3 * 365])
def test_an_exam_is_today_or_ahead(ahead):
    check_exam(TODAY + timedelta(days=ahead), TODAY)


@pytest.mark.parametrize(("ahead", "says"), [(-1, "is in the past"), (3 * 366 + 1, "three years ahead")])
def test_an_exam_is_neither_past_nor_far_ahead(ahead, says):
    with pytest.raises(BadInput, match=says):
        check_exam(TODAY + timedelta(days=ahead), TODAY)


def test_recent_days_are_offered_newest_first_and_accepted_as_given():
    offered = recent_days("", TODAY)
    assert [name for name, _ in offered[:4]] == [
        "Today",
        "Yesterday",
        "Saturday, February 28",
        "Friday, February 27",
    ]
    assert [value for _, value in offered[:2]] == ["today", "yesterday"], "days of the clock of whoever types"
    days = [date.fromisoformat(value) for _, value in offered[2:]]
    assert days == [TODAY - timedelta(days=back) for back in range(1, 1 + len(days))]
    assert 7 <= len(days) <= 23


@pytest.mark.parametrize(
    ("text", "values"),
    [("yest", ["yesterday"]), ("-27", ["2026-02-27"]), (" FRI", ["2026-02-27"]), ("next", [])],
)
def test_recent_days_that_fit_what_was_typed(text, values):
    assert [value for _, value in recent_days(text, TODAY)] == values
