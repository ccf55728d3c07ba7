"""The canvas of all pictures: text, tiles, bars, rings, dots and lines on a dark background, and the PNG encoder.

Pixels are palette indices from the start: antialiased edges need no conversion, and the files stay small. A ramp is
``LEVELS`` palette entries from the color behind a shape to the color of the shape; a picture has at most ``MAX_RAMPS``.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache
from math import inf
from zlib import compress, crc32

from PIL import Image, ImageDraw

from bot.views.pictures.shapes import Point, dashes, paint_line, ring, rounded, shape
from bot.views.pictures.text import PADDING, REGULAR, TextRenderer

WIDTH = 600
MARGIN = 32
RIGHT = WIDTH - MARGIN
CONTENT_WIDTH = RIGHT - MARGIN
LABEL, TITLE, NUMBER, HERO = 24, 34, 44, 76
"""Sizes of type in pixels. Nothing is smaller than a label, so that it can be read on a phone."""
BAR_HEIGHT, TILE_RADIUS = 18, 16

Color = tuple[int, int, int]

BACKGROUND: Color = (0x1E, 0x1F, 0x22)
TILE: Color = (0x2B, 0x2D, 0x31)
TRACK: Color = (0x35, 0x37, 0x3C)
TEXT: Color = (0xF2, 0xF3, 0xF5)
MUTED: Color = (0xB5, 0xBA, 0xC1)
BLUE: Color = (0x4F, 0x6B, 0xED)
GREEN: Color = (0x3F, 0xBF, 0x7F)
DONE: Color = (0x2E, 0x9E, 0x5B)
ORANGE: Color = (0xF0, 0xA0, 0x20)

LEVELS, MAX_RAMPS = 16, 16
_VISIBLE = [255 if round(value * (LEVELS - 1) / 255) else 0 for value in range(256)]


@lru_cache(MAX_RAMPS)
def _levels(start: int) -> list[int]:
    """Map a mask to palette indices of the ramp that begins at ``start``."""
    return [start + round(value * (LEVELS - 1) / 255) for value in range(256)]


class DrawingCache:
    """Fonts and shapes that all canvases share. Not thread-safe."""

    def __init__(self) -> None:
        self.text_renderer = TextRenderer()
        self.rounded = lru_cache(256)(rounded)
        self.ring = lru_cache(64)(ring)


class Canvas:
    """An image of ``height`` pixels. Coordinates start at the top left corner; text is placed by its baseline.

    ``on`` is the color behind a shape, which its edges are blended with.
    """

    def __init__(self, height: int, cache: DrawingCache, *, width: int = WIDTH) -> None:
        self._image = Image.new("L", (width, height))
        self._cache = cache
        self._ramps: dict[tuple[Color, Color], int] = {}
        self._ramp(BACKGROUND, TEXT)  # index 0 is the background

    def _ramp(self, on: Color, color: Color) -> int:
        """Return the first palette index of a ramp, which is added if it is new."""
        if len(self._ramps) == MAX_RAMPS and (on, color) not in self._ramps:
            raise ValueError(f"a picture has at most {MAX_RAMPS} combinations of colors")
        return self._ramps.setdefault((on, color), len(self._ramps) * LEVELS)

    def stamp(self, mask: Image.Image, left: int, top: int, color: Color, on: Color = BACKGROUND) -> None:
        """Draw a mask (0 to 255) in a color."""
        start = self._ramp(on, color)
        levels = mask.point(_levels(start))
        self._image.paste(levels, (left, top), mask.point(_VISIBLE))

    def text(
        self,
        x: int,
        base: int,
        text: str,
        size: int = LABEL,
        *,
        weight: int = REGULAR,
        color: Color = TEXT,
        on: Color = BACKGROUND,
        max_width: float = inf,
        fallback: str = "?",
        align: float = 0.0,
    ) -> int:
        """Draw a line of text that starts at ``x``; with ``align`` 0.5 it is centered there, with 1 it ends there.

        It is truncated to ``max_width`` pixels. Returns its width.
        """
        line = self._cache.text_renderer.render(text, size, weight=weight, max_width=max_width, fallback=fallback)
        self.stamp(line.mask, x - round(line.width * align) - PADDING, base - line.ascent, color, on)
        return line.width

    def row(self, x: int, base: int, *parts: tuple[str, Color], size: int = LABEL, max_width: float = inf) -> int:
        """Draw texts of several colors on one line, with a space between them. Returns its width."""
        width = 0
        for text, color in parts:
            gap = size // 4 if width else 0
            if width + gap + size < max_width:
                width += gap
                width += self.text(x + width, base, text, size, color=color, max_width=max_width - width)
        return width

    def width_of(self, text: str, size: int = LABEL, *, weight: int = REGULAR) -> int:
        """Return the width of a line of text in pixels."""
        return self._cache.text_renderer.render(text, size, weight=weight).width

    def lines_of(self, text: str, size: int, *, weight: int = REGULAR, width: int = CONTENT_WIDTH, most: int = 2) -> list[str]:  # fmt: skip  # noqa: E501
        """Break a text into at most ``most`` lines at its spaces; the last line may be too long."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and (len(lines) == most or self.width_of(longer, size, weight=weight) <= width):
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def rectangle(self, left: int, top: int, width: int, height: int, color: Color) -> None:
        """Fill a rectangle with sharp corners."""
        index = self._ramp(BACKGROUND, color) + LEVELS - 1
        self._image.paste(index, (left, top, left + width, top + height))

    def tile(
        self, left: int, top: int, width: int, height: int, color: Color = TILE, *, radius: int = TILE_RADIUS,
        on: Color = BACKGROUND,
    ) -> None:  # fmt: skip
        """Draw a rectangle with round corners."""
        self.stamp(self._cache.rounded(width, height, radius), left, top, color, on)

    def bar(
        self, left: int, top: int, width: int, *parts: tuple[Color, int], height: int = BAR_HEIGHT, track: Color = TRACK
    ) -> None:
        """Draw a bar with round ends. Each part is a color and the x offset where it ends, in ascending order.

        What is filled is at least as wide as high, so that little is not mistaken for nothing.
        """
        self.tile(left, top, width, height, track, radius=height // 2)
        filled = min(width, max((end for _, end in parts), default=0))
        if filled <= 0:
            return
        mask = self._cache.rounded(max(filled, height), height, height // 2)
        start = 0
        for number, (color, stop) in enumerate(parts):
            end = mask.width if number == len(parts) - 1 else min(stop, mask.width)
            if end > start:
                self.stamp(mask.crop((start, 0, end, height)), left + start, top, color, track)
                start = end

    def ring(
        self, x: int, y: int, radius: int, percent: int, *, thickness: int = BAR_HEIGHT, color: Color = BLUE,
        track: Color = TRACK, on: Color = BACKGROUND,
    ) -> None:  # fmt: skip
        """Draw a ring around a center; ``percent`` of it, from the top clockwise, is filled."""
        left, top = x - radius, y - radius
        self.stamp(self._cache.ring(2 * radius, thickness, 100), left, top, track, on)
        if percent > 0:
            self.stamp(self._cache.ring(2 * radius, thickness, percent), left, top, color, track)

    def disk(self, x: int, y: int, radius: int, color: Color, on: Color = BACKGROUND) -> None:
        self.tile(x - radius, y - radius, 2 * radius, 2 * radius, color, radius=radius, on=on)

    def dot(self, x: int, y: int, letter: str, *, filled: bool, ringed: bool = False, radius: int = 22) -> None:
        """Draw a day: a disk with a letter, filled if something was done, with a ring for today."""
        color = DONE if filled else TRACK
        if ringed:
            self.stamp(self._cache.ring(2 * radius + 12, 3, 100), x - radius - 6, y - radius - 6, BLUE)
        self.disk(x, y, radius, color)
        self.text(x, y + 9, letter, LABEL, color=TEXT if filled else MUTED, on=color, align=0.5)

    def line(self, points: Sequence[Point], width: int, color: Color, on: Color = BACKGROUND, *, dashed: bool = False) -> None:  # fmt: skip  # noqa: E501
        """Draw a line through points, with round joints and ends; dashes are twice as long as the gaps are wide."""
        left, top = (round(min(each[axis] for each in points)) - width for axis in (0, 1))
        right, bottom = (round(max(each[axis] for each in points)) + width for axis in (0, 1))

        def paint(draw: ImageDraw.ImageDraw, scale: int) -> None:
            moved = [((x - left) * scale, (y - top) * scale) for x, y in points]
            for part in dashes(moved, 2.0 * width * scale) if dashed else [moved]:
                paint_line(draw, part, width * scale)

        self.stamp(shape(right - left, bottom - top, paint), left, top, color, on)

    def png(self) -> bytes:
        """Return the PNG file. Unlike Pillow's encoder, zlib releases the GIL while it compresses."""
        width, height = self._image.size
        rows = Image.new("L", (width + 1, height))  # each row of a PNG starts with its filter type, 0 for none
        rows.paste(self._image, (1, 0))
        parts = (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", b"".join(_ramp_entries(*ramp) for ramp in self._ramps)),
            (b"IDAT", compress(rows.tobytes(), 6)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data)) for kind, data in parts
        )


def _ramp_entries(on: Color, color: Color) -> bytes:
    """Red, green and blue of each step from one color to another."""
    steps = [step / (LEVELS - 1) for step in range(LEVELS)]
    return bytes(round(a + (b - a) * step) for step in steps for a, b in zip(on, color, strict=True))
