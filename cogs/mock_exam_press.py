"""Read the state of the buttons and selects of a mock exam."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.client.responses import Interaction
from bot.core.course.course import Course
from bot.core.questions.mock_exam import MAX_MINUTES, MAX_QUESTIONS, MIN_MINUTES, UNREADABLE
from bot.errors import Stale
from bot.study import Study
from bot.views.buttons import parse_number
from bot.views.mock_exam import CONFIRMED


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a component of a mock exam. ``key`` is the learner, the course and the number of the mock exam."""

    key: tuple[int, Course, int]
    rest: list[str]
    values: Sequence[str]

    @property
    def confirmed(self) -> bool:
        return self.rest == [CONFIRMED]

    @property
    def place(self) -> int:
        """The question of the button, or the one chosen in a select. Raises ``Stale``."""
        return parse_number("".join(self.values or self.rest))


def parse_press(study: Study, interaction: Interaction, state: Sequence[str], values: Sequence[str]) -> Press:
    """Return the press on a component whose state is course, number and more. Raises ``Stale`` or ``NotFound``."""
    if len(state) < 2:
        raise Stale(UNREADABLE)
    course, number, *rest = state
    found = study.course(interaction.guild_id, course)
    return Press((interaction.user.id, found, parse_number(number)), rest, values)


def parse_start(study: Study, interaction: Interaction, state: Sequence[str]) -> tuple[Course, int, int | None]:
    """Return course, number of questions and minutes of a button. Raises ``Stale`` or ``NotFound``."""
    press = parse_press(study, interaction, state, ())
    (_, course, count), minutes = press.key, press.place
    if not 1 <= count <= MAX_QUESTIONS or (minutes and not MIN_MINUTES <= minutes <= MAX_MINUTES):
        raise Stale(UNREADABLE)
    return course, count, minutes or None
