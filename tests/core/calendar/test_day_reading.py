"""Days as people say them. Today is Sunday, November 29, 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar.day_reading import DayReader
from bot.errors import BadInput

TODAY = date(2026, 11, 29)
READER = DayReader()

PAST = {
    "today": "11-29",
    "Yesterday": "11-28",
    "last saturday": "11-28",
    "Saturday": "11-28",
    "on Sat": "11-28",
    "sunday": "11-29",
    "last Sunday": "11-22",
    "monday last week": "11-16",
    "Nov 28": "11-28",
    "28 November": "11-28",
    "Nov 28th, 2026": "11-28",
    "28.11.": "11-28",
    "28.11.2026": "11-28",
    "11/28/2026": "11-28",
    "28/11/26": "11-28",
    "2 days ago": "11-27",
    "a week ago": "11-22",
    "last week": "11-22",
    "2026-11-20": "11-20",
    "the 5th": "11-05",
    "30th": "10-30",
}
AHEAD = {
    "tomorrow": "11-30",
    "friday": "12-04",
    "this sunday": "11-29",
    "sunday": "11-29",
    "next sunday": "12-06",
    "in 3 weeks": "12-20",
    "Dec 18": "12-18",
    "18.12.": "12-18",
    "12/18": "12-18",
    "the 5th": "12-05",
}


@pytest.mark.parametrize(("text", "day"), PAST.items())
def test_days_in_the_past(text, day):
    assert READER.read(text, TODAY, ahead=False).day == date.fromisoformat(f"2026-{day}")


@pytest.mark.parametrize(("text", "day"), AHEAD.items())
def test_days_ahead(text, day):
    reading = READER.read(text, TODAY, ahead=True)
    assert reading.day == date.fromisoformat(f"2026-{day}")
    assert reading.other is None


def test_a_date_without_a_year_can_be_in_the_next_year():
    assert READER.read("Nov 28", TODAY, ahead=True).day == date(2027, 11, 28)
    assert READER.read("28.11.", TODAY, ahead=True).day == date(2027, 11, 28)
    assert READER.read("29.2.", TODAY, ahead=True).day == date(2028, 2, 29)
    assert READER.read("24 December", TODAY, ahead=False).day == date(2025, 12, 24)


def test_two_meanings_are_both_returned():
    reading = READER.read("3/4", TODAY, ahead=True)
    assert (reading.day, reading.other) == (date(2027, 3, 4), date(2027, 4, 3))
    wednesday = date(2026, 11, 25)
    reading = READER.read("next friday", wednesday, ahead=True)
    assert (reading.day, reading.other) == (date(2026, 12, 4), date(2026, 11, 27))


def test_a_meaning_on_the_wrong_side_of_today_is_dropped():
    reading = READER.read("12/11/2026", TODAY, ahead=False)
    assert (reading.day, reading.other) == (date(2026, 11, 12), None)


@pytest.mark.parametrize("text", ["deploy", "", "9:30", "2026", "feb 30", "31/31", "30.2.", "x" * 100, "1" * 40])
def test_what_isn_t_a_date_is_refused_with_examples(text):
    with pytest.raises(BadInput, match="Try “yesterday”, “last Saturday”, “November 27” or 2026-11-27"):
        READER.read(text, TODAY, ahead=False)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-360, 360), st.sampled_from([
    "{:%Y-%m-%d}", "{:%B %d, %Y}", "{:%d %B %Y}", "{:%d.%m.%Y}", "{:%b %d %Y}",
]))  # fmt: skip
def test_a_written_date_is_read_back(today, away, written):
    day = today + timedelta(days=away)
    for ahead in (True, False):
        assert READER.read(written.format(day), today, ahead=ahead).day == day


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(["Monday", "wed", "Sunday"]), st.booleans())
def test_a_weekday_is_the_nearest_one(today, word, ahead):
    day = READER.read(word, today, ahead=ahead).day
    assert day.strftime("%A").lower().startswith(word.lower())
    assert timedelta() <= (day - today if ahead else today - day) < timedelta(days=7)


@settings(deadline=None)
@given(st.text(max_size=100) | st.text("0123456789 ./-:,agolastinweeksdymonth", max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        READER.read(text, TODAY, ahead=True)
    except BadInput:
        assert True
