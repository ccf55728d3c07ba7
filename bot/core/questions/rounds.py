"""Rounds of questions: a mock exam weighted like the real one, and practice on a part of the course."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from bot.core.course.course import Domain
from bot.core.questions.bank import Bank
from bot.core.questions.question import Kind, Question, shuffle
from bot.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class MockExam:
    """``questions`` in the order in which they are asked. ``counts`` has how many are of each domain, by its id.

    ``silent`` are the domains that the bank has no question of: the others have their share.
    """

    questions: tuple[Question, ...]
    counts: Mapping[str, int]
    silent: tuple[Domain, ...]


def mock_exam(bank: Bank, count: int, seed: int, avoid: Collection[str] = frozenset()) -> MockExam:
    """``count`` questions, all of them where the bank has fewer, in parts like the weights of the exam's domains.

    The parts are rounded by largest remainders; each domain with questions has at least one where ``count`` allows it,
    and what a domain can't fill goes to the others. Questions of a domain spread over its modules. Those of ``avoid``,
    the ids of the last exam, are taken only where others don't suffice; the same set comes twice only if the domains
    have no other question. The same arguments give the same exam in every process.

    Raises ``NotFound`` for a course without exam domains, and for a bank without questions of any.
    """
    domains = bank.course.exam.domains if bank.course.exam else ()
    if not domains:
        raise NotFound(f"The exam domains of {bank.course.code} aren't on record, so there is no mock exam.")
    asked = [domain for domain in domains if domain.id in bank.of_domain]
    if not asked:
        raise NotFound(f"There are no questions for the exam of {bank.course.code} yet.")
    pools = [_spread(bank.of_domain[domain.id], avoid, f"{seed}/{domain.id}") for domain in asked]
    weights = [max(0.5, sum(domain.weight) / 2) for domain in asked]
    parts = apportion(weights, [len(pool) for pool in pools], count)
    chosen = [question for pool, part in zip(pools, parts, strict=True) for question in pool[:part]]
    if {question.id for question in chosen} == set(avoid):
        # So few that not every domain is asked: one that wasn't takes the place of the last.
        others = [question for pool, part in zip(pools, parts, strict=True) for question in pool[part:]]
        chosen = [*chosen[:-1], others[0]] if chosen and others else chosen
    ids = {question.id for question in chosen}
    return MockExam(
        questions=shuffle(chosen, f"{seed}/exam"),
        counts={domain.id: sum(question.id in ids for question in bank.of_domain[domain.id]) for domain in asked},
        silent=tuple(domain for domain in domains if domain.id not in bank.of_domain),
    )


def practice(
    bank: Bank,
    route: str | None,
    count: int,
    seed: int,
    *,
    kinds: Collection[Kind] = frozenset(Kind),
    avoid: Collection[str] = frozenset(),
) -> tuple[Question, ...]:
    """``count`` questions on a path or module of the course (``route``; None for all of it), all where there are fewer.

    They are of ``kinds``, spread over the modules, and those of ``avoid`` only where others don't suffice. The same
    arguments give the same questions in the same order. Raises ``NotFound`` where there are none.
    """
    found = bank.questions.values() if route is None else bank.of_route.get(route, ())
    fitting = [question for question in found if question.kind in kinds]
    if not fitting:
        title = bank.course.nodes[route].title if route else bank.course.title
        known = [f"`{path.id}`" for path in bank.course.paths if path.route in bank.of_route]
        hint = f"There are for {', '.join(known)}." if known else "Its bank is empty."
        raise NotFound(f"There are no questions on **{title}** yet. {hint}")
    return shuffle(_spread(fitting, avoid, f"{seed}/practice")[: max(0, count)], f"{seed}/order")


def apportion(weights: Sequence[float], room: Sequence[int], count: int) -> list[int]:
    """Whole numbers in proportion to ``weights`` (positive), each at most its ``room``, that sum to ``count``.

    They are rounded by largest remainders (Hamilton's method; of equals the first gains), sum to all there is room for
    where that is less, and each that has room is at least 1 where ``count`` suffices.
    """
    count = max(0, min(count, sum(room)))
    least = 1 if count >= sum(each > 0 for each in room) else 0
    quotas = _quotas(weights, room, count)
    parts = [min(each, max(int(quota), least)) for quota, each in zip(quotas, room, strict=True)]
    while sum(parts) != count:
        over = [quota - part for quota, part in zip(quotas, parts, strict=True)]
        if sum(parts) < count:
            parts[max(range(len(parts)), key=over.__getitem__)] += 1
        else:
            parts[min((i for i in range(len(parts)) if parts[i] > least), key=over.__getitem__)] -= 1
    return parts


def _quotas(weights: Sequence[float], room: Sequence[int], count: int) -> list[float]:
    """The exact parts: what has no room for its own has all its room, and the others share what that leaves."""
    full: set[int] = set()
    while True:
        left = count - sum(room[i] for i in full)
        whole = fsum(weight for i, weight in enumerate(weights) if i not in full)
        quotas = [float(room[i]) if i in full else left * weight / whole for i, weight in enumerate(weights)]
        over = {i for i, quota in enumerate(quotas) if i not in full and quota > room[i]}
        if not over:
            return quotas
        full |= over


def _spread(questions: Sequence[Question], avoid: Collection[str], seed: str) -> list[Question]:
    """All of ``questions``: those not in ``avoid`` first, and of either sort one of each module in turn."""
    found: list[Question] = []
    turns: dict[str, int] = {}
    order = shuffle(questions, f"{seed}/questions")
    rank = {route: number for number, route in enumerate(shuffle(dict.fromkeys(q.route for q in questions), seed))}
    for wanted in (False, True):
        keyed: list[tuple[int, int, Question]] = []
        for question in order:
            if (question.id in avoid) is wanted:
                turn = turns[question.route] = turns.get(question.route, -1) + 1
                keyed.append((turn, rank[question.route], question))
        found += [question for _, _, question in sorted(keyed, key=lambda each: each[:2])]
    return found
