"""The skills of an exam: check them, and find out which modules teach them and which skills no module teaches."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz import process

from bot.core.course.course import Course, Module
from bot.core.course.exam import Page, Skill
from bot.core.course.fault import Fault
from bot.core.course.plain_yaml import Place

NO_SKILL = "none"
"""The skill of a question that tests nothing that the exam does. It is for practice only."""


def teaching(course: Course, skill: str) -> tuple[Module, ...]:
    """Return the modules that teach a skill."""
    return tuple(module for path in course.paths for module in path.modules if skill in module.teaches)


def pages(course: Course, skill: str) -> tuple[Page, ...]:
    """Return the pages to read on a skill that no module teaches in full."""
    return next((known.pages for known in course.not_taught if known.skill == skill), ())


def untaught(course: Course, domain: str) -> tuple[Skill, ...]:
    """Return the skills of a domain that no module teaches, not even in part."""
    found = {
        skill for path in course.paths for module in path.modules for skill in (*module.teaches, *module.touches)
    }  # fmt: skip
    domains = course.exam.domains if course.exam else ()
    return tuple(skill for each in domains if each.id == domain for skill in each.skills if skill.id not in found)


def faults_of_skills(course: Course) -> Iterator[Fault]:
    """Yield faults of skills, and of what modules and pages say about them."""
    domains = course.exam.domains if course.exam else ()
    counts = Counter(skill.id for domain in domains for skill in domain.skills)
    for number, domain in enumerate(domains):
        place: Place = ("exam", "domains", number)
        if counts and not domain.skills:
            yield Fault(place, f"has no `skills`, but other domains do; list the skills of {domain.id!r} too")
        for index, skill in enumerate(domain.skills):
            if counts[skill.id] > 1:
                yield Fault((*place, "skills", index, "id"), f"{skill.id!r} is used {counts[skill.id]} times")
            if skill.id == NO_SKILL:
                yield Fault((*place, "skills", index, "id"), f"{NO_SKILL!r} means no skill; choose another ID")
    for number, path in enumerate(course.paths):
        for position, module in enumerate(path.modules):
            yield from _of_module(("paths", number, "modules", position), module, list(counts))
    yield from _of_pages(course, list(counts))


def _of_pages(course: Course, known: Sequence[str]) -> Iterator[Fault]:
    taught = {skill for path in course.paths for module in path.modules for skill in module.teaches}
    listed = Counter(each.skill for each in course.not_taught)
    for number, each in enumerate(course.not_taught):
        place: Place = ("not_taught", number, "skill")
        if each.skill not in known:
            yield Fault(place, unknown(each.skill, known))
        elif each.skill in taught:
            yield Fault(place, f"{each.skill!r} is taught by a module (`teaches`); remove it here, or use `touches`")
        elif listed[each.skill] > 1:
            yield Fault(place, f"{each.skill!r} is listed {listed[each.skill]} times; list its pages together")


def _of_module(place: Place, module: Module, known: Sequence[str]) -> Iterator[Fault]:
    used = Counter((*module.teaches, *module.touches))
    for key, skills in (("teaches", module.teaches), ("touches", module.touches)):
        for index, skill in enumerate(skills):
            if skill not in known:
                yield Fault((*place, key, index), unknown(skill, known))
            elif used[skill] > 1:
                yield Fault((*place, key, index), f"{skill!r} is listed {used[skill]} times in this module")


def unknown(skill: str, known: Sequence[str]) -> str:
    """Say that ``skill`` is not one of the exam's, with the one that may be meant."""
    near = process.extractOne(skill, known, score_cutoff=60)
    hint = f"; did you mean {near[0]!r}?" if near else "" if known else "; add `skills` to the exam's domains"
    return f"{skill!r} is not a skill of the exam{hint}"
