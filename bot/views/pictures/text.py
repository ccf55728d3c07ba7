"""Render lines of text as masks, in any script that a Noto font has, and never as missing-glyph boxes."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from math import ceil, inf
from unicodedata import bidirectional, normalize

from PIL import Image, ImageDraw, ImageFont, features

from bot.views.pictures.fonts import FontFile, emoji_font, text_fonts
from bot.views.pictures.graphemes import EMOJI_MODIFIERS, JOINERS, grapheme_clusters

REGULAR, BOLD = 400, 600
PADDING = 4
"""Pixels on both sides of a line, for glyphs that extend beyond their advance width."""
ASCENT, DESCENT = 1.2, 0.5
"""Space above and below the baseline as a multiple of the font size; what exceeds it is cut off."""
CACHED_LINES = 256
"""Number of cached lines: most lines of a thousand digests are the same titles, headings and percentages."""

Letter = tuple[FontFile, str]
"""A font, and the part of a grapheme cluster that it can show."""


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line with one font and one direction (None without Raqm)."""

    font: ImageFont.FreeTypeFont
    text: str
    direction: str | None
    width: float


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """A line as a mask (0 to 255). Its text starts ``PADDING`` pixels from the left; ``ascent`` is the baseline's y."""

    mask: Image.Image
    ascent: int
    width: int


class TextRenderer:
    """Renders lines of text and caches fonts and lines. Not thread-safe.

    ``use_raqm`` defaults to whether Raqm and FriBiDi are installed. Without them, letters are not joined.
    """

    def __init__(self, *, use_raqm: bool | None = None) -> None:
        self._use_raqm = features.check("raqm") is True if use_raqm is None else use_raqm
        self._layout = ImageFont.Layout.RAQM if self._use_raqm else ImageFont.Layout.BASIC
        self._font = lru_cache(None)(self._load)
        self._fonts_with = lru_cache(4096)(self._find_fonts_with)
        self._cached_lines = lru_cache(CACHED_LINES)(self._render)

    def render(
        self, text: str, size: int, *, weight: int = REGULAR, max_width: float = inf, fallback: str = "?"
    ) -> RenderedLine:
        """Render ``text`` on one line of at most ``max_width`` pixels, truncated with an ellipsis if necessary.

        Characters without a glyph are left out; if nothing is left, ``fallback`` is rendered.
        """
        return self._cached_lines(text, size, weight, max_width, fallback)

    def runs(self, text: str, size: int, weight: int) -> list[Run]:
        """Return the runs that :meth:`render` draws, from left to right; empty if no font has a letter of ``text``."""
        letters = self._letters(text)
        return self._runs(letters, size, weight, _language(letters))

    @cached_property
    def _text_fonts(self) -> list[FontFile]:
        return text_fonts()

    @cached_property
    def _emoji_font(self) -> FontFile:
        return emoji_font()

    def _find_fonts_with(self, char: str) -> tuple[FontFile, ...]:
        return tuple(font_file for font_file in self._text_fonts if char in font_file)

    def _load(self, font_file: FontFile, size: int, weight: int, language: int) -> ImageFont.FreeTypeFont:
        return font_file.load(size, weight, language=language, layout=self._layout)

    def _letters(self, text: str) -> list[Letter]:
        """Return the letters of ``text`` that can be shown, without leading, trailing and repeated spaces."""
        parts = grapheme_clusters(text)
        previous = next(
            (font_file for part in parts if part[0].isalpha() for font_file in self._fonts_with(part[0])[:1]), None
        )
        found: list[Letter] = []
        for part in parts:
            letter = self._letter(part, previous)
            if letter and not (letter[1] == " " and (not found or found[-1][1] == " ")):
                found.append(letter)
                previous = letter[0]
        return found[:-1] if found and found[-1][1] == " " else found

    def _letter(self, cluster: str, previous: FontFile | None) -> Letter | None:
        """Return the font for ``cluster`` and the part of it that the font can show, or None.

        Digits and punctuation keep the font of the ``previous`` letter, so that they are ordered with it.
        """
        base = cluster[0]
        if base in self._emoji_font and not EMOJI_MODIFIERS.isdisjoint(cluster):
            if self._is_single_glyph(cluster):
                return self._emoji_font, cluster
            if not self._fonts_with(base):
                return None
        font_files = self._fonts_with(base)
        if not font_files:
            return (self._emoji_font, base) if base in self._emoji_font else self._compatible_letter(base)
        if previous in font_files and not base.isalpha() and (self._use_raqm or not previous.rtl):
            font_files = (previous, *font_files)
        if len(cluster) == 1:
            return font_files[0], base
        visible = [
            base + "".join(char for char in cluster[1:] if self._supports(font_file, char)) for font_file in font_files
        ]
        best = max(range(len(font_files)), key=lambda at: len(visible[at]))
        return font_files[best], visible[best]

    def _is_single_glyph(self, emoji: str) -> bool:
        """Return whether the font draws this emoji sequence as one glyph."""
        font = self._font(self._emoji_font, 32, REGULAR, 0)
        return font.getlength(emoji) == font.getlength("\N{GRINNING FACE}")

    def _compatible_letter(self, char: str) -> Letter | None:
        """Return the plain form of a styled letter (mathematical, full width, circled), or None."""
        form = normalize("NFKC", char)
        if form == char or len(form) > 4:
            return None
        return next(
            ((font_file, form) for font_file in self._fonts_with(form[0]) if all(other in font_file for other in form)),
            None,
        )

    def _supports(self, font_file: FontFile, char: str) -> bool:
        """Return whether the font uses ``char`` after another one: a mark, or a joiner that shapes letters."""
        if char in JOINERS:
            return font_file.uses_joiners and self._use_raqm
        return char in font_file and char not in EMOJI_MODIFIERS and (self._use_raqm or not font_file.rtl)

    def _runs(self, letters: Sequence[Letter], size: int, weight: int, language: int) -> list[Run]:
        """Return the line in visual order. A text whose first letter is Arabic or Hebrew runs from right to left."""
        line_is_rtl, directions = _directions(letters)
        blocks: list[list[Run]] = []
        for rtl, block in groupby(zip(directions, letters, strict=True), key=lambda pair: pair[0]):
            runs = []
            for font_file, pieces in groupby((letter for _, letter in block), key=lambda letter: letter[0]):
                visible = [piece for _, piece in pieces]
                font = self._font(font_file, size, weight, language)
                text = "".join(visible if self._use_raqm or not rtl else reversed(visible))
                direction = ("rtl" if rtl else "ltr") if self._use_raqm else None
                runs.append(Run(font, text, direction, font.getlength(text, direction=direction)))
            blocks.append(runs[::-1] if rtl else runs)
        return [run for runs in (reversed(blocks) if line_is_rtl else blocks) for run in runs]

    def _render(self, text: str, size: int, weight: int, max_width: float, fallback: str) -> RenderedLine:
        letters = self._letters(text) or self._letters(fallback)
        language = _language(letters)

        def cut(count: int) -> list[Run]:
            kept = letters[: count - (letters[count - 1][1] == " ")]
            return self._runs([*kept, *self._letters("…")], size, weight, language)

        runs = self._runs(letters, size, weight, language)
        if _width(runs) > max_width:
            runs = cut(bisect_right(range(1, len(letters)), max_width, key=lambda count: _width(cut(count))))
        width, ascent = ceil(_width(runs)), ceil(ASCENT * size)
        mask = Image.new("L", (width + 2 * PADDING, ascent + ceil(DESCENT * size)))
        draw, x = ImageDraw.Draw(mask), float(PADDING)
        for run in runs:
            try:
                draw.text((x, ascent), run.text, fill=255, font=run.font, anchor="ls", direction=run.direction)
            except OSError:
                _draw_characters(draw, run, x, ascent)
            x += run.width
        return RenderedLine(mask, ascent, width)


