"""The course: its overview, its paths, one path, one module, and what a search found."""

from collections.abc import Sequence

from discord import ButtonStyle, SelectOption, ui

from bot.core.course.catalogue import Hit
from bot.core.course.course import Course, Module, Node, Path
from bot.core.course.progress import Progress
from bot.study import CourseProgress
from bot.views.buttons import button, link, select
from bot.views.layout import (
    MAX_CHARACTERS,
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
    of,
    pages,
    person,
    plural,
    safe,
    shortened,
    state_of,
)

MAX_PATHS = 25


def overview(course: Course) -> ui.LayoutView:
    """What a course is, for whom, what it earns, and what its exam asks."""
    modules = sum(len(path.modules) for path in course.paths)
    counts = [plural(len(course.paths), "path")]
    if modules:
        counts += [plural(modules, "module"), plural(len(course.leaves), "unit")]
    if course.minutes:
        counts.append(f"about {duration(course.minutes)}")
    names = [course.certification, course.level, course.number]
    head = f"### {safe(course.code)} · {safe(course.title)}\n**{' · '.join(counts)}**"
    if any(names):
        head += f"\n-# {' · '.join(safe(name) for name in names if name)}"
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
        safe(course.overview),
        _section("Who it is for", [safe(course.audience)] if course.audience else []),
        _section("Know this first", [f"- {safe(point)}" for point in course.prerequisites]),
        _section("Skills earned", [f"- {safe(point)}" for point in course.skills]),
    ]
    room = MAX_CHARACTERS - 100 - len(head) - len(exam)
    return card(State.PLAIN, head, *_shared_out(texts, room), exam, rows=[buttons, actions])


