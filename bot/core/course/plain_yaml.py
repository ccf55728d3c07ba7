"""Read YAML from untrusted sources: plain values only, with limits on size, depth and aliases."""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.core.course.yaml_hints import hints
from bot.errors import BrokenCourse

MAX_CHARACTERS = 5_000_000
"""Maximum length of a text. In bytes, also the maximum size of a file."""
MAX_VALUES = 100_000
"""Maximum number of values after aliases are expanded. AZ-400 has about 6,000.

A text counts once more per 100 characters.
"""
COLLECTION = 5
"""How many values a list or mapping counts as. An empty one can have this many faults, one per missing key."""
MAX_DEPTH = 32
MAX_DIGITS = 18
MAX_FAULTS = 100
"""Maximum number of faults listed for a file."""

TEXT_KEYS = frozenset(("title", "overview", "audience", "prerequisites", "skills", "certification", "level", "number"))
TEXT_KEYS |= {"description", "prompt", "text", "explanation", "statement", "short", "exhibit", "command"}
TEXT_KEYS |= {"answer", "right", "options", "choices", "successor"}
"""Keys whose values are prose. There, ` #` more often cuts off text than starts a comment."""

Place = tuple[str | int, ...]
"""The keys and list indices that lead to a value."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = {
    yaml.ScalarEvent: "tag:yaml.org,2002:str",
    yaml.SequenceStartEvent: "tag:yaml.org,2002:seq",
    yaml.MappingStartEvent: "tag:yaml.org,2002:map",
}
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|false|False")
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_COMMENT = re.compile(r"[ \t]+#")
# libyaml compares each %TAG line with all earlier ones, so many of them would take quadratic time.
_DIRECTIVE = re.compile(r"(?:^|[\r\n\x85\u2028\u2029])(%TAG)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """A value in a YAML text. ``value`` is a str, int, bool, None, dict or list of such values.

    ``line`` counts from 1. ``size`` is the node's share of ``MAX_VALUES``. ``raw`` is the source of an int, bool, None
    or unquoted ``<<``. ``children`` has the nodes of a dict or list.
    """

    value: Any
    line: int
    size: int = 1
    raw: str = ""
    children: Any = None

    def find(self, place: Place) -> "tuple[Node, bool]":
        """Return the node at the longest existing prefix of ``place``, and whether that is all of it."""
        node = self
        for step in place:
            known: Any = node.children or ()
            step = str(step) if isinstance(known, dict) else step  # noqa: PLW2901 - keys are text
            if step not in (known if isinstance(known, dict) else range(len(known))):
                return node, False
            node = known[step]
        return node, True


def read(text: str, name: str) -> Node:
    """Read the YAML ``text`` of the file ``name``.

    ``on``, ``No``, dates and numbers with a fraction are text. Tags other than those of text, list and mapping are
    rejected, as are aliases that contain themselves. A key may not appear twice; a key merged with ``<<`` may be
    overridden. Raises ``BrokenCourse`` with a line for each fault. Time and memory are linear in ``MAX_CHARACTERS`` and
    ``MAX_VALUES``.
    """
    return _Reader(text.removeprefix("\ufeff"), name).read()


@dataclass(slots=True)
class _Open:
    """A list or mapping that hasn't ended yet."""

    node: Node
    anchor: str | None
    key: str | None = None
    merge: Node | None = None
    merging: bool = False


