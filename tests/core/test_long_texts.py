"""Texts that members type are bounded before anything reads them, and every parser is linear up to the bound."""

from contextlib import suppress
from datetime import date

import pytest

from bot.core.calendar.dates import MAX_TYPED, recent_days
from bot.core.calendar.day_reading import DayReader
from bot.core.calendar.zones import Zones, parse_time
from bot.core.plan.study_days import parse_hours
from bot.errors import BadInput

TODAY = date(2026, 11, 20)
SHAPES = {
    "spaces": lambda n: "mon" + " " * (n - 6) + "tue",
    "commas": lambda n: "mon" + "," * (n - 6) + "tue",
    "dashes": lambda n: "-" * n,
    "to": lambda n: ("to " * n)[:n],
    "and": lambda n: ("and " * n)[:n],
    "digits": lambda n: "1" * n,
    "every": lambda n: ("every " * n)[:n],
    "marks": lambda n: "a" + "\u0301" * (n - 1),
    "emoji": lambda n: "\U0001f600" * n,
    "plus": lambda n: "utc+" + "1" * (n - 4),
}
PARSERS = {
    "hours": parse_hours,
    "time": parse_time,
    "zone": Zones().named,
    "offered zones": Zones().offer,
    "day": lambda text: DayReader().read(text, TODAY, ahead=False),
    "recent days": lambda text: recent_days(text, TODAY),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("parser", PARSERS)
def test_a_text_of_6000_characters_is_refused_unread(parser, shape):
    with pytest.raises(BadInput, match="too long"):
        PARSERS[parser](SHAPES[shape](6000))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("parser", PARSERS)
def test_a_text_at_the_bound_is_read_or_refused(parser, shape):
    with suppress(BadInput):
        PARSERS[parser](SHAPES[shape](MAX_TYPED))
