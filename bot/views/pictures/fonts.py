"""Noto font files and their character coverage, from the packages ``manimgx-fonts`` and ``manimgx-fonts-cjk``."""

import struct
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path

from PIL import ImageFont

JOINER_SCRIPTS = (
    *("Arabic", "Devanagari", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Oriya", "Sinhala", "Tamil"),
    *("Telugu", "Khmer", "Myanmar"),
)
"""Scripts in which U+200C and U+200D select the form of a letter."""
OTHER_SCRIPTS = ("Armenian", "Ethiopic", "Georgian", "Hebrew", "Lao", "Thai")
RTL_SCRIPTS = ("Arabic", "Hebrew")


class FontFile:
    """A font file, read on first use. ``char in font_file`` tells whether it has a glyph for a character."""

    def __init__(
        self, file: Path, *, rtl: bool = False, uses_joiners: bool = False, has_languages: bool = False
    ) -> None:
        """Set ``has_languages`` for a collection with one font per language: Japanese, Korean, Chinese."""
        self.file = file
        self.rtl = rtl
        self.uses_joiners = uses_joiners
        self.has_languages = has_languages

    def load(
        self, size: int, weight: int, *, language: int = 0, layout: ImageFont.Layout | None = None
    ) -> ImageFont.FreeTypeFont:
        """Load the font at a size (pixels) and a weight (400 or 600), and for a language if the file has several."""
        index = language if self.has_languages else 0
        font = ImageFont.truetype(self.file, size, index=index, layout_engine=layout)
        font.set_variation_by_axes([weight])
        return font

    def __contains__(self, char: str) -> bool:
        starts, ends = self._code_point_ranges
        index = bisect_right(starts, ord(char)) - 1
        return index >= 0 and ord(char) <= ends[index]

    @cached_property
    def _code_point_ranges(self) -> tuple[Sequence[int], Sequence[int]]:
        """First and last code points of the ranges in the font's ``cmap`` table (OpenType, formats 12 and 4)."""
        with self.file.open("rb") as font:
            if font.read(4) == b"ttcf":
                font.seek(12)
                font.seek(int.from_bytes(font.read(4), "big") + 4)
            (count,) = struct.unpack(">H6x", font.read(8))
            tables = {tag: (offset, size) for tag, offset, size in struct.iter_unpack(">4s4xII", font.read(16 * count))}
            offset, size = tables[b"cmap"]
            font.seek(offset)
            cmap = font.read(size)
        (count,) = struct.unpack_from(">2xH", cmap)
        offsets = (offset for (offset,) in struct.iter_unpack(">4xI", cmap[4 : 4 + 8 * count]))
        formats = {struct.unpack_from(">H", cmap, offset)[0]: offset for offset in offsets}
        if 12 in formats:
            start = formats[12] + 16
            (count,) = struct.unpack_from(">I", cmap, start - 4)
            numbers = struct.unpack_from(f">{3 * count}I", cmap, start)
            return numbers[::3], numbers[1::3]
        start = formats[4] + 14
        (size,) = struct.unpack_from(">H", cmap, start - 8)
        ends = struct.unpack_from(f">{size // 2}H", cmap, start)
        return struct.unpack_from(f">{size // 2}H", cmap, start + size + 2)[:-1], ends[:-1]


def text_fonts() -> list[FontFile]:
    """Return all text fonts in order of preference, without those of a package that is not installed."""
    font_files = [_noto("Sans")]
    font_files += [_noto(f"Sans{script}", rtl=script in RTL_SCRIPTS) for script in OTHER_SCRIPTS]
    font_files += [_noto(f"Sans{script}", rtl=script in RTL_SCRIPTS, uses_joiners=True) for script in JOINER_SCRIPTS]
    font_files.append(_noto("SansSymbols"))
    try:
        cjk = resources.files("manimgx_fonts_cjk")
    except ModuleNotFoundError:
        return font_files
    return [*font_files, FontFile(Path(str(cjk)) / "NotoSansCJK-VF.otf.ttc", has_languages=True)]


def emoji_font() -> FontFile:
    return _noto("Emoji")


def _noto(name: str, *, rtl: bool = False, uses_joiners: bool = False) -> FontFile:
    fonts = Path(str(resources.files("manimgx_fonts")))
    return FontFile(fonts / f"Noto{name}[wght].ttf", rtl=rtl, uses_joiners=uses_joiners)
