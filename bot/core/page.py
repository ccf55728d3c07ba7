"""Course pages as authors keep them (Jekyll, Markdown, a checklist of learning paths), turned into course files."""

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.core.course import MAX_TEXT
from bot.core.markup import CHECK, IMAGE, LINK, Block, Notes, beside_links, blank, blocks, cleaned, plain, short, tidy
from bot.core.markup import unshielded
from bot.errors import BadInput

MAX_PAGE = 100_000
"""Characters of a page; a usual one has five thousand."""
MAX_PROSE, MAX_POINT, MAX_POINTS, MAX_PATHS, MAX_ADDRESS = 1200, 300, 12, 25, 512
"""What a course file takes (the rules are those of ``bot.core.course``)."""
SECTIONS = {
    "overview": r"\boverview\b|^about\b",
    "audience": r"\baudience\b",
    "prerequisites": r"\bprerequisites?\b",
    "skills": r"\bskills?\b|\bobjectives\b",
    "paths": r"\blearning paths?\b|^paths$|\bmodules\b|\bchecklist\b|\bcurriculum\b|\bsyllabus\b|\bcontents\b|\boutline\b",
}
"""What a section is, by words of its heading."""

_FACTS = ("title", "course", "code", "number", "certification", "level")
_PRESENTATION = ("layout", "permalink", "published")
_FRONT = re.compile(r"\A\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M | re.S)
_CODE = re.compile(r"(?=.{1,32}$)[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
_IN_BRACKETS = re.compile(r"\s*\((?P<code>(?=[^)]*\d)(?=[^)]*[A-Z-])[A-Z0-9]+(?:[-_.][A-Z0-9]+)*)\)")
_BARE = r"(?P<code>(?=[A-Z-]*\d)[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)"
_CODES = (_IN_BRACKETS, re.compile(rf"^{_BARE}(?:\s*[:|–—]|\s+-)?\s+"), re.compile(rf"(?:\s*[:|–—]|\s+-)?\s+{_BARE}$"))
_EDITION = re.compile(r"(?<=\d)T\d\d(?:-[A-Z])?$")
"""What a course number of Microsoft's adds to the code: AZ-104T00-A."""
_MARK = re.compile(rf"{CHECK.pattern}|{LINK.pattern}", re.S)
_LEADING_LINK = re.compile(rf"(?:[*_\s]|<[^<>]*>)*+{LINK.pattern}")
_ID = re.compile(r"\bid\s*=\s*[\"']([^\"']*)[\"']")
_ADDRESS = re.compile(r"https?://[^\s<>()]+")
_LAST = re.compile(r"(?:[a-z]+:)?(?://[^/]*)?(?:.*/)?(?P<name>[^/]*?)(?:\.(?:md|html?))?/?$", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: the mapping of a course file, and ``name:LINE: …`` for all that was not read as it stands."""

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
    return _Reader(name).page(*cleaned(text))


def to_yaml(page: Page) -> str:
    """The course file of a page, with a comment on top that says what was not read as it stands."""
    head = [f"Course data of {page.course['code']} for Waymark, imported from {page.name}."]
    head += ["Left out or changed on the way:", *(f"- {line}" for line in page.unread)] if page.unread else []
    lines = [textwrap.fill(line, 118, initial_indent="# ", subsequent_indent="#   ") for line in head]
    options: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "default_flow_style": False, "width": 110}
    return "\n".join([*lines, yaml.dump(page.course, Dumper=_Dumper, **options)])


class _Dumper(yaml.SafeDumper):
    """Writes as the files in ``data/courses`` are written: lists indented, ids on one line, long texts folded."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def represent_scalar(self, tag: str, value: Any, style: str | None = None) -> yaml.ScalarNode:
        return super().represent_scalar(tag, value, ">" if len(value) > MAX_TEXT and " " in value else style)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        ids = all(isinstance(item, str) and " " not in item for item in sequence)
        return super().represent_sequence(tag, sequence, flow_style=ids or flow_style)


@dataclass(slots=True)
class _Reader:
    """Reads one page. ``prose`` holds for each part of a course what was said, with line and sign of its block."""

    name: str
    code: str = ""
    notes: Notes = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    prose: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    relative: dict[str, Notes] = field(default_factory=dict)
    paths: list[dict[str, Any]] = field(default_factory=list)

    def page(self, text: str, notes: Notes) -> Page:
        self.notes += notes
        placed = self._placed(blocks(self._front(text)))
        self.code = self._code()
        if not self.code:
            raise self._refuse("names no course code. Put one into its front matter, for example `course: AZ-104`.")
        explicit = any(_is_path(block, explicit=True) for block in placed)
        for block in placed:
            if _is_path(block, explicit):
                self._paths_of(block)
            elif said := plain(block.text):
                self._say(block, said)
        if not self.paths:
            raise self._refuse("lists no learning paths. Write them as a list, for example `- [ ] [Title](address)`.")
        for what, found in self.relative.items():
            listed = ", ".join(f"“{target}” in line {line}" for line, target in found)
            self._note(found[0][0], f"{what} that are no web addresses (http or https) were left out: {listed}")
        course = self._course()
        return Page(self.name, {key: value for key, value in course.items() if value}, self._unread())

    def _note(self, line: int, says: str) -> None:
        self.notes.append((line, tidy(says)))

    def _unread(self) -> tuple[str, ...]:
        return tuple(f"{self.name}:{line}: {says}" for line, says in sorted(self.notes, key=lambda note: note[0]))

    def _refuse(self, says: str) -> BadInput:
        return BadInput("\n".join([f"{self.name} {says}", *(f"- {line}" for line in self._unread()[:10])]))

    def _spare(self, line: int, said: str) -> None:
        self._note(line, f"“{short(said)}” is no part of a course that is known here; it was left out")

    def _front(self, text: str) -> str:
        """``text`` without its front matter, which gives the facts."""
        found = _FRONT.match(text)
        if not found:
            return text
        first = text.count("\n", 0, found.start("yaml")) + 1
        try:
            root = yaml.compose(found["yaml"], yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError) as error:
            mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
            says = f"the front matter is not YAML ({problem or 'nested too deeply'}); it was left out"
            self._note(first + (mark.line if mark else 0), says)
            return blank(found) + text[found.end() :]
        for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
            if key.value in _FACTS and isinstance(value, yaml.ScalarNode):
                self.facts[key.value] = plain(value.value)
            elif key.value not in _PRESENTATION:
                self._spare(first + key.start_mark.line, f"{key.value}:")
        return blank(found) + text[found.end() :]

    def _placed(self, found: Sequence[Block]) -> list[Block]:
        """The blocks that are no headings, each with its section; unknown sections are noted."""
        section, placed = "", []
        first = next((block for block in found if block.sign == "#"), None)
        for block, after in zip(found, [*found[1:], None], strict=True):
            said, follows = plain(block.text), after.text if after and after.sign != "#" else ""
            if block.sign == "#" and not CHECK.search(block.text):
                section = self._section(block, said, block is first)
                if section and not follows:
                    self._note(block.line, f"section “{short(said)}” is empty")
            elif not block.sign and said.endswith(":") and _is("paths", said) and _MARK.search(follows):
                section = "paths"
            else:
                block.section = section
                placed.append(block)
        return placed

    def _section(self, heading: Block, said: str, first: bool) -> str:
        """What a heading opens. The first one may be the title of the page, and opens nothing."""
        known = next((section for section in SECTIONS if _is(section, said)), "unknown")
        coded = any(pattern.search(said) for pattern in _CODES)
        if first and (heading.depth == 1 or "title" not in self.facts) and (coded or known == "unknown"):
            self.facts.setdefault("title", said)
            self.facts["heading"] = said
            if said not in self.facts["title"]:
                self._note(heading.line, f"heading “{short(said)}” was left out: the front matter has the title")
            return ""
        if known == "unknown":
            self._note(heading.line, f"section “{short(said)}” is no part of a course that is known here; it was left out")
        return known

    def _code(self) -> str:
        title, heading = self.facts.get("title", ""), self.facts.get("heading", "")
        sure = _IN_BRACKETS.search(title)
        likely = [found["code"] for text in (title, heading) for code in _CODES if (found := code.search(text))]
        course = _EDITION.sub("", self.facts.get("course", ""))
        tries = [self.facts.get("code", ""), sure["code"] if sure else "", course, *likely]
        return next((code for code in tries if _CODE.fullmatch(code)), "")

    def _say(self, block: Block, said: str) -> None:
        """Put what a block says where it belongs."""
        part = block.section
        if part == "audience" and block.sign:
            part = "prerequisites"
        spare = part == "paths" or (part in ("prerequisites", "skills") and not block.sign)
        if spare or block.text.startswith("|") or (not part and not beside_links(block.text)):
            self._spare(block.line, said)
        elif part != "unknown":
            self.prose.setdefault(part, []).append((block.line, said, block.sign))

    def _paths_of(self, block: Block) -> None:
        """Read the learning paths of a block: an item is one, a paragraph has one for each box or link."""
        starts, linked, boxes = [], True, CHECK.search(block.text)
        for mark in _MARK.finditer(block.text):
            box = mark[0].startswith("{")
            if box or (linked and ("![" in mark[0] or not (boxes or block.sign))):
                starts.append(mark.start())
            linked = not box
        starts = [0, *starts[1:]] if block.sign else starts
        before = plain(block.text[: starts[0]])
        if before and not before.endswith(":"):
            self._spare(block.line, before)
        for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
            self._path(block.line + block.text.count("\n", 0, start), block.text[start:end])

    def _path(self, line: int, text: str) -> None:
        box = CHECK.search(text)
        given = _ID.search(box["given"]) if box else None
        text = CHECK.sub(blank, text)
        link, image = LINK.search(text), IMAGE.search(text)
        says = plain(IMAGE.sub(" ", link["label"] if link else text)) or plain(image["alt"] if image else "")
        if not says:
            self._note(line, f"a learning path without a title{f' ({given[1]})' if given else ''} was left out")
            return
        title = self._fit(line, "the title", says, MAX_TEXT)
        target = link["target"] if link else ""
        near = [_slug(given[1] if given else ""), _slug(_last(target)), _slug(title), f"path-{len(self.paths) + 1}"]
        full = next(name for name in near if name)
        name = base = self._prefix.sub("", full)[:90].rstrip("-_.")
        ids = {path["id"]: path["title"] for path in self.paths}
        if len(self.paths) == MAX_PATHS or ids.get(base) == title:
            why = "is listed twice" if ids.get(base) == title else f"is one too many; a course takes {MAX_PATHS}"
            self._note(line, f"learning path “{short(title)}” {why}; it was left out")
            return
        if base in ids:
            name = next(new for count in range(2, 99) if (new := f"{base}-{count}") not in ids)
            self._note(line, f"id “{base}” is taken; “{short(title)}” has “{name}” instead")
        rest = (text[: link.start()], text[link.end() :]) if link else ("", "")
        about = plain(IMAGE.sub(" ", " ".join(rest))).strip(" -–—:|*_")
        path = {"id": name, "aliases": [full], "title": title}
        if link:
            path["url"] = self._address(line + text.count("\n", 0, link.start()), target, "links")
        if image:
            path["badge"] = self._address(line + text.count("\n", 0, image.start()), image["target"], "badges")
        path["description"] = self._fit(line, "the text", about, MAX_PROSE)
        self.paths.append({key: value for key, value in path.items() if value})

    def _address(self, line: int, target: str, what: str) -> str | None:
        """``target`` as a web address, None where it is none."""
        address = unshielded(target).replace("(", "%28").replace(")", "%29")
        if _ADDRESS.fullmatch(address) and len(address) <= MAX_ADDRESS:
            return address
        self.relative.setdefault(what, []).append((line, short(address)))
        return None

    def _fit(self, line: int, what: str, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._note(line, f"{what} “{short(text)}” has {len(text)} characters; it was cut to {limit}")
        cut = text[: limit - 1]
        return (cut.rpartition(" ")[0] if " " in cut[limit // 2 :] else cut).rstrip() + "…"

    def _prose(self, part: str) -> str:
        """What paragraphs and list items of a part say, as one paragraph."""
        text, before = "", ""
        for _, said, sign in self.prose.get(part, ()):
            text += f"{'; ' if sign and before else ' '}{said}"
            before = sign
        first = self.prose[part][0][0] if text else 1
        return self._fit(first, f"the {part or 'overview'}", text.strip(), MAX_PROSE)

    def _points(self, part: str) -> list[str]:
        points = self.prose.get(part, [])
        for line, said, _ in points[MAX_POINTS:]:
            self._note(line, f"“{short(said)}” was left out: a course takes {MAX_POINTS} {part}")
        return [self._fit(line, "the point", said, MAX_POINT) for line, said, _ in points[:MAX_POINTS]]

    def _course(self) -> dict[str, Any]:
        facts = {key: self._fit(line, f"the {key}", said, MAX_TEXT) for key, (line, said) in self.facts.items()}
