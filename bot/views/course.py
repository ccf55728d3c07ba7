"""Render courses: overview, paths, one path or module, and search results."""

from collections.abc import Sequence

from discord import ButtonStyle, ui

from bot.core.course.catalogue import Hit
from bot.core.course.course import Course, Module, Node, Path
from bot.core.course.progress import Progress
from bot.study import CourseProgress
from bot.views.buttons import button, link, option, select
from bot.views.emojis import badge
from bot.views.layout import (
    MAX_CHARACTERS,
    Component,
    Part,
    Row,
    State,
    bar,
    count_of,
    duration,
    escape,
    escape_typed,
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
from bot.views.path_list import path_texts

MAX_SECTIONS = 10
"""Paths with a button next to each, so that a message has at most 40 components."""


def overview(course: Course) -> ui.LayoutView:
    """Render the overview of a course: audience, prerequisites, skills and exam."""
    modules = sum(len(path.modules) for path in course.paths)
    counts = [plural(len(course.paths), "path")]
    if modules:
        counts += [plural(modules, "module"), plural(len(course.leaves), "unit")]
    if course.minutes:
        counts.append(f"about {duration(course.minutes)}")
    names = [course.certification, course.level, course.number]
    head = f"### {escape(course.code)} · {escape(course.title)}\n**{' · '.join(counts)}**"
    if any(names):
        head += f"\n-# {' · '.join(escape(name) for name in names if name)}"
    links = course.links
    buttons = [
        link(label, url)
        for label, url in (
            ("Certification", links.certification),
            ("Study guide", links.study_guide),
            ("Practice assessment", links.practice_assessment),
        )
        if url
    ]
    actions: Row = [button("See the paths", "paths", course.id, style=ButtonStyle.primary)]
    exam = _exam(course)
    texts = [
        escape(course.overview),
        _section("Who it is for", [escape(course.audience)] if course.audience else []),
        _section("Know this first", [f"- {escape(point)}" for point in course.prerequisites]),
        _section("Skills earned", [f"- {escape(point)}" for point in course.skills]),
    ]
    max_characters = MAX_CHARACTERS - 100 - len(head) - len(exam)
    return message_view(State.PLAIN, head, *_fit_texts(texts, max_characters), exam, rows=[buttons, actions])


def _fit_texts(texts: Sequence[str], max_characters: int) -> list[str]:
    """Return the texts, shortened in proportion to their length if they exceed ``max_characters``."""
    length = sum(map(len, texts))
    return [
        text if length <= max_characters else truncate(text, max(1, len(text) * max_characters // length))
        for text in texts
    ]


def _section(title: str, lines: Sequence[str]) -> str:
    return f"**{title}**\n" + "\n".join(lines) if lines else ""


def _exam(course: Course) -> str:
    exam = course.exam
    if exam is None:
        return ""
    lines = [f"{duration(exam.minutes)} · pass with {exam.pass_mark} of {exam.out_of}"]
    lines += [f"- {domain.weight[0]}–{domain.weight[1]} % {escape(domain.title)}" for domain in exam.domains]
    if exam.outline:
        lines.append(f"-# Outline of {exam.outline.day} {exam.outline:%B %Y}")
    if course.retires:
        lines.append(f"⚠️ Retires on {course.retires.day} {course.retires:%B %Y}")
    return _section("The exam", lines)


def courses(found: Sequence[CourseProgress], page: int = 0) -> ui.LayoutView:
    """Render all courses with the learner's progress, one page at a time."""
    lines = []
    for entry in found:
        whole = entry.progress.whole
        name = f"{status_icon(whole)} **{escape(entry.course.code)}** {escape(entry.course.title)}"
        status = f"{bar(whole.percent)} {whole.percent}%" if whole.done else "0%"
        lines.append(f"{name}\n-# {status} · {remaining(whole)}")
    page_ranges = paginate(lines, max_lines=10)
    page_number = max(0, min(page, len(page_ranges) - 1))
    page_range = page_ranges[page_number]
    options = [
        option(entry.course.code, entry.course.id, truncate(entry.course.title, 100))
        for entry in found[page_range.start : page_range.stop]
    ]
    return message_view(
        State.PLAIN,
        f"### Courses\n**{plural(len(found), 'course')}**, with how far you are in each",
        None,
        "\n".join(lines[page_range.start : page_range.stop]),
        rows=[[select("Open a course", options, "course")], _page_buttons(page_number, len(page_ranges), "courses")],
    )


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


def node(progress: Progress, node: Node, page: int = 0, *, share: bool = False, owner: str = "", note: str = "") -> ui.LayoutView:  # fmt: skip  # noqa: E501
    """Render a path with its modules, or a module with its units. ``note`` is shown above and confirms a change."""
    course = progress.course
    part = progress.share(node)
    children = node.children
    word = "module" if isinstance(node, Path) else "unit"
    done = sum(progress.is_done(child) for child in children)
    count = f"**{count_of(done, len(children), word)}** · " if children else ""
    above = course.ancestors(node)
    owner_prefix = f"{member_name(owner)} · " if owner else ""
    where = " › ".join([escape(course.code), *(escape(node.title) for node in above)])
    head = [
        note,
        f"### {owner_prefix}{hyperlink(node.title, node.link)}",
        f"{count}{remaining(part)}\n{bar(part.percent)} **{part.percent}%**",
        f"-# {where}",
    ]
    lines = [_child_line(progress, child) for child in children]
    describing = truncate(escape(node.description), 700) if isinstance(node, Path | Module) and node.description else ""
    used = 200 + len(describing) + sum(map(resolved_length, head[1:]))
    page_ranges = paginate(lines, max_characters=MAX_CHARACTERS - used)
    page_number = max(0, min(page, len(page_ranges) - 1))
    page_range = page_ranges[page_number]
    rows: list[Row] = []
    if not owner:
        options = [
            option(child.title, child.key, emoji="✅" if progress.is_done(child) else None)
            for child in children[page_range.start : page_range.stop]
            if child.children
        ]
        back = button("Back to the path", "open", above[-1].key) if above else button("All paths", "paths", course.id)
        rows = [
            [select(f"Open a {word}", options, "open")] if options else [],
            [
                button("Tick", "form", node.key, style=ButtonStyle.primary, emoji="☑️"),
                button("Next", "next", course.id),
                back,
                button("Share", "share", "node", node.key) if share else None,
            ],
            _page_buttons(page_number, len(page_ranges), "open", node.key),
        ]
    return message_view(state_for(part), "\n".join(line for line in head if line), describing, None,
                "\n".join(lines[page_range.start : page_range.stop]), rows=rows)  # fmt: skip


def _child_line(progress: Progress, child: Node) -> str:
    part = progress.share(child)
    facts = [duration(child.length) if child.length else "", unit_kind(child)]
    if child.children and part.done and not part.complete:
        facts.append(f"{part.done} of {part.total} done")
    elif part.complete:
        facts.append("done")
    details = " · ".join(fact for fact in facts if fact)
    return f"{status_icon(part)} {hyperlink(child.title, child.link)}" + (f" · {details}" if details else "")


def _page_buttons(page: int, count: int, verb: str, *state: str) -> Row:
    """Buttons for the previous and the next page."""
    if count < 2:
        return []
    return [
        button("◀ Earlier", verb, *state, str(page - 1)) if page > 0 else None,
        button("More ▶", verb, *state, str(page + 1)) if page + 1 < count else None,
    ]


def hits(text: str, found: Sequence[Hit]) -> ui.LayoutView:
    """Render search results with their location and link."""
    lines = []
    for hit in found:
        above = " › ".join([hit.course.code, *(node.title for node in hit.course.ancestors(hit.node))])
        facts = " · ".join([hit.node.word, *([duration(hit.node.length)] if hit.node.length else [])])
        lines.append(f"**{hyperlink(hit.node.title, hit.node.link)}**\n-# {facts} · in {escape(above)}")
    options = {}
    for hit in found:
        openable = hit.node if hit.node.children else hit.course.ancestors(hit.node)[-1:] or hit.node
        target = openable[0] if isinstance(openable, tuple) else openable
        options[target.key] = option(target.title, target.key, hit.course.code)
    return message_view(
        State.PLAIN,
        f"### “{escape_typed(truncate(text, 60))}”\n**{plural(len(found), 'hit')}**, best first",
        None,
        "\n".join(lines[: paginate(lines, max_characters=3300)[0].stop]),
        rows=[[select("Open one", list(options.values()), "open")]],
    )
