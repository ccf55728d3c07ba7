"""How ready a learner is for the exam: the whole, each domain, and what would raise it most."""

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.plan.readiness import DomainReadiness, Readiness, Step
from bot.views.buttons import PersistentButton, button
from bot.views.layout import State, bar, card, duration, safe, shortened


def readiness(course: Course, at: Readiness) -> ui.LayoutView:
    """The estimate with its meaning in words, and its button to the one thing that would raise it most."""
    return card(
        State.DONE if at.percent == 100 else State.PROGRESS,
        f"### {safe(course.code)} readiness\n{bar(at.percent)} **{at.percent} %**\n{at.meaning}",
        "\n".join(_domain(each) for each in at.domains),
        "\n".join([*_reach(at), *_step(at.step), f"-# {_said_of(at)}"]),
        rows=[[_go(course, at.step)]],
    )


def _domain(each: DomainReadiness) -> str:
    """Two lines: what it is and weighs, then how much of it is covered and recalled."""
    head = f"**{safe(shortened(each.domain.title, 60))}** · {_percent(each.weight)} of the exam"
    if each.covered is None:
        return f"{head}\n-# {bar(0)} no learning path here covers it"
    covered = _percent(each.covered)
    said = f"{covered} covered"
    if each.recalled is not None:
        said += f", {_percent(each.recalled)} recalled"
    rest = f" · {duration(each.minutes_left)} left" if each.minutes_left else ""
    return f"{head}\n-# {bar(int(covered.split()[0]))} {said}{rest}"


def _percent(part: float) -> str:
    """``42 %``: 0 only for nothing, 100 only for all."""
    return f"{round(100 * part) if part in (0.0, 1.0) else min(99, max(1, round(100 * part)))} %"


def _reach(at: Readiness) -> list[str]:
    if at.within_reach > 1 - 1e-9:
        return []
    return [f"-# This course alone leads to {_percent(at.within_reach)}: the rest of the exam needs other material."]


def _step(step: Step | None) -> list[str]:
    """The price and the worth of the one thing that would raise the whole most."""
    if step is None:
        return []
    what = safe(shortened(step.node.title, 80)) if step.node else f"a review of {safe(step.domain.title)}"
    time = f" in {duration(step.minutes)}" if step.minutes else ""
    return [f"**Most now:** {what}, +{_percent(step.gain)}{time}"]


def _said_of(at: Readiness) -> str:
    """What the number is made of."""
    if all(each.recalled is None for each in at.domains):
        return "An estimate from what you ticked, not a promise to pass."
    return (
        "Covered times recalled, by weight: an estimate, not a promise to pass. A question that you haven't answered "
        "yet counts as not recalled."
    )


def _go(course: Course, step: Step | None) -> PersistentButton | None:
    if step is None:
        return None
    if step.node is None:
        return button("Review", "reviewmore", course.id, "go", style=ButtonStyle.primary)
    return button("Open it", "open", step.node.key, style=ButtonStyle.primary)
