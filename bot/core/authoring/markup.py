"""Markdown text as a flat list of blocks, each with its line and the links, images and check boxes in it.

``markdown-it-py`` reads the page. HTML tags become the same blocks as their Markdown counterparts: its rules for
HTML blocks and indented code are off, so that Markdown between tags and indented lists are read as well.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.authoring.text import Notes, blank, tidy, without_templates

MAX_LISTS = 20
"""Nesting of HTML lists that is told apart; the library has a similar limit for Markdown."""

_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)[^\[\]\n]{1,999}\]:[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_UNDEFINED = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
"""A reference link without a definition."""
_URL = re.compile(r"(?<![\w/])(?:https?://|www\.)[^\s<>\"“”，。、；（）]+", re.IGNORECASE)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")
_HEADING = re.compile(r"h[1-6]")
_ATTRIBUTES = {
    name: re.compile(rf"(?<![\w-]){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
    for name in ("href", "src", "alt", "id")
}
_BOX = re.compile(r"\s*(?:\[\s*[xX]?\s*\]|[☐☑☒⬜⬛🔲🔳✅✔]\ufe0f?)(?:\s+|$)")


@dataclass(slots=True, eq=False)
class Part:
    """A piece of a block: a text, a ``link`` with its label, an ``image`` with its alternative text, a ``check`` box.

    ``target`` is the address, or the id of a check box. ``image`` is the image in a link's label. ``cell`` counts table
    cells.
    """

    line: int
    kind: str = ""
    words: list[str] = field(default_factory=list)
    target: str = ""
    image: "Part | None" = None
    cell: int = 0

    @property
    def text(self) -> str:
        return tidy("".join(self.words))


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, or by ``sign`` a heading (``#``), list item (``-``; numbered ``1``; with a box ``x``) or table row
    (``|``; of a table's head ``h``).

    ``depth`` is a heading's level or the nesting of lists.
    """

    line: int
    sign: str = ""
    depth: int = 0
    parts: list[Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        return plain(self.parts)

    @property
    def links(self) -> list[Part]:
        return [part for part in self.parts if part.kind == "link"]

    @property
    def checked(self) -> bool:
        """Whether a Liquid check box is in it."""
        return any(part.kind == "check" for part in self.parts)


class _Markdown(MarkdownIt):
    """CommonMark with tables and strikethrough. Links with any scheme are links; the reader judges them."""

    def __init__(self) -> None:
        super().__init__("commonmark")
        self.enable(["table", "strikethrough"]).disable(["html_block", "code"])

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return True


def blocks(text: str) -> tuple[list[Block], Notes]:
    """The blocks of a page without front matter, from top to bottom, and what was left out."""
    text, notes = without_templates(text)
    definitions: list[str] = []

    def moved(found: re.Match[str]) -> str:
        definitions.append(found[0].strip())
        return blank(found)

    # Authors put definitions right below a list, where CommonMark reads them as text of the last item.
    text = _DEFINITION.sub(moved, text)
    tokens = _Markdown().parse("\n\n".join([text, "\n".join(definitions)]))
    code = [token.map for token in tokens if token.type == "fence" and token.map]
    hidden = {line + 1 for start, end in code for line in range(start, end)}
    notes = [note for note in notes if note[0] not in hidden]
    notes += [(start + 1, "a block of code was left out") for start, _ in code]
    return _Builder().build(tokens), notes


def inline(text: str) -> str:
    """The plain text of one line that may have inline markup."""
    builder = _Builder()
    for token in _Markdown().parseInline(text):
        builder.read(token.children or ())
    return builder.block.text


class _Builder:
    """Turns tokens into blocks. ``link`` is the link whose label is being read."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.block = Block(1)
        self.link: Part | None = None
        self.line = self.level = 1
        self.cell = self.html_lists = self.inner = 0
        self.line_start = False

    def build(self, tokens: Sequence[Token]) -> list[Block]:
        lists: list[str] = []
        item: tuple[str, int] | None = None
        head = False
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    lists.append("1" if token.type[0] == "o" else "-")
                case "bullet_list_close" | "ordered_list_close":
                    lists.pop()
                case "list_item_open":
                    item = lists[-1], len(lists)
                case "heading_open":
                    self._start("#", int(token.tag[1]))
                    item = None
                case "paragraph_open":
                    self._start(*(item or ("", len(lists))))
                    item = None
                case "thead_open" | "tbody_open":
                    head = token.type == "thead_open"
                case "tr_open":
                    self._start("h" if head else "|")
                case "th_close" | "td_close":
                    self.cell += 1
                case "list_item_close":
                    item = None
                case "inline":
                    self.read(token.children or ())
        for block in self.found:
            _find_box(block)
        return [block for block in self.found if block.parts]

    def _start(self, sign: str = "", depth: int = 0) -> None:
        self.block, self.link, self.cell, self.inner = Block(self.line, sign, depth), None, 0, 0
        if sign == "#":
            self.level, self.html_lists = depth, 0
        self.found.append(self.block)

    def _add(self, kind: str, words: str, target: str = "") -> Part:
        part = Part(self.line, kind, [words], target, None, self.cell)
        self.line_start = self.line_start and not words.strip()
        self.block.parts.append(part)
        return part

    def read(self, children: Sequence[Token]) -> None:
        for token in children:
            match token.type:
                case "text":
                    self._text(token.content)
                case "code_inline":
                    self._text(token.content, bare=False)
                case "softbreak" | "hardbreak":
                    self._text("\n")
                    self.line += 1
                    self.line_start = True
                case "link_open":
                    self.link = self._add("link", "", str(token.attrGet("href") or ""))
                case "link_close":
                    self.link = None
                case "image":
                    self._image(str(token.attrGet("src") or ""), _alternative(token))
                case "html_inline":
                    self._tag(token.content)
                    self.line += token.content.count("\n")

    def _text(self, text: str, *, bare: bool = True) -> None:
        """Add a text; ``bare`` addresses in it become links."""
        if self.link:
            self.link.words.append(text)
            return
        start = 0
        for found in _URL.finditer(text) if bare else ():
            address = found[0].rstrip(".,:;!?*_~'|")
            if address.count("(") < address.count(")"):
                address = address.rstrip(").,:;!?")
            self._add("", text[start : found.start()])
            self._add("link", address, address if address[:4].lower() == "http" else f"https://{address}")
            start = found.start() + len(address)
        if text[start:]:
            self._add("", text[start:])

    def _image(self, source: str, alternative: str) -> None:
        if self.link is None:
            self._add("image", alternative, source)
        elif self.link.image is None:
            self.link.image = Part(self.line, "image", [alternative], source)

    def _tag(self, tag: str) -> None:
        found = _TAG.match(tag)
        name, opens = (found["name"].lower(), not found["close"]) if found else ("", False)
        if name == "a":
            target = _attribute(tag, "href") if opens else ""
            self.link = self._add("link", "", target) if target else None
        elif name == "img":
            self._image(_attribute(tag, "src"), _attribute(tag, "alt"))
        elif name == "input":
            if self.line_start and self.block.sign and self.block.parts:
                self._start()  # a line with a box right below a list is not part of its last item
            self._add("check", " ", _attribute(tag, "id"))
        elif name == "summary" or _HEADING.fullmatch(name):
            level = int(name[1]) if name != "summary" else self.level + 1
            self._start("#" if opens else "", level if opens else 0)
            self.level = level - 1 if name == "summary" and opens else self.level
        elif name in ("th", "td"):
            self.block.sign = "h" if name == "th" and self.block.sign == "|" and not self.cell else self.block.sign
            self.cell += not opens
        elif name in ("li", "tr"):
            self._start({"li": "-", "tr": "|"}[name] if opens else "", max(1, self.html_lists))
        elif name in ("ul", "ol", "table", "details"):
            self.html_lists = (
                min(max(0, self.html_lists + (1 if opens else -1)), MAX_LISTS)
                if name in ("ul", "ol")
                else self.html_lists
            )
            self._start()
        elif name in ("p", "div", "section", "center", "blockquote", "dt", "dd"):
            if opens and self.block.sign:
                self.inner += 1
            elif self.inner:
                self.inner -= 1
            else:
                self._start()
        elif name == "br":
            self._text("\n")


def _find_box(block: Block) -> None:
    """Turn a box at the start of an item (``[ ]``, ``[x]``, ``☐``) into the item's sign.

    The library's plugin for task lists takes quadratic time.
    """
    first = next((part for part in block.parts if part.kind or part.text), None)
    if first and not first.kind and block.sign in ("-", "1") and (box := _BOX.match(first.text)):
        block.sign, first.words = "x", [first.text[box.end() :], " "]


def _alternative(image: Token) -> str:
    return "".join(child.content or " " for child in image.children or ())


def _attribute(tag: str, name: str) -> str:
    found = _ATTRIBUTES[name].search(tag)
    return html.unescape(next(filter(None, found.groups()), "")) if found else ""


def plain(parts: Iterable[Part]) -> str:
    """The text of ``parts`` in one line; a link is its label, an image its alternative text."""
    words: list[str] = []
    cell = 0
    for part in parts:
        words += [" ", *part.words] if part.cell != cell else part.words
        cell = part.cell
        if part.image and not part.text:
            words += part.image.words
    return _UNDEFINED.sub(r"\1", tidy("".join(words)))
