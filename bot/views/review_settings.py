"""Render how a learner's questions are timed: the target retention, and personal FSRS parameters."""

from discord import ButtonStyle, ui

from bot.core.course.course import Course
from bot.core.questions.fsrs import DEFAULT, LEAST_RETENTION, MOST_RETENTION
from bot.study.review_settings import ReviewSettings
from bot.views.buttons import button, option, select
from bot.views.layout import Component, Row, State, escape, message_view, plural


def summary(found: ReviewSettings) -> str:
    """Return the target and where the timing comes from, in a sentence."""
    stored = found.stored
    timing = "standard timing" if stored.fitted_from is None else f"your own timing from {stored.fitted_from:,} answers"
    return f"Target: remember {stored.tuning.retention}%, {timing}."


def rows(course: Course, found: ReviewSettings, before: int | None = None) -> list[Row]:
    """Return the select of the target, and buttons. Undo restores the target ``before``."""
    chosen = found.stored.tuning.retention
    targets = [
        option(f"Remember {target}%{_hint(target)}", str(target), default=target == chosen)
        for target in range(LEAST_RETENTION, MOST_RETENTION + 1)
    ]
    is_fitted = found.stored.fitted_from is not None
    buttons: list[Component | None] = [
        button("Undo", "retention", course.id, before) if before not in (None, chosen) else None,
        button("Update timing" if is_fitted else "Personalize timing", "fit", course.id) if found.can_fit else None,
        button("Use standard timing", "fitreset", course.id) if is_fitted else None,
    ]
    return [[select("How much to remember", targets, "retention", course.id)], buttons]


def _hint(target: int) -> str:
    hints = {LEAST_RETENTION: "fewest reviews", DEFAULT.retention: "recommended", MOST_RETENTION: "most reviews"}
    return f" · {hints[target]}" if target in hints else ""


def computing(course: Course) -> ui.LayoutView:
    """Say that the timing is being computed."""
    return message_view(
        State.PROGRESS,
        f"### {escape(course.code)} review timing\n**I'm working out how quickly you forget.**",
        "That takes up to five minutes. You'll get a new message when it's done.",
        rows=[[button("Stats", "reviewstats", course.id)]],
    )


def target_set(retention: int) -> str:
    return f"✅ Target set to {retention}%, starting with your next answer."


def fitted(answers: int) -> str:
    return f"✅ Timing set from your {plural(answers, 'answer')}, starting with your next one."


RESET = "✅ Standard timing, starting with your next answer."


def confirm_reset(course: Course) -> ui.LayoutView:
    """Ask before personal parameters are deleted."""
    return message_view(
        State.PLAIN,
        "### Use standard timing?",
        "Your own timing will be deleted. You can have it worked out again later.",
        rows=[
            [
                button("Use standard timing", "fitreset", course.id, "yes", style=ButtonStyle.danger),
                button("Keep my timing", "reviewstats", course.id),
            ]
        ],
    )
