"""Render a learner's progress, the result of a tick, and the next thing to study."""

from discord import ButtonStyle, ui

from bot.core.calendar.streaks import Streak
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Progress, Share
from bot.study import Ticked
from bot.views.buttons import MAX_URL, button, link
from bot.views.layout import (
    Component,
    Row,
    State,
    bar,
    duration,
    escape,
    format_day,
    headline,
    hyperlink,
    member_name,
    message_view,
    plural,
    remaining,
    state_for,
    status_icon,
    truncate,
    unit_kind,
)
from bot.views.streak import first_tick_lines
from bot.views.streak import lines as streak_lines

MAX_NAMED = 3
"""Nodes and ticks that are named."""


def progress(
    progress: Progress, *, streak: Streak | None = None, share: bool = False, owner: str = "", own: bool = True
) -> ui.LayoutView:
    """Render progress by path, time, streak and latest ticks. ``owner`` names the learner if others see it."""
    course, whole = progress.course, progress.whole
    lines = []
    for path in course.paths:
        part = progress.share(path)
        lines.append(f"{status_icon(part)} {escape(truncate(path.title, 50))} · {_path_status(part)}")
    last = [
        f"- {hyperlink(truncate(node.title, 80), node.link)} · {format_day(tick.done_at)}"
        for node, tick in progress.last(MAX_NAMED)
    ]
    owner_prefix = f"{member_name(owner)} · " if owner else "Your progress · "
    time = f"-# {duration(whole.minutes)} of {duration(whole.minutes_total)} studied" if whole.minutes_total else ""
    kept_note = (
        f"-# {plural(len(progress.kept), 'tick')} on parts that have left the course are kept" if progress.kept else ""
    )
    buttons: Row = []
    if own:
        buttons = [
            button("Next", "next", course.id, style=ButtonStyle.primary),
            button("Paths", "paths", course.id),
            button("Share", "share", "progress", course.id) if share else None,
        ]
    return message_view(
        state_for(whole),
        "\n".join(line for line in (f"### {owner_prefix}{escape(course.code)}", headline(progress), time) if line),
        "\n".join(streak_lines(streak)) if streak else "",
        None,
        "\n".join(lines),
        "\n".join(["**Latest**", *last, kept_note]).strip() if last else (kept_note or "Nothing ticked yet."),
        rows=[buttons],
    )


def _path_status(share: Share) -> str:
    """The status of a path, without a bar: 25 of them would be too long."""
    if share.complete:
        return "done"
    return f"{share.percent}% · {remaining(share)}" if share.done else "not started"


def ticked(done: Ticked, *, share: bool = False) -> ui.LayoutView:
    """Render what a tick or untick changed, the new progress, and what comes next."""
    after = done.after
    course = done.course
    first = _result_line(done)
    upcoming = after.next()
    buttons: Row = [
        button("Next", "next", course.id, style=ButtonStyle.primary) if upcoming else None,
        _undo_button(done),
        button("Share", "share", "progress", course.id) if share else None,
    ]
    return message_view(
        state_for(after.whole) if done.changed else State.PLAIN,
        f"### {first}\n{headline(after)}",
        _details(done),
        _next_line(course, upcoming),
        rows=[buttons],
    )


def _result_line(done: Ticked) -> str:
    """The first line: the new state of the nodes, or that nothing changed."""
    titles = [hyperlink(truncate(node.title, 90), node.link) for node in done.nodes[:MAX_NAMED]]
    if len(done.nodes) > MAX_NAMED:
        titles.append(f"{len(done.nodes) - MAX_NAMED} more")
    names = ", ".join(titles)
    if done.on:
        return f"✅ {names}: done" if done.changed else f"✅ {names}: already ticked"
    return f"○ {names}: no longer ticked" if done.changed else f"○ {names}: was not ticked"


