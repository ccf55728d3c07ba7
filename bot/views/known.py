"""Render what a learner marked as known, and the buttons for that."""

from discord import ButtonStyle, ui

from bot.core.course.course import Node, Path
from bot.core.course.progress import Progress
from bot.core.course.share import Share
from bot.study.known import KnownChange
from bot.views.buttons import button
from bot.views.layout import (
    Component,
    Row,
    State,
    count_of,
    duration,
    headline,
    hyperlink,
    message_view,
    plural,
    state_for,
    truncate,
)


def known_line(share: Share) -> str:
    """Say what of a path, module or unit is known; empty if nothing is."""
    if not share.known:
        return ""
    if share.known == share.total:
        return "✔️ You already knew this."
    return f"✔️ You already knew {count_of(share.known, share.total, 'unit')}."


def known_buttons(progress: Progress, node: Node, *, has_questions: bool) -> list[Component | None]:
    """The buttons to mark and unmark a node as known, and to let reviews ask about it."""
    share = progress.share(node)
    return [
        None if share.covered else button("I already know this", "know", node.key),
        button("Unmark as known", "unknow", node.key) if share.known else None,
        review_button(progress, node) if share.known and has_questions else None,
    ]


def review_button(progress: Progress, node: Node) -> Component:
    """The button that lets reviews ask about what is known, or not."""
    if progress.is_reviewed(node):
        return button("Leave out of reviews", "knowreview", node.key, 0)
    return button("Ask me in reviews", "knowreview", node.key, 1)


def marked(change: KnownChange) -> ui.LayoutView:
    """Confirm that a node is marked as known, with what that means."""
    after, node = change.after, change.node
    share, before = after.share(node), change.before.share(node)
    title = hyperlink(truncate(node.title, 90), node.link)
    if not share.known:
        return _result(change, f"✅ {title} was already complete", "Nothing changed.", [])
    added, minutes = share.known - before.known, share.known_minutes - before.known_minutes
    facts = [plural(added, "unit") + " marked", *([duration(minutes)] if minutes else [])]
    asked = "Reviews ask about it, too." if after.is_reviewed(node) else "Reviews don't ask about it."
    details = [
        f"-# {' · '.join(facts)}" if added > 0 else "",
        "It counts as covered, but not as studied: no study time, no streak day, no announcement.",
        f"It's left out of your next steps and your plan.{f' {asked}' if change.has_questions else ''}",
    ]
    undo = button("Undo", "knowundo", node.key, change.change) if change.change else None
    return _result(
        change, f"✔️ {title}: marked as known", "\n".join(line for line in details if line),
        [undo or button("Unmark as known", "unknow", node.key),
         review_button(after, node) if change.has_questions else None],
    )  # fmt: skip


def unmarked(change: KnownChange) -> ui.LayoutView:
    """Confirm that a node is no longer marked as known."""
    node = change.node
    title = hyperlink(truncate(node.title, 90), node.link)
    removed = change.before.share(node).known - change.after.share(node).known
    if removed <= 0:
        return _result(change, f"○ {title} wasn't marked as known", "Nothing changed.", [])
    undo = button("Undo", "knowundo", node.key, change.change) if change.change else button("Redo", "know", node.key)
    return _result(change, f"○ {title} is no longer marked as known", f"-# {plural(removed, 'unit')} unmarked", [undo])


def _result(change: KnownChange, line: str, details: str, buttons: Row) -> ui.LayoutView:
    after, course = change.after, change.course
    following = (
        button("Next", "next", course.id, style=ButtonStyle.primary)
        if after.next()
        else button("Readiness", "readiness", course.id, style=ButtonStyle.primary)
    )
    view = button("View path" if isinstance(change.node, Path) else "View module", "open", change.node.key)
    return message_view(
        state_for(after.whole) if change.marked.before != change.marked.after else State.PLAIN,
        f"### {line}\n{headline(after)}",
        details,
        rows=[[following, *buttons, view]],
    )
