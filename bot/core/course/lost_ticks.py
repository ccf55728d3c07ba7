"""Find completed parts that a course file doesn't have, and what each has probably become.

A database has no titles, so the words of the IDs stand for them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.core.course.changes import compare
from bot.core.course.course import Course, Kind, Module, Node, Path, Unit
from bot.core.course.matching import Evidence
from bot.core.course.progress import credited


@dataclass(frozen=True, slots=True)
class Lost:
    """A part that learners have completed, at least in part, and that the course doesn't have.

    ``routes`` are the stored full IDs in it that count for nothing, ``learners`` those who have completed one of them.
    ``became`` is the node that it probably is now; None if that isn't clear.
    """

    route: str
    routes: tuple[str, ...]
    learners: frozenset[int]
    became: Node | None = None
    evidence: tuple[Evidence, ...] = ()


def uncounted(course: Course, routes: Iterable[str]) -> set[str]:
    """Return the routes that count for nothing in ``course`` and that it doesn't list as retired."""
    retired = {gone.id for gone in course.retired}
    return {
        route
        for route in routes
        if not credited(course, [route]) and not retired.intersection(_with_parents(course.current(route)))
        and not retired.intersection(_with_parents(route))
    }  # fmt: skip


def lost_parts(course: Course, learners: Mapping[str, Collection[int]]) -> tuple[Lost, ...]:
    """Return the lost parts of a course, those of most learners first.

    ``learners`` has the stored routes of the course, with the learners who completed each.
    """
    missing = uncounted(course, learners)
    if not missing:
        return ()
    before = course_of_routes(course.code, learners)
    changes = compare(before, course, ordered=False)
    became = {
        node.route: (proposal.new[0], proposal.evidence)
        for proposal in changes.proposals
        if proposal.evidence != (Evidence.LISTED,)
        for node in proposal.old
    }
    removed = {node.route for node in changes.removed}
    parts: dict[str, list[str]] = {}
    for route in sorted(missing):
        above = _with_parents(route)
        part = next((each for each in reversed(above) if each in became and route in changes.mapping), None)
        part = part or next((each for each in above if each in removed), route)
        parts.setdefault(part, []).append(route)
    found = [
        Lost(
            part,
            tuple(routes),
            frozenset(learner for route in routes for learner in learners[route]),
            *(became[part] if part in became and routes[0] in changes.mapping else ()),
        )
        for part, routes in parts.items()
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.learners), each.route)))


def _with_parents(route: str) -> list[str]:
    """Return the full IDs of the nodes above ``route``, outermost first, and its own."""
    parts = route.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def course_of_routes(code: str, routes: Iterable[str]) -> Course:
    """Build a course with these routes, which has no minutes and the words of IDs as titles. Too long ones are cut."""
    tree: dict[str, dict[str, dict[str, None]]] = {}
    for route in sorted(routes):
        path, module, unit, *_ = *route.split("/"), None, None
        modules = tree.setdefault(str(path), {})
        units = modules.setdefault(module, {}) if module else {}
        if unit:
            units[unit] = None
    return Course(code=code, title=code, overview=code, paths=tuple(
        Path(id=path, title=_title(path), modules=tuple(
            Module(id=module, title=_title(module), units=tuple(
                Unit(id=unit, title=_title(unit), kind=Kind.READING, minutes=1) for unit in units
            )) for module, units in modules.items()
        )) for path, modules in tree.items()
    ))  # fmt: skip


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")
