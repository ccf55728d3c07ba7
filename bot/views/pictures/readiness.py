"""The picture of a learner's readiness by exam domain. The length of a bar is the domain's share of the exam."""

from dataclasses import dataclass

from bot.core.course.course import Course
from bot.core.course.exam import Domain
from bot.core.plan.readiness import Readiness, Step
from bot.views.layout import duration, truncate
from bot.views.pictures.canvas import (
    BLUE,
    CONTENT_WIDTH,
    GREEN,
    HERO,
    MARGIN,
    MUTED,
    ORANGE,
    RIGHT,
    TITLE,
    Canvas,
    DrawingCache,
)
from bot.views.pictures.text import BOLD
from bot.views.pictures.words import MAX_ALT_TEXT

ROWS_TOP, ROW_HEIGHT = 158, 48
LONGEST_BAR, SHORTEST_BAR = 216, 40
MAX_DOMAINS = 8
GOOD, LOW = 75, 25
"""Percentages from which a domain is green, and below which it is orange."""


@dataclass(frozen=True, slots=True)
class DomainBar:
    """A domain's name, its weight relative to the others, and the ready part of it in percent."""

    name: str
    weight: float
    percent: int


@dataclass(frozen=True, slots=True)
class ReadinessCard:
    """The whole in percent, the domains in the exam's order, and the next step with its gain (both may be empty)."""

    code: str
    percent: int
    domains: tuple[DomainBar, ...]
    gain: str = ""
    step: str = ""

    @classmethod
    def of(cls, course: Course, readiness: Readiness) -> "ReadinessCard":
        return cls(
            course.code,
            readiness.percent,
            tuple(
                DomainBar(_name(course, row.domain), row.weight, _percent(row.ready)) for row in readiness.domains
            ),
            *(_step(course, readiness.step) if readiness.step else ()),
        )  # fmt: skip


def draw(card: ReadinessCard, cache: DrawingCache) -> bytes:
    """Return a PNG, 600 pixels wide."""
    domains = card.domains[:MAX_DOMAINS]
    more = len(card.domains) - len(domains)
    y = ROWS_TOP + ROW_HEIGHT * len(domains)
    canvas = Canvas(y + (40 if more else 0) + (146 if card.step else 62), cache)
    unit = canvas.text(RIGHT, 102, "%", TITLE, weight=BOLD, color=MUTED, align=1)
    canvas.text(RIGHT - unit - 4, 102, str(card.percent), HERO, weight=BOLD, align=1)
    canvas.text(MARGIN, 64, "Readiness", TITLE, weight=BOLD)
    canvas.text(MARGIN, 102, f"{card.code}, by exam weight", color=MUTED, max_width=350)
    heaviest = max((domain.weight for domain in domains), default=1.0) or 1.0
    for number, domain in enumerate(domains):
        top = ROWS_TOP + ROW_HEIGHT * number
        width = max(SHORTEST_BAR, round(LONGEST_BAR * domain.weight / heaviest))
        color = GREEN if domain.percent >= GOOD else BLUE if domain.percent >= LOW else ORANGE
        canvas.bar(MARGIN, top, width, (color, width * domain.percent // 100))
        left = MARGIN + width + 16
        percent = f"{domain.percent}%"
        room = RIGHT - left - canvas.width_of(percent, weight=BOLD) - 8
        used = canvas.text(left, top + 18, domain.name, max_width=room)
        canvas.text(left + used + 8, top + 18, percent, weight=BOLD)
    if more:
        canvas.text(MARGIN, y + 18, f"and {more} more", color=MUTED)
        y += 40
    canvas.text(MARGIN, y + 18, "Bar length = share of the exam", color=MUTED)
    if card.step:
        start = canvas.text(MARGIN, y + 66, "Biggest gain:", weight=BOLD) + 8
        canvas.text(MARGIN + start, y + 66, card.gain, max_width=CONTENT_WIDTH - start)
        canvas.text(MARGIN, y + 102, card.step, max_width=CONTENT_WIDTH)
    return canvas.png()


def alt_text(card: ReadinessCard) -> str:
    """Say what the picture shows, in at most 1,024 characters."""
    total = sum(domain.weight for domain in card.domains) or 1.0
    rows = "; ".join(
        f"{truncate(domain.name, 60)} {domain.percent}% ({round(100 * domain.weight / total)}% of the exam)"
        for domain in card.domains
    )
    step = f" Biggest gain: {card.step}, {card.gain}." if card.step else ""
    head = f"{card.code} readiness: {card.percent}%. Ready by domain: "
    return f"{head}{truncate(rows, MAX_ALT_TEXT - len(head) - len(step) - 1)}.{step}"


def _name(course: Course, domain: Domain) -> str:
    """The short name of the domain's only path, or the domain's title."""
    names = [path.short for path in course.paths if path.domain == domain.id]
    return names[0] if len(names) == 1 and names[0] else domain.title


def _percent(part: float) -> int:
    """Return a share as a percentage: 0 only for 0, and 100 only for 1."""
    return round(100 * part) if part in (0.0, 1.0) else min(99, max(1, round(100 * part)))


def _step(course: Course, step: Step) -> tuple[str, str]:
    """Return the gain of a step, and what it is."""
    gain = f"+{_percent(step.gain)}%" + (f" in {duration(step.minutes)}" if step.minutes else "")
    return gain, step.node.title if step.node else f"Review of {_name(course, step.domain)}"
