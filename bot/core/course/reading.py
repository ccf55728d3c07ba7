"""Read course files: return courses from YAML text, or all faults with file and line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import TypeAdapter, ValidationError
from rapidfuzz import process

from bot.core.course.badge import BadgeColor, Glyph
from bot.core.course.course import Course, Module, Node
from bot.core.course.fault import Fault
from bot.core.course.plain_yaml import MAX_FAULTS, Place, read
from bot.core.course.plain_yaml import Node as Source
from bot.core.course.skills import faults_of_skills
from bot.errors import BrokenCourse

MAX_CHECKBOXES = 50
"""Maximum number of children of a node. A form has five groups of ten checkboxes."""
_SETS = {"glyph": Glyph, "color": BadgeColor}
"""Keys whose value is one of a set that is too long for a fault."""
_MAX_SHOWN = 60
"""Maximum length of a key or value in a fault."""


class CourseReader:
    """Reads courses from YAML texts. Construction takes some milliseconds, so use one reader for all files."""

    def __init__(self) -> None:
        self._adapter = TypeAdapter(Course)

    def read_all(self, files: Mapping[str, str]) -> tuple[Course, ...]:
        """Read ``files`` (text by file name) and return their courses, sorted by file name.

        Raises ``BrokenCourse`` with every fault of every file, each with its file and line.
        """
        courses: dict[str, Course] = {}
        faults: list[str] = []
        for name in sorted(files):
            try:
                courses[name] = self.read(files[name], name)
            except BrokenCourse as broken:
                faults += broken.faults
        names: dict[str, list[str]] = {}
        for name, course in courses.items():
            names.setdefault(course.id, []).append(name)
        for name, course in courses.items():
            others = ", ".join(other for other in names[course.id] if other != name)
            if others:
                faults.append(f"{name}: code {course.code} is also the code of {others}")
        if faults:
            raise BrokenCourse(faults)
        return tuple(courses.values())

    def read(self, text: str, name: str, course_id: str = "") -> Course:
        """Read the course in ``text``. Raises ``BrokenCourse`` with all of its faults.

        Without ``course_id``, its ID is its code in lower case.
        """
        source = read(text, name)
        if not isinstance(source.value, dict):
            raise BrokenCourse([f"{name}: a course file is a mapping with `code`, `title`, `overview` and `paths`"])
        try:
            course = self._adapter.validate_python(source.value)
        except ValidationError as error:
            raise BrokenCourse(lines(name, source, faults_of_types(error, source))) from error
        if course_id:
            course.identify(course_id)
        if faults := list(faults_of(course)):
            raise BrokenCourse(lines(name, source, faults))
        return course


def faults_of_types(error: ValidationError, source: Source) -> Iterator[Fault]:
    """Yield the faults found by pydantic.

    A list that is too short is left out if its items have faults of their own, because pydantic doesn't count those
    items.
    """
    faults = error.errors(include_url=False, include_context=False)
    within = {one["loc"][:1] for one in faults if len(one["loc"]) > 1}
    for one in faults:
        if one["type"] == "too_short" and one["loc"] in within:
            continue
        place = tuple(one["loc"])
        given, exact = source.find(place)
        if one["type"] == "enum" and place[-1] in _SETS:
            yield Fault(place, _not_in_set(str(place[-1]), str(given.value)))
            continue
        shown = _shown(given, is_text=one["type"] == "string_type") if exact else ""
        yield Fault(place, f"{one['msg']}{shown}")


def _not_in_set(key: str, value: str) -> str:
    """Suggest the nearest of the values that a key takes, or list them all."""
    known = [str(each) for each in _SETS[key]]
    near = process.extractOne(value[:_MAX_SHOWN].lower(), known, score_cutoff=60)
    hint = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(known)}"
    return f"{value[:_MAX_SHOWN]!r} is not a {key}; {hint}"


def _shown(given: Source, *, is_text: bool) -> str:
    """Return what was found instead; for a number, `true` or `null` where text is expected, say to use quotes."""
    if given.children is not None:
        return ""
    if given.value is None and not given.raw:
        return " (it is empty)"
    shown = given.raw or repr(str(given.value)[:_MAX_SHOWN])
    return f' (it is {shown}); use quotes: "{shown}"' if is_text and given.raw else f" (it is {shown})"


def lines(name: str, source: Source, faults: Iterable[Fault]) -> Sequence[str]:
    """Return ``file:line: place: what is wrong`` for each fault, but at most ``MAX_FAULTS`` of them."""
    listed = list(faults)
    shown = [
        f"{name}:{source.find(fault.place)[0].line}: {_spoken(fault.place)}{fault.says}"
        for fault in listed[:MAX_FAULTS]
    ]
    more = len(listed) - len(shown)
    return [*shown, f"{name}: {more} more"] if more else shown


def _spoken(place: Place) -> str:
    words = [str(step + 1) if isinstance(step, int) else " ".join(step[:_MAX_SHOWN].split()) for step in place]
    return f"{' > '.join(words)}: " if words else ""


def faults_of(course: Course) -> Iterator[Fault]:
    """Yield faults that types can't check: ambiguous IDs, repeated addresses, bad weights, renames without a target."""
    yield from _clashes(("paths",), course.paths)
    ids = {path.id for path in course.paths}
    aliases = Counter(name for path in course.paths for name in path.aliases)
    for number, path in enumerate(course.paths):
        place: Place = ("paths", number)
        for name in path.aliases:
            if aliases[name] > 1 or name in ids - {path.id}:
                yield Fault((*place, "aliases"), f"{name!r} also names another path")
        yield from _clashes((*place, "modules"), path.modules)
        for position, module in enumerate(path.modules):
            yield from _of_module((*place, "modules", position), module)
    yield from _of_exam(course)
    yield from _of_successor(course)
    yield from faults_of_skills(course)
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
            yield Fault((*place, "units", number), f"{unit.link} is also the address of another unit of this module")


