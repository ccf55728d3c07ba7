"""Render the learning paths, a path, module or unit, and what a text can mean."""

from collections.abc import Sequence

from discord import ButtonStyle, ui

from bot.core.course.catalogue import Hit
from bot.core.course.course import Module, Node, Path
from bot.core.course.progress import Progress
from bot.views.buttons import button, option, page_buttons, select
from bot.views.emojis import badge
from bot.views.known import known_buttons, known_line
from bot.views.layout import (
    MAX_CHARACTERS,
    Component,
    Part,
    Row,
    State,
    bar,
    button_row,
    count_of,
    duration,
    escape,
    escape_typed,
    format_day,
    headline,
    hyperlink,
    member_name,
    message_view,
    paginate,
    plural,
    remaining,
    resolved_length,
    section,
    state_for,
    status_icon,
    truncate,
    unit_kind,
)
from bot.views.notes import note_button, note_text
from bot.views.path_list import path_texts
from bot.views.progress import open_link, unit_facts

MAX_SECTIONS = 10
"""Paths with a button next to each, so that a message has at most 40 components."""
MAX_BUTTONS = 4
"""Results that have a button each; more are in a select."""


def paths(progress: Progress, *, share: bool = False, owner: str = "") -> ui.LayoutView:
    """Render the paths in order, each with its badge, bar and a button to open it; a select if there are too many.

    ``share`` adds a button to share the list; ``owner`` names the learner in a shared list.
    """
    course = progress.course
    texts = path_texts(progress)
    owner_prefix = f"{member_name(owner)} · " if owner else ""
    head = f"### {owner_prefix}{escape(course.code)} · Learning paths\n{headline(progress)}"
    if owner:
        return message_view(state_for(progress.whole), head, None, "\n".join(texts))
    parts: list[Part] = ["\n".join(texts)]
    rows: list[Row] = []
    if len(texts) <= MAX_SECTIONS:
        opens = (button("Open", "open", path.key) for path in course.paths)
        parts = [section(text, accessory) for text, accessory in zip(texts, opens, strict=True)]
    else:
        rows.append([select("Open a path", [_path_option(progress, path) for path in course.paths], "open")])
    rows.append(
        [
            button("Next", "next", course.id, style=ButtonStyle.primary),
            button("Share", "share", "paths", course.id) if share else None,
        ]
    )
    return message_view(state_for(progress.whole), head, None, *parts, rows=rows)


def _path_option(progress: Progress, path: Path) -> Component:
    done = progress.share(path).complete
    return option(path.title, path.key, truncate(path.description or "", 100), emoji=badge(path, done=done))


def node(
    progress: Progress, node: Node, page: int = 0, *, share: bool = False, owner: str = "", note: str = "",
    more: Sequence[Part] = (), own_note: str = "", has_questions: bool = False,
) -> ui.LayoutView:  # fmt: skip
    """Render a path with its modules, or a module with its units.

    ``note`` is shown above and confirms a change; ``more`` is shown below. ``own_note`` is the learner's note on it.
    ``has_questions``: reviews can ask about it.
    """
    course = progress.course
    part = progress.share(node)
    children = node.children
    word = "module" if isinstance(node, Path) else "unit"
    count = f"**{count_of(progress.covered(children), len(children), word)}** · " if children else ""
    above = course.ancestors(node)
    owner_prefix = f"{member_name(owner)} · " if owner else ""
    where = " › ".join([escape(course.code), *(escape(node.title) for node in above)])
    head = [
        note,
        f"### {owner_prefix}{hyperlink(node.title, node.link)}",
        f"{count}{remaining(part)}\n{bar(part.percent)} **{part.percent}%**",
        known_line(part),
        f"-# {where}",
    ]
    noted = note_text(own_note)
    lines = [_child_line(progress, child) for child in children]
    describing = truncate(escape(node.description), 700) if isinstance(node, Path | Module) and node.description else ""
    used = 200 + sum(resolved_length(text) for text in (*head, describing, noted, *more) if isinstance(text, str))
    page_ranges = paginate(lines, max_characters=MAX_CHARACTERS - used)
    page_number = max(0, min(page, len(page_ranges) - 1))
    page_range = page_ranges[page_number]
    rows: list[Row] = []
    if not owner:
        options = [
            option(child.title, child.key, emoji=_option_icon(progress, child))
            for child in children[page_range.start : page_range.stop]
            if child.children
        ]
        back = button("Back to path", "open", above[-1].key) if above else button("All paths", "paths", course.id)
        rows = [
            [select(f"Open a {word}", options, "open")] if options else [],
            [
                button("Mark complete…", "form", node.key, style=ButtonStyle.primary, emoji="☑️"),
                button("Next", "next", course.id),
                back,
                button("Share", "share", "node", node.key) if share else None,
            ],
            [*known_buttons(progress, node, has_questions=has_questions), note_button(node, own_note)],
            page_buttons(page_number, len(page_ranges), "open", node.key),
        ]
    listed = "\n".join(lines[page_range.start : page_range.stop])
    parts = ["\n".join(line for line in head if line), describing, noted, None, listed]
    return message_view(state_for(part), *parts, *(button_row(*row) for row in rows if row), *more)


