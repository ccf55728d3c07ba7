"""Read days as people say them: “last Saturday”, “Nov 28”, “28.11.”, “in 3 weeks”."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, cast

from bot.core.calendar.dates import add_months, short
from bot.core.calendar.slots import DAYS
from bot.errors import BadInput

MAX_PARSED = 40
"""Longest text that is passed to the library. No date that people write is longer."""
_NEAR = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
_NUMBERS = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?\.?")
_WEEKDAY = re.compile(r"(?:on )?(?:(last|past|this|next) )?([a-z]{2,9})(?: (last|this|next) week)?")
_DAY_OF_MONTH = re.compile(r"(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)")
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DayReading:
    """What a text means as a date. ``other`` is set if it can also mean another day, such as 3/4."""

    day: date
    other: date | None = None


class DayReader:
    """Reads days. The library is loaded on first use and needs up to 0.2 s for it, so call ``read`` in a thread."""

    @cached_property
    def _parse(self) -> Callable[..., datetime | None]:
        from dateparser import parse  # noqa: PLC0415  # importing it takes 50 to 80 ms

        return cast(Callable[..., datetime | None], parse)

    def read(self, text: str, today: date, *, ahead: bool) -> DayReading:
        """Return the day that ``text`` means on the day ``today``.

        A date without a year or a weekday without “last” or “next” means the nearest such day in the future if
        ``ahead``, otherwise in the past; today counts as both. Raises ``BadInput`` with examples.
        """
        typed = " ".join(short(text).replace(",", " ").split())
        if typed in _NEAR:
            return DayReading(today + timedelta(days=_NEAR[typed]))
        try:
            return DayReading(date.fromisoformat(typed))
        except ValueError:
            found = [*self._candidates(typed, today, ahead=ahead)]
        if not found:
            raise BadInput(_unreadable(text, today, ahead=ahead))
        fitting = [day for day in found if day >= today] if ahead else [day for day in found if day <= today]
        day, *others = dict.fromkeys([*(fitting or found)])
        return DayReading(day, others[0] if others else None)

    def _candidates(self, typed: str, today: date, *, ahead: bool) -> Iterator[date]:
        """Yield the possible meanings, most likely first."""
        if match := _NUMBERS.fullmatch(typed):
            yield from _numeric(match, today, ahead=ahead)
        elif (match := _WEEKDAY.fullmatch(typed)) and (number := _weekday(match[2])) is not None:
            yield from _days_of_week(number, match[1] or "", match[3] or "", today, ahead=ahead)
        elif match := _DAY_OF_MONTH.fullmatch(typed):
            yield from _day_of_month(int(match[1]), today, ahead=ahead)
        elif len(typed) <= MAX_PARSED and (day := self._parsed(typed, today, ahead=ahead)):
            yield day

    def _parsed(self, typed: str, today: date, *, ahead: bool) -> date | None:
        settings: dict[str, Any] = {
            "PREFER_DATES_FROM": "future" if ahead else "past",
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "REQUIRE_PARTS": ["day"],
            "PARSERS": ["relative-time", "absolute-time"],
            "DATE_ORDER": "MDY",
            "RETURN_AS_TIMEZONE_AWARE": False,
        }
        try:
            moment = self._parse(typed, languages=["en"], settings=settings)
        except (ValueError, OverflowError):
            return None  # a number beyond the calendar
        return moment.date() if moment else None


def _numeric(match: re.Match[str], today: date, *, ahead: bool) -> Iterator[date]:
    """Yield what two or three numbers mean: with dots the day is first, otherwise usually the month."""
    first, second = int(match[1]), int(match[3])
    orders = [(first, second)] if match[2] == "." else [(second, first), (first, second)]
    for day, month in orders:
        try:
            if match[4]:
                yield date(int(match[4]) + (2000 if len(match[4]) == 2 else 0), month, day)
            else:
                yield _nearest(lambda year, day=day, month=month: date(year, month, day), today, ahead=ahead)  # type: ignore[misc]
        except ValueError:
            continue  # there is no such day


def _nearest(in_year: Callable[[int], date], today: date, *, ahead: bool) -> date:
    """Return the nearest such day in the future or past. ``ValueError`` if no year nearby has it."""
    years = range(today.year, today.year + 5) if ahead else range(today.year, today.year - 5, -1)
    for year in years:
        try:
            day = in_year(year)
        except ValueError:
            continue  # February 29
        if day >= today if ahead else day <= today:
            return day
    raise ValueError("no such day")


def _weekday(word: str) -> int | None:
    numbers = [number for number, day in enumerate(DAYS) if day.lower().startswith(word)]
    return numbers[0] if len(numbers) == 1 else None


def _days_of_week(number: int, which: str, week: str, today: date, *, ahead: bool) -> Iterator[date]:
    """Yield the days that a weekday can mean. “Next Friday” is Friday of next week, or the coming one."""
    monday = today - timedelta(days=today.weekday())
    if week or which == "this":
        yield monday + timedelta(days=number) + {"last": -WEEK, "next": WEEK}.get(week, timedelta())
        return
    back = (today.weekday() - number) % 7
    if which in ("last", "past"):
        yield today - timedelta(days=back or 7)
    elif which == "next":
        yield monday + WEEK + timedelta(days=number)
        yield today + timedelta(days=-back % 7 or 7)
    elif ahead:
        yield today + timedelta(days=-back % 7)
    else:
        yield today - timedelta(days=back)


def _day_of_month(number: int, today: date, *, ahead: bool) -> Iterator[date]:
    for months in range(13):
        month = add_months(today.replace(day=1), months if ahead else -months)
        try:
            day = month.replace(day=number)
        except ValueError:
            continue  # the month is shorter
        if day >= today if ahead else day <= today:
            yield day
            return


def _unreadable(text: str, today: date, *, ahead: bool) -> str:
    shown = text.replace("`", "").strip()[:40]
    near = today + timedelta(days=45 if ahead else -2)
    examples = f"“in 3 weeks”, “next Friday”, “{near:%B} {near.day}”" if ahead else (
        f"“yesterday”, “last Saturday”, “{near:%B} {near.day}”"
    )  # fmt: skip
    return f"“{shown}” isn't a date I understand. Try {examples} or {near}."
