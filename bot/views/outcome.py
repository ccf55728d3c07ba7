"""Render the question how an exam went, and everything after a pass: sharing, reviews, the anonymous count, renewal."""

from collections.abc import Sequence
from datetime import date

from discord import ButtonStyle, ui

from bot.core.calendar.dates import written
from bot.core.course.course import Course
from bot.core.plan.outcome import UPKEEP, Tally
from bot.study.exam_questions import OutcomeQuestion
from bot.study.outcomes import ExamResult
from bot.study.renewals import RenewalContent
from bot.views.buttons import button
from bot.views.layout import Component, Part, Row, State, escape, message_view, notice, plural, written_day

VERB = "outcome"
"""The verb of every button and form here: the metrics count verbs, and none may tell how an exam went."""
MAX_GROUPS = 3
"""Study groups with a button of their own."""


def answer_buttons(course: Course, exam: date) -> list[Component]:
    """The four answers. Each ``custom_id`` ends with the course and the date, by which a message is found again."""
    return [
        button("Passed", VERB, "passed", course.id, exam, style=ButtonStyle.success, emoji="🎉"),
        button("Not this time", VERB, "failed", course.id, exam),
        button("Rescheduled", VERB, "moved", course.id, exam),
        button("Didn't take it", VERB, "missed", course.id, exam),
    ]


def asked(content: OutcomeQuestion) -> ui.LayoutView:
    """Ask how the exam went."""
    return question(content.course, content.exam)


def question(course: Course, exam: date, note: str = "") -> ui.LayoutView:
    """Ask how an exam went. ``note`` confirms a change."""
    head = f"### How did your {escape(course.code)} exam go?\nIt was on {written_day(exam)}."
    return message_view(
        State.PROGRESS,
        f"{note}\n{head}".strip(),
        "-# Only you can see your answer.",
        rows=[answer_buttons(course, exam)],
    )


def passed(found: ExamResult, groups: Sequence[tuple[int, str]], picture: Part = None) -> ui.LayoutView:
    """Congratulate, and ask whether to share it. ``groups`` are the servers of the member's study groups."""
    course, exam = found.course, found.exam
    lines = [
        f"### 🎉 You passed {escape(course.code)}. Congratulations!",
        *_valid_lines(found.outcome.valid),
        "-# Your study plan and reminders for it have ended. Your progress is kept.",
    ]
    undo = button("Undo", VERB, "undo", course.id, exam)
    if not groups:
        next_ = button("Continue", VERB, "private", course.id, exam, style=ButtonStyle.primary)
        return message_view(State.DONE, "\n".join(lines), picture or "", rows=[[next_, undo]])
    named = len(groups) > 1
    share: Row = [
        button(f"Share in {name}" if named else "Share with my group", VERB, "share", course.id, exam, server)
        for server, name in groups[:MAX_GROUPS]
    ]
    keep = button("Keep private", VERB, "private", course.id, exam, style=ButtonStyle.primary)
    ask = "**Share it with your study group?** It's private until you do."
    return message_view(State.DONE, "\n".join(lines), picture or "", ask, rows=[[keep, *share, undo]])


def upkeep(found: ExamResult, note: str = "", shared_in: int | None = None) -> ui.LayoutView:
    """Ask whether to keep reviewing. ``shared_in`` is the server in which the pass has just been shared."""
    course, exam = found.course, found.exam
    unshare = button("Stop sharing", VERB, "unshare", course.id, exam, shared_in) if shared_in else None
    return message_view(
        State.DONE,
        note,
        f"### Keep {escape(course.code)} fresh?\nA few reviews a week are enough to remember it.",
        rows=[
            [
                button(f"{UPKEEP} questions a week", VERB, "weekly", course.id, exam, style=ButtonStyle.primary),
                button("Stop reviews", VERB, "stopped", course.id, exam),
                unshare,
                button("Undo", VERB, "undo", course.id, exam),
            ]
        ],
    )


