"""The question bank of a course: read YAML texts, one per learning path, into questions in course order."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from bot.core.course.course import Course, Path
from bot.core.course.fields import STRICT
from bot.core.course.plain_yaml import Node, read
from bot.core.course.reading import faults_of_types, lines
from bot.core.questions.bank_faults import Addresses, Uses, faults_of_file
from bot.core.questions.question import Case, Question
from bot.errors import BrokenBank, BrokenCourse

YAML_SUFFIX = re.compile(r"\.ya?ml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFile:
    """The contents of a question file. ``outline`` is the date of the exam's outline that it was written for."""

    __pydantic_config__ = STRICT
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    cases: tuple[Case, ...] = ()
    outline: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The questions of a course. Build it with ``bank_of``.

    ``questions`` maps IDs to questions, in the order of the course and then of the file; ``cases`` maps IDs to case
    studies. ``of_route`` maps the full ID of each module or learning path with questions to them, ``of_domain`` the ID
    of each exam domain with questions, and ``of_skill`` that of each skill.
    """

    course: Course
    questions: Mapping[str, Question]
    cases: Mapping[str, Case] = field(default_factory=dict)
    of_route: Mapping[str, tuple[Question, ...]] = field(repr=False)
    of_domain: Mapping[str, tuple[Question, ...]] = field(repr=False)
    of_skill: Mapping[str, tuple[Question, ...]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.questions)

    def case_of(self, question: Question) -> Case | None:
        """Return the case study that a question belongs to."""
        return self.cases.get(question.case) if question.case else None


def bank_of(
    course: Course,
    files: Mapping[str, Collection[Question]],
    cases: Collection[Case] = (),
    outlines: Mapping[str, date | None] = MappingProxyType({}),
) -> Bank:
    """Build a bank from questions without faults. ``files`` and ``outlines`` are by the ID of their learning path."""
    addresses = Addresses.of(course)
    order: dict[str, Question] = {}
    by_route: dict[str, list[Question]] = {}
    by_domain: dict[str, list[Question]] = {}
    by_skill: dict[str, list[Question]] = {}
    for case in cases:
        of_case = (each.id for questions in files.values() for each in questions if each.case == case.id)
        object.__setattr__(case, "questions", tuple(of_case))
    for path in course.paths:
        place = {module.id: number for number, module in enumerate(path.modules)}
        for question in sorted(files.get(path.id, ()), key=lambda each: place.get(each.module or "", len(place))):
            _connect(question, path, course, addresses, outlines.get(path.id))
            order[question.id] = question
            for route in dict.fromkeys((path.route, question.route)):
                by_route.setdefault(route, []).append(question)
            if question.domain is not None:
                by_domain.setdefault(question.domain, []).append(question)
            if question.skill in course.domain_of_skill:
                by_skill.setdefault(question.skill or "", []).append(question)
    return Bank(
        course=course,
        questions=order,
        cases={case.id: case for case in cases},
        of_route=_frozen(by_route),
        of_domain=_frozen(by_domain),
        of_skill=_frozen(by_skill),
    )


def _frozen(lists: Mapping[str, Iterable[Question]]) -> dict[str, tuple[Question, ...]]:
    return {key: tuple(questions) for key, questions in lists.items()}


def _connect(question: Question, path: Path, course: Course, addresses: Addresses, outline: date | None) -> None:
    """Set the fields of a question that depend on its course. Questions are changed only here, before they are shared.

    The domain is that of the skill; without a skill, that of the path, if the course has no skills.
    """
    module = next((each for each in path.modules if each.id == question.module), None)
    route = module.route if module else path.route
    domain = path.domain if question.skill is None and not course.domain_of_skill else None
    told = {
        "route": route,
        "unit": addresses.unit(question, route),
        "domain": course.domain_of_skill.get(question.skill or "", domain),
        "outline": outline,
    }
    for name, value in told.items():
        object.__setattr__(question, name, value)


def read_bank(files: Mapping[str, str], course: Course) -> Bank:
    """Read the question files of ``course``: text by file name, which is the ID of a learning path with ``.yaml``.

    Paths and modules may be missing. Raises ``BrokenBank`` with every fault of every file, each as
    ``course/path.yaml:line: place: what is wrong``.
    """
    adapter = TypeAdapter(QuestionFile)
    paths = {path.id: path for path in course.paths}
    names: dict[str, list[str]] = {}
    for file in sorted(files):
        names.setdefault(YAML_SUFFIX.sub("", file), []).append(file)
    sources: dict[str, tuple[str, Node]] = {}
    found: dict[str, QuestionFile] = {}
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
                found[path] = _read(adapter, source, name)
                sources[path] = name, source
            except BrokenCourse as broken:
                faults[path] = broken.faults
    addresses = Addresses.of(course)
    uses = Uses.of([(file.questions, file.cases) for file in found.values()])
    for path, contents in found.items():
        if listed := list(faults_of_file(contents.questions, contents.cases, paths[path], course, uses, addresses)):
            faults[path] = lines(*sources[path], listed)
    if faults:
        raise BrokenBank([fault for path in sorted(faults) for fault in faults[path]])
    return bank_of(
        course,
        {path: file.questions for path, file in found.items()},
        [case for file in found.values() for case in file.cases],
        {path: file.outline for path, file in found.items()},
    )


def _read(adapter: TypeAdapter[QuestionFile], source: Node, name: str) -> QuestionFile:
    if not isinstance(source.value, dict):
        raise BrokenCourse([f"{name}:1: a question file is a mapping with `questions`, which is a list"])
    try:
        return adapter.validate_python(source.value)
    except ValidationError as error:
        raise BrokenCourse(lines(name, source, faults_of_types(error, source))) from error
