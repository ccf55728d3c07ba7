"""Days away, and what they change."""

from discord import ButtonStyle, ui

from bot.study.plans import AwayChange, CoursePlan
from bot.views.buttons import button
from bot.views.layout import Row, State, card, safe
from bot.views.plan import span, standing

A_ROW = 5


def away(change: AwayChange) -> ui.LayoutView:
    """The days away that are ahead, how each plan stands with them, and buttons that take them back."""
    spans = [span(first, last) for first, last in change.away]
    lines = [f"- {each}" for each in spans] or [
        "None are noted. `/plan away from:2026-12-24 to:2026-12-31` keeps days free."
    ]
    back = [
        button(f"Take back {said}", "back", first, last) for said, (first, last) in zip(spans, change.away, strict=True)
    ]
    course = change.plans[0][1].course
    buttons = [button("Plan", "plan", course.id, style=ButtonStyle.primary), *back]
    rows: list[Row] = [buttons[start : start + A_ROW] for start in range(0, len(buttons), A_ROW)]
    return card(
        State.PROGRESS,
        "\n".join(["### Days away from study", *lines]),
        "\n".join(_changed(before, after) for before, after in change.plans),
        "-# For all of your plans; what is to do is spread over the other days.",
        rows=rows,
    )


def _changed(before: CoursePlan, after: CoursePlan) -> str:
    """How a plan stands now, and how it stood if that is something else."""
    if before.plan is None or after.plan is None:
        return ""
    now, then = standing(after.plan).split("\n")[0], standing(before.plan).split("\n")[0]
    lines = [f"**{safe(after.course.code)}** · {now}"]
    if now != then:
        lines.append(f"-# Before: {then.replace('**', '')}")
    return "\n".join(lines)
