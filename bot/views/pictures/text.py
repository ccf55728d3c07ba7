"""Lines of text as masks for pictures: any script that a Noto font has, never the box of a missing letter."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from math import ceil, inf
from unicodedata import bidirectional, normalize

from PIL import Image, ImageDraw, ImageFont, features

from bot.views.pictures.fonts import Face, emoji_face, text_faces
from bot.views.pictures.graphemes import JOINERS, PICTORIAL, clusters

REGULAR, BOLD = 400, 600
PAD = 4
"""Pixels on both sides of a line, for letters that lean out of their own width."""
RISE, FALL = 1.2, 0.5
"""Room above and below the base line, in sizes; what is taller is cut."""
STRIPS = 256
"""Lines kept as pixels: most lines of a thousand digests are the same few titles, headings and percentages."""

Letter = tuple[Face, str]
"""A cluster as far as it can be shown, with its font."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line in one font and one direction (None where Pillow knows only one)."""

    font: ImageFont.FreeTypeFont
    text: str
    direction: str | None
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A line as a mask (0 to 255). Its pen starts ``PAD`` pixels from the left, ``rise`` pixels from the top."""

    mask: Image.Image
    rise: int
    width: int


class Lettering:
    """The fonts, and the lines lately set with them. Not for two threads at once.

    ``shaped`` is False where FriBiDi is not on the machine: Pillow then sets letter after letter, without joining them.
    """

    def __init__(self, *, shaped: bool | None = None) -> None:
        self._shaped = features.check("raqm") is True if shaped is None else shaped
        self._layout = ImageFont.Layout.RAQM if self._shaped else ImageFont.Layout.BASIC
        self._font = lru_cache(None)(self._load)
        self._having = lru_cache(4096)(self._all_having)
        self._strips = lru_cache(STRIPS)(self._strip)

    def strip(self, text: str, size: int, *, weight: int = REGULAR, room: float = inf, otherwise: str = "?") -> Strip:
        """``text`` in one line at most ``room`` pixels wide, shortened with an ellipsis where it has to be.

        What no font can show is left out; where nothing is left, ``otherwise`` is set.
        """
        return self._strips(text, size, weight, room, otherwise)

    def runs(self, text: str, size: int, weight: int) -> list[Run]:
        """What :meth:`strip` sets, from left to right; nothing where no font has a letter of ``text``."""
        letters = self._letters(text)
        return self._runs(letters, size, weight, _language(letters))

    @cached_property
    def _faces(self) -> list[Face]:
        return text_faces()

    @cached_property
    def _emoji(self) -> Face:
        return emoji_face()

    def _all_having(self, char: str) -> tuple[Face, ...]:
        return tuple(face for face in self._faces if char in face)

    def _load(self, face: Face, size: int, weight: int, language: int) -> ImageFont.FreeTypeFont:
        return face.load(size, weight, language=language, layout=self._layout)

    def _letters(self, text: str) -> list[Letter]:
        """What can be shown of ``text``, without spaces at its ends or side by side."""
        parts = clusters(text)
        before = next((face for part in parts if part[0].isalpha() for face in self._having(part[0])[:1]), None)
        found: list[Letter] = []
        for part in parts:
            letter = self._letter(part, before)
            if letter and not (letter[1] == " " and (not found or found[-1][1] == " ")):
                found.append(letter)
                before = letter[0]
        return found[:-1] if found and found[-1][1] == " " else found

    def _letter(self, cluster: str, before: Face | None) -> Letter | None:
        """The font for ``cluster`` and what of it that font can show; None for nothing.

        Digits and signs stay in the font of the letter ``before`` them, so that they are ordered together.
        """
        base = cluster[0]
        if base in self._emoji and not PICTORIAL.isdisjoint(cluster):
            if self._is_one(cluster):
                return self._emoji, cluster
            if not self._having(base):
                return None
        faces = self._having(base)
        if not faces:
            return (self._emoji, base) if base in self._emoji else self._alike(base)
        if before in faces and not base.isalpha() and (self._shaped or not before.rtl):
            faces = (before, *faces)
        if len(cluster) == 1:
            return faces[0], base
        shown = [base + "".join(char for char in cluster[1:] if self._keeps(face, char)) for face in faces]
        most = max(range(len(faces)), key=lambda at: len(shown[at]))
        return faces[most], shown[most]

    def _is_one(self, emoji: str) -> bool:
        """The font draws this sequence as a single picture: no piece of it is left over."""
        font = self._font(self._emoji, 32, REGULAR, 0)
        return font.getlength(emoji) == font.getlength("\N{GRINNING FACE}")

    def _alike(self, char: str) -> Letter | None:
        """A letter dressed up (mathematical, full width, circled) in its everyday form."""
        form = normalize("NFKC", char)
        if form == char or len(form) > 4:
            return None
        return next(((face, form) for face in self._having(form[0]) if all(other in face for other in form)), None)

    def _keeps(self, face: Face, char: str) -> bool:
        """``char`` after another says something in this font: a mark, or a joiner where it shapes letters."""
        if char in JOINERS:
            return face.joined and self._shaped
        return char in face and char not in PICTORIAL and (self._shaped or not face.rtl)

    def _runs(self, letters: Sequence[Letter], size: int, weight: int, language: int) -> list[Run]:
        """The line from left to right: a text whose first letter is Arabic or Hebrew runs to the left, with its islands
        of the other direction kept as they are.
        """
        leftwards, ways = _directions(letters)
        blocks: list[list[Run]] = []
        for rtl, block in groupby(zip(ways, letters, strict=True), key=lambda pair: pair[0]):
            runs = []
            for face, pieces in groupby((letter for _, letter in block), key=lambda letter: letter[0]):
                shown = [piece for _, piece in pieces]
                font = self._font(face, size, weight, language)
                text = "".join(shown if self._shaped or not rtl else reversed(shown))
                direction = ("rtl" if rtl else "ltr") if self._shaped else None
                runs.append(Run(font, text, direction, font.getlength(text, direction=direction)))
            blocks.append(runs[::-1] if rtl else runs)
        return [run for runs in (reversed(blocks) if leftwards else blocks) for run in runs]

    def _strip(self, text: str, size: int, weight: int, room: float, otherwise: str) -> Strip:
        letters = self._letters(text) or self._letters(otherwise)
        language = _language(letters)

        def cut(count: int) -> list[Run]:
            kept = letters[: count - (letters[count - 1][1] == " ")]
            return self._runs([*kept, *self._letters("…")], size, weight, language)

        runs = self._runs(letters, size, weight, language)
        if _width(runs) > room:
            runs = cut(bisect_right(range(1, len(letters)), room, key=lambda count: _width(cut(count))))
        width, rise = ceil(_width(runs)), ceil(RISE * size)
        mask = Image.new("L", (width + 2 * PAD, rise + ceil(FALL * size)))
        pen, x = ImageDraw.Draw(mask), float(PAD)
        for run in runs:
            try:
                pen.text((x, rise), run.text, fill=255, font=run.font, anchor="ls", direction=run.direction)
            except OSError:
                _draw_apart(pen, run, x, rise)
            x += run.width
        return Strip(mask, rise, width)


def _draw_apart(pen: ImageDraw.ImageDraw, run: Run, x: float, rise: int) -> None:
    """Draw a run character by character. What FreeType can't draw ("raster overflow" for U+FDFD) is left out."""
    for char in run.text:
        with suppress(OSError):
            pen.text((x, rise), char, fill=255, font=run.font, anchor="ls")
        x += run.font.getlength(char)


