"""Parse Markdown text into a flat list of blocks, each with its line, links, images and check boxes.

``markdown-it-py`` parses the page. HTML tags become the same blocks as their Markdown counterparts. The parser's rules
for HTML blocks and indented code are off, so that Markdown between tags and indented lists are parsed too.
"""

import html
import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.authoring.block import Block, Part
from bot.core.authoring.text import Notes, blank, without_templates

MAX_LISTS = 20
"""Maximum nesting of HTML lists that is distinguished. The library has a similar limit for Markdown."""

_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)[^\[\]\n]{1,999}\]:[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_URL = re.compile(r"(?<![\w/])(?:https?://|www\.)[^\s<>\"“”，。、；（）]+", re.IGNORECASE)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)")
_PARAGRAPHS = frozenset({"p", "div", "section", "center", "blockquote", "dt", "dd"})
_HEADING = re.compile(r"h[1-6]")
_ATTRIBUTES = {
    name: re.compile(rf"(?<![\w-]){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
    for name in ("href", "src", "alt", "id")
}
_BOX = re.compile(r"\s*(?:\[\s*[xX]?\s*\]|[☐☑☒⬜⬛🔲🔳✅✔]\ufe0f?)(?:\s+|$)")


class _Markdown(MarkdownIt):
    """CommonMark with tables and strikethrough. Accepts links with any scheme; the reader checks them."""

    def __init__(self) -> None:
        super().__init__("commonmark")
        self.enable(["table", "strikethrough"]).disable(["html_block", "code"])

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return True


def blocks(text: str) -> tuple[list[Block], Notes]:
    """Return the blocks of a page without front matter, in order, and notes on what was left out."""
    text, notes = without_templates(text)
    definitions: list[str] = []

    def moved(found: re.Match[str]) -> str:
        definitions.append(found[0].strip())
        return blank(found)

    # Authors put link definitions right below a list, where CommonMark parses them as text of the last item.
    text = _DEFINITION.sub(moved, text)
    tokens = _Markdown().parse("\n\n".join([text, "\n".join(definitions)]))
    code = [token.map for token in tokens if token.type == "fence" and token.map]
    hidden = {line + 1 for start, end in code for line in range(start, end)}
    notes = [note for note in notes if note[0] not in hidden]
    notes += [(start + 1, "a block of code was left out") for start, _ in code]
    return _Builder().build(tokens), notes


def inline(text: str) -> str:
    """Return the plain text of one line that may have inline markup."""
    builder = _Builder()
    for token in _Markdown().parseInline(text):
        builder.read(token.children or ())
    return builder.block.text


class _Builder:
    """Build blocks from tokens. ``link`` is the link whose label is being read."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.block = Block(1)
        self.link: Part | None = None
        self.line = self.level = 1
        self.cell = self.html_lists = self.inner = 0
        self.line_start = self.strong = self.held = False
        self.lists: list[str] = []
        self.item: tuple[str, int] | None = None
        self.row = "|"

    def build(self, tokens: Sequence[Token]) -> list[Block]:
        for token in tokens:
            self.line = token.map[0] + 1 if token.map else self.line
            if token.type == "inline":
                self.read(token.children or ())
            elif token.nesting == 1:
                self._open(token)
            elif token.nesting == -1:
                self._close(token)
        for block in self.found:
            _find_box(block)
        return [block for block in self.found if any(part.kind or part.text for part in block.parts)]

    def _open(self, token: Token) -> None:
        match token.tag:
            case "ul" | "ol":
                self.lists.append("1" if token.tag == "ol" else "-")
            case "li":
                self.item = self.lists[-1], len(self.lists)
            case "p" if self.item or not self.held:
                self._start(*(self.item or ("", len(self.lists))))
                self.item = None
            case "thead" | "tbody":
                self.row = "h" if token.tag == "thead" else "|"
            case "tr":
                self._start(self.row)
            case tag if _HEADING.fullmatch(tag):
                self._start("#", int(tag[1]))
                self.item = None

    def _close(self, token: Token) -> None:
        match token.tag:
            case "ul" | "ol":
                self.lists.pop()
            case "li":
                self.item = None
            case "th" | "td":
                self.cell += 1

    def _start(self, sign: str = "", depth: int = 0) -> None:
        self.block, self.link, self.cell, self.inner = Block(self.line, sign, depth), None, 0, 0
        self.strong = False
        if sign == "#":
            self.level, self.html_lists, self.held = depth, 0, False
        self.found.append(self.block)

    def _add(self, kind: str, words: str, target: str = "") -> Part:
        part = Part(self.line, kind, [words], target, None, self.cell, self.strong)
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
                case "strong_open" | "strong_close":
                    self.strong = token.nesting == 1
                case "image":
                    self._image(str(token.attrGet("src") or ""), _alternative(token))
                case "html_inline":
                    self._tag(token.content)
                    self.line += token.content.count("\n")

    def _text(self, text: str, *, bare: bool = True) -> None:
        """Add a text. With ``bare``, addresses in it become links."""
        if self.link:
            self.link.words.append(text)
            return
        start = 0
        for match in _URL.finditer(text) if bare else ():
            address = match[0].rstrip(".,:;!?*_~'|")
            if address.count("(") < address.count(")"):
                address = address.rstrip(").,:;!?")
            self._add("", text[start : match.start()])
            self._add("link", address, address if address[:4].lower() == "http" else f"https://{address}")
            start = match.start() + len(address)
        if text[start:]:
            self._add("", text[start:])

    def _image(self, source: str, alternative: str) -> None:
        if self.link is None:
            self._add("image", alternative, source)
        elif self.link.image is None:
            self.link.image = Part(self.line, "image", [alternative], source)

    def _tag(self, tag: str) -> None:
        match = _TAG.match(tag)
        name, opens = (match["name"].lower(), not match["close"]) if match else ("", False)
        match name:
            case "a":
                target = _attribute(tag, "href") if opens else ""
                self.link = self._add("link", "", target) if target else None
            case "img":
                self._image(_attribute(tag, "src"), _attribute(tag, "alt"))
            case "input":
                if self.line_start and self.block.sign and self.block.parts:
                    self._start()  # a line with a box right below a list is not part of its last item
                self._add("check", " ", _attribute(tag, "id"))
            case "br":
                self._text("\n")
            case "b" | "strong":
                self.strong = opens
            case "th" | "td":
                if name == "th" and self.block.sign == "|" and not self.cell:
                    self.block.sign = "h"
                self.cell += not opens
            case _:
                self._block_tag(name, opens)

    def _block_tag(self, name: str, opens: bool) -> None:
        """Begin a block if a tag starts or ends one."""
        if name == "summary" or _HEADING.fullmatch(name):
            level = int(name[1]) if name != "summary" else self.level + 1
            self._start("#" if opens else "", level if opens else 0)
            if name == "summary" and opens:
                self.level = level - 1  # the next summary is not below this one
        elif name in ("li", "tr"):
            sign = "-" if name == "li" else "|"
            self._start(sign if opens else "", max(1, self.html_lists))
            self.held = opens  # blank lines in an item or row don't end it
        elif name in ("ul", "ol", "table", "details"):
            if name in ("ul", "ol"):
                self.html_lists = min(max(0, self.html_lists + (1 if opens else -1)), MAX_LISTS)
            self._start()
            self.held = False
        elif name in _PARAGRAPHS:
            if opens and self.block.sign:
                self.inner += 1
            elif self.inner:
                self.inner -= 1
            else:
                self._start()


def _find_box(block: Block) -> None:
    """Convert a check box at the start of an item (``[ ]``, ``[x]``, ``☐``) to the item's sign.

    The library's plugin for task lists takes quadratic time.
    """
    first = next((part for part in block.parts if part.kind or part.text), None)
    if first and not first.kind and block.sign in ("-", "1") and (box := _BOX.match(first.text)):
        block.sign, first.words = "x", [first.text[box.end() :], " "]


def _alternative(image: Token) -> str:
    return "".join(child.content or " " for child in image.children or ())


def _attribute(tag: str, name: str) -> str:
    match = _ATTRIBUTES[name].search(tag)
    return html.unescape(next(filter(None, match.groups()), "")) if match else ""
