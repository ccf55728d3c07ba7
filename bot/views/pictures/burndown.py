"""The picture of a plan: what is left to study, as planned and as it is, until the exam."""

from bot.core.plan.burndown import Burndown, Points
from bot.views.layout import duration
from bot.views.pictures.canvas import (
    BACKGROUND,
    BLUE,
    CONTENT_WIDTH,
    GREEN,
    MARGIN,
    MUTED,
    NUMBER,
    ORANGE,
    RIGHT,
    TEXT,
    TITLE,
    TRACK,
    Canvas,
    Color,
    DrawingCache,
)
from bot.views.pictures.shapes import Point
from bot.views.pictures.text import BOLD
from bot.views.pictures.words import long_date, short_date

HEIGHT = 424
TOP, BOTTOM = 152, 354
LABEL_BASE = 386
EXAM_WIDTH, CHART_RIGHT = 5, RIGHT - 36
"""The chart ends before the right margin, so that the word below the exam's line has space on both sides."""
REVIEW: Color = (0x27, 0x31, 0x50)
PLANNED: Color = (0x8C, 0x91, 0x99)


def draw(data: Burndown, cache: DrawingCache) -> bytes:
    """Return a PNG, 600 pixels wide."""
    canvas = Canvas(HEIGHT, cache)
    left = duration(data.left)
    used = canvas.width_of(left, NUMBER, weight=BOLD) + 24
    canvas.text(RIGHT, 78, left, NUMBER, weight=BOLD, align=1)
    canvas.text(RIGHT, 117, "left", color=MUTED, align=1)
    title = _title(data)
    if canvas.width_of(title, TITLE, weight=BOLD) > CONTENT_WIDTH - used:
        title = f"Exam {short_date(data.exam)}"
    canvas.text(MARGIN, 70, title, TITLE, weight=BOLD, max_width=CONTENT_WIDTH - used)
    track, color = _track(data)
    canvas.row(MARGIN, 110, (f"{track} ·", color), (_pace(data), MUTED), max_width=CONTENT_WIDTH - 64)
    _draw_chart(canvas, data)
    _draw_days(canvas, data)
    return canvas.png()


def alt_text(data: Burndown) -> str:
    """Say what the picture shows."""
    planned = [left for day, left in data.planned if day <= data.today][-1:]
    due = f" The plan has {duration(planned[0])} left today." if planned and data.start <= data.today else ""
    review = f" Review days from {long_date(data.review)}." if data.review else ""
    return (
        f"{_title(data)}; today is {long_date(data.today)}. {_track(data)[0]}, {_pace(data)} since "
        f"{long_date(data.start)}. {duration(data.left)} left.{due}{review}"
    )


def _title(data: Burndown) -> str:
    return f"Exam on {data.exam:%B} {data.exam.day}"


def _track(data: Burndown) -> tuple[str, Color]:
    return ("On track", GREEN) if data.on_track else ("Behind", ORANGE)


def _pace(data: Burndown) -> str:
    return f"{duration(data.pace)} a week"


def _x(data: Burndown, day: int) -> float:
    """The position of the end of a day, from the evening before the start to the evening before the exam."""
    first, last = data.start.toordinal() - 1, max(data.start.toordinal(), data.exam.toordinal() - 1)
    return MARGIN + (CHART_RIGHT - MARGIN) * min(1.0, (day - first) / (last - first))


def _draw_chart(canvas: Canvas, data: Burndown) -> None:
    highest = max(1, *(left for _, left in (*data.planned, *data.actual)))

    def line(points: Points) -> list[Point]:
        return [
            (_x(data, day.toordinal()), BOTTOM - 4 - (BOTTOM - TOP - 12) * max(0, left) / highest)
            for day, left in points
        ]

    if data.review:
        start = round(_x(data, data.review.toordinal() - 1))
        canvas.rectangle(start, TOP - 8, CHART_RIGHT - start, BOTTOM - TOP + 8, REVIEW)
        if CHART_RIGHT - start > canvas.width_of("review") + 2:
            canvas.text((start + CHART_RIGHT) // 2, TOP + 22, "review", color=MUTED, on=REVIEW, align=0.5)
    canvas.rectangle(MARGIN, BOTTOM, CONTENT_WIDTH, 4, TRACK)
    planned, actual = line(data.planned), line(data.actual)
    if len(planned) > 1:
        canvas.line(planned, 4, PLANNED, dashed=True)
    if len(actual) > 1:
        canvas.line(actual, 8, BLUE)
    x, y = (round(number) for number in actual[-1])
    canvas.disk(x, y, 13, BACKGROUND)
    canvas.disk(x, y, 9, BLUE)
    canvas.rectangle(CHART_RIGHT, TOP - 8, EXAM_WIDTH, BOTTOM - TOP + 12, ORANGE)


def _draw_days(canvas: Canvas, data: Burndown) -> None:
    """Label the start, today and the exam; leave out what would overlap."""
    width = canvas.text(RIGHT, LABEL_BASE, "exam", color=ORANGE, align=1)
    if not data.start <= data.today < data.exam:
        canvas.text(MARGIN, LABEL_BASE, short_date(data.start), color=MUTED)
        return
    half = canvas.width_of("today", weight=BOLD) // 2
    at = round(_x(data, data.today.toordinal()))
    at = min(max(at, MARGIN + half), RIGHT - width - 16 - half)
    canvas.text(at, LABEL_BASE, "today", weight=BOLD, color=TEXT, align=0.5)
    start = short_date(data.start)
    if MARGIN + canvas.width_of(start) + 16 < at - half:
        canvas.text(MARGIN, LABEL_BASE, start, color=MUTED)
