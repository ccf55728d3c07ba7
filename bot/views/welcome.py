"""Render the welcome message of a server, and the study panel that managers can pin."""

from discord import ButtonStyle, ui

from bot.views.buttons import button, link
from bot.views.layout import State, escape, escape_typed, message_view

INTRODUCTION = (
    "### 👋 Hi, I'm Waymark\n"
    "I help this server study for a certification together: what to do next, review questions, an exam plan.\n"
    "Every week, the group gets a digest. What you do stays private unless you share it."
)


def welcome() -> ui.LayoutView:
    """The message in a server that has just added the bot."""
    return message_view(
        State.PROGRESS,
        INTRODUCTION,
        rows=[[
            button("Set up", "setup", style=ButtonStyle.primary, emoji="⚙️"),
            button("Start studying", "start", emoji="🎓"),
        ]],
    )  # fmt: skip


def welcome_owner(server: int, name: str) -> ui.LayoutView:
    """The message to the owner of a server in which the bot can't post anywhere."""
    return message_view(
        State.PROGRESS,
        f"{INTRODUCTION}\n\nI can't post in any channel of **{escape_typed(name)}** yet. Allow me to see one and to "
        "send messages there, then use </setup> in it.",
        rows=[[
            link("Open the server", f"https://discord.com/channels/{server}"),
            button("Start studying", "start", emoji="🎓"),
        ]],
    )  # fmt: skip


def study_panel(code: str, course: str) -> ui.LayoutView:
    """The public message that members study from. All answers are private."""
    return message_view(
        State.PROGRESS,
        f"### 🎓 Study {escape(code)} here\nPress a button. Only you see the answer.",
        rows=[
            [
                button("Next", "next", course, style=ButtonStyle.primary, emoji="▶️"),
                button("Done", "panel", "done", course, style=ButtonStyle.success, emoji="✅"),
                button("My progress", "mine", course, emoji="📊"),
            ],
            [
                button("Review", "review", course, emoji="🔁"),
                button("Plan", "plan", course, emoji="📅"),
                button("More", "start"),
            ],
        ],
    )
