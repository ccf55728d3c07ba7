"""The results of ``Study.drills`` that aren't those of a review: the choice of a drill, and its end."""

from dataclasses import dataclass

from bot.core.course.exam import Domain
from bot.core.questions.bank import Bank
from bot.core.questions.drill import Scope
from bot.core.questions.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillChoice:
    """What can be drilled. ``ready`` mistakes can be drilled now; ``listed`` is the number of all.

    ``helps``: some questions with a card have room to improve. ``domain`` is the one whose skills are shown.
    """

    bank: Bank
    ready: int
    listed: int
    helps: bool
    domain: Domain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedDrill:
    """The end of a drill with ``done`` answers. ``seed`` is 0 if it didn't begin, because there is nothing to ask.

    ``missed`` are the questions whose latest answer in it is wrong. ``ready`` and ``listed`` as in ``DrillChoice``.
    """

    bank: Bank
    scope: Scope
    seed: int
    done: int
    right: int
    missed: tuple[Question, ...]
    ready: int
    listed: int
    can_undo: bool
    note: str = ""
