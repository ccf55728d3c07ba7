"""Course files: from YAML text to courses, or to the list of all their faults."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.core.course.course import Course, Module, Node
from bot.errors import BrokenCourse

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML as course authors mean it: ``on``, ``No`` and dates are text, and no key stands twice.

    Whether a text is a date or a number is for the course to say, with its place.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(made) < len(node.value):
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} stands twice", key.start_mark
                    )
                seen.add(key.value)
        return made


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])

Place = tuple[str | int, ...]
MAX_CHECKBOXES = 50
"""A form has five parts of ten checkboxes each: so many children a node may have."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: keys and list positions that lead to it, and a sentence."""

    place: Place
    says: str


class CourseReader:
    """Turns YAML texts into courses. Building one costs some milliseconds: keep it for all files."""

    def __init__(self) -> None:
        self._adapter = TypeAdapter(Course)

    def read_all(self, files: Mapping[str, str]) -> tuple[Course, ...]:
        """Courses of ``files`` (name to text), sorted by name.

        Raises ``BrokenCourse`` with every fault of every file, each with its file and line.
        """
        courses: dict[str, Course] = {}
        faults: list[str] = []
        for name in sorted(files):
            try:
                courses[name] = self.read(files[name], name)
            except BrokenCourse as broken:
                faults += broken.faults
        counts = Counter(course.id for course in courses.values())
        for name, course in courses.items():
            if counts[course.id] > 1:
                faults.append(f"{name}: code {course.code} stands in more than one file")
        if faults:
            raise BrokenCourse(faults)
        return tuple(courses.values())

    def read(self, text: str, name: str) -> Course:
        """The course of one YAML text. Raises ``BrokenCourse`` with all of its faults."""
        raw = load(text, name)
        if not isinstance(raw, dict):
            raise BrokenCourse([f"{name}: a course file is a mapping with `code`, `title`, `overview` and `paths`"])
        try:
            course = self._adapter.validate_python(raw)
        except ValidationError as error:
            raise BrokenCourse(lines(name, text, said(error))) from error
        if faults := list(faults_of(course)):
            raise BrokenCourse(lines(name, text, faults))
        return course


def load(text: str, name: str) -> Any:
    """What the YAML ``text`` of the file ``name`` holds. Raises ``BrokenCourse`` with the line where it isn't YAML."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - the safe loader, in C where it is built
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenCourse([f"{name}:{line}: not YAML: {error.problem}"]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BrokenCourse([f"{name}:{line}: not YAML: {error.reason}"]) from error
    except yaml.YAMLError as error:
        raise BrokenCourse([f"{name}: not YAML: {' '.join(str(error).split())}"]) from error


def said(error: ValidationError) -> Iterator[Fault]:
    """The faults that the types found, but not that a list is too short whose items have faults of their own."""
    faults = error.errors(include_url=False)
    within = {one["loc"][:1] for one in faults if len(one["loc"]) > 1}
    for one in faults:
        if one["type"] == "too_short" and one["loc"] in within:
            continue  # the items that would be counted are the ones with faults of their own
        given = one.get("input")
        shown = "" if isinstance(given, dict | list) or one["type"] == "missing" else f" (it is {given!r:.60})"
        yield Fault(tuple(one["loc"]), f"{one['msg']}{shown}")


def lines(name: str, text: str, faults: Iterable[Fault]) -> Sequence[str]:
    """``file:line: place: sentence`` for each fault; the text is composed again only here, to find the lines."""
    root = yaml.compose(text, _Loader)
    return [f"{name}:{_line(root, fault.place)}: {_spoken(fault.place)}{fault.says}" for fault in faults]


def _line(node: Any, place: Place) -> int:
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == str(step)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step : step + 1]
        else:
            found = []
        if not found:
            break
        node = found[0]
    return int(node.start_mark.line) + 1


def _spoken(place: Place) -> str:
    words = [f"{step + 1}" if isinstance(step, int) else step for step in place]
    return f"{' > '.join(words)}: " if words else ""


def faults_of(course: Course) -> Iterator[Fault]:
    """What types can't say: ids that clash, addresses given twice, impossible weights, renames that lead nowhere."""
    yield from _clashes(("paths",), course.paths)
    ids = {path.id for path in course.paths}
    aliases = Counter(name for path in course.paths for name in path.aliases)
    for number, path in enumerate(course.paths):
        place: Place = ("paths", number)
        for name in path.aliases:
            if aliases[name] > 1 or name in ids - {path.id}:
                yield Fault((*place, "aliases"), f"{name!r} names another path too")
        yield from _clashes((*place, "modules"), path.modules)
        for position, module in enumerate(path.modules):
            yield from _of_module((*place, "modules", position), module)
    yield from _of_exam(course)
    yield from _of_changes(course)
    keys = Counter(node.key for node in course.nodes.values())
    for node in course.nodes.values():
        if keys[node.key] > 1:
            yield Fault((), f"{node.route}: its short key clashes with another's; choose another id")


