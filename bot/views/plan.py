"""The exam date."""

from datetime import date

from discord import ButtonStyle, ui

from bot.core.course import Course
from bot.core.progress import Progress
from bot.views.layout import State, card, headline, notice, plural, safe
from bot.views.press import button


def exam(course: Course, on: date, today: date, *, shared: bool, progress: Progress | None = None) -> ui.LayoutView:
    """When the exam is and who may know; with ``progress``, what is left until then."""
    days = (on - today).days
    when = "today" if days == 0 else f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"
    seen = "Your cohort's digest names it when it is near." if shared else "Only you know the date."
    return card(
        State.PROGRESS,
        f"### {safe(course.code)} exam on {on.day} {on:%B %Y}\n**{when.capitalize()}**",
        headline(progress) if progress else "",
        f"-# {seen}",
        rows=[[button("Next", "next", course.id, style=ButtonStyle.primary)]],
    )


def cleared(course: Course) -> ui.LayoutView:
    """Confirms that the date is forgotten."""
    return notice(f"The date of your {safe(course.code)} exam is forgotten.", State.DONE)
