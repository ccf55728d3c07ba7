"""Render what a completion, a form or an undo changed, and the question who sees it."""

from collections.abc import Sequence

from discord import ButtonStyle, ui

from bot.core.course.course import Course, Node
from bot.study import Ticked
from bot.views.announcement import NO_NOTES, Notes, share_buttons
from bot.views.buttons import button
from bot.views.completion_form import fingerprint
from bot.views.layout import (
    Component,
    Part,
    Row,
    State,
    button_row,
    duration,
    escape,
    format_day,
    headline,
    hyperlink,
    message_view,
    plural,
    state_for,
    truncate,
)
from bot.views.streak import first_tick_lines

MAX_NAMED = 3
"""Nodes that are named."""


def ticked(done: Ticked, notes: Notes = NO_NOTES) -> ui.LayoutView:
    """Render what a completion or an undo changed, the new progress, and what comes next."""
    after = done.after
    course = done.course
    upcoming = after.next()
    buttons = button_row(
        button("Next", "next", course.id, style=ButtonStyle.primary) if upcoming else None, *actions(done, notes)
    )
    return message_view(
        state_for(after.whole) if done.changed else State.PLAIN,
        f"### {result_line(done)}\n{headline(after)}",
        _details(done, notes),
        _next_line(course, upcoming),
        buttons,
        *ask_visibility(done),
    )


def ask_visibility(done: Ticked) -> Sequence[Part]:
    """Ask whether this server's study group may see the learner's progress, if they haven't decided yet."""
    if not done.applied.asks:
        return ()
    course = done.course.id
    return (
        None,
        "Your study group here can see each other's progress. Show yours?",
        button_row(
            button("Visible", "join", course, "visible", emoji="👁️"),
            button("Hidden", "join", course, "hidden", emoji="🙈"),
        ),
    )


def joined(course: Course, *, visible: bool, hidden_everywhere: bool) -> ui.LayoutView:
    """Confirm the choice of who sees the progress in a server, with the button that takes it back."""
    code = escape(course.code)
    if not visible:
        text = "### 🙈 Your progress stays private here"
        detail = f"This server's {code} study group doesn't see it."
        change = button("Show mine", "join", course.id, "visible")
    elif hidden_everywhere:
        text = f"### You're in this server's {code} study group"
        detail = "But you've hidden your progress everywhere, so members don't see it."
        change = button("Change that", "kept")
    else:
        text = f"### 👁️ You're in this server's {code} study group"
        detail = "Members can see each other's progress."
        change = button("Hide mine", "join", course.id, "hidden")
    buttons: Row = [button("Next", "next", course.id, style=ButtonStyle.primary), change]
    return message_view(State.PLAIN if hidden_everywhere else State.DONE, f"{text}\n{detail}", rows=[buttons])


def actions(done: Ticked, notes: Notes) -> list[Component | None]:
    """Undo, Share and the time zone, and the buttons of ``notes``."""
    share = [] if notes.announcing or notes.lines else share_buttons(done.shareable)
    zone = button("Set time zone", "zone") if done.ask_zone else None
    return [_undo_button(done), *share, *notes.buttons[: 3 - len(share)], zone]


def result_line(done: Ticked) -> str:
    """The first line: the new state of the nodes, or that nothing changed."""
    titles = [hyperlink(truncate(node.title, 90), node.link) for node in done.nodes[:MAX_NAMED]]
    if len(done.nodes) > MAX_NAMED:
        titles.append(f"{len(done.nodes) - MAX_NAMED} more")
    names = ", ".join(titles)
    several = len(done.nodes) > 1
    if done.on:
        return f"✅ {names}: done" if done.changed else f"✅ {names} {'were' if several else 'was'} already complete"
    if done.changed:
        return f"○ {names} {'are' if several else 'is'} no longer marked complete"
    return f"○ {names} {'were' if several else 'was'}n't marked complete"


