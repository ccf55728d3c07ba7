"""Antialiased masks (0 to 255) of simple shapes."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, pi, sin

from PIL import Image, ImageDraw

SCALE = 4
"""Factor by which shapes are drawn larger and then reduced, for antialiasing."""

Point = tuple[float, float]
Paint = Callable[[ImageDraw.ImageDraw, int], None]
"""Draws a white shape; all coordinates must be multiplied by the second argument."""


def shape(width: int, height: int, paint: Paint) -> Image.Image:
    """Return an antialiased mask (0 to 255) of ``width`` by ``height`` pixels."""
    large = Image.new("L", (width * SCALE, height * SCALE))
    paint(ImageDraw.Draw(large), SCALE)
    return large.reduce(SCALE)


def paint_line(draw: ImageDraw.ImageDraw, points: Sequence[Point], width: float, *, fill: int = 255) -> None:
    """Draw a line with round joints and ends, in the coordinates of ``draw``."""
    draw.line(points, fill=fill, width=round(width), joint="curve")
    radius = width / 2
    for x, y in points:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def rounded(width: int, height: int, radius: int) -> Image.Image:
    """A rectangle with round corners."""

    def paint(draw: ImageDraw.ImageDraw, scale: int) -> None:
        draw.rounded_rectangle((0, 0, width * scale - 1, height * scale - 1), radius * scale, fill=255)

    return shape(width, height, paint)


def ring(diameter: int, thickness: int, percent: int) -> Image.Image:
    """A ring from the top clockwise, with round ends."""

    def paint(draw: ImageDraw.ImageDraw, scale: int) -> None:
        box = (0, 0, diameter * scale - 1, diameter * scale - 1)
        end = 360 * percent / 100 - 90
        draw.arc(box, -90, end, fill=255, width=thickness * scale)
        if 0 < percent < 100:
            middle, path, radius = diameter / 2 * scale, (diameter - thickness) / 2 * scale, thickness / 2 * scale
            for angle in (-90.0, end):
                x, y = middle + path * cos(angle * pi / 180), middle + path * sin(angle * pi / 180)
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

    return shape(diameter, diameter, paint)


def dashes(points: Sequence[Point], length: float) -> list[list[Point]]:
    """Cut a line into dashes of ``length`` with gaps of the same length between their middles' round ends."""
    found: list[list[Point]] = []
    drawn, left, pen = [points[0]], length, True
    for (x, y), (to_x, to_y) in pairwise(points):
        whole = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
        done = 0.0
        while whole - done > left:
            done += left
            at = (x + (to_x - x) * done / whole, y + (to_y - y) * done / whole)
            if pen:
                found.append([*drawn, at])
            pen, drawn, left = not pen, [at], length
        left -= whole - done
        if pen:
            drawn.append((to_x, to_y))
    return [*found, drawn] if pen and len(drawn) > 1 else found