def unit(progress: Progress, node: Node, *, own_note: str = "") -> ui.LayoutView:
    """Render a unit with its link, whether it is completed, and the learner's note on its module."""
    course = progress.course
    above = course.ancestors(node)
    done_at = progress.done_at(node)
    facts = unit_facts(course, node)
    where = " › ".join([escape(course.code), *(escape(ancestor.title) for ancestor in above)])
    head = [f"### {hyperlink(node.title, node.link)}", f"**{facts}**" if facts else "", f"-# {where}"]
    buttons: Row = [
        button("Not done", "uncomplete", node.key)
        if done_at
        else button("Done", "done", node.key, style=ButtonStyle.success, emoji="✅"),
        open_link(node),
        button("View module" if len(above) > 1 else "View path", "open", above[-1].key) if above else None,
    ]
    status = f"✅ You completed it on {format_day(done_at)}." if done_at else known_line(progress.share(node))
    state = State.DONE if done_at else State.PROGRESS
    return message_view(state, "\n".join(line for line in head if line), status, note_text(own_note), rows=[buttons])


def _option_icon(progress: Progress, child: Node) -> str | None:
    share = progress.share(child)
    return status_icon(share) if share.covered else None


def _child_line(progress: Progress, child: Node) -> str:
    part = progress.share(child)
    facts = [duration(child.length) if child.length else "", unit_kind(child)]
    if part.complete:
        facts.append("done")
    elif child.children and part.done:
        facts.append(f"{part.done} of {part.total} done")
    if part.known:
        facts.append("already known" if part.known == part.total else f"{part.known} already known")
    details = " · ".join(fact for fact in facts if fact)
    return f"{status_icon(part)} {hyperlink(child.title, child.link)}" + (f" · {details}" if details else "")


def choices(text: str, found: Sequence[Hit], question: str, verb: str, *state: object) -> ui.LayoutView:
    """Render what a text can mean, to choose from. A choice has the ``verb``, the ``state`` and the key of the node."""
    lines, options = [], []
    courses = len({hit.course.id for hit in found})
    for hit in found:
        above = [node.title for node in hit.course.ancestors(hit.node)]
        where = above[-1:] if above and courses == 1 else [hit.course.code, *above[-1:]]
        facts = [hit.node.word, *([duration(hit.node.length)] if hit.node.length else []), " › ".join(where)]
        lines.append(f"**{hyperlink(hit.node.title, hit.node.link)}**\n-# {escape(' · '.join(facts))}")
        place = " › ".join([hit.course.code, *above])
        options.append(option(hit.node.title, hit.node.key, truncate(f"{hit.node.word} in {place}", 100)))
    buttons: list[Row] = [[button(each["label"], verb, *state, each["value"])] for each in options]
    distinct = len({each["label"] for each in options}) == len(options) <= MAX_BUTTONS
    count = f"{plural(len(found), 'result')} for “{escape_typed(truncate(text, 60))}”"
    return message_view(
        State.PLAIN,
        f"### {question}\n**{count}**",
        None,
        "\n".join(lines[: paginate(lines, max_characters=3300)[0].stop]),
        rows=buttons if distinct else [[select("Choose one", options, verb, *state)]],
    )
