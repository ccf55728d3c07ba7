"""Render the overview of a course, its details, and the list of courses."""

from collections.abc import Sequence
from datetime import date

from discord import ButtonStyle, ui

from bot.core.calendar.dates import written
from bot.core.course.course import Course
from bot.study import CourseProgress
from bot.views.buttons import button, link, option, page_buttons, select
from bot.views.layout import (
    MAX_CHARACTERS,
    Row,
    State,
    duration,
    escape,
    message_view,
    paginate,
    plural,
    remaining,
    status_icon,
    truncate,
)

MAX_ABOUT = 160
"""Characters of the description on the first screen of a course."""


def overview(course: Course, *, others: bool = False) -> ui.LayoutView:
    """Render what a course is about on one phone screen. ``others``: there are other courses."""
    buttons: Row = [
        button("Start", "next", course.id, style=ButtonStyle.primary),
        button("Paths", "paths", course.id),
        button("More", "about", course.id),
        button("Other courses", "courses") if others else None,
    ]
    exam = course.exam
    facts = f"**Exam:** {duration(exam.minutes)} · passing score {exam.pass_mark} out of {exam.out_of}" if exam else ""
    return message_view(
        State.PLAIN,
        _overview_head(course),
        escape(_beginning(course.overview)),
        "\n".join(line for line in (facts, retirement(course)) if line),
        rows=[buttons],
    )


def retirement(course: Course, today: date | None = None) -> str:
    """Say when the exam ends, or ended before ``today``, and what replaces it; empty if it isn't known to end."""
    if course.retires is None:
        return ""
    successor = f" Its successor is **{escape(course.successor)}**." if course.successor else ""
    verb = "Retired" if today and course.retires < today else "Retires"
    return f"⚠️ {verb} on {written(course.retires)}.{successor}"


def _beginning(text: str) -> str:
    """Return the first sentences if they fit, or else the shortened text."""
    end = text.rfind(". ", 0, MAX_ABOUT)
    return text if len(text) <= MAX_ABOUT else text[: end + 1] if end > 0 else truncate(text, MAX_ABOUT)


def _overview_head(course: Course) -> str:
    modules = sum(len(path.modules) for path in course.paths)
    counts = [plural(len(course.paths), "path")]
    if modules:
        counts += [plural(modules, "module"), plural(len(course.leaves), "unit")]
    if course.minutes:
        counts.append(f"about {duration(course.minutes)}")
    certification = course.certification or ""
    level = course.level if course.level and course.level not in certification else ""
    names = [certification, level, course.number]
    head = f"### {escape(course.code)} · {escape(course.title)}\n**{' · '.join(counts)}**"
    return f"{head}\n-# {' · '.join(escape(name) for name in names if name)}" if any(names) else head


def about(course: Course) -> ui.LayoutView:
    """Render the details of a course: audience, prerequisites, skills, exam and links."""
    links = course.links
    buttons = [
        link(label, url)
        for label, url in (
            ("Certification", links.certification),
            ("Study guide", links.study_guide),
            ("Practice assessment", links.practice_assessment),
        )
        if url
    ]
    actions: Row = [
        button("Start", "next", course.id, style=ButtonStyle.primary),
        button("Paths", "paths", course.id),
        button("Back", "course", course.id),
    ]
    head = f"### About {escape(course.code)}"
    exam = _exam(course)
    texts = [
        escape(course.overview),
        _section("Who it's for", [escape(course.audience)] if course.audience else []),
        _section("Prerequisites", [f"- {escape(point)}" for point in course.prerequisites]),
        _section("What you'll learn", [f"- {escape(point)}" for point in course.skills]),
    ]
    max_characters = MAX_CHARACTERS - 100 - len(head) - len(exam)
    return message_view(State.PLAIN, head, *_fit_texts(texts, max_characters), exam, rows=[buttons, actions])


def _fit_texts(texts: Sequence[str], max_characters: int) -> list[str]:
    """Return the texts, shortened in proportion to their length if they exceed ``max_characters``."""
    length = sum(map(len, texts))
    return [
        text if length <= max_characters else truncate(text, max(1, len(text) * max_characters // length))
        for text in texts
    ]


def _section(title: str, lines: Sequence[str]) -> str:
    return f"**{title}**\n" + "\n".join(lines) if lines else ""


def _exam(course: Course) -> str:
    exam = course.exam
    if exam is None:
        return ""
    lines = [f"{duration(exam.minutes)} · passing score {exam.pass_mark} out of {exam.out_of}"]
    lines += [f"- {domain.weight[0]}–{domain.weight[1]}% {escape(domain.title)}" for domain in exam.domains]
    if exam.outline:
        lines.append(f"-# Exam outline as of {written(exam.outline)}")
    if course.retires:
        lines.append(retirement(course))
    return _section("The exam", lines)


def courses(found: Sequence[CourseProgress], page: int = 0) -> ui.LayoutView:
    """Render all courses with the learner's progress, one page at a time."""
    lines = []
    for entry in found:
        whole = entry.progress.whole
        name = f"{status_icon(whole)} **{escape(entry.course.code)}** {escape(entry.course.title)}"
        status = f"{whole.percent}%" if whole.started else "Not started"
        lines.append(f"{name}\n-# {status} · {remaining(whole)}")
    page_ranges = paginate(lines, max_lines=10)
    page_number = max(0, min(page, len(page_ranges) - 1))
    page_range = page_ranges[page_number]
    options = [
        option(entry.course.code, entry.course.id, truncate(entry.course.title, 100))
        for entry in found[page_range.start : page_range.stop]
    ]
    return message_view(
        State.PLAIN,
        f"### Courses\n**{plural(len(found), 'course')}** and your progress",
        None,
        "\n".join(lines[page_range.start : page_range.stop]),
        rows=[[select("Open a course", options, "course")], page_buttons(page_number, len(page_ranges), "courses")],
    )
