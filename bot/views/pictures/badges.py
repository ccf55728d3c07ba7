"""Draw badges as masks: a hexagon with a glyph, and a check mark on a disk once the path is completed."""

from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageDraw

from bot.core.course.badge import Glyph
from bot.views.pictures.glyphs import GLYPHS, Arc, Box, Disk, Line, Points, Polygon, Shape
from bot.views.pictures.shapes import Point, paint_line, shape

HEXAGON = ((50.0, 6.0), (88.0, 28.0), (88.0, 72.0), (50.0, 94.0), (12.0, 72.0), (12.0, 28.0))
BORDER = Line(7, (*HEXAGON, *HEXAGON[:2]))
DISK, GAP = Disk(79, 77, 18), Disk(79, 77, 22)
"""Where the check mark of a completed badge is, and the gap around it."""
CHECK = Line(5, ((70.5, 77.5), (76.5, 83.5), (87.5, 71.5)))
GLYPH_SIZE = 0.5
"""Size of the glyph relative to the badge, whose middle it is in."""


class BadgeMasks(NamedTuple):
    """Masks of one badge, to be drawn in this order; the last three only if it is completed."""

    inside: Image.Image
    border: Image.Image
    glyph: Image.Image
    gap: Image.Image
    disk: Image.Image
    check: Image.Image


def badge_masks(glyph: Glyph, size: int) -> BadgeMasks:
    """Return the masks of a badge of ``size`` by ``size`` pixels."""
    whole = ([Polygon(HEXAGON)], [BORDER], [GAP], [DISK], [CHECK])
    inside, border, gap, disk, check = (mask(size, shapes) for shapes in whole)
    return BadgeMasks(inside, border, mask(size, GLYPHS[glyph], GLYPH_SIZE), gap, disk, check)


def mask(size: int, shapes: Iterable[Shape], factor: float = 1.0) -> Image.Image:
    """Return a mask of ``size`` by ``size`` pixels of shapes on a square of 100 by 100, made smaller by ``factor``."""

    def paint(draw: ImageDraw.ImageDraw, scale: int) -> None:
        unit = factor * size * scale / 100
        start = (1 - factor) * size * scale / 2
        for each in shapes:
            _paint(draw, each, unit, start)

    return shape(size, size, paint)


def _paint(draw: ImageDraw.ImageDraw, each: Shape, unit: float, start: float) -> None:
    fill = 0 if each.cut else 255

    def at(*numbers: float) -> list[float]:
        return [start + number * unit for number in numbers]

    def points(line: Points) -> list[Point]:
        return [(start + x * unit, start + y * unit) for x, y in line]

    match each:
        case Line():
            paint_line(draw, points(each.points), each.width * unit, fill=fill)
        case Polygon():
            draw.polygon(points(each.points), fill=fill)
        case Box():
            draw.rounded_rectangle(at(each.left, each.top, each.right, each.bottom), each.radius * unit, fill=fill)
        case Disk():
            x, y, radius = each.x, each.y, each.radius
            draw.ellipse(at(x - radius, y - radius, x + radius, y + radius), fill=fill)
        case Arc():
            box = at(each.left, each.top, each.right, each.bottom)
            draw.arc(box, each.start, each.end, fill=fill, width=round(each.width * unit))