def _of_exam(course: Course) -> Iterator[Fault]:
    domains = course.exam.domains if course.exam else ()
    known = {domain.id for domain in domains}
    for number, domain in enumerate(domains):
        low, high = domain.weight
        if low > high:
            yield Fault(("exam", "domains", number, "weight"), f"{low} to {high}: the lower value must come first")
    if len(known) < len(domains):
        yield Fault(("exam", "domains"), "two domains have the same id")
    lowest = sum(domain.weight[0] for domain in domains)
    highest = sum(domain.weight[1] for domain in domains)
    if domains and not lowest <= 100 <= highest:
        yield Fault(
            ("exam", "domains"), f"no values within these weights sum to 100 (they reach {lowest} to {highest})"
        )
    if course.exam and course.exam.pass_mark > course.exam.out_of:
        yield Fault(("exam", "pass_mark"), "is above the highest score")
    renewal = course.exam.renewal if course.exam else None
    if renewal and renewal.opens >= renewal.months:
        yield Fault(("exam", "renewal", "opens"), f"is before the exam: it must be less than {renewal.months} months")
    if course.exam and course.exam.outline and course.retires and course.retires <= course.exam.outline:
        yield Fault(("retires",), "is before the date of the exam's outline")
    for number, path in enumerate(course.paths):
        if path.domain is not None and path.domain not in known:
            yield Fault(("paths", number, "domain"), f"{path.domain!r} is not a domain of the exam")


def _of_successor(course: Course) -> Iterator[Fault]:
    if course.successor and course.retires is None:
        yield Fault(("successor",), "needs `retires`, the date on which the exam ends")
    if course.successor and course.successor.lower() == course.id:
        yield Fault(("successor",), "is this course itself")


def _of_changes(course: Course) -> Iterator[Fault]:
    for old in course.renamed:
        if old in course.nodes:
            yield Fault(("renamed", old), "is still in the course, so it can't be renamed")
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
