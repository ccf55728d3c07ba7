"""A learner's progress: after a tick, at a glance, and what comes next."""

from typing import Any

from discord import ButtonStyle, ui

from bot.core.calendar.streaks import Streak
from bot.core.course.course import Course, Node, Path
from bot.core.course.progress import Progress, Share
from bot.study import Ticked
from bot.views.buttons import MAX_URL, button, link
from bot.views.layout import (
    Row,
    State,
    bar,
    card,
    day,
    duration,
    headline,
    kind_of,
    left,
    linked,
    mark,
    person,
    plural,
    safe,
    shortened,
    state_of,
)
from bot.views.streak import began
from bot.views.streak import lines as streak_lines

MAX_NAMED = 3


def progress(
    at: Progress, *, streak: Streak | None = None, share: bool = False, owner: str = "", own: bool = True
) -> ui.LayoutView:
    """Shares by path, minutes, streak and last ticks. ``owner`` names the learner where others see it."""
    course, whole = at.course, at.whole
    lines = []
    for path in course.paths:
        part = at.share(path)
        lines.append(f"{mark(part)} {safe(shortened(path.title, 60))} · {_said(part)}")
    last = [
        f"- {linked(shortened(node.title, 80), node.link)} · {day(tick.done_at)}" for node, tick in at.last(MAX_NAMED)
    ]
    whose = f"{person(owner)} · " if owner else "Your progress · "
    time = f"-# {duration(whole.minutes)} of {duration(whole.minutes_total)} studied" if whole.minutes_total else ""
    gone = f"-# {plural(len(at.kept), 'tick')} on parts that have left the course are kept" if at.kept else ""
    buttons: Row = []
    if own:
        buttons = [
            button("Next", "next", course.id, style=ButtonStyle.primary),
            button("Paths", "paths", course.id),
            button("Share", "share", "progress", course.id) if share else None,
        ]
    return card(
        state_of(whole),
        "\n".join(line for line in (f"### {whose}{safe(course.code)}", headline(at), time) if line),
        "\n".join(streak_lines(streak)) if streak else "",
        None,
        "\n".join(lines),
        "\n".join(["**Latest**", *last, gone]).strip() if last else (gone or "Nothing ticked yet."),
        rows=[buttons],
    )


def _said(share: Share) -> str:
    """How far a path is, in a word or as a bar with its percentage."""
    if share.complete:
        return "done"
    return f"{share.percent} %\n-# {bar(share.percent)} {left(share)}" if share.done else "not started"


def ticked(done: Ticked, *, share: bool = False) -> ui.LayoutView:
    """What a tick or an untick changed, where that leaves the learner, and what comes next."""
    after = done.after
    course = done.course
    first = _what(done)
    upcoming = after.next()
    buttons: Row = [
        button("Next", "next", course.id, style=ButtonStyle.primary) if upcoming else None,
        _reverse(done),
        button("Share", "share", "progress", course.id) if share else None,
    ]
    return card(
        state_of(after.whole) if done.changed else State.PLAIN,
        f"### {first}\n{headline(after)}",
        _detail(done),
        _upcoming(course, upcoming),
        rows=[buttons],
    )


def _what(done: Ticked) -> str:
    """The first line: what is so now, in the words of what was asked for."""
    titles = [linked(shortened(node.title, 90), node.link) for node in done.nodes[:MAX_NAMED]]
    if len(done.nodes) > MAX_NAMED:
        titles.append(f"{len(done.nodes) - MAX_NAMED} more")
    names = ", ".join(titles)
    if done.on:
        return f"✅ {names}: done" if done.changed else f"✅ {names}: already ticked"
    return f"○ {names}: no longer ticked" if done.changed else f"○ {names}: was not ticked"


