"""Streaks and study days through a simulated Discord."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.calendar.streaks import Streak, StudyDay, streak
from bot.views.streak import lines


def at(clock, text):
    clock.moment = datetime.fromisoformat(f"{text}+00:00")


async def ticks_on(sim, clock, *days, who=None):
    units = [leaf.split("/") for leaf in sim.study.catalogue.default.leaves]
    for day, (path, module, unit) in zip(days, units, strict=False):
        at(clock, f"{day} 09:30")
        shown = await sim.command(who or sim.ada, "complete", what=f"{path}/{module}/{unit}")
    return shown


async def test_only_the_first_tick_of_a_day_shows_the_streak(sim, clock):
    first = await ticks_on(sim, clock, "2026-11-20")
    assert "streak" not in first.text
    second = await ticks_on(sim, clock, "2026-11-20", "2026-11-21")
    assert "-# 🔥 2-day streak" in second.text
    assert "Days are counted in UTC for now." in second.text
    again = await sim.command(sim.ada, "complete", what="deploy")
    assert "streak" not in again.text
    at(clock, "2026-11-22 08:00")
    third = await sim.click(sim.ada, await sim.command(sim.ada, "next"), "Done")
    assert "-# 🔥 3-day streak" in third.text
    assert "UTC" not in third.text, "asked once"


async def test_tick_it_again_restores_what_undo_removed(sim, clock, rows):
    shown = await ticks_on(sim, clock, "2026-11-20")
    undone = await sim.click(sim.ada, shown, "Undo")
    assert rows("select day from study_day") == []
    await sim.click(sim.ada, undone, "Redo")
    assert rows("select day from study_day") == [("2026-11-20",)]
    at(clock, "2026-11-22 09:30")
    path, module, unit = next(iter(sim.study.catalogue.default.leaves)).split("/")
    unticked = await sim.command(sim.ada, "undo", what=f"{path}/{module}/{unit}")
    await sim.click(sim.ada, unticked, "Redo")
    assert rows("select day from study_day") == [("2026-11-20",)]


async def test_yesterday_is_the_day_before_on_the_member_s_clock(sim, clock, rows):
    await sim.study.learners.set_zone(sim.ada.id, "Auckland")
    at(clock, "2026-11-20 12:30")
    shown = await sim.command(sim.ada, "complete", what="deploy", when="yesterday")
    assert "dated" in shown.text, "it is the same date in UTC"
    assert rows("select distinct done_at from tick") == [(int(datetime(2026, 11, 19, 23, tzinfo=UTC).timestamp()),)]
    assert "dated" not in (await sim.command(sim.ada, "complete", what="configure", when="today")).text


async def test_progress_shows_own_and_visible_streaks(sim, clock):
    await ticks_on(sim, clock, "2026-11-20", "2026-11-21", "2026-11-22")
    await sim.join(sim.ada, sim.bruno)
    at(clock, "2026-11-23 09:30")
    wanted = "🔥 **3-day streak** · nothing yet today\n-# Best 3 days · 0 streak freezes left"
    own = await sim.command(sim.ada, "progress")
    assert wanted in own.text
    assert wanted in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    shared = await sim.click(sim.ada, own, "Share")
    assert wanted in shared.public[0]
    await sim.study.privacy.set_visibility(sim.ada.id, hidden=True)
    assert "streak" not in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    assert "streak" not in (await sim.command(sim.cleo, "progress")).text


async def test_zone_and_study_days_are_exported_and_forgotten(sim, clock, rows):
    await sim.study.learners.set_zone(sim.ada.id, "Lisbon")
    await ticks_on(sim, clock, "2026-11-20")
    data = (await sim.study.privacy.export(sim.ada.id))["tables"]
    assert data["learner"][0]["zone"] == "Europe/Lisbon"
    moment = "2026-11-20T09:30:00+00:00"
    assert data["study_day"] == [{"day": "2026-11-20", "first_at": moment, "last_at": moment, "zone": "Europe/Lisbon"}]
    await sim.study.privacy.forget(sim.ada.id)
    assert rows("select * from study_day") == rows("select * from learner") == []


@pytest.mark.parametrize(
    ("ages", "first", "second"),
    [
        ((0,), "🔥 **1-day streak** · done for today", "-# Best 1 day · 0 streak freezes left"),
        (
            range(1, 8),
            "🔥 **7-day streak** · nothing yet today",
            "-# Best 7 days · 2 weeks in a row · 1 streak freeze left",
        ),
        (
            range(2, 9),
            "🔥 **7-day streak** · nothing yet today",
            "-# Best 7 days · 2 weeks in a row · 0 streak freezes left · 1 missed day covered by freezes",
        ),
        ((6, 13, 20), "🔥 **3-week streak** · nothing yet this week", "-# Best 1 day, 3 weeks · 0 streak freezes left"),
        ((30, 31), "-# No current streak · best 2 days, 2 weeks", None),
    ],
)
def test_streak_texts(ages, first, second):
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
    days = [StudyDay(*[now - timedelta(days=age)] * 3, "UTC") for age in ages]
    days = [StudyDay(day.first.date(), day.first, day.last, "UTC") for day in days]
    assert lines(streak(days, now, ZoneInfo("UTC"))) == [line for line in (first, second) if line]


def test_no_streak_text_before_the_first_day():
    assert lines(Streak(date(2026, 11, 18))) == []
