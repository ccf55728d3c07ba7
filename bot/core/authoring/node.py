"""Learning paths, modules and units of a page in the format of a course file, with minutes for each unit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.core.authoring.text import Notes, fit, short
from bot.core.authoring.wording import USUAL_MINUTES, kind_of

MAX_PROSE, MAX_MINUTES = 1200, 6000
"""Limits of a course file (see ``bot.core.course.course``)."""


@dataclass(slots=True, eq=False)
class Node:
    """A learning path, module or unit. ``full`` and ``link`` are its ID and address as written on the page."""

    line: int
    id: str = ""
    full: str = ""
    title: str = ""
    link: str = ""
    url: str = ""
    text: str = ""
    minutes: int = 0
    estimated: bool = False
    children: "list[Node]" = field(default_factory=list)


def paths_of(root: Node, notes: Notes) -> list[dict[str, Any]]:
    """Return the learning paths in the format of a course file. Missing minutes are distributed or estimated."""
    taken = {path.id for path in root.children}
    paths = []
    for path in root.children:
        aliases = [] if path.full in taken else [path.full]
        taken.update(aliases)
        _share(path, "module", notes)
        modules = []
        for module in path.children:
            _share(module, "unit", notes)
            modules.append(_mapping(module, {}, {"units": list(_units(module, notes))}, notes))
        paths.append(_mapping(path, {"aliases": aliases}, {"modules": modules}, notes))
    return paths


def _share(parent: Node, word: str, notes: Notes) -> None:
    """Distribute the minutes of ``parent`` that are left among its children without minutes."""
    children = parent.children
    without = [child for child in children if not child.minutes and not any(unit.minutes for unit in child.children)]
    if not parent.minutes or not without:
        return
    left = parent.minutes - sum(child.minutes or sum(unit.minutes for unit in child.children) for child in children)
    for number, child in enumerate(without):
        share = (number + 1) * left // len(without) - number * left // len(without)
        child.minutes, child.estimated = max(1, share), True
        notes.append((child.line, f"a {word} without minutes has its share of those above it"))


def _mapping(node: Node, ids: dict[str, Any], children: dict[str, Any], notes: Notes) -> dict[str, Any]:
    pairs: dict[str, Any] = {"id": node.id, **ids, "title": node.title, "url": node.url}
    pairs |= {"description": fit(node.text, MAX_PROSE, node.line, notes), "minutes": _minutes(node, notes)}
    return {key: value for key, value in (pairs | children).items() if value}


def _units(module: Node, notes: Notes) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for unit in module.children:
        kind = kind_of(unit.title)
        if not unit.minutes:
            unit.minutes, unit.estimated = USUAL_MINUTES[kind], True
            notes.append((unit.line, "a unit without minutes has the usual ones of its kind"))
        if unit.text:
            notes.append((unit.line, f"“{short(unit.text)}” was left out: a unit has no description"))
        if unit.url and unit.url in seen:
            notes.append((unit.line, "the link is that of another unit and was left out"))
            unit.url = ""
        seen.add(unit.url)
        pairs = {"id": unit.id, "title": unit.title, "kind": kind.value, "minutes": _minutes(unit, notes)}
        pairs |= {"estimated": True} if unit.estimated else {}
        # Without `url: null`, the unit's address would be derived from the module's.
        yield pairs | ({"url": unit.url or None} if unit.url or module.url else {})


def _minutes(node: Node, notes: Notes) -> int:
    if node.minutes > MAX_MINUTES:
        notes.append((node.line, f"{node.minutes} minutes were cut to {MAX_MINUTES}"))
    return min(node.minutes, MAX_MINUTES)
