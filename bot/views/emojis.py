"""Application emojis: the badges of learning paths and the segments of progress bars.

An emoji's name follows from what it shows, so that a changed drawing has another name and is uploaded again. Texts
contain references (see ``bot/views/references.py``), because only Discord knows the IDs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from string import ascii_lowercase, digits

from bot.core.course.badge import Badge, BadgeColor, Glyph
from bot.core.course.course import Course, Path
from bot.views.pictures.glyphs import BADGE_COLORS, GLYPHS

STYLE = 1
"""Increase it when the drawing of all emojis changes: the hexagon, the check mark, the bar or their colors."""
OWN_NAME = re.compile(r"wm_[0-9][0-9a-z]{3}")
"""The names of emojis that the bot uploads, and deletes when they are outdated."""
SEGMENTS = 5
"""Emojis of a progress bar. Each stands for two of its ten cells."""
LEFT, MIDDLE, RIGHT = 0, 1, 2


@dataclass(frozen=True)
class Emoji:
    """What an application emoji shows."""

    @property
    def content(self) -> object:
        """What the drawing depends on; its text is the same in every process."""
        raise NotImplementedError

    @cached_property
    def name(self) -> str:
        """``wm_`` and a digit and three digits or letters: short, because Discord counts names as text."""
        digest = blake2b(repr((STYLE, self.content)).encode(), digest_size=8).digest()
        number = int.from_bytes(digest) % (10 * 36**3)
        characters = digits + ascii_lowercase
        return "wm_" + "".join(characters[number // 36**place % 36] for place in (3, 2, 1, 0))

    def reference(self, fallback: str) -> str:
        """Return a reference to it; ``fallback`` is shown until it is uploaded."""
        return f"<:{self.name}:{fallback}>"


@dataclass(frozen=True)
class BadgeEmoji(Emoji):
    """A badge in its color with a check mark, or in gray if ``color`` is None."""

    glyph: Glyph
    color: BadgeColor | None = None

    @property
    def content(self) -> object:
        return "badge", GLYPHS[self.glyph], self.color and BADGE_COLORS[self.color]


@dataclass(frozen=True)
class BarEmoji(Emoji):
    """A segment of a progress bar at the left, in the middle or at the right, of which 0 to 2 halves are filled."""

    place: int
    halves: int

    @property
    def content(self) -> object:
        return "bar", self.place, self.halves


BAR_EMOJIS = tuple(BarEmoji(place, halves) for place in (LEFT, MIDDLE, RIGHT) for halves in (0, 1, 2))


def emojis_of(courses: Iterable[Course]) -> tuple[Emoji, ...]:
    """Return the emojis that ``courses`` need, the most frequent ones first."""
    badges = (
        emoji
        for course in courses
        for path in course.paths
        for emoji in (BadgeEmoji(path.badge.glyph), BadgeEmoji(path.badge.glyph, path.badge.color))
    )
    return tuple(dict.fromkeys([*BAR_EMOJIS, *badges]))


def badge(path: Path, *, done: bool, started: bool = False) -> str:
    """Return a reference to a path's badge, or a character with the same meaning. The text next to it says the same."""
    return _badge(path.badge, "✅" if done else "◐" if started else "○")


@lru_cache(maxsize=1024)
def _badge(badge: Badge, fallback: str) -> str:
    return BadgeEmoji(badge.glyph, badge.color if fallback == "✅" else None).reference(fallback)


def bar_reference(cells: int) -> str:
    """Return a reference to a whole bar of which ``cells`` of ten are filled."""
    return f"<:bar{cells}:{'▰' * cells}{'▱' * (10 - cells)}>"


def bar_texts(known: Mapping[str, int]) -> dict[str, str]:
    """Return the text of each bar by the name in its reference, given the IDs of emojis by name.

    It is empty if a segment is missing: emojis and characters together look broken.
    """
    if not all(emoji.name in known for emoji in BAR_EMOJIS):
        return {}
    shown = {emoji: f"<:{emoji.name}:{known[emoji.name]}>" for emoji in BAR_EMOJIS}
    return {f"bar{cells}": "".join(shown[segment] for segment in _segments(cells)) for cells in range(11)}


def _segments(cells: int) -> Iterator[BarEmoji]:
    for at in range(SEGMENTS):
        place = LEFT if at == 0 else RIGHT if at == SEGMENTS - 1 else MIDDLE
        yield BarEmoji(place, max(0, min(2, cells - 2 * at)))
