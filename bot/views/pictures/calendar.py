"""The picture of a learner's study days in the last 26 weeks, with their streak."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.study.home import CALENDAR_WEEKS, Home
from bot.views.layout import plural
from bot.views.pictures.canvas import (
    CONTENT_WIDTH,
    GREEN,
    MARGIN,
    MUTED,
    NUMBER,
    RIGHT,
    TEXT,
    TILE,
    TITLE,
    Canvas,
    DrawingCache,
)
from bot.views.pictures.text import BOLD
from bot.views.pictures.words import long_date

HEIGHT = 366
GRID_TOP, CELL, ROW_STEP = 148, 17, 20.5
COLUMN_STEP = (CONTENT_WIDTH - CELL) / (CALENDAR_WEEKS - 1)
LABEL_BASE = 326


@dataclass(frozen=True, slots=True)
class StudyCalendar:
    """``days`` are study days in ascending order; those of the last 26 weeks are shown. ``streak`` and ``best`` are in
    days, ``freezes`` are left.
    """

    today: date
    days: tuple[date, ...]
    streak: int
    best: int
    freezes: int

    @classmethod
    def of(cls, home: Home) -> "StudyCalendar":
        streak = home.streak
        return cls(home.today, tuple(sorted(home.days)), streak.days, streak.longest, streak.freezes)

    @property
    def first(self) -> date:
        """The Monday of the first week."""
        return self.today - timedelta(days=self.today.weekday(), weeks=CALENDAR_WEEKS - 1)

    @property
    def shown(self) -> frozenset[date]:
        return frozenset(day for day in self.days if self.first <= day <= self.today)


def draw(calendar: StudyCalendar, cache: DrawingCache) -> bytes:
    """Return a PNG, 600 pixels wide."""
    canvas = Canvas(HEIGHT, cache)
    shown = calendar.shown
    count, label = f"{len(shown):,}", "study day" if len(shown) == 1 else "study days"
    used = max(canvas.width_of(count, NUMBER, weight=BOLD), canvas.width_of(label)) + 24
    canvas.text(MARGIN, 70, _streak(calendar), TITLE, weight=BOLD, max_width=CONTENT_WIDTH - used)
    canvas.text(MARGIN, 110, _details(calendar), color=MUTED, max_width=CONTENT_WIDTH - used)
    canvas.text(RIGHT, 78, count, NUMBER, weight=BOLD, align=1)
    canvas.text(RIGHT, 117, label, color=MUTED, align=1)
    day = calendar.first
    while day <= calendar.today:
        week, weekday = divmod((day - calendar.first).days, 7)
        left, top = MARGIN + round(week * COLUMN_STEP), GRID_TOP + round(weekday * ROW_STEP)
        if day == calendar.today:
            canvas.tile(left - 3, top - 3, CELL + 6, CELL + 6, TEXT, radius=7)
        color = GREEN if day in shown else TILE
        canvas.tile(left, top, CELL, CELL, color, radius=4, on=TEXT if day == calendar.today else color)
        day += timedelta(days=1)
    _draw_months(canvas, calendar)
    return canvas.png()


def alt_text(calendar: StudyCalendar) -> str:
    """Say what the picture shows."""
    count = plural(len(calendar.shown), "study day")
    today = "Today is one." if calendar.today in calendar.shown else "Today isn't one yet."
    return f"{_streak(calendar)}. {_details(calendar)}. {count} since {long_date(calendar.first)}. {today}"


def _streak(calendar: StudyCalendar) -> str:
    return f"{calendar.streak:,}-day streak" if calendar.streak else "No streak yet"


def _details(calendar: StudyCalendar) -> str:
    freezes = plural(calendar.freezes, "streak freeze")
    return f"Best {plural(calendar.best, 'day')} · {freezes}" if calendar.best else freezes


def _draw_months(canvas: Canvas, calendar: StudyCalendar) -> None:
    """Write ``Today`` below the last week, and before it the name of each month below its first Monday."""
    end = RIGHT - canvas.text(RIGHT, LABEL_BASE, "Today", color=TEXT, align=1)
    free = 0
    for week in range(CALENDAR_WEEKS):
        monday = calendar.first + timedelta(weeks=week)
        left = MARGIN + round(week * COLUMN_STEP)
        name = f"{monday:%b}"
        if monday.day <= 7 and left >= free and left + canvas.width_of(name) + 16 <= end:
            free = left + canvas.text(left, LABEL_BASE, name, color=MUTED) + 16
