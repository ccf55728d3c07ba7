"""A course: learning paths of modules of units, and the exam that they lead to."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

MAX_TEXT = 100
"""Longest title and id: what Discord shows in a choice, an option and a checkbox."""

MAX_RENAMES = 1000
MAX_RENAME_CHAIN, MAX_RENAME_DEPTH = 100, 6
"""Most renames in a row of one route, and most parts of a route in between: they bound the work of ``current``."""

DERIVED = ""
"""Stands for a unit's address where the file gives none: the module's, with the unit's id appended."""

STRICT = ConfigDict(extra="forbid")
"""An unknown key in a course file is a fault: it is a misspelt one."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=MAX_TEXT)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
Point = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>()]+$", max_length=512)]
Minutes = Annotated[int, Field(ge=1, le=6000)]
OldId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]+(?:/[a-z0-9._-]+){0,2}$", max_length=3 * MAX_TEXT + 2)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Kind(StrEnum):
    """What a unit asks of the learner."""

    INTRODUCTION = "introduction"
    READING = "reading"
    EXERCISE = "exercise"
    ASSESSMENT = "assessment"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """What paths, modules and units share. The fields below ``title`` are set by the course that holds the node.

    ``route`` is the full id (``deploy/configure-azure-app-services``), unique in its course. ``key`` is a short stable
    stand-in for course and route, for places with 100 characters. ``leaves`` are the routes of the nodes below without
    children (of the node itself where it has none). ``length`` is the minutes of all of them, 0 where unknown.
    """

    __pydantic_config__ = STRICT
    id: Slug
    title: Title
    course: str = field(init=False, default="")
    route: str = field(init=False, default="")
    key: str = field(init=False, default="")
    leaves: tuple[str, ...] = field(init=False, default=(), repr=False)
    length: int = field(init=False, default=0)
    link: str | None = field(init=False, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(_Node):
    """The smallest thing to tick. Without ``url`` its address is the module's with the id appended."""

    __pydantic_config__ = STRICT
    kind: Kind
    minutes: Minutes
    estimated: bool = False
    url: Address | None = DERIVED

    word = "unit"

    @property
    def children(self) -> tuple["Node", ...]:
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Module(_Node):
    """Some units on one subject."""

    __pydantic_config__ = STRICT
    description: Prose | None = None
    url: Address | None = None
    minutes: Minutes | None = None
    units: tuple[Unit, ...] = field(default=(), repr=False)

    word = "module"

    @property
    def children(self) -> tuple["Node", ...]:
        return self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(_Node):
    """A learning path. ``domain`` is the exam domain that it serves; None where it carries no exam weight."""

    __pydantic_config__ = STRICT
    description: Prose | None = None
    url: Address | None = None
    badge: Address | None = None
    domain: Slug | None = None
    aliases: tuple[Slug, ...] = ()
    minutes: Minutes | None = None
    modules: tuple[Module, ...] = field(default=(), repr=False)

    word = "learning path"

    @property
    def children(self) -> tuple["Node", ...]:
        return self.modules


Node = Path | Module | Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A part of the exam. ``weight`` is the published range in percent, lowest and highest."""

    __pydantic_config__ = STRICT
    id: Slug
    title: Title
    weight: tuple[Percent, Percent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """What the exam asks. ``outline`` is the date of the published skills outline, None where not recorded."""

    __pydantic_config__ = STRICT
    pass_mark: Annotated[int, Field(ge=1)]
    out_of: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1, le=1440)]
    outline: date | None = None
    domains: tuple[Domain, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Pages of the certification's publisher."""

    __pydantic_config__ = STRICT
    certification: Address | None = None
    study_guide: Address | None = None
    practice_assessment: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A node that left the course on ``on``. Ticks on it stay with whoever made them."""

    __pydantic_config__ = STRICT
    id: OldId
    title: Title
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course with its paths in order. ``renamed`` maps full ids of earlier versions to those of this one."""

    __pydantic_config__ = STRICT
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$", max_length=32)]
    title: Title
    overview: Prose
    paths: Annotated[tuple[Path, ...], Field(min_length=1, max_length=25)]
    number: Title | None = None
    audience: Prose | None = None
    prerequisites: Annotated[tuple[Point, ...], Field(max_length=12)] = ()
    skills: Annotated[tuple[Point, ...], Field(max_length=12)] = ()
    certification: Title | None = None
    level: Title | None = None
    links: Links = Links()
    exam: Exam | None = None
    retires: date | None = None
    renamed: Annotated[Mapping[OldId, OldId], Field(max_length=MAX_RENAMES)] = field(default_factory=dict)
    retired: tuple[Retired, ...] = ()
    id: str = field(init=False, default="")
    nodes: Mapping[str, Node] = field(init=False, default_factory=dict, repr=False, compare=False)
    minutes_of: Mapping[str, int] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", self.code.lower())
        for path in self.paths:
            self._place(path, path.id, path.url)
        object.__setattr__(self, "nodes", {node.route: node for path in self.paths for node in walk(path)})
        minutes = {leaf: self.nodes[leaf].length for path in self.paths for leaf in path.leaves}
        object.__setattr__(self, "minutes_of", minutes)

    def _place(self, node: Node, route: str, link: str | None) -> None:
        """Tell ``node`` and all below it where they stand. Only here is a node changed, before anyone else has it."""
        children = node.children
        for child in children:
            address = child.url
            if isinstance(child, Unit) and address == DERIVED:
                address = f"{node.url}/{child.id}" if node.url else None
            self._place(child, f"{route}/{child.id}", address or link)
        told = {
            "course": self.id,
            "route": route,
            "key": key_of(self.id, route),
            "link": link,
            "leaves": tuple(leaf for child in children for leaf in child.leaves) or (route,),
            "length": sum(child.length for child in children) if children else (node.minutes or 0),
        }
        for name, value in told.items():
            object.__setattr__(node, name, value)

    @property
    def leaves(self) -> Collection[str]:
        """Routes of all that can be ticked by itself, in the order of the course."""
        return self.minutes_of.keys()

    @property
    def minutes(self) -> int:
        """Length of the course in minutes."""
        return sum(path.length for path in self.paths)

    def ancestors(self, node: Node) -> tuple[Node, ...]:
        """The path and module above ``node``, outermost first."""
        parts = node.route.split("/")
        return tuple(self.nodes["/".join(parts[:depth])] for depth in range(1, len(parts)))

    def current(self, route: str) -> str:
        """The route under which ``route``, perhaps from an earlier version of the course, is found today.

        The longest renamed prefix wins, again and again until none fits. A route that went away comes back unchanged.
        """
        for _ in range(min(len(self.renamed), MAX_RENAME_CHAIN)):
            parts = route.split("/")
            if route in self.nodes or len(parts) > MAX_RENAME_DEPTH:
                break
            for depth in range(len(parts), 0, -1):
                new = self.renamed.get("/".join(parts[:depth]))
                if new is not None:
                    route = "/".join([new, *parts[depth:]])
                    break
            else:
                break
        return route


def walk(node: Node) -> Iterator[Node]:
    """``node`` and all below it, in the order of the course."""
    yield node
    for child in node.children:
        yield from walk(child)


def key_of(course: str, route: str) -> str:
    """Ten hexadecimal digits for a course's id and a route; the same in every process and version."""
    return blake2b(f"{course}/{route}".encode(), digest_size=5).hexdigest()
