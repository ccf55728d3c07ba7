"""The glyphs of badges, as shapes on a square of 100 by 100. Only data, so that naming a badge needs no Pillow."""

from typing import NamedTuple

from bot.core.course.badge import BadgeColor, Glyph

Points = tuple[tuple[float, float], ...]


class Line(NamedTuple):
    """A line with round joints and ends. ``cut`` takes a shape out of what is drawn before it, here and below."""

    width: float
    points: Points
    cut: bool = False


class Polygon(NamedTuple):
    points: Points
    cut: bool = False


class Box(NamedTuple):
    """A rectangle with round corners."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float
    cut: bool = False


class Disk(NamedTuple):
    x: float
    y: float
    radius: float
    cut: bool = False


class Arc(NamedTuple):
    """A part of the ellipse in a rectangle, from one angle to another in degrees, clockwise from the right."""

    left: float
    top: float
    right: float
    bottom: float
    start: float
    end: float
    width: float
    cut: bool = False


Shape = Line | Polygon | Box | Disk | Arc

# fmt: off
GLYPHS: dict[Glyph, tuple[Shape, ...]] = {
    Glyph.BOOK: (
        Polygon(((50, 30), (40, 23), (26, 19), (8, 19), (8, 75), (26, 75), (40, 79), (50, 86), (60, 79), (74, 75),
                 (92, 75), (92, 19), (74, 19), (60, 23))),
        Line(7, ((50, 32), (50, 90)), cut=True),
    ),
    Glyph.BRANCH: (
        Line(10, ((28, 22), (28, 78))),
        Line(10, ((72, 30), (72, 42), (64, 52), (40, 56), (30, 66))),
        Disk(28, 18, 13),
        Disk(28, 82, 13),
        Disk(72, 24, 13),
    ),
    Glyph.CHART: (
        Line(10, ((12, 12), (12, 88), (90, 88))),
        Box(26, 52, 42, 78, 3),
        Box(49, 32, 65, 78, 3),
        Box(72, 14, 88, 78, 3),
    ),
    Glyph.CLOUD: (
        Disk(30, 58, 22),
        Disk(54, 42, 26),
        Disk(76, 60, 20),
        Box(26, 52, 80, 80, 14),
    ),
    Glyph.CODE: (
        Line(11, ((30, 24), (8, 50), (30, 76))),
        Line(11, ((70, 24), (92, 50), (70, 76))),
        Line(10, ((57, 14), (43, 86))),
    ),
    Glyph.DATABASE: (
        Box(14, 8, 86, 92, 18),
        Arc(12, 18, 88, 46, 0, 180, 8, cut=True),
        Arc(12, 44, 88, 72, 0, 180, 8, cut=True),
    ),
    Glyph.FLASK: (
        Polygon(((39, 12), (61, 12), (61, 40), (84, 80), (77, 90), (23, 90), (16, 80), (39, 40))),
        Line(9, ((32, 12), (68, 12))),
        Polygon(((47, 18), (53, 18), (53, 43), (60, 55), (40, 55), (47, 43)), cut=True),
    ),
    Glyph.GEAR: (
        Line(17, ((50, 14), (50, 86))),
        Line(17, ((24.5, 24.5), (75.5, 75.5))),
        Line(17, ((14, 50), (86, 50))),
        Line(17, ((24.5, 75.5), (75.5, 24.5))),
        Disk(50, 50, 31),
        Disk(50, 50, 14, cut=True),
    ),
    Glyph.GLOBE: (
        Arc(8, 8, 92, 92, 0, 360, 8),
        Line(8, ((12, 50), (88, 50))),
        Arc(28, 8, 72, 92, 0, 360, 8),
    ),
    Glyph.KEY: (
        Arc(6, 27, 52, 73, 0, 360, 13),
        Line(12, ((48, 50), (90, 50))),
        Line(12, ((86, 50), (86, 68))),
        Line(12, ((68, 50), (68, 64))),
    ),
    Glyph.LIST: (
        Line(9, ((10, 24), (18, 32), (32, 16))),
        Line(11, ((48, 24), (90, 24))),
        Line(9, ((10, 54), (18, 62), (32, 46))),
        Line(11, ((48, 54), (90, 54))),
        Disk(20, 84, 7),
        Line(11, ((48, 84), (90, 84))),
    ),
    Glyph.NETWORK: (
        Line(9, ((20, 24), (80, 24), (50, 80), (20, 24))),
        Disk(18, 24, 15),
        Disk(82, 24, 15),
        Disk(50, 80, 15),
    ),
    Glyph.PACKAGE: (
        Polygon(((50, 6), (90, 26), (90, 74), (50, 94), (10, 74), (10, 26))),
        Line(6, ((10, 28), (50, 48), (90, 28)), cut=True),
        Line(6, ((50, 48), (50, 94)), cut=True),
        Line(6, ((30, 17), (70, 38)), cut=True),
    ),
    Glyph.PERSON: (
        Disk(50, 29, 22),
        Disk(50, 94, 40),
        Box(0, 92, 100, 140, 0, cut=True),
    ),
    Glyph.PIPELINE: (
        Line(10, ((30, 50), (70, 50))),
        Box(4, 32, 36, 68, 8),
        Disk(50, 50, 10),
        Polygon(((64, 26), (98, 50), (64, 74))),
    ),
    Glyph.PULSE: (
        Line(11, ((6, 54), (26, 54), (40, 16), (58, 86), (72, 54), (94, 54))),
    ),
    Glyph.ROCKET: (
        Polygon(((50, 4), (62, 16), (69, 34), (69, 66), (31, 66), (31, 34), (38, 16))),
        Polygon(((31, 44), (14, 62), (14, 80), (31, 70))),
        Polygon(((69, 44), (86, 62), (86, 80), (69, 70))),
        Polygon(((40, 72), (60, 72), (50, 96))),
        Disk(50, 36, 9, cut=True),
    ),
    Glyph.SCREEN: (
        Box(8, 12, 92, 66, 8),
        Box(43, 64, 57, 88, 0),
        Line(11, ((30, 88), (70, 88))),
    ),
    Glyph.SHIELD: (
        Polygon(((50, 6), (88, 20), (88, 48), (80, 68), (66, 84), (50, 94), (34, 84), (20, 68), (12, 48), (12, 20))),
        Line(10, ((32, 50), (45, 63), (69, 37)), cut=True),
    ),
    Glyph.STAR: (
        Polygon(((50, 5), (63, 36), (97, 39), (71, 61), (79, 94), (50, 76), (21, 94), (29, 61), (3, 39), (37, 36))),
    ),
    Glyph.TABLE: (
        Box(8, 14, 92, 86, 8),
        Line(7, ((4, 38), (96, 38)), cut=True),
        Line(7, ((4, 62), (96, 62)), cut=True),
        Line(7, ((38, 41), (38, 90)), cut=True),
    ),
    Glyph.TERMINAL: (
        Line(13, ((12, 22), (40, 48), (12, 74))),
        Line(13, ((52, 80), (90, 80))),
    ),
}
# fmt: on

BADGE_COLORS: dict[BadgeColor, tuple[int, int, int]] = {
    BadgeColor.BLUE: (0x4F, 0x6B, 0xED),
    BadgeColor.PURPLE: (0x8B, 0x5C, 0xF6),
    BadgeColor.TEAL: (0x17, 0xA2, 0xAB),
    BadgeColor.ORANGE: (0xF0, 0x88, 0x3E),
    BadgeColor.PINK: (0xE0, 0x5F, 0xA8),
    BadgeColor.SKY: (0x3A, 0xA0, 0xF0),
    BadgeColor.RED: (0xE5, 0x53, 0x4B),
    BadgeColor.YELLOW: (0xE0, 0xB0, 0x20),
    BadgeColor.GREEN: (0x57, 0xAB, 0x5A),
}
