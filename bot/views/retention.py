"""The warning before the data of an inactive member is deleted."""

from datetime import date

from discord import ButtonStyle, ui

from bot.study.retention import RetentionWarning
from bot.views.buttons import button
from bot.views.layout import State, message_view, notice


def warning(content: RetentionWarning) -> ui.LayoutView:
    """Warn a member by direct message. Any command or button keeps the data."""
    return message_view(
        State.WARNING,
        f"### Your progress will be deleted on {_written(content.delete_on)}\n"
        f"You last used Waymark on {_written(content.used_on)}. Its operator deletes data after "
        f"{content.months} months without a command.",
        "To keep everything, press the button below or use any command before then.",
        rows=[
            [
                button("Keep my progress", "keepdata", content.marker.text, style=ButtonStyle.primary),
                button("Delete everything now", "forget", style=ButtonStyle.danger),
            ]
        ],
    )


def kept() -> ui.LayoutView:
    """Confirm that the data stays."""
    return notice("Welcome back. Your progress is safe, and the clock starts again today.", State.DONE)


def policy(months: int) -> str:
    """Return how long data is kept, in one or two sentences."""
    if not months:
        return "Your data is kept until you delete it."
    return (
        f"Your data is deleted after {months} months without a command. You get a direct message 30 days before, "
        "if your direct messages are open."
    )


def _written(on: date) -> str:
    return f"{on:%B} {on.day}, {on.year}"
