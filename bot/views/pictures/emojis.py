"""Draw application emojis as PNG files with a transparent background."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from bot.views.emojis import LEFT, RIGHT, BadgeEmoji, BarEmoji, Emoji
from bot.views.pictures.badges import badge_masks
from bot.views.pictures.canvas import BLUE, DONE, TILE, Color
from bot.views.pictures.glyphs import BADGE_COLORS
from bot.views.pictures.shapes import shape

SIZE = 128
GRAY_BORDER: Color = (0x5C, 0x5F, 0x66)
GRAY_GLYPH: Color = (0x8C, 0x91, 0x99)
EMPTY: Color = (0x4A, 0x4D, 0x54)
WHITE: Color = (0xFF, 0xFF, 0xFF)
BAR_TOP, BAR_BOTTOM = 38, 90


@lru_cache(maxsize=256)
def draw(emoji: Emoji) -> bytes:
    """Return the PNG of an emoji, 128 by 128 pixels."""
    image = _bar(emoji) if isinstance(emoji, BarEmoji) else _badge(emoji) if isinstance(emoji, BadgeEmoji) else None
    if image is None:
        raise TypeError(f"no drawing for {emoji!r}")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _badge(emoji: BadgeEmoji) -> Image.Image:
    image = Image.new("RGBA", (SIZE, SIZE))
    masks = badge_masks(emoji.glyph, SIZE)
    image.paste(TILE, (0, 0), masks.inside)
    image.paste(BADGE_COLORS[emoji.color] if emoji.color else GRAY_BORDER, (0, 0), masks.border)
    image.paste(WHITE if emoji.color else GRAY_GLYPH, (0, 0), masks.glyph)
    if emoji.color:
        image.paste((0, 0, 0, 0), (0, 0), masks.gap)
        image.paste(DONE, (0, 0), masks.disk)
        image.paste(WHITE, (0, 0), masks.check)
    return image


def _bar(emoji: BarEmoji) -> Image.Image:
    """Draw a segment as wide as the emoji, so that adjacent ones join."""
    image = Image.new("RGBA", (SIZE, SIZE))
    image.paste(EMPTY, (0, 0), _segment(emoji.place, SIZE))
    if emoji.halves:
        image.paste(BLUE, (0, 0), _segment(emoji.place, SIZE * emoji.halves // 2))
    return image


def _segment(place: int, end: int) -> Image.Image:
    """The part of a segment up to ``end``, round where the bar starts or ends."""

    def paint(draw: ImageDraw.ImageDraw, scale: int) -> None:
        top, bottom = BAR_TOP * scale, BAR_BOTTOM * scale - 1
        round_left, round_right = place == LEFT, place == RIGHT and end == SIZE
        height = bottom - top
        draw.rectangle((round_left * height // 2, top, end * scale - 1 - round_right * height // 2, bottom), fill=255)
        if round_left:
            draw.ellipse((0, top, height, bottom), fill=255)
        if round_right:
            draw.ellipse((end * scale - 1 - height, top, end * scale - 1, bottom), fill=255)

    return shape(SIZE, SIZE, paint)
