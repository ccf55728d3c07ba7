"""The badge of a learning path: a glyph and a color from small sets, so that each can be drawn."""

from enum import StrEnum
from typing import NamedTuple


class Glyph(StrEnum):
    """What a badge shows. ``bot/views/pictures/glyphs.py`` has a drawing of each."""

    BOOK = "book"
    BRANCH = "branch"
    CHART = "chart"
    CLOUD = "cloud"
    CODE = "code"
    DATABASE = "database"
    FLASK = "flask"
    GEAR = "gear"
    GLOBE = "globe"
    KEY = "key"
    LIST = "list"
    NETWORK = "network"
    PACKAGE = "package"
    PERSON = "person"
    PIPELINE = "pipeline"
    PULSE = "pulse"
    ROCKET = "rocket"
    SCREEN = "screen"
    SHIELD = "shield"
    STAR = "star"
    TABLE = "table"
    TERMINAL = "terminal"


class BadgeColor(StrEnum):
    """The color of a completed badge."""

    BLUE = "blue"
    PURPLE = "purple"
    TEAL = "teal"
    ORANGE = "orange"
    PINK = "pink"
    SKY = "sky"
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class Badge(NamedTuple):
    """A glyph in a color."""

    glyph: Glyph
    color: BadgeColor


_GLYPHS = (Glyph.BOOK, Glyph.STAR, Glyph.GEAR, Glyph.FLASK, Glyph.CHART, Glyph.KEY, Glyph.GLOBE, Glyph.ROCKET)
_COLORS = tuple(BadgeColor)[:-1]


def badge_at(position: int, glyph: Glyph | None, color: BadgeColor | None) -> Badge:
    """Return a path's badge. What the course file leaves out follows from the path's position in the course."""
    return Badge(glyph or _GLYPHS[position % len(_GLYPHS)], color or _COLORS[position % len(_COLORS)])
