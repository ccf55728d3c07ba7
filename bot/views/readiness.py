"""Render a learner's readiness for the exam: total, domains, and the step that would raise it most."""

from datetime import date

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.plan.outcome import Tally
from bot.core.plan.readiness import DomainReadiness, Readiness, Step
from bot.views.buttons import button
from bot.views.drill import drill_button
from bot.views.layout import Component, Part, State, bar, duration, escape, message_view, plural, truncate
from bot.views.outcome import tally_lines
from bot.views.plan_buttons import set_exam_date


def readiness(
    course: Course, readiness: Readiness, *, exam: date | None = None, mistakes: int = 0, picture: Part = "",
    tally: Tally | None = None,
) -> ui.LayoutView:  # fmt: skip
    """Render the estimate with its meaning and buttons for the next steps.

    ``exam`` is the learner's exam date; ``mistakes`` the number of mistakes to drill now. ``picture`` shows the
    domains. ``tally`` is what others reported whose readiness was about the same.
    """
    percent = readiness.percent
    state = {0: State.PLAIN, 100: State.DONE}.get(percent, State.PROGRESS)
    meaning = "\n".join([readiness.meaning, *tally_lines(tally)])
    return message_view(
        state,
        f"### {escape(course.code)} readiness\n{bar(percent)} **{percent}%**\n{meaning}",
        picture,
        "\n".join(map(_domain_lines if percent else _empty_line, readiness.domains)),
        "\n".join([*_limit_lines(readiness), *_step_lines(readiness.step), f"-# {_method(readiness)}"]),
        rows=[
            [
                *_step_buttons(course, readiness),
                drill_button(course, mistakes),
                set_exam_date(course, style=ButtonStyle.secondary) if exam is None else None,
                button("Plan", "plan", course.id) if exam else None,
                button("What's missing", "missing", course.id, 0)
                if any(domain.missing for domain in readiness.domains)
                else None,
            ]
        ],
    )


def _domain_lines(domain: DomainReadiness) -> str:
    """Two lines: title and weight of a domain, then how much of it is covered and recalled."""
    head = f"**{escape(truncate(domain.domain.title, 60))}** · {_percent(domain.weight)}% of the exam"
    if domain.covered is None:
        return f"{head}\n-# not covered by this course"
    details = f"{_percent(domain.covered)}% covered"
    if domain.recalled is not None:
        details += f", {_percent(domain.recalled)}% recalled"
    rest = f" · {duration(domain.minutes_left)} left" if domain.minutes_left else ""
    rest += f" · {plural(len(domain.missing), 'skill')} not in this course" if domain.missing else ""
    return f"{head}\n-# {details}{rest}"


def _empty_line(domain: DomainReadiness) -> str:
    """One line for a domain of which nothing is covered: title, weight and length."""
    length = f" · {duration(domain.minutes_left)}" if domain.minutes_left else ""
    missing = " · not covered by this course" if domain.covered is None else ""
    return f"- {escape(truncate(domain.domain.title, 60))} · {_percent(domain.weight)}%{length}{missing}"


def _percent(part: float) -> int:
    """Return a share as percent. 0 is returned only for 0, and 100 only for 1."""
    return round(100 * part) if part in (0.0, 1.0) else min(99, max(1, round(100 * part)))


def _limit_lines(readiness: Readiness) -> list[str]:
    if readiness.within_reach > 1 - 1e-9:
        return []
    most = _percent(readiness.within_reach)
    missing = sum(len(domain.missing) for domain in readiness.domains)
    if not missing:
        return [f"-# This course covers at most {most}%: the rest of the exam needs other material."]
    told = f"It doesn't teach {plural(missing, 'skill')} that the exam asks for."
    return [f"-# This course covers at most {most}%. {told}"]


def _step_lines(step: Step | None) -> list[str]:
    """The gain and the time of the most effective step."""
    if step is None:
        return []
    what = escape(truncate(step.node.title, 80)) if step.node else f"review {escape(step.domain.title)}"
    time = f" in {duration(step.minutes)}" if step.minutes else ""
    return [f"**Biggest gain:** {what}, +{_percent(step.gain)}%{time}"]


def _method(readiness: Readiness) -> str:
    """Explain how the number is computed."""
    if not _is_reviewed(readiness):
        return "An estimate based on what you've completed, not a prediction that you'll pass."
    return (
        "An estimate: coverage × recall, weighted like the exam. Questions you haven't answered yet count as not "
        "recalled."
    )


def _is_reviewed(readiness: Readiness) -> bool:
    return any(domain.recalled is not None for domain in readiness.domains)


def _step_buttons(course: Course, readiness: Readiness) -> list[Component]:
    """A button for the most effective step, and one for a review of what was reviewed before."""
    step, primary = readiness.step, ButtonStyle.primary
    buttons = [button("Open module", "open", step.node.key, style=primary)] if step and step.node else []
    if _is_reviewed(readiness) or (step and step.node is None):
        style = ButtonStyle.secondary if buttons else primary
        buttons.append(button("Review", "review", course.id, style=style))
    return buttons
