"""Render the report of a mock exam (total, domains, weakest module) and each mistake with its explanation."""

from collections.abc import Sequence

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.course.course import Course, Domain, Node
from bot.core.questions.mock_exam_report import Report, Subtotal, percent
from bot.store.mock_exams import Result
from bot.study.mock_exam_results import Finished, Mistake
from bot.views.buttons import button
from bot.views.layout import Component, Row, State, bar, duration, escape, message_view, plural, truncate
from bot.views.question import answered, explanation

COMMENTS = (
    (100, "All of it right."),
    (90, "Hardly a gap."),
    (75, "Most of it sits; a few gaps are left."),
    (50, "More than half of it sits."),
    (25, "Much of it is still ahead."),
    (0, "Nearly all of it is still ahead."),
)
"""Comments by the lowest percentage that they apply to."""
LONG_TITLE_DOMAINS = 10
"""Up to this number of domains, long titles fit."""


def finished(found: Finished) -> ui.LayoutView:
    """The report, with buttons to the mistakes and to the weakest module."""
    report, course = found.report, found.bank.course
    head = f"### {escape(course.code)} mock exam: {report.right} of {report.asked} right"
    note = [f"-# {found.note}"] if found.note else []
    if not report.asked:
        return message_view(
            State.PLAIN,
            "\n".join([f"### {escape(course.code)} mock exam", *note]),
            "None of its questions is left in the course's bank, so there is nothing to count.",
            rows=[[_again_button(found)]],
        )
    percentage = f"{bar(report.percent)} **{report.percent} %** · {_comment(report.percent)}"
    return message_view(
        State.DONE if report.percent == 100 else State.PROGRESS,
        "\n".join([head, percentage, *_earlier_results(found.earlier), *note]),
        None,
        "\n".join([*_domains(report.domains), *not_asked(report.not_asked)]),
        "\n".join([*_weakest(report), f"-# {_facts(found)}", *_scaled_score_note(course)]),
        rows=[_buttons(found)],
    )


def mistake(found: Mistake) -> ui.LayoutView:
    """A question with the given answer, the right one and the explanation."""
    key, item = (found.bank.course.id, found.exam.number), found.item
    left = "" if item.complete else " · not answered" if not item.given else " · not finished"
    row: Row = [
        button("Back", "examsee", *key, found.before) if found.before is not None else None,
        button("Next", "examsee", *key, found.after) if found.after is not None else None,
        button("Report", "examout", *key),
    ]
    return message_view(
        State.WARNING,
        f"{escape(found.bank.course.code)} mock exam · **mistake {found.number} of {found.of}**{left}",
        None,
        answered(item.question, found.exam.seed, item.given),
        explanation(item.question, found.bank),
        rows=[row],
    )


def not_asked(domains: Sequence[Domain]) -> list[str]:
    """A line that names the domains without questions."""
    if not domains:
        return []
    names = ", ".join(escape(truncate(domain.title, 40)) for domain in domains[:5])
    more = f" and {len(domains) - 5} more" if len(domains) > 5 else ""
    return [f"-# Not asked here: {names}{more}"]


def _comment(percentage: int) -> str:
    return next(comment for minimum, comment in COMMENTS if percentage >= minimum)


def _earlier_results(earlier: Sequence[Result]) -> list[str]:
    """The earlier results in one line, newest first."""
    counted = [result for result in earlier if result.asked]
    if not counted:
        return []
    last, *others = counted
    summary = f"-# Last time {percent(last.right, last.asked)} % ({format_dt(last.ended, 'd')})"
    if others:
        summary += f", before that {' and '.join(f'{percent(other.right, other.asked)} %' for other in others)}"
    return [summary]


def _domains(subtotals: Sequence[Subtotal]) -> list[str]:
    """Two lines for each domain: its title, then how many answers were right and its weight."""
    length = 60 if len(subtotals) <= LONG_TITLE_DOMAINS else 40
    return [
        f"**{escape(truncate(subtotal.about.title, length))}**\n"
        f"-# {subtotal.right} of {subtotal.asked} · "
        f"weighs {max(1, round(100 * subtotal.weight))} %"
        for subtotal in subtotals
    ]


def _weakest(report: Report) -> list[str]:
    """The weakest domain and the module to study first."""
    if not report.modules:
        return []
    first = report.modules[0]
    module = f"{escape(truncate(first.about.title, 60))} ({first.right} of {first.asked})"
    if report.weakest is None:
        return [f"**Weakest:** {module}"]
    return [f"**Weakest:** {escape(truncate(report.weakest.about.title, 60))}", f"-# Begin with {module}"]


def _facts(found: Finished) -> str:
    """Time taken, unanswered questions, and those that have left the bank."""
    exam, report = found.exam, found.report
    taken = round(((exam.ended or exam.started) - exam.started).total_seconds() / 60)
    summary = [f"{_time_taken(taken)}{f' of {duration(exam.minutes)}' if exam.minutes else ''}"]
    if report.unanswered:
        summary.append(f"{plural(report.unanswered, 'question')} unanswered")
    if report.removed:
        verb = "is" if report.removed == 1 else "are"
        summary.append(f"{plural(report.removed, 'question')} left the bank and {verb} not counted")
    return " · ".join(summary)


def _time_taken(minutes: int) -> str:
    """Format the time taken, in days if the exam was open for two days or more."""
    if minutes >= 48 * 60:
        return f"Open for {plural(minutes // (24 * 60), 'day')}"
    return f"Took {duration(minutes)}" if minutes else "Took less than a minute"


def _scaled_score_note(course: Course) -> list[str]:
    exam = course.exam
    if exam is None:
        return []
    mark = f"{exam.pass_mark:,} of {exam.out_of:,}"
    return [f"-# An estimate: the real score is scaled, and its pass mark, {mark}, is no percentage."]


def _buttons(found: Finished) -> Row:
    key, report = (found.bank.course.id, found.exam.number), found.report
    return [
        button("Look at the mistakes", "examsee", *key, 0, style=ButtonStyle.primary)
        if report.right < report.asked
        else None,
        _open_button(report.modules[0].about) if report.modules else None,
        _again_button(found),
    ]


def _open_button(about: Domain | Node) -> Component | None:
    """A button to the module."""
    return None if isinstance(about, Domain) else button("Open the weakest", "open", about.key)


def _again_button(found: Finished) -> Component:
    exam = found.exam
    return button("Again", "exam", found.bank.course.id, max(1, len(exam.answers)), exam.minutes or 0)
