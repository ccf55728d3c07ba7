"""A quiz in a channel: its settings, its ranking and the ways it can end."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.errors import BadInput

COUNTS, COUNT = (1, 20), 5
"""Range and default of the number of questions."""
PACES, PACE = (10, 120), 30
"""Range and default of the seconds per question."""
LOBBY_SECONDS = 30
"""Time for members to join before the first question."""
PAUSE_SECONDS = 10
"""Time to read a closed question before the next one is asked."""
UNANSWERED = 2
"""The quiz ends after this many consecutive questions without an answer."""


class Ending(StrEnum):
    """Why a quiz ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    """By its host or a moderator."""
    UNANSWERED = "unanswered"
    """``UNANSWERED`` consecutive questions had no answer."""
    UNREACHABLE = "unreachable"
    """Discord rejected the messages."""
    INTERRUPTED = "interrupted"
    """The bot was restarted, or failed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The path or module that a quiz is about (its full ID; None for the whole course), and its length.

    Raises ``BadInput`` for a number out of range.
    """

    route: str | None = None
    count: int = COUNT
    seconds: int = PACE

    def __post_init__(self) -> None:
        if not COUNTS[0] <= self.count <= COUNTS[1]:
            raise BadInput(f"Choose between {COUNTS[0]} and {COUNTS[1]} questions.")
        if not PACES[0] <= self.seconds <= PACES[1]:
            raise BadInput(f"Choose between {PACES[0]} and {PACES[1]} seconds per question.")


class Score(NamedTuple):
    """A player's correct answers, and the milliseconds that those took. Hidden players are ranked but not named."""

    learner: int
    hidden: bool
    right: int
    took: int


class Placed(NamedTuple):
    """A player and their rank, from 1."""

    place: int
    score: Score


def places(scores: Iterable[Score]) -> tuple[Placed, ...]:
    """Rank the players by correct answers. Players with equally many share a place, the faster one listed first.

    Two in first place are followed by a third.
    """
    ranking: list[Placed] = []
    for index, score in enumerate(sorted(scores, key=lambda each: (-each.right, each.took, each.learner)), 1):
        shares = ranking and ranking[-1].score.right == score.right
        ranking.append(Placed(ranking[-1].place if shares else index, score))
    return tuple(ranking)
