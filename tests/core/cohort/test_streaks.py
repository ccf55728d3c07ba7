"""Whom a digest names for their streak: the same that a walk through every day of everybody would find."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.calendar.streaks import StudyDay, day_of, streak
from bot.core.cohort.streaks import LEAST, NAMED, NO_STREAKS, LongestStreaks, StudyHistory, longest

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo")
DAY = timedelta(days=1)


def history(days, zone):
    """As the store reads them."""
    elsewhere = any(each.zone != zone for each in days)
    return StudyHistory(tuple(str(each.day) for each in days), zone, tuple(days) if elsewhere else ())


def studied(ages, zone="UTC"):
    """Study days so many days before now, at noon."""
    noon = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    days = sorted({(NOW - age * DAY).date() for age in ages})
    return [StudyDay(day, *[noon - (date(2026, 11, 23) - day)] * 2, zone) for day in days]


HABITS = st.one_of(
    st.sets(st.integers(0, 60)),
    st.builds(
        lambda length, holes: set(range(length)) - holes, st.integers(1, 60), st.sets(st.integers(0, 60), max_size=6)
    ),
    st.builds(lambda weekdays: {age for age in range(90) if age % 7 in weekdays}, st.sets(st.integers(0, 6))),
)


@given(st.lists(st.tuples(HABITS, st.sampled_from(ZONES)), max_size=8))
@settings(max_examples=300, deadline=None)
def test_the_named_are_those_with_the_longest_streaks(people):
    histories, days, weeks = [], {}, {}
    for learner, (ages, zone) in enumerate(people):
        rows = studied(ages, zone)
        histories.append((learner, history(rows, zone)))
        whole = streak(rows, NOW, ZoneInfo(zone))
        days[learner], weeks[learner] = whole.days, whole.weeks
    found = longest(histories, NOW)
    in_days, in_weeks = found.days, found.weeks
    assert all(days[learner] == length >= LEAST for learner, length in in_days)
    assert all(weeks[learner] == length >= LEAST for learner, length in in_weeks)

    def best(lengths):
        return sorted((length for length in lengths.values() if length >= LEAST), reverse=True)[:NAMED]

    assert [length for _, length in in_days] == best(days)
    assert [length for _, length in in_weeks] == ([] if in_days else best(weeks))


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from(ZONES)), max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_trail_through_several_zones_has_the_same_days(acts):
    """Each act comes so many hours after the last one, in a zone of its own."""
    moment, rows = NOW - timedelta(hours=sum(hours for hours, _ in acts)), []
    for hours, zone in acts:
        moment += timedelta(hours=hours)
        day = day_of(rows[-1] if rows else None, moment, ZoneInfo(zone))
        if rows and rows[-1].day == day:
            rows[-1] = StudyDay(day, rows[-1].first, moment, rows[-1].zone)
        else:
            rows.append(StudyDay(day, moment, moment, zone))
    # Of days that all began in one zone, an act after midnight there but not where it was done isn't told.
    assume(all(each.last.astimezone(ZoneInfo(each.zone)).date() == each.day for each in rows))
    whole = streak(rows, NOW, ZoneInfo("Europe/Berlin")).days
    found = history(rows, "Europe/Berlin").days_in_a_row(NOW, LEAST)
    assert found == whole or (whole < LEAST and found == 0)


@pytest.mark.parametrize("ages", [(), (0,), (0, 1), (4, 5, 6, 7), (0, 2, 4)])
def test_no_streak_is_no_streak(ages):
    assert longest([(1, history(studied(ages), "UTC"))], NOW) == NO_STREAKS


def test_a_streak_one_day_longer_than_that_of_the_third_is_named():
    many = [(number, history(studied({0, 1, 2, *range(5, 40, 2)}), "UTC")) for number in (1, 2, 3)]
    assert longest([*many, (4, history(studied(range(4)), "UTC"))], NOW) == LongestStreaks(
        days=((4, 4), (1, 3), (2, 3))
    )


def test_at_most_three_are_named_and_weeks_only_where_nobody_has_days():
    crowd = [(number, history(studied(range(number)), "UTC")) for number in range(1, 10)]
    weekly = (10, history(studied(range(0, 70, 7)), "UTC"))
    assert longest([*crowd, weekly], NOW) == LongestStreaks(days=((9, 9), (8, 8), (7, 7)))
    assert longest([crowd[0], weekly], NOW) == LongestStreaks(weeks=((10, 10),))