def _width(runs: Iterable[Run]) -> float:
    return sum(run.width for run in runs)


def _directions(letters: Sequence[Letter]) -> tuple[bool, list[bool]]:
    """Whether the line runs to the left, and whether each letter does.

    What has no direction takes that of its neighbours, or of the line where they differ (UAX 9, N1 and N2).
    """
    own = [_direction(face, shown) for face, shown in letters]
    leftwards = next((face.rtl for face, shown in letters if shown[0].isalpha()), False)

    def carried(ways: Iterable[bool | None]) -> list[bool]:
        filled = accumulate(ways, lambda last, way: last if way is None else way, initial=leftwards)
        return [bool(way) for way in filled][1:]

    both = zip(carried(own), carried(reversed(own))[::-1], strict=True)
    return leftwards, [before if before == after else leftwards for before, after in both]


def _direction(face: Face, shown: str) -> bool | None:
    """Whether a letter or digit runs to the left; None for signs and spaces."""
    classes = set(map(bidirectional, shown))
    if face.rtl and not classes.isdisjoint(("R", "AL", "AN", "EN")):
        return True
    return None if classes.isdisjoint(("L", "EN")) else False


def _language(letters: Sequence[Letter]) -> int:
    """Which of the forms of Chinese characters a text means: 0 Japanese, 1 Korean, 2 Chinese."""
    text = "".join(shown for _, shown in letters)
    if any("\u3041" <= char <= "\u30ff" or "\uff66" <= char <= "\uff9f" for char in text):
        return 0
    return 1 if any("\uac00" <= char <= "\ud7a3" or "\u3131" <= char <= "\u318e" for char in text) else 2