def _shared_out(texts: Sequence[str], room: int) -> list[str]:
    """The texts, each cut to its part of the room where all together are too long."""
    length = sum(map(len, texts))
    return [text if length <= room else shortened(text, max(1, len(text) * room // length)) for text in texts]


def _section(title: str, lines: Sequence[str]) -> str:
    return f"**{title}**\n" + "\n".join(lines) if lines else ""


def _exam(course: Course) -> str:
    exam = course.exam
    if exam is None:
        return ""
    lines = [f"{duration(exam.minutes)} · pass with {exam.pass_mark} of {exam.out_of}"]
    lines += [f"- {domain.weight[0]}–{domain.weight[1]} % {safe(domain.title)}" for domain in exam.domains]
    if exam.outline:
        lines.append(f"-# Outline of {exam.outline.day} {exam.outline:%B %Y}")
    if course.retires:
        lines.append(f"⚠️ Retires on {course.retires.day} {course.retires:%B %Y}")
    return _section("The exam", lines)


def courses(found: Sequence[CourseProgress], page: int = 0) -> ui.LayoutView:
    """The catalogue, with the share of whoever asks."""
    lines = []
    for each in found:
        whole = each.progress.whole
        name = f"{mark(whole)} **{safe(each.course.code)}** {safe(each.course.title)}"
        standing = f"{bar(whole.percent)} {whole.percent} %" if whole.done else "0 %"
        lines.append(f"{name}\n-# {standing} · {left(whole)}")
    listed = pages(lines, most=10)
    shown = max(0, min(page, len(listed) - 1))
    here = listed[shown]
    options = [
        SelectOption(label=each.course.code, value=each.course.id, description=shortened(each.course.title, 100))
        for each in found[here.start : here.stop]
    ]
    return card(
        State.PLAIN,
        f"### Courses\n**{plural(len(found), 'course')}**, with how far you are in each",
        None,
        "\n".join(lines[here.start : here.stop]),
        rows=[[select("Open a course", options, "course")], _turn(shown, len(listed), "courses")],
    )


def paths(progress: Progress, *, share: bool = False, owner: str = "") -> ui.LayoutView:
    """The paths in order. ``share`` offers to show it to the channel; ``owner`` names whose it is once it is shown."""
    course = progress.course
    lines = []
    for path in course.paths:
        part = progress.share(path)
        lines.append(f"{mark(part)} **{linked(path.title, path.link)}**\n-# {_standing(progress, path)}")
    whose = f"{person(owner)} · " if owner else ""
    options = [
        SelectOption(
            label=path.title, value=path.key, emoji="✅" if progress.is_done(path) else None,
            description=shortened(path.description, 100) if path.description else None,
        )
        for path in course.paths
    ]  # fmt: skip
    buttons: Row = [
        button("Next", "next", course.id, style=ButtonStyle.primary),
        button("Share", "share", "paths", course.id) if share else None,
    ]
    rows: list[Row] = [] if owner else [[select("Open a path", options, "open")], buttons]
    return card(
        state_of(progress.whole),
        f"### {whose}{safe(course.code)} · Learning paths\n{headline(progress)}",
        None,
        _fitting(lines),
        rows=rows,
    )


def _standing(progress: Progress, path: Path) -> str:
    """Share, modules and what is left of a path, on one line of a phone."""
    share = progress.share(path)
    count = len(path.modules)
    if share.complete:
        return " · ".join(["done", *([plural(count, "module")] if count else [])])
    modules = f"{progress.modules_done(path)}/{count} modules" if share.done else plural(count, "module")
    standing = f"{bar(share.percent)} {share.percent} %" if share.done else "not started"
    time = duration(share.minutes_left) if share.minutes_total else ""
    return " · ".join(part for part in (standing, modules if count else "", time) if part)


def _fitting(lines: Sequence[str]) -> str:
    """The lines that fit; 25 paths with long addresses may not all do, and the select has them all."""
    first = pages(lines, room=3300, most=MAX_PATHS)[0]
    return "\n".join(lines[: first.stop]) + ("\n-# … more in the list below" if first.stop < len(lines) else "")


def node(progress: Progress, at: Node, page: int = 0, *, share: bool = False, owner: str = "", note: str = "") -> ui.LayoutView:  # fmt: skip  # noqa: E501
    """One path with its modules, or one module with its units: each with tick, minutes and link.

    ``note`` is a first line that says what has just happened.
    """
    course = progress.course
    part = progress.share(at)
    children = at.children
    word = "module" if isinstance(at, Path) else "unit"
    done = sum(progress.is_done(child) for child in children)
    count = f"**{of(done, len(children), word)}** · " if children else ""
    above = course.ancestors(at)
    whose = f"{person(owner)} · " if owner else ""
    where = " › ".join([safe(course.code), *(safe(node.title) for node in above)])
    head = [
        note,
        f"### {whose}{linked(at.title, at.link)}",
        f"{count}{left(part)}\n{bar(part.percent)} **{part.percent} %**",
        f"-# {where}",
    ]
    lines = [_line(progress, child) for child in children]
    describing = shortened(safe(at.description), 700) if isinstance(at, Path | Module) and at.description else ""
    listed = pages(lines, room=MAX_CHARACTERS - 200 - len(describing) - sum(map(len, head[1:])))
    shown = max(0, min(page, len(listed) - 1))
    here = listed[shown]
    rows: list[Row] = []
    if not owner:
        options = [
            SelectOption(label=child.title, value=child.key, emoji="✅" if progress.is_done(child) else None)
            for child in children[here.start : here.stop]
            if child.children
        ]
        back = button("Back to the path", "open", above[-1].key) if above else button("All paths", "paths", course.id)
        rows = [
            [select(f"Open a {word}", options, "open")] if options else [],
            [
                button("Tick", "form", at.key, style=ButtonStyle.primary, emoji="☑️"),
                button("Next", "next", course.id),
                back,
                button("Share", "share", "node", at.key) if share else None,
            ],
            _turn(shown, len(listed), "open", at.key),
        ]
    return card(state_of(part), "\n".join(line for line in head if line), describing, None,
                "\n".join(lines[here.start : here.stop]), rows=rows)  # fmt: skip


def _line(progress: Progress, child: Node) -> str:
    part = progress.share(child)
    facts = [duration(child.length) if child.length else "", kind_of(child)]
    if child.children and part.done and not part.complete:
        facts.append(f"{part.done} of {part.total} done")
    elif part.complete:
        facts.append("done")
    told = " · ".join(fact for fact in facts if fact)
    return f"{mark(part)} {linked(child.title, child.link)}" + (f" · {told}" if told else "")


def _turn(page: int, count: int, verb: str, *state: str) -> Row:
    """Buttons to the pages before and after."""
    if count < 2:
        return []
    return [
        button("◀ Earlier", verb, *state, str(page - 1)) if page > 0 else None,
        button("More ▶", verb, *state, str(page + 1)) if page + 1 < count else None,
    ]


def hits(text: str, found: Sequence[Hit]) -> ui.LayoutView:
    """What a search found: where each hit is, and its link."""
    lines = []
    for hit in found:
        above = " › ".join([hit.course.code, *(node.title for node in hit.course.ancestors(hit.node))])
        facts = " · ".join([hit.node.word, *([duration(hit.node.length)] if hit.node.length else [])])
        lines.append(f"**{linked(hit.node.title, hit.node.link)}**\n-# {facts} · in {safe(above)}")
    options = {}
    for hit in found:
        openable = hit.node if hit.node.children else hit.course.ancestors(hit.node)[-1:] or hit.node
        target = openable[0] if isinstance(openable, tuple) else openable
        options[target.key] = SelectOption(label=target.title, value=target.key, description=hit.course.code)
    return card(
        State.PLAIN,
        f"### “{safe(shortened(text, 60))}”\n**{plural(len(found), 'hit')}**, best first",
        None,
        "\n".join(lines[: pages(lines, room=3300)[0].stop]),
        rows=[[select("Open one", list(options.values()), "open")]],
    )


def since(progress: Progress, at: Node) -> str:
    """``since 3 November 2026`` for a ticked node."""
    moment = progress.done_at(at)
    return f"since {day(moment)}" if moment else ""
