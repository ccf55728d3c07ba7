"""Render the question of the day: its post, a member's answer, and the notice to the manager who set it up."""

import discord
from discord import ButtonStyle, ui

from bot.core.questions.answer import letters_of, shuffled
from bot.core.questions.question import LETTERS, TRUTHS, Kind
from bot.store.deliveries import ScheduleState
from bot.study.daily_question_delivery import DailyQuestionNotice
from bot.study.daily_questions import AnsweredDaily, DailyQuestionContent, PostedQuestion, Reveal
from bot.views import question as question_views
from bot.views.buttons import button, link
from bot.views.layout import Part, Row, State, button_row, escape_typed, message_view, plural
from bot.views.streak import ASK_ZONE

MAX_REVEALED, MAX_OPTION = 300, 80
"""Maximum length of the prompt and of an option of an earlier question, whose post shows them in full."""
VERB = "daily"


def post(content: DailyQuestionContent) -> ui.LayoutView:
    """Render the post. Its buttons stay after the answer is revealed, for those who are late."""
    posted = content.posted
    late = f"-# Late: this was due {discord.utils.format_dt(content.late_since, 'F')}" if content.late_since else ""
    parts: list[Part] = [
        f"<@&{content.role}>" if content.role else "",
        "\n".join(filter(None, ["### Question of the day", late, _count(content)])),
        question_views.asked(posted.question, posted.seed),
        button_row(*_buttons(posted)),
    ]
    if content.reveal:
        parts += [None, *_reveal(content.reveal), button_row(*_links(content.reveal))]
    return message_view(State.PROGRESS, *parts)


def _count(content: DailyQuestionContent) -> str:
    """How many have answered. Nobody sees who did."""
    count = plural(content.answers, "answer") if content.answers else "No answers yet"
    if content.answer_link:
        return f"**{count}** · closed, [see the answer]({content.answer_link})"
    return f"**{count}** · only you see yours"


def _buttons(posted: PostedQuestion) -> Row:
    names = TRUTHS if posted.question.kind is Kind.TRUTH else LETTERS
    letters = LETTERS[: len(posted.question.texts)]
    return [
        button(name, VERB, letter, posted.slot, style=ButtonStyle.primary)
        for name, letter in zip(names, letters, strict=False)
    ]


def _reveal(reveal: Reveal) -> list[Part]:
    """The earlier question with how many chose what, why, and the link."""
    posted, question = reveal.posted, reveal.posted.question
    result = f"{reveal.right:,} of {reveal.answers:,} correct" if reveal.answers else "nobody answered"
    prompt = question_views.shortened(question.prompt, MAX_REVEALED)
    lines = []
    for letter, index in zip(LETTERS, shuffled(question, posted.seed), strict=False):
        text = question_views.shortened(question.texts[index], MAX_OPTION)
        name = text if question.kind is Kind.TRUTH else f"`{letter}` {text}"
        count = reveal.tally.get(index, 0)
        lines.append(f"✅ {name} · **{count}**" if index in question.right else f"-# {name} · {count}")
    return [
        f"**Answer to the last question** · {result}\n{prompt}",
        "\n".join(lines),
        question_views.explanation(question, posted.bank),
    ]


def _links(reveal: Reveal) -> Row:
    return [
        link("Discuss", reveal.thread) if reveal.thread else None,
        link("Go to the question", reveal.link) if reveal.link else None,
    ]


def answered(found: AnsweredDaily) -> ui.LayoutView:
    """Show a member, and nobody else, their answer, the correct one, and why."""
    posted, answer = found.posted, found.answer
    question, given = posted.question, (found.answer.choice,)
    label = question_views.letter_label(question, letters_of(question, posted.seed, given))
    head = "✅ **Correct.**" if answer.correct else "❌ **Incorrect.**"
    notes = []
    if answer.guessed:
        notes.append("-# Marked as a guess. You'll see this question again in a review.")
    elif not answer.fresh:
        notes.append(f"-# You answered {label} before. Only your first answer counts.")
    elif answer.late:
        notes.append("-# The answer is already public, so yours isn't in the numbers. It counts for your reviews.")
    elif not answer.correct:
        notes.append("-# You'll see this question again in a review.")
    streak = answer.studied.streak if answer.studied else None
    notes += [f"-# 🔥 Day {streak.days:,} in a row"] if streak and streak.days > 1 else []
    notes += [ASK_ZONE] if answer.studied and answer.studied.ask_zone else []
    return message_view(
        State.DONE if answer.correct else State.WARNING,
        f"### Question of the day\n{head} You chose {label}.",
        question_views.answered(question, posted.seed, given),
        None,
        question_views.explanation(question, posted.bank),
        "\n".join(notes),
        rows=[[
            button("Review more", "review", posted.bank.course.id, style=ButtonStyle.primary),
            button("I guessed", "dailyguess", posted.slot) if answer.fresh and answer.correct else None,
            button("Set time zone", "zone") if answer.studied and answer.studied.ask_zone else None,
        ]],
    )  # fmt: skip


def stopped(notice: DailyQuestionNotice, server: str) -> ui.LayoutView:
    """Tell the manager who set it up that it is suspended or paused, or can't be posted."""
    status, next_step = {
        ScheduleState.SUSPENDED: ("is suspended", "It will resume automatically once this is fixed."),
        ScheduleState.PAUSED: ("is paused", "Nothing is posted until you resume it."),
    }.get(notice.state, ("hasn't been posted yet", "I'll keep trying until it is 6 hours late."))
    where = "Resume it" if notice.state is ScheduleState.PAUSED else "You can also choose another channel"
    return message_view(
        State.PLAIN if notice.state is ScheduleState.PAUSED else State.WARNING,
        f"{'' if notice.state is ScheduleState.PAUSED else '⚠️ '}"
        f"**The question of the day in {escape_typed(server)} {status}**\n"
        f"{notice.reason[:1].upper()}{notice.reason[1:]}.",
        f"{next_step} {where} with </setup> in the server.",
    )
