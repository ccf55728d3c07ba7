"""Parse time zones and times of day as people type them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.resources import files

from rapidfuzz import fuzz, process

from bot.core.calendar.dates import short
from bot.core.calendar.places import ABBREVIATIONS, CITIES, COUNTRIES
from bot.core.calendar.stored_zones import zone_named
from bot.errors import BadInput

OFFERED = 25
MAX_OTHERS = 4
_UTC_NAMES = frozenset({"utc", "gmt", "z", "zulu", "universal", "greenwich"})
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+\-−–])(\d{1,2})(?::?([0-5]\d))?")
WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ZoneMatch:
    """The zone (IANA name) that a text means most likely, and ``others`` that it can mean.

    ``sure``: either there are no others, or their clocks show the same time all year, or the text is a UTC offset,
    which means that offset all year (``others`` are then places that have it in January or July).
    """

    zone: str
    others: tuple[str, ...] = ()
    sure: bool = True


def zone_label(zone: str) -> str:
    """Return the name of a zone as people read it: ``Berlin``, ``New York``, ``UTC+2``."""
    if match := re.fullmatch(r"Etc/GMT([+-])(\d+)", zone):
        return f"UTC{'-' if match[1] == '+' else '+'}{match[2]}"
    return zone.rpartition("/")[2].replace("_", " ")


def clock_rule(zone: str) -> str:
    """Describe a zone's offset: ``UTC+5:30 all year``, or ``UTC+1 in January and UTC+2 in July``."""
    january, july = map(_written, _offsets(zone))
    return f"{january} all year" if january == july else f"{january} in January and {july} in July"


def _offsets(zone: str) -> tuple[timedelta, timedelta]:
    """Return a zone's UTC offsets in January and July."""
    january, july = (moment.astimezone(zone_named(zone)).utcoffset() or timedelta() for moment in (WINTER, SUMMER))
    return january, july


def _same_clock(one: str, other: str) -> bool:
    return _offsets(one) == _offsets(other)


def _offset(match: re.Match[str]) -> timedelta:
    away = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return away if match[1] == "+" else -away


def _written(offset: timedelta) -> str:
    minutes = round(abs(offset) / timedelta(minutes=1))
    sign = "-" if offset < timedelta() else "+"
    rest = f":{minutes % 60:02d}" if minutes % 60 else ""
    return f"UTC{sign}{minutes // 60}{rest}" if minutes else "UTC"


