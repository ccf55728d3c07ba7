"""A sheet of paper to draw a picture on: five pairs of colours, text, bars, and the PNG of it all."""

import struct
from enum import Enum
from functools import lru_cache
from math import inf
from zlib import compress, crc32

from PIL import Image, ImageDraw

from bot.views.pictures.text import PAD, REGULAR, Lettering

LEVELS = 16
SHARPER = 4
"""Round shapes are drawn so many times larger and shrunk, for smooth edges."""


class Ramp(Enum):
    """From a ground to a colour in ``LEVELS`` steps. A soft edge is a number between the two, so a sheet is drawn in
    its palette from the start. Blue and orange are apart for all colour-blind readers (Okabe and Ito).
    """

    TEXT = (250, 251, 252), (27, 34, 44)
    LINE = (250, 251, 252), (216, 223, 231)
    BLUE = (250, 251, 252), (0, 114, 178)
    ORANGE = (250, 251, 252), (240, 165, 0)
    BAND = (12, 58, 94), (255, 255, 255)

    def at(self, strength: float = 1.0) -> int:
        """The palette's number for 0 (the ground) to 1 (the colour)."""
        return list(Ramp).index(self) * LEVELS + round(strength * (LEVELS - 1))

    @property
    def colours(self) -> bytes:
        """The palette's entries: red, green and blue of each step."""
        ground, colour = self.value
        steps = [step / (LEVELS - 1) for step in range(LEVELS)]
        return bytes(round(a + (b - a) * step) for step in steps for a, b in zip(ground, colour, strict=True))


class Brushes:
    """What all sheets share: the fonts and the round shapes. Not for two threads at once."""

    def __init__(self) -> None:
        self.lettering = Lettering()
        self.palette = b"".join(ramp.colours for ramp in Ramp)
        self.pill = lru_cache(16)(self._pill)

    def _pill(self, width: int, height: int, ramp: Ramp) -> Image.Image:
        """A whole bar with round ends in one colour."""
        shape = Image.new("L", (width * SHARPER, height * SHARPER))
        box = (0, 0, width * SHARPER - 1, height * SHARPER - 1)
        ImageDraw.Draw(shape).rounded_rectangle(box, radius=height * SHARPER // 2, fill=255)
        return shape.reduce(SHARPER).point([ramp.at(value / 255) for value in range(256)])


class Sheet:
    """An empty sheet of so many pixels. Positions are from the top left corner; a text stands on its base line."""

    def __init__(self, width: int, height: int, brushes: Brushes) -> None:
        self._image = Image.new("L", (width, height))
        self._pen = ImageDraw.Draw(self._image)
        self._brushes = brushes

    def text(
        self,
        x: int,
        base: int,
        text: str,
        size: int,
        *,
        weight: int = REGULAR,
        fill: int | None = None,
        room: float = inf,
        otherwise: str = "?",
        right: bool = False,
    ) -> int:
        """Write a line from ``x`` (or up to it, if ``right``), shortened to ``room`` pixels; its width comes back."""
        strip = self._brushes.lettering.strip(text, size, weight=weight, room=room, otherwise=otherwise)
        left = (x - strip.width if right else x) - PAD
        self._image.paste(Ramp.TEXT.at() if fill is None else fill, (left, base - strip.rise), strip.mask)
        return strip.width

    def block(self, left: int, top: int, width: int, height: int, fill: int) -> None:
        self._pen.rectangle((left, top, left + width - 1, top + height - 1), fill=fill)

    def bar(self, left: int, top: int, width: int, height: int, *parts: tuple[Ramp, int]) -> None:
        """A bar with round ends of parts side by side: a colour and the pixel, counted from the left, where it ends."""
        start = 0
        for ramp, end in parts:
            if end > start:
                piece = self._brushes.pill(width, height, ramp).crop((start, 0, end, height))
                self._image.paste(piece, (left + start, top))
                start = end

    def mark(self, right: int, top: int, height: int) -> None:
        """An upright line that ends at ``right``, taller than the bar that it stands on, with a gap before it."""
        self.block(right - 7, top, 3, height, Ramp.TEXT.at(0))
        self.block(right - 4, top - 5, 4, height + 10, Ramp.TEXT.at())

    def png(self) -> bytes:
        """The file. Unlike Pillow's encoder, zlib lets other threads run while it compresses."""
        width, height = self._image.size
        rows = Image.new("L", (width + 1, height))  # each row of a PNG starts with a zero: "as it is"
        rows.paste(self._image, (1, 0))
        parts = (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", self._brushes.palette),
            (b"IDAT", compress(rows.tobytes(), 4)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data)) for kind, data in parts
        )
