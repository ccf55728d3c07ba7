"""Parse time zones and times of day as people type them."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.resources import files

from rapidfuzz import fuzz, process

from bot.core.calendar.dates import short
from bot.core.calendar.slots import DAYS
from bot.core.calendar.stored_zones import zone_named
from bot.errors import BadInput

OFFERED = 25

# Large cities without a zone of their own name, by the zone they are in.
CITIES = {
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria",
    "Africa/Lagos": "Abuja, Ibadan",
    "America/Chicago": "Dallas, Houston, Austin, Minneapolis, New Orleans, San Antonio",
    "America/Denver": "Salt Lake City, Albuquerque",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego, Portland, Las Vegas, Sacramento, San Jose",
    "America/New_York": "Boston, Washington, Miami, Atlanta, Philadelphia, Charlotte, Pittsburgh, Orlando",
    "America/Mexico_City": "Guadalajara, Puebla",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte, Curitiba, Porto Alegre",
    "America/Argentina/Buenos_Aires": "Rosario, La Plata",
    "America/Toronto": "Ottawa, Montreal, Quebec",
    "America/Edmonton": "Calgary",
    "America/Bogota": "Medellin, Cali",
    "America/Guayaquil": "Quito",
    "Asia/Kolkata": "Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Ahmedabad",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou, Chengdu, Hangzhou, Nanjing, Wuhan",
    "Asia/Tokyo": "Osaka, Kyoto, Yokohama, Nagoya, Sapporo, Fukuoka",
    "Asia/Seoul": "Busan, Incheon",
    "Asia/Karachi": "Lahore, Islamabad, Rawalpindi, Faisalabad",
    "Asia/Dhaka": "Chittagong",
    "Asia/Ho_Chi_Minh": "Hanoi, Da Nang",
    "Asia/Jakarta": "Bandung, Surabaya",
    "Asia/Riyadh": "Jeddah, Mecca, Medina",
    "Asia/Dubai": "Abu Dhabi, Sharjah, Muscat",
    "Asia/Jerusalem": "Tel Aviv, Haifa",
    "Asia/Manila": "Cebu, Quezon City, Davao",
    "Asia/Taipei": "Kaohsiung",
    "Australia/Sydney": "Canberra, Newcastle, Wollongong",
    "Australia/Brisbane": "Gold Coast, Cairns",
    "Europe/Amsterdam": "Rotterdam, The Hague, Utrecht, Eindhoven",
    "Europe/Berlin": "Munich, Hamburg, Cologne, Frankfurt, Stuttgart, Dresden, Leipzig, Hanover, Nuremberg, Bremen",
    "Europe/Brussels": "Antwerp, Ghent",
    "Europe/Istanbul": "Ankara, Izmir",
    "Europe/Kyiv": "Kharkiv, Odesa, Lviv",
    "Europe/Lisbon": "Porto",
    "Europe/London": "Manchester, Birmingham, Edinburgh, Glasgow, Liverpool, Leeds, Bristol, Cardiff",
    "Europe/Madrid": "Barcelona, Valencia, Seville, Bilbao",
    "Europe/Moscow": "Saint Petersburg",
    "Europe/Paris": "Lyon, Marseille, Toulouse, Nice, Lille, Bordeaux",
    "Europe/Rome": "Milan, Naples, Turin, Florence, Bologna, Venice",
    "Europe/Stockholm": "Gothenburg, Malmo",
    "Europe/Warsaw": "Krakow, Wroclaw, Gdansk, Poznan",
    "Europe/Zurich": "Geneva, Basel, Bern, Lausanne",
    "Pacific/Auckland": "Wellington, Christchurch",
}


ABBREVIATIONS = {
    "est": ("America/New_York", "America/Toronto", "America/Panama"),
    "edt": ("America/New_York", "America/Toronto"),
    "et": ("America/New_York", "America/Toronto"),
    "cst": ("America/Chicago", "America/Mexico_City", "Asia/Shanghai"),
    "cdt": ("America/Chicago", "America/Winnipeg"),
    "ct": ("America/Chicago", "America/Winnipeg"),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver", "America/Edmonton"),
    "mt": ("America/Denver", "America/Edmonton"),
    "pst": ("America/Los_Angeles", "America/Vancouver"),
    "pdt": ("America/Los_Angeles", "America/Vancouver"),
    "pt": ("America/Los_Angeles", "America/Vancouver"),
    "hst": ("Pacific/Honolulu",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
    "cet": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "cest": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "met": ("Europe/Berlin", "Europe/Paris"),
    "eet": ("Europe/Athens", "Europe/Helsinki", "Africa/Cairo"),
    "eest": ("Europe/Athens", "Europe/Helsinki"),
    "msk": ("Europe/Moscow",),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "sgt": ("Asia/Singapore",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney", "Australia/Melbourne"),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "awst": ("Australia/Perth",),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
    "est5edt": ("America/New_York",),
    "cst6cdt": ("America/Chicago",),
    "mst7mdt": ("America/Denver",),
    "pst8pdt": ("America/Los_Angeles",),
}
"""Places that an abbreviation may refer to.

