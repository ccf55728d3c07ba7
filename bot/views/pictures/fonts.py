"""Font files and the characters that they have: Noto, from the packages ``manimgx-fonts`` and ``manimgx-fonts-cjk``."""

import struct
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path

from PIL import ImageFont

JOINED = (
    *("Arabic", "Devanagari", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Oriya", "Sinhala", "Tamil"),
    *("Telugu", "Khmer", "Myanmar"),
)
"""Scripts in which U+200C and U+200D choose the form of a letter."""
SINGLE = ("Armenian", "Ethiopic", "Georgian", "Hebrew", "Lao", "Thai")
LEFTWARDS = ("Arabic", "Hebrew")


class Face:
    """A font file. ``char in face`` tells whether it has a character; the file is read when first asked."""

    def __init__(self, file: Path, *, rtl: bool = False, joined: bool = False, languages: bool = False) -> None:
        """``languages`` for a collection of one font a language: Japanese, Korean, Chinese."""
        self.file = file
        self.rtl = rtl
        self.joined = joined
        self.languages = languages

    def load(
        self, size: int, weight: int, *, language: int = 0, layout: ImageFont.Layout | None = None
    ) -> ImageFont.FreeTypeFont:
        """The font in a size (pixels), a weight (400 or 600) and, where the file has several, a language."""
        index = language if self.languages else 0
        font = ImageFont.truetype(self.file, size, index=index, layout_engine=layout)
        font.set_variation_by_axes([weight])
        return font

    def __contains__(self, char: str) -> bool:
        starts, ends = self._spans
        at = bisect_right(starts, ord(char)) - 1
        return at >= 0 and ord(char) <= ends[at]

    @cached_property
    def _spans(self) -> tuple[Sequence[int], Sequence[int]]:
        """First and last code points of the spans in the font's ``cmap`` table (OpenType, formats 12 and 4)."""
        with self.file.open("rb") as font:
            if font.read(4) == b"ttcf":
                font.seek(12)
                font.seek(int.from_bytes(font.read(4), "big") + 4)
            (count,) = struct.unpack(">H6x", font.read(8))
            tables = {tag: (at, size) for tag, at, size in struct.iter_unpack(">4s4xII", font.read(16 * count))}
            at, size = tables[b"cmap"]
            font.seek(at)
            cmap = font.read(size)
        (count,) = struct.unpack_from(">2xH", cmap)
        offsets = (offset for (offset,) in struct.iter_unpack(">4xI", cmap[4 : 4 + 8 * count]))
        formats = {struct.unpack_from(">H", cmap, offset)[0]: offset for offset in offsets}
        if 12 in formats:
            at = formats[12] + 16
            (count,) = struct.unpack_from(">I", cmap, at - 4)
            numbers = struct.unpack_from(f">{3 * count}I", cmap, at)
            return numbers[::3], numbers[1::3]
        at = formats[4] + 14
        (size,) = struct.unpack_from(">H", cmap, at - 8)
        ends = struct.unpack_from(f">{size // 2}H", cmap, at)
        return struct.unpack_from(f">{size // 2}H", cmap, at + size + 2)[:-1], ends[:-1]


def text_faces() -> list[Face]:
    """All fonts in the order in which they are asked for a letter, less those of a package that is missing."""
    faces = [_noto("Sans")]
    faces += [_noto(f"Sans{script}", rtl=script in LEFTWARDS) for script in SINGLE]
    faces += [_noto(f"Sans{script}", rtl=script in LEFTWARDS, joined=True) for script in JOINED]
    faces.append(_noto("SansSymbols"))
    try:
        cjk = resources.files("manimgx_fonts_cjk")
    except ModuleNotFoundError:
        return faces
    return [*faces, Face(Path(str(cjk)) / "NotoSansCJK-VF.otf.ttc", languages=True)]


def emoji_face() -> Face:
    return _noto("Emoji")


def _noto(name: str, *, rtl: bool = False, joined: bool = False) -> Face:
    fonts = Path(str(resources.files("manimgx_fonts")))
    return Face(fonts / f"Noto{name}[wght].ttf", rtl=rtl, joined=joined)
