"""Whom a digest names first: one member per week, and not the same one as last week if there is another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.core.calendar.timestamps import seconds
from bot.core.cohort.members import Learner, Person
from bot.core.cohort.week import Week


class Reason(IntEnum):
    """Why a member is named first, best reason first."""

    PATH = 1
    MODULE = 2
    RETURNED = 3
    DAYS = 4
    UNITS = 5


@dataclass(frozen=True, slots=True)
class Highlight:
    """The member who is named first, what they completed, and the number of days on which they studied."""

    person: Person
    reason: Reason
    days: int


def highlight(
    people: Iterable[Person], learners: Mapping[int, Learner], returned: Sequence[int], week: Week
) -> Highlight | None:
    """Choose a member of ``people``, who are in the order in which they joined.

    The best reason wins. Ties go to the member who was highlighted least recently (with ``DAYS``, to the one with the
    most study days). The member in the previous digest is skipped if anyone else qualifies. The choice doesn't
    change when the same week's digest is built again.
    """
    candidates = [
        Highlight(person, _reason(person, learners[person.id], person.id in returned), learners[person.id].studied)
        for person in people
    ]
    end, before = seconds(week.until), seconds(week.before)
    named = {learner.id: learner.highlighted for learner in learners.values()}
    chosen = [candidate for candidate in candidates if named[candidate.person.id] == end]
    others = [candidate for candidate in candidates if not before < named[candidate.person.id] < end]

    def order(candidate: Highlight) -> tuple[int, int, int]:
        days = candidate.days if candidate.reason is Reason.DAYS else 0
        return candidate.reason, -days, named[candidate.person.id]

    return min(chosen or others or candidates, key=order, default=None)


def _reason(person: Person, learner: Learner, returned: bool) -> Reason:
    if person.paths:
        return Reason.PATH
    if person.modules:
        return Reason.MODULE
    if returned:
        return Reason.RETURNED
    return Reason.DAYS if learner.studied > 1 else Reason.UNITS
