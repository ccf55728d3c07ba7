"""Time zones, times of day and weekdays as administrators type them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.places import CITIES
from bot.core.calendar.stored_zones import is_known, zone_named
from bot.core.calendar.zones import OFFERED, Zones, clock_rule, parse_time, zone_label
from bot.errors import BadInput

NAMES = available_timezones()


def refusal_of(call, typed):
    """What ``call`` says against what was typed; None where it takes it."""
    try:
        call(typed)
    except BadInput as refusal:
        return str(refusal)
    return None


def clocks(zone):
    """What the clocks of a zone show through a year, once a day."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [(start + timedelta(days=day, hours=day % 24)).astimezone(ZoneInfo(zone)).isoformat() for day in range(365)]


@pytest.fixture(scope="module")
def zones():
    return Zones()


@pytest.mark.parametrize("typed", [str, str.lower, str.upper, lambda name: f"  {name} ", lambda n: n.replace("_", " ")])
def test_every_zone_is_known_by_its_name(zones, typed):
    places = sorted(name for name in NAMES if "/" in name)
    assert [zones.named(typed(name)) for name in places] == places


def test_every_listed_city_leads_to_its_zone(zones):
    for zone, cities in CITIES.items():
        assert zone in NAMES
        for city in cities.split(", "):
            assert clocks(zones.named(city)) == clocks(zone), "the zone, or an old name of it"
            assert zones.named(f" {city.upper()} ") == zones.named(city)
            assert zone in zones.offer(city)
            assert zone in zones.offer(city[:-1].lower()), "while it is typed"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("Ho Chi Minh", "Asia/Ho_Chi_Minh"),
        ("utc", "UTC"),
        ("mumbai", "Asia/Kolkata"),
        ("Calgary", "America/Edmonton"),
    ],
)
def test_cities_by_their_zone(zones, typed, zone):
    assert zones.named(typed) == zone


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("ber", "Europe/Berlin"), ("new y", "America/New_York"), ("mumb", "Asia/Kolkata"), ("berlni", "Europe/Berlin")],
)
def test_a_zone_is_offered_while_its_city_is_typed(zones, typed, offered):
    assert offered in zones.offer(typed)


def test_zones_with_a_word_that_begins_so_are_offered_first(zones):
    assert zones.offer("lon")[:3] == ["Arctic/Longyearbyen", "Europe/London", "America/Blanc-Sablon"]


@settings(deadline=None, max_examples=200)
@given(typed=st.text(max_size=60) | st.sampled_from(sorted(NAMES)).map(lambda name: name[:5]))
def test_whatever_is_typed_only_zones_are_offered(zones, typed):
    offered = zones.offer(typed)
    assert len(offered) <= OFFERED == 25
    assert len(set(offered)) == len(offered)
    assert NAMES.issuperset(offered)
    assert all(1 <= len(zone) <= 100 and zones.named(zone) == zone for zone in offered)


@settings(deadline=None, max_examples=200)
@given(typed=st.text(max_size=60))
def test_whatever_is_typed_a_zone_is_meant_or_it_is_refused(zones, typed):
    refusal = refusal_of(lambda text: ZoneInfo(zones.named(text)), typed)
    if refusal is not None:
        assert "Try a city" in refusal or "too long" in refusal
        assert refusal.count("`") % 2 == 0
        assert refusal.count("`") >= 2, "it says what would do"


@pytest.mark.parametrize("typed", ["", "Mars/Olympus", "GMT+25", "Berlin, Germany or so", "`" * 50, "x" * 3000])
def test_what_is_no_zone_is_refused_briefly(zones, typed):
    with pytest.raises(BadInput) as refusal:
        zones.named(typed)
    assert len(str(refusal.value)) < 250


def test_a_misspelt_city_is_named_in_the_refusal(zones):
    with pytest.raises(BadInput, match="`Europe/Berlin`"):
        zones.named("Berlni")


# --- Times and days ---------------------------------------------------------------------------------------------------


