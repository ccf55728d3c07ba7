"""Render reports of questions: the form, the confirmation, the operator's message, and how a report was resolved."""

from collections.abc import Sequence

from discord import ui

from bot.core.questions.item_statistics import MAX_REPORTS
from bot.core.questions.question import Question, fingerprint
from bot.core.questions.question_report import MAX_COMMENT, Reason, beginning
from bot.store.question_reports import Resolved
from bot.study.question_reports import Submitted
from bot.views.buttons import button, option
from bot.views.forms import form, radio_field, text_field
from bot.views.layout import Component, State, escape, escape_typed, message_view, notice, plural

REASONS = {
    Reason.WRONG: "The answer is wrong",
    Reason.OUTDATED: "It's outdated",
    Reason.UNCLEAR: "It's unclear",
    Reason.OTHER: "Something else",
}
REASON, COMMENT = "reason", "comment"
"""The names of the form's fields."""


def report_button(course: str, question: Question) -> Component:
    """The button below an answered question."""
    return button("Report", "report", course, question.id, fingerprint(question))


def report_form(course: str, question: Question) -> ui.Modal:
    """Ask for the reason and a comment."""
    reasons = [option(label, reason.value) for reason, label in REASONS.items()]
    fields = [
        radio_field("What's wrong with this question?", REASON, reasons),
        text_field(
            "Comment (optional)", COMMENT, hint="Say what is wrong, with a link if you have one.",
            most=MAX_COMMENT, paragraph=True,
        ),
    ]  # fmt: skip
    return form("Report a question", "report", course, question.id, fingerprint(question), fields=fields)


def submitted(report: Submitted) -> ui.LayoutView:
    """Confirm a report."""
    return message_view(
        State.DONE,
        f"### ✅ Report sent\n**{REASONS[report.reason]}:** {escape(beginning(report.question.prompt))}",
        "The person who runs this bot will look at it. I'll tell you the result in one of your next reviews.\n"
        "-# Your name isn't shown to them.",
        rows=[[button("Undo", "reportundo", report.course.id, report.question.id)]],
    )


def undone() -> ui.LayoutView:
    """Confirm that a report was taken back."""
    return notice("Your report was withdrawn, and your comment was deleted.", State.DONE)


def for_operator(report: Submitted) -> ui.LayoutView:
    """Tell the operator about a report, without its learner."""
    count = f"{plural(report.count, 'open report')} on this question."
    if report.count >= MAX_REPORTS:
        count += " It's kept out of mock exams until you resolve it."
    return message_view(
        State.WARNING,
        f"### Question reported: {escape(report.course.code)}\n**{REASONS[report.reason]}**",
        f"`{report.course.id}/{report.question.id}`\n{escape(beginning(report.question.prompt))}",
        f"> {escape_typed(report.comment)}" if report.comment else "",
        f"-# {count}",
    )


def resolved(reports: Sequence[Resolved]) -> ui.LayoutView:
    """Tell a learner how their reports were resolved, a line for each."""
    lines = [
        f"Your report on “{escape(report.prompt)}” was resolved: **{report.resolution}**. {escape(report.because)}"
        for report in reports
    ]
    return message_view(State.PLAIN, "\n".join(lines))
