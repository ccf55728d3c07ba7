"""All courses in memory: look up names, suggest close matches, and complete typed text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.core.course.course import Course, Module, Node, Path, Unit, key_of, walk
from bot.core.course.search import CLOSE, Names, plain
from bot.core.questions.bank import Bank
from bot.errors import NotFound, Stale

OFFERED = 25
"""Maximum number of autocomplete choices in Discord."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result. ``score`` is 0 to 100, best first."""

    course: Course
    node: Node
    score: float


_NOTHING = Names(())


class Catalogue:
    """The courses that this process serves. Everything is computed once, at construction.

    ``banks`` are the question banks by course ID, for courses that have one.
    """

    def __init__(self, courses: Sequence[Course], default: str, banks: Mapping[str, Bank] | None = None) -> None:
        """``default`` is the ID of the course used if none is named. Raises ``NotFound`` if it doesn't exist."""
        self.courses = {course.id: course for course in courses}
        self.banks = {course: bank for course, bank in (banks or {}).items() if course in self.courses}
        self._keys: dict[str, Node] = {}
        self._paths: dict[str, Names] = {}
        self._below: dict[tuple[str, str], Names] = {}
        self._deep: dict[tuple[str, str], Names] = {}
        self._modules: dict[str, Names] = {}
        self._units: dict[str, Names] = {}
        self._all: dict[str, Names] = {}
        self._course_texts = {course.id: plain(f"{course.code} {course.title}") for course in courses}
        for course in courses:
            self._index(course)
        self.default = self.course(default)

    def _index(self, course: Course) -> None:
        nodes = tuple(course.nodes.values())
        self._paths[course.id] = Names(course.paths)
        self._modules[course.id] = Names(node for node in nodes if isinstance(node, Module))
        self._units[course.id] = Names(node for node in nodes if isinstance(node, Unit))
        self._all[course.id] = Names(nodes)
        for node in nodes:
            self._keys[node.key] = node
            if node.children:
                self._below[course.id, node.route] = Names(node.children)
            if isinstance(node, Path):
                self._deep[course.id, node.route] = Names(leaf for leaf in walk(node) if isinstance(leaf, Unit))
        for node in nodes if course.renamed else ():
            for route in _former(course, node.route):
                self._keys.setdefault(key_of(course.id, route), node)

    def course(self, text: str) -> Course:
        """Return the course with an ID, code or title, ignoring case and punctuation. Raises ``NotFound``."""
        typed = plain(text)
        for course in self.courses.values():
            if typed in (plain(course.id), plain(course.title), plain(course.id).replace(" ", "")):
                return course
        close = process.extract(typed, self._course_texts, scorer=fuzz.partial_ratio, limit=3, score_cutoff=CLOSE)
        meant = [self.courses[course].code for _, _, course in close] or [c.code for c in self.courses.values()]
        raise NotFound(f"There is no course “{_shown(text)}”. {_did_you_mean(meant)}")

    def bank(self, course: Course) -> Bank:
        """Return the question bank of a course. Raises ``NotFound`` if there is none."""
        if course.id not in self.banks:
            known = ", ".join(self.courses[each].code for each in self.banks)
            hint = f"There are for {known}: choose it with `course:`." if known else "The operator can add some."
            raise NotFound(f"There are no questions on {course.code} yet. {hint}")
        return self.banks[course.id]

    def node(self, course: Course, path: str, module: str | None = None, unit: str | None = None) -> Node:
        """Return the named node. ``path`` may be a full ID of a module or unit (``deploy/…``).

        Raises ``NotFound`` with up to three suggestions, or with the path that contains the module.
        """
        node = self._path(course, path)
        if module:
            node = self._child(course, node, module, self._modules[course.id], "module")
        if unit:
            node = self._child(course, node, unit, self._units[course.id], "unit")
        return node

    def _path(self, course: Course, text: str) -> Node:
        names = self._paths[course.id]
        route = _route(course, text)
        matches = [*names.exact(text), *([course.nodes[route]] if route in course.nodes else [])]
        if not matches and "/" in route:
            first, _, rest = route.partition("/")
            matches = [
                course.nodes[full] for path in names.exact(first) if (full := f"{path.route}/{rest}") in course.nodes
            ]
        if not matches:
            meant = _titled(names.meant(text)) or [f"`{path.id}`" for path in course.paths]
            raise NotFound(f"{course.code} has no learning path “{_shown(text)}”. {_did_you_mean(meant)}")
        return matches[0]

    def _child(self, course: Course, above: Node, text: str, kind: Names, word: str) -> Node:
        """Return the module or unit with this name below ``above``."""
        names = self._names_of(above, word)
        matches = names.exact(text)
        route = _route(course, text)
        if not matches and route.startswith(f"{above.route}/") and route in course.nodes:
            matches = [node for node in names.nodes if node.route == route]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise NotFound(
                f"{len(matches)} {word}s of **{above.title}** are called “{_shown(text)}”. Name the module too."
            )
        elsewhere = kind.exact(text) or [node for node in kind.nodes if node.route == route]
        if elsewhere:
            path = course.nodes[elsewhere[0].route.split("/")[0]]
            raise NotFound(
                f"“{elsewhere[0].title}” is a {word} of **{path.title}**, not of **{above.title}**. "
                f"Choose path `{path.id}` for it."
            )
        meant = _titled(names.meant(text))
        hint = _did_you_mean(meant) if meant else f"Leave `{word}` out to mean all of it."
        raise NotFound(f"**{above.title}** has no {word} “{_shown(text)}”. {hint}")

    def _names_of(self, above: Node, word: str) -> Names:
        """Return the names of the modules or units below a node."""
        if above.word == "module" or word == "module":
            return self._below.get((above.course, above.route), _NOTHING) if above.word != "unit" else _NOTHING
        return self._deep.get((above.course, above.route), _NOTHING)

    def by_key(self, key: str) -> tuple[Course, Node]:
        """Return the course and node of a key from a button. Raises ``Stale`` if the course no longer has it."""
        node = self._keys.get(key)
        if node is None:
            raise Stale("The course has changed since this message was made. Run `/paths` to see it as it is now.")
        return self.courses[node.course], node

    def offer_courses(self, text: str) -> list[Course]:
        """Return courses that match the text typed so far."""
        typed = plain(text)
        found = [course for course in self.courses.values() if typed in self._course_texts[course.id]]
        if not found:
            close = process.extract(typed, self._course_texts, scorer=fuzz.partial_ratio, limit=OFFERED)
            found = [self.courses[course] for _, score, course in close if score >= CLOSE]
        return found[:OFFERED]

    def offer_paths(self, course: Course, text: str) -> list[Node]:
        return [node for node, _ in self._paths[course.id].rank(text, OFFERED)]

    def offer_modules(self, course: Course, path: str, text: str) -> list[Node]:
        """Return matching modules: of the path if it is known, else of the course."""
        try:
            names = self._names_of(self._path(course, path), "module")
        except NotFound:
            names = self._modules[course.id]
        return [node for node, _ in names.rank(text, OFFERED)]

    def offer_units(self, course: Course, path: str, module: str, text: str) -> list[Node]:
        """Return matching units: of the module if it is known, else of the path, else of the course."""
        try:
            names = self._names_of(self.node(course, path, module), "unit")
        except NotFound:
            names = self._units[course.id]
        return [node for node, _ in names.rank(text, OFFERED)]

    def search(self, text: str, courses: Sequence[Course], count: int) -> list[Hit]:
        """Return the best ``count`` paths, modules and units of ``courses`` that match ``text``, best first."""
        if not plain(text):
            return []
        hits: list[Hit] = []
        for similar in (False, True):  # nodes that are only similar come last, and cost ten times as much to find
            if len(hits) < count:
                hits = [
                    Hit(course, node, score)
                    for course in courses
                    for node, score in self._all[course.id].rank(text, count, similar=similar)
                ]
        depth = {"learning path": 0, "module": 1, "unit": 2}
        hits.sort(key=lambda hit: (-hit.score, depth[hit.node.word]))
        return hits[:count]


