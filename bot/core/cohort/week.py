"""The week that a digest is about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

NOON = 12
_SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Week:
    """The time from ``since`` (inclusive) to ``until`` (exclusive), UTC. The week before it starts at ``before``.

    ``first`` and ``last`` are its seven local dates. A week from one Monday to the next at 9:00 touches eight dates;
    the one with fewer hours is left out. ``today`` is the local date at its end.
    """

    before: datetime
    since: datetime
    until: datetime
    first: date
    last: date
    today: date

    @classmethod
    def ending(cls, until: datetime, since: datetime, before: datetime, zone: ZoneInfo) -> "Week":
        """Return the week with these limits, with the dates of a time zone."""
        end = until.astimezone(zone)
        last = end.date() if end.hour >= NOON else end.date() - timedelta(days=1)
        return cls(before, since, until, last - _SIX_DAYS, last, end.date())
