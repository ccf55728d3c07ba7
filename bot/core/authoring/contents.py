"""The contents of a course page as a tree: learning paths, modules below them, units below modules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.core.authoring.entry import Entry, entries, is_vague, last_part, row_entries
from bot.core.authoring.markup import Block, Part
from bot.core.authoring.outline import MAX_HEADING, columns_of
from bot.core.authoring.text import Notes, cut, short, slug
from bot.core.authoring.wording import DURATION, SOLE_OVERVIEW, USUAL_MINUTES, kind_of, minutes_of
from bot.core.course.course import MAX_TEXT

MAX_PROSE, MAX_ADDRESS, MAX_MINUTES = 1200, 512, 6000
"""Limits of a course file (its rules are in ``bot.core.course.course``)."""
LEVELS = (("learning path", 25), ("module", 50), ("unit", 50))
"""What stands at each depth, and how many of them one parent takes."""

_ADDRESS = re.compile(r"https?://[^\s<>()]+")

Rank = tuple[int, int]
"""How deep a block stands: (0, level) for headings, (1, nesting) for items; a higher one is below a lower one."""


@dataclass(slots=True, eq=False)
class Node:
    """A learning path, module or unit. ``full`` is its id as it stands on the page."""

    line: int
    id: str = ""
    full: str = ""
    title: str = ""
    url: str = ""
    badge: str = ""
    text: str = ""
    minutes: int = 0
    estimated: bool = False
    children: "list[Node]" = field(default_factory=list)


def _leads(block: Block, after: Block) -> bool:
    """Whether the block ``after`` stands below ``block``."""
    if block.sign == "#":
        return after.depth > block.depth if after.sign == "#" else bool(after.sign or after.links)
    return after.sign in ("-", "1", "x") and after.depth > block.depth


class Contents:
    """Collects the entries of the blocks in order. ``code`` is the course's, ``page`` the name of the file."""

    def __init__(self, code: str, page: str) -> None:
        short_code = slug(code)
        self._prefix = re.compile(rf"^(?:{re.escape(short_code)}|{re.sub('[-_.]', '', short_code)})[-_.]")
        self._page = page.rpartition("/")[2]
        self._stack: list[tuple[Rank, Node | None]] = []
        self._columns: list[str] = []
        self._row: list[Node] = []
        self.root = Node(0)
        self.notes: Notes = []

    def section(self) -> None:
        """A new section begins: what follows is below nothing."""
        self._stack.clear()
        self._columns = []

    def head(self, block: Block) -> None:
        """Keep the columns of a table for its rows."""
        self._columns = columns_of(block)

    def read(self, block: Block, after: Block | None) -> str:
        """Add the entries of a block, with the block ``after`` it. Returns the text in front of them."""
        leads = after is not None and _leads(block, after)
        if block.sign == "|":
            for depth, entry in row_entries(block, self._columns, self._page):
                self._enter((1, 1 + depth), entry)
            return ""
        before, found = entries(block, self._page)
        if block.sign == "#":
            self._heading(block, found[0], leads)
        elif not block.sign and not block.checked and self._belongs(block, found):
            return before
        else:
            for entry in found:
                self._enter((1, max(1, block.depth)), entry, leads)
        return before

    def describe(self, block: Block) -> bool:
        """Add a paragraph to the heading or item above it. False where there is none."""
        node = self._above(block)
        if node is None:
            return False
        says = block.text
        if not node.minutes and (found := DURATION.search(says[:MAX_TEXT])):
            node.minutes = minutes_of(found)
            says = f"{says[: found.start()]} {says[found.end() :]}".strip(" :;,|–—-")
        node.text = f"{node.text} {says}".strip()[: MAX_PROSE * 2]
        return True

    def _above(self, block: Block) -> Node | None:
        """The node that a paragraph belongs to: the item that holds it, or the heading above it."""
        rank = (1, block.depth) if block.depth else (0, 99)
        while self._stack and self._stack[-1][0] > rank:
            self._stack.pop()
        return self._stack[-1][1] if self._stack else None

    def _belongs(self, block: Block, found: list[Entry]) -> bool:
        """Whether the only link of a paragraph is the address of what stands above it."""
        node = self._above(block)
        if node is None or len(found) != 1 or not (link := found[0].link):
            return False
        if not (block.depth or is_vague(link)):
            return False
        node.url = node.url or self._address("link", link)
        node.minutes = node.minutes or found[0].minutes
        return True

    def _heading(self, block: Block, entry: Entry, leads: bool) -> None:
        if (leads and entry.groups) or SOLE_OVERVIEW.fullmatch(entry.title[:MAX_HEADING]):
            self._push((0, block.depth), None)
            self.notes.append((block.line, f"took the heading “{short(entry.title)}” as a group, not as an entry"))
            return
        self._enter((0, block.depth), entry)
        depth = sum(1 for _, node in self._stack if node)
        if entry.link is None and entry.title and 1 <= depth <= len(LEVELS):
            self.notes.append((block.line, f"took the heading “{short(entry.title)}” as a {LEVELS[depth - 1][0]}"))

    def _enter(self, rank: Rank, entry: Entry, leads: bool = False) -> None:
        """Add an entry below what has a lower rank."""
        while self._stack and self._stack[-1][0] >= rank:
            self._stack.pop()
        if entry.inner:
            self.notes.append((entry.line, "a link into the page itself was left out"))
            self._stack.append((rank, None))
        elif not entry.title and entry.minutes and self._stack and (above := self._stack[-1][1]):
            above.minutes = above.minutes or entry.minutes
        elif rank[0] and leads and entry.groups:
            self._stack.append((rank, None))
            self.notes.append((entry.line, f"took “{short(entry.title)}” as a group, not as an entry"))
        else:
            self.notes += entry.notes
            self._stack.append((rank, self._node(entry)))

    def _push(self, rank: Rank, node: Node | None) -> None:
        while self._stack and self._stack[-1][0] >= rank:
            self._stack.pop()
        self._stack.append((rank, node))

    def _node(self, entry: Entry) -> Node:
        """The node of an entry. One that can't be used comes back as well, so that those below it go with it."""
        parents = [node for _, node in self._stack if node]
        above, depth = (parents[-1] if parents else self.root), len(parents)
        node = Node(entry.line, title=self._fit(entry.line, entry.title, MAX_TEXT), text=entry.text)
        if depth >= len(LEVELS):
            self._drop(entry.line, node.title, "it stands below a unit")
            return node
        word, limit = LEVELS[depth]
        node.full = slug(entry.id) or slug(last_part(entry.link.target) if entry.link else "") or slug(node.title)
        node.full = node.full or f"{word.split()[-1]}-{len(above.children) + 1}"
        base = self._prefix.sub("", node.full)[:90].rstrip("-_.")
        taken = {child.id: child for child in above.children}
        if not node.title:
            self._drop(entry.line, entry.id, f"this {word} has no title")
        elif (same := taken.get(base)) and same.title == node.title:
            if same.line != entry.line and not self._columns:
                self._drop(entry.line, node.title, "it is listed twice")
            return same
        elif len(taken) == limit:
            what = "course" if above is self.root else LEVELS[depth - 1][0]
            self._drop(entry.line, node.title, f"a {what} takes {limit} {word}s")
        else:
            node.id = next(new for n in range(1, limit + 2) if (new := f"{base}-{n}" if n > 1 else base) not in taken)
            if node.id != base:
                self.notes.append((entry.line, f"id “{base}” is taken, so “{short(node.title)}” has “{node.id}”"))
            node.url, node.badge = self._address("link", entry.link), self._address("badge", entry.image)
            node.minutes = entry.minutes
            above.children.append(node)
        return node

    def _address(self, what: str, part: Part | None) -> str:
        address = part.target.strip().replace("(", "%28").replace(")", "%29") if part else ""
        if _ADDRESS.fullmatch(address) and len(address) <= MAX_ADDRESS:
            return address
        if part and not part.target.startswith("#"):
            self.notes.append((part.line, f"the {what} is no web address (http or https) and was left out"))
        return ""

    def _drop(self, line: int, what: str, why: str) -> None:
        self.notes.append((line, f"“{short(what)}” was left out: {why}"))

    def _fit(self, line: int, says: str, limit: int) -> str:
        if len(says) > limit:
            self.notes.append((line, f"“{short(says)}” has {len(says)} characters and was cut to {limit}"))
        return cut(says, limit)

    def paths(self) -> list[dict[str, Any]]:
        """The learning paths as in a course file. Minutes that the page doesn't give are shared out or estimated."""
        taken = {path.id for path in self.root.children}
        made = []
        for path in self.root.children:
            aliases = [] if path.full in taken else [path.full]
            taken.update(aliases)
            self._share(path, path.children, "module")
            modules = [self._module(module) for module in path.children]
            made.append(self._mapping(path, {"aliases": aliases}, {"badge": path.badge}, {"modules": modules}))
        return made

    def _module(self, module: Node) -> dict[str, Any]:
        self._share(module, module.children, "unit")
        return self._mapping(module, {}, {}, {"units": list(self._units(module))})

    def _mapping(self, node: Node, *more: dict[str, Any]) -> dict[str, Any]:
        ids, badge, children = more
        text = self._fit(node.line, node.text, MAX_PROSE)
        pairs = {"id": node.id, **ids, "title": node.title, "url": node.url, **badge, "description": text}
        pairs |= {"minutes": self._minutes(node), **children}
        return {key: value for key, value in pairs.items() if value}

    def _units(self, module: Node) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        for unit in module.children:
            kind = kind_of(unit.title)
            if not unit.minutes:
                unit.minutes, unit.estimated = USUAL_MINUTES[kind], True
                self.notes.append((unit.line, "a unit without minutes has the usual ones of its kind"))
            if unit.text:
                self._drop(unit.line, unit.text, "a unit has no description")
            if unit.url in seen:
                self.notes.append((unit.line, "the link is that of another unit and was left out"))
                unit.url = ""
            seen.add(unit.url or "-")
            pairs = {"id": unit.id, "title": unit.title, "kind": kind.value, "minutes": self._minutes(unit)}
            pairs |= {"estimated": True} if unit.estimated else {}
            # Without `url: null` the unit's address would be made from the module's.
            yield pairs | ({"url": unit.url or None} if unit.url or module.url else {})

    def _minutes(self, node: Node) -> int:
        if node.minutes > MAX_MINUTES:
            self.notes.append((node.line, f"{node.minutes} minutes were cut to {MAX_MINUTES}"))
        return min(node.minutes, MAX_MINUTES)

    def _share(self, parent: Node, children: list[Node], word: str) -> None:
        """Give the minutes of ``parent`` that its children don't account for to those without minutes."""
        without = [child for child in children if not child.minutes and not any(u.minutes for u in child.children)]
        if not parent.minutes or not without:
            return
        left = parent.minutes - sum(child.minutes or sum(unit.minutes for unit in child.children) for child in children)
        for number, child in enumerate(without):
            share = (number + 1) * left // len(without) - number * left // len(without)
            child.minutes, child.estimated = max(1, share), True
            self.notes.append((child.line, f"a {word} without minutes has its share of those above it"))
