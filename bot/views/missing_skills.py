"""Render the skills of an exam that the course doesn't teach, with pages to read instead."""

from collections.abc import Iterator

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.course.skills import pages, untaught
from bot.views.buttons import button
from bot.views.layout import Row, State, escape, hyperlink, message_view, paginate, truncate

UNVERIFIED = "-# Written from memory: a page may have moved. If a link is dead, search for its title."
MAX_LINES = 14
"""Skills per page. Their links are long on a phone."""


def missing_skills(course: Course, page: int) -> ui.LayoutView:
    """A page of the skills that no module teaches, by domain, each with links."""
    lines = list(_lines(course))
    if not lines:
        return message_view(
            State.PLAIN,
            f"### {escape(course.code)}: nothing missing\nEach skill that the exam asks for has a module.",
            rows=[[button("Readiness", "readiness", course.id, style=ButtonStyle.primary)]],
        )
    ranges = paginate(lines, max_lines=MAX_LINES)
    page = min(max(0, page), len(ranges) - 1)
    shown = "\n".join(lines[number] for number in ranges[page])
    row: Row = [
        button("Readiness", "readiness", course.id, style=ButtonStyle.primary),
        button("Back", "missing", course.id, page - 1) if page else None,
        button("More", "missing", course.id, page + 1) if page + 1 < len(ranges) else None,
    ]
    count = f" · {page + 1} of {len(ranges)}" if len(ranges) > 1 else ""
    return message_view(
        State.PLAIN,
        f"### Not in the {escape(course.code)} course{count}\nThe exam asks for these skills. Read up on them:",
        shown,
        UNVERIFIED if "](" in shown else "",
        rows=[row],
    )


def _lines(course: Course) -> Iterator[str]:
    """One line for each skill. The first one of a domain has its title above it."""
    for domain in course.exam.domains if course.exam else ():
        head = f"**{escape(truncate(domain.title, 60))}**\n"
        for skill in untaught(course, domain.id):
            links = " · ".join(hyperlink(page.title, page.url) for page in pages(course, skill.id))
            yield f"{head}- {escape(skill.statement)}{f': {links}' if links else ''}"
            head = ""
