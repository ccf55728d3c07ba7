"""Weekly slots: what a wall-clock time means on each night of each zone, and that a week has exactly one."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.slots import Schedule, instant, next_slot, slot_on, slots_after, slots_due, week_before

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = sorted(available_timezones())


def offset(moment, zone):
    return moment.astimezone(zone).utcoffset()


@cache
def changes(name):
    """Every clock change of a zone in 2024 to 2030: its instant, and the offsets before and from it on."""
    zone, found, low = ZoneInfo(name), [], FIRST
    while low < LAST:
        high = low + 5 * DAY
        if offset(low, zone) != offset(high, zone):
            before, after = low, high
            while after - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(after - before).total_seconds() // 2)
                before, after = (middle, after) if offset(middle, zone) == offset(low, zone) else (before, middle)
            found.append((after, offset(before, zone), offset(after, zone)))
        low = high
    return found


@cache
def changing():
    """Zones whose clocks change, the one with most changes first."""
    return sorted((name for name in ZONES if changes(name)), key=lambda name: (-len(changes(name)), name))


def wall(moment, zone):
    return moment.astimezone(zone).replace(tzinfo=None)


schedules = st.builds(Schedule, st.integers(0, 6), st.integers(0, 1439), st.sampled_from(ZONES))
moments = st.datetimes(FIRST.replace(tzinfo=None), datetime(2030, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
quickly = settings(deadline=None, max_examples=150)


@st.composite
def troubled(draw):
    """A schedule whose slot falls within two hours of a clock change of its zone, and the instant of that change."""
    name = draw(st.sampled_from(changing()))
    at, before, _ = draw(st.sampled_from(changes(name)))
    near = (at + before).replace(tzinfo=None) + draw(st.integers(-120, 120)) * MINUTE
    return Schedule(near.weekday(), near.hour * 60 + near.minute, name), at


# --- The instant of a wall-clock time ---------------------------------------------------------------------------------


def test_the_zones_of_this_test_do_change_their_clocks():
    assert len(changing()) > 200
    assert sum(len(changes(name)) for name in changing()) > 2500


def test_every_clock_change_of_every_zone():
    """In a gap the end of it, where a time comes twice the first, else the one instant that there is."""
    asked = 0
    for name in changing():
        zone = ZoneInfo(name)
        for at, before, after in changes(name):
            low, high = sorted(((at + before).replace(tzinfo=None), (at + after).replace(tzinfo=None)))
            for edge in (low, low + (high - low) / 2, high):
                for wanted in (edge - MINUTE, edge, edge + MINUTE):
                    asked += 1
                    if low <= wanted < high:
                        meant = at if after > before else wanted.replace(tzinfo=UTC) - before
                    else:
                        meant = wanted.replace(tzinfo=UTC) - (before if wanted < low else after)
                    found = instant(wanted.date(), wanted.time(), zone)
                    assert found == meant, f"{name} {wanted}"
                    assert wall(found, zone) >= wanted > wall(found - timedelta(seconds=1), zone) or wanted < high
    assert asked > 20_000


@quickly
@given(troubled(), st.integers(-3, 3))
def test_no_earlier_instant_of_the_date_shows_that_time_or_a_later_one(case, days):
    schedule, at = case
    zone = ZoneInfo(schedule.zone)
    on = at.astimezone(zone).date() + days * DAY
    found = instant(on, schedule.time, zone)
    wanted = datetime.combine(on, schedule.time)
    assert wall(found, zone) >= wanted
    assert all(wall(found - back * MINUTE, zone) < wanted for back in range(1, 200))
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("zone", "on", "at", "meant"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29 01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(3), "2026-03-29 01:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),
        ("Europe/Berlin", date(2026, 10, 25), time(3), "2026-10-25 02:00"),
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08 07:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01 05:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03 15:30"),
        ("Africa/Cairo", date(2026, 4, 24), time(0, 30), "2026-04-23 22:00"),
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "2026-03-29 01:00"),
        ("Asia/Kolkata", date(2026, 3, 29), time(2, 30), "2026-03-28 21:00"),
        ("UTC", date(2026, 3, 29), time(2, 30), "2026-03-29 02:30"),
    ],
)
def test_nights_of_which_the_answer_is_known(zone, on, at, meant):
    assert instant(on, at, ZoneInfo(zone)) == datetime.fromisoformat(f"{meant}+00:00")


# --- One slot a week --------------------------------------------------------------------------------------------------


@quickly
@given(schedules | troubled().map(lambda case: case[0]), moments)
def test_one_slot_a_week_each_after_the_one_before(schedule, moment):
    slots = list(islice(slots_after(schedule, moment), 60))
    assert slots[0].at > moment
    assert slots[0].at - moment <= timedelta(days=7, hours=3)
    for earlier, later in pairwise(slots):
        assert later.at > earlier.at
        assert later.on - earlier.on == 7 * DAY
    assert {slot.on.weekday() for slot in slots} == {schedule.day}
    assert len({slot.week for slot in slots}) == len(slots)
    assert all(slot == slot_on(schedule, slot.on) for slot in slots)


@quickly
@given(troubled(), st.integers(-15, 15), st.floats(0, 1))
def test_the_next_slot_does_not_depend_on_how_often_it_is_asked_for(case, days, share):
    """Whoever asks anywhere between two slots is told the second, around a clock change as well."""
    schedule, change = case
    earlier, later = islice(slots_after(schedule, change + days * DAY), 2)
    between = earlier.at + (later.at - earlier.at) * share
    assert next_slot(schedule, min(between, later.at - timedelta(seconds=1))) == later
    assert next_slot(schedule, earlier.at) == later
    assert next_slot(schedule, earlier.at - timedelta(microseconds=1)) == earlier


@quickly
@given(troubled(), st.integers(-1, 1))
def test_the_slot_of_the_week_of_a_clock_change_is_not_left_out(case, minutes):
    schedule, at = case
    slot = min((slot_on(schedule, at.date() + days * DAY) for days in range(-1, 2)), key=lambda s: abs(s.at - at))
    if slot.on.weekday() == schedule.day:
        assert next_slot(schedule, slot.at - MINUTE) == slot
        assert next_slot(schedule, slot.at + abs(minutes) * MINUTE).on == slot.on + 7 * DAY


@quickly
@given(schedules, moments, st.integers(0, 50), st.integers(-8 * 86_400, 8 * 86_400))
def test_what_is_due_are_the_slots_from_the_first_up_to_now(schedule, moment, weeks, seconds):
    every = list(islice(slots_after(schedule, moment), weeks + 3))
    now = every[weeks].at + timedelta(seconds=seconds)
    due = slots_due(schedule, every[0].at, now)
    assert due == [slot for slot in islice(slots_after(schedule, moment), weeks + 5) if slot.at <= now]
    assert slots_due(schedule, every[0].at, every[0].at) == every[:1]
    assert slots_due(schedule, every[0].at, every[0].at - timedelta(seconds=1)) == []


@quickly
@given(schedules, moments)
def test_a_week_begins_where_the_slot_before_it_was(schedule, moment):
    earlier, later = islice(slots_after(schedule, moment), 2)
    assert week_before(schedule, later) == earlier.at


@given(st.dates(date(2024, 1, 1), date(2031, 1, 10)), st.integers(0, 1439))
def test_the_name_of_a_week_is_its_iso_week(on, minute):
    assert slot_on(Schedule(on.weekday(), minute, "UTC"), on).week == on.strftime("%G-W%V")


@pytest.mark.parametrize(
    ("on", "week"),
    [(date(2026, 12, 31), "2026-W53"), (date(2027, 1, 3), "2026-W53"), (date(2027, 1, 4), "2027-W01")],
)
def test_weeks_at_the_turn_of_a_year(on, week):
    assert slot_on(Schedule(on.weekday(), 0, "UTC"), on).week == week


def test_the_date_of_a_slot_is_that_of_its_zone():
    """Monday 00:30 in Auckland is Sunday in UTC, and the week is Auckland's."""
    slot = next_slot(Schedule(0, 30, "Pacific/Auckland"), datetime(2026, 11, 27, tzinfo=UTC))
    assert (slot.on, slot.at.date(), slot.week) == (date(2026, 11, 30), date(2026, 11, 29), "2026-W49")
