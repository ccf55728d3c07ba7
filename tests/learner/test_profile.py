"""``/me`` and streaks through a simulated Discord."""

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
        shown = await sim.command(who or sim.ada, "complete", path=path, module=module, unit=unit)
    return shown


async def test_without_a_zone_it_says_how_days_are_counted(sim):
    shown = await sim.command(sim.ada, "me")
    assert "**No time zone set**: your days are counted in UTC" in shown.text
    assert "`/me timezone:`" in shown.text
    assert shown.private


async def test_a_city_sets_the_zone(sim, rows):
    shown = await sim.command(sim.ada, "me", timezone="munich")
    assert "Time zone set: **Europe/Berlin**, where it is 10:30 on Friday" in shown.text
    assert rows("select zone from learner") == [("Europe/Berlin",)]
    shown = await sim.command(sim.ada, "me")
    assert "**Europe/Berlin**, where it is 10:30" in shown.text
    assert "set" not in shown.text


async def test_an_invalid_zone_is_refused_and_changes_nothing(sim, rows):
    await sim.command(sim.ada, "me", timezone="tokyo")
    shown = await sim.command(sim.ada, "me", timezone="Atlantis")
    assert "is not a time zone that I know" in shown.text
    assert rows("select zone from learner") == [("Asia/Tokyo",)]


async def test_zones_are_autocompleted(sim):
    await sim.store.close()
    assert "America/Los_Angeles" in (await sim.offered(sim.ada, "me", "timezone", "seattle")).values()


async def test_the_profile_shows_stored_data(sim, clock):
    await sim.set_plan(sim.ada, exam="2026-12-18", shared="1")
    await ticks_on(sim, clock, "2026-11-20", "2026-11-21")
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    shown = await sim.command(sim.ada, "me")
    for line in (
        "🙈 **Hidden**",
        "🔥 **2 days in a row** · today is done",
        "- AZ-104 ▰▱▱▱▱▱▱▱▱▱ 1 %",
        "- AZ-104 on 18 December 2026, shared with your cohorts",
        "- AZ-104 in Cloud study group",
    ):
        assert line in shown.text
    assert "AZ-900" not in shown.text, "nothing was ticked there"
    assert shown.text == (await sim.command(sim.ada.user, "me")).text
    kept = await sim.click(sim.ada, shown, "What is stored")
    assert "2 rows: the days on which you studied" in kept.text


async def test_the_profile_shows_no_data_of_others(sim, clock):
    await sim.command(sim.ada, "me", timezone="tokyo")
    await ticks_on(sim, clock, "2026-11-20", "2026-11-21")
    shown = await sim.command(sim.bruno, "me")
    assert "Nothing ticked yet." in shown.text
    assert "No time zone set" in shown.text


async def test_only_the_first_tick_of_a_day_shows_the_streak(sim, clock):
    first = await ticks_on(sim, clock, "2026-11-20")
    assert "in a row" not in first.text
    second = await ticks_on(sim, clock, "2026-11-20", "2026-11-21")
    assert "-# 🔥 Day 2 in a row" in second.text
    assert "I count your days in UTC" in second.text
    again = await sim.command(sim.ada, "complete", path="deploy")
    assert "in a row" not in again.text
    at(clock, "2026-11-22 08:00")
    third = await sim.click(sim.ada, await sim.command(sim.ada, "next"), "Done")
    assert "-# 🔥 Day 3 in a row" in third.text
    assert "UTC" not in third.text, "asked once"


async def test_tick_it_again_restores_what_undo_removed(sim, clock, rows):
    shown = await ticks_on(sim, clock, "2026-11-20")
    undone = await sim.click(sim.ada, shown, "Undo")
    assert rows("select day from study_day") == []
    await sim.click(sim.ada, undone, "Tick it again")
    assert rows("select day from study_day") == [("2026-11-20",)]
    at(clock, "2026-11-22 09:30")
    path, module, unit = next(iter(sim.study.catalogue.default.leaves)).split("/")
    unticked = await sim.command(sim.ada, "undo", path=path, module=module, unit=unit)
    await sim.click(sim.ada, unticked, "Tick it again")
    assert rows("select day from study_day") == [("2026-11-20",)]


async def test_yesterday_is_the_day_before_on_the_member_s_clock(sim, clock, rows):
    await sim.command(sim.ada, "me", timezone="Auckland")
    at(clock, "2026-11-20 12:30")
    shown = await sim.command(sim.ada, "complete", path="deploy", on="yesterday")
    assert "dated" in shown.text, "it is the same date in UTC"
    assert rows("select distinct done_at from tick") == [(int(datetime(2026, 11, 19, 23, tzinfo=UTC).timestamp()),)]
    assert "dated" not in (await sim.command(sim.ada, "complete", path="configure", on="today")).text


async def test_progress_shows_own_and_visible_streaks(sim, clock):
    await ticks_on(sim, clock, "2026-11-20", "2026-11-21", "2026-11-22")
    await sim.command(sim.bruno, "complete", path="deploy")
    at(clock, "2026-11-23 09:30")
    wanted = "🔥 **3 days in a row** · today is open\n-# Longest 3 days · 0 freezes in hand"
    own = await sim.command(sim.ada, "progress")
    assert wanted in own.text
    assert wanted in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    shared = await sim.click(sim.ada, own, "Share")
    assert wanted in shared.public[0]
    await sim.command(sim.ada, "privacy visibility", setting="hidden")
    assert "in a row" not in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    assert "in a row" not in (await sim.command(sim.cleo, "progress")).text


async def test_zone_and_study_days_are_exported_and_forgotten(sim, clock, rows):
    await sim.command(sim.ada, "me", timezone="Lisbon")
    await ticks_on(sim, clock, "2026-11-20")
    data = sim.file(await sim.command(sim.ada, "privacy export"))["tables"]
    assert data["learner"][0]["zone"] == "Europe/Lisbon"
    moment = "2026-11-20T09:30:00+00:00"
    assert data["study_day"] == [{"day": "2026-11-20", "first_at": moment, "last_at": moment, "zone": "Europe/Lisbon"}]
    await sim.click(sim.ada, await sim.command(sim.ada, "privacy forget"), "Delete everything")
    assert rows("select * from study_day") == rows("select * from learner") == []


@pytest.mark.parametrize(
    ("ages", "first", "second"),
    [
        ((0,), "🔥 **1 day in a row** · today is done", "-# Longest 1 day · 0 freezes in hand"),
        (
            range(1, 8),
            "🔥 **7 days in a row** · today is open",
            "-# Longest 7 days · 2 weeks in a row · 1 freeze in hand",
        ),
        (
            range(2, 9),
            "🔥 **7 days in a row** · today is open",
            "-# Longest 7 days · 2 weeks in a row · 0 freezes in hand · 1 missed day covered",
        ),
        ((6, 13, 20), "🔥 **3 weeks in a row** · this week is open", "-# Longest 1 day, 3 weeks · 0 freezes in hand"),
        ((30, 31), "-# No streak at present · longest 2 days, 2 weeks", None),
    ],
)
def test_streak_texts(ages, first, second):
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
    days = [StudyDay(*[now - timedelta(days=age)] * 3, "UTC") for age in ages]
    days = [StudyDay(day.first.date(), day.first, day.last, "UTC") for day in days]
    assert lines(streak(days, now, ZoneInfo("UTC"))) == [line for line in (first, second) if line]


def test_no_streak_text_before_the_first_day():
    assert lines(Streak(date(2026, 11, 18))) == []
