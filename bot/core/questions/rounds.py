"""Select questions: for a mock exam by the weights of the exam domains, for a quiz from a part of the course."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from bot.core.course.course import Domain
from bot.core.questions.bank import Bank
from bot.core.questions.question import Kind, Question, shuffle
from bot.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The questions of a mock exam in the order in which they are asked.

    ``counts`` is the number of questions by domain ID. ``not_asked`` are the domains without questions in the bank;
    their share goes to the others.
    """

    questions: tuple[Question, ...]
    counts: Mapping[str, int]
    not_asked: tuple[Domain, ...]


def select_for_exam(bank: Bank, count: int, seed: int, avoid: Collection[str] = frozenset()) -> Selection:
    """Select ``count`` questions, or all if the bank has fewer, in proportion to the weights of the exam domains.

    The shares are rounded by largest remainders. Each domain with questions gets at least one if ``count`` allows it,
    and what a domain can't fill goes to the others. The questions of a domain are spread over its modules. The
    questions in ``avoid``, the IDs of the last exam, are selected only if the others don't suffice; the same set is
    repeated only if the domains have no other question. The same arguments give the same result in every process.

    Raises ``NotFound`` for a course without exam domains, and for a bank without questions on any of them.
    """
    domains = bank.course.exam.domains if bank.course.exam else ()
    if not domains:
        raise NotFound(f"There is no mock exam for {bank.course.code}, because its exam topics aren't known.")
    asked = [domain for domain in domains if domain.id in bank.of_domain]
    if not asked:
        raise NotFound(f"There are no questions for the exam of {bank.course.code} yet.")
    pools = [_spread(bank.of_domain[domain.id], avoid, f"{seed}/{domain.id}") for domain in asked]
    weights = [max(0.5, sum(domain.weight) / 2) for domain in asked]
    parts = apportion(weights, [len(pool) for pool in pools], count)
    chosen = [question for pool, part in zip(pools, parts, strict=True) for question in pool[:part]]
    if {question.id for question in chosen} == set(avoid):
        # Too few for every domain, so replace the last question with one of those left out.
        others = [question for pool, part in zip(pools, parts, strict=True) for question in pool[part:]]
        chosen = [*chosen[:-1], others[0]] if chosen and others else chosen
    ids = {question.id for question in chosen}
    return Selection(
        questions=shuffle(chosen, f"{seed}/exam"),
        counts={domain.id: sum(question.id in ids for question in bank.of_domain[domain.id]) for domain in asked},
        not_asked=tuple(domain for domain in domains if domain.id not in bank.of_domain),
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
    """Select ``count`` questions on a path or module (``route``; None for the whole course), or all if there are fewer.

    Only questions of ``kinds``, spread over the modules; those in ``avoid`` only if the others don't suffice. The same
    arguments give the same questions in the same order. Raises ``NotFound`` if there are none.
    """
    candidates = bank.questions.values() if route is None else bank.of_route.get(route, ())
    fitting = [question for question in candidates if question.kind in kinds]
    if not fitting:
        title = bank.course.nodes[route].title if route else bank.course.title
        known = [f"`{path.id}`" for path in bank.course.paths if path.route in bank.of_route]
        hint = f"There are for {', '.join(known)}." if known else "Its bank is empty."
        raise NotFound(f"There are no questions on **{title}** yet. {hint}")
    return shuffle(_spread(fitting, avoid, f"{seed}/practice")[: max(0, count)], f"{seed}/order")


def apportion(weights: Sequence[float], room: Sequence[int], count: int) -> list[int]:
    """Divide ``count`` into whole numbers in proportion to ``weights`` (positive), each at most its ``room``.

    Rounds by largest remainders (Hamilton's method; of equal remainders the first one gains). The numbers sum to
    ``count``, or to the whole room if that is less. Each part with room is at least 1 if ``count`` suffices.
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
    """Return the exact quotas. A part whose quota exceeds its room gets its room; the others share the rest."""
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
    """Order ``questions``: those not in ``avoid`` first, and within both groups one of each module in turn."""
    ordered: list[Question] = []
    rounds: dict[str, int] = {}
    order = shuffle(questions, f"{seed}/questions")
    rank = {route: index for index, route in enumerate(shuffle(dict.fromkeys(q.route for q in questions), seed))}
    for wanted in (False, True):
        keyed: list[tuple[int, int, Question]] = []
        for question in order:
            if (question.id in avoid) is wanted:
                number = rounds[question.route] = rounds.get(question.route, -1) + 1
                keyed.append((number, rank[question.route], question))
        ordered += [question for _, _, question in sorted(keyed, key=lambda each: each[:2])]
    return ordered