def _clashes(place: Place, nodes: Sequence[Node]) -> Iterator[Fault]:
    counts = Counter(node.id for node in nodes)
    for number, node in enumerate(nodes):
        if counts[node.id] > 1:
            yield Fault((*place, number, "id"), f"{node.id!r} is used {counts[node.id]} times among its siblings")
    if len(nodes) > MAX_CHECKBOXES:
        yield Fault(place, f"{len(nodes)} are too many for one form; {MAX_CHECKBOXES} fit")


def _of_module(place: Place, module: Module) -> Iterator[Fault]:
    yield from _clashes((*place, "units"), module.units)
    addresses = Counter(unit.link for unit in module.units if unit.url is not None and unit.link)
    for number, unit in enumerate(module.units):
        if unit.url is not None and unit.link and addresses[unit.link] > 1:
            yield Fault((*place, "units", number), f"{unit.link} is the address of another unit of this module too")


def _of_exam(course: Course) -> Iterator[Fault]:
    domains = course.exam.domains if course.exam else ()
    known = {domain.id for domain in domains}
    for number, domain in enumerate(domains):
        low, high = domain.weight
        if low > high:
            yield Fault(("exam", "domains", number, "weight"), f"{low} to {high}: the lower value comes first")
    if len(known) < len(domains):
        yield Fault(("exam", "domains"), "two domains have one id")
    lowest = sum(domain.weight[0] for domain in domains)
    highest = sum(domain.weight[1] for domain in domains)
    if domains and not lowest <= 100 <= highest:
        yield Fault(
            ("exam", "domains"), f"no values within these weights sum to 100 (they reach {lowest} to {highest})"
        )
    if course.exam and course.exam.pass_mark > course.exam.out_of:
        yield Fault(("exam", "pass_mark"), "is above the highest score")
    if course.exam and course.exam.outline and course.retires and course.retires <= course.exam.outline:
        yield Fault(("retires",), "lies before the date of the exam's outline")
    for number, path in enumerate(course.paths):
        if path.domain is not None and path.domain not in known:
            yield Fault(("paths", number, "domain"), f"{path.domain!r} is not a domain of the exam")


def _of_changes(course: Course) -> Iterator[Fault]:
    for old in course.renamed:
        if old in course.nodes:
            yield Fault(("renamed", old), "is still in the course, so it can't have been renamed")
        elif course.current(old) not in course.nodes:
            yield Fault(("renamed", old), f"leads to {course.current(old)!r}, which is not in the course")
    seen = Counter(gone.id for gone in course.retired)
    for number, gone in enumerate(course.retired):
        if gone.id in course.nodes:
            yield Fault(("retired", number, "id"), f"{gone.id!r} is still in the course, so it is not retired")
        if seen[gone.id] > 1:
            yield Fault(("retired", number, "id"), f"{gone.id!r} is listed twice")
        if gone.id in course.renamed:
            yield Fault(("retired", number, "id"), f"{gone.id!r} can't be both renamed and retired")
