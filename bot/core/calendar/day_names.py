"""Dates as members read them: one format for all texts."""

from datetime import date


def day_name(day: date, today: date) -> str:
    """Return ``December 18``, with the year if it isn't the current one."""
    return f"{day:%B} {day.day}" if day.year == today.year else f"{day:%B} {day.day}, {day.year}"


def weekday_name(day: date, today: date) -> str:
    """Return ``Friday, December 18``, with the year if it isn't the current one."""
    return f"{day:%A}, {day_name(day, today)}"


def span_name(first: date, last: date, today: date) -> str:
    """Return ``December 24–31``, ``November 30 – December 6``, or one day; with the year if not the current one."""
    if first == last:
        return day_name(first, today)
    if (first.year, first.month) == (last.year, last.month):
        year = "" if last.year == today.year else f", {last.year}"
        return f"{first:%B} {first.day}–{last.day}{year}"
    if first.year == last.year:
        return f"{first:%B} {first.day} – {day_name(last, today)}"
    return f"{day_name(first, today)} – {day_name(last, first)}"
