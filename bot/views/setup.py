"""Render the set-up panel's settings: course, channel, day, time and time zone of a digest, and how it is going.

Nothing is saved before Save. Until then each select has its own choice in its ``custom_id``, next to the course of the
digest that is being changed, so the message itself is the draft.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.slots import DAYS
from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.zones import zone_label
from bot.core.course.course import Course
from bot.errors import Stale
from bot.store.deliveries import OpenDelivery, Receipt, ScheduleState
from bot.study.digests import DigestStatus
from bot.study.setup import Draft, SetupStatus, UndoState, draft_of
from bot.views.buttons import button, channel_select, option, parse, select
from bot.views.layout import Component, Part, Row, State, escape, message_view, plural, section, truncate

CHANNEL_TYPES = (0, 5, 10, 11, 12)
"""Text and announcement channels, and threads in them."""
THREAD_TYPES = frozenset({10, 11, 12})
HOURS = range(5, 24)
OTHER = "other"
FIELDS = ("course", "channel", "day", "time", "zone")


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What the page shows: a draft that was made from the digest ``base`` (None if there is none yet).

    ``advice`` is about the permissions in the draft's channel, which the bot sees if ``channel_seen``. The draft would
    post at ``first``. ``asking`` asks whether to replace the course or to add one.
    """

    status: SetupStatus
    base: DigestStatus | None
    draft: Draft
    courses: Sequence[Course]
    zones: Sequence[str]
    advice: str
    channel_seen: bool
    now: datetime
    first: datetime
    note: str = ""
    undo: UndoState | None = None
    asking: bool = False

    @property
    def changed(self) -> bool:
        return self.base is None or self.draft != draft_of(self.base)


def settings(page: SettingsPage) -> ui.LayoutView:
    """Render the settings of one digest, or of the first one before there is any."""
    base, draft = page.base, page.draft
    base_id = base.course.id if base else ""
    parts: list[Part] = [banner(page.note, page.undo), _head(page)]
    rows: list[Row] = []
    if len(page.status.digests) > 1 and base:
        digests = [
            option(f"{each.course.code} digest", each.course.id, default=each is base) for each in page.status.digests
        ]
        rows.append([select("Which digest?", digests, "setupshow")])
    rows += [[each] for each in _selects(page, base_id)]
    if page.asking and base:
        old, new = escape(base.course.code), escape(draft.course.code)
        question = (
            f"**Replace {old}, or add {new} as another course?**\n"
            f"Replacing turns off the {old} digest. Nobody loses any progress."
        )
        return message_view(
            State.PLAIN, *parts, question,
            rows=[[
                button(f"Replace {base.course.code}", "setupsave", "replace", base_id, style=ButtonStyle.primary),
                button(f"Add {draft.course.code}", "setupsave", "add", base_id),
                button("Back", "setupdo", "check", base_id),
            ], *rows],
        )  # fmt: skip
    wrong = page.advice.startswith("⚠️") or (base is not None and is_wrong(base))
    rows += _buttons(page, base_id)
    return message_view(State.WARNING if wrong else State.PLAIN, *parts, page.advice, rows=rows)


def _head(page: SettingsPage) -> str:
    """The first lines: what this is, and how the digest is going."""
    base = page.base
    first = f"{discord.utils.format_dt(page.first, 'F')}, {discord.utils.format_dt(page.first, 'R')}"
    if base is None:
        return (
            "### Set up Waymark\nChoose a course, and where its weekly digest goes. Nothing changes until you press "
            f"**Save**.\nFirst digest: {first}"
        )
    lines = ["### Set up Waymark", f"**{escape(base.course.code)}** in <#{base.cohort.channel}>, {when(base)}"]
    lines += digest_lines(base)
    if page.changed:
        lines.append(f"✏️ **Not saved yet.** With these settings, the next digest comes {first}.")
    return "\n".join(lines)


def when(status: DigestStatus) -> str:
    """Format a schedule as ``Mondays at 09:00 (Berlin time)``."""
    schedule = status.cohort.schedule
    return f"{DAYS[schedule.day]}s at {schedule.time:%H:%M} ({clock(schedule.zone)})"


def clock(zone: str) -> str:
    """Name a zone's clock: ``Berlin time``, or ``UTC+2``."""
    label = zone_label(zone)
    return label if label.startswith("UTC") else f"{label} time"


def is_wrong(status: DigestStatus) -> bool:
    late = status.open is not None and bool(status.open.reason)
    return status.cohort.state is ScheduleState.SUSPENDED or (late and status.cohort.state is ScheduleState.ON)


def digest_lines(status: DigestStatus) -> list[str]:
    """Describe when the next digest comes or what is wrong, and how the last one went."""
    lines = []
    if status.cohort.state is ScheduleState.SUSPENDED:
        lines.append(
            f"⚠️ Suspended: {status.cohort.reason}. It resumes automatically once this is fixed, or choose another "
            "channel."
        )
    elif status.cohort.state is ScheduleState.PAUSED:
        lines.append("⏸️ Paused. Nothing is posted until you resume it.")
    elif status.open and status.open.reason:
        lines.append(_delay(status.open))
    elif status.next:
        lines.append(
            f"✅ Next: {discord.utils.format_dt(status.next, 'F')}, {discord.utils.format_dt(status.next, 'R')}"
        )
    last = _last_result(status.last, status) if status.last else "No digest has been posted yet."
    return [*lines, last if last.startswith("⚠️") else f"-# {last}"]


