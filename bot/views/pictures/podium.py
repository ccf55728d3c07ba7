"""The picture at the end of a quiz: up to three players on a podium."""

from dataclasses import dataclass

from bot.views.layout import plural
from bot.views.pictures.canvas import (
    BLUE,
    CONTENT_WIDTH,
    LABEL,
    MARGIN,
    MUTED,
    ORANGE,
    RIGHT,
    TILE,
    TITLE,
    Canvas,
    Color,
    DrawingCache,
)
from bot.views.pictures.text import BOLD
from bot.views.pictures.words import UNNAMED, spoken_name

MAX_PLACES = 3
FLOOR, HEIGHTS = 408, (220, 172, 136)
"""The bottom of the steps, and their heights by place."""
GAP = 12
COLUMN = (CONTENT_WIDTH - 2 * GAP) // MAX_PLACES
COLORS: tuple[Color, ...] = (ORANGE, (0xB5, 0xBA, 0xC1), (0xC0, 0x7B, 0x50))
ORDER = (1, 0, 2)
"""The player in each column: the winner in the middle."""


@dataclass(frozen=True, slots=True)
class PlacedPlayer:
    """A player's place from 1, name and correct answers. Players with equally many share a place."""

    place: int
    name: str
    correct: int


@dataclass(frozen=True, slots=True)
class Podium:
    """The best players in order, at most three of ``players``; ``questions`` is how many were asked."""

    title: str
    best: tuple[PlacedPlayer, ...]
    players: int
    questions: int


def draw(podium: Podium, cache: DrawingCache) -> bytes:
    """Return a PNG, 600 pixels wide."""
    best, more = podium.best[:MAX_PLACES], _more(podium)
    canvas = Canvas(FLOOR + (60 if more else 28), cache)
    count = plural(podium.questions, "question")
    room = CONTENT_WIDTH - canvas.text(RIGHT, 70, count, color=MUTED, align=1) - 24
    canvas.text(MARGIN, 70, podium.title, TITLE, weight=BOLD, max_width=room)
    for column, number in enumerate(ORDER):
        if number < len(best):
            _draw_player(canvas, best[number], podium.questions, MARGIN + column * (COLUMN + GAP))
    canvas.rectangle(MARGIN, FLOOR, CONTENT_WIDTH, 4, BLUE)
    if more:
        canvas.text(MARGIN + CONTENT_WIDTH // 2, FLOOR + 38, more, color=MUTED, align=0.5)
    return canvas.png()


def alt_text(podium: Podium) -> str:
    """Say what the picture shows."""
    places = [f"{each.place}. {spoken_name(each.name)}, {_correct(each, podium)}" for each in podium.best[:MAX_PLACES]]
    more = [_more(podium).capitalize()] if _more(podium) else []
    return ". ".join([f"{podium.title}: {plural(podium.questions, 'question')}", *places, *more]) + "."


def _more(podium: Podium) -> str:
    more = podium.players - len(podium.best[:MAX_PLACES])
    return f"and {plural(more, 'more player')}" if more > 0 else ""


def _correct(player: PlacedPlayer, podium: Podium) -> str:
    return f"{player.correct} of {podium.questions} correct"


def _draw_player(canvas: Canvas, player: PlacedPlayer, questions: int, left: int) -> None:
    """Draw a step with the place and the correct answers on it, and the name above it."""
    step = min(player.place, MAX_PLACES) - 1
    top, middle = FLOOR - HEIGHTS[step], left + COLUMN // 2
    canvas.text(
        middle, top - 14, player.name, LABEL, weight=BOLD, align=0.5, max_width=COLUMN, fallback=UNNAMED
    )  # fmt: skip
    canvas.tile(left, top, COLUMN, FLOOR - top)
    canvas.disk(middle, top + 46, 28, COLORS[step], TILE)
    canvas.text(middle, top + 58, str(player.place), TITLE, weight=BOLD, color=TILE, on=COLORS[step], align=0.5)
    score = f"{player.correct} of {questions}"
    canvas.text(middle, top + 112, score, TITLE, weight=BOLD, on=TILE, align=0.5, max_width=COLUMN - 8)
