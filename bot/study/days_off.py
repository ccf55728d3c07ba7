"""Days off: no study in any plan, no reminders, and nothing that the digest expects."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import product

from bot.core.plan.study_days import MOST_AWAY, Away, merged, with_days_off
from bot.errors import BadInput, Stale
from bot.store import Store
from bot.study.learners import Learners
from bot.study.plans import CoursePlan, Plans

CHANGED = "Your days off have changed since this message."
UNREADABLE = "This button is out of date. Run the command again."
KEPT = timedelta(days=31)
"""How long past days off are kept without a plan that covers them."""
UNDONE = 7
"""How many periods fit into the state of the Undo button."""
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class DaysOffStatus:
    """A learner's days off from ``today`` on, and each of their plans before and after a change.

    ``undo`` is the state of a button that takes the change back; empty if nothing changed.
    """

    today: date
    away: Away
    plans: tuple[tuple[CoursePlan, CoursePlan], ...] = ()
    undo: tuple[str, ...] = ()

    @property
    def current(self) -> Period | None:
        """The period that includes today."""
        return next((period for period in self.away if period[0] <= self.today <= period[1]), None)


class DaysOff:
    """The learner's days off, in all courses and servers."""

    def __init__(self, store: Store, learners: Learners, plans: Plans, *, now: Callable[[], datetime]) -> None:
        self._plans = plans
        self._stored = store.plans
        self._learners = learners
        self._now = now

    async def of(self, learner: int) -> DaysOffStatus:
        """Return the learner's days off and plans."""
        plans = await self._plans.all(learner)
        return await self._status(learner, await self._stored.away(learner), [(each, each) for each in plans])

    async def periods(self, learner: int) -> Away:
        """Return the learner's days off, past ones too."""
        return await self._stored.away(learner)

    async def is_off(self, learner: int, day: date) -> bool:
        """Return whether a day is off."""
        return any(first <= day <= last for first, last in await self.periods(learner))

    async def read(self, learner: int, first: str, last: str) -> list[Period]:
        """Return what two texts can mean as first and last day: several if one is ambiguous, most likely first.

        An empty ``last`` means one day. Raises ``BadInput``.
        """
        begins = await self._learners.read_day(learner, first, ahead=True)
        ends = await self._learners.read_day(learner, last, ahead=True) if last else None
        found = list(
            product(
                [day for day in (begins.day, begins.other) if day],
                [day for day in (ends.day, ends.other) if day] if ends else [None],
            )
        )
        periods = [(begin, begin if end is None else end) for begin, end in found]
        return [period for period in periods if period[0] <= period[1]] or periods[:1]

    async def weeks(self, learner: int) -> tuple[Period, Period]:
        """Return the rest of this week, and next week, from Monday to Sunday."""
        today = await self._learners.today(learner)
        sunday = today + timedelta(days=6 - today.weekday())
        return (today, sunday), (sunday + timedelta(days=1), sunday + timedelta(days=7))

    async def add(self, learner: int, first: date, last: date) -> DaysOffStatus:
        """Add days off. Raises ``BadInput``."""
        today = await self._learners.today(learner)

        def decide(away: Away) -> Away:
            wanted = with_days_off(away, first, last, today)
            if len({*away} ^ {*wanted}) > UNDONE:
                raise BadInput("Those days overlap too many of your other days off. Remove some of them first.")
            return wanted

        return await self._change(learner, decide)

    async def remove(self, learner: int, first: str, last: str) -> DaysOffStatus:
        """Remove days off. Raises ``Stale`` if they are no longer stored."""

        def decide(away: Away) -> Away:
            kept = tuple(period for period in away if tuple(map(str, period)) != (first, last))
            if kept == away:
                raise Stale("Those days off were already removed.")
            return kept

        return await self._change(learner, decide)

    async def back_early(self, learner: int) -> DaysOffStatus:
        """End the days off that include today; today is a study day again. Raises ``Stale`` if today isn't off."""
        today = await self._learners.today(learner)

        def decide(away: Away) -> Away:
            if not any(first <= today <= last for first, last in away):
                raise Stale("Today isn't a day off.")
            ended = [(first, min(last, today - timedelta(days=1)) if first <= today <= last else last)
                     for first, last in away]  # fmt: skip
            return tuple(period for period in ended if period[0] <= period[1])

        return await self._change(learner, decide)

    async def undo(self, learner: int, state: Sequence[str]) -> DaysOffStatus:
        """Take a change back. Raises ``Stale`` if the days off have changed since."""
        if len(state) != 3:
            raise Stale(UNREADABLE)
        added, removed = _periods(state[1]), _periods(state[2])

        def decide(away: Away) -> Away:
            if _fingerprint(away) != state[0]:
                raise Stale(CHANGED)
            restored = merged([*(period for period in away if period not in added), *removed])
            if len(restored) > MOST_AWAY:
                raise Stale(UNREADABLE)
            return restored

        status = await self._change(learner, decide)
        return DaysOffStatus(status.today, status.away, status.plans)

    async def _change(self, learner: int, decide: Callable[[Away], Away]) -> DaysOffStatus:
        plans_before = await self._plans.all(learner)
        today = await self._learners.today(learner)
        before, after = await self._stored.change_away(learner, decide, today - KEPT)
        plans_after = {each.course.id: each for each in await self._plans.all(learner)}
        undo: tuple[str, ...] = ()
        if before != after:
            added, removed = sorted({*after} - {*before}), sorted({*before} - {*after})
            undo = _fingerprint(after), _text(added), _text(removed)
        pairs = [(old, plans_after.get(old.course.id, old)) for old in plans_before]
        return await self._status(learner, after, pairs, undo)

    async def _status(
        self, learner: int, away: Away, pairs: Sequence[tuple[CoursePlan, CoursePlan]], undo: tuple[str, ...] = ()
    ) -> DaysOffStatus:
        today = await self._learners.today(learner)
        return DaysOffStatus(today, tuple(period for period in away if period[1] >= today), tuple(pairs), undo)


def _fingerprint(away: Away) -> str:
    return blake2b(repr(away).encode(), digest_size=4).hexdigest()


def _text(periods: Sequence[Period]) -> str:
    """Return periods as text: five hexadecimal digits for each day."""
    return "".join(f"{day.toordinal():05x}" for period in periods for day in period)


def _periods(text: str) -> list[Period]:
    """Return the periods in a text. Raises ``Stale``."""
    if len(text) % 10 or not re.fullmatch(r"[0-9a-f]*", text):
        raise Stale(UNREADABLE)
    try:
        days = [date.fromordinal(int(text[at : at + 5], 16)) for at in range(0, len(text), 5)]
    except (ValueError, OverflowError):
        raise Stale(UNREADABLE) from None
    periods = list(zip(days[::2], days[1::2], strict=True))
    if any(first > last for first, last in periods):
        raise Stale(UNREADABLE)
    return periods
