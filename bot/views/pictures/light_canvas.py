"""The light canvas of the weekly digest's picture."""

import struct
from enum import Enum
from functools import lru_cache
from math import inf
from zlib import compress, crc32

from PIL import Image, ImageDraw

from bot.views.pictures.text import PADDING, REGULAR, TextRenderer

LEVELS = 16
"""Steps of each color ramp in the palette."""
SUPERSAMPLING = 4
"""Factor by which round shapes are drawn larger and then reduced, for antialiasing."""


class ColorRamp(Enum):
    """A gradient from a background to a color in ``LEVELS`` palette entries.

    Pixels are palette indices from the start, so that antialiased edges need no conversion. Blue and orange can be told
    apart by color-blind readers (palette of Okabe and Ito).
    """

    TEXT = (250, 251, 252), (27, 34, 44)
    LINE = (250, 251, 252), (216, 223, 231)
    BLUE = (250, 251, 252), (0, 114, 178)
    ORANGE = (250, 251, 252), (240, 165, 0)
    HEADER = (12, 58, 94), (255, 255, 255)

    def index(self, strength: float = 1.0) -> int:
        """Return the palette index for a strength from 0 (background) to 1 (color)."""
        return list(ColorRamp).index(self) * LEVELS + round(strength * (LEVELS - 1))

    @property
    def palette_entries(self) -> bytes:
        """Red, green and blue of each step."""
        backbackground, color = self.value
        steps = [step / (LEVELS - 1) for step in range(LEVELS)]
        return bytes(round(a + (b - a) * step) for step in steps for a, b in zip(backbackground, color, strict=True))


class DrawingCache:
    """Fonts, palette and rounded bars shared by all canvases. Not thread-safe."""

    def __init__(self) -> None:
        self.text_renderer = TextRenderer()
        self.palette = b"".join(ramp.palette_entries for ramp in ColorRamp)
        self.rounded_bar = lru_cache(16)(self._draw_rounded_bar)

    def _draw_rounded_bar(self, width: int, height: int, ramp: ColorRamp) -> Image.Image:
        """Draw a full-length bar with rounded ends in one color."""
        shape = Image.new("L", (width * SUPERSAMPLING, height * SUPERSAMPLING))
        box = (0, 0, width * SUPERSAMPLING - 1, height * SUPERSAMPLING - 1)
        ImageDraw.Draw(shape).rounded_rectangle(box, radius=height * SUPERSAMPLING // 2, fill=255)
        return shape.reduce(SUPERSAMPLING).point([ramp.index(value / 255) for value in range(256)])


class Canvas:
    """An image of ``width`` by ``height`` pixels. Coordinates start at the top left corner; text is placed by its
    baseline.
    """

    def __init__(self, width: int, height: int, cache: DrawingCache) -> None:
        self._image = Image.new("L", (width, height))
        self._draw = ImageDraw.Draw(self._image)
        self._cache = cache

    def text(
        self,
        x: int,
        base: int,
        text: str,
        size: int,
        *,
        weight: int = REGULAR,
        fill: int | None = None,
        max_width: float = inf,
        fallback: str = "?",
        right: bool = False,
    ) -> int:
        """Draw a line of text that starts at ``x``, or ends there if ``right``. Truncate it to ``max_width`` pixels.
        Return its width.
        """
        line = self._cache.text_renderer.render(text, size, weight=weight, max_width=max_width, fallback=fallback)
        left = (x - line.width if right else x) - PADDING
        self._image.paste(ColorRamp.TEXT.index() if fill is None else fill, (left, base - line.ascent), line.mask)
        return line.width

    def rectangle(self, left: int, top: int, width: int, height: int, fill: int) -> None:
        self._draw.rectangle((left, top, left + width - 1, top + height - 1), fill=fill)

    def bar(self, left: int, top: int, width: int, height: int, *parts: tuple[ColorRamp, int]) -> None:
        """Draw a rounded bar of adjacent parts, each given as a color and the x offset where it ends."""
        start = 0
        for ramp, end in parts:
            if end > start:
                piece = self._cache.rounded_bar(width, height, ramp).crop((start, 0, end, height))
                self._image.paste(piece, (left + start, top))
                start = end

    def marker(self, right: int, top: int, height: int) -> None:
        """Draw a vertical marker that ends at ``right`` and is taller than its bar, with a gap to its left."""
        self.rectangle(right - 7, top, 3, height, ColorRamp.TEXT.index(0))
        self.rectangle(right - 4, top - 5, 4, height + 10, ColorRamp.TEXT.index())

    def png(self) -> bytes:
        """Return the PNG file. Unlike Pillow's encoder, zlib releases the GIL while it compresses."""
        width, height = self._image.size
        rows = Image.new("L", (width + 1, height))  # each row of a PNG starts with its filter type, 0 for none
        rows.paste(self._image, (1, 0))
        parts = (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", self._cache.palette),
            (b"IDAT", compress(rows.tobytes(), 4)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data)) for kind, data in parts
        )
