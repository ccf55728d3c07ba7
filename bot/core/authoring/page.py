"""Course pages as authors keep them (Jekyll, Markdown, a checklist of learning paths), turned into course files."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.core.authoring.markup import (
    Block,
    Notes,
    beside_links,
    blocks,
    cleaned,
    cut,
    front_matter,
    plain,
    short,
    slug,
    tidy,
)
from bot.core.authoring.outline import TOP, UNKNOWN, Entry, entries, holds_paths, outline
from bot.core.course.course import MAX_TEXT
from bot.errors import BadInput

MAX_PAGE = 100_000
"""Characters of a page; a usual one has five thousand."""
MAX_PROSE, MAX_POINT, MAX_POINTS, MAX_PATHS, MAX_ADDRESS = 1200, 300, 12, 25, 512
"""What a course file takes (the rules are those of ``bot.core.course.course``)."""
NO_PART = "it is no part of a course that is known here"

_FACTS = ("title", "course", "code", "number", "certification", "level")
_PRESENTATION = ("layout", "permalink", "published")
_CODE = re.compile(r"(?=.{1,32}$)[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
_BRACKETED = re.compile(r"\s*\((?P<code>(?=[A-Z0-9._-]{0,31}\d)(?=[0-9._]{0,31}[A-Z-])[A-Z0-9]+(?:[-_.][A-Z0-9]+)*)\)")
_BARE = r"(?P<code>(?=[A-Z-]*\d)[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)"
_CODES = (_BRACKETED, re.compile(rf"^{_BARE}(?:\s*[:|–—]|\s+-)?\s+"), re.compile(rf"(?:\s*[:|–—]|\s+-)?\s+{_BARE}$"))
_EDITION = re.compile(r"(?<=\d)T\d\d(?:-[A-Z])?$")
"""What a course number of Microsoft's adds to the code: AZ-104T00-A."""
_ADDRESS = re.compile(r"https?://[^\s<>()]+")
_NAME = re.compile(
    r"(?i:[a-z]+:(?://[^/?#]*+)?+)?+(?:[^/?#]*/)*?(?P<name>[^/?#]+?)(?:/index|/readme)?(?:\.md|\.html?)?/?(?:[?#]|$)"
)
"""An address up to the last part of its path, which names what it leads to."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: the mapping of a course file, and ``name:LINE: …`` for all that was not taken as it stands."""

    name: str
    course: dict[str, Any]
    unread: tuple[str, ...]


def read_page(text: str, name: str) -> Page:
    """The course that a page describes. Raises ``BadInput`` where it has no course code or no learning path."""
    name = tidy(name)
    if not text.strip("\ufeff \t\r\n"):
        raise BadInput(f"{name} is empty. Give the Markdown page of a course.")
    if "\0" in text or len(text) > MAX_PAGE:
        raise BadInput(f"{name} is no course page. Give a Markdown text of at most {MAX_PAGE:,} characters.")
    return _Reader(name).page(text)


def to_yaml(page: Page) -> str:
    """The course file of a page, with a comment on top that says what was not taken as it stands."""
    head = [f"Course data of {page.course['code']} for Waymark, imported from {page.name}."]
    head += ["Left out or changed on the way:", *(f"- {line}" for line in page.unread)] if page.unread else []
    lines = [textwrap.fill(line, 118, initial_indent="# ", subsequent_indent="#   ") for line in head]
    options: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "default_flow_style": False, "width": 106}
    return "\n".join([*lines, yaml.dump(page.course, Dumper=_Dumper, **options)])


class _Dumper(yaml.SafeDumper):
    """Writes as the files in ``data/courses`` are written: lists indented, ids on one line, long texts folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def represent_scalar(self, tag: str, value: Any, style: str | None = None) -> yaml.ScalarNode:
        return super().represent_scalar(tag, value, ">" if len(value) > MAX_TEXT and " " in value else style)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        ids = all(isinstance(item, str) and " " not in item for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=ids or flow_style)


def _code_of(facts: Mapping[str, str]) -> str:
    """The course's code, empty where there is none: sure places come before likely ones."""
    title, heading = facts.get("title", ""), facts.get("heading", "")
    sure = _BRACKETED.search(title)
    likely = [found["code"] for text in (title, heading) for code in _CODES if (found := code.search(text))]
    places = [facts.get("code", ""), sure["code"] if sure else "", _EDITION.sub("", facts.get("course", "")), *likely]
    return next((code for code in places if _CODE.fullmatch(code)), "")


