"""Time zones by the names that are stored."""

from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(512)
def zone_named(name: str | None) -> ZoneInfo:
    """The zone of a stored name. UTC for none, and for a name that the zone data doesn't know (or no longer)."""
    try:
        return ZoneInfo(name or "UTC")
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_known(name: str) -> bool:
    """Whether the zone data knows a stored name."""
    return zone_named(name).key == name