def _draw_characters(draw: ImageDraw.ImageDraw, run: Run, x: float, ascent: int) -> None:
    """Draw a run character by character. Leave out glyphs that FreeType can't draw ("raster overflow" for U+FDFD)."""
    for char in run.text:
        with suppress(OSError):
            draw.text((x, ascent), char, fill=255, font=run.font, anchor="ls")
        x += run.font.getlength(char)


def _width(runs: Iterable[Run]) -> float:
    return sum(run.width for run in runs)


def _directions(letters: Sequence[Letter]) -> tuple[bool, list[bool]]:
    """Return whether the line runs from right to left, and the same for each letter.

    Neutral characters take the direction of their neighbors, or of the line if these differ (UAX 9, N1 and N2).
    """
    own = [_direction(font_file, visible) for font_file, visible in letters]
    line_is_rtl = next((font_file.rtl for font_file, visible in letters if visible[0].isalpha()), False)

    def carried(directions: Iterable[bool | None]) -> list[bool]:
        filled = accumulate(directions, lambda last, way: last if way is None else way, initial=line_is_rtl)
        return [bool(way) for way in filled][1:]

    both = zip(carried(own), carried(reversed(own))[::-1], strict=True)
    return line_is_rtl, [previous if previous == after else line_is_rtl for previous, after in both]


def _direction(font_file: FontFile, visible: str) -> bool | None:
    """Return whether a letter or digit runs from right to left; None for punctuation and spaces."""
    classes = set(map(bidirectional, visible))
    if font_file.rtl and not classes.isdisjoint(("R", "AL", "AN", "EN")):
        return True
    return None if classes.isdisjoint(("L", "EN")) else False


def _language(letters: Sequence[Letter]) -> int:
    """Choose the regional form of Chinese characters: 0 Japanese, 1 Korean, 2 Chinese."""
    text = "".join(visible for _, visible in letters)
    if any("\u3041" <= char <= "\u30ff" or "\uff66" <= char <= "\uff9f" for char in text):
        return 0
    return 1 if any("\uac00" <= char <= "\ud7a3" or "\u3131" <= char <= "\u318e" for char in text) else 2
