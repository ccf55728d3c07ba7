"""Render the set-up panel's other pages: the checklist, managers, the study panel's channel, and confirmations."""

from collections.abc import Sequence
from dataclasses import dataclass

from discord import ButtonStyle, ui

from bot.core.calendar.slots import DAYS, Schedule
from bot.store.deliveries import ScheduleState
from bot.study.digests import DigestStatus
from bot.study.setup import FINE, ITEMS, SKIPPED, Draft, SetupStatus, UndoState
from bot.views import forms
from bot.views.buttons import button, channel_select, option, role_select, select
from bot.views.layout import Component, Part, Row, State, escape, message_view, section
from bot.views.setup import banner, clock, is_wrong, when

PANEL_CHANNELS = (0, 5)
"""Text and announcement channels."""
NAMES = {
    "course": "Course", "digest": "Weekly digest", "test": "Test post", "panel": "Study panel",
    "announcements": "Announcements",
}  # fmt: skip
DONE, OPEN, WRONG = "done", "open", "wrong"
_GLYPHS = {DONE: "✅", FINE: "✅", SKIPPED: "➖", OPEN: "○", WRONG: "⚠️"}


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the checklist: its state, what it will visibly change or has changed, and the button that does it."""

    name: str
    state: str
    text: str
    action: Component


def items_of(status: SetupStatus, advice: Sequence[str]) -> list[Item]:
    """Return the checklist. ``advice`` is about the permissions in the channel of each digest."""
    settings, digests = status.settings, status.digests
    code = escape(status.course.code)
    wrong = [line for line in advice if line.startswith("⚠️")]
    bad = next((each for each in digests if is_wrong(each)), None)
    if not digests:
        digest = "posts how the group's week went, in a channel you choose."
    elif bad or wrong:
        digest = wrong[0].removeprefix("⚠️ ") if wrong else "it can't be posted right now. Open it to see why."
    else:
        digest = "; ".join(_place(each) for each in digests[:3])
    panel = (
        f"posted in <#{settings.panel_channel}>. Members can use its buttons all day."
        if settings.panel_message
        else "a pinned message with buttons, so nobody needs to type commands."
    )
    if settings.announcements:
        announcements = "members may share a completed path in the channel. Nothing is shared automatically."
    else:
        announcements = "off. Completed paths stay private."
    toggle = ("Turn off", "off") if settings.announcements else ("Turn on", "on")
    return [
        Item("course", DONE if settings.course else OPEN, f"{code}. That's what commands and buttons here show.",
             button("Change course", "setup", "settings", "course")),
        Item("digest", WRONG if wrong or bad else DONE if digests else OPEN, digest,
             button("Change digest" if digests else "Set up digest", "setup", "settings", "digest")),
        Item("test", OPEN, "posts one short message where the digest goes, so you see that it works.",
             button("Post a test", "setuptest", digests[0].course.id if digests else "")),
        Item("panel", DONE if settings.panel_message else OPEN, panel,
             button("Post again" if settings.panel_message else "Post study panel", "setup", "panel")),
        Item("announcements", OPEN, announcements, button(toggle[0], "setupannounce", toggle[1])),
    ]  # fmt: skip


def _place(status: DigestStatus) -> str:
    paused = ", paused" if status.cohort.state is ScheduleState.PAUSED else ""
    return f"{escape(status.course.code)} in <#{status.cohort.channel}>, {when(status)}{paused}"


def checklist(
    status: SetupStatus, advice: Sequence[str], *, note: str = "", undo: UndoState | None = None
) -> ui.LayoutView:
    """Render the checklist. Each item can be done, skipped or marked as fine."""
    items = items_of(status, advice)
    states = {item.name: status.items.get(item.name, OPEN) if item.state == OPEN else item.state for item in items}
    settled = sum(state not in (OPEN, WRONG) for state in states.values())
    parts: list[Part] = [banner(note, undo), f"### Set-up checklist · {settled} of {len(items)} done"]
    for item in items:
        state = states[item.name]
        skipped = " · skipped" if state == SKIPPED else ""
        text = f"{_GLYPHS[state]} **{NAMES[item.name]}**{skipped}\n{item.text[:1].upper()}{item.text[1:]}"
        parts.append(section(text, item.action))
    marks: list[Component] = []
    for name in ITEMS:
        if states[name] == OPEN:
            marks.append(option(f"Skip: {NAMES[name]}", f"{name}-{SKIPPED}"))
            marks.append(option(f"Fine as it is: {NAMES[name]}", f"{name}-{FINE}"))
        elif states[name] in (FINE, SKIPPED):
            marks.append(option(f"Put back: {NAMES[name]}", f"{name}-{OPEN}"))
    rows: list[Row] = [[select("Skip an item, or mark it as fine", marks, "setupmark")]] if marks else []
    rows.append([
        button("Settings", "setup", "settings"),
        button("Question of the day", "dailyset"),
        button("Managers", "setup", "managers"),
        button("Remove panel", "setuppanel", "remove") if status.settings.panel_message else None,
    ])  # fmt: skip
    warning = WRONG in states.values()
    done = settled == len(items)
    return message_view(State.WARNING if warning else State.DONE if done else State.PLAIN, *parts, rows=rows)


def managers(status: SetupStatus, *, note: str = "", undo: UndoState | None = None) -> ui.LayoutView:
    """Render who may manage the bot, with a select for the role."""
    role = status.settings.manager_role
    who = f"Members with <@&{role}> or Manage Server" if role else "Members with the Manage Server permission"
    shown = (
        "\n-# To let the role see </setup> too: **Server Settings** › **Integrations** › me › **/setup** › add the "
        "role. The buttons work without that."
        if role
        else ""
    )
    return message_view(
        State.PLAIN,
        banner(note, undo),
        f"### Managers\n{who} can manage me. Choose a role here to let others do it without Manage Server.{shown}",
        rows=[
            [role_select("No role: only Manage Server", role, "setuprole", role or 0)],
            [button("Settings", "setup", "settings"), button("Checklist", "setup", "checklist")],
        ],
    )  # fmt: skip


def panel_channel(channel: int, code: str, advice: str, *, replaces: bool) -> ui.LayoutView:
    """Ask where to post the study panel."""
    old = " It replaces the panel that is there now." if replaces else ""
    return message_view(
        State.WARNING if advice.startswith("⚠️") else State.PLAIN,
        f"### Post the study panel\nEveryone in the channel sees one message with buttons for {escape(code)}. "
        f"Answers are private.{old}",
        advice,
        rows=[
            [channel_select("Channel", channel, PANEL_CHANNELS, "setuppanel", "channel")],
            [button("Post it here", "setuppanel", "post", channel, style=ButtonStyle.success),
             button("Back", "setup", "checklist")],
        ],
    )  # fmt: skip


def confirm_remove(status: DigestStatus, others: Sequence[DigestStatus]) -> ui.LayoutView:
    """Ask whether to remove a digest."""
    code = escape(status.course.code)
    then = f" Commands here will show {escape(others[0].course.code)}." if others else ""
    return message_view(
        State.WARNING,
        f"### ⚠️ Remove the {code} digest?\nIt will no longer be posted in <#{status.cohort.channel}>. "
        f"Members keep their progress.{then}",
        rows=[[
            button("Remove", "setupdo", "removed", status.course.id, style=ButtonStyle.danger),
            button("Cancel", "setupdo", "show", status.course.id),
        ]],
    )  # fmt: skip


def confirm_remove_panel(channel: int) -> ui.LayoutView:
    """Ask whether to remove the study panel."""
    return message_view(
        State.WARNING,
        f"### ⚠️ Remove the study panel?\nI'll delete the message in <#{channel}>. You can post a new one any time.",
        rows=[[
            button("Remove", "setuppanel", "removed", style=ButtonStyle.danger), button("Cancel", "setup", "checklist")
        ]],
    )  # fmt: skip


def test_post(draft: Draft) -> ui.LayoutView:
    """The public test message in the channel of a digest."""
    at = draft.schedule
    return message_view(
        State.PLAIN,
        f"✅ **Test message.** The weekly {escape(draft.course.code)} digest will be posted here, {DAYS[at.day]}s at "
        f"{at.time:%H:%M} ({clock(at.zone)}).",
    )


def zone_form(base: str, schedule: Schedule) -> ui.Modal:
    """The form for a time zone that isn't in the select."""
    hint = "A city, a country, or an offset such as UTC+2."
    return forms.form(
        "Time zone", "setupzone", base,
        fields=[forms.text_field("Where is your group?", "zone", hint=hint, example=schedule.zone, required=True)],
    )  # fmt: skip


def time_form(base: str, schedule: Schedule) -> ui.Modal:
    """The form for a time that isn't in the select."""
    return forms.form(
        "Time of the digest", "setuptime", base,
        fields=[forms.text_field("Time", "time", f"{schedule.time:%H:%M}", example="18:30 or 6pm", required=True)],
    )  # fmt: skip
