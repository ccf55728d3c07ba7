"""``waymark check``: check every message that can show a course or a question against Discord's limits."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from bot.core.course.course import Course
from bot.core.questions.bank import Bank
from bot.operation.check.courses import rendered_courses
from bot.operation.check.mock_exams import rendered_mock_exams
from bot.operation.check.questions import rendered_questions
from bot.operation.check.quizzes import rendered_quizzes
from bot.operation.check.reviews import rendered_reviews


async def check(
    courses: Sequence[Course], banks: Mapping[str, Bank], advance: Callable[[], None] = lambda: None
) -> list[str]:
    """Return ``view: fault`` for everything that Discord would refuse. ``advance`` is called after each message."""
    of_banks = (rendered_questions, rendered_reviews, rendered_quizzes, rendered_mock_exams)
    shown = chain(rendered_courses(courses), *(made(bank) for bank in banks.values() for made in of_banks))
    found: list[str] = []
    for name, faults in shown:
        found += [f"{name}: {fault}" for fault in faults]
        advance()
    return found
