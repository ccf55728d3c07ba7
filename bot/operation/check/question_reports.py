"""Check every message about a reported question against Discord's limits."""

from collections.abc import Iterator

from bot.core.questions.bank import Bank
from bot.core.questions.item_statistics import Resolution
from bot.core.questions.question_report import MAX_BECAUSE, MAX_COMMENT, Reason, beginning
from bot.store.question_reports import Resolved
from bot.study.question_reports import MAX_TOLD, Submitted
from bot.views import question_report as views
from bot.views.limits import form_faults, message_faults

_LONG = "*"
"""A character that escaping makes two of."""


def check_question_reports(bank: Bank) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each message about a report of a question of ``bank``, and what Discord would reject."""
    course = bank.course
    for question in bank.questions.values():
        report = Submitted(course, question, Reason.WRONG, _LONG * MAX_COMMENT, 999)
        yield f"{course.code} report of {question.id}", form_faults(views.report_form(course.id, question).to_dict())
        for name, view in (
            ("submitted", views.submitted(report)),
            ("for the operator", views.for_operator(report)),
        ):
            yield f"{course.code} report of {question.id}, {name}", message_faults(view.to_components())
        told = Resolved(beginning(question.prompt), Resolution.WITHDRAWN, _LONG * MAX_BECAUSE)
        resolved = views.resolved([told] * MAX_TOLD)
        yield f"{course.code} report of {question.id}, resolved", message_faults(resolved.to_components())
    yield f"{course.code} report, undone", message_faults(views.undone().to_components())
