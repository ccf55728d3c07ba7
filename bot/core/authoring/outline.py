"""Outline a course page: which part of a course each block belongs to, and which blocks list its contents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.authoring.block import Block, Part, plain
from bot.core.authoring.text import Notes, short
from bot.core.authoring.wording import DURATION, NUMBERED, PART_WORDS, SOLE_OVERVIEW, column_of, part_of, sole_part_of

UNKNOWN, TOP, ABOUT, SECTION = "unknown", "top", "about", "section"
"""The parts of blocks without a named part.

They are for blocks below a heading that names no part, blocks above all headings, blocks below a heading that may
introduce an overview, and headings.
"""
MAX_HEADING = 300
"""Maximum number of characters of a heading that are searched for words."""
MAX_BOLD = 60
"""Maximum length of a paragraph that can serve as a heading."""
LOWEST = 6
"""The level of a paragraph that serves as a heading."""

_CODE_LIKE = re.compile(r"\b[A-Za-z0-9]{1,16}-[A-Za-z0-9-]{1,16}\b")
_UPWARD = re.compile(r"[./]*(?:index\.\w+|readme\.\w+)?", re.IGNORECASE)
"""An address that leads out of the page's folder or to its index page: navigation."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Blocks with their parts, the heading that is the page's title (with its line), and notes."""

    title: tuple[int, str] | None
    blocks: tuple[tuple[str, Block], ...]
    notes: Notes


class _Sorter:
    """Assign blocks to parts by the headings above them.

    ``level`` is the level of the last section's heading. ``within`` is True if that section lists paths.
    """

    def __init__(self, found: Sequence[Block], titled: bool) -> None:
        headings = [block for block in found if block.sign == "#"]
        self.first = headings[0] if headings else None
        self.titled = titled
        others = [block.text[:MAX_HEADING] for block in headings[1:]]
        self.explicit = any(part_of(words) == "paths" and not NUMBERED.match(words) for words in others)
        self.part, self.level, self.depth = TOP, 0, 0
        self.within = self.listed = self.table = False
        self.title: tuple[int, str] | None = None
        self.placed: list[tuple[str, Block]] = []
        self.notes: Notes = []

    def block(self, block: Block, after: Block | None) -> None:
        """Assign a block that is not a heading. A sentence such as “The learning paths:” introduces them."""
        says = block.text
        leads = after is not None and after.sign != "#" and (after.checked or after.links or after.sign == "x")
        if not block.sign and leads and says.endswith((":", "：")) and PART_WORDS["paths"].search(says[-MAX_HEADING:]):
            self.part, self.level, self.within = "paths", self.depth, True
            self.placed.append((SECTION, block))
            return
        if block.sign != "|":
            self.table = block.sign == "h" and bool({"path", "module"} & set(columns_of(block)))
        listed = self.table or (self.listed and block.sign != "")
        self.placed.append(("paths" if listed and self.part in (TOP, UNKNOWN) else self.part, block))

    def heading(self, block: Block, after: Block | None) -> None:
        words = block.text[:MAX_HEADING]
        part = part_of(words)
        if block is self.first and (not part or re.search(r"\d", words)) and (block.depth == 1 or not self.titled):
            self.title, self.listed = (block.line, block.text), part == "paths" and not self.explicit
            self.part, self.level = TOP, 0
        elif self.within and block.depth > self.level > 0:
            part = sole_part_of(words)
            self.part = part if part in ("audience", "prerequisites", "skills") else "paths"
            self.placed += [("paths", block)] if self.part == "paths" else []
            return
        elif part in ("", "paths") and NUMBERED.match(words) and (self.part == "paths" or not self.explicit):
            self.part, self.level, self.within = "paths", block.depth, True
            self.placed += [] if self.placed and self.placed[-1][0] == "paths" else [(SECTION, block)]
            self.placed.append(("paths", block))
            return
        else:
            self._section(block, after, part, words)
        self.depth = block.depth
        self.placed.append((SECTION, block))

    def _section(self, block: Block, after: Block | None, part: str, words: str) -> None:
        if part == "overview" and not SOLE_OVERVIEW.fullmatch(_CODE_LIKE.sub("", words)):
            part = ABOUT
        self.part, self.level, self.within = part or UNKNOWN, block.depth, part == "paths"
        if not part:
            says = f"section “{short(words)}” is unknown; only marked learning paths were read in it"
            self.notes.append((block.line, says))
        elif after is None or (after.sign == "#" and not (part == "paths" and after.depth > block.depth)):
            self.notes.append((block.line, f"section “{short(words)}” is empty"))


def _is_heading(block: Block) -> bool:
    """Return whether a paragraph serves as the heading of a part: it is bold, or only the name of the part."""
    said = [part for part in block.parts if part.text]
    if block.sign or block.depth or len(block.text) > MAX_BOLD or any(part.kind for part in said):
        return False
    bold = all(part.strong for part in said) and part_of(block.text)
    return bool(bold or sole_part_of(block.text))


def outline(found: Sequence[Block], titled: bool) -> Outline:
    """Assign blocks to parts by the headings above them.

    If the page's title is known (``titled``), only a heading of level 1 counts as the title.
    """
    sorter = _Sorter(found, titled)
    for block, after in zip(found, [*found[1:], None], strict=False):
        if after and _is_heading(block):
            block.sign, block.depth = "#", LOWEST
        if block.sign == "#" and not block.checked:
            sorter.heading(block, after)
        else:
            block.sign = block.sign.replace("#", "")
            sorter.block(block, after)
    return Outline(sorter.title, tuple(sorter.placed), sorter.notes)


def certainty(part: str, block: Block) -> int:
    """Return how likely a block lists contents: 3 if marked, 2 for linked boxes elsewhere, 1 if likely, 0 if not.

    If any block of a page has a higher value, blocks with lower values list none.
    """
    linked = bool(block.links)
    if part == SECTION or block.sign == "h":
        return 0
    if block.checked or (part == "paths" and (block.sign or only_links(block) or _describes(block))):
        return 3
    if block.sign == "x":
        return 3 if part in (TOP, UNKNOWN) else 2 * linked
    if part not in (TOP, "skills", UNKNOWN) or not linked or not _leads(block):
        return 0
    if part == TOP:
        return int(bool(block.sign or only_links(block)) and not _UPWARD.fullmatch(block.links[0].target))
    return int(part == "skills" and (block.sign == "1" or (not block.sign and block.links[0].image is not None)))


def only_links(block: Block) -> bool:
    """Return whether a block contains nothing but links and a duration."""
    beside = plain([part for part in block.parts if not part.kind])
    return bool(block.links) and not re.search(r"\w", DURATION.sub("", beside[:MAX_HEADING]) + beside[MAX_HEADING:])


def _describes(block: Block) -> bool:
    """Return whether a paragraph is a link with its description: “[Title](address) – description”."""
    texts = [part for part in block.parts if part.kind or part.text]
    return len(texts) > 1 and texts[0].kind == "link" and texts[1].text.startswith(("-", "–", "—", ":", "|", "("))


def _leads(block: Block) -> bool:
    """Return whether a link starts the block, or ends an item (“Title: address”)."""
    parts = [part for part in block.parts if part.kind != "image" and re.search(r"\w", part.text)]
    return bool(parts) and (parts[0].kind == "link" or (block.sign != "" and parts[-1].kind == "link"))


def columns_of(block: Block) -> list[str]:
    """Return what each column of a table contains, by its header row."""
    return [column_of(plain(cell)[:MAX_HEADING]) for cell in cells_of(block)]


def cells_of(block: Block) -> list[list[Part]]:
    cells: list[list[Part]] = []
    for part in block.parts:
        cells += [[] for _ in range(part.cell + 1 - len(cells))]
        cells[part.cell].append(part)
    return cells
