"""The card of a member who passed the exam."""

from dataclasses import dataclass
from datetime import date

from bot.core.course.badge import Badge, BadgeColor, Glyph
from bot.core.course.course import Course
from bot.views.pictures.canvas import DrawingCache
from bot.views.pictures.completed import draw_achievement
from bot.views.pictures.words import long_date, spoken_name

BADGE = Badge(Glyph.STAR, BadgeColor.YELLOW)


@dataclass(frozen=True, slots=True)
class PassedCard:
    """Who passed which exam, and when. ``title`` is the certification, or the course's title."""

    name: str
    code: str
    title: str
    on: date

    @classmethod
    def of(cls, name: str, course: Course, on: date) -> "PassedCard":
        return cls(name, course.code, course.certification or course.title, on)


def draw(card: PassedCard, cache: DrawingCache) -> bytes:
    """Return a PNG, 600 pixels wide."""
    return draw_achievement(cache, BADGE, card.title, "Passed by", card.name, _facts(card))


def alt_text(card: PassedCard) -> str:
    """Say what the picture shows."""
    return f"{spoken_name(card.name)} passed {card.code}, {card.title}, on {long_date(card.on)}."


def _facts(card: PassedCard) -> str:
    return f"{card.code} · {long_date(card.on)}"
