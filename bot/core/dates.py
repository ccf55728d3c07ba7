"""Days as members type them."""

from datetime import date, timedelta

from bot.errors import BadInput

OLDEST = timedelta(days=365)
FARTHEST = timedelta(days=3 * 366)


def parse_day(text: str, today: date) -> date:
    """The day of ``2026-11-20``, ``today`` or ``yesterday``. Raises ``BadInput`` with an example."""
    typed = text.strip().lower()
    if typed in ("today", "yesterday"):
        return today - timedelta(days=typed == "yesterday")
    try:
        return date.fromisoformat(typed)
    except ValueError:
        shown = text.replace("`", "")[:40]
        raise BadInput(f"“{shown}” is not a date. Write it as year-month-day, for example `{today}`.") from None


def check_day(day: date, today: date) -> None:
    """Raises ``BadInput`` for a day in the future or more than 365 days ago."""
    if day > today:
        raise BadInput(f"{day} is in the future; something can be ticked off for `{today}` (UTC) at the latest.")
    if today - day > OLDEST:
        raise BadInput(f"{day} is too long ago; the earliest day that can be given is `{today - OLDEST}`.")


def check_exam(day: date, today: date) -> None:
    """Raises ``BadInput`` for an exam in the past or more than three years ahead."""
    if day < today:
        raise BadInput(f"{day} has passed. Give the date of an exam that is still ahead, from `{today}` (UTC) on.")
    if day - today > FARTHEST:
        raise BadInput(f"{day} is more than three years ahead. Set the date once you have booked the exam.")


def recent_days(text: str, today: date) -> list[tuple[str, str]]:
    """Names and values to offer for a day: the last eight that fit what was typed."""
    days = [today - timedelta(days=back) for back in range(8)]
    named = [(f"{day:%a} {day.day} {day:%B %Y}", day.isoformat()) for day in days]
    named[0] = (f"Today, {named[0][0]}", named[0][1])
    named[1] = (f"Yesterday, {named[1][0]}", named[1][1])
    typed = text.strip().lower()
    return [(name, value) for name, value in named if typed in name.lower() or typed in value]
