"""A review: the card that is asked, the one that was answered, the end of a round, and how it goes by numbers."""

from datetime import datetime, timedelta
from math import ceil

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.core.questions.fsrs import Rating
from bot.core.questions.review import NEW_A_DAY
from bot.study.review_results import Asked, Marked, Over, Shown, Stats
from bot.views import question as questions
from bot.views.buttons import button
from bot.views.layout import Row, State, bar, card, plural, safe, shortened
from bot.views.streak import ASK_ZONE

NAMES = {Rating.AGAIN: "Again", Rating.HARD: "Hard", Rating.GOOD: "Good", Rating.EASY: "Easy"}


def review(shown: Shown) -> ui.LayoutView:
    """Whatever a review shows now."""
    match shown:
        case Asked():
            return asked(shown)
        case Marked():
            return marked(shown)
        case Over():
            return over(shown)


def asked(it: Asked) -> ui.LayoutView:
    """A card with its options; above it whether it comes back or is new, below it what takes the last answer back."""
    course, about = it.bank.course, it.bank.course.nodes[it.question.route]
    head = [
        *_note(it.note),
        f"### {safe(course.code)} review · {it.place} of {it.goal} · {'new' if it.fresh else 'due'}",
        f"-# {safe(shortened(about.title, 150))}",
    ]
    state = (course.id, it.seed, it.fingerprint)
    rows = questions.controls(it.question, it.seed, "review", *state, picked=it.picked)
    undo = [button("Undo last", "reviewundo", course.id, it.seed)] if it.undo else []
    return card(State.PROGRESS, "\n".join(head), questions.asked(it.question, it.seed), rows=[*rows, undo])


def marked(it: Marked) -> ui.LayoutView:
    """The answer, why it is right, and the four ratings, each with when the card comes back by it."""
    course = it.bank.course
    head = [*_note(it.note), f"### {'✅ Right' if it.right else '❌ Not quite'} · {it.place} of {it.goal}"]
    if not it.given:
        head.append("-# Your answer isn't on record.")
    chosen = Rating(it.rating or it.usual)
    waits = [each - it.at for each in it.dues]
    if it.rating:
        due = format_dt(it.dues[chosen - 1], "R")
        said = f"**{NAMES[chosen]}**: it comes back {due}. Press it to go on, or another:"
    else:
        said = "Taken back: nothing is recorded until you rate it."
    streak = it.studied.streak if it.studied else None
    told = [f"-# 🔥 Day {streak.days:,} in a row"] if streak and streak.days > 1 else []
    told += [ASK_ZONE] if it.studied and it.studied.ask_zone else []
    row: Row = [
        button(
            f"{NAMES[rating]} · {_wait(wait)}", "rate", course.id, it.seed, int(rating),
            style=ButtonStyle.primary if rating is chosen else ButtonStyle.secondary,
        )
        for rating, wait in zip(Rating, waits, strict=True)
    ]  # fmt: skip
    return card(
        State.DONE if it.right else State.WARNING,
        "\n".join(head),
        questions.answered(it.question, it.seed, it.given),
        None,
        questions.why(it.question, it.bank),
        None,
        "\n".join([said, *told]),
        rows=[row],
    )


def over(it: Over) -> ui.LayoutView:
    """The end of a round, or that there is nothing to ask; always with what can be done next."""
    course = it.bank.course
    code = safe(course.code)
    if it.done:
        head = f"### {code} review · round done\n**{it.right} of {it.done} right**\n{bar(100 * it.right // it.done)}"
    elif not (it.begun or it.next_due):
        head = f"### {code} review\n**Nothing is ticked yet**, so there is nothing to review."
    else:
        head = f"### {code} review\n**Nothing is due now.** ✅"
    go_on = extra = ahead = None
    if it.due or it.new:
        go_on = button("Go on", "reviewmore", course.id, "go", style=ButtonStyle.primary)
    elif it.held:
        extra = button(f"{min(it.held, NEW_A_DAY)} more new", "reviewmore", course.id, "new")
    elif it.ahead:
        label = "Modules ahead" if it.begun else "Begin with modules ahead"
        ahead = button(label, "reviewmore", course.id, "ahead", style=_first(not it.begun))
    rows: list[Row] = [
        [go_on, extra, ahead, button("Undo last", "reviewundo", course.id, it.seed) if it.undo else None],
        [
            button("Next module", "open", it.upcoming.key) if it.upcoming else None,
            button("Stats", "reviewstats", course.id) if it.done or it.next_due else None,
        ],
    ]
    return card(
        State.DONE if it.done or it.begun else State.PLAIN,
        "\n".join([*_note(it.note), head]),
        "\n".join(_rest(it)),
        rows=rows,
    )