def _delay(delivery: OpenDelivery) -> str:
    """Explain why a due digest has not been posted yet."""
    due = discord.utils.format_dt(delivery.slot.at, "f")
    again = f" I'll try again {discord.utils.format_dt(delivery.next_try, 'R')}." if delivery.next_try else ""
    tries = f" after {plural(delivery.attempts, 'attempt')}" if delivery.attempts > 1 else ""
    return f"⚠️ The digest of {due} isn't posted yet{tries}: {delivery.reason}.{again}"


def _last_result(last: Receipt, status: DigestStatus) -> str:
    """Describe how the last digest ended."""
    if last.sent and last.sent_at:
        link = f"https://discord.com/channels/{status.cohort.server}/{last.channel}/{last.message}"
        how = ", by hand" if status.last_by_hand else ", late" if last.reason == "late" else ""
        return f"Last: [posted]({link}) {discord.utils.format_dt(last.sent_at, 'f')}{how}"
    what = "The post by hand" if status.last_by_hand else "The digest"
    return f"⚠️ {what} of {discord.utils.format_dt(last.slot.at, 'f')} was skipped because {last.reason}."


def _selects(page: SettingsPage, base: str) -> list[Component]:
    draft, schedule = page.draft, page.draft.schedule
    # The chosen course is first: a select has 25 options at most.
    courses = sorted(page.courses, key=lambda course: course.id != draft.course.id)[:25]
    shown = draft.channel if page.channel_seen else None
    minutes = sorted({*(hour * 60 for hour in HOURS), schedule.minute})
    times = [option(f"{at // 60:02}:{at % 60:02}", str(at), default=at == schedule.minute) for at in minutes]
    return [
        select(
            "Course",
            [
                option(truncate(f"{course.code} {course.title}", 100), course.id, default=course.id == draft.course.id)
                for course in courses
            ],
            "setupdraft", "course", draft.course.id, base,
        ),
        channel_select("Channel for the digest", shown, CHANNEL_TYPES, "setupdraft", "channel", draft.channel,
                       "t" if draft.thread else "c", base),
        select("Day", [option(day, str(number), default=number == schedule.day) for number, day in enumerate(DAYS)],
               "setupdraft", "day", schedule.day, base),
        select("Time", [*times, option("Another time…", OTHER)], "setupdraft", "time", schedule.minute, base),
        select("Time zone", [*_zones(page), option("Another time zone…", OTHER, "A city, country or UTC+2")],
               "setupdraft", "zone", schedule.zone, base),
    ]  # fmt: skip


def _zones(page: SettingsPage) -> list[Component]:
    chosen = page.draft.schedule.zone
    return [
        option(clock(zone), zone, f"{page.now.astimezone(zone_named(zone)):%H:%M} there now",
               default=zone == chosen)
        for zone in dict.fromkeys([chosen, *page.zones][:24])
    ]  # fmt: skip


def _buttons(page: SettingsPage, base_id: str) -> list[Row]:
    base = page.base
    save = button("Save", "setupsave", "ask", base_id, style=ButtonStyle.success)
    suspended = base is not None and base.cohort.state is ScheduleState.SUSPENDED
    if not page.changed and not suspended:
        save["disabled"] = True
    wrong = page.advice.startswith("⚠️")
    rows: list[Row] = [[
        save,
        button("Preview", "setupdo", "preview", base_id),
        button("Check again", "setupdo", "check", base_id) if wrong else button("Send a test", "setuptest", base_id),
    ]]  # fmt: skip
    if base:
        paused = base.cohort.state is ScheduleState.PAUSED
        main = len(page.status.digests) > 1 and base.course.id != page.status.course.id
        rows.append([
            button("Resume" if paused else "Pause", "setupdo", "resume" if paused else "pause", base_id),
            button("Post now", "setupdo", "post", base_id),
            button("Make it the main course", "setupdo", "main", base_id) if main else None,
            button("Remove", "setupdo", "remove", base_id),
        ])  # fmt: skip
    else:
        rows.append([button("Course only, no digest", "setupdo", "only", "")])
    rows.append([
        button("Checklist", "setup", "checklist"),
        button("Question of the day", "dailyset"),
        button("Courses", "servercourses"),
        button("Managers", "setup", "managers"),
    ])  # fmt: skip
    return rows


def banner(note: str, undo: UndoState | None) -> Part:
    """What was just done, with a button that undoes it and has everything it needs for that."""
    return section(note, button("Undo", "setupundo", *undo)) if undo else note


def draft_fields(custom_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the values of a panel's selects by field, from the ``custom_id`` of its components."""
    fields: dict[str, Sequence[str]] = {}
    for text in custom_ids:
        if text.startswith("wms"):
            verb, state = parse("s", text)
            if verb == "setupdraft" and state and state[0] in FIELDS:
                fields[state[0]] = state[1:-1]
    if len(fields) < len(FIELDS):
        raise Stale("This panel is out of date, so nothing was changed. Open </setup> again.")
    return fields
