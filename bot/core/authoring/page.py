"""Convert course pages in Markdown (Jekyll, README files, checklists of learning paths) to course files."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from bot.core.authoring.block import Block
from bot.core.authoring.contents import Contents
from bot.core.authoring.course_code import choose_code, codes_in, without_code
from bot.core.authoring.front_matter import front_matter
from bot.core.authoring.markup import blocks, inline
from bot.core.authoring.node import MAX_PROSE, paths_of
from bot.core.authoring.outline import ABOUT, SECTION, TOP, UNKNOWN, certainty, only_links, outline
from bot.core.authoring.text import Notes, fit, short, tidy
from bot.core.authoring.yaml_text import yaml_text
from bot.core.course.fields import MAX_TEXT
from bot.errors import BadInput

MAX_PAGE = 100_000
"""Maximum number of characters of a page. A typical one has 5,000."""
MAX_POINT, MAX_POINTS = 300, 12
"""Limits of a course file (see ``bot.core.course.course``)."""
MAX_LINES = 20
"""Maximum number of further lines listed in a note."""
NO_PART = "it is no part of a course that is known here"

_FACTS = ("title", "course", "code", "number", "certification", "level")
_PRESENTATION = ("layout", "permalink", "published")


@dataclass(frozen=True, slots=True)
class Page:
    """The mapping of a course file, and notes (``name:LINE: …``) on everything left out, changed or guessed."""

    name: str
    course: dict[str, Any]
    notes: tuple[str, ...]


def read_page(text: str, name: str) -> Page:
    """Return the course on a page. Raises ``BadInput`` if it has no course code or no learning path."""
    name = tidy(name)
    if not text.strip("\ufeff \t\r\n"):
        raise BadInput(f"{name} is empty. Give the Markdown page of a course.")
    if "\0" in text or len(text) > MAX_PAGE:
        raise BadInput(f"{name} is no course page. Give a Markdown text of at most {MAX_PAGE:,} characters.")
    return _Reader(name).page(text)


def to_yaml(page: Page) -> str:
    """Return the course file of a page. A comment at the top lists the notes."""
    head = [f"Course data of {page.course['code']} for Waymark, imported from {page.name}."]
    head += ["Left out or changed on the way:", *(f"- {line}" for line in page.notes)] if page.notes else []
    lines = [textwrap.fill(line, 118, initial_indent="# ", subsequent_indent="#   ") for line in head]
    return "\n".join([*lines, yaml_text(page.course)])


def _listed(lines: Sequence[int]) -> str:
    more = len(lines) - MAX_LINES
    return ", ".join(map(str, lines[:MAX_LINES])) + (f" and {more} more lines" if more > 0 else "")


@dataclass(slots=True)
class _Reader:
    """Read one page. ``said`` has the texts of each part of a course, with the line and sign of their block."""

    name: str
    code: str = ""
    others: list[str] = field(default_factory=list)
    facts: dict[str, tuple[int, str]] = field(default_factory=dict)
    said: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    notes: Notes = field(default_factory=list)

    def page(self, text: str) -> Page:
        front, text, broken = front_matter(text)
        page_blocks, dropped = blocks(text)
        view = outline(page_blocks, titled=bool(front.get("title", (0, ""))[1]))
        self.notes += dropped + broken + view.notes
        self._learn(front, view.title)
        self.code = self._find_code()
        if not self.code:
            raise self._refusal(
                "names no course code in its title, first heading or front matter. Put one into its front matter, "
                "for example `course: AZ-104`."
            )
        contents = self._read(view.blocks)
        paths = paths_of(contents.root, contents.notes)
        self.notes += contents.notes
        if not paths:
            raise self._refusal(
                "lists no learning paths. Write them as a list below a heading such as `## Learning paths`, "
                "for example `- [ ] [Title](address)`."
            )
        course = {key: value for key, value in (self._course() | {"paths": paths}).items() if value}
        return Page(self.name, course, self._noted())

    def _read(self, placed: tuple[tuple[str, Block], ...]) -> Contents:
        """Assign the texts to the parts of the course, and collect the contents."""
        contents = Contents(self.code, self.name)
        least = max((certainty(part, block) for part, block in placed), default=0) or 1
        following = [block for _, block in placed[1:]]
        for (part, block), after in zip_longest(placed, following):
            if part == SECTION:
                contents.section()
            elif block.sign == "h":
                contents.head(block)
                if part != "paths":
                    self._sort(part, block, block.text)
            elif certainty(part, block) >= least:
                before = contents.read(block, after)
                if before and not before.endswith((":", "：")):
                    self._drop(block.line, before, NO_PART)
            elif not (part == "paths" and contents.describe(block)) and (says := block.text):
                self._sort(part, block, says)
        return contents

    def _find_code(self) -> str:
        """Return the course code: the front matter's, else the most reliable in the title or the first heading."""
        facts = {key: value for key, (_, value) in self.facts.items()}
        line, title = self.facts.get("title", self.facts.get("heading", (1, "")))
        named = codes_in(title) or codes_in(facts.get("heading", ""))
        code = choose_code(facts.get("code", ""), facts.get("course", ""), title, named)
        self.others = [other for other in named if other not in (code, facts.get("course"))]
        if code and self.others:
            says = f"took “{code}” as the course code; the title also has {', '.join(f'“{c}”' for c in self.others)}"
            self.notes.append((line, says))
        return code

    def _learn(self, front: Mapping[str, tuple[int, str]], heading: tuple[int, str] | None) -> None:
        """Store the facts in the front matter and in the heading that is the page's title."""
        for key, (line, value) in front.items():
            if key in _FACTS and value:
                self.facts[key] = line, inline(value)
            elif key not in _PRESENTATION:
                self._drop(line, f"{key}: {value}", NO_PART)
        if heading:
            self.facts["heading"] = heading
            if heading[1] not in self.facts.setdefault("title", heading)[1]:
                self._drop(*heading, "the front matter has the title")

    def _drop(self, line: int, what: str, why: str) -> None:
        self.notes.append((line, f"“{short(what)}” was left out: {why}"))

    def _noted(self) -> tuple[str, ...]:
        """Return the notes in page order, one line each. A note found several times lists its other lines."""
        lines: dict[str, list[int]] = {}
        for line, says in sorted(self.notes, key=lambda note: note[0]):
            at = lines.setdefault(says, [])
            at += [line] if line not in at[-1:] else []
        more = {says: f" (also in {_listed(also)})" for says, (_, *also) in lines.items() if also}
        return tuple(f"{self.name}:{found[0]}: {says}{more.get(says, '')}" for says, found in lines.items())

    def _refusal(self, says: str) -> BadInput:
        return BadInput("\n".join([f"{self.name} {says}", *(f"- {line}" for line in self._noted()[:10])]))

    def _sort(self, part: str, block: Block, says: str) -> None:
        """Add the text of a block to its part of the course."""
        if part == "audience" and block.sign:
            part = "prerequisites"
        misplaced = part == "paths" or (part in ("prerequisites", "skills") and not block.sign)
        if misplaced or block.sign in ("|", "h") or (part == TOP and only_links(block)):
            self._drop(block.line, says, NO_PART)
        elif part != UNKNOWN:
            self.said.setdefault(part, []).append((block.line, says, block.sign))

    def _fit(self, line: int, says: str, limit: int) -> str:
        return fit(says, limit, line, self.notes)

    def _paragraph(self, part: str) -> str:
        """Return the whole text of a part; list items are joined with semicolons."""
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
        """Return the mapping in the order of course files; empty values stand for missing ones."""
        line, title = self.facts.get("title", (1, ""))
        number = self.facts.get("number") or self.facts.get("course", (1, self.code))
        title = title if self.others else without_code(without_code(title, self.code), number[1])
        if not title:
            self.notes.append((line, "there is no title; the code stands in its place until you write one"))
        title = self._fit(line, title or self.code, MAX_TEXT)
        for unused in (self.facts.get("code", number), self.facts.get("course", number)):
            if unused[1] not in (self.code, number[1]):
                self._drop(*unused, f"the code is {self.code}, the number {number[1]}")
        self._choose_overview(title)
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
        }

    def _choose_overview(self, title: str) -> None:
        """Use the overview section, else the introduction, else a section with a similar name, else the title."""
        if "overview" not in self.said:
            if TOP in self.said:
                self.said["overview"] = self.said.pop(TOP)
            elif ABOUT in self.said:
                self.said["overview"] = self.said.pop(ABOUT)
                line, says, _ = self.said["overview"][0]
                self.notes.append((line, f"took “{short(says)}” as the overview"))
            else:
                self.notes.append((1, "there is no overview; the title stands in its place until you write one"))
                self.said["overview"] = [(1, title, "")]
        for part in (TOP, ABOUT):
            for line, says, _ in self.said.get(part, ()):
                self._drop(line, says, NO_PART)
