"""What learners marked as known: one row in ``known`` per marked leaf of a course."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.calendar.timestamps import seconds
from bot.core.course.progress import REVIEWED, Delta, Tick
from bot.store.engine import Engine, Statements

Decide = Callable[[Sequence[Tick]], Delta]
"""Given the current ticks and marks, return the change to the marks."""


@dataclass(frozen=True, slots=True)
class Marked:
    """The result of a change to the marks: all ticks and marks before and after.

    ``change`` is its number, by which it can be undone; None if nothing changed or it was itself an undo.
    """

    before: tuple[Tick, ...]
    after: tuple[Tick, ...]
    change: int | None = None


class StoredKnown:
    """The marks of all learners."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def apply(self, learner: int, course: str, decide: Decide, now: datetime) -> Marked:
        """Read, decide and write in one transaction. What earlier changes removed can no longer be restored."""

        def work(transaction: Statements) -> Marked:
            before = _ticks(transaction, learner, course)
            delta = decide(before)
            if not delta:
                return Marked(before, before)
            change = _next_change(transaction, learner, now)
            transaction.run("drop_removed_known", learner=learner, change=change)
            fresh = [route for route in delta.add if route not in delta.carried]
            _mark(transaction, learner, course, fresh, Tick("", seconds(now), seconds(now), None, change))
            stems = {mark.route: mark for mark in before if mark.known}
            for leaf, stem in delta.carried.items():
                _mark(transaction, learner, course, [leaf], stems[stem])
            if delta.remove:
                transaction.run(
                    "remove_known", learner=learner, course=course, routes=json.dumps(delta.remove), change=change
                )
            return Marked(before, _ticks(transaction, learner, course), change)

        return await self._engine.transact(work)

    async def undo(self, learner: int, course: str, change: int) -> Marked | None:
        """Undo a change: delete what it marked, or restore what it removed. Return None if nothing is left of it."""

        def work(transaction: Statements) -> Marked | None:
            before = _ticks(transaction, learner, course)
            deleted = transaction.run("undo_known", learner=learner, change=change)
            restored = transaction.run("restore_known", learner=learner, change=change)
            return Marked(before, _ticks(transaction, learner, course)) if deleted or restored else None

        return await self._engine.transact(work)

    async def set_reviewed(self, learner: int, course: str, decide: Callable[[Sequence[Tick]], Sequence[str]], *,
                           reviewed: bool) -> Marked:  # fmt: skip
        """Let reviews ask about the marked routes that ``decide`` returns, or not."""

        def work(transaction: Statements) -> Marked:
            before = _ticks(transaction, learner, course)
            transaction.run(
                "set_known_reviewed", learner=learner, course=course, routes=json.dumps(list(decide(before))),
                reviewed=int(reviewed),
            )  # fmt: skip
            return Marked(before, _ticks(transaction, learner, course))

        return await self._engine.transact(work)


def _ticks(transaction: Statements, learner: int, course: str) -> tuple[Tick, ...]:
    return tuple(map(Tick._make, transaction.run("ticks", learner=learner, course=course)))


def _next_change(transaction: Statements, learner: int, now: datetime) -> int:
    """Return the microseconds since 1970, or one more than the learner's last change if the clock didn't advance."""
    last: int = max(transaction.run("latest_known_change", learner=learner)[0])
    return max(last + 1, int(now.timestamp() * 1_000_000))


def _mark(transaction: Statements, learner: int, course: str, routes: Sequence[str], mark: Tick) -> None:
    """Mark routes with the time, number and choice about reviews of ``mark``."""
    if routes:
        transaction.run(
            "mark_known", learner=learner, course=course, routes=json.dumps(routes), marked_at=mark.made,
            change=mark.change, reviewed=int(mark.known == REVIEWED),
        )  # fmt: skip