def _route(course: Course, text: str) -> str:
    """Convert ``text`` to a full ID of the current course; it may not exist."""
    return course.current(text.strip().strip("/").lower().removeprefix(f"{course.id}/"))


def _former(course: Course, route: str) -> set[str]:
    """Return the full IDs that the current ``route`` had in earlier versions of the course."""
    routes = {route}
    fresh = [route]
    while fresh:
        known = fresh.pop()
        for old, new in course.renamed.items():
            if known == new or known.startswith(f"{new}/"):
                former = old + known[len(new) :]
                if former not in routes and course.current(former) == route:
                    routes.add(former)
                    fresh.append(former)
    return routes - {route}


def _titled(nodes: Iterable[Node]) -> list[str]:
    return [f"`{node.id}` ({node.title})" for node in nodes]


def _shown(text: str) -> str:
    """Return typed text shortened and without characters that Discord would treat as markup."""
    safe = "".join(letter for letter in text if letter not in "`*_~|<>[]@\n")
    return safe if len(safe) <= 60 else f"{safe[:59]}…"


def _did_you_mean(names: Sequence[str]) -> str:
    if not names:
        return "There is none to choose from."
    *first, last = list(names)[:3]
    return f"Did you mean {', '.join(first)} or {last}?" if first else f"Did you mean {last}?"
