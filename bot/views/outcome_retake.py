"""Render what follows a failed attempt: ratings of domains, the earliest retake, and its plan. All of it is private."""

from collections.abc import Sequence
from datetime import date

from discord import ButtonStyle, ui

from bot.core.calendar.day_names import day_name
from bot.core.course.exam import Domain
from bot.core.plan.outcome import Level
from bot.study.outcomes import ExamResult
from bot.views.buttons import button, option
from bot.views.forms import MAX_FIELDS, form, select_field, text_field
from bot.views.layout import State, escape, hyperlink, message_view, plural, truncate
from bot.views.outcome import VERB
from bot.views.plan_dialogs import hours_text

NAMES = {Level.WEAK: "Weak", Level.FAIR: "Fair", Level.STRONG: "Strong"}


def failed(found: ExamResult, note: str = "") -> ui.LayoutView:
    """Say when a retake is allowed, ask for the score report, then offer a plan."""
    course, exam = found.course, found.exam
    lines = [note, f"### Your next {escape(course.code)} attempt", *_retake_lines(found)]
    pages = _pages(found.domains)
    left = next(
        (number for number, page in enumerate(pages) if any(each.id not in found.levels for each in page)), None
    )
    rated = [f"**{NAMES[level]}:** {_titles(found.rated(level))}" for level in Level if found.rated(level)]
    if pages and not rated:
        rated = ["**How did each part go?** Your score report shows it. I'll plan what was weak."]
    first = 0 if left is None else left
    label = "Rate the domains" if not found.levels else "Rate the others" if left is not None else "Change the ratings"
    style = ButtonStyle.primary if left is not None else ButtonStyle.secondary
    rate = button(label, VERB, "rate", course.id, exam, first, style=style) if pages else None
    day = found.proposed or found.today
    plan_style = ButtonStyle.primary if not pages or left is None else ButtonStyle.secondary
    buttons = [
        rate,
        button(f"Plan until {day_name(day, found.today)}", VERB, "retake", course.id, exam, day, style=plan_style),
        button("Choose a date", VERB, "date", course.id, exam),
        button("Undo", VERB, "undo", course.id, exam),
    ]
    count = None
    if found.outcome.readiness is not None and not found.outcome.counted:
        count = button("Count my result anonymously…", VERB, "ask", course.id, exam)
    return message_view(
        State.PROGRESS,
        "\n".join(filter(None, lines)),
        "\n".join(rated),
        "-# Only you can see this. It's never shared or shown to your study group.",
        rows=[buttons, [count]],
    )


def _retake_lines(found: ExamResult) -> list[str]:
    rule = found.course.exam.retake if found.course.exam else None
    if rule is None or found.earliest is None:
        return []
    day = day_name(found.earliest, found.today)
    when = "now" if found.earliest <= found.today else f"from **{day}** on"
    wait = "24 hours" if rule.first == 1 else plural(rule.first, "day")
    text = (
        f"The {hyperlink('retake policy', rule.source)}: {wait} after the first attempt, {plural(rule.later, 'day')} "
    )
    text += f"after each other one, at most {rule.attempts} attempts in {rule.months} months."
    return [f"You can retake it {when}.", f"-# {text}"]


def _titles(domains: Sequence[Domain]) -> str:
    return ", ".join(escape(truncate(domain.title, 60)) for domain in domains)


def _pages(domains: Sequence[Domain]) -> list[Sequence[Domain]]:
    """A form has room for five domains."""
    return [domains[start : start + MAX_FIELDS] for start in range(0, len(domains), MAX_FIELDS)]


def rating_form(found: ExamResult, page: int) -> ui.Modal:
    """Ask for the ratings of up to five domains."""
    pages = _pages(found.domains)
    shown = pages[min(page, len(pages) - 1)]
    fields = [
        select_field(
            domain.title, domain.id,
            [option(name, level, default=found.levels.get(domain.id) is level) for level, name in NAMES.items()],
            hint="As in your score report.",
        )
        for domain in shown
    ]  # fmt: skip
    return form(f"{found.course.code} score report", VERB, "rate", found.course.id, found.exam, fields=fields)


def retake_form(found: ExamResult, minutes: int) -> ui.Modal:
    """Ask for the date of the retake and the hours."""
    day = found.proposed or found.today
    fields = [
        text_field("Retake date", "day", _typed(day), example="December 18, 12/18 or in 6 weeks", required=True),
    ]
    if found.course.minutes:
        fields.append(text_field("Hours a week", "hours", hours_text(minutes), example="5 or 2.5", required=True))
    return form(f"{found.course.code} retake", VERB, "retake", found.course.id, found.exam, fields=fields)


def _typed(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
