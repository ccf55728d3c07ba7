"""Select questions: for a mock exam by the weights of the exam domains, for a quiz from a part of the course."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

from bot.core.course.exam import Domain
from bot.core.course.skills import NO_SKILL
from bot.core.questions.answer import shuffle
from bot.core.questions.bank import Bank
from bot.core.questions.question import Kind, Question
from bot.errors import NotFound

PER_CASE = 20
"""A mock exam has one case study for this many questions."""
LEAST_OF_CASE = 2
"""The fewest questions for which a scenario is worth reading."""


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
    and what a domain can't fill goes to the others. The questions of a domain are spread over its skills, or over its
    modules if the course has none. Questions of case studies come together and in order: of one case study per
    ``PER_CASE`` questions, or more if the others don't suffice, as many as the domains have room for. The questions in
    ``avoid``, the IDs of the last exam, are selected only if the others don't suffice; the same set is repeated only if
    the domains have no other question. The same arguments give the same result in every process.

    Raises ``NotFound`` for a course without exam domains, and for a bank without questions on any of them.
    """
    domains = bank.course.exam.domains if bank.course.exam else ()
    if not domains:
        raise NotFound(f"There is no mock exam for {bank.course.code}, because its exam topics aren't known.")
    asked = [domain for domain in domains if domain.id in bank.of_domain]
    if not asked:
        raise NotFound(f"There are no questions for the exam of {bank.course.code} yet.")
    weights = {domain.id: max(0.5, sum(domain.weight) / 2) for domain in asked}
    singles = {
        domain.id: [question for question in bank.of_domain[domain.id] if question.case is None] for domain in asked
    }  # fmt: skip
    cases = _cases(bank, weights, count, seed, avoid if sum(map(len, singles.values())) >= count else ())
    of_cases = Counter(question.domain for case in cases for question in case)
    room = [len(singles[domain.id]) + of_cases[domain.id] for domain in asked]
    parts = dict(zip(weights, apportion(list(weights.values()), room, count), strict=True))
    pools = [_spread(singles[domain], avoid, f"{seed}/{domain}") for domain in weights]
    counts = [part - min(part, of_cases[domain]) for domain, part in parts.items()]
    chosen = [question for pool, part in zip(pools, counts, strict=True) for question in pool[:part]]
    in_cases = {question.id for case in cases for question in case}
    if {*in_cases, *(question.id for question in chosen)} == set(avoid):
        # Too few for every domain, so replace the last question with one of those left out.
        others = [question for pool, part in zip(pools, counts, strict=True) for question in pool[part:]]
        chosen = [*chosen[:-1], others[0]] if chosen and others else chosen
    blocks = shuffle([*((question,) for question in chosen), *cases], f"{seed}/exam")
    questions = tuple(question for block in blocks for question in block)
    of_domain = Counter(question.domain for question in questions)
    return Selection(
        questions=questions,
        counts={domain: of_domain[domain] for domain in weights},
        not_asked=tuple(domain for domain in domains if domain.id not in bank.of_domain),
    )


def _cases(
    bank: Bank, weights: Mapping[str, float], count: int, seed: int, avoid: Collection[str]
) -> list[tuple[Question, ...]]:
    """Select case studies without a question in ``avoid``, and of each the questions that the domains have room for."""
    quotas = apportion(list(weights.values()), [len(bank.of_domain[domain]) for domain in weights], count)
    left = Counter(dict(zip(weights, quotas, strict=True)))
    drawn = shuffle(bank.cases.values(), f"{seed}/cases")
    order = [case for case in drawn if not any(question in avoid for question in case.questions)]
    found: list[tuple[Question, ...]] = []
    for case in order:
        if len(found) >= count // PER_CASE and most_questions(bank) + sum(map(len, found)) >= count:
            break
        fitting: list[Question] = []
        room = left.copy()
        for question in (bank.questions[each] for each in case.questions if each in bank.questions):
            if question.domain is not None and room[question.domain]:
                room[question.domain] -= 1
                fitting.append(question)
        if len(fitting) >= LEAST_OF_CASE:
            found.append(tuple(fitting))
            left = room
    return found


def without(bank: Bank, left_out: Collection[str]) -> Bank:
    """Return the bank without some questions, by ID, to select questions for an exam from it."""
    if not left_out:
        return bank
    of_domain = {
        domain: kept
        for domain, questions in bank.of_domain.items()
        if (kept := tuple(question for question in questions if question.id not in left_out))
    }
    kept_questions = {id_: question for id_, question in bank.questions.items() if id_ not in left_out}
    return replace(bank, questions=kept_questions, of_domain=of_domain)


def most_questions(bank: Bank) -> int:
    """Return the number of questions that any mock exam can have; one with case studies can have more."""
    return sum(question.case is None for questions in bank.of_domain.values() for question in questions)


def practice(
    bank: Bank,
    route: str | None,
    count: int,
    seed: int,
    *,
    kinds: Collection[Kind] = frozenset(Kind),
    cases: bool = True,
    avoid: Collection[str] = frozenset(),
) -> tuple[Question, ...]:
    """Select ``count`` questions on a path or module (``route``; None for the whole course), or all if there are fewer.

    Only questions of ``kinds``, spread over the skills or modules, without those of case studies unless ``cases``;
    those in ``avoid`` only if the others don't suffice. The same arguments give the same questions in the same order.
    Raises ``NotFound`` if there are none.
    """
    candidates = bank.questions.values() if route is None else bank.of_route.get(route, ())
    fitting = [question for question in candidates if question.kind in kinds and (cases or question.case is None)]
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
    """Order ``questions``: those not in ``avoid`` first, and within both groups one of each skill in turn.

    Questions without a skill are spread over the modules.
    """
    ordered: list[Question] = []
    rounds: dict[str, int] = {}
    order = shuffle(questions, f"{seed}/questions")
    rank = {key: index for index, key in enumerate(shuffle(dict.fromkeys(map(_subject, questions)), seed))}
    for wanted in (False, True):
        keyed: list[tuple[int, int, Question]] = []
        for question in order:
            if (question.id in avoid) is wanted:
                subject = _subject(question)
                number = rounds[subject] = rounds.get(subject, -1) + 1
                keyed.append((number, rank[subject], question))
        ordered += [question for _, _, question in sorted(keyed, key=lambda each: each[:2])]
    return ordered


def _subject(question: Question) -> str:
    """What questions are spread over."""
    return question.skill if question.skill and question.skill != NO_SKILL else question.route
