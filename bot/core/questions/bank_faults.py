"""Check the questions of a file for faults that depend on the course and on the other questions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from bot.core.course.course import Course, Kind, Module, Path, Unit
from bot.core.course.fault import Fault
from bot.core.course.plain_yaml import Place
from bot.core.course.skills import NO_SKILL, unknown
from bot.core.questions.question import Case, Question
from bot.core.questions.question_faults import faults_of

TEACHING = frozenset({Kind.READING, Kind.EXERCISE})
"""Kinds of units that a question can refer to. The other kinds teach nothing of their own."""
CASE_QUESTIONS = (4, 6)
"""Minimum and maximum number of questions of a case study."""


@dataclass(frozen=True, slots=True)
class Uses:
    """How often each ID of a question and of a case study is used in the bank."""

    questions: Mapping[str, int]
    cases: Mapping[str, int]

    @classmethod
    def of(cls, files: Iterable[tuple[Iterable[Question], Iterable[Case]]]) -> "Uses":
        listed = list(files)
        return cls(
            Counter(question.id for questions, _ in listed for question in questions),
            Counter(case.id for _, cases in listed for case in cases),
        )


@dataclass(frozen=True, slots=True)
class Addresses:
    """What is at an address of a course: a unit that teaches, a unit of another kind, or a module."""

    units: Mapping[str, Unit]
    kinds: Mapping[str, Kind]
    modules: Mapping[str, Module]

    @classmethod
    def of(cls, course: Course) -> "Addresses":
        modules = [module for path in reversed(course.paths) for module in reversed(path.modules)]
        units = [unit for module in modules for unit in reversed(module.units) if unit.link]
        return cls(
            {unit.link: unit for unit in units if unit.link and unit.kind in TEACHING},
            {unit.link: unit.kind for unit in units if unit.link},
            {module.url: module for module in modules if module.url},
        )

    def unit(self, question: Question, route: str) -> str:
        """Return the full ID of the unit in a question's references; empty if there is none. One of the module at
        ``route`` comes first.
        """
        found = [self.units[address].route for address in question.references if address in self.units]
        return next((unit for unit in found if unit.startswith(f"{route}/")), found[0] if found else "")


def faults_of_file(
    questions: Sequence[Question],
    cases: Sequence[Case],
    path: Path,
    course: Course,
    uses: Uses,
    addresses: Addresses,
) -> Iterator[Fault]:
    """Yield the faults of a file's questions and case studies."""
    known = {case.id for case in cases}
    for number, question in enumerate(questions):
        place: Place = ("questions", number)
        if uses.questions[question.id] > 1:
            yield Fault((*place, "id"), f"{question.id!r} is used {uses.questions[question.id]} times in the bank")
        for fault in (*faults_of(question), *_of_course(question, path, course, addresses)):
            yield Fault((*place, *fault.place), fault.says)
        if question.case is not None and question.case not in known:
            hint = _meant(question.case, known)
            yield Fault((*place, "case"), f"{question.case!r} is not in `cases` of this file{hint}")
    low, high = CASE_QUESTIONS
    for number, case in enumerate(cases):
        count = sum(question.case == case.id for question in questions)
        if uses.cases[case.id] > 1:
            yield Fault(("cases", number, "id"), f"{case.id!r} is used {uses.cases[case.id]} times in the bank")
        if not low <= count <= high:
            told = f"has {count} questions (`case: {case.id}`); a case study has {low} to {high}"
            yield Fault(("cases", number), told)


def _of_course(question: Question, path: Path, course: Course, addresses: Addresses) -> Iterator[Fault]:
    """Yield faults of the module, the references and the skill."""
    module = next((each for each in path.modules if each.id == question.module), None)
    if question.module is not None and module is None:
        yield Fault(("module",), _of_module(question.module, path, course))
    else:
        for index, sentence in _of_references(question, module or path, addresses):
            yield Fault(("references", *index), sentence)
    for sentence in _of_skill(question.skill, course):
        yield Fault(("skill",), sentence)


def _of_skill(skill: str | None, course: Course) -> Iterator[str]:
    known = list(course.domain_of_skill)
    if skill is None:
        if known:
            yield f"is missing; give the ID of a skill of the exam, or {NO_SKILL!r} for practice only"
    elif skill != NO_SKILL and skill not in known:
        yield unknown(skill, known)


def _of_module(module: str, path: Path, course: Course) -> str:
    for other in course.paths:
        if module in {each.id for each in other.modules}:
            return f"{module!r} is a module of path {other.id!r}; its questions belong in {other.id}.yaml"
    return f"{module!r} is not a module of path {path.id!r}{_meant(module, (each.id for each in path.modules))}"


def _of_references(
    question: Question, about: Path | Module, addresses: Addresses
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield the index of a reference and what is wrong with it.

    A reference may be any page. If it is below the address of a module, it must be one of the units that teach.
    """
    modules = about.modules if isinstance(about, Path) else (about,)
    if not question.references and any(unit.link for module in modules for unit in module.units):
        yield (), "is missing; give the page that contains the answer, and the unit that comes closest"
    if len(set(question.references)) < len(question.references):
        yield (), "has the same address twice"
    for index, reference in enumerate(question.references):
        if reference in addresses.units:
            continue
        module = addresses.modules.get(reference) or addresses.modules.get(reference.rsplit("/", 1)[0])
        if reference in addresses.kinds:
            yield (index,), f"is the {addresses.kinds[reference]} of a module; give the address of a unit that teaches"
        elif module is not None:
            links = [unit.link for unit in module.units if unit.link and unit.kind in TEACHING]
            yield (
                (index,),
                f"{reference} is not the address of a unit of module {module.id!r}{_meant(reference, links)}",
            )


def _meant(text: str, known: Iterable[str]) -> str:
    near = process.extractOne(text, list(known), score_cutoff=60)
    return f"; did you mean {near[0]}?" if near else ""
