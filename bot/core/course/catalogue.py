"""All courses in memory: look up names, suggest close matches, and complete typed text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.core.course.course import Course, Node, Path
from bot.core.course.index import DEPTH, CourseIndex
from bot.core.course.search import CLOSE, plain
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


@dataclass(frozen=True, slots=True)
class Match:
    """What a text means: one ``node``, or None and the ``hits`` that it can mean, best first (none: nothing fits)."""

    node: Node | None = None
    hits: tuple[Hit, ...] = ()


CONTAINS, BEGINS = 90.0, 98.0
"""Scores of names that contain the text, and that begin with it. Lower ones are only similar."""


class _Shown:
    """The courses that a task can look up."""

    __slots__ = ("banks", "courses", "indexes")

    def __init__(self, indexes: Iterable[CourseIndex]) -> None:
        self.indexes = {index.course.id: index for index in indexes}
        self.courses = {each: index.course for each, index in self.indexes.items()}
        self.banks = {each: index.bank for each, index in self.indexes.items() if index.bank is not None}


class Catalogue:
    """The courses that this process serves: the operator's, for everyone, and within ``including`` some others.

    ``banks`` are the question banks by course ID, for courses that have one.
    """

    def __init__(self, courses: Sequence[Course], default: str, banks: Mapping[str, Bank] | None = None) -> None:
        """``default`` is the ID of the course used if none is named. Raises ``NotFound`` if it doesn't exist."""
        found = banks or {}
        self._everyones = _Shown(CourseIndex(course, found.get(course.id)) for course in courses)
        # One per process. It is a context variable so that no task can look up the courses of another task's server.
        self._shown = ContextVar("shown", default=self._everyones)
        self.default = self.course(default)

    @contextmanager
    def including(self, others: Sequence[CourseIndex]) -> Iterator[None]:
        """Add ``others`` to the operator's courses, for this task and the tasks that it starts in the block."""
        shown = _Shown([*self._everyones.indexes.values(), *others]) if others else self._everyones
        token = self._shown.set(shown)
        try:
            yield
        finally:
            self._shown.reset(token)

    @property
    def everyones(self) -> Mapping[str, Course]:
        """The operator's courses by ID."""
        return self._everyones.courses

    @property
    def courses(self) -> Mapping[str, Course]:
        """The courses that can be looked up here, by ID."""
        return self._shown.get().courses

    @property
    def banks(self) -> Mapping[str, Bank]:
        return self._shown.get().banks

    @property
    def _indexes(self) -> Mapping[str, CourseIndex]:
        return self._shown.get().indexes

    def course(self, text: str) -> Course:
        """Return the course with an ID, code or title, ignoring case and punctuation. Raises ``NotFound``."""
        if text in self.courses:
            return self.courses[text]
        typed = plain(text)
        for course in self.courses.values():
            if typed in (plain(course.code), plain(course.title), plain(course.code).replace(" ", "")):
                return course
        close = process.extract(typed, self._course_texts(), scorer=fuzz.partial_ratio, limit=3, score_cutoff=CLOSE)
        meant = [self.courses[course].code for _, _, course in close] or [c.code for c in self.courses.values()]
        raise NotFound(f"There is no course “{shown(text)}”. {_did_you_mean(meant)}")

    def _course_texts(self) -> dict[str, str]:
        return {each: index.text for each, index in self._indexes.items()}

    def bank(self, course: Course) -> Bank:
        """Return the question bank of a course. Raises ``NotFound`` if there is none."""
        if course.id not in self.banks:
            known = ", ".join(self.courses[each].code for each in self.banks)
            hint = f"{known} has some: choose it as `course`." if known else "Ask whoever runs the bot to add some."
            raise NotFound(f"There are no questions on {course.code} yet. {hint}")
        return self.banks[course.id]

    def has_questions(self, node: Node) -> bool:
        """Return whether there are questions on a path or module."""
        bank = self.banks.get(node.course)
        return bank is not None and node.route in bank.of_route

    def node(self, course: Course, text: str) -> Node:
        """Return the learning path with this ID, title or alias, or the node with this full ID or key.

        Raises ``NotFound`` with up to three suggestions.
        """
        matches = self._indexes[course.id].paths.exact(text) or self._by_full_id(course, text)
        if not matches:
            meant = _titled(self._indexes[course.id].paths.meant(text)) or [f"`{path.id}`" for path in course.paths]
            raise NotFound(f"{course.code} has no learning path “{shown(text)}”. {_did_you_mean(meant)}")
        return matches[0]

    def _by_full_id(self, course: Course, text: str) -> list[Node]:
        """Return the node with this full ID, whose first part may be an alias of its path."""
        route = _route(course, text)
        if route in course.nodes:
            return [course.nodes[route]]
        first, _, rest = route.partition("/")
        routes = [f"{path.route}/{rest}" for path in self._indexes[course.id].paths.exact(first)] if rest else []
        return [course.nodes[route] for route in routes if route in course.nodes]

    def match(self, text: str, courses: Sequence[Course], count: int = 8) -> Match:
        """Return what a text means in the first of ``courses``, or else in the others.

        An ID, full ID, key or title means its node; of several nodes with the same name, the only learning path. Other
        text means the only node whose name contains it or begins with it. Names that are only similar are never chosen.
        """
        for group in (courses[:1], courses[1:]):
            named = [Hit(course, node, 100.0) for course in group for node in self._named(course, text)]
            paths = [hit for hit in named if isinstance(hit.node, Path)]
            if named:
                sole = named if len(named) == 1 else paths if len(paths) == 1 else []
                return Match(sole[0].node) if sole else Match(None, tuple(named[:count]))
            hits = self.search(text, group, count) if group else []
            clear = [hit for hit in hits if hit.score >= CONTAINS]
            first = [hit for hit in clear if hit.score >= BEGINS]
            if clear:
                sole = clear if len(clear) == 1 else first if len(first) == 1 else []
                return Match(sole[0].node) if sole else Match(None, tuple(hits))
        return Match(None, tuple(self.search(text, courses, count)))

    def _named(self, course: Course, text: str) -> list[Node]:
        return self._indexes[course.id].all.exact(text) or self._by_full_id(course, text)

    def by_key(self, key: str) -> tuple[Course, Node]:
        """Return the course and node of a key from a button. Raises ``Stale`` if the course no longer has it."""
        for index in self._indexes.values():
            if node := index.keys.get(key):
                return index.course, node
        raise Stale("The course has been updated since this message. See </paths> for the current version.")

    def offer_courses(self, text: str) -> list[Course]:
        """Return courses that match the text typed so far."""
        typed = plain(text)
        found = [index.course for index in self._indexes.values() if typed in index.text]
        if not found:
            close = process.extract(typed, self._course_texts(), scorer=fuzz.partial_ratio, limit=OFFERED)
            found = [self.courses[course] for _, score, course in close if score >= CLOSE]
        return found[:OFFERED]

    def offer_paths(self, course: Course, text: str) -> list[Node]:
        return [node for node, _ in self._indexes[course.id].paths.rank(text, OFFERED)]

    def offer(self, course: Course, text: str) -> list[Node]:
        """Return the paths, modules and units that match the text typed so far; paths come first among equals."""
        return [node for node, _ in self._indexes[course.id].all.rank(text, OFFERED)]

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
                    for node, score in self._indexes[course.id].all.rank(text, count, similar=similar)
                ]
        hits.sort(key=lambda hit: (-hit.score, DEPTH[hit.node.word]))
        return hits[:count]


def _route(course: Course, text: str) -> str:
    """Convert ``text`` to a full ID of the current course; it may not exist."""
    return course.current(text.strip().strip("/").lower().removeprefix(f"{course.id}/"))


def _titled(nodes: Iterable[Node]) -> list[str]:
    return [f"`{node.id}` ({node.title})" for node in nodes]


def shown(text: str) -> str:
    """Return typed text shortened and without characters that Discord would treat as markup."""
    safe = "".join(letter for letter in text if letter not in "`*_~|<>[]@\n")
    return safe if len(safe) <= 60 else f"{safe[:59]}…"


def _did_you_mean(names: Sequence[str]) -> str:
    if not names:
        return "There are no courses yet."
    *first, last = list(names)[:3]
    return f"Did you mean {', '.join(first)} or {last}?" if first else f"Did you mean {last}?"
