"""Streaks against living them day by day; zones, undo and the order of rows can't change what is just."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.streaks import Streak, StudyDay, day_of, streak

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = date(2028, 1, 20)  # a leap day lies ahead
some = settings(max_examples=300, deadline=None)
LA, TOKYO, BERLIN = ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
ZONES = [LA, TOKYO, BERLIN, *map(ZoneInfo, ("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata"))]


def at(day, hour=12, zone=BERLIN):
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def studied(*days, zone=BERLIN):
    """A row for each day, counted from ``FIRST``."""
    return [StudyDay(on, at(on, 12, zone), at(on, 12, zone), zone.key) for on in (FIRST + n * DAY for n in days)]


def on(day, rows, hour=18, zone=BERLIN):
    return streak(rows, at(FIRST + day * DAY, hour, zone), zone)


def act(rows, now, zone):
    """What the store does with an act; the latest row is the last."""
    day = day_of(rows[-1] if rows else None, now, zone)
    if rows and rows[-1].day == day:
        return [*rows[:-1], StudyDay(day, rows[-1].first, now, rows[-1].zone)]
    return [*rows, StudyDay(day, now, now, zone.key)]


def lived(days, today):
    """The same streak, day after day: length, longest, freezes."""
    length = longest = freezes = 0
    for day in range(today + 1):
        if day in days:
            length += 1
            longest = max(longest, length)
            if length % 7 == 0:
                freezes = min(2, freezes + 1)
        elif day < today and length:
            if freezes:
                freezes -= 1
            else:
                length = freezes = 0
    return length, longest, freezes


# --- One zone ---------------------------------------------------------------------------------------------------------


@some
@given(st.one_of(st.sets(st.integers(0, 70)), st.sets(st.integers(0, 70), max_size=9).map(set(range(71)).difference)),
       st.integers(0, 3), st.sampled_from(ZONES), st.randoms())  # fmt: skip
def test_a_streak_is_what_living_it_makes(days, later, zone, random):
    today = max(days, default=0) + later
    rows = studied(*days, zone=zone)
    random.shuffle(rows)
    found = on(today, rows, zone=zone)
    assert (found.days, found.longest, found.freezes) == lived(days, today)
    assert found.today == FIRST + today * DAY
    assert found.done_today == (today in days)
    assert found.at_risk == (found.days > 0 and today not in days and on(today + 1, rows, zone=zone).days == 0)
    weeks = {(FIRST + day * DAY).isocalendar()[:2] for day in days}
    back = 0 if found.today.isocalendar()[:2] in weeks else 1
    run = 0
    while (found.today - 7 * (back + run) * DAY).isocalendar()[:2] in weeks:
        run += 1
    assert found.weeks == run <= found.longest_weeks <= len(weeks)
    assert found.done_this_week == (not back)


def test_nobody_has_a_streak_without_a_study_day():
    assert on(0, []) == Streak(FIRST)


def test_today_is_not_over():
    rows = studied(0, 1, 2)
    assert (on(2, rows).days, on(3, rows).days, on(4, rows).days) == (3, 3, 0)
    assert (on(2, rows).at_risk, on(3, rows).at_risk, on(4, rows).at_risk) == (False, True, False)
    assert on(4, rows).longest == 3


def test_seven_days_earn_a_freeze_that_uses_itself():
    rows = studied(*range(7))
    assert (on(6, rows).freezes, on(6, rows).to_freeze, on(5, rows[:6]).to_freeze) == (1, 7, 1)
    missed = on(8, rows)
    assert (missed.days, missed.freezes, missed.missed, missed.at_risk) == (7, 0, 1, True)
    assert on(8, rows + studied(8)).days == 8, "the day between is bridged and not counted"
    assert on(9, rows).days == 0


def test_two_freezes_are_all():
    rows = studied(*range(28))
    assert (on(27, rows).freezes, on(27, rows).to_freeze) == (2, None)
    assert on(30, rows).days == 28
    assert on(31, rows).days == 0
    back = on(31, rows + studied(31))
    assert (back.days, back.freezes, back.longest) == (1, 0, 28)


def test_weekends_make_a_streak_of_weeks():
    saturday = (5 - FIRST.weekday()) % 7
    rows = studied(*range(saturday, saturday + 70, 7))
    assert on(saturday + 63, rows).weeks == 10
    friday = on(saturday + 69, rows)
    assert (friday.weeks, friday.week_at_risk, friday.done_this_week) == (10, False, False)
    assert on(saturday + 71, rows).week_at_risk
    assert (on(saturday + 72, rows).weeks, on(saturday + 72, rows).longest_weeks) == (0, 10)


# --- Zones ------------------------------------------------------------------------------------------------------------

journeys = st.lists(st.tuples(st.integers(1, 48 * 60), st.sampled_from(ZONES)), min_size=1, max_size=40)


@some
@given(journeys, st.sampled_from(ZONES))
def test_who_acts_every_23_hours_keeps_the_streak_wherever_they_are(journey, last):
    now, rows = at(FIRST), []
    for minutes, zone in journey:
        before = streak(rows, now, zone).days if rows else 0
        now += min(timedelta(minutes=minutes), 23 * HOUR)
        rows = act(rows, now, zone)
        assert before <= streak(rows, now, zone).days <= before + 1
    found = streak(rows, now + 22 * HOUR, last)
    assert found.days == len(rows) == found.longest, "neither an act nor a change of zone loses a day"


@some
@given(journeys)
def test_no_zones_make_more_days_than_the_earth_has_dates(journey):
    now, rows = at(FIRST), []
    begin = now
    for minutes, zone in journey:
        now += timedelta(minutes=minutes)
        rows = act(rows, now, zone)
        assert [row.day for row in rows] == sorted({row.day for row in rows}), "days never run backwards"
        assert streak(rows, now, zone).days <= (now - begin) // DAY + 4, "in one zone it would be 2"


@given(st.sampled_from(ZONES), st.lists(st.sampled_from(ZONES), min_size=1, max_size=9))
def test_to_change_the_zone_at_once_makes_no_day(home, others):
    rows = act([], at(FIRST, 12, home), home)
    for minute, zone in enumerate(others):
        rows = act(rows, at(FIRST, 12, home) + timedelta(minutes=minute), zone)
    assert [row.day for row in rows] == [FIRST]


@pytest.mark.parametrize(("leave", "arrive"), [(22, 6), (1, 6), (22, 23)])
def test_a_date_lost_over_the_pacific_is_not_missed(leave, arrive):
    """From Los Angeles on Saturday to Tokyo on Monday: there was no Sunday that could have been studied."""
    rows = act([], at(FIRST, leave, LA), LA)
    now = at(FIRST + 2 * DAY, arrive, TOKYO)
    assert streak(rows, now, TOKYO).days == 1
    rows = act(rows, now, TOKYO)
    assert [row.day - FIRST for row in rows] == [0 * DAY, 2 * DAY]
    assert streak(rows, now, TOKYO).days == 2


def test_a_date_lived_twice_loses_nothing():
    rows = act([], at(FIRST, 9, TOKYO), TOKYO)
    rows = act(rows, at(FIRST + DAY, 9, TOKYO), TOKYO)
    rows = act(rows, at(FIRST + DAY, 20, LA), LA)
    rows = act(rows, at(FIRST + 2 * DAY, 23, LA), LA)
    assert [row.day - FIRST for row in rows] == [n * DAY for n in range(3)]
    assert streak(rows, at(FIRST + 2 * DAY, 23, LA), LA).days == 3


def test_the_zone_set_before_the_flight_loses_nothing():
    """Friday evening in Los Angeles is Saturday in Tokyo; the act counts for Friday, and Sunday there comes next."""
    rows = act([], at(FIRST, 22, LA), LA)
    rows = act(rows, at(FIRST, 23, LA), TOKYO)
    rows = act(rows, at(FIRST + 2 * DAY, 22, TOKYO), TOKYO)
    assert [row.day - FIRST for row in rows] == [0 * DAY, 2 * DAY]
    assert streak(rows, at(FIRST + 2 * DAY, 22, TOKYO), TOKYO).days == 2


def test_a_day_missed_on_both_clocks_is_missed():
    rows = act([], at(FIRST, 22, LA), LA)
    rows = act(rows, at(FIRST + 3 * DAY, 22, TOKYO), TOKYO)
    assert streak(rows, at(FIRST + 3 * DAY, 22, TOKYO), TOKYO).days == 1


def test_of_a_long_way_west_only_the_dates_without_study_are_missed():
    """Saturday morning in Tokyo, Monday night in Los Angeles: by either clock two days, by the dates lived one."""
    rows = studied(*range(7), zone=TOKYO)
    rows[-1] = StudyDay(FIRST + 6 * DAY, at(FIRST + 6 * DAY, 9, TOKYO), at(FIRST + 6 * DAY, 9, TOKYO), TOKYO.key)
    rows = act(rows, at(FIRST + 8 * DAY, 23, LA), LA)
    found = streak(rows, at(FIRST + 8 * DAY, 23, LA), LA)
    assert (found.days, found.freezes) == (8, 0)


# --- Undo -------------------------------------------------------------------------------------------------------------


def test_to_take_todays_row_back_is_as_if_the_day_had_not_been_studied():
    rows = studied(*range(9))
    assert on(8, rows[:-1]) == on(8, studied(*range(8)))
    assert on(8, rows[:-1]).days == 8
    assert on(9, rows[:-1]).days == 8, "a freeze covers it"
    assert on(10, rows[:-1]).days == 0
