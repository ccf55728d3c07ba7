"""The picture of a learner's home: where they stand today."""

from dataclasses import dataclass

from bot.core.plan.plan import Standing
from bot.study.home import Home
from bot.views.layout import plural
from bot.views.pictures.canvas import (
    BLUE,
    CONTENT_WIDTH,
    GREEN,
    LABEL,
    MARGIN,
    MUTED,
    NUMBER,
    ORANGE,
    RIGHT,
    TILE,
    TITLE,
    Canvas,
    Color,
    DrawingCache,
)
from bot.views.pictures.text import BOLD
from bot.views.pictures.words import DAY_LETTERS, DAY_NAMES, about, listed

HEIGHT = 448
RING_X, RING_Y, RING_RADIUS = 502, 98, 63
TILE_TOP, TILE_WIDTH, TILE_HEIGHT = 190, 261, 120
DAYS_Y, DAY_STEP, DAY_RADIUS = 376, 58, 22
NO_EXAM = "No exam date yet"


@dataclass(frozen=True, slots=True)
class HomeCard:
    """``exam_in`` is in days, None without a date. ``on_track`` and ``planned`` (minutes) are None without a plan.

    ``week`` are the study days from Monday, ``today`` is the number of today's weekday, ``left`` the minutes left.
    """

    code: str
    percent: int
    left: int
    exam_in: int | None
    on_track: bool | None
    due: int
    planned: int | None
    week: tuple[bool, ...]
    today: int
    streak: int

    @classmethod
    def of(cls, home: Home) -> "HomeCard":
        whole, plan = home.progress.whole, home.plan.plan if home.plan else None
        running = plan is not None and plan.standing not in (Standing.PASSED, Standing.TODAY)
        return cls(
            code=home.course.code,
            percent=whole.percent,
            left=whole.minutes_left,
            exam_in=home.exam_in,
            on_track=plan.standing is not Standing.SHORT if plan and running else None,
            due=home.due,
            planned=home.planned_today if running else None,
            week=home.week,
            today=home.today.weekday(),
            streak=home.streak.days,
        )


def draw(card: HomeCard, cache: DrawingCache) -> bytes:
    """Return a PNG, 600 pixels wide."""
    canvas = Canvas(HEIGHT, cache)
    width = RING_X - RING_RADIUS - 16 - MARGIN
    canvas.text(MARGIN, 90, card.code, TITLE, weight=BOLD, max_width=width)
    track = _track(card)
    parts: list[tuple[str, Color]] = [(_exam(card) + (" ·" if track else ""), MUTED)]
    if track:
        parts.append((track, GREEN if card.on_track else ORANGE))
    canvas.row(MARGIN, 130, *parts, max_width=width)
    canvas.ring(RING_X, RING_Y, RING_RADIUS, card.percent, color=GREEN if card.percent == 100 else BLUE)
    size = TITLE if card.percent < 100 else LABEL
    canvas.text(RING_X, RING_Y + round(0.36 * size), f"{card.percent}%", size, weight=BOLD, align=0.5)
    for left, (number, label) in zip((MARGIN, RIGHT - TILE_WIDTH), _tiles(card), strict=True):
        room = TILE_WIDTH - 40
        canvas.tile(left, TILE_TOP, TILE_WIDTH, TILE_HEIGHT)
        canvas.text(left + 20, TILE_TOP + 60, number, NUMBER, weight=BOLD, on=TILE, max_width=room)
        canvas.text(left + 20, TILE_TOP + 94, label, color=MUTED, on=TILE, max_width=room)
    for day, (letter, done) in enumerate(zip(DAY_LETTERS, card.week, strict=True)):
        x = MARGIN + DAY_RADIUS + day * DAY_STEP
        canvas.dot(x, DAYS_Y, letter, filled=done, ringed=day == card.today, radius=DAY_RADIUS)
    room = CONTENT_WIDTH - 7 * DAY_STEP
    streak = plural(card.streak, "day")
    if canvas.width_of(streak, TITLE, weight=BOLD) > room:
        streak = f"{card.streak:,}"
    canvas.text(RIGHT, DAYS_Y - 4, streak, TITLE, weight=BOLD, align=1, max_width=room)
    canvas.text(RIGHT, DAYS_Y + 32, "streak", LABEL, color=MUTED, align=1)
    return canvas.png()


def alt_text(card: HomeCard) -> str:
    """Say what the picture shows."""
    track = _track(card)
    days = [name for name, done in zip(DAY_NAMES, card.week, strict=True) if done]
    return " ".join(
        (
            f"{card.code}: {card.percent}% complete.",
            f"{_exam(card)}{f', {track}' if track else ''}.",
            *(f"{number} {label}." for number, label in _tiles(card)),
            f"Today is {DAY_NAMES[card.today]}; study days this week: {listed(days) or 'none yet'}.",
            f"Streak: {plural(card.streak, 'day')}.",
        )
    )


def _exam(card: HomeCard) -> str:
    if card.exam_in is None:
        return NO_EXAM
    return {0: "Exam today", 1: "Exam tomorrow"}.get(card.exam_in, f"Exam in {card.exam_in:,} days")


def _track(card: HomeCard) -> str:
    return "" if card.on_track is None else "on track" if card.on_track else "behind"


def _tiles(card: HomeCard) -> tuple[tuple[str, str], tuple[str, str]]:
    """Number and label of each tile."""
    due = f"{card.due:,}", "question due" if card.due == 1 else "questions due"
    if card.planned:
        return due, (about(card.planned), "planned today")
    return due, (about(card.left), "left")
