"""Render a review: an asked card, an answered card, a finished round, and statistics."""

from datetime import datetime, timedelta
from math import ceil

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.fsrs import Rating
from bot.core.questions.review import NEW_PER_DAY
from bot.study.drill_results import FinishedDrill
from bot.study.review_results import AnsweredCard, AskedCard, FinishedRound, ReviewResult, Statistics
from bot.views import drill, review_settings
from bot.views import question as question_views
from bot.views.buttons import button, option, select
from bot.views.layout import Component, Row, State, bar, escape, message_view, plural, truncate
from bot.views.question_controls import controls
from bot.views.question_report import report_button
from bot.views.streak import ASK_ZONE

RATING_NAMES = {Rating.HARD: "Hard", Rating.GOOD: "Good", Rating.EASY: "Easy"}
"""The ratings of a correct answer. A wrong one is always rated Again."""
ALL_PATHS = "-"
"""The value of the select for a review of all learning paths."""
MAX_OPTIONS = 25


def review(result: ReviewResult) -> ui.LayoutView:
    """Render any result of a review."""
    match result:
        case AskedCard():
            return asked(result)
        case AnsweredCard():
            return answered(result)
        case FinishedRound():
            return finished(result)
        case FinishedDrill():
            return drill.finished(result)


def asked(found: AskedCard) -> ui.LayoutView:
    """The question with its options and, if possible, a button to undo the last answer."""
    course, about = found.bank.course, found.bank.course.nodes[found.question.route]
    title = f"### {escape(course.code)} review · {found.position} of {found.goal} · {_why_asked(found)}"
    lines = [title, f"-# {escape(truncate(about.title, 150))}"]
    head = [*_note(found.note), *(drill.asked_head(found, found.scope) if found.scope else lines)]
    state = (course.id, found.seed, found.fingerprint)
    rows = controls(found.question, found.seed, "reviewpick", *state, picked=found.picked, check=True)
    undo = [button("Undo last answer", "reviewundo", course.id, found.seed)] if found.can_undo else []
    undo += [button("End drill", "drillend", course.id, found.seed)] if found.scope else []
    text = question_views.asked(found.question, found.seed, found.picked)
    scenario = question_views.scenario(found.question, found.bank)
    return message_view(State.PROGRESS, "\n".join(head), scenario, text, rows=[*rows, undo])


def _why_asked(found: AskedCard) -> str:
    return "new" if found.is_new else "final pass" if found.is_final else "due"


def answered(found: AnsweredCard) -> ui.LayoutView:
    """The answer and the explanation, with three ratings of a correct answer, or Next after a wrong one."""
    parts = "" if found.right else question_views.right_parts(found.question, found.given)
    result = "✅ Correct" if found.right else f"❌ Incorrect{f', {parts}' if parts else ''}"
    head = [f"### {result} · {found.position} of {found.goal}"]
    if not found.given:
        head.append("-# Your answer was not saved.")
    if not found.counted:
        text = "" if found.rating or not found.right else "Undone. **Next** saves your answer again."
    elif found.right:
        text = f"{'' if found.rating else 'Undone. '}**How well did you know it?** The easier, the later it comes back."
    else:
        text = f"This question comes back {format_dt(found.due_by_rating[Rating.AGAIN - 1], 'R')}."
    streak = found.studied.streak if found.studied else None
    notes = [f"-# 🔥 Day {streak.days:,} in a row"] if streak and streak.days > 1 else []
    notes += [ASK_ZONE] if found.studied and found.studied.ask_zone else []
    answer = question_views.answered(found.question, found.seed, found.given)
    explanation = question_views.explanation(found.question, found.bank)
    return message_view(
        State.DONE if found.right else State.WARNING,
        "\n".join(head),
        question_views.scenario_again(found.question, found.bank, answer, explanation),
        answer,
        None,
        explanation,
        None,
        "\n".join(filter(None, [text, *drill.answer_lines(found), *notes])),
        rows=[_ratings(found)],
    )


def _ratings(found: AnsweredCard) -> Row:
    key, report = (found.bank.course.id, found.seed), report_button(found.bank.course.id, found.question)
    if not found.counted:
        return [*drill.next_buttons(found), report]
    if not found.right:
        return [button("Next", "rate", *key, int(Rating.AGAIN), style=ButtonStyle.primary), report]
    chosen, dues = found.rating or found.default_rating, found.due_by_rating
    ratings = [
        button(
            f"{name} · {_format_wait(dues[rating - 1] - found.at)}", "rate", *key, int(rating),
            style=_primary_style(rating == chosen),
        )
        for rating, name in RATING_NAMES.items()
    ]  # fmt: skip
    return [drill.guess_button(found), *ratings, report]


def finished(found: FinishedRound) -> ui.LayoutView:
    """The end of a round, or an empty state, with the next steps."""
    course, code = found.bank.course, escape(found.bank.course.code)
    if not (found.started or found.next_due or found.done):
        return message_view(
            State.PLAIN,
            "\n".join([*_note(found.note), f"### {code} review\n**Nothing to review yet.**"]),
            "Complete a module and its questions show up here. Or try some from modules that you haven't completed.",
            rows=[
                [
                    button("Try some questions", "reviewmore", course.id, "ahead", style=ButtonStyle.primary),
                    drill.choice_button(course, found.mistakes) if found.mistakes else None,
                ]
            ],
        )
    if found.done:
        result = f"**{found.right} of {found.done} correct**\n{bar(100 * found.right // found.done)}"
        head = f"### {code} review complete\n{result}"
    else:
        head = f"### {code} review\n**Nothing to review right now.**"
    return message_view(
        State.DONE if found.done and found.right == found.done else State.PROGRESS if found.done else State.PLAIN,
        "\n".join([*_note(found.note), head]),
        "\n".join(drill.read_again(found.missed, found.bank)),
        "\n".join(_other_lines(found)),
        rows=[
            _more_buttons(found),
            [
                button("Next module", "open", found.next_module.key) if found.next_module else None,
                drill.choice_button(course, found.mistakes),
                button("Stats", "reviewstats", course.id),
                button("Undo last answer", "reviewundo", course.id, found.seed) if found.can_undo else None,
            ],
            [_path_select(found)],
        ],
    )


