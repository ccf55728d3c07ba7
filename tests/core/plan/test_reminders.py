"""The instants of reminders, over zones and years."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plan.reminders import Rhythm, after, day_after, next_monday, next_slot, slots_due, slots_from

ZONES = sorted(
    name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
)
rhythms = st.builds(Rhythm, st.frozensets(st.integers(0, 6), min_size=1), st.integers(0, 1439))
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAILY = frozenset(range(7))


def shows(zone, on, minute):
    """Whether clocks in the zone ever show that time on that day."""
    wall = datetime.combine(on, time(minute // 60, minute % 60))
    return any(
        wall.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
        for fold in (0, 1)
    )


@given(rhythms, zones, moments)
def test_slots_are_on_their_days_at_their_time_and_none_is_left_out(rhythm, zone, since):
    found = list(islice(slots_from(rhythm, zone, since), 12))
    assert all(slot.at >= since and slot.at.utcoffset() == timedelta(0) for slot in found)
    assert all(earlier.at <= later.at and earlier.on < later.on for earlier, later in pairwise(found))
    for slot in found:
        assert slot.on.weekday() in rhythm.days
        wall = slot.at.astimezone(zone)
        if shows(zone, slot.on, rhythm.minute):
            assert wall.date() == slot.on
            assert wall.hour * 60 + wall.minute == rhythm.minute
            earlier = slot.at - timedelta(hours=3)
            while earlier < slot.at:  # the first of two
                assert earlier.astimezone(zone).replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None, fold=0)
                earlier += timedelta(minutes=15)
        else:
            before = (slot.at - timedelta(seconds=1)).astimezone(zone)
            missing = datetime.combine(slot.on, rhythm.time)
            assert before.replace(tzinfo=None) < missing < wall.replace(tzinfo=None), "the first moment after the gap"
    day = found[0].on + timedelta(days=1)
    expected = {day + timedelta(days=more) for more in range((found[-1].on - day).days + 1)}
    assert {slot.on for slot in found[1:]} == {on for on in expected if on.weekday() in rhythm.days}


@given(rhythms, zones, moments, st.integers(-3, 10))
def test_the_next_slot_is_after_the_last_day(rhythm, zone, since, days):
    last = since.astimezone(zone).date() + timedelta(days=days)
    slot = next_slot(rhythm, zone, since, last)
    assert slot.on > last
    assert slot.at >= since
    assert slot == next(each for each in slots_from(rhythm, zone, since) if each.on > last)


@given(rhythms, zones, moments, st.integers(0, 30 * 24 * 60), st.none() | st.integers(-3, 20))
def test_what_is_due_and_what_comes_next_are_all_there_is(rhythm, zone, since, minutes, days):
    now = since + timedelta(minutes=minutes)
    last = None if days is None else since.astimezone(zone).date() + timedelta(days=days)
    due = slots_due(rhythm, zone, since, now, last)
    assert all(since <= slot.at <= now for slot in due)
    following = next_slot(rhythm, zone, after(now), due[-1].on if due else last)
    expected = list(islice((each for each in slots_from(rhythm, zone, since) if not last or each.on > last), 40))
    assert [*due, following] == expected[: len(due) + 1]


@given(zones, moments, st.integers(1, 60))
def test_a_day_begins_at_its_first_moment(zone, now, days):
    begin = day_after(days, now, zone)
    on = now.astimezone(zone).date() + timedelta(days=days)
    assert begin.astimezone(zone).date() >= on
    assert (begin - timedelta(seconds=1)).astimezone(zone).date() < on
    monday = next_monday(now, zone)
    assert monday > now
    assert monday - now <= timedelta(days=7, hours=25)


def test_next_week_begins_on_monday():
    berlin = ZoneInfo("Europe/Berlin")
    sunday = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
    assert next_monday(sunday, berlin) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert next_monday(datetime(2026, 11, 22, 23, tzinfo=UTC), berlin) == datetime(2026, 11, 29, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "minute", "on", "at"),
    [
        ("Europe/Berlin", 150, date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", 150, date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", 135, date(2026, 10, 4), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Africa/Cairo", 30, date(2027, 4, 30), datetime(2027, 4, 29, 22, tzinfo=UTC)),
        ("Pacific/Apia", 600, date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("Europe/Berlin", 600, date(2028, 2, 29), datetime(2028, 2, 29, 9, tzinfo=UTC)),
    ],
)
def test_days_that_are_unlike_others(zone, minute, on, at):
    """A gap, an hour twice, half an hour's change, a gap at midnight, a day that never was, a leap day."""
    slots = slots_from(Rhythm(DAILY, minute), ZoneInfo(zone), at - timedelta(days=3))
    assert next(slot.at for slot in slots if slot.on == on) == at


def test_the_slot_of_a_day_that_never_was_is_the_first_moment_of_the_next():
    """In Samoa 29 December 2011 was followed by the 31st."""
    apia, at = ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert at.astimezone(apia).date() == date(2011, 12, 31)
    assert next_slot(Rhythm(DAILY, 600), apia, at).on == date(2011, 12, 30)


@given(rhythms)
def test_days_are_kept_as_bits(rhythm):
    assert Rhythm.of(rhythm.bits, rhythm.minute) == rhythm
    assert 1 <= rhythm.bits <= 127


def test_monday_is_the_first_bit():
    assert Rhythm(frozenset((0, 6)), 0).bits == 65
