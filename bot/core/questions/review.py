"""Review: which card comes next, and how much of what was covered is remembered.

A card is a question as one learner knows it. When it is due is for FSRS to say; here is only the order.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from bot.core.questions.bank import Bank
from bot.core.questions.question import Question

NEW_A_DAY = 10
"""So many new cards a learner gets in a day where nothing else is chosen. Each comes back several times in its first
weeks, so that the reviews of a day soon are several times as many."""


class CardState(NamedTuple):
    """A card that has been answered: the question's id, when it is due and was last answered (seconds since 1970).

    A named tuple of what a row holds, like ``progress.Tick``.
    """

    question: str
    due: int
    last: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What to review, in order: ``due`` cards, then ``new`` ones. ``held`` new ones wait for another day."""

    due: tuple[Question, ...]
    new: tuple[Question, ...]
    held: int

    @property
    def cards(self) -> tuple[Question, ...]:
        """All of them in the order in which they are asked."""
        return self.due + self.new

    def __len__(self) -> int:
        return len(self.due) + len(self.new)


def queue(
    due: Sequence[CardState],
    seen: Collection[str],
    bank: Bank,
    covered: Collection[str],
    *,
    now: int,
    new_left: int = NEW_A_DAY,
    beyond: bool = False,
    route: str | None = None,
) -> Queue:
    """What a learner reviews next, at ``now`` (seconds since 1970).

    First the cards of ``due`` that are due by ``now``, the one first that is most overdue: by the time since it was due
    in parts of its interval (a day late matters after an interval of a day, not after one of a month), of equals the
    one that was due first. Then new ones: questions whose id is not in ``seen`` (all that the learner has ever
    answered) of the modules in ``covered`` (full ids of those that are done or begun), in the order of the course; with
    ``beyond`` those of all other modules after them. No more than ``new_left`` new ones: what is left of today's. With
    ``route``, of a path or module, only questions on that.

    A card whose question has left the bank, or that is in ``due`` twice, is passed over. Nothing is drawn by chance:
    the same arguments give the same queue, on every device and after a restart.
    """
    begun = frozenset(seen).union(state.question for state in due)
    fresh = [question for question in _new(bank, covered, beyond) if question.id not in begun and _on(question, route)]
    allowed = max(0, new_left)
    return Queue(
        due=late(due, bank, now=now, route=route),
        new=tuple(fresh[:allowed]),
        held=max(0, len(fresh) - allowed),
    )


def late(due: Sequence[CardState], bank: Bank, *, now: int, route: str | None = None) -> tuple[Question, ...]:
    """The cards that are due of ``queue``, in its order, without a look at all of the bank."""
    known = sorted((state for state in due if state.due <= now), key=lambda state: _urgency(state, now))
    asked = (bank.questions.get(question) for question in dict.fromkeys(state.question for state in known))
    return tuple(question for question in asked if question is not None and _on(question, route))


def recalled(bank: Bank, retrievability: Mapping[str, float], covered: Collection[str]) -> dict[str, float]:
    """The share of each exam domain, by its id, that is remembered now: 0 to 1, as ``readiness`` takes it.

    It is the mean of ``retrievability`` (the chance of recall now, 0 to 1, by question id; of every card of the learner
    that was answered) over the bank's questions on the modules in ``covered`` (full ids of those that are done or
    begun); one that was never answered counts as 0. A domain without such a question is absent. Of a learner without
    any review, an empty mapping, all are: nothing is known of them, which isn't that they remember nothing.
    """
    if not retrievability:
        return {}
    found: dict[str, float] = {}
    for domain, questions in bank.of_domain.items():
        chances = [retrievability.get(question.id, 0.0) for question in questions if question.route in covered]
        if chances:
            found[domain] = fsum(chances) / len(chances)
    return found


def _urgency(state: CardState, now: int) -> tuple[float, int, str]:
    interval = max(1, state.due - state.last)
    return -(now - state.due) / interval, state.due, state.question


def _new(bank: Bank, covered: Collection[str], beyond: bool) -> Iterator[Question]:
    questions = bank.questions.values()
    yield from (question for question in questions if question.route in covered)
    if beyond:
        yield from (question for question in questions if question.route not in covered)


def _on(question: Question, route: str | None) -> bool:
    return route is None or question.route == route or question.route.startswith(f"{route}/")
