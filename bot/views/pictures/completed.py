"""The card that a member shares after completing a learning path."""

from dataclasses import dataclass
from datetime import date

from bot.core.course.badge import Badge
from bot.core.course.course import Path
from bot.views.layout import duration, plural
from bot.views.pictures.badges import badge_masks
from bot.views.pictures.canvas import (
    BACKGROUND,
    CONTENT_WIDTH,
    DONE,
    LABEL,
    MUTED,
    TEXT,
    TILE,
    TITLE,
    WIDTH,
    Canvas,
    DrawingCache,
)
from bot.views.pictures.glyphs import BADGE_COLORS
from bot.views.pictures.text import BOLD
from bot.views.pictures.words import UNNAMED, long_date, spoken_name

BADGE_SIZE, BADGE_TOP = 232, 36
TITLE_BASE, LINE_HEIGHT = 314, 42


@dataclass(frozen=True, slots=True)
class CompletionCard:
    """Who completed which path, and when. ``minutes`` are those of the path, 0 if unknown."""

    name: str
    code: str
    title: str
    badge: Badge
    modules: int
    minutes: int
    on: date

    @classmethod
    def of(cls, name: str, code: str, path: Path, on: date) -> "CompletionCard":
        return cls(name, code, path.title, path.badge, len(path.modules), path.length, on)


def draw(card: CompletionCard, cache: DrawingCache) -> bytes:
    """Return a PNG, 600 pixels wide."""
    return draw_achievement(cache, card.badge, card.title, "Completed by", card.name, _facts(card))


def draw_achievement(cache: DrawingCache, badge: Badge, title: str, by: str, name: str, facts: str) -> bytes:
    """Return the PNG of a badge with a check mark, what was achieved, ``by`` whom, and a line of facts."""
    middle = WIDTH // 2
    lines = Canvas(1, cache).lines_of(title, TITLE, weight=BOLD, most=3)
    base = TITLE_BASE + LINE_HEIGHT * len(lines)
    canvas = Canvas(base + 76, cache)
    _draw_badge(canvas, badge, middle - BADGE_SIZE // 2, BADGE_TOP)
    for number, line in enumerate(lines):
        top = TITLE_BASE + LINE_HEIGHT * number
        canvas.text(middle, top, line, TITLE, weight=BOLD, align=0.5, max_width=CONTENT_WIDTH)
    room = CONTENT_WIDTH - canvas.width_of(by) - 8
    name_width = min(room, canvas.width_of(name, weight=BOLD))
    left = middle - (canvas.width_of(by) + 8 + name_width) // 2
    left += canvas.text(left, base + 6, by, color=MUTED) + 8
    canvas.text(left, base + 6, name, LABEL, weight=BOLD, color=TEXT, max_width=room, fallback=UNNAMED)
    canvas.text(middle, base + 42, facts, color=MUTED, align=0.5, max_width=CONTENT_WIDTH)
    return canvas.png()


def alt_text(card: CompletionCard) -> str:
    """Say what the picture shows."""
    name = spoken_name(card.name)
    badge = "Its badge has a check mark."
    return f"{name} completed the learning path {card.title}. {_facts(card)}. {badge}"


def _facts(card: CompletionCard) -> str:
    time = duration(card.minutes) if card.minutes else plural(card.modules, "module") if card.modules else card.code
    return f"{time} · {long_date(card.on)}"


def _draw_badge(canvas: Canvas, badge: Badge, left: int, top: int) -> None:
    masks = badge_masks(badge.glyph, BADGE_SIZE)
    canvas.stamp(masks.inside, left, top, TILE)
    canvas.stamp(masks.border, left, top, BADGE_COLORS[badge.color])
    canvas.stamp(masks.glyph, left, top, (0xFF, 0xFF, 0xFF), TILE)
    canvas.stamp(masks.gap, left, top, BACKGROUND)
    canvas.stamp(masks.disk, left, top, DONE)
    canvas.stamp(masks.check, left, top, (0xFF, 0xFF, 0xFF), DONE)
