"""Render a learner's profile."""

from collections.abc import Callable

from discord import ui

from bot.core.calendar.stored_zones import is_known
from bot.study.profile import Profile
from bot.views.buttons import button
from bot.views.layout import Row, State, bar, escape, escape_typed, message_view, truncate
from bot.views.streak import lines as streak_lines

MAX_LISTED = 5
"""Courses, exams and cohorts that are listed; the others are counted."""


def profile(profile: Profile, server_name: Callable[[int], str], *, changed: bool = False) -> ui.LayoutView:
    """Render time zone, visibility, courses, exams, streak and cohorts. ``changed``: the zone was just set."""
    visibility = (
        "🙈 **Hidden**: nobody but you sees your progress"
        if profile.hidden
        else "👁️ **Visible** to the members of your cohorts"
    )
    courses = [
        f"- {escape(entry.course.code)} {bar(entry.progress.whole.percent)} {entry.progress.whole.percent} %"
        for entry in profile.courses
    ]
    exams = [
        f"- {escape(exam.course.code)} on {exam.on.day} {exam.on:%B %Y}, "
        + ("shared with your cohorts" if exam.shared else "not shared")
        for exam in profile.exams
    ]
    cohorts = [
        f"- {escape(membership.course.upper())} in {escape_typed(truncate(server_name(membership.server), 60))}"
        for membership in profile.memberships
    ]
    buttons: Row = [button("What is stored", "kept")]
    return message_view(
        State.DONE if changed else State.PLAIN,
        "\n".join(["### About you", *_zone_lines(profile, changed=changed), visibility]),
        "\n".join(streak_lines(profile.streak)),
        _section("Courses", courses) or "Nothing ticked yet. `/next` is a place to start.",
        _section("Exams", exams),
        _section("Cohorts", cohorts),
        rows=[buttons],
    )


def _zone_lines(profile: Profile, *, changed: bool) -> list[str]:
    if profile.zone_name is None:
        return [
            "🕐 **No time zone set**: your days are counted in UTC",
            "-# `/me timezone:` and a large city near you sets it, so that your day ends at your midnight.",
        ]
    if not is_known(profile.zone_name):
        name = escape_typed(truncate(profile.zone_name, 40))
        return [
            f"⚠️ **I no longer know your time zone {name}**: your days are counted in UTC",
            "-# `/me timezone:` and a large city near you sets another one.",
        ]
    prefix = "Time zone set: " if changed else ""
    name = escape_typed(profile.zone_name.replace("_", " "))
    return [f"🕐 {prefix}**{name}**, where it is {profile.local:%H:%M} on {profile.local:%A}"]


def _section(title: str, lines: list[str]) -> str:
    """A titled list, or an empty text if there are no lines."""
    if not lines:
        return ""
    more = [f"-# and {len(lines) - MAX_LISTED} more"] if len(lines) > MAX_LISTED else []
    return "\n".join([f"**{title}**", *lines[:MAX_LISTED], *more])
