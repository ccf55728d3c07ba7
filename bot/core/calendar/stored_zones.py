"""Look up stored time zone names."""

from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(512)
def zone_named(name: str | None) -> ZoneInfo:
    """Return the zone of a stored name. UTC for None, and for a name that the zone data doesn't contain (anymore)."""
    try:
        return ZoneInfo(name or "UTC")
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_known(name: str) -> bool:
    """Return whether the zone data contains a stored name."""
    return zone_named(name).key == name
