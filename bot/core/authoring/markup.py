"""The Markdown of Jekyll pages, as far as a course page needs it: blocks with their lines, and plain text."""

import html
import re
import string
import unicodedata
from dataclasses import dataclass

import yaml

Notes = list[tuple[int, str]]
"""Lines, counted from 1, and what was found there."""

CHECK = re.compile(r"\{%-?\s*include\s+check[\w./-]*(?P<given>(?:\s(?:(?!\{%|%\}).)*)?)%\}", re.DOTALL)
"""The Liquid tag that draws a box to tick."""
_TARGET = r"\(\s*<?(?P<target>(?:[^()\s<>]|\([^()\s<>]*+\))*+)>?(?:\s[^()]*+)?\)"
_LABEL = r"\[(?P<label>(?:[^\[\]]|\[[^\[\]]*+\])*+)\]"
IMAGE = re.compile(rf"!\[(?P<alt>[^\[\]]*+)\]{_TARGET}")
LINK = re.compile(rf"(?<!!){_LABEL}{_TARGET}")

_FRONT = re.compile(r"\A\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not take."""
_HIDDEN = re.compile(r"<!--(?:(?!<!--).)*?-->|\{::?[^{}\n]*\}|\{#[\w-]+\}", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)[^\n]*\n(?:.*?\n)?? {0,3}\1[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
_LIQUID = re.compile(r"\{%(?:(?!\{%).)*?%\}|\{\{(?:(?!\{\{).)*?\}\}|<!--|\{%|\{\{", re.DOTALL)
_ANCHOR = re.compile(
    r"(?P<tag><a\b[^<>]*?\bhref=[\"'](?P<href>[^\"'<>\s]*)[\"'][^<>]*>)(?P<label>(?:(?!<a\b).)*?)</a>",
    re.DOTALL | re.IGNORECASE,
)
_PICTURE = re.compile(
    r"<img\b(?=[^<>]*?\bsrc=[\"'](?P<src>[^\"'<>\s]*))(?:(?=[^<>]*?\balt=[\"'](?P<alt>[^\"'<>\[\]]*))|)[^<>]*>",
    re.IGNORECASE,
)
_HEADING = re.compile(r" {0,3}(?P<level>#{1,6})\s+(?P<text>.*?)[\s#]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})$")
_RULE = re.compile(r" {0,3}([-*_=])(?: *\1)+$")
_ITEM = re.compile(r"(?P<indent> *)(?P<sign>[-*+]|\d{1,9}[.)])(?P<box> +\[[ xX]\])?(?: +(?P<text>.*))?$")
_LITERAL = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~\n])|(?<!`)(?P<ticks>`++)(?P<code>.{1,999}?)(?<!`)(?P=ticks)(?!`)",
    re.DOTALL,
)
_INLINE = re.compile(
    rf"!?{_LABEL}(?:\((?:[^()]|\([^()]*+\))*+\)|\[[^\[\]]*+\])"
    r"|<(?P<address>https?://[^\s<>]+)>|(?P<gap><(?:br|/?(?:p|div|li|ul|ol|td|tr))\b[^<>]*>)|</?[a-z][^<>]*>"
    r"|(?P<star>\*{1,3}|~~)(?=\S)(?P<strong>.{1,1200}?)(?<=\S)(?P=star)"
    r"|(?<!\w)(?P<bar>_{1,3})(?=\S)(?P<slanted>.{1,1200}?)(?<=\S)(?P=bar)(?!\w)",
    re.DOTALL | re.IGNORECASE,
)
_SHIELDED = {ord(sign): 0x10F000 + ord(sign) for sign in string.punctuation}
"""Punctuation that is no markup (escaped, or in code) waits in a private area of Unicode until the markup is gone."""
_UNSHIELDED = {value: key for key, value in _SHIELDED.items()}


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, or by ``sign`` a heading (``#``), list item (``-``), numbered one (``1``) or one with a box (``x``).

    ``depth`` is a heading's level or an item's indent.
    """

    line: int
    text: str
    sign: str = ""
    depth: int = 0

    def line_at(self, position: int) -> int:
        """The line of a place in the text."""
        return self.line + self.text.count("\n", 0, position)


def cleaned(text: str) -> tuple[str, Notes]:
    """``text`` with every line in its place, but without comments, code blocks and Liquid tags other than ``CHECK``.

    Links and images in HTML become those of Markdown.
    """
    notes: Notes = []

    def gone(found: re.Match[str]) -> str:
        tag = found[0]
        if CHECK.fullmatch(tag):
            return tag
        what = f"“{short(tag)}” was left out"
        if tag in ("<!--", "{%", "{{"):
            what = f"“{tag}” is never closed; what follows it was read as text"
        elif _UNPRINTABLE.fullmatch(tag):
            what = f"the control character U+{ord(tag):04X} was left out"
        elif tag.lstrip().startswith(("`", "~")):
            what = "a block of code was left out"
        notes.append((found.string.count("\n", 0, found.start()) + 1, what))
        return blank(found)

    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _HIDDEN.sub(blank, _UNPRINTABLE.sub(gone, text))
    text = _LIQUID.sub(gone, _FENCE.sub(gone, text))
    text = _PICTURE.sub(lambda tag: f"![{tag['alt'] or ''}]({tag['src']}{_breaks(tag[0])})", text)
    return _ANCHOR.sub(lambda tag: f"[{tag['label']}]({tag['href']}{_breaks(tag['tag'])})", text), notes


def front_matter(text: str) -> tuple[dict[str, tuple[int, str]], str, Notes]:
    """The front matter's keys with their lines and values (empty where not a text), and ``text`` without it."""
    found = _FRONT.match(text)
    if not found:
        return {}, text, []
    first = text.count("\n", 0, found.start("yaml")) + 1
    rest = blank(found) + text[found.end() :]
    try:
        root = yaml.compose(found["yaml"], yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        says = f"the front matter is not YAML ({problem or 'nested too deeply'}); it was left out"
        return {}, rest, [(first + (mark.line if mark else 0), says)]
    if not isinstance(root, yaml.MappingNode):
        return {}, rest, [(first, "the front matter has no keys; it was left out")] if root else []
    pairs = [(_scalar(key) or "?", first + key.start_mark.line, _scalar(value)) for key, value in root.value]
    return {key: (line, value) for key, line, value in pairs}, rest, []


def _scalar(node: yaml.Node) -> str:
    said = plain(node.value) if isinstance(node, yaml.ScalarNode) else ""
    return "" if said in ("~", "null") else said


def blocks(text: str) -> list[Block]:
    """The blocks of a cleaned text, from top to bottom."""
    found: list[Block] = []
    block: Block | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.expandtabs(4).rstrip()
        if block and not block.sign and "\n" not in block.text and _UNDERLINE.match(line):
            block.sign, block.depth, block = "#", 1 if "=" in line else 2, None
        elif not line or _RULE.match(line):
            block = None
        elif heading := _HEADING.match(line):
            sign = "" if CHECK.search(heading["text"]) else "#"
            found.append(Block(number, heading["text"], sign, len(heading["level"])))
            block = None
        elif item := _ITEM.match(line):
            sign = "x" if item["box"] else "1" if item["sign"][0].isdigit() else "-"
            block = Block(number, item["text"] or "", sign, len(item["indent"]))
            found.append(block)
        elif block and not (block.sign and line[0] != " " and CHECK.search(line)):
            block.text += f"\n{line}"
        else:
            block = Block(number, line)
            found.append(block)
    for block in found:
        block.text = _LITERAL.sub(lambda part: (part["escaped"] or part["code"]).translate(_SHIELDED), block.text)
    return found


def plain(text: str) -> str:
    """``text`` in one line without links, emphasis, tags and entities; what it says stays."""
    for _ in range(5):  # markup within markup, from the outside in; deeper than this nobody writes
        before, text = text, _INLINE.sub(_said, text)
        if text == before:
            break
    return tidy(html.unescape(text).translate(_UNSHIELDED))


def _said(found: re.Match[str]) -> str:
    if found["gap"]:
        return " "
    return next((found[part] for part in ("label", "address", "strong", "slanted") if found[part]), "")


def beside_links(text: str) -> str:
    """What ``text`` says apart from its links and images."""
    return plain(IMAGE.sub(" ", LINK.sub(" ", text)))


def unshielded(text: str) -> str:
    """``text`` as it stood on the page."""
    return html.unescape(text.translate(_UNSHIELDED))


def blank(found: re.Match[str]) -> str:
    """As many line breaks as the match has, so that the lines below it keep their numbers."""
    return _breaks(found[0])


def _breaks(text: str) -> str:
    return "\n" * text.count("\n")


def tidy(text: str) -> str:
    """``text`` in one line, with single spaces and without what YAML does not take."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def slug(text: str) -> str:
    """``text`` in lower-case Latin letters and digits with single ``-``, ``_`` or ``.`` between; may be empty."""
    latin = unicodedata.normalize("NFKD", unshielded(text)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", latin))[:100].rstrip("-_.")


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, between words where they are not too long."""
    if len(text) <= limit:
        return text
    text = text[: limit - 1]
    return f"{text.rpartition(' ')[0] if ' ' in text[limit // 2 :] else text}".rstrip() + "…"


def short(text: str) -> str:
    """The beginning of ``text``, to quote it in one line."""
    return cut(tidy(text), 60)
