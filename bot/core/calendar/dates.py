"""Parse dates as members type them."""

from calendar import monthrange
from datetime import date, timedelta

from bot.core.calendar.day_names import day_name
from bot.errors import BadInput

MAX_TYPED = 100
"""Maximum length of any text that a member types. Longer ones are rejected before they are parsed."""
OLDEST = timedelta(days=365)
FARTHEST = timedelta(days=3 * 366)


def short(text: str) -> str:
    """Return the text stripped and in lower case. Raises ``BadInput`` if it is longer than ``MAX_TYPED``."""
    if len(text) > MAX_TYPED:
        raise BadInput(f"That is too long. Write at most {MAX_TYPED} characters.")
    return text.strip().lower()


def check_day(day: date, today: date) -> None:
    """Raise ``BadInput`` for a day in the future or more than 365 days ago."""
    if day > today:
        raise BadInput(f"{written(day)} is in the future. The latest date you can use is {written(today)}.")
    if today - day > OLDEST:
        raise BadInput(f"{written(day)} is too long ago. The earliest date you can use is {written(today - OLDEST)}.")


def written(day: date) -> str:
    """Return a date as ``November 28, 2026``."""
    return f"{day:%B} {day.day}, {day.year}"


def spoken(day: date, today: date) -> str:
    """Return a date as ``Saturday, November 28``, with the year if it isn't that of ``today``."""
    return f"{day:%A}, {day:%B} {day.day}" + ("" if day.year == today.year else f", {day.year}")


def check_exam(day: date, today: date) -> None:
    """Raise ``BadInput`` for an exam in the past or more than three years ahead."""
    if day < today:
        raise BadInput(f"{day_name(day, today)} is in the past. Choose an exam date from today on.")
    if day - today > FARTHEST:
        name = day_name(day, today)
        raise BadInput(f"{name} is more than three years ahead. Set the date once you've booked the exam.")


def recent_days(text: str, today: date) -> list[tuple[str, str]]:
    """Return names and values of days to suggest for the text typed so far.

    ``today`` is the date in UTC. The learner's own date isn't known while they type, so today and yesterday are
    suggested as words; the dates after them are the same in every zone.
    """
    days = [today - timedelta(days=back) for back in range(1, 9)]
    named = [("Today", "today"), ("Yesterday", "yesterday")]
    named += [(spoken(day, today), day.isoformat()) for day in days]
    typed = short(text)
    return [(name, value) for name, value in named if typed in name.lower() or typed in value]


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or its last day if it is shorter. ``months`` may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
