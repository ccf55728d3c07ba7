"""Texts that several pictures share."""

from collections.abc import Sequence
from datetime import date

from bot.views.layout import duration
from bot.views.pictures.graphemes import visible_text

DAY_LETTERS = "MTWTFSS"
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNNAMED = "a member"
MAX_ALT_TEXT = 1024
"""Discord's limit for the description of a file, in characters."""


def long_date(day: date) -> str:
    """Format a date as ``November 28, 2026``."""
    return f"{day:%B} {day.day}, {day.year}"


def short_date(day: date) -> str:
    """Format a date as ``Nov 28``."""
    return f"{day:%b} {day.day}"


def about(minutes: int) -> str:
    """Format minutes as ``2 h 5 min``, from ten hours on as hours only."""
    return duration(minutes) if minutes < 600 else f"{round(minutes / 60):,} h"


def listed(words: Sequence[str]) -> str:
    """Join words as ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def spoken_name(name: str) -> str:
    """Return a member's name for an alt text: one line of at most 40 characters."""
    shown = visible_text(name, UNNAMED)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
