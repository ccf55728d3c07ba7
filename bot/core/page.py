"""Course pages as authors keep them (Jekyll, Markdown, a checklist of learning paths), turned into course files."""

import html
import re
import string
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.core.course import MAX_TEXT
from bot.errors import BadInput

MAX_PAGE = 100_000
"""Characters of a page; a usual one has five thousand."""
MAX_PROSE, MAX_POINT, MAX_POINTS, MAX_PATHS, MAX_ADDRESS = 1200, 300, 12, 25, 512
"""What a course file takes (the rules are those of ``bot.core.course``)."""

_SECTIONS = {
    "overview": r"\boverview\b|^about\b",
    "audience": r"\baudience\b",
    "prerequisites": r"\bprerequisites?\b",
    "skills": r"\bskills?\b|\bobjectives\b",
    "paths": r"\blearning paths?\b|^paths\b|\bmodules\b|\bchecklist\b|\bcurriculum\b|\bsyllabus\b",
}
_FIELDS = {"title", "course", "code", "number", "certification", "level"}
_PRESENTATION = {"layout", "permalink", "published"}
_BARE_CODE = r"(?P<code>(?=[A-Z]+\d*-)(?=[A-Z-]*\d)[A-Z0-9]+(?:-[A-Z0-9]+)+)"
_CODE_IN_BRACKETS = re.compile(r"\s*\((?P<code>(?=[^)]*\d)(?=[^)]*[A-Z-])[A-Z0-9]+(?:[-_.][A-Z0-9]+)*)\)")
_CODES = (_CODE_IN_BRACKETS, re.compile(rf"^{_BARE_CODE}(?:\s*[:|–—]|\s+-)?\s+"), re.compile(rf"[\s:|–—-]+{_BARE_CODE}$"))
_CODE = re.compile(r"(?=.{1,32}$)[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
_EDITION = re.compile(r"(?<=\d)T\d\d(?:-[A-Z])?$")
"""What Microsoft's course number has beyond the exam's code: AZ-104T00-A."""

_SHIELDED = {ord(sign): 0x10F000 + ord(sign) for sign in string.punctuation}
"""Punctuation that is no markup (escaped, or in code) waits in a private area of Unicode until markup is gone."""
_BARE = {value: key for key, value in _SHIELDED.items()}
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FRONT = re.compile(r"\A\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M | re.S)
_HIDDEN = re.compile(
    r"<!--(?:(?!<!--).)*?-->|\{::?[^{}\n]*\}|\{#[\w-]+\}"
    r"|\{%-?\s*comment\b(?:(?!\{%-?\s*comment\b).)*?\{%-?\s*endcomment\s*-?%\}",
    re.S,
)
_FOREIGN = re.compile(
    r"<(?P<tag>script|style)\b(?:(?!<(?P=tag)\b).)*?</(?P=tag)\s*>"
    r"|^ {0,3}(?P<fence>`{3,}+|~{3,}+)[^\n]*\n(?:.*?\n)?? {0,3}(?P=fence)[`~]*[ \t]*$",
    re.S | re.M | re.I,
)
_CHECK = re.compile(r"\{%-?\s*include\s+check[\w./-]*(?P<given>(?:\s(?:(?!\{%|%\}).)*)?)%\}", re.S)
_LIQUID = re.compile(r"\{%(?:(?!\{%).)*?%\}|\{\{(?:(?!\{\{).)*?\}\}|<!--|\{%|\{\{", re.S)
_ANCHOR = re.compile(r"<a\b[^<>]*\bhref=[\"']([^\"'<>]*)[\"'][^<>]*>((?:(?!<a\b).)*?)</a>", re.S | re.I)
_PICTURE = re.compile(r"<img\b(?=[^<>]*\bsrc=[\"']([^\"'<>]*))(?:(?=[^<>]*\balt=[\"']([^\"'<>]*)))?[^<>]*>", re.I)
_LITERAL = re.compile(r"\\([!-/:-@\[-`{-~\n])|(?<!`)(?P<ticks>`++)(?P<code>.{1,1200}?)(?<!`)(?P=ticks)(?!`)", re.S)
_TARGET = r"\(\s*<?(?P<target>(?:[^()\s<>]|\([^()\s<>]*+\))*+)>?(?:\s[^()]*+)?\)"
_IMAGE = re.compile(rf"!\[(?P<alt>[^\[\]]*+)\]{_TARGET}")
_LINK = re.compile(rf"(?<!!)\[(?P<label>(?:[^\[\]]|\[[^\[\]]*+\])*+)\]{_TARGET}")
_STARTS_WITH_LINK = re.compile(rf"(?:[*_\s]|<[^<>]*>)*+{_LINK.pattern}")
_INLINE = re.compile(
    r"!?\[(?P<label>(?:[^\[\]]|\[[^\[\]]*+\])*+)\](?:\((?:[^()]|\([^()]*+\))*+\)|\[[^\[\]]*+\])"
    r"|<(?P<address>https?://[^\s<>]+)>|(?P<gap><(?:br|/?(?:p|div|li|ul|ol|td|tr))\b[^<>]*>)|</?[a-z][^<>]*>"
    r"|(?P<star>\*{1,3}|~~)(?=\S)(?P<strong>.{1,1200}?)(?<=\S)(?P=star)"
    r"|(?<!\w)(?P<bar>_{1,3})(?=\S)(?P<slanted>.{1,1200}?)(?<=\S)(?P=bar)(?!\w)",
    re.S | re.I,
)
_HEADING = re.compile(r" {0,3}(?P<level>#{1,6})\s+(?P<text>.*?)[\s#]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})$")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,}$")
_ITEM = re.compile(r"(?P<indent> *)(?P<sign>[-*+]|\d{1,9}[.)])(?P<box> +\[[ xX]\])?(?: +(?P<text>.*))?$")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: the mapping of a course file, and ``name:LINE: …`` for each thing that could not be read."""

    name: str
    course: dict[str, Any]
    unread: tuple[str, ...]


@dataclass(slots=True)
class _Block:
    """A heading, list item or paragraph. ``sign``: ``#`` heading, ``-`` item, ``1`` numbered, ``x`` with a box."""

    line: int
    text: str
    sign: str = ""
    indent: int = 0
    section: str = ""


def read_page(text: str, name: str) -> Page:
    """The course that a page describes. Raises ``BadInput`` where it has no code or no learning path."""
    return _Reader(_tidy(name)).page(text)


def to_yaml(page: Page) -> str:
    """The course file of a page, with a comment on top that says what could not be read."""
    says = [f"# Course data of {page.course['code']} for Waymark, imported from {page.name}."]
    says += ["# Not read, or changed, on the way:"] if page.unread else []
    for line in page.unread:
        says += textwrap.wrap(f"- {line}", 118, initial_indent="# ", subsequent_indent="#   ", break_long_words=False)
    options: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "default_flow_style": False, "width": 110}
    return "\n".join(says) + "\n" + yaml.dump(page.course, Dumper=_Dumper, **options)


