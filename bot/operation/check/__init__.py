"""``python -m bot check``: every message that can show a course or a question, against Discord's limits."""

from collections.abc import Mapping, Sequence
from itertools import chain

from bot.core.course.course import Course
from bot.core.questions.bank import Bank
from bot.operation.check.courses import rendered_courses
from bot.operation.check.mock_exams import rendered_mock_exams
from bot.operation.check.questions import rendered_questions
from bot.operation.check.quizzes import rendered_quizzes
from bot.operation.check.reviews import rendered_reviews


async def check(courses: Sequence[Course], banks: Mapping[str, Bank]) -> list[str]:
    """What Discord would refuse of all that can be shown of ``courses`` and their banks: ``view: what`` for each."""
    of_banks = (rendered_questions, rendered_reviews, rendered_quizzes, rendered_mock_exams)
    shown = chain(rendered_courses(courses), *(made(bank) for bank in banks.values() for made in of_banks))
    return [f"{name}: {fault}" for name, faults in shown for fault in faults]
