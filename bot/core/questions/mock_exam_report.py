"""The result of a mock exam: in total, by exam domain, and for the modules with mistakes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import fsum

from bot.core.course.course import Node
from bot.core.course.exam import Domain
from bot.core.questions.bank import Bank
from bot.core.questions.mock_exam import Item, MockExam, items


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The correct answers on a domain or module. ``weight`` is a domain's share of the exam, 0 to 1.

    ``points`` are hundredths, with partial credit.
    """

    about: Domain | Node
    right: int
    asked: int
    points: int
    weight: float = 0.0

    @property
    def percent(self) -> int:
        return percent(self.points, self.asked)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a mock exam, over the questions that are still in the bank. ``points`` are hundredths.

    ``domains`` are the exam domains with questions, in the exam's order; ``not_asked`` are the others. ``weakest`` is
    the domain with the lowest share of points (of ties, the one with the greatest weight); None without a
    mistake. ``modules`` are those with a mistake: first those of the weakest domain, then by share. ``removed`` is the
    number of questions that were removed from the bank.
    """

    right: int
    asked: int
    points: int
    unanswered: int
    removed: int
    domains: tuple[Subtotal, ...]
    not_asked: tuple[Domain, ...]
    weakest: Subtotal | None
    modules: tuple[Subtotal, ...]

    @property
    def percent(self) -> int:
        return percent(self.points, self.asked)

    @property
    def partial(self) -> int:
        """The number of points, in hundredths, for answers that are right in part."""
        return self.points - 100 * self.right


def report(exam: MockExam, bank: Bank) -> Report:
    """Return the result of a mock exam."""
    remaining = items(exam, bank)
    domains = bank.course.exam.domains if bank.course.exam else ()
    whole = fsum(sum(domain.weight) for domain in domains)
    subtotals = []
    for domain in domains:
        ids = {question.id for question in bank.of_domain.get(domain.id, ())}
        of_domain = [item for item in remaining if item.question.id in ids]
        if of_domain:
            weight = sum(domain.weight) / whole if whole else 0.0
            subtotals.append(_subtotal(domain, of_domain, weight))
    asked = [subtotal.about for subtotal in subtotals]
    wrong = [subtotal for subtotal in subtotals if subtotal.right < subtotal.asked]
    weakest = min(wrong, key=lambda each: (each.points / each.asked, -each.weight), default=None)
    first = {question.route for question in bank.of_domain[weakest.about.id]} if weakest else set()

    def rank(module: Subtotal) -> tuple[bool, float, int]:
        in_weakest = isinstance(module.about, Node) and module.about.route in first
        return not in_weakest, module.points / module.asked, -module.asked

    return Report(
        right=sum(item.right for item in remaining),
        asked=len(remaining),
        points=sum(item.points for item in remaining),
        unanswered=sum(not item.complete for item in remaining),
        removed=len(exam.answers) - len(remaining),
        domains=tuple(subtotals),
        not_asked=tuple(domain for domain in domains if domain not in asked),
        weakest=weakest,
        modules=tuple(sorted(_modules(remaining, bank), key=rank)),
    )


def _modules(found: Collection[Item], bank: Bank) -> Iterator[Subtotal]:
    """Yield the modules with a mistake, in course order."""
    routes = {item.question.route for item in found if not item.right}
    for node in bank.course.nodes.values():
        if node.route in routes:
            yield _subtotal(node, [item for item in found if item.question.route == node.route])


def _subtotal(about: Domain | Node, found: Collection[Item], weight: float = 0.0) -> Subtotal:
    points = sum(item.points for item in found)
    return Subtotal(about, sum(item.right for item in found), len(found), points, weight)


def percent(points: int, asked: int) -> int:
    """Return whole percent of hundredths of points: 0 only for no points, 100 only for all."""
    if points in (0, 100 * asked):
        return 100 if points else 0
    return min(99, max(1, round(points / asked)))