def _rest(it: Over) -> list[str]:
    """What there is left to review, and when more comes."""
    lines = []
    if it.about:
        lines.append(f"-# About {safe(shortened(it.about.title, 120))} only; `/review` alone is about all of it.")
    if not (it.begun or it.done or it.next_due):
        lines.append(
            "`/complete` ticks what you have learned, and its questions come here. "
            "Or begin with modules that you haven't ticked."
        )
    if it.due or it.new:
        waiting = [f"{plural(it.due, 'card')} due" if it.due else "", f"{it.new} new" if it.new else ""]
        lines.append(f"Still waiting: {' and '.join(filter(None, waiting))}.")
    if it.next_due and not it.due:
        lines.append(f"The next card is due {format_dt(it.next_due, 'R')}.")
    if it.held and not it.new:
        lines.append(f"-# Those were today's new cards; {it.held:,} more can wait for another day.")
    if it.begun and not (it.due or it.new or it.held) and it.ahead:
        lines.append("-# New cards come with the modules that you tick.")
    return lines


def stats(it: Stats, now: datetime) -> ui.LayoutView:
    """What is due, what is recalled, and the modules where least is."""
    course = it.bank.course
    head = [f"### {safe(course.code)} review · stats"]
    if it.recall is None:
        head.append("**No card answered yet.** `/review` begins.")
    else:
        percent = round(100 * it.recall)
        head.append(f"**{percent} %** of {plural(it.seen, 'answered card')} recalled now\n{bar(percent)}")
    lines = [f"**Due:** {it.due} now · {it.today} by tonight · {it.week} within 7 days"]
    lines.append(f"**New:** {it.new} for today · {it.held} later · {it.seen} of {len(it.bank)} questions seen")
    if it.reviews:
        kept = (
            f" · {round(100 * it.retention)} % of {it.known} that came back after days were recalled"
            if it.retention is not None
            else " · retention shows once cards come back after days"
        )
        lines.append(f"**30 days:** {plural(it.reviews, 'answer')}{kept}")
    weak = [
        f"- {safe(shortened(each.module.title, 80))} · {round(100 * each.recall)} % of {each.seen}"
        for each in it.weakest
    ]
    ready = bool(it.due or it.new)
    return card(
        State.PROGRESS if ready else State.DONE,
        "\n".join(head),
        "\n".join(lines),
        "\n".join(["**Weakest modules**", *weak]) if weak else "",
        f"-# As of {format_dt(now, 'f')}. Only you see this.",
        rows=[
            [
                button("Review", "reviewgo", course.id, style=_first(ready)),
                button("Open the weakest", "open", it.weakest[0].module.key) if it.weakest else None,
            ]
        ],
    )


def _first(primary: bool) -> ButtonStyle:
    return ButtonStyle.primary if primary else ButtonStyle.secondary


def _note(note: str) -> list[str]:
    return [f"-# ↩️ {note}"] if note else []


def _wait(wait: timedelta) -> str:
    """``6 min``, ``3 d``, ``4 mo``: rounded up, in the unit that suits it."""
    minutes = ceil(wait.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{ceil(minutes / 60)} h"
    days = round(minutes / (24 * 60))
    return f"{days} d" if days < 100 else f"{round(days / 30.4)} mo"
