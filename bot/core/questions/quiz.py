"""A quiz in a channel: what can be set, who comes in which place, and how it can end."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.errors import BadInput

COUNTS, COUNT = (1, 20), 5
"""Fewest and most questions of a quiz, and how many there are where nothing else is said."""
PACES, PACE = (10, 120), 30
"""Fewest and most seconds for a question, and how many there are where nothing else is said."""
LOBBY_SECONDS = 30
"""So long members can join before the first question."""
PAUSE_SECONDS = 10
"""So long a closed question can be read before the next one comes."""
UNANSWERED = 2
"""After so many questions in a row that nobody answered, nobody is there any more."""


class Ending(StrEnum):
    """How a quiz ends."""

    FINISHED = "finished"
    STOPPED = "stopped"
    """By whoever began it, or by a moderator."""
    NOBODY = "nobody"
    """Nobody joined."""
    UNANSWERED = "unanswered"
    """Nobody answered any more."""
    UNREACHABLE = "unreachable"
    """Discord took no message."""
    INTERRUPTED = "interrupted"
    """The bot was restarted, or failed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a quiz is about (the full id of a path or module; None for all of the course), and how long it is.

    Raises ``BadInput`` for what is out of bounds.
    """

    route: str | None = None
    count: int = COUNT
    seconds: int = PACE

    def __post_init__(self) -> None:
        if not COUNTS[0] <= self.count <= COUNTS[1]:
            raise BadInput(f"A quiz has {COUNTS[0]} to {COUNTS[1]} questions.")
        if not PACES[0] <= self.seconds <= PACES[1]:
            raise BadInput(f"A question of a quiz has {PACES[0]} to {PACES[1]} seconds.")


class Score(NamedTuple):
    """What a player reached: right answers, and the milliseconds that those took. The hidden are counted, not named."""

    learner: int
    hidden: bool
    right: int
    took: int


class Placed(NamedTuple):
    """A player in a place, from 1."""

    place: int
    score: Score


def places(scores: Iterable[Score]) -> tuple[Placed, ...]:
    """The players by right answers, of equals the quicker one first. Equals share the place, and the next are left out:

    two in the first place are followed by a third.
    """
    found: list[Placed] = []
    for index, score in enumerate(sorted(scores, key=lambda each: (-each.right, each.took, each.learner)), 1):
        shares = found and found[-1].score.right == score.right
        found.append(Placed(found[-1].place if shares else index, score))
    return tuple(found)
