"""What a learner is told about themselves."""

from collections.abc import Callable

from discord import ui

from bot.core.calendar.stored_zones import is_known
from bot.study.profile import Profile
from bot.views.buttons import button
from bot.views.layout import Row, State, bar, card, safe, shortened
from bot.views.streak import lines as streak_lines

MOST = 5
"""So many courses, exams and cohorts are listed; the rest is counted."""


def profile(at: Profile, server_name: Callable[[int], str], *, changed: bool = False) -> ui.LayoutView:
    """The clock, who sees what, courses with their exams, streak and cohorts. ``changed``: the zone was just set."""
    seen = (
        "🙈 **Hidden**: nobody but you sees your progress"
        if at.hidden
        else "👁️ **Visible** to the members of your cohorts"
    )
    courses = [
        f"- {safe(each.course.code)} {bar(each.progress.whole.percent)} {each.progress.whole.percent} %"
        for each in at.courses
    ]
    exams = [
        f"- {safe(exam.course.code)} on {exam.on.day} {exam.on:%B %Y}, "
        + ("shared with your cohorts" if exam.shared else "not shared")
        for exam in at.exams
    ]
    cohorts = [
        f"- {safe(each.course.upper())} in {safe(shortened(server_name(each.server), 60))}" for each in at.memberships
    ]
    buttons: Row = [button("What is stored", "kept")]
    return card(
        State.DONE if changed else State.PLAIN,
        "\n".join(["### About you", *_clock(at, changed=changed), seen]),
        "\n".join(streak_lines(at.streak)),
        _listed("Courses", courses) or "Nothing ticked yet. `/next` is a place to start.",
        _listed("Exams", exams),
        _listed("Cohorts", cohorts),
        rows=[buttons],
    )


def _clock(at: Profile, *, changed: bool) -> list[str]:
    if at.zone_name is None:
        return [
            "🕐 **No time zone set**: your days are counted in UTC",
            "-# `/me timezone:` and a large city near you sets it, so that your day ends at your midnight.",
        ]
    if not is_known(at.zone_name):
        return [
            f"⚠️ **I no longer know your time zone {safe(shortened(at.zone_name, 40))}**: your days are counted in UTC",
            "-# `/me timezone:` and a large city near you sets another one.",
        ]
    said = "Time zone set: " if changed else ""
    name = safe(at.zone_name.replace("_", " "))
    return [f"🕐 {said}**{name}**, where it is {at.local:%H:%M} on {at.local:%A}"]


def _listed(title: str, lines: list[str]) -> str:
    """A short list below its title; nothing for an empty one."""
    if not lines:
        return ""
    more = [f"-# and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return "\n".join([f"**{title}**", *lines[:MOST], *more])