@dataclass(slots=True)
class _Reader:
    text: str
    name: str
    size: int = 0
    root: Node | None = None
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def read(self) -> Node:
        if len(self.text) > MAX_CHARACTERS:
            raise self._fault(1, f"longer than {MAX_CHARACTERS:,} characters; split the file")
        if match := _DIRECTIVE.search(self.text):
            raise self._fault(self._line(match.start(1)), "%TAG is not supported; remove the line")
        if match := _SURROGATE.search(self.text):
            raise self._fault(self._line(match.start()), "not valid Unicode")
        try:
            for event in yaml.parse(self.text, _LOADER):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            raise self._not_yaml(error) from error
        except yaml.reader.ReaderError as error:
            raise self._fault(self._line(error.position), f"not YAML: {error.reason}") from error
        if self.faults:
            raise BrokenCourse(self.faults)
        return self.root or Node(None, 1)

    def _take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", _TAGS.get(type(event))):
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            raise self._fault(line, f"the tag {shown:.40} is not supported; remove it, or put the text in quotes")
        match event:
            case yaml.DocumentStartEvent() if self.root:
                raise self._fault(line, "not YAML: expected a single document; remove the second `---`")
            case yaml.AliasEvent():
                self._place(self._aliased(event.anchor or "", line))
            case yaml.ScalarEvent():
                self._place(self._scalar(event, line))
            case yaml.MappingStartEvent():
                self._begin(_Open(Node({}, line, COLLECTION, children={}), event.anchor))
            case yaml.SequenceStartEvent():
                self._begin(_Open(Node([], line, COLLECTION, children=[]), event.anchor))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end(self.open.pop())

    def _begin(self, begun: _Open) -> None:
        if len(self.open) == MAX_DEPTH:
            raise self._fault(begun.node.line, f"nested deeper than {MAX_DEPTH} levels")
        if begun.anchor:
            self.anchors[begun.anchor] = None
        self.open.append(begun)
        self._count(COLLECTION, begun.node.line)

    def _end(self, ended: _Open) -> None:
        if ended.merge:
            self._merge(ended.node, ended.merge)
        if ended.anchor:
            self.anchors[ended.anchor] = ended.node
        self._place(ended.node)

    def _aliased(self, anchor: str, line: int) -> Node:
        node = self.anchors.get(anchor)
        if anchor not in self.anchors:
            raise self._fault(line, f"the alias *{anchor:.40} has no anchor; a text that starts with `*` needs quotes")
        if node is None:
            raise self._fault(line, f"the alias *{anchor:.40} contains itself")
        self._count(node.size, line)
        return node

    def _scalar(self, event: Any, line: int) -> Node:
        text: str = event.value
        node = Node(text, line, size=1 + len(text) // 100)
        self._count(node.size, line)
        if event.anchor:
            self.anchors[event.anchor] = node
        if event.style or event.tag is not None:
            return node
        if text == "<<":
            node.raw = text
        elif _NULL.fullmatch(text):
            node.value, node.raw = None, text
        elif _BOOL.fullmatch(text):
            node.value, node.raw = text.lower() == "true", text
        elif _INT.fullmatch(text):
            if len(text.lstrip("+-")) > MAX_DIGITS:
                self._note(line, f"a number of more than {MAX_DIGITS} digits; put it in quotes if it is text")
                return node
            node.value, node.raw = int(text), text
        key = self._key()
        if key in TEXT_KEYS and isinstance(node.value, str | None) and _COMMENT.match(self.text, event.end_mark.index):
            self._note(line, f"`{key}` ends at ` #`, which starts a comment; put the text in quotes")
        return node

    def _key(self) -> str | None:
        """Return the key of the next value: its own, or that of the list it is in."""
        for each in reversed(self.open):
            if isinstance(each.node.value, dict):
                return each.key
        return None

    def _place(self, node: Node) -> None:
        """Add a complete node to the list or mapping it is in."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.node.size += node.size
        if isinstance(parent.node.children, list):
            parent.node.children.append(node)
            parent.node.value.append(node.value)
        elif parent.key is None:
            if node.children is not None:
                raise self._fault(node.line, "not YAML: found unhashable key; a key is a text, not a list or mapping")
            parent.key = node.raw or ("" if node.value is None else str(node.value))
            parent.merging = node.raw == "<<"
            if parent.merge if parent.merging else parent.key in parent.node.value:
                raise self._fault(node.line, f"not YAML: the key {parent.key[:60]!r} appears twice")
        elif parent.merging:
            parent.merge, parent.key = node, None
        else:
            self._set(parent.node, parent.key, node)
            parent.key = None

    def _set(self, mapping: Node, key: str, node: Node) -> None:
        mapping.children[key] = node
        mapping.value[key] = node.value

    def _merge(self, into: Node, merged: Node) -> None:
        """Add the keys that ``into`` lacks from a mapping, or from a list of mappings."""
        for each in merged.children if isinstance(merged.children, list) else [merged]:
            if not isinstance(each.children, dict):
                raise self._fault(merged.line, "`<<` merges a mapping or a list of mappings")
            for key, child in each.children.items():
                if key not in into.value:
                    self._set(into, key, child)

    def _count(self, size: int, line: int) -> None:
        self.size += size
        if self.size > MAX_VALUES:
            raise self._fault(line, f"more than {MAX_VALUES:,} values, with aliases expanded; split the file")

    def _note(self, line: int, says: str) -> None:
        """Record a fault and continue reading."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(f"{self.name}:{line}: {says}")

    def _line(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1

    def _fault(self, line: int, says: str) -> BrokenCourse:
        return BrokenCourse([*self.faults, f"{self.name}:{line}: {says}"])

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> BrokenCourse:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return self._fault(line, "; ".join([f"not YAML: {error.problem}", *hints(self.text, error)]))
