"""Render days away and their effect on plans."""

from discord import ButtonStyle, ui

from bot.study.plans import AwayChange, CoursePlan
from bot.views.buttons import button
from bot.views.layout import Row, State, escape, message_view
from bot.views.plan import span, standing

BUTTONS_PER_ROW = 5


def away(change: AwayChange) -> ui.LayoutView:
    """Render the upcoming days away, the status of each plan, and buttons to remove days away."""
    spans = [span(first, last) for first, last in change.away]
    lines = [f"- {days}" for days in spans] or [
        "None are noted. `/plan away from:2026-12-24 to:2026-12-31` keeps days free."
    ]
    back = [
        button(f"Take back {span_}", "back", first, last)
        for span_, (first, last) in zip(spans, change.away, strict=True)
    ]
    course = change.plans[0][1].course
    buttons = [button("Plan", "plan", course.id, style=ButtonStyle.primary), *back]
    rows: list[Row] = [buttons[start : start + BUTTONS_PER_ROW] for start in range(0, len(buttons), BUTTONS_PER_ROW)]
    return message_view(
        State.PROGRESS,
        "\n".join(["### Days away from study", *lines]),
        "\n".join(_changed(before, after) for before, after in change.plans),
        "-# For all of your plans; what is to do is spread over the other days.",
        rows=rows,
    )


def _changed(before: CoursePlan, after: CoursePlan) -> str:
    """Describe the status of a plan, and the earlier status if it differs."""
    if before.plan is None or after.plan is None:
        return ""
    now, earlier = standing(after.plan).split("\n")[0], standing(before.plan).split("\n")[0]
    lines = [f"**{escape(after.course.code)}** · {now}"]
    if now != earlier:
        lines.append(f"-# Before: {earlier.replace('**', '')}")
    return "\n".join(lines)
