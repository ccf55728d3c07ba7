"""``python -m bot check``: every message that can show a course or a question, against Discord's limits."""

from collections.abc import Mapping, Sequence
from itertools import chain

from bot.check.courses import rendered_courses
from bot.check.mocks import rendered_mocks
from bot.check.questions import rendered_questions
from bot.check.quizzes import rendered_quizzes
from bot.check.reviews import rendered_reviews
from bot.core.bank import Bank
from bot.core.course import Course


async def check(courses: Sequence[Course], banks: Mapping[str, Bank]) -> list[str]:
    """What Discord would refuse of all that can be shown of ``courses`` and their banks: ``view: what`` for each."""
    of_banks = (rendered_questions, rendered_reviews, rendered_quizzes, rendered_mocks)
    shown = chain(rendered_courses(courses), *(made(bank) for bank in banks.values() for made in of_banks))
    return [f"{name}: {fault}" for name, faults in shown for fault in faults]
