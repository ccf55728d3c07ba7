"""The list of mistakes: which questions are on it, as the history of their answers says.

A question is on the list if, since its latest miss, it wasn't answered correctly on two different local days. A miss is
a wrong answer, or a correct one that the learner guessed.
"""

from datetime import date
from typing import NamedTuple


class Mistake(NamedTuple):
    """A question on the list. The fields are those of its row.

    ``missed_at`` is the time of the latest miss, in seconds since 1970. ``right_on`` is the local day on which it was
    answered correctly since then; None if it wasn't.
    """

    missed_at: int
    right_on: date | None = None

    def is_ready(self, today: date) -> bool:
        """Return whether a correct answer today would bring it closer to leaving the list."""
        return self.right_on != today


def answers_left(mistake: Mistake) -> int:
    """Return how many correct answers, each on another day, take a question off the list: 1 or 2."""
    return 2 if mistake.right_on is None else 1


def after_answer(before: Mistake | None, *, correct: bool, guessed: bool, at: int, day: date) -> Mistake | None:
    """Return the entry after an answer at ``at`` (seconds since 1970) on the local ``day``; None if it isn't listed."""
    if guessed or not correct:
        return Mistake(at)
    if before is None or before.right_on not in (None, day):
        return None
    return before._replace(right_on=day)
