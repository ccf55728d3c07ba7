"""Render the weekly digest."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import ButtonStyle, ui

from bot.core.cohort.digest import NAMED, Digest, Person
from bot.study.digest_content import DigestContent
from bot.study.digest_delivery import DigestNotice
from bot.views.buttons import button
from bot.views.layout import (
    State,
    duration,
    escape,
    escape_typed,
    hyperlink,
    image,
    member_name,
    message_view,
    paginate,
    plural,
    truncate,
)

PICTURE = "digest.png"
MAX_PEOPLE_CHARACTERS, MAX_GROUP_CHARACTERS, MAX_OTHER_CHARACTERS = 1500, 600, 1500
"""Limits for the parts of a digest, in characters. With the heading they stay below the limit of a message."""


def digest(content: DigestContent, alt: str | None = None) -> ui.LayoutView:
    """Render a week. ``alt`` describes the attached picture; None if there is no picture."""
    digest = content.digest
    course = digest.course
    head = f"### {escape(course.code)} · {_week(digest.first, digest.last)}"
    if content.late_since:
        head += f"\n-# Late: it was due {discord.utils.format_dt(content.late_since, 'F')}"
    parts = _quiet_week(content) if digest.quiet else _busy_week(content)
    return message_view(
        State.PLAIN if digest.quiet else State.PROGRESS,
        f"{head}\n{parts[0]}",
        "" if alt is None else image(PICTURE, alt),
        *parts[1:],
        rows=[
            [
                button("Tick something", "some", *content.marker.text.split(":"), style=ButtonStyle.primary, emoji="☑️"),
                button("My progress", "mine", course.id),
                button("Away this week", "away", course.id),
            ]
        ],
    )


def _week(first: date, last: date) -> str:
    """Format a date range as ``16 to 22 November``, with both months if they differ."""
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{start} to {last.day} {last:%B}"


def _name(content: DigestContent, learner: int) -> str:
    """Return the member's name, or a mention if the name is unknown. Mentions in digests don't notify."""
    name = content.names.get(learner)
    return f"**{member_name(name)}**" if name else f"<@{learner}>"


def _names(content: DigestContent, learners: Sequence[int]) -> str:
    names = [_name(content, learner) for learner in learners[:NAMED]]
    if len(learners) > NAMED:
        names.append(f"{len(learners) - NAMED} more")
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _busy_week(content: DigestContent) -> list[str]:
    """Return the summary, the people of the week and all other lines, as separate texts."""
    digest = content.digest
    active = count_people(digest.active)
    time = f" · {duration(digest.minutes)}" if digest.minutes else ""
    first = f"**{active} ticked {plural(digest.units, 'unit')}**{time}"
    people = [f"- {_name(content, member.id)}: {_completed(member)}" for member in digest.people[:NAMED]]
    shown = people[: paginate(people, max_characters=MAX_PEOPLE_CHARACTERS)[0].stop]
    if len(digest.people) > len(shown):
        shown.append(f"-# and {len(digest.people) - len(shown)} more")
    shares = [f"{share.path.id} {share.now} %{_change(share.now - share.before)}" for share in digest.shares]
    group = truncate(f"-# The group: {' · '.join(shares)}", MAX_GROUP_CHARACTERS)
    return [first, "\n".join(shown), "\n".join([group, *_other_lines(content)])]


def _other_lines(content: DigestContent) -> list[str]:
    """Lines about members and next steps, as many as fit."""
    lines = [*_member_lines(content), *_next_lines(content.digest)]
    return lines[: paginate(lines, max_characters=MAX_OTHER_CHARACTERS)[0].stop]


def _change(points: int) -> str:
    return f" (+{points})" if points > 0 else f" ({points})" if points else ""


def _completed(member: Person) -> str:
    """Format what a person completed as ``completed A and B, 8 modules``, or the units if no module was completed."""
    titles = [escape(truncate(path.title, 60)) for path in member.paths[:2]]
    if len(member.paths) > 2:
        titles.append(f"{len(member.paths) - 2} more")
    done = " and ".join(titles)
    count = plural(member.modules, "module") if member.modules else "" if done else plural(member.units, "unit")
    return ", ".join(part for part in (f"completed {done}" if done else "", count) if part)


def _member_lines(content: DigestContent) -> list[str]:
    """Lines about members who joined, returned, have an exam soon, keep a streak, follow a plan or are away."""
    digest = content.digest
    lines = []
    if digest.joined:
        lines.append(f"👋 Welcome {_names(content, digest.joined)}")
    if digest.returned:
        lines.append(f"🌱 Started again: {_names(content, digest.returned)}. Good to see you")
    lines += [
        f"📅 {_name(content, learner)} has the exam on {on.day} {on:%B}. Good luck"
        for learner, on in digest.exams[:NAMED]
    ]
    if len(digest.exams) > NAMED:
        lines.append(f"-# and {plural(len(digest.exams) - NAMED, 'more exam')} within four weeks")
    if digest.streaks or digest.weekly:
        streaks = [f"{_name(content, learner)} {_streak_length(days, 'day')}" for learner, days in digest.streaks]
        streaks += [f"{_name(content, learner)} {_streak_length(weeks, 'week')}" for learner, weeks in digest.weekly]
        lines.append(f"🔥 In a row: {', '.join(streaks)}")
    if digest.planned:
        lines.append(f"🎯 Plans on track: {digest.on_track} of {digest.planned}")
    if digest.reviewed or digest.due:
        done = (
            f"{plural(digest.reviewed, 'card')} by {count_people(digest.reviewers)}"
            if digest.reviewed
            else "none this week"
        )
        lines.append(f"🔁 Reviewed: {done}{f' · {digest.due:,} due' if digest.due else ''}")
    if digest.away:
        lines.append(f"-# {plural(digest.away, 'member')} away this week")
    return lines


def count_people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _streak_length(count: int, word: str) -> str:
    return "over a year" if count * (7 if word == "week" else 1) > 365 else plural(count, word)


def _next_lines(digest: Digest) -> list[str]:
    """The path that most members work on, and a suggestion for everyone."""
    lines = []
    if digest.focus and digest.focus_members > 1:
        lines.append(f"Most are in {hyperlink(truncate(digest.focus.title, 60), digest.focus.link)} now")
    if digest.suggestion:
        above = digest.course.ancestors(digest.suggestion)
        where = f" in {escape(truncate(above[-1].title, 60))}" if above and above[-1] != digest.focus else ""
        minutes = f", {duration(digest.suggestion.length)}" if digest.suggestion.length else ""
        unit = hyperlink(truncate(digest.suggestion.title, 60), digest.suggestion.link)
        lines.append(f"**Next together:** {unit}{where}{minutes}")
    return lines


def _quiet_week(content: DigestContent) -> list[str]:
    digest = content.digest
    if not digest.members:
        return [
            "**Nobody has joined this cohort yet.** Your first `/complete` in this server joins it.",
            "\n".join(_next_lines(digest)),
        ]
    first = "**A quiet week: nothing was ticked.** Ten minutes are enough to start again."
    return [first, "\n".join(_other_lines(content))]


def not_posted(notice: DigestNotice, server: str) -> ui.LayoutView:
    """Tell the manager who set up a digest that it is suspended or can't be posted."""
    status = "is suspended" if notice.suspended else "is not posted yet"
    next_step = "It resumes by itself once that is fixed." if notice.suspended else "I'll keep trying for 48 hours."
    return message_view(
        State.WARNING,
        f"⚠️ **The {escape(notice.course.code)} digest in {escape_typed(server)} {status}**\n"
        f"{notice.reason[:1].upper()}{notice.reason[1:]}.",
        f"{next_step} `/setup` in the server chooses another channel.",
    )
