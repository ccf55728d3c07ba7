"""Study days as members type them, and minutes between dates, against counting day by day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.plan.study_days import Calendar, Goal, check_goal, merged, name_days, parse_hours, with_days_off
from bot.errors import BadInput

TODAY = date(2026, 3, 1)
DAY = timedelta(days=1)
some = settings(max_examples=200, deadline=None)
day_sets = st.frozensets(st.integers(0, 6), min_size=1)
dates = st.dates(date(2027, 11, 1), date(2028, 4, 1))  # with a leap day
spans = st.tuples(dates, st.integers(0, 30)).map(lambda span: (span[0], span[0] + span[1] * DAY))


def goal(**more):
    said = {"exam": TODAY + 60 * DAY, "minutes_a_week": 240, "days": frozenset(range(7)), "start": TODAY}
    return Goal(**(said | {"baseline_minutes": 600} | more))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("5", 300), ("2.5", 150), (" 2,5 ", 150), ("0.25", 15), ("5h", 300), ("5 hours a week", 300), ("1 hour/week", 60),
     ("2 h 30 min", 150), ("2h30", 150), ("2:30", 150), ("90 min", 90), ("45m per week", 45), ("999", 59_940)],
)  # fmt: skip
def test_hours_are_understood(text, minutes):
    assert parse_hours(text) == minutes


@pytest.mark.parametrize("text", ["", "many", "-5", "5 days", "1e3", "5.555", "²", "`" * 99, "5 h 5 h", "12345 min"])
def test_what_is_no_number_of_hours_is_refused_with_examples(text):
    with pytest.raises(BadInput, match=r"isn't a number of hours\. Try `5` or `2\.5`\.") as caught:
        parse_hours(text)
    assert str(caught.value).count("`") == 4, "what was typed can't open or close markup"


@pytest.mark.parametrize(
    ("days", "name"),
    [
        ({0, 2, 5}, "Monday, Wednesday and Saturday"),
        ({0, 1, 2, 3}, "Monday to Thursday"),
        ({0, 1, 2, 5, 6}, "Monday to Wednesday, Saturday and Sunday"),
        ({3}, "Thursday"),
        ({5, 6}, "weekends"),
        (set(range(5)), "weekdays"),
        (set(range(7)), "every day"),
    ],
)
def test_names_of_days(days, name):
    assert name_days(days) == name


@some
@given(st.lists(spans, max_size=6))
def test_merged_days_off_are_the_same_days_in_order_and_apart(away):
    found = merged(away)
    days = {first + back * DAY for first, last in away for back in range((last - first).days + 1)}
    assert {first + back * DAY for first, last in found for back in range((last - first).days + 1)} == days
    assert all(later[0] - earlier[1] > DAY for earlier, later in pairwise(found))


@some
@given(day_sets, st.integers(30, 3600), st.lists(spans, max_size=4).map(merged), dates, st.integers(-3, 90))
def test_totals_are_those_of_counting_day_by_day(days, minutes, away, first, length):
    calendar = Calendar.of(days, minutes, away)
    week = [day for day in range(7) if day in days]
    amounts = {day: minutes // len(week) + (rank < minutes % len(week)) for rank, day in enumerate(week)}
    assert sum(amounts.values()) == minutes
    free = [
        on
        for on in (first + ahead * DAY for ahead in range(length))
        if on.weekday() in days and not any(begin <= on <= end for begin, end in away)
    ]
    start = first.toordinal()
    whole = sum(amounts[on.weekday()] for on in free)
    assert calendar.total(start, start + length - 1) == whole
    assert Calendar.of(days, len(days), away).total(start, start + length - 1) == len(free)
    assert {date.fromordinal(on) for on in range(start, start + length) if calendar.on(on)} == set(free)


@given(day_sets, st.integers(30, 3599))
def test_more_hours_a_week_are_never_less_on_any_day(days, minutes):
    more = Calendar.of(days, minutes + 1, ()).amounts
    assert all(low <= high for low, high in zip(Calendar.of(days, minutes, ()).amounts, more, strict=True))


@pytest.mark.parametrize(
    "more",
    [
        {"minutes_a_week": 30},
        {"minutes_a_week": 3600},
        {"exam": TODAY},
        {"exam": TODAY + DAY},
        {"exam": TODAY + 3 * 365 * DAY},
        {"start": TODAY + 59 * DAY},
    ],
)
def test_wishes_that_can_be_set(more):
    check_goal(goal(**more), TODAY)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"minutes_a_week": 29}, r"between 0\.5 and 60 hours"),
        ({"minutes_a_week": 3601}, r"between 0\.5 and 60 hours"),
        ({"exam": TODAY - DAY}, "is in the past"),
        ({"exam": TODAY + 1100 * DAY}, "three years ahead"),
        ({"start": TODAY - DAY}, "can start today or later"),
        ({"start": TODAY + 60 * DAY}, "no day before the exam"),
        ({"start": TODAY + 99 * DAY}, "no day before the exam"),
    ],
)
def test_other_wishes_are_refused(more, says):
    with pytest.raises(BadInput, match=says):
        check_goal(goal(**more), TODAY)


def test_days_off_are_added_to_those_there_are():
    away = with_days_off((), TODAY, TODAY, TODAY)
    away = with_days_off(away, TODAY + 9 * DAY, TODAY + 10 * DAY, TODAY)
    away = with_days_off(away, TODAY - 5 * DAY, TODAY, TODAY)
    assert away == ((TODAY - 5 * DAY, TODAY), (TODAY + 9 * DAY, TODAY + 10 * DAY))
    with_days_off((), TODAY, TODAY + 365 * DAY, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [(2, 1, "is after"), (-5, -1, "is in the past"), (0, 366, "up to one year")],
)
def test_other_days_off_are_refused(first, last, says):
    with pytest.raises(BadInput, match=says):
        with_days_off((), TODAY + first * DAY, TODAY + last * DAY, TODAY)


def test_the_number_of_days_off_is_limited():
    full = merged((TODAY + 3 * n * DAY, TODAY + 3 * n * DAY) for n in range(24))
    with pytest.raises(BadInput, match="up to 24 times"):
        with_days_off(full, TODAY + 500 * DAY, TODAY + 500 * DAY, TODAY)
    assert len(with_days_off(full, TODAY, TODAY + 5 * DAY, TODAY)) < 24
