"""A course: learning paths, modules and units."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.core.course.badge import Badge, BadgeColor, Glyph, badge_at
from bot.core.course.exam import Exam, NotTaught
from bot.core.course.fields import (
    MAX_SKILLS,
    STRICT,
    Address,
    Minutes,
    OldId,
    Point,
    Prose,
    ShortTitle,
    SkillIds,
    Slug,
    Title,
)

MAX_RENAMES = 1000
MAX_RENAME_CHAIN, MAX_RENAME_DEPTH = 100, 6
"""Maximum number of successive renames of a route, and of parts of a route in between.

They limit the cost of ``current``.
"""

DERIVED = ""
"""Means that the file gives no address for a unit: it is the module's with the unit's ID appended."""


class Kind(StrEnum):
    """The kind of a unit: what the learner does in it."""

    INTRODUCTION = "introduction"
    READING = "reading"
    EXERCISE = "exercise"
    ASSESSMENT = "assessment"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """Common fields of paths, modules and units. The fields below ``title`` are set by the course.

    ``route`` is the full ID (``deploy/configure-azure-app-services``), unique in its course. ``key`` is a short stable
    identifier of course and route, for places with 100 characters. ``leaves`` are the routes of the nodes below without
    children (its own if it has none). ``length`` is their minutes in total, 0 if unknown.
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
    """The smallest thing to tick. Without ``url`` the address is the module's with the ID appended."""

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
    """A module: units on one subject. ``teaches`` are the IDs of the skills it teaches, ``touches`` those in part."""

    __pydantic_config__ = STRICT
    description: Prose | None = None
    url: Address | None = None
    minutes: Minutes | None = None
    teaches: SkillIds = ()
    touches: SkillIds = ()
    units: tuple[Unit, ...] = field(default=(), repr=False)

    word = "module"

    @property
    def children(self) -> tuple["Node", ...]:
        return self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Path(_Node):
    """A learning path. ``domain`` is its exam domain; None if it has no exam weight.

    ``badge`` is made of ``glyph`` and ``color``; the course chooses what the file leaves out. ``short`` is the name in
    pictures, which have little space.
    """

    __pydantic_config__ = STRICT
    description: Prose | None = None
    url: Address | None = None
    glyph: Glyph | None = None
    color: BadgeColor | None = None
    short: ShortTitle | None = None
    badge: Badge = field(init=False, default=badge_at(0, None, None))
    domain: Slug | None = None
    aliases: tuple[Slug, ...] = ()
    minutes: Minutes | None = None
    modules: tuple[Module, ...] = field(default=(), repr=False)

    word = "learning path"

    @property
    def name(self) -> str:
        """The short name, or the title if there is none."""
        return self.short or self.title

    @property
    def children(self) -> tuple["Node", ...]:
        return self.modules


Node = Path | Module | Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Pages of the certification's publisher."""

    __pydantic_config__ = STRICT
    certification: Address | None = None
    study_guide: Address | None = None
    practice_assessment: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A node that was removed from the course on ``on``. Learners keep their ticks on it."""

    __pydantic_config__ = STRICT
    id: OldId
    title: Title
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course with its paths in order. ``renamed`` maps full IDs of earlier versions to the current ones.

    ``retires`` is the day on which the exam ends, ``successor`` the code or title of the one that replaces it.
    ``domain_of_skill`` maps the IDs of the exam's skills to those of their domains, in the exam's order.
    """

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
    not_taught: Annotated[tuple[NotTaught, ...], Field(max_length=25 * MAX_SKILLS)] = ()
    retires: date | None = None
    successor: Title | None = None
    renamed: Annotated[Mapping[OldId, OldId], Field(max_length=MAX_RENAMES)] = field(default_factory=dict)
    retired: tuple[Retired, ...] = ()
    id: str = field(init=False, default="")
    nodes: Mapping[str, Node] = field(init=False, default_factory=dict, repr=False, compare=False)
    minutes_of: Mapping[str, int] = field(init=False, default_factory=dict, repr=False, compare=False)
    domain_of_skill: Mapping[str, str] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.identify(self.code.lower())

    def identify(self, course_id: str, carried: Mapping[str, str] | None = None) -> None:
        """Set the ID and the fields that depend on it. Courses are changed only here, before they are shared.

        The ID of a server's course isn't its code. ``carried`` are renames in addition to those of the file, which take
        precedence.
        """
        object.__setattr__(self, "id", course_id)
        if carried:
            object.__setattr__(self, "renamed", {**carried, **self.renamed})
        domains = self.exam.domains if self.exam else ()
        domain_of = {skill.id: domain.id for domain in domains for skill in domain.skills}
        object.__setattr__(self, "domain_of_skill", domain_of)
        for position, path in enumerate(self.paths):
            object.__setattr__(path, "badge", badge_at(position, path.glyph, path.color))
            self._place(path, path.id, path.url)
        object.__setattr__(self, "nodes", {node.route: node for path in self.paths for node in walk(path)})
        minutes = {leaf: self.nodes[leaf].length for path in self.paths for leaf in path.leaves}
        object.__setattr__(self, "minutes_of", minutes)

    def _place(self, node: Node, route: str, link: str | None) -> None:
        """Set the fields of ``node`` and all nodes below it. Nodes are changed only here, before they are shared."""
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
        """Return the routes of all leaves, in course order."""
        return self.minutes_of.keys()

    @property
    def minutes(self) -> int:
        """The length of the course in minutes."""
        return sum(path.length for path in self.paths)

    def ancestors(self, node: Node) -> tuple[Node, ...]:
        """Return the path and module above ``node``, outermost first."""
        parts = node.route.split("/")
        return tuple(self.nodes["/".join(parts[:depth])] for depth in range(1, len(parts)))

    def current(self, route: str) -> str:
        """Return the current route for ``route``, which may be from an earlier version of the course.

        The longest renamed prefix is replaced, repeatedly until none matches. A removed route is returned unchanged.
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
    """Yield ``node`` and all nodes below it, in course order."""
    yield node
    for child in node.children:
        yield from walk(child)


def key_of(course: str, route: str) -> str:
    """Return ten hexadecimal digits for a course ID and a route, the same in every process and version."""
    return blake2b(f"{course}/{route}".encode(), digest_size=5).hexdigest()
