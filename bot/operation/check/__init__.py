"""``waymark check``: check every message that can show a course or a question against Discord's limits."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from bot.core.course.course import Course
from bot.core.questions.bank import Bank
from bot.operation.check.courses import check_courses
from bot.operation.check.daily_questions import check_daily_questions
from bot.operation.check.mock_exams import check_mock_exams
from bot.operation.check.question_reports import check_question_reports
from bot.operation.check.questions import check_questions
from bot.operation.check.quizzes import check_quizzes
from bot.operation.check.reviews import check_reviews
from bot.operation.check.server_courses import check_server_courses


async def find_message_faults(
    courses: Sequence[Course], banks: Mapping[str, Bank], advance: Callable[[], None] = lambda: None
) -> list[str]:
    """Return ``view: fault`` for everything that Discord would reject. ``advance`` is called after each message."""
    bank_checks = (
        check_questions, check_reviews, check_quizzes, check_mock_exams, check_daily_questions, check_question_reports
    )  # fmt: skip
    results = chain(
        check_courses(courses),
        *(check_server_courses(course, banks.get(course.id)) for course in courses),
        *(check_bank(bank) for bank in banks.values() for check_bank in bank_checks),
    )
    found: list[str] = []
    for name, faults in results:
        found += [f"{name}: {fault}" for fault in faults]
        advance()
    return found
