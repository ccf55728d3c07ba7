"""What stands where on a course page: blocks with the part of a course that they tell, and checklists of paths."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.authoring.markup import CHECK, IMAGE, LINK, Block, Notes, beside_links, blank, plain, short, unshielded

PARTS = {
    "overview": r"\boverview\b|^about\b",
    "audience": r"\baudience\b",
    "prerequisites": r"\bprerequisites?\b",
    "skills": r"\bskills?\b|\bobjectives\b",
    "paths": r"\blearning paths?\b|^paths$|\b(?:modules|checklist|curriculum|syllabus|contents|outline)\b",
}
"""Parts of a course by words of their headings."""
UNKNOWN, TOP = "unknown", "top"
"""The part of blocks below a heading that names none, and of those above all headings."""

_PATHS = re.compile(PARTS["paths"], re.IGNORECASE)
_CHECK_OR_LINK = re.compile(rf"{CHECK.pattern}|{LINK.pattern}", re.DOTALL)
_MARK = re.compile(rf"{_CHECK_OR_LINK.pattern}|(?P<badge>!\[)", re.DOTALL)
_LEADING_LINK = re.compile(rf"(?:[*_\s]|<[^<>]*>)*+{LINK.pattern}")
_ID = re.compile(r"\bid\s*=\s*[\"']([^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class Outline:
    """Blocks with their parts, the heading that is the page's title (with its line), and what was noticed."""

    title: tuple[int, str] | None
    blocks: tuple[tuple[str, Block], ...]
    notes: Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a checklist says of one thing: the ``id`` of its box, title, address and image with lines, further text."""

    line: int
    id: str
    title: str
    link: tuple[int, str] | None
    image: tuple[int, str] | None
    text: str


def outline(found: Sequence[Block], titled: bool) -> Outline:
    """Sort blocks by the headings above them. Where the page's title is known (``titled``), only a level 1 is one."""
    part, title, placed, notes = TOP, None, [], []
    first = next((block for block in found if block.sign == "#"), None)
    for block, after in zip(found, [*found[1:], None], strict=False):
        says = plain(block.text)
        follows = "" if after is None or after.sign == "#" else after.text
        if block.sign != "#":
            if says.endswith(":") and not block.sign and _PATHS.search(says) and _CHECK_OR_LINK.search(follows):
                part = "paths"  # a sentence that announces them
            else:
                placed.append((part, block))
            continue
        part = next((name for name, words in PARTS.items() if re.search(words, says, re.IGNORECASE)), UNKNOWN)
        if block is first and (part == UNKNOWN or re.search(r"\d", says)) and (block.depth == 1 or not titled):
            part, title = TOP, (block.line, says)
        elif part == UNKNOWN:
            notes.append(
                (block.line, f"section “{short(says)}” is unknown; only marked learning paths were read in it")
            )
        elif not follows:
            notes.append((block.line, f"section “{short(says)}” is empty"))
    return Outline(title, tuple(placed), notes)


def holds_paths(part: str, block: Block, marked: bool) -> bool:
    """Whether a block lists learning paths. Where a page marks its paths, what merely looks like one is none."""
    link = _LEADING_LINK.match(block.text)
    if CHECK.search(block.text) or (link and block.sign == "x"):
        return True
    if part == "paths":
        return bool(block.sign or (LINK.search(block.text) and not beside_links(block.text)))
    if marked or not link or part not in (TOP, "skills"):
        return False
    if block.sign:
        return block.sign == "1" or part == TOP
    return "![" in link["label"]


def entries(block: Block) -> tuple[str, list[Entry]]:
    """What stands before a checklist, and its entries: an item is one, a paragraph has one for each box or link."""
    plainly = not (block.sign or CHECK.search(block.text))
    starts, linked = [], True
    for mark in _MARK.finditer(block.text):
        box, badge = mark[0].startswith("{"), mark["badge"] is not None
        if box or (linked and (plainly or "![" in (mark["label"] or ""))):
            starts.append(mark.start())
        linked = not box and not (badge and plainly) and (linked or not badge)
    if block.sign:
        starts = [0, *starts[1:]]
    spans = pairwise([*starts, len(block.text)])
    return plain(block.text[: starts[0]]), [_entry(block.line_at(a), block.text[a:b]) for a, b in spans]


def _entry(line: int, text: str) -> Entry:
    box = CHECK.search(text)
    given = _ID.search(box["given"]) if box else None
    block = Block(line, CHECK.sub(blank, text))
    link, image = LINK.search(block.text), IMAGE.search(block.text)
    own = plain(IMAGE.sub(" ", link["label"] if link else block.text))
    around = f"{block.text[: link.start()]} {block.text[link.end() :]}" if link else ""
    return Entry(
        line=line,
        id=given[1] if given else "",
        title=own or (plain(image["alt"]) if image else ""),
        link=(block.line_at(link.start()), unshielded(link["target"])) if link else None,
        image=(block.line_at(image.start()), unshielded(image["target"])) if image else None,
        text=plain(IMAGE.sub(" ", around)).strip(" -–—:|*_"),
    )
