"""Convert between datetimes and stored times: whole seconds since 1970, UTC."""

from datetime import UTC, datetime


def seconds(moment: datetime) -> int:
    """Return an aware datetime as whole seconds since 1970."""
    return int(moment.timestamp())


def from_seconds(stored: int) -> datetime:
    """Return stored seconds as an aware datetime in UTC."""
    return datetime.fromtimestamp(stored, UTC)
