"""Render a learner's readiness for the exam: total, domains, and the step that would raise it most."""

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.plan.readiness import DomainReadiness, Readiness, Step
from bot.views.buttons import button
from bot.views.layout import Component, Part, State, bar, duration, escape, message_view, truncate


def readiness(course: Course, readiness: Readiness, *, picture: Part = "") -> ui.LayoutView:
    """Render the estimate with its meaning and a button for the most effective step. ``picture`` shows the domains."""
    return message_view(
        State.DONE if readiness.percent == 100 else State.PROGRESS,
        f"### {escape(course.code)} readiness\n{bar(readiness.percent)} **{readiness.percent} %**\n{readiness.meaning}",
        picture,
        "\n".join(_domain_lines(domain) for domain in readiness.domains),
        "\n".join([*_limit_lines(readiness), *_step_lines(readiness.step), f"-# {_method(readiness)}"]),
        rows=[[_step_button(course, readiness.step)]],
    )


def _domain_lines(domain: DomainReadiness) -> str:
    """Two lines: title and weight of a domain, then how much of it is covered and recalled."""
    head = f"**{escape(truncate(domain.domain.title, 60))}** · {_percent(domain.weight)} of the exam"
    if domain.covered is None:
        return f"{head}\n-# no learning path here covers it"
    details = f"{_percent(domain.covered)} covered"
    if domain.recalled is not None:
        details += f", {_percent(domain.recalled)} recalled"
    rest = f" · {duration(domain.minutes_left)} left" if domain.minutes_left else ""
    return f"{head}\n-# {details}{rest}"


def _percent(part: float) -> str:
    """Format a share as ``42 %``. 0 is shown only for 0, and 100 only for 1."""
    return f"{round(100 * part) if part in (0.0, 1.0) else min(99, max(1, round(100 * part)))} %"


def _limit_lines(readiness: Readiness) -> list[str]:
    if readiness.within_reach > 1 - 1e-9:
        return []
    return [
        f"-# This course alone leads to {_percent(readiness.within_reach)}: the rest of the exam needs other material."
    ]


def _step_lines(step: Step | None) -> list[str]:
    """The gain and the time of the most effective step."""
    if step is None:
        return []
    what = escape(truncate(step.node.title, 80)) if step.node else f"a review of {escape(step.domain.title)}"
    time = f" in {duration(step.minutes)}" if step.minutes else ""
    return [f"**Most now:** {what}, +{_percent(step.gain)}{time}"]


def _method(readiness: Readiness) -> str:
    """Explain how the number is computed."""
    if all(domain.recalled is None for domain in readiness.domains):
        return "An estimate from what you ticked, not a promise to pass."
    return (
        "Covered times recalled, by weight: an estimate, not a promise to pass. A question that you haven't answered "
        "yet counts as not recalled."
    )


def _step_button(course: Course, step: Step | None) -> Component | None:
    if step is None:
        return None
    if step.node is None:
        return button("Review", "reviewmore", course.id, "go", style=ButtonStyle.primary)
    return button("Open it", "open", step.node.key, style=ButtonStyle.primary)