def _detail(done: Ticked) -> str:
    """What lies behind the first line: how many units, since when, which paths are complete by it."""
    if not done.changed:
        since = f": it has been ticked since {day(done.since)}" if done.on and done.since else ""
        return "\n".join([f"Nothing changed{since}.", *_joined(done)])
    lines = []
    added, removed = len(done.applied.delta.add), len(done.applied.delta.remove)
    if done.on and added and not removed:
        minutes = sum(done.course.minutes_of.get(route, 0) for route in done.applied.delta.add)
        new = done.applied.after[-1]
        dated = f" · dated {day(new.done_at)}" if new.done != new.made else ""
        lines.append(f"-# {plural(added, 'tick')} made{f', {duration(minutes)}' if minutes else ''}{dated}")
    elif added or removed:
        told = [f"{plural(added, 'tick')} made"] if added else []
        told += [f"{plural(removed, 'tick')} taken back"] if removed else []
        lines.append(f"-# {', '.join(told)}")
    lines += [f"**{safe(path.title)}** is complete. 🎉" for path in done.finished if path not in done.nodes]
    return "\n".join([*lines, *began(done), *_joined(done)])


def _joined(done: Ticked) -> list[str]:
    if not done.applied.joined:
        return []
    where = f"this server's {done.course.code} cohort"
    return [f"-# You have joined {where}, whose members see each other's progress. `/privacy` changes that."]


def _reverse(done: Ticked) -> ui.Item[Any] | None:
    if not done.changed:
        return None
    if done.on and done.applied.change is not None and not done.applied.delta.remove:
        return button("Undo", "undo", done.applied.change)
    if not done.on and len(done.nodes) == 1:
        return button("Tick it again", "tick", done.node.key, *([done.applied.taken] if done.applied.taken else []))
    return None


def _upcoming(course: Course, node: Node | None) -> str:
    if node is None:
        return f"That was all of {safe(course.code)}. 🎉"
    above = course.ancestors(node)
    where = f" in {safe(above[-1].title)}" if above else ""
    return f"-# Next: {linked(node.title, node.link)}{where}"


def saved(done: Ticked) -> str:
    """What a form changed, in a line or two for the top of the list that it belongs to."""
    added, removed = len(done.applied.delta.add), len(done.applied.delta.remove)
    if not done.changed:
        return "Nothing to save: all stays as it was."
    told = [f"{plural(added, 'unit')} ticked"] if added else []
    told += [f"{plural(removed, 'unit')} unticked"] if removed else []
    finished = "".join(f" **{safe(path.title)}** is complete. 🎉" for path in done.finished)
    return "\n".join([f"✅ Saved: {' and '.join(told)}.{finished}", *began(done)])


def upcoming(at: Progress, *, just: Ticked | None = None) -> ui.LayoutView:
    """The first thing not done, with its link and a Done button. ``just`` is the tick that led here."""
    course = at.course
    node = at.next()
    note = "\n".join([_what(just), *began(just)]) if just else ""
    undo = _reverse(just) if just else None
    if node is None:
        return card(
            State.DONE,
            "\n".join(line for line in (note, f"### All of {safe(course.code)} is done 🎉", headline(at)) if line),
            "Time to book the exam, or to pick another course with `/courses`.",
            rows=[[button("Paths", "paths", course.id), undo]],
        )
    above = course.ancestors(node)
    facts = [duration(node.length) if node.length else "", kind_of(node)]
    if above:
        siblings = above[-1].children
        position = [sibling.route for sibling in siblings].index(node.route) + 1
        facts.append(f"{node.word} {position} of {len(siblings)}")
    told = " · ".join(fact for fact in facts if fact)
    where = " › ".join([safe(course.code), *(safe(each.title) for each in above)])
    head = [note, f"### Next: {linked(node.title, node.link)}", f"**{told}**" if told else "", f"-# {where}"]
    buttons: Row = [
        button("Done", "done", node.key, style=ButtonStyle.success, emoji="✅"),
        link("Open", node.link) if node.link and len(node.link) <= MAX_URL else None,
        button("See the module" if len(above) > 1 else "See the path", "open", above[-1].key) if above else None,
        undo,
    ]
    whole = at.whole
    part = f"{bar(whole.percent)} {whole.percent} % of {safe(course.code)} · {left(whole)}"
    return card(State.PROGRESS, "\n".join(line for line in head if line), part, rows=[buttons])


def completed(name: str, path: Path, after: Progress) -> ui.LayoutView:
    """The public line on a path that a member completed for the first time."""
    course = after.course
    paths = f"{len(after.paths_done)} of {len(course.paths)} paths"
    return card(
        State.DONE,
        f"🎉 **{person(name)}** completed **{linked(path.title, path.link)}**\n-# {paths} of {safe(course.code)}",
    )
