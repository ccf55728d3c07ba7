"""Render the time zone: the form, the confirmation, and the question which clocks were meant."""

from datetime import datetime

from discord import ui

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.zones import ZoneMatch, clock_rule, zone_label
from bot.views.buttons import button
from bot.views.forms import form, text_field
from bot.views.layout import Row, State, escape_typed, message_view, notice, truncate

FIELD = "zone"
MAX_OFFERED = 5


def zone_form(current: str | None) -> ui.Modal:
    """Create the form. ``current`` is the name of the zone that is set."""
    field = text_field(
        "Time zone", FIELD, zone_label(current) if current else "", required=True,
        hint="Your country, a large city, an abbreviation or a UTC offset.", example="Berlin",
    )  # fmt: skip
    return form("Your time zone", "zone", fields=[field])


def zone_set(zone: str, now: datetime, match: ZoneMatch | None = None, before: str | None = None) -> ui.LayoutView:
    """Confirm a zone and say what it means. ``before`` is the zone that Undo sets again."""
    places = [place for place in (match.others if match else ()) if place != zone]
    offset = zone.startswith(("Etc/", "UTC"))
    rows: list[Row] = [[
        button("Change", "zone"),
        button("Undo", "zoneset", before) if before and before != zone else None,
    ]]  # fmt: skip
    hint = ""
    if offset and places:
        hint = "-# If your clocks change in summer, choose a place with the same clocks:"
        rows.insert(0, [_choice(place, now) for place in places[:MAX_OFFERED]])
    return message_view(
        State.DONE,
        f"### 🕐 {zone_label(zone)}\nIt is {_time(zone, now)} there now; {_summer(zone)}",
        "-# Your days, plan and reminders follow this clock.",
        hint,
        rows=rows,
    )


def which_zone(text: str, match: ZoneMatch, now: datetime) -> ui.LayoutView:
    """Ask which of several zones was meant."""
    zones = [match.zone, *match.others][:MAX_OFFERED]
    return message_view(
        State.PLAIN,
        f"### Which clock do you follow?\n“{escape_typed(truncate(text, 40))}” can mean several time zones.",
        rows=[[_choice(zone, now) for zone in zones], [button("Another one", "zone")]],
    )


def not_a_zone(reason: str) -> ui.LayoutView:
    """Tell the member that a text isn't a zone, with a button for another try."""
    return notice(reason, rows=[[button("Try again", "zone")]])


def _choice(zone: str, now: datetime) -> dict[str, object]:
    return button(f"{zone_label(zone)} · {_time(zone, now)}", "zoneset", zone)


def _time(zone: str, now: datetime) -> str:
    return f"{now.astimezone(zone_named(zone)):%H:%M}"


def _summer(zone: str) -> str:
    rule = clock_rule(zone)
    if rule.endswith("all year"):
        return f"its clocks don't change ({rule})."
    return f"daylight saving time applies ({rule})."