Some abbreviations are zones without summer time in the tz database. People never mean those.
"""
COUNTRIES = {
    "usa": "US", "us": "US", "america": "US", "united states of america": "US", "uk": "GB", "england": "GB",
    "great britain": "GB", "united kingdom": "GB", "scotland": "GB", "wales": "GB", "korea": "KR", "south korea": "KR",
    "czechia": "CZ", "holland": "NL", "uae": "AE", "emirates": "AE", "viet nam": "VN",
}  # fmt: skip
"""More names of countries; the others are from the tz database."""
_UTC_NAMES = frozenset({"utc", "gmt", "z", "zulu", "universal", "greenwich"})
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+\-−–])(\d{1,2})(?::?([0-5]\d))?")
WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


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

    def named(self, text: str) -> str:
        """Return the tz database name of a zone, city or country. Raises ``BadInput`` with suggestions.

        The error for a text without summer time, such as EST or UTC+2, explains that a place is needed.
        """
        typed = short(text).replace("_", " ")
        if typed in _UTC_NAMES:
            return "UTC"
        country = self._countries.get(typed, [])
        if len(country) == 1:
            return country[0]
        shown = text.replace("`", "").strip()[:40]
        places: Sequence[str] = ABBREVIATIONS.get(typed, ())
        if len(places) == 1:
            return places[0]
        if places:
            why = "can mean several places, and without summer time it is an hour off for half of the year"
            raise BadInput(f"“{shown}” {why}. {_choose(places)}")
        if offset := _OFFSET.fullmatch(typed):
            raise BadInput(f"“{shown}” doesn't follow summer time. {_choose(self._places_at(offset))}")
        zone = self._known.get(typed.replace(" ", "_"))
        zone = (zone if zone and "/" in zone else None) or self._cities.get(typed)
        if zone:
            return zone
        if country:
            raise BadInput(f"“{shown}” has {len(country)} time zones. {_choose(country)}")
        meant = self.offer(text)[:3] or ["Europe/Berlin", "America/New_York", "UTC"]
        raise BadInput(f"“{shown}” is not a time zone that I know. {_choose(meant)}")

    def _places_at(self, offset: re.Match[str]) -> list[str]:
        """Return large places with this UTC offset in January or in July."""
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)) * (1 if offset[1] == "+" else -1)
        large = [*CITIES, "Europe/London", "Europe/Athens", "Africa/Cairo", "Asia/Singapore", "Asia/Kathmandu"]
        places = {
            season: [zone for zone in large if season.astimezone(zone_named(zone)).utcoffset() == away]
            for season in (WINTER, SUMMER)
        }
        return list(dict.fromkeys([*places[WINTER][:3], *places[SUMMER][:2]]))

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
    return f"Name a place whose clocks you follow, such as {named}."


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
    raise BadInput(f"“{text.replace('`', '')[:20]}” is not a time of day. Write it like `09:00` or `18:30`.")


def parse_weekday(text: str) -> int:
    """Parse an English weekday or its first letters to 0 (Monday) to 6. Raises ``BadInput``."""
    typed = short(text)
    numbers = [number for number, day in enumerate(DAYS) if len(typed) >= 2 and day.lower().startswith(typed)]
    if len(numbers) != 1:
        raise BadInput(f"“{text.replace('`', '')[:20]}” is not a weekday. Choose one from Monday to Sunday.")
    return numbers[0]