def consent(found: ExamResult, note: str = "") -> ui.LayoutView:
    """Ask whether the result may be counted, unless the readiness isn't known."""
    course, exam, readiness = found.course, found.exam, found.outcome.readiness
    if readiness is None or found.outcome.counted:
        return message_view(State.DONE, note or "✅ Saved.", rows=[_last_buttons(found)])
    return message_view(
        State.PLAIN,
        note,
        f"### Count your result anonymously?\nYour readiness on the exam day was **{readiness}%**. With enough "
        "results, I can tell others what that number has meant.\n"
        "-# Only the number of people is stored, without your name or ID.",
        rows=[
            [
                button("No, thanks", VERB, "done", course.id, exam, style=ButtonStyle.primary),
                button("Count it", VERB, "count", course.id, exam),
            ]
        ],
    )


def counted(found: ExamResult) -> ui.LayoutView:
    """Confirm that a result was counted."""
    undo = button("Undo", VERB, "uncount", found.course.id, found.exam)
    return notice("Counted. Thank you!", State.DONE, rows=[[undo, *_last_buttons(found)]])


def done(found: ExamResult, note: str = "Nothing else was stored.") -> ui.LayoutView:
    """Close the conversation."""
    return notice(note, State.DONE, rows=[_last_buttons(found)])


def _last_buttons(found: ExamResult) -> list[Component]:
    return [
        button("Home", "start", found.course.id),
        button("Undo my answer", VERB, "undo", found.course.id, found.exam),
    ]


def missed(course: Course, exam: date) -> ui.LayoutView:
    """Ask what happens to the date of an exam that wasn't taken."""
    return message_view(
        State.PLAIN,
        f"### You didn't take the {escape(course.code)} exam\nWhat should happen to the date, {written_day(exam)}?",
        rows=[
            [
                button("Set a new date", "planedit", course.id, style=ButtonStyle.primary),
                button("Keep the date", VERB, "keep", course.id, exam),
                button("Clear the date", VERB, "clear", course.id, exam),
            ]
        ],
    )


def kept(course: Course) -> ui.LayoutView:
    """Confirm that the date stays."""
    return notice("Nothing was changed.", State.DONE, rows=[[button("Plan", "plan", course.id)]])


def cleared(course: Course, undo: Sequence[str]) -> ui.LayoutView:
    """Confirm that the date was deleted."""
    return notice(
        "Exam date and plan deleted. Your progress is kept.", State.DONE,
        rows=[[button("Undo", "planundo", course.id, *undo), button("Home", "start", course.id)]],
    )  # fmt: skip


def renewal(content: RenewalContent) -> ui.LayoutView:
    """Remind of the renewal of a certification. The last button identifies the message."""
    course = content.course
    left = (content.valid - content.on).days
    name = escape(course.certification or course.code)
    page = course.links.certification
    where = f"\nRenew it on [the certification's page]({page})." if page else ""
    return message_view(
        State.PROGRESS,
        f"### Your {name} certification can be renewed\nIt's valid until **{written(content.valid)}**, for "
        f"{plural(left, 'more day')}.{where}",
        "-# Only you can see this.",
        rows=[[
            button("I've renewed it", VERB, "renewed", course.id, content.valid, content.on, style=ButtonStyle.primary)
        ]],
    )  # fmt: skip


def renewed(course: Course, previous: date, valid: date) -> ui.LayoutView:
    """Confirm a renewal."""
    return notice(
        f"Valid until {written(valid)}. I'll remind you before it ends.", State.DONE,
        rows=[[button("Undo", VERB, "unrenew", course.id, valid, previous)]],
    )  # fmt: skip


def renewal_undone(valid: date) -> ui.LayoutView:
    return notice(f"Undone: valid until {written(valid)}.", State.DONE)


def _valid_lines(valid: date | None) -> list[str]:
    return [f"**Valid until {written(valid)}.** I'll remind you before it ends."] if valid else []


def tally_lines(tally: Tally | None) -> list[str]:
    """Say what a readiness has meant, from enough results on."""
    if tally is None or not tally.is_enough:
        return []
    return [f"**Of {tally.people} people who had {tally.low}–{tally.high}% here, {tally.passed} passed.**"]