def _more_buttons(found: FinishedRound) -> Row:
    """What can be asked now. The first button is the one to press."""
    key = ("reviewmore", found.bank.course.id)
    labels: list[tuple[str, str]] = []
    if found.missed:
        labels.append(("Review again", "again"))
    if found.due or found.new:
        labels.append(("More questions" if found.done else "Review", "go"))
    elif found.deferred:
        labels.append((f"{min(found.deferred, NEW_PER_DAY)} more new questions", "new"))
    elif found.beyond:
        labels.append(("Preview upcoming modules", "ahead"))
    return [button(label, *key, what, style=_primary_style(not index)) for index, (label, what) in enumerate(labels)]


def _path_select(found: FinishedRound) -> Component | None:
    """A select that limits the review to one learning path, if there is a choice."""
    if len(found.paths) < 2:
        return None
    options = [option("All learning paths", ALL_PATHS, default=found.node is None)]
    options += [
        option(truncate(path.title, 100), path.id, default=path is found.node)
        for path in found.paths[: MAX_OPTIONS - 1]
    ]
    return select("Review one learning path", options, "reviewpath", found.bank.course.id)


def _other_lines(found: FinishedRound) -> list[str]:
    """What is left to review, and when more is due."""
    lines = []
    if found.node:
        lines.append(f"-# Only questions from {escape(truncate(found.node.title, 120))}.")
    if found.due or found.new:
        waiting = [f"{found.due:,} due" if found.due else "", f"{found.new:,} new" if found.new else ""]
        lines.append(f"Still waiting: {' and '.join(filter(None, waiting))}.")
    if found.final_left:
        lines.append(f"Final pass: every question once more before your exam, {found.final_left:,} to go.")
    if found.next_due and not found.due:
        lines.append(f"The next question is due {format_dt(found.next_due, 'R')}.")
    if found.deferred and not found.new:
        lines.append(f"-# That's all the new questions for today; {found.deferred:,} more can wait.")
    if found.started and not (found.due or found.new or found.deferred) and found.beyond:
        lines.append("-# Complete more modules to unlock new questions.")
    return lines


def stats(found: Statistics, now: datetime, note: str = "", before: int | None = None) -> ui.LayoutView:
    """What is due, what is remembered, the weakest modules, and settings; ``before`` is the target to undo to."""
    course = found.bank.course
    head = f"{note}\n### {escape(course.code)} review stats".strip()
    if found.recall is None:
        return message_view(
            State.PLAIN,
            f"{head}\n**You haven't answered any questions yet.**",
            "Your stats start with the first one.",
            rows=[[button("Review", "review", course.id, style=ButtonStyle.primary)]],
        )
    percent = round(100 * found.recall)
    summary = f"You'd remember about {percent}% of the {plural(found.answered, 'question')} you've answered."
    lines = [
        f"**Due:** {found.due:,} now · {found.today:,} by tonight · {found.week:,} within a week",
        f"**New:** {found.new:,} today · {found.deferred:,} later · {found.answered:,} of {len(found.bank):,} seen",
    ]
    if found.reviews:
        lines.append(f"**Last 30 days:** {plural(found.reviews, 'answer')}")
    if found.retention is not None:
        lines[-1] += f" · {round(100 * found.retention)}% of {found.graduated:,} repeats correct"
    weak = [
        f"- {escape(truncate(entry.module.title, 80))} · {round(100 * entry.recall)}% of {entry.answered}"
        for entry in found.weakest
    ]
    ready = bool(found.due or found.new)
    return message_view(
        State.PROGRESS,
        f"{head}\n**{summary}**\n{bar(percent)}",
        "\n".join(lines),
        "\n".join(["**Weakest modules**", *weak]) if weak else "",
        f"-# {review_settings.summary(found.settings)} As of {format_dt(now, 'f')}. Only you can see this.",
        rows=[
            [
                button("Review", "review", course.id, style=_primary_style(ready)),
                button("Drill", "drillpanel", course.id),
                button("Open weakest module", "open", found.weakest[0].module.key) if found.weakest else None,
            ],
            *review_settings.rows(course, found.settings, before),
        ],
    )


def _primary_style(primary: bool) -> ButtonStyle:
    return ButtonStyle.primary if primary else ButtonStyle.secondary


def _note(note: str) -> list[str]:
    return [f"-# ↩️ {note}"] if note else []


def _format_wait(wait: timedelta) -> str:
    """Format a duration as ``6 min``, ``3 d`` or ``4 mo``. Minutes and hours are rounded up."""
    minutes = ceil(wait.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{ceil(minutes / 60)} h"
    days = round(minutes / (24 * 60))
    return f"{days} d" if days < 100 else f"{round(days / 30.4)} mo"
