"""A course with its question bank and everything that finds its parts. Built once per version of a course."""

from collections.abc import Mapping, Sequence

from bot.core.course.course import Course, Node, key_of
from bot.core.course.search import Names, plain
from bot.core.questions.bank import Bank

DEPTH = {"learning path": 0, "module": 1, "unit": 2}


class CourseIndex:
    """The names and keys of a course. ``bank`` is None if the course has no questions."""

    __slots__ = ("all", "bank", "course", "keys", "paths", "text")

    def __init__(self, course: Course, bank: Bank | None = None) -> None:
        nodes = tuple(course.nodes.values())
        self.course = course
        self.bank = bank
        self.paths = Names(course.paths)
        self.all = Names(sorted(nodes, key=lambda node: DEPTH[node.word]))
        self.text = plain(f"{course.code} {course.title}")
        self.keys: dict[str, Node] = {node.key: node for node in nodes}
        """The nodes by their key, and by those that they had before they were renamed."""
        older: dict[str, list[str]] = {}
        for old, new in course.renamed.items():
            older.setdefault(new, []).append(old)
        for node in nodes if older else ():
            for route in _former(course, node.route, older):
                self.keys.setdefault(key_of(course.id, route), node)


def _former(course: Course, route: str, older: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the full IDs that the current ``route`` had before. ``older`` has the former IDs by the later ones."""
    routes = {route}
    fresh = [route]
    while fresh:
        parts = fresh.pop().split("/")
        for depth in range(1, len(parts) + 1):
            for old in older.get("/".join(parts[:depth]), ()):
                former = "/".join([old, *parts[depth:]])
                if former not in routes and course.current(former) == route:
                    routes.add(former)
                    fresh.append(former)
    return routes - {route}