class _Dumper(yaml.SafeDumper):
    """Writes as the files in ``data/courses`` are written: lists indented, ids on one line, long texts folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def represent_scalar(self, tag: str, value: Any, style: str | None = None) -> yaml.ScalarNode:
        return super().represent_scalar(tag, value, ">" if len(str(value)) > 100 and " " in str(value) else style)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        short = all(isinstance(item, str) and " " not in item for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=short or flow_style)


@dataclass(slots=True)
class _Reader:
    """Reads one page. ``notes`` are lines and sentences, ``prose`` what the sections hold, with lines and signs."""

    name: str
    notes: list[tuple[int, str]] = field(default_factory=list)
    facts: dict[str, tuple[int, str]] = field(default_factory=dict)
    prose: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    paths: list[dict[str, Any]] = field(default_factory=list)
    homeless: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    depth: int = 0

    def page(self, text: str) -> Page:
        if not text.strip("\ufeff \t\r\n"):
            raise BadInput(f"{self.name} is empty. Give the Markdown page of a course.")
        if "\0" in text or len(text) > MAX_PAGE:
            raise BadInput(f"{self.name} is no course page: it must be text of at most {MAX_PAGE:,} characters.")
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        text = _UNPRINTABLE.sub(lambda found: self._gone(found, "a control character"), text)
        text = self._front(text)
        text = _HIDDEN.sub(lambda found: _swap(found, ""), text)
        text = _FOREIGN.sub(lambda found: self._gone(found, "a script, a style or a block of code"), text)
        text = _LIQUID.sub(self._liquid, text)
        text = _ANCHOR.sub(lambda found: _swap(found, f"[{found[2]}]({found[1]})"), text)
        text = _PICTURE.sub(lambda found: _swap(found, f"![{found[2] or ''}]({found[1]})"), text)
        self._read(self._placed(list(_blocks(text))))
        course = self._course()
        for what, found in self.homeless.items():
            listed = ", ".join(f"line {line}: “{target}”" for line, target in found)
            self._note(found[0][0], f"{what} other than http(s) addresses were left out ({listed})")
        return Page(self.name, course, self._unread())

    def _note(self, line: int, says: str) -> None:
        self.notes.append((line, _tidy(says)))

    def _unread(self) -> tuple[str, ...]:
        return tuple(f"{self.name}:{line}: {says}" for line, says in sorted(self.notes, key=lambda note: note[0]))

    def _refuse(self, says: str) -> BadInput:
        return BadInput("\n".join([f"{self.name} {says}", *(f"- {line}" for line in self._unread()[:5])]))

    def _gone(self, found: re.Match[str], what: str) -> str:
        self._note(found.string.count("\n", 0, found.start()) + 1, f"{what} was left out")
        return _swap(found, "")

    def _liquid(self, found: re.Match[str]) -> str:
        if _CHECK.fullmatch(found[0]):
            return found[0]
        closed = len(found[0]) > 2 and found[0] != "<!--"
        return self._gone(found, f"“{_short(found[0])}”" if closed else f"“{found[0]}”, which is never closed,")

    def _front(self, text: str) -> str:
        """``text`` without its front matter, from which the facts are taken."""
        found = _FRONT.match(text)
        if not found:
            return text
        first = text.count("\n", 0, found.start("yaml")) + 1
        try:
            root = yaml.compose(found["yaml"], yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "nested too deeply"
            self._note(first + (mark.line if mark else 0), f"the front matter is not YAML ({problem}); it was left out")
            return _swap(found, "") + text[found.end() :]
        if not isinstance(root, yaml.MappingNode):
            return text
        for key, value in root.value:
            line = first + key.start_mark.line
            if key.value in _FIELDS and isinstance(value, yaml.ScalarNode):
                if (said := _plain(value.value)) and said not in ("~", "null"):
                    self.facts[key.value] = (line, said)
            elif key.value not in _PRESENTATION:
                ...
        return _swap(found, "") + text[found.end() :]
