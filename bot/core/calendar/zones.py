"""Time zones and clock times as administrators type them."""

import re
from functools import cached_property
from zoneinfo import available_timezones

from rapidfuzz import fuzz, process

from bot.core.calendar.slots import DAYS
from bot.errors import BadInput

OFFERED = 25

# Large cities that have no zone of their own name, by the zone that their clocks follow.
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


class Zones:
    """Every IANA zone with the cities that it is known by; listed when it is first asked for."""

    @cached_property
    def _known(self) -> dict[str, str]:
        return {name.lower(): name for name in available_timezones()}

    @cached_property
    def _texts(self) -> dict[str, str]:
        """What may be typed for each zone that is offered, in lower case."""
        names = sorted(
            name
            for name in self._known.values()
            if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
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
        """The IANA name of a zone or city. Raises ``BadInput`` with up to three that may be meant."""
        typed = text.strip().lower()
        found = self._known.get(typed.replace(" ", "_")) or self._cities.get(typed)
        if found:
            return found
        meant = ", ".join(f"`{zone}`" for zone in self.offer(text)[:3]) or "`Europe/Berlin`, `America/New_York`, `UTC`"
        shown = text.replace("`", "")[:40]
        raise BadInput(f"“{shown}” is not a time zone that I know. Name a zone or a large city, such as {meant}.")

    def offer(self, text: str) -> list[str]:
        """Zones to choose from while somebody types."""
        typed = text.strip().lower()
        if not typed:
            return ["UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Kolkata",
                    "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney"]  # fmt: skip
        found = [zone for zone, text_of in self._texts.items() if typed in text_of]
        found.sort(key=lambda zone: (f" {typed}" not in f" {self._texts[zone].replace('/', ' ')}", zone))
        if not found:
            close = process.extract(typed, list(self._cities), scorer=fuzz.ratio, limit=5, score_cutoff=70)
            found = list(dict.fromkeys(self._cities[city] for city, _, _ in close))
        return found[:OFFERED]


def parse_time(text: str) -> int:
    """Minutes after midnight of ``9``, ``9:30``, ``18.05``, ``6pm`` or ``6:15 PM``. Raises ``BadInput``."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm)?", text.strip().lower())
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
            half = None
        if not half and hour <= 23 and minute <= 59:
            return hour * 60 + minute
    raise BadInput(f"“{text.replace('`', '')[:20]}” is not a time of day. Write it like `09:00` or `18:30`.")


def parse_weekday(text: str) -> int:
    """0 (Monday) to 6 of an English weekday or its first letters. Raises ``BadInput``."""
    typed = text.strip().lower()
    found = [number for number, day in enumerate(DAYS) if len(typed) >= 2 and day.lower().startswith(typed)]
    if len(found) != 1:
        raise BadInput(f"“{text.replace('`', '')[:20]}” is not a weekday. Choose one from Monday to Sunday.")
    return found[0]