def test_every_minute_of_the_day_in_every_way_to_write_it():
    for minute in range(1440):
        at = time(minute // 60, minute % 60)
        half = f"{at:%I:%M}"
        ways = (f"{at:%H:%M}", f"{at.hour}:{at:%M}", f"{at:%H.%M}", f"{at:%H}h{at:%M}", f"{half} {at:%p}",
                f"{half.lstrip('0')}{at:%p}".lower(), f" {at:%H:%M} ")  # fmt: skip
        assert {parse_time(way) for way in ways} == {minute}
    for hour in range(24):
        assert parse_time(str(hour)) == hour * 60
    assert (parse_time("12am"), parse_time("12pm"), parse_time("6 PM"), parse_time("6:15pm")) == (0, 720, 1080, 1095)


NO_TIMES = (
    "",
    " ",
    "24:00",
    "25",
    "9:60",
    "-1",
    "13pm",
    "0am",
    "9:5",
    "9:005",
    "nine",
    "09:00:00",
    "12:30 xm",
    "9 UTC",
)


@pytest.mark.parametrize("typed", NO_TIMES)
def test_what_is_no_time_of_day_is_refused(typed):
    with pytest.raises(BadInput, match="`09:00`"):
        parse_time(typed)


@given(st.text(max_size=12) | st.from_regex(r"\d{1,3}[:.h ]?\d{0,3} ?([ap]m)?", fullmatch=True))
def test_a_time_is_a_minute_of_the_day_or_refused(typed):
    refusal = refusal_of(parse_time, typed)
    assert 0 <= parse_time(typed) < 1440 if refusal is None else len(refusal) < 120


@pytest.mark.parametrize(
    "typed", ["localtime", "posix/Europe/Berlin", "right/UTC", "Factory", "../etc/passwd", "zone.tab"]
)
def test_only_names_of_the_tz_database_are_zones(zones, typed):
    with pytest.raises(BadInput, match="isn't a time zone I recognize"):
        zones.named(typed)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("Japan", "Asia/Tokyo"), ("india", "Asia/Kolkata"), ("gmt", "UTC"), ("Z", "UTC"), ("JST", "Asia/Tokyo"),
     ("US/Eastern", "US/Eastern"), ("Etc/GMT+5", "Etc/GMT+5"), ("Germany", "Europe/Berlin"), ("CET", "Europe/Berlin"),
     ("pst", "America/Los_Angeles"), ("UTC+2", "Etc/GMT-2"), ("gmt-5", "Etc/GMT+5"), ("+5:30", "Asia/Kolkata"),
     ("UTC+0", "UTC"), ("UTC-3:30", None), ("UTC+13:45", None)],
)  # fmt: skip
def test_countries_abbreviations_and_offsets(zones, typed, zone):
    if zone is None:
        with pytest.raises(BadInput, match="isn't a time zone I recognize"):
            zones.named(typed)
    else:
        assert zones.named(typed) == zone


def test_an_offset_means_that_offset_all_year_and_names_places(zones):
    match = zones.find("UTC+2")
    assert match.sure
    assert clock_rule(match.zone) == "UTC+2 all year"
    assert {"Africa/Johannesburg", "Europe/Amsterdam"} <= set(match.others)
    assert clock_rule("Europe/Berlin") == "UTC+1 in January and UTC+2 in July"
    assert clock_rule("America/New_York") == "UTC-5 in January and UTC-4 in July"
    assert clock_rule("Asia/Kolkata") == "UTC+5:30 all year"
    assert clock_rule("Africa/Abidjan") == "UTC all year"


@pytest.mark.parametrize(
    ("zone", "label"),
    [("Etc/GMT-2", "UTC+2"), ("Etc/GMT+11", "UTC-11"), ("America/New_York", "New York"), ("UTC", "UTC")],
)
def test_names_of_zones_as_people_read_them(zone, label):
    assert zone_label(zone) == label


@given(hours=st.integers(-12, 14))
def test_every_whole_offset_is_understood(zones, hours):
    match = zones.find(f"UTC{hours:+d}")
    assert clock_rule(match.zone) == f"{zone_label(match.zone)} all year"
    assert zone_label(match.zone) == (f"UTC{hours:+d}" if hours else "UTC")


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("EST", {"America/Panama"}),
        ("cst", {"Asia/Shanghai"}),
        ("ist", {"Europe/Dublin", "Asia/Jerusalem"}),
        ("Spain", {"Atlantic/Canary"}),
        ("USA", set()),
    ],
)
def test_a_text_with_several_meanings_is_not_sure_and_names_them(zones, typed, others):
    match = zones.find(typed)
    assert not match.sure
    assert others <= set(match.others)
    with pytest.raises(BadInput, match=f"can mean several time zones.*{match.zone}"):
        zones.named(typed)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "/etc/passwd", "..", "EST\0", "x" * 300])
def test_a_stored_zone_that_nobody_knows_counts_as_utc(name):
    assert zone_named(name).key == "UTC"
    assert not is_known(name)


def test_a_stored_zone_that_is_known():
    assert zone_named("Europe/Berlin").key == "Europe/Berlin"
    assert zone_named(None).key == "UTC"
    assert is_known("Europe/Berlin")
