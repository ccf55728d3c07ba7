"""Render a review: an asked card, an answered card, a finished round, and statistics."""

from datetime import datetime, timedelta
from math import ceil

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.fsrs import Rating
from bot.core.questions.review import NEW_PER_DAY
from bot.study.review_results import AnsweredCard, AskedCard, FinishedRound, ReviewResult, Statistics
from bot.views import question as question_views
from bot.views.buttons import button
from bot.views.layout import Row, State, bar, escape, message_view, plural, truncate
from bot.views.streak import ASK_ZONE

RATING_NAMES = {Rating.AGAIN: "Again", Rating.HARD: "Hard", Rating.GOOD: "Good", Rating.EASY: "Easy"}


def review(result: ReviewResult) -> ui.LayoutView:
    """Render any result of a review."""
    match result:
        case AskedCard():
            return asked(result)
        case AnsweredCard():
            return answered(result)
        case FinishedRound():
            return finished(result)


def asked(found: AskedCard) -> ui.LayoutView:
    """The question with its options and, if possible, a button to undo the last answer."""
    course, about = found.bank.course, found.bank.course.nodes[found.question.route]
    head = [
        *_note(found.note),
        f"### {escape(course.code)} review · {found.position} of {found.goal} · {'new' if found.is_new else 'due'}",
        f"-# {escape(truncate(about.title, 150))}",
    ]
    state = (course.id, found.seed, found.fingerprint)
    rows = question_views.controls(found.question, found.seed, "review", *state, picked=found.picked)
    undo = [button("Undo last", "reviewundo", course.id, found.seed)] if found.can_undo else []
    return message_view(
        State.PROGRESS, "\n".join(head), question_views.asked(found.question, found.seed), rows=[*rows, undo]
    )


def answered(found: AnsweredCard) -> ui.LayoutView:
    """The answer, the explanation, and the four ratings with the time until the card is due again."""
    course = found.bank.course
    head = [f"### {'✅ Right' if found.right else '❌ Not quite'} · {found.position} of {found.goal}"]
    if not found.given:
        head.append("-# Your answer isn't on record.")
    chosen = Rating(found.rating or found.default_rating)
    dues = found.due_by_rating
    if found.rating:
        text = (
            f"**{RATING_NAMES[chosen]}**: it comes back {format_dt(dues[chosen - 1], 'R')}. "
            "Press it to go on, or another:"
        )
    else:
        text = "Taken back: nothing is recorded until you rate it."
    streak = found.studied.streak if found.studied else None
    notes = [f"-# 🔥 Day {streak.days:,} in a row"] if streak and streak.days > 1 else []
    notes += [ASK_ZONE] if found.studied and found.studied.ask_zone else []
    row: Row = [
        button(
            f"{RATING_NAMES[rating]} · {_format_wait(due - found.at)}", "rate", course.id, found.seed, int(rating),
            style=ButtonStyle.primary if rating is chosen else ButtonStyle.secondary,
        )
        for rating, due in zip(Rating, dues, strict=True)
    ]  # fmt: skip
    return message_view(
        State.DONE if found.right else State.WARNING,
        "\n".join(head),
        question_views.answered(found.question, found.seed, found.given),
        None,
        question_views.explanation(found.question, found.bank),
        None,
        "\n".join([text, *notes]),
        rows=[row],
    )


def finished(found: FinishedRound) -> ui.LayoutView:
    """The end of a round, or an empty state, with the next steps."""
    course = found.bank.course
    code = escape(course.code)
    if found.done:
        share = bar(100 * found.right // found.done)
        head = f"### {code} review · round done\n**{found.right} of {found.done} right**\n{share}"
    elif not (found.started or found.next_due):
        head = f"### {code} review\n**Nothing is ticked yet**, so there is nothing to review."
    else:
        head = f"### {code} review\n**Nothing is due now.** ✅"
    more = extra = ahead = None
    if found.due or found.new:
        more = button("Go on", "reviewmore", course.id, "go", style=ButtonStyle.primary)
    elif found.deferred:
        extra = button(f"{min(found.deferred, NEW_PER_DAY)} more new", "reviewmore", course.id, "new")
    elif found.beyond:
        label = "Modules ahead" if found.started else "Begin with modules ahead"
        ahead = button(label, "reviewmore", course.id, "ahead", style=_primary_style(not found.started))
    rows: list[Row] = [
        [more, extra, ahead, button("Undo last", "reviewundo", course.id, found.seed) if found.can_undo else None],
        [
            button("Next module", "open", found.next_module.key) if found.next_module else None,
            button("Stats", "reviewstats", course.id) if found.done or found.next_due else None,
        ],
    ]
    return message_view(
        State.DONE if found.done or found.started else State.PLAIN,
        "\n".join([*_note(found.note), head]),
        "\n".join(_other_lines(found)),
        rows=rows,
    )


def _other_lines(found: FinishedRound) -> list[str]:
    """What is left to review, and when more is due."""
    lines = []
    if found.node:
        lines.append(f"-# About {escape(truncate(found.node.title, 120))} only; `/review` alone is about all of it.")
    if not (found.started or found.done or found.next_due):
        lines.append(
            "`/complete` ticks what you have learned, and its questions come here. "
            "Or begin with modules that you haven't ticked."
        )
    if found.due or found.new:
        waiting = [f"{plural(found.due, 'card')} due" if found.due else "", f"{found.new} new" if found.new else ""]
        lines.append(f"Still waiting: {' and '.join(filter(None, waiting))}.")
    if found.next_due and not found.due:
        lines.append(f"The next card is due {format_dt(found.next_due, 'R')}.")
    if found.deferred and not found.new:
        lines.append(f"-# Those were today's new cards; {found.deferred:,} more can wait for another day.")
    if found.started and not (found.due or found.new or found.deferred) and found.beyond:
        lines.append("-# New cards come with the modules that you tick.")
    return lines


def stats(found: Statistics, now: datetime) -> ui.LayoutView:
    """What is due, what is recalled, and the weakest modules."""
    course = found.bank.course
    head = [f"### {escape(course.code)} review · stats"]
    if found.recall is None:
        head.append("**No card answered yet.** `/review` begins.")
    else:
        percent = round(100 * found.recall)
        head.append(f"**{percent} %** of {plural(found.answered, 'answered card')} recalled now\n{bar(percent)}")
    seen = f"{found.answered} of {len(found.bank)} questions seen"
    lines = [
        f"**Due:** {found.due} now · {found.today} by tonight · {found.week} within 7 days",
        f"**New:** {found.new} for today · {found.deferred} later · {seen}",
    ]
    if found.reviews:
        retention = (
            f" · {round(100 * found.retention)} % of {found.graduated} that came back after days were recalled"
            if found.retention is not None
            else " · retention shows once cards come back after days"
        )
        lines.append(f"**30 days:** {plural(found.reviews, 'answer')}{retention}")
    weak = [
        f"- {escape(truncate(entry.module.title, 80))} · {round(100 * entry.recall)} % of {entry.answered}"
        for entry in found.weakest
    ]
    ready = bool(found.due or found.new)
    return message_view(
        State.PROGRESS if ready else State.DONE,
        "\n".join(head),
        "\n".join(lines),
        "\n".join(["**Weakest modules**", *weak]) if weak else "",
        f"-# As of {format_dt(now, 'f')}. Only you see this.",
        rows=[
            [
                button("Review", "reviewgo", course.id, style=_primary_style(ready)),
                button("Open the weakest", "open", found.weakest[0].module.key) if found.weakest else None,
            ]
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
