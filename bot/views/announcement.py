"""Render announcements of completed paths, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from discord import ui

from bot.core.course.course import Path
from bot.core.course.progress import Progress
from bot.store.announcements import Announcement
from bot.study.announcements import Announced, Outcome, Retracted
from bot.views.buttons import button, custom_id
from bot.views.layout import (
    Component,
    Part,
    State,
    count_of,
    escape,
    hyperlink,
    member_name,
    message_view,
    notice,
    plural,
)

MAX_SHARED = 3
"""Paths with a Share button."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Lines and buttons about announcements that are added to the result of a change."""

    lines: tuple[str, ...] = ()
    buttons: tuple[Component, ...] = ()
    announcing: bool = False
    """The paths are about to be announced, so they don't need a Share button."""


NO_NOTES = Notes()


def announcement(name: str, learner: int, path: Path, progress: Progress, picture: Part = None) -> ui.LayoutView:
    """Render the public message. Its button identifies it; see ``marker``."""
    course = progress.course
    return message_view(
        State.DONE,
        f"🎉 **{member_name(name)}** completed **{hyperlink(path.title, path.link)}**\n"
        f"-# {count_of(len(progress.paths_done), len(course.paths), 'path')} of {escape(course.code)}",
        picture or "",
        rows=[[button("View path", "open", path.key, 0, learner)]],
    )


def marker(learner: int, path_key: str) -> str:
    """Return the ``custom_id`` of the button by which the bot recognizes an announcement."""
    return custom_id("", "open", path_key, 0, learner)


def share_buttons(paths: Sequence[Path]) -> list[Component]:
    """Buttons that announce completed paths."""
    if len(paths) == 1:
        return [button("Share", "announce", paths[0].key, emoji="🎉")]
    return [button(f"Share {path.title}", "announce", path.key, emoji="🎉") for path in paths[:MAX_SHARED]]


def line(announced: Announced) -> str:
    """Describe what became of an announcement."""
    where = f"<#{announced.announcement.channel}>"
    match announced.outcome:
        case Outcome.POSTED:
            return f"🎉 Announced in {where}."
        case Outcome.ALREADY:
            return f"Already announced: [see the message]({_link(announced.announcement)})."
        case Outcome.REFUSED:
            return f"⚠️ Discord didn't let me post in {where}, so nothing was announced."
        case Outcome.UNDONE:
            return "Not announced: you undid it in the meantime."
        case Outcome.UNKNOWN:
            return (
                f"⚠️ I can't tell whether the announcement reached {where}. "
                "Please check there: I won't risk posting it twice."
            )


def notes(results: Sequence[Announced | str]) -> Notes:
    """Describe announcements that were just posted; a text says why one wasn't."""
    posted = [each for each in results if isinstance(each, Announced)]
    lines = (f"-# {line(each) if isinstance(each, Announced) else each}" for each in results)
    return Notes(tuple(lines), tuple(_delete_buttons(posted)[:1]))


def result(announced: Announced) -> ui.LayoutView:
    """Tell the member who pressed Share what became of it."""
    states = {Outcome.POSTED: State.DONE, Outcome.ALREADY: State.PLAIN, Outcome.UNDONE: State.PLAIN}
    return message_view(
        states.get(announced.outcome, State.WARNING), line(announced), rows=[_delete_buttons([announced])]
    )


def shared(message: int) -> ui.LayoutView:
    """Confirm that a list was posted."""
    return notice("Posted in this channel.", State.DONE, rows=[[button("Delete", "unshare", message)]])


def _delete_buttons(announced: Sequence[Announced]) -> list[Component]:
    return [
        button("Delete announcement", "unshare", each.announcement.message)
        for each in announced
        if each.announcement.message is not None and each.outcome is not Outcome.UNDONE
    ]


def retracted(done: Retracted) -> Notes:
    """Describe the announcements that were deleted with what they were about, and those that are left."""
    lines = []
    if count := len(done.deleted):
        lines.append(f"-# {plural(count, 'announcement')} deleted.")
    for left in done.left[:MAX_SHARED]:
        if left.message is None:
            lines.append(
                f"⚠️ This may have been announced in <#{left.channel}>, but I can't find the message. "
                "If it's there, please ask a moderator to delete it."
            )
        else:
            lines.append(
                f"⚠️ I couldn't delete [the announcement]({_link(left)}) in <#{left.channel}>. "
                "Try again, or ask a moderator to delete it."
            )
    return Notes(tuple(lines), (button("Delete announcement", "retract"),) if done.left else ())


def deleted(done: Retracted) -> ui.LayoutView:
    """Tell the member whether their public messages were deleted."""
    if not done.deleted and not done.left:
        return notice("There is nothing left to delete.", State.PLAIN)
    if not done.left:
        return notice("Deleted.", State.DONE)
    told = retracted(done)
    return message_view(State.WARNING, "\n".join(told.lines), rows=[told.buttons])


def _link(announcement: Announcement) -> str:
    return f"https://discord.com/channels/{announcement.server}/{announcement.channel}/{announcement.message}"