def _details(done: Ticked) -> str:
    """The number of units, since when they are ticked, and the paths that were completed."""
    if not done.changed:
        since = f": it has been ticked since {format_day(done.since)}" if done.on and done.since else ""
        return "\n".join([f"Nothing changed{since}.", *_joined_lines(done)])
    lines = []
    added, removed = len(done.applied.delta.add), len(done.applied.delta.remove)
    if done.on and added and not removed:
        minutes = sum(done.course.minutes_of.get(route, 0) for route in done.applied.delta.add)
        new = done.applied.after[-1]
        dated = f" · dated {format_day(new.done_at)}" if new.done != new.made else ""
        lines.append(f"-# {plural(added, 'tick')} made{f', {duration(minutes)}' if minutes else ''}{dated}")
    elif added or removed:
        details = [f"{plural(added, 'tick')} made"] if added else []
        details += [f"{plural(removed, 'tick')} taken back"] if removed else []
        lines.append(f"-# {', '.join(details)}")
    lines += [f"**{escape(path.title)}** is complete. 🎉" for path in done.finished if path not in done.nodes]
    return "\n".join([*lines, *first_tick_lines(done), *_joined_lines(done)])


def _joined_lines(done: Ticked) -> list[str]:
    if not done.applied.joined:
        return []
    where = f"this server's {done.course.code} cohort"
    return [f"-# You have joined {where}, whose members see each other's progress. `/privacy` changes that."]


def _undo_button(done: Ticked) -> Component | None:
    if not done.changed:
        return None
    if done.on and done.applied.change is not None and not done.applied.delta.remove:
        return button("Undo", "undo", done.applied.change)
    if not done.on and len(done.nodes) == 1:
        return button("Tick it again", "tick", done.node.key, *([done.applied.taken] if done.applied.taken else []))
    return None


def _next_line(course: Course, node: Node | None) -> str:
    if node is None:
        return f"That was all of {escape(course.code)}. 🎉"
    above = course.ancestors(node)
    where = f" in {escape(above[-1].title)}" if above else ""
    return f"-# Next: {hyperlink(node.title, node.link)}{where}"


def saved(done: Ticked) -> str:
    """Describe in one or two lines what a submitted form changed."""
    added, removed = len(done.applied.delta.add), len(done.applied.delta.remove)
    if not done.changed:
        return "Nothing to save: all stays as it was."
    details = [f"{plural(added, 'unit')} ticked"] if added else []
    details += [f"{plural(removed, 'unit')} unticked"] if removed else []
    finished = "".join(f" **{escape(path.title)}** is complete. 🎉" for path in done.finished)
    return "\n".join([f"✅ Saved: {' and '.join(details)}.{finished}", *first_tick_lines(done)])


def upcoming(progress: Progress, *, result: Ticked | None = None) -> ui.LayoutView:
    """Render the next thing to study, with its link and a Done button. ``result`` is the tick before it."""
    course = progress.course
    node = progress.next()
    note = "\n".join([_result_line(result), *first_tick_lines(result)]) if result else ""
    undo = _undo_button(result) if result else None
    if node is None:
        return message_view(
            State.DONE,
            "\n".join(
                line for line in (note, f"### All of {escape(course.code)} is done 🎉", headline(progress)) if line
            ),
            "Time to book the exam, or to pick another course with `/courses`.",
            rows=[[button("Paths", "paths", course.id), undo]],
        )
    above = course.ancestors(node)
    facts = [duration(node.length) if node.length else "", unit_kind(node)]
    if above:
        siblings = above[-1].children
        position = [sibling.route for sibling in siblings].index(node.route) + 1
        facts.append(f"{node.word} {position} of {len(siblings)}")
    details = " · ".join(fact for fact in facts if fact)
    where = " › ".join([escape(course.code), *(escape(ancestor.title) for ancestor in above)])
    head = [note, f"### Next: {hyperlink(node.title, node.link)}", f"**{details}**" if details else "", f"-# {where}"]
    buttons: Row = [
        button("Done", "done", node.key, style=ButtonStyle.success, emoji="✅"),
        link("Open", node.link) if node.link and len(node.link) <= MAX_URL else None,
        button("See the module" if len(above) > 1 else "See the path", "open", above[-1].key) if above else None,
        undo,
    ]
    whole = progress.whole
    part = f"{bar(whole.percent)} {whole.percent} % of {escape(course.code)} · {remaining(whole)}"
    return message_view(State.PROGRESS, "\n".join(line for line in head if line), part, rows=[buttons])


def completed(name: str, path: Path, after: Progress) -> ui.LayoutView:
    """Announce in public that a member completed a path for the first time."""
    course = after.course
    paths = f"{len(after.paths_done)} of {len(course.paths)} paths"
    return message_view(
        State.DONE,
        f"🎉 **{member_name(name)}** completed **{hyperlink(path.title, path.link)}**\n"
        f"-# {paths} of {escape(course.code)}",
    )
