"""What came of a mock exam: the whole, by domain of the exam, and where most went wrong."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import fsum

from bot.core.course.course import Domain, Node
from bot.core.questions.bank import Bank
from bot.core.questions.mock_exam import Item, Paper, items


@dataclass(frozen=True, slots=True)
class Part:
    """Right answers of those asked, on a domain or a module. ``weight`` is a domain's part of the exam, 0 to 1."""

    about: Domain | Node
    right: int
    asked: int
    weight: float = 0.0

    @property
    def percent(self) -> int:
        return percent(self.right, self.asked)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a mock exam, over the questions that the bank still has.

    ``domains`` are those of the exam in its order, of which something was asked; ``silent`` the others. ``weakest`` is
    the domain with the least right, of equals the heaviest; ``modules`` are those with a wrong answer, first those of
    that domain, the weakest first. ``gone`` questions have left the bank.
    """

    right: int
    asked: int
    unanswered: int
    gone: int
    domains: tuple[Part, ...]
    silent: tuple[Domain, ...]
    weakest: Part | None
    modules: tuple[Part, ...]

    @property
    def percent(self) -> int:
        return percent(self.right, self.asked)


def report(paper: Paper, bank: Bank) -> Report:
    """What came of a paper."""
    found = items(paper, bank)
    domains = bank.course.exam.domains if bank.course.exam else ()
    whole = fsum(sum(domain.weight) for domain in domains)
    parts = []
    for domain in domains:
        ids = {question.id for question in bank.of_domain.get(domain.id, ())}
        of_domain = [item for item in found if item.question.id in ids]
        if of_domain:
            weight = sum(domain.weight) / whole if whole else 0.0
            parts.append(Part(domain, sum(item.right for item in of_domain), len(of_domain), weight))
    asked = [part.about for part in parts]
    wrong = [part for part in parts if part.right < part.asked]
    weakest = min(wrong, key=lambda part: (part.right / part.asked, -part.weight), default=None)
    first = {question.route for question in bank.of_domain[weakest.about.id]} if weakest else set()

    def rank(part: Part) -> tuple[bool, float, int]:
        return isinstance(part.about, Domain) or part.about.route not in first, part.right / part.asked, -part.asked

    return Report(
        right=sum(item.right for item in found),
        asked=len(found),
        unanswered=sum(not item.complete for item in found),
        gone=len(paper.answers) - len(found),
        domains=tuple(parts),
        silent=tuple(domain for domain in domains if domain not in asked),
        weakest=weakest,
        modules=tuple(sorted(_modules(found, bank), key=rank)),
    )


def _modules(found: Collection[Item], bank: Bank) -> Iterator[Part]:
    """The modules with a mistake, in the order of the course."""
    routes = {item.question.route for item in found if not item.right}
    for node in bank.course.nodes.values():
        if node.route in routes:
            of_module = [item for item in found if item.question.route == node.route]
            yield Part(node, sum(item.right for item in of_module), len(of_module))


def percent(right: int, asked: int) -> int:
    """Whole percent: 0 only for none, 100 only for all."""
    if right in (0, asked):
        return 100 if right else 0
    return min(99, max(1, round(100 * right / asked)))
