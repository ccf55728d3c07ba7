"""Render the report of a mock exam (total, domains, weakest module) and each mistake with its explanation."""

from collections.abc import Sequence

from discord import ButtonStyle, ui

from bot.core.course.course import Course, Node
from bot.core.course.exam import Domain
from bot.core.questions.drill import Topic
from bot.core.questions.mock_exam_report import Report, Subtotal, percent
from bot.store.mock_exams import Result
from bot.study.mock_exam_results import Finished, Mistake
from bot.views.buttons import button
from bot.views.layout import Component, Row, State, bar, duration, escape, message_view, plural, truncate
from bot.views.question import answered, explanation, right_parts, scenario_again
from bot.views.question_report import report_button

COMMENTS = (
    (100, "A perfect score!"),
    (90, "Almost perfect."),
    (75, "You know most of this; a few gaps remain."),
    (50, "You know more than half of this."),
    (25, "There is a lot left to learn."),
    (0, "You are just getting started."),
)
"""Comments by the lowest percentage that they apply to."""
LONG_TITLE_DOMAINS = 10
"""Up to this number of domains, long titles fit."""


def finished(found: Finished) -> ui.LayoutView:
    """The report, with buttons to the mistakes and to the weakest module."""
    report, course = found.report, found.bank.course
    head = f"### {escape(course.code)} mock exam: {report.right} of {report.asked} correct"
    note = [f"-# {found.note}"] if found.note else []
    if not report.asked:
        return message_view(
            State.PLAIN,
            "\n".join([f"### {escape(course.code)} mock exam", *note]),
            "All of its questions were removed, so there is no score.",
            rows=[[_again_button(found)]],
        )
    percentage = f"{bar(report.percent)} **{report.percent}%** · {_comment(report.percent)}"
    return message_view(
        State.DONE if report.percent == 100 else State.PROGRESS,
        "\n".join([head, percentage, *_trend(found), *note]),
        None,
        "\n".join([*_domains(report.domains), *not_asked(report.not_asked)]),
        "\n".join([*_weakest(report), f"-# {_facts(found)}", *_scaled_score_note(course)]),
        rows=[_buttons(found)],
    )


def mistake(found: Mistake) -> ui.LayoutView:
    """A question with the given answer, the correct one and the explanation."""
    key, item = (found.bank.course.id, found.exam.number), found.item
    left = "" if item.complete else " · not answered" if not item.given else " · incomplete"
    left += f" · {parts}" if item.complete and (parts := right_parts(item.question, item.given)) else ""
    row: Row = [
        button("Back", "mockexammistake", *key, found.before) if found.before is not None else None,
        button("Next", "mockexammistake", *key, found.after) if found.after is not None else None,
        button("Results", "mockexamreport", *key),
        report_button(found.bank.course.id, item.question),
    ]
    answer = answered(item.question, found.exam.seed, item.given)
    reason = explanation(item.question, found.bank)
    return message_view(
        State.WARNING,
        f"{escape(found.bank.course.code)} mock exam · **mistake {found.number} of {found.of}**{left}",
        None,
        scenario_again(item.question, found.bank, answer, reason),
        answer,
        reason,
        rows=[row],
    )


def not_asked(domains: Sequence[Domain]) -> list[str]:
    """A line that names the domains without questions."""
    if not domains:
        return []
    names = ", ".join(escape(truncate(domain.title, 40)) for domain in domains[:5])
    more = f" and {len(domains) - 5} more" if len(domains) > 5 else ""
    return [f"-# Not included: {names}{more}"]


def _comment(percentage: int) -> str:
    return next(comment for minimum, comment in COMMENTS if percentage >= minimum)


def trend(results: Sequence[Result]) -> str:
    """The scores of ``results`` (newest first) as ``52% → 61%``; empty without any."""
    return " → ".join(f"{percent(result.points, result.asked)}%" for result in reversed(results) if result.asked)


def _trend(found: Finished) -> list[str]:
    """The earlier scores and this one."""
    earlier = trend(found.earlier)
    return [f"**Trend:** {earlier} → **{found.report.percent}%**"] if earlier else []


def _domains(subtotals: Sequence[Subtotal]) -> list[str]:
    """Two lines for each domain: its title, then how many answers were correct and its weight."""
    length = 60 if len(subtotals) <= LONG_TITLE_DOMAINS else 40
    return [
        f"**{escape(truncate(subtotal.about.title, length))}**\n"
        f"-# {subtotal.right} of {subtotal.asked} correct · {max(1, round(100 * subtotal.weight))}% of the exam"
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
    return [f"**Weakest:** {escape(truncate(report.weakest.about.title, 60))}", f"-# Start with {module}"]


def _facts(found: Finished) -> str:
    """Time taken, unanswered questions, and those that were removed from the bank."""
    exam, report = found.exam, found.report
    taken = round(((exam.ended or exam.started) - exam.started).total_seconds() / 60)
    summary = [f"{_time_taken(taken)}{f' of {duration(exam.minutes)}' if exam.minutes else ''}"]
    if report.partial:
        summary.append(f"{report.partial / 100:.1f} points for answers that are right in part")
    if report.unanswered:
        summary.append(f"{plural(report.unanswered, 'question')} unanswered")
    if report.removed:
        verb = "was" if report.removed == 1 else "were"
        summary.append(f"{plural(report.removed, 'question')} {verb} removed and didn't count")
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
    return [f"-# This is not your exam score: the real exam uses a scaled score ({mark} to pass), not a percentage."]


def _buttons(found: Finished) -> Row:
    key, report = (found.bank.course.id, found.exam.number), found.report
    drill = f"Drill these {found.drill:,}" if found.drill > 1 else "Drill this mistake"
    first = ButtonStyle.secondary if found.drill else ButtonStyle.primary
    return [
        button(drill, "drill", found.bank.course.id, Topic.EXAM.value, found.exam.number, style=ButtonStyle.primary)
        if found.drill
        else None,
        button("Review mistakes", "mockexammistake", *key, 0, style=first) if report.right < report.asked else None,
        _open_button(report.modules[0].about) if report.modules else None,
        _again_button(found),
    ]


def _open_button(about: Domain | Node) -> Component | None:
    """A button to the module."""
    return None if isinstance(about, Domain) else button("Open weakest module", "open", about.key)


def _again_button(found: Finished) -> Component:
    exam = found.exam
    return button("New mock exam", "mockexam", found.bank.course.id, max(1, len(exam.answers)), exam.minutes or 0)
