"""``waymark check``: which skills of an exam the modules teach and the questions test, and which questions are due."""

from collections.abc import Iterator
from datetime import date

from bot.core.course.course import Module
from bot.core.course.skills import pages, teaching
from bot.core.questions.balance import balance
from bot.core.questions.bank import Bank
from bot.core.questions.question import Kind


def coverage_table(bank: Bank) -> Iterator[str]:
    """Yield the lines of a table of the exam's skills: the questions on each, and the modules that teach it."""
    course = bank.course
    domains = course.exam.domains if course.exam else ()
    width = max((len(skill) for skill in course.domain_of_skill), default=0)
    if not width:
        return
    counts = {skill: len(bank.of_skill.get(skill, ())) for skill in course.domain_of_skill}
    yield "  skill, its questions, and the modules that teach it:"
    for domain in domains:
        yield f"  {domain.title}"
        for skill in domain.skills:
            yield f"    {skill.id:<{width}}  {counts[skill.id]:>3}  {_taught(bank, skill.id)}"
    taught = sum(bool(teaching(course, skill)) for skill in counts)
    outlines = " and ".join(sorted({f"{each:%Y-%m-%d}" for each in outlines_of(bank)}))
    written = f", written for the outline of {outlines}" if outlines else ""
    practice = sum(question.domain is None for question in bank.questions.values())
    yield (
        f"  {sum(map(bool, counts.values()))} of {len(counts)} skills have questions, {taught} are taught in full; "
        f"{practice} question{' is' if practice == 1 else 's are'} for practice only{written}"
    )


def _taught(bank: Bank, skill: str) -> str:
    """The modules that teach a skill, or what there is instead."""
    if modules := teaching(bank.course, skill):
        return ", ".join(module.id for module in modules)
    nodes = bank.course.nodes.values()
    touching = [node.id for node in nodes if isinstance(node, Module) and skill in node.touches]
    link = "" if pages(bank.course, skill) else ", and no page is given (`not_taught`)"
    return f"in part: {', '.join(touching)}{link}" if touching else f"not taught{link}"


def balance_lines(bank: Bank) -> Iterator[str]:
    """Yield the balance of formats, difficulties, positions and lengths."""
    found, total = balance(bank), max(1, len(bank))
    exhibits = sum(question.exhibit is not None for question in bank.questions.values())
    in_cases = sum(question.case is not None for question in bank.questions.values())
    formats = ", ".join(f"{found.kinds.get(kind, 0)} {kind}" for kind in Kind if found.kinds.get(kind, 0))
    yield f"  formats: {formats}; {exhibits} with an exhibit, {in_cases} in {len(bank.cases)} case studies"
    levels = ", ".join(f"{level}: {found.difficulties.get(level, 0) / total:.0%}" for level in (1, 2, 3))
    yield f"  difficulty: {levels}"
    positions = ", ".join(f"{rate.share:.0%}" for rate in found.positions)
    if positions:
        yield f"  position of the right option: {positions}"
        yield (
            f"  right option the longest: {found.longest.share:.0%} (by chance {found.longest.chance:.0%}), "
            f"the shortest: {found.shortest.share:.0%}; {found.ratio:.2f} times as long as wrong ones"
        )
    if found.statements:
        yield f"  statements: {found.true:.0%} of {found.statements} are true"


def outlines_of(bank: Bank) -> set[date]:
    """Return the outlines that questions of a bank are written for."""
    return {question.outline for question in bank.questions.values() if question.outline}


def outline_faults(bank: Bank) -> list[str]:
    """Return what is wrong with the outline that a bank claims: skills without questions, or another outline."""
    claimed = outlines_of(bank)
    if not claimed:
        return []
    code, current = bank.course.code, bank.course.exam.outline if bank.course.exam else None
    dates = " and ".join(sorted(map(str, claimed)))
    missing = [skill for skill in bank.course.domain_of_skill if skill not in bank.of_skill]
    faults = [
        f"{code} questions: no question tests the skill {skill!r}, but the bank claims the outline of {dates}; "
        "write one, or remove `outline`"
        for skill in missing
    ]
    if claimed != {current}:
        faults.append(f"{code} questions: written for the outline of {dates}, but the exam's is {current}")
    return faults


def due_for_review(bank: Bank, today: date) -> list[str]:
    """Return a sentence for each question whose ``review_by`` has come."""
    found = [question for question in bank.questions.values() if question.review_by and question.review_by <= today]
    return [
        f"{bank.course.code} question {question.id}: check whether it is still right (`review_by` {question.review_by})"
        for question in sorted(found, key=lambda each: (str(each.review_by), each.id))
    ]