class Zones:
    """The zones of the tz database, with the names of cities and countries. Loaded on first use."""

    @cached_property
    def _known(self) -> dict[str, str]:
        """Return zone names by lower-case name.

        They are read from the tz database itself, because the system's folder may contain other files.
        """
        listed = files("tzdata").joinpath("zones").read_text("utf-8").split()
        return {name.lower(): name for name in listed}

    @cached_property
    def _countries(self) -> dict[str, list[str]]:
        """Return the zones of each country by its lower-case name, most populous first."""
        folder = files("tzdata").joinpath("zoneinfo")

        def rows(name: str) -> list[list[str]]:
            lines = folder.joinpath(name).read_text("utf-8").splitlines()
            return [line.split("\t") for line in lines if line and not line.startswith("#")]

        zones: dict[str, list[str]] = {}
        for code, _, zone, *_rest in rows("zone.tab"):
            zones.setdefault(code, []).append(zone)
        names = {re.sub(r" \(.*\)", "", name).lower(): code for code, name in rows("iso3166.tab")}
        return {name: zones[code] for name, code in {**names, **COUNTRIES}.items() if code in zones}

    @cached_property
    def _texts(self) -> dict[str, str]:
        """Return the lower-case texts that match each suggested zone."""
        names = sorted(
            name
            for name in self._known.values()
            if "/" in name and not name.startswith(("Etc/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/"))
        )
        return {
            name: f"{name} {name.replace('/', ' ').replace('_', ' ')} {CITIES.get(name, '')}".lower()
            for name in ["UTC", *names]
        }

    @cached_property
    def _cities(self) -> dict[str, str]:
        cities = {name.rpartition("/")[2].replace("_", " ").lower(): name for name in self._texts}
        return cities | {city.strip().lower(): zone for zone, listed in CITIES.items() for city in listed.split(",")}

    def find(self, text: str) -> ZoneMatch:
        """Find the zone of a name, city, country, abbreviation or UTC offset. Raises ``BadInput`` with suggestions."""
        typed = short(text).replace("_", " ")
        if typed in _UTC_NAMES:
            return ZoneMatch("UTC")
        if places := ABBREVIATIONS.get(typed) or self._countries.get(typed):
            first, *others = places
            return ZoneMatch(first, tuple(others[:MAX_OTHERS]), sure=all(_same_clock(first, zone) for zone in others))
        if offset := _OFFSET.fullmatch(typed):
            if match := self._with_offset(offset):
                return match
        else:
            zone = self._known.get(typed.replace(" ", "_"))
            if zone := (zone if zone and "/" in zone else None) or self._cities.get(typed):
                return ZoneMatch(zone)
        shown = text.replace("`", "").strip()[:40]
        meant = self.offer(text)[:3] or ["Europe/Berlin", "America/New_York", "UTC"]
        raise BadInput(f"“{shown}” isn't a time zone I recognize. {_choose(meant)}")

    def named(self, text: str) -> str:
        """Return the tz database name of a zone, city, country, abbreviation or UTC offset.

        Raises ``BadInput`` with suggestions, also where the text can mean zones with different clocks.
        """
        match = self.find(text)
        if not match.sure:
            shown = text.replace("`", "").strip()[:40]
            raise BadInput(f"“{shown}” can mean several time zones. {_choose([match.zone, *match.others])}")
        return match.zone

    def _with_offset(self, offset: re.Match[str]) -> ZoneMatch | None:
        """Return a zone that has this UTC offset all year, and large places that have it in January or July."""
        away = _offset(offset)
        hours, rest = divmod(away, timedelta(hours=1))
        places = self._places_at(offset)
        if not rest and f"etc/gmt{-hours:+d}" in self._known:
            return ZoneMatch(f"Etc/GMT{-hours:+d}" if hours else "UTC", tuple(places[:MAX_OTHERS]))
        constant = [zone for zone in [*places, *self._texts] if _offsets(zone) == (away, away)]
        return ZoneMatch(constant[0], tuple(places[:MAX_OTHERS])) if constant else None

    def _places_at(self, offset: re.Match[str]) -> list[str]:
        """Return large places with this UTC offset in January or in July."""
        away = _offset(offset)
        large = [*CITIES, "Europe/London", "Europe/Athens", "Africa/Cairo", "Asia/Singapore", "Asia/Kathmandu"]
        winter, summer = ([zone for zone in large if _offsets(zone)[season] == away] for season in (0, 1))
        return list(dict.fromkeys([*winter[:2], *summer[:2], *winter[2:4]]))

    def offer(self, text: str) -> list[str]:
        """Return zones that match the text typed so far, at most ``OFFERED``."""
        typed = short(text)
        if not typed:
            return ["UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Kolkata",
                    "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney"]  # fmt: skip
        if typed in ABBREVIATIONS:
            return list(ABBREVIATIONS[typed])
        if typed in self._countries:
            return self._countries[typed][:OFFERED]
        if offset := _OFFSET.fullmatch(typed):
            return self._places_at(offset)
        zones = [zone for zone, text_of in self._texts.items() if typed in text_of]
        zones.sort(key=lambda zone: (f" {typed}" not in f" {self._texts[zone].replace('/', ' ')}", zone))
        if not zones:
            close = process.extract(typed, list(self._cities), scorer=fuzz.ratio, limit=5, score_cutoff=70)
            zones = list(dict.fromkeys(self._cities[city] for city, _, _ in close))
        return zones[:OFFERED]


def _choose(zones: Iterable[str]) -> str:
    named = ", ".join(f"`{zone}`" for zone in [*zones][:3]) or "`Europe/Berlin`"
    return f"Try a city whose clocks you follow, such as {named}."


def parse_time(text: str) -> int:
    """Parse ``9``, ``9:30``, ``18.05``, ``6pm`` or ``6:15 PM`` to minutes after midnight. Raises ``BadInput``."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm)?", short(text))
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
            half = None
        if not half and hour <= 23 and minute <= 59:
            return hour * 60 + minute
    raise BadInput(f"“{text.replace('`', '')[:20]}” isn't a time of day. Try `09:00`, `18:30` or `6pm`.")
