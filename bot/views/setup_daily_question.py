"""Render the set-up panel's page of the question of the day: channel, time, time zone and role, and how it is going.

As on the settings of a digest, nothing is saved before Save: each select has its own choice in its ``custom_id``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord
from discord import ButtonStyle, ui

from bot.core.calendar.stored_zones import zone_named
from bot.errors import Stale
from bot.store.daily_questions import DailyQuestion
from bot.store.deliveries import Receipt, ScheduleState
from bot.study.daily_question_setup import DailyDraft, DailyStatus, draft_of
from bot.study.setup import OUT_OF_DATE, UndoState
from bot.views import forms
from bot.views.buttons import button, channel_select, option, parse, role_select, select
from bot.views.layout import Component, Part, Row, State, escape, message_view, section
from bot.views.setup import CHANNEL_TYPES, HOURS, OTHER, clock

DRAFT = "dailydraft"
FIELDS = ("channel", "time", "zone", "role")
WARNING = "⚠️"


@dataclass(frozen=True, slots=True)
class DailyPage:
    """What the page shows. ``advice`` are lines on permissions; those with a problem start with ⚠️.

    The draft would be posted first at ``first``. ``channel_seen``: the bot sees its channel.
    """

    status: DailyStatus
    draft: DailyDraft
    zones: Sequence[str]
    advice: Sequence[str]
    channel_seen: bool
    now: datetime
    first: datetime
    note: str = ""
    undo: UndoState | None = None

    @property
    def changed(self) -> bool:
        return self.status.daily is None or self.draft != draft_of(self.status.daily)


def settings(page: DailyPage) -> ui.LayoutView:
    """Render the page."""
    note: Part = section(page.note, button("Undo", "dailyundo", *page.undo)) if page.undo else page.note
    advice = "\n".join(page.advice)
    suspended = page.status.state is ScheduleState.SUSPENDED
    wrong = WARNING in advice or suspended or not page.status.askable
    return message_view(
        State.WARNING if wrong else State.PLAIN,
        note,
        "\n".join(_head(page)),
        advice,
        rows=[*([each] for each in _selects(page)), *_buttons(page, wrong=WARNING in advice)],
    )


def _head(page: DailyPage) -> list[str]:
    status, daily = page.status, page.status.daily
    code = escape(status.course.code)
    first = f"{discord.utils.format_dt(page.first, 'F')}, {discord.utils.format_dt(page.first, 'R')}"
    lines = ["### Question of the day"]
    if daily is None or status.state is ScheduleState.OFF:
        lines += [
            f"One {code} question a day in a channel. Members answer with a button, and only they see their answer.",
            f"Off. Nothing is posted until you press **Save**. First question: {first}",
        ]
    else:
        lines += [f"{code} in <#{daily.channel}>, daily at {_time(daily.minute)} ({clock(daily.zone)})"]
        lines += _progress(status, daily)
        if page.changed:
            lines.append(f"✏️ **Not saved yet.** With these settings, the next question comes {first}.")
    if not status.askable:
        lines.append(f"{WARNING} {code} has no questions that can be posted in a channel. Choose another course.")
    return lines


def _progress(status: DailyStatus, daily: DailyQuestion) -> list[str]:
    """When the next question comes or what is wrong, and how the last one went."""
    lines = []
    opened = status.open
    if daily.state is ScheduleState.SUSPENDED:
        lines.append(f"{WARNING} Suspended: {daily.reason}. It resumes automatically once this is fixed.")
    elif daily.state is ScheduleState.PAUSED:
        why = f" because {daily.reason}" if daily.reason else ""
        lines.append(f"⏸️ Paused{why}. Nothing is posted until you press **Resume**.")
    elif opened and opened.reason:
        again = f" I'll try again {discord.utils.format_dt(opened.next_try, 'R')}." if opened.next_try else ""
        due = discord.utils.format_dt(opened.slot.at, "f")
        lines.append(f"{WARNING} The question of {due} isn't posted yet: {opened.reason}.{again}")
    else:
        lines.append(f"✅ Next: {discord.utils.format_dt(daily.due, 'F')}, {discord.utils.format_dt(daily.due, 'R')}")
    if status.last:
        lines.append(_last(status.last, status.server))
    if daily.thread_reason:
        lines.append(f"{WARNING} The last discussion thread couldn't be started: {daily.thread_reason}.")
    return lines


def _last(last: Receipt, server: int) -> str:
    if last.sent and last.sent_at:
        link = f"https://discord.com/channels/{server}/{last.channel}/{last.message}"
        late = ", late" if last.reason == "late" else ""
        return f"-# Last: [posted]({link}) {discord.utils.format_dt(last.sent_at, 'f')}{late}"
    due = discord.utils.format_dt(last.slot.at, "f")
    return f"{WARNING} The question of {due} was skipped because {last.reason}."


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _selects(page: DailyPage) -> list[Component]:
    draft = page.draft
    minutes = sorted({*(hour * 60 for hour in HOURS), draft.minute})
    times = [option(_time(at), str(at), default=at == draft.minute) for at in minutes]
    zones = [
        option(
            clock(zone), zone, f"{page.now.astimezone(zone_named(zone)):%H:%M} there now", default=zone == draft.zone
        )
        for zone in list(dict.fromkeys([draft.zone, page.status.zone, *page.zones]))[:25]
    ]
    shown = draft.channel if page.channel_seen else None
    return [
        channel_select("Channel for the question", shown, CHANNEL_TYPES, DRAFT, "channel", draft.channel,
                       "t" if draft.thread else "c"),
        select("Time", [*times, option("Another time…", OTHER)], DRAFT, "time", draft.minute),
        select("Time zone", zones, DRAFT, "zone", draft.zone),
        role_select("Notify nobody (or choose a role)", draft.role or None, DRAFT, "role", draft.role),
    ]  # fmt: skip


def _buttons(page: DailyPage, *, wrong: bool) -> list[Row]:
    state = page.status.state
    resumes = state is ScheduleState.PAUSED and not page.changed
    save = button("Resume" if resumes else "Save", "dailysave", style=ButtonStyle.success)
    if not page.status.askable or (state is ScheduleState.ON and not page.changed):
        save["disabled"] = True
    return [
        [
            save,
            button("Check again", "dailyset", "check") if wrong else None,
            button("Turn off", "dailyset", "off") if state is not ScheduleState.OFF else None,
        ],
        [button("Settings", "setup", "settings"), button("Checklist", "setup", "checklist")],
    ]


def draft_fields(custom_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the values of the page's selects by field, from the ``custom_id`` of its components. Raises ``Stale``."""
    fields: dict[str, Sequence[str]] = {}
    for text in custom_ids:
        if text.startswith("wms"):
            verb, state = parse("s", text)
            if verb == DRAFT and state and state[0] in FIELDS:
                fields[state[0]] = state[1:]
    if len(fields) < len(FIELDS):
        raise Stale(OUT_OF_DATE)
    return fields


def time_form(minute: int) -> ui.Modal:
    """The form for a time that isn't in the select."""
    return forms.form(
        "Time of the question", "dailytime",
        fields=[forms.text_field("Time", "time", _time(minute), example="18:30 or 6pm", required=True)],
    )  # fmt: skip
