"""Render a learner's progress, and the next thing to study."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from discord import ButtonStyle, ui

from bot.core.calendar.streaks import Streak
from bot.core.course.course import Course, Node
from bot.core.course.known import markable
from bot.core.course.progress import Progress
from bot.core.course.share import Share
from bot.study import Ticked
from bot.study.notes import note_on
from bot.views.announcement import NO_NOTES, Notes
from bot.views.buttons import MAX_URL, button, link
from bot.views.completion import actions, ask_visibility, result_line
from bot.views.completion_form import modules_of
from bot.views.layout import (
    Component,
    Row,
    State,
    bar,
    button_row,
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
from bot.views.notes import note_text
from bot.views.streak import first_tick_lines
from bot.views.streak import lines as streak_lines

NO_TEXTS: Mapping[str, str] = MappingProxyType({})
MAX_NAMED = 3
"""Latest completions that are named."""


def progress(
    progress: Progress,
    *,
    streak: Streak | None = None,
    utc: bool = False,
    share: bool = False,
    owner: str = "",
    own: bool = True,
    kept: Sequence[str] = (),
) -> ui.LayoutView:
    """Render progress by path, time, streak and latest completions. ``owner`` names the learner if others see it.

    ``utc``: the learner hasn't set a time zone. ``kept`` are titles of completed parts that the course no longer has.
    """
    course, whole = progress.course, progress.whole
    lines = [
        f"{status_icon(part)} {escape(truncate(path.title, 50))} · {_path_status(part)}"
        for path, part in ((path, progress.share(path)) for path in course.paths)
    ]
    last = [
        f"- {hyperlink(truncate(node.title, 80), node.link)} · {format_day(tick.done_at)}"
        for node, tick in progress.last(MAX_NAMED)
    ]
    title = f"{member_name(owner)} · {escape(course.code)}" if owner else f"Your progress · {escape(course.code)}"
    time = f"-# {duration(whole.minutes)} of {duration(whole.minutes_total)} completed" if whole.minutes_total else ""
    knew = progress.known(modules_of(course))
    knew_text = f"✔️ {plural(knew, 'module')} you already knew" if knew else ""
    knew_time = f" · {duration(whole.known_minutes)}" if knew and whole.known_minutes else ""
    kept_note = _kept_note(progress, kept)
    streak_text = streak_lines(streak, utc=utc and own) if streak else []
    buttons: Row = []
    if own:
        buttons = [
            button("Next" if whole.started else "Start", "next", course.id, style=ButtonStyle.primary),
            button("Paths", "paths", course.id),
            button("Share", "share", "progress", course.id) if share and whole.done else None,
            button("Set time zone", "zone") if utc and streak_text else None,
            button("Who passed", "passes", course.id) if share and course.exam else None,
        ]
    return message_view(
        state_for(whole) if whole.started else State.PLAIN,
        "\n".join(line for line in (f"### {title}", headline(progress), time, knew_text + knew_time) if line),
        "\n".join(streak_text),
        None,
        "\n".join(lines),
        "\n".join(["**Latest**", *last, kept_note]).strip() if last else (kept_note or "Nothing completed yet."),
        rows=[buttons],
    )


def _kept_note(progress: Progress, titles: Sequence[str]) -> str:
    """What was completed of parts that the course no longer has, by title where titles are known."""
    if not progress.kept:
        return ""
    if not titles:
        return f"-# {plural(len(progress.kept), 'completed unit')} kept for parts that are no longer in the course"
    named = [escape(truncate(title, 80)) for title in titles[:MAX_NAMED]]
    others = len(progress.kept) - len(named)
    return (
        f"-# Also completed, but no longer in the course: {', '.join(named)}{f' and {others:,} more' if others else ''}"
    )


def _path_status(share: Share) -> str:
    """The status of a path, without a bar: 25 of them would be too long."""
    if share.covered:
        return "done" if share.complete else "nothing left" if share.done else "already known"
    return f"{share.percent}% · {remaining(share)}" if share.started else "not started"


def upcoming(
    progress: Progress,
    *,
    result: Ticked | None = None,
    notes: Notes = NO_NOTES,
    own_notes: Mapping[str, str] = NO_TEXTS,
) -> ui.LayoutView:
    """Render the next thing to study, with its link and a Done button. ``result`` is the completion before it.

    ``own_notes`` are the learner's notes by the route of the module.
    """
    course = progress.course
    node = progress.next()
    note = "\n".join([result_line(result), *first_tick_lines(result), *notes.lines]) if result else ""
    undo, *others = actions(result, notes) if result else [None]
    asked = ask_visibility(result) if result else ()
    if node is None:
        return message_view(
            State.DONE,
            "\n".join(line for line in (note, f"### {_finished(progress)} 🎉", headline(progress)) if line),
            "Ready to book the exam? Or pick another course.",
            button_row(button("Readiness", "readiness", course.id), button("Other courses", "courses"), undo),
            button_row(*others),
            *asked,
        )
    above = course.ancestors(node)
    where = " › ".join([escape(course.code), *(escape(ancestor.title) for ancestor in above)])
    details = unit_facts(course, node)
    head = [note, f"### Next: {hyperlink(node.title, node.link)}", f"**{details}**" if details else "", f"-# {where}"]
    buttons = button_row(
        button("Done", "done", node.key, style=ButtonStyle.success, emoji="✅"),
        open_link(node),
        button("View module" if len(above) > 1 else "View path", "open", above[-1].key) if above else None,
        button(f"I know this {markable(course, node).word}", "know", node.key),
        undo,
    )
    whole = progress.whole
    part = f"{bar(whole.percent)} {whole.percent}% of {escape(course.code)} · {remaining(whole)}"
    return message_view(
        State.PROGRESS, "\n".join(line for line in head if line), note_text(note_on(course, node, own_notes)), part,
        buttons, button_row(*others), *asked,
    )  # fmt: skip


def _finished(progress: Progress) -> str:
    code = escape(progress.course.code)
    return f"All of {code} is done" if progress.whole.complete else f"Nothing is left of {code}"


def unit_facts(course: Course, node: Node) -> str:
    """The length, kind and position of something to study."""
    above = course.ancestors(node)
    facts = [duration(node.length) if node.length else "", unit_kind(node)]
    if above:
        siblings = above[-1].children
        position = [sibling.route for sibling in siblings].index(node.route) + 1
        facts.append(f"{node.word} {position} of {len(siblings)}")
    return " · ".join(fact for fact in facts if fact)


def open_link(node: Node) -> Component | None:
    """The button that opens a node's page."""
    return link("Open", node.link) if node.link and len(node.link) <= MAX_URL else None