def _details(done: Ticked, notes: Notes) -> str:
    """The number of units, the day, the paths that were completed, the streak and announcements."""
    if not done.changed:
        since = f"You completed it on {format_day(done.since)}." if done.on and done.since else "Nothing changed."
        return "\n".join([since, *notes.lines])
    lines = []
    added, removed = len(done.applied.delta.add), len(done.applied.delta.remove)
    if done.on and added and not removed:
        minutes = sum(done.course.minutes_of.get(route, 0) for route in done.applied.delta.add)
        facts = [f"{plural(added, 'unit')} completed"]
        facts += [duration(minutes)] if minutes else []
        facts += [f"dated {format_day(done.day)}"] if done.day else []
        lines.append(f"-# {' · '.join(facts)}")
    else:
        lines.append(f"-# {_counts(done)}")
    lines += [f"**{escape(path.title)}** is complete. 🎉" for path in done.finished if path not in done.nodes]
    return "\n".join([*lines, *first_tick_lines(done), *notes.lines])


def _counts(done: Ticked) -> str:
    added, removed = len(done.applied.delta.add), len(done.applied.delta.remove)
    counts = [f"{plural(added, 'unit')} completed"] if added else []
    counts += [f"{plural(removed, 'unit')} unmarked"] if removed else []
    return " and ".join(counts)


def _undo_button(done: Ticked) -> Component | None:
    """The button that takes a change back: Undo for a completion, Redo for an undo."""
    if not done.changed:
        return None
    if done.on and done.applied.change is not None and not done.applied.delta.remove:
        return button("Undo", "undo", done.applied.change)
    if not done.on and len(done.nodes) == 1:
        return button("Redo", "tick", done.node.key, done.applied.taken or "", _done_second(done))
    return None


def undo_save_button(done: Ticked) -> Component | None:
    """The button that takes back what a form changed: what it completed, and what it unmarked."""
    if not done.changed or done.applied.change is None:
        return None
    children = done.node.children or (done.node,)
    gone = [done.before.is_done(child) and not done.after.is_done(child) for child in children]
    bits = sum(1 << number for number, removed in enumerate(gone) if removed)
    state = (f"{bits:x}", fingerprint(children), _done_second(done))
    return button("Undo", "resave", done.node.key, done.applied.change, *state)


def _done_second(done: Ticked) -> str:
    """When all that a change removed was completed, in seconds since 1970; empty if not all at the same time."""
    removed = set(done.applied.delta.remove)
    moments = {tick.done for tick in done.applied.before if tick.route in removed}
    return str(moments.pop()) if len(moments) == 1 else ""


def _next_line(course: Course, node: Node | None) -> str:
    if node is None:
        return f"That's all of {escape(course.code)}. 🎉"
    above = course.ancestors(node)
    where = f" in {escape(above[-1].title)}" if above else ""
    return f"-# Next: {hyperlink(node.title, node.link)}{where}"


def saved(done: Ticked, notes: Notes = NO_NOTES) -> str:
    """Describe in a few lines what a submitted form changed."""
    if not done.changed:
        return "No changes."
    dated = f", dated {format_day(done.day)}" if done.day else ""
    finished = "".join(f" **{escape(path.title)}** is complete. 🎉" for path in done.finished)
    return "\n".join([f"✅ Saved: {_counts(done)}{dated}.{finished}", *first_tick_lines(done), *notes.lines])


def undone_save(done: Ticked, notes: Notes = NO_NOTES) -> str:
    """Describe in a few lines what the undo of a form changed."""
    return "\n".join([f"✅ Undone: {_counts(done)}.", *notes.lines])


def saved_parts(done: Ticked, notes: Notes = NO_NOTES) -> Sequence[Part]:
    """Undo and Share for what a form changed, and the question about visibility."""
    _, *others = actions(done, notes)
    return (button_row(undo_save_button(done), *others), *ask_visibility(done))
