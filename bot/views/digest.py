"""Render the weekly digest."""

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.timestamps import seconds
from bot.core.cohort.digest import Digest
from bot.core.cohort.highlight import Highlight, Reason
from bot.study.digest_content import DigestContent
from bot.study.digest_delivery import DigestNotice
from bot.views.buttons import button
from bot.views.digest_lines import lines_below, name_of
from bot.views.digest_texts import (
    achievement,
    counted,
    headline,
    share_changes,
    week_dates,
)
from bot.views.layout import (
    Row,
    State,
    escape,
    escape_typed,
    image,
    message_view,
    plural,
    truncate,
)

PICTURE = "digest.png"
PREVIEW = "-# A preview: nothing was posted, and only you can see it."


def digest(content: DigestContent, alt: str | None = None) -> ui.LayoutView:
    """Render a week. ``alt`` describes the attached picture; None if there is no picture."""
    digest = content.digest
    notes = [PREVIEW] if content.preview else []
    above = _quiet_lines(digest) if digest.quiet else _busy_lines(content)
    if content.late_since:
        notes.append(f"-# Late: this was due {discord.utils.format_dt(content.late_since, 'F')}")
    return message_view(
        State.PLAIN if digest.quiet else State.PROGRESS,
        "\n".join([*notes, *above]),
        _without_picture(digest) if alt is None else image(PICTURE, alt),
        lines_below(content, above),
        rows=[] if content.preview else [_buttons(content)],
    )


def _buttons(content: DigestContent) -> Row:
    """The buttons of a digest. The ``custom_id`` of one of them ends with the marker."""
    digest, marker = content.digest, content.marker.text.split(":")
    if not digest.members:
        return [button("Start studying", "start", *marker, style=ButtonStyle.primary)]
    course, week = digest.course.id, digest.week
    return [
        button("Mark progress", "some", course, style=ButtonStyle.primary, emoji="☑️"),
        button("My progress", "mine", course),
        button("Days off", "daysoff", "week"),
        button("See everyone", "everyone", 0, seconds(week.since), seconds(week.until), *marker),
    ]


def _busy_lines(content: DigestContent) -> list[str]:
    """One number, one change, one person."""
    digest = content.digest
    lines = [f"**The {escape(digest.course.code)} group {headline(digest)}.**"]
    if digest.highlight:
        lines.append(_highlight(digest, digest.highlight, name_of(content.names, digest.highlight.person.id)))
    return lines


def _highlight(digest: Digest, chosen: Highlight, name: str) -> str:
    """The sentence about the member who is named first."""
    match chosen.reason:
        case Reason.PATH | Reason.MODULE:
            party = " 🎉" if chosen.reason is Reason.PATH else ""
            return f"{name} completed {escape(achievement(chosen.person))}.{party}"
        case Reason.RETURNED:
            return f"{name} is back at it. Good to see you!"
        case Reason.DAYS:
            return f"{name} studied on {chosen.days} days."
        case Reason.UNITS:
            return f"{name} completed {counted(digest, chosen.person.units)}."


def _quiet_lines(digest: Digest) -> list[str]:
    code = escape(digest.course.code)
    if not digest.members:
        return [f"**Nobody has joined the {code} group yet.**", "Ten minutes is enough to complete the first unit."]
    return [f"**A quiet week in {code}.**", "Ten minutes is enough to get going again."]


def _without_picture(digest: Digest) -> str:
    """What the picture shows, as text."""
    lines = [f"-# {week_dates(digest)} · {plural(digest.members, 'member')}"]
    if not digest.quiet:
        lines.append(f"-# {escape(truncate(' · '.join(share_changes(digest.shares)), 900))}")
    return "\n".join(lines)


def not_posted(notice: DigestNotice, server: str) -> ui.LayoutView:
    """Tell the manager who set up a digest that it is suspended or can't be posted."""
    status = "is suspended" if notice.suspended else "hasn't been posted yet"
    next_step = (
        "It will resume automatically once this is fixed."
        if notice.suspended
        else "I'll keep trying until it is 48 hours late."
    )
    return message_view(
        State.WARNING,
        f"⚠️ **The {escape(notice.course.code)} digest in {escape_typed(server)} {status}**\n"
        f"{notice.reason[:1].upper()}{notice.reason[1:]}.",
        f"{next_step} You can also choose another channel with </setup> in the server.",
    )
