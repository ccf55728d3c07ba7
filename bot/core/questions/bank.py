"""The question bank of a course: read YAML texts, one per learning path, into questions in course order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from rapidfuzz import process

from bot.core.course.course import Course, Module, Path
from bot.core.course.course import Kind as UnitKind
from bot.core.course.fault import Fault
from bot.core.course.fields import STRICT
from bot.core.course.plain_yaml import Node, Place, read
from bot.core.course.reading import faults_of_types, lines
from bot.core.questions.question import Question, faults_of
from bot.errors import BrokenBank, BrokenCourse

YAML_SUFFIX = re.compile(r"\.ya?ml$", re.IGNORECASE)
TEACHING = frozenset({UnitKind.READING, UnitKind.EXERCISE})
"""Kinds of units that a question can refer to. The other kinds teach nothing of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The questions of a course. Build it with ``bank_of``.

    ``questions`` maps IDs to questions, in the order of the course and then of the file. ``of_route`` maps the full ID
    of each module or learning path with questions to them, and ``of_domain`` the ID of each exam domain with questions.
    """

    course: Course
    questions: Mapping[str, Question]
    of_route: Mapping[str, tuple[Question, ...]] = field(repr=False)
    of_domain: Mapping[str, tuple[Question, ...]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.questions)


def bank_of(course: Course, files: Mapping[str, Iterable[Question]]) -> Bank:
    """Build a bank from questions without faults. ``files`` has them by the ID of their learning path."""
    by_route: dict[str, list[Question]] = {}
    by_domain: dict[str, list[Question]] = {}
    order: dict[str, Question] = {}
    for path in course.paths:
        place = {module.id: number for number, module in enumerate(path.modules)}
        for question in sorted(files.get(path.id, ()), key=lambda each: place[each.module]):
            module = path.modules[place[question.module]]
            links = _links(module)
            object.__setattr__(question, "route", module.route)
            object.__setattr__(question, "unit", links.get(question.reference or "", ""))
            order[question.id] = question
            by_route.setdefault(path.route, []).append(question)
            by_route.setdefault(module.route, []).append(question)
            if path.domain is not None:
                by_domain.setdefault(path.domain, []).append(question)
    return Bank(
        course=course,
        questions=order,
        of_route={route: tuple(questions_of) for route, questions_of in by_route.items()},
        of_domain={domain: tuple(questions_of) for domain, questions_of in by_domain.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = STRICT
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


def read_bank(files: Mapping[str, str], course: Course) -> Bank:
    """Read the question files of ``course``: text by file name, which is the ID of a learning path with ``.yaml``.

    Paths and modules may be missing. Raises ``BrokenBank`` with every fault of every file, each as
    ``course/path.yaml:line: place: what is wrong``.
    """
    adapter = TypeAdapter(_File)
    paths = {path.id: path for path in course.paths}
    names: dict[str, list[str]] = {}
    for file in sorted(files):
        names.setdefault(YAML_SUFFIX.sub("", file), []).append(file)
    sources: dict[str, tuple[str, Node]] = {}
    questions: dict[str, tuple[Question, ...]] = {}
    faults: dict[str, Sequence[str]] = {}
    for path, (file, *others) in names.items():
        name = f"{course.id}/{file}" if file != path else f"{course.id}/{path}.yaml"
        if path not in paths:
            known = ", ".join(f"{each}.yaml" for each in paths)
            faults[path] = [f"{name}:1: {path!r} is not a learning path of {course.code}; a file may be {known}"]
        elif others:
            faults[path] = [f"{name}: {', '.join(others)} is for the same learning path; keep one of the files"]
        else:
            try:
                source = read(files[file], name)
                questions[path] = _read(adapter, source, name)
                sources[path] = name, source
            except BrokenCourse as broken:
                faults[path] = broken.faults
    used = Counter(question.id for found in questions.values() for question in found)
    for path, found in questions.items():
        if listed := list(_of_file(found, paths[path], course, used)):
            faults[path] = lines(*sources[path], listed)
    if faults:
        raise BrokenBank([fault for path in sorted(faults) for fault in faults[path]])
    return bank_of(course, questions)


def _read(adapter: TypeAdapter[_File], source: Node, name: str) -> tuple[Question, ...]:
    if not isinstance(source.value, dict):
        raise BrokenCourse([f"{name}:1: a question file is a mapping with `questions`, which is a list"])
    try:
        return adapter.validate_python(source.value).questions
    except ValidationError as error:
        raise BrokenCourse(lines(name, source, faults_of_types(error, source))) from error


def _of_file(questions: Iterable[Question], path: Path, course: Course, used: Mapping[str, int]) -> Iterator[Fault]:
    """Yield faults that depend on the course and the other questions."""
    modules = {module.id: module for module in path.modules}
    for number, question in enumerate(questions):
        place: Place = ("questions", number)
        if used[question.id] > 1:
            yield Fault((*place, "id"), f"{question.id!r} is used {used[question.id]} times in the bank")
        for fault in faults_of(question):
            yield Fault((*place, *fault.place), fault.says)
        if question.module in modules:
            for sentence in _of_reference(question.reference, modules[question.module]):
                yield Fault((*place, "reference"), sentence)
        else:
            yield Fault((*place, "module"), _of_module(question.module, path, course))


def _of_module(module: str, path: Path, course: Course) -> str:
    for other in course.paths:
        if module in {each.id for each in other.modules}:
            return f"{module!r} is a module of path {other.id!r}; its questions belong in {other.id}.yaml"
    return f"{module!r} is not a module of path {path.id!r}{_meant(module, (each.id for each in path.modules))}"


def _of_reference(reference: str | None, module: Module) -> Iterator[str]:
    links = _links(module)
    if reference is None:
        if links:
            yield "is missing; give the address of the unit that teaches the answer"
        return
    if reference in links:
        return
    kinds = {unit.link: unit.kind for unit in module.units}
    if reference in kinds:
        yield f"is the {kinds[reference]} of the module; give the address of the unit that teaches the answer"
    else:
        yield f"{reference} is not the address of a unit of module {module.id!r}{_meant(reference, links)}"


def _links(module: Module) -> dict[str, str]:
    """Return the full IDs of the units that a question can refer to, by address."""
    return {unit.link: unit.route for unit in reversed(module.units) if unit.link and unit.kind in TEACHING}


def _meant(typed: str, known: Iterable[str]) -> str:
    close = process.extractOne(typed, list(known), score_cutoff=80)
    return f"; did you mean {close[0]}?" if close else ""