@dataclass(slots=True)
class _Reader:
    """Reads one page. ``said`` holds for each part of a course what stands there, with line and sign of its block."""

    name: str
    code: str = ""
    facts: dict[str, tuple[int, str]] = field(default_factory=dict)
    said: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    paths: list[dict[str, Any]] = field(default_factory=list)
    notes: Notes = field(default_factory=list)
    depth: int = 99

    def page(self, text: str) -> Page:
        text, dropped = cleaned(text)
        front, text, broken = front_matter(text)
        view = outline(blocks(text), titled=bool(front.get("title", (0, ""))[1]))
        self.notes += dropped + broken + view.notes
        self._learn(front, view.title)
        self.code = _code_of({key: value for key, (_, value) in self.facts.items()})
        if not self.code:
            raise self._refusal("names no course code. Put one into its front matter, for example `course: AZ-104`.")
        marked = any(holds_paths(part, block, marked=True) for part, block in view.blocks)
        for part, block in view.blocks:
            if holds_paths(part, block, marked):
                self._read_paths(block)
            elif says := plain(block.text):
                self._read(part, block, says)
        if not self.paths:
            raise self._refusal("lists no learning paths. Write them as a list, for example `- [ ] [Title](address)`.")
        course = {key: value for key, value in self._course().items() if value}
        return Page(self.name, course, self._unread())

    def _learn(self, front: Mapping[str, tuple[int, str]], heading: tuple[int, str] | None) -> None:
        """Keep the facts of the front matter and of the heading that is the page's title."""
        for key, (line, value) in front.items():
            if key in _FACTS and value:
                self.facts[key] = line, value
            elif key not in _PRESENTATION:
                self._drop(line, f"{key}: {value}", NO_PART)
        if heading:
            self.facts["heading"] = heading
            if heading[1] not in self.facts.setdefault("title", heading)[1]:
                self._drop(*heading, "the front matter has the title")

    def _drop(self, line: int, what: str, why: str) -> None:
        self.notes.append((line, f"“{short(what)}” was left out: {why}"))

    def _unread(self) -> tuple[str, ...]:
        """A line for each note, from top to bottom; what was found several times names its other lines."""
        lines: dict[str, list[int]] = {}
        for line, says in sorted(self.notes, key=lambda note: note[0]):
            lines.setdefault(says, []).append(line)
        more = {says: f" (also in {', '.join(map(str, also))})" for says, (_, *also) in lines.items() if also}
        return tuple(f"{self.name}:{found[0]}: {says}{more.get(says, '')}" for says, found in lines.items())

    def _refusal(self, says: str) -> BadInput:
        return BadInput("\n".join([f"{self.name} {says}", *(f"- {line}" for line in self._unread()[:10])]))

    def _read(self, part: str, block: Block, says: str) -> None:
        """Put what a block says where it belongs."""
        if part == "audience" and block.sign:
            part = "prerequisites"
        misplaced = part == "paths" or (part in ("prerequisites", "skills") and not block.sign)
        if misplaced or block.text.startswith("|") or (part == TOP and not beside_links(block.text)):
            self._drop(block.line, says, NO_PART)
        elif part != UNKNOWN:
            self.said.setdefault(part, []).append((block.line, says, block.sign))

    def _read_paths(self, block: Block) -> None:
        if block.sign and block.depth >= self.depth + 2:
            self._drop(block.line, plain(block.text), "it stands below a learning path; modules are not read")
            return
        self.depth = block.depth if block.sign else 99
        before, found = entries(block)
        if before and not before.endswith(":"):
            self._drop(block.line, before, NO_PART)
        for entry in found:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        """Make a learning path of a checklist's entry, or note why not."""
        line, title = entry.line, self._fit(entry.line, entry.title, MAX_TEXT)
        last = _NAME.match(entry.link[1]) if entry.link else None
        full = slug(entry.id) or slug(last["name"] if last else "") or slug(title) or f"path-{len(self.paths) + 1}"
        code = slug(self.code)
        base = re.sub(rf"^(?:{re.escape(code)}|{re.sub('[-_.]', '', code)})[-_.]", "", full)[:90].rstrip("-_.")
        titles = {path["id"]: path["title"] for path in self.paths}
        if not title or titles.get(base) == title or len(titles) == MAX_PATHS:
            why = "it is listed twice" if titles.get(base) == title else f"a course takes {MAX_PATHS} learning paths"
            self._drop(line, title or entry.id, why if title else "this learning path has no title")
            return
        name = next(new for count in range(1, 99) if (new := f"{base}-{count}" if count > 1 else base) not in titles)
        if name != base:
            self.notes.append((line, f"id “{base}” is taken, so “{short(title)}” has “{name}”"))
        url, badge = self._address("link", entry.link), self._address("badge", entry.image)
        about = self._fit(line, entry.text, MAX_PROSE)
        path = {"id": name, "aliases": [full], "title": title, "url": url, "badge": badge, "description": about}
        self.paths.append(path)

    def _address(self, what: str, found: tuple[int, str] | None) -> str | None:
        address = found[1].replace("(", "%28").replace(")", "%29") if found else ""
        if _ADDRESS.fullmatch(address) and len(address) <= MAX_ADDRESS:
            return address
        if found:
            self.notes.append((found[0], f"the {what} is no web address (http or https) and was left out"))
        return None

    def _fit(self, line: int, says: str, limit: int) -> str:
        if len(says) > limit:
            self.notes.append((line, f"“{short(says)}” has {len(says)} characters and was cut to {limit}"))
        return cut(says, limit)

    def _paragraph(self, part: str) -> str:
        """All that a part says; its list items are joined with semicolons."""
        text, listed = "", ""
        for _, says, sign in self.said.get(part, ()):
            text += f"{'; ' if sign and listed else ' '}{says}"
            listed = sign
        return self._fit(self.said[part][0][0], text.strip(), MAX_PROSE) if text else ""

    def _points(self, part: str) -> list[str]:
        said = self.said.get(part, [])
        for line, says, _ in said[MAX_POINTS:]:
            self._drop(line, says, f"a course takes {MAX_POINTS} {part}")
        return [self._fit(line, says, MAX_POINT) for line, says, _ in said[:MAX_POINTS]]

    def _course(self) -> dict[str, Any]:
        """The mapping in the order of the course files; empty values stand for missing ones."""
        line, title = self.facts.get("title", (1, ""))
        for code in _CODES:
            if (found := code.search(title)) and found["code"] == self.code:
                title = tidy(f"{title[: found.start()]} {title[found.end() :]}")
        if not title:
            self.notes.append((line, "there is no title; the code stands in its place until you write one"))
        title = self._fit(line, title or self.code, MAX_TEXT)
        number = self.facts.get("number") or self.facts.get("course", (1, self.code))
        for unused in (self.facts.get("code", number), self.facts.get("course", number)):
            if unused[1] not in (self.code, number[1]):
                self._drop(*unused, f"the code is {self.code}, the number {number[1]}")
        if "overview" not in self.said:
            if TOP not in self.said:
                self.notes.append((1, "there is no overview; the title stands in its place until you write one"))
            self.said["overview"] = self.said.pop(TOP, [(1, title, "")])
        for line, says, _ in self.said.get(TOP, ()):
            self._drop(line, says, NO_PART)
        taken = {path["id"] for path in self.paths}
        for path in self.paths:
            path["aliases"] = [name for name in path["aliases"] if name not in taken]
            taken.update(path["aliases"])
        return {
            "code": self.code,
            "number": self._fit(*number, MAX_TEXT) if number[1] != self.code else "",
            "title": title,
            "certification": self._fit(*self.facts.get("certification", (1, "")), MAX_TEXT),
            "level": self._fit(*self.facts.get("level", (1, "")), MAX_TEXT),
            "overview": self._paragraph("overview"),
            "audience": self._paragraph("audience"),
            "prerequisites": self._points("prerequisites"),
            "skills": self._points("skills"),
            "paths": [{key: value for key, value in path.items() if value} for path in self.paths],
        }
