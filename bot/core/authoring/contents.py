"""Build the contents of a course page as a tree of learning paths, modules and units."""

import re

from bot.core.authoring.block import Block, Part
from bot.core.authoring.entry import Entry, described, entries, is_vague, last_part, row_entries
from bot.core.authoring.node import MAX_PROSE, Node
from bot.core.authoring.outline import MAX_HEADING, columns_of
from bot.core.authoring.text import Notes, fit, short, slug
from bot.core.authoring.wording import DURATION, SOLE_OVERVIEW, minutes_of
from bot.core.course.fields import MAX_TEXT

MAX_URL = 512
"""Maximum length of an address in a course file (see ``bot.core.course.course``)."""
NO_IMAGES = "a badge image was left out: the bot draws badges from `glyph` and `color`"
LEVELS = (("learning path", 25), ("module", 50), ("unit", 50))
"""The kind of node at each depth, and the maximum number per parent."""

_ADDRESS = re.compile(r"https?://[^\s<>()]+")

Rank = tuple[int, int]
"""The depth of a block: (0, level) for headings, (1, nesting) for items. A block is below blocks of lower rank."""


def _leads(block: Block, after: Block) -> bool:
    """Return whether the block ``after`` is below ``block``."""
    if block.sign == "#":
        return after.depth > block.depth if after.sign == "#" else bool(after.sign or after.links)
    return after.sign in ("-", "1", "x") and after.depth > block.depth


class Contents:
    """Collect the entries of blocks in order. ``code`` is the course's, ``page`` the file name."""

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
        """Begin a new section: what follows is not below any earlier block."""
        self._stack.clear()
        self._columns = []

    def head(self, block: Block) -> None:
        """Store the columns of a table for its rows."""
        self._columns = columns_of(block)

    def read(self, block: Block, after: Block | None) -> str:
        """Add the entries of a block; ``after`` is the next block. Return the text in front of the entries."""
        leads = after is not None and _leads(block, after)
        if block.sign == "|":
            for depth, entry in row_entries(block, self._columns, self._page):
                self._enter((1, 1 + depth), entry)
            return ""
        before, listed = entries(block, self._page)
        if block.sign == "#":
            self._heading(block, listed[0], leads)
        elif not block.sign and not block.checked and self._belongs(block, listed):
            return before
        else:
            for entry in listed:
                self._enter((1, max(1, block.depth)), entry, leads)
        return before

    def describe(self, block: Block) -> bool:
        """Add a paragraph to the heading or item above it. Return False if there is none."""
        node = self._above(block)
        if node is None:
            return False
        says = block.text
        if not node.minutes and (match := DURATION.search(says[:MAX_TEXT])):
            node.minutes = minutes_of(match)
            says = f"{says[: match.start()]} {says[match.end() :]}".strip(" :;,|–—-")
        says = described(says, block.line, self.notes)
        node.text = f"{node.text} {says}".strip()[: MAX_PROSE * 2]
        return True

    def _above(self, block: Block) -> Node | None:
        """Return the node that a paragraph belongs to: the item that contains it, or the heading above it."""
        rank = (1, block.depth) if block.depth else (0, 99)
        while self._stack and self._stack[-1][0] > rank:
            self._stack.pop()
        return self._stack[-1][1] if self._stack else None

    def _belongs(self, block: Block, found: list[Entry]) -> bool:
        """Return whether the only link of a paragraph is the address of the node above it."""
        node = self._above(block)
        if node is None or len(found) != 1 or not (link := found[0].link):
            return False
        if not (block.depth or is_vague(link)):
            return False
        node.url = node.url or self._address(link)
        node.minutes = node.minutes or found[0].minutes
        return True

    def _heading(self, block: Block, entry: Entry, leads: bool) -> None:
        sole = entry.link is None and SOLE_OVERVIEW.fullmatch(entry.title[:MAX_HEADING])
        if (leads and entry.groups) or sole:
            self._leave((0, block.depth))
            self._stack.append(((0, block.depth), None))
            self.notes.append((block.line, f"took the heading “{short(entry.title)}” as a group, not as an entry"))
            return
        self._enter((0, block.depth), entry)
        depth = sum(1 for _, node in self._stack if node)
        if entry.link is None and entry.title and 1 <= depth <= len(LEVELS):
            self.notes.append((block.line, f"took the heading “{short(entry.title)}” as a {LEVELS[depth - 1][0]}"))

    def _enter(self, rank: Rank, entry: Entry, leads: bool = False) -> None:
        """Add an entry below the nearest entry of lower rank."""
        self._leave(rank)
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

    def _leave(self, rank: Rank) -> None:
        """Leave all entries that are not above ``rank``."""
        while self._stack and self._stack[-1][0] >= rank:
            self._stack.pop()

    def _node(self, entry: Entry) -> Node:
        """Return the node of an entry. An unusable one is returned too, so that its children are dropped with it."""
        parents = [node for _, node in self._stack if node]
        above, depth = (parents[-1] if parents else self.root), len(parents)
        node = Node(entry.line, title=fit(entry.title, MAX_TEXT, entry.line, self.notes), text=entry.text)
        if depth >= len(LEVELS):
            self._drop(entry.line, node.title, "it stands below a unit")
            return node
        word, limit = LEVELS[depth]
        target = entry.link.target if entry.link else ""
        node.full = slug(entry.id) or slug(last_part(target)) or slug(node.title)
        node.full = node.full or f"{word.split()[-1]}-{len(above.children) + 1}"
        base = self._prefix.sub("", node.full)[:90].rstrip("-_.")
        taken = {child.id: child for child in above.children}
        if not node.title:
            self._drop(entry.line, entry.id, f"this {word} has no title")
        elif (
            (same := taken.get(base))
            and same.title == node.title
            and (not entry.link or same.link in ("", entry.link.target))
        ):
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
            node.url = self._address(entry.link)
            if entry.image and above is self.root:
                self.notes.append((entry.image.line, NO_IMAGES))
            node.minutes, node.link = entry.minutes, target
            above.children.append(node)
        return node

    def _address(self, part: Part | None) -> str:
        address = part.target.strip().replace("(", "%28").replace(")", "%29") if part else ""
        if _ADDRESS.fullmatch(address) and len(address) <= MAX_URL:
            return address
        if part and not part.target.startswith("#"):
            self.notes.append((part.line, "the link is no web address (http or https) and was left out"))
        return ""

    def _drop(self, line: int, what: str, why: str) -> None:
        self.notes.append((line, f"“{short(what)}” was left out: {why}"))
