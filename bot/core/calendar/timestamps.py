"""Instants as they are kept: whole seconds since 1970, UTC."""

from datetime import UTC, datetime


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware datetime."""
    return int(moment.timestamp())


def from_seconds(stored: int) -> datetime:
    """The aware UTC datetime of stored seconds."""
    return datetime.fromtimestamp(stored, UTC)
