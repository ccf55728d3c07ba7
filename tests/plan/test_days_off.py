"""Days off: the panel, its form, the digest's button, Undo and Back early, and what they do to plans."""

from datetime import date

import pytest

from bot.study.plan_settings import PlanSettings

SET = {"exam": "2026-12-30", "hours": "5", "days": ["0", "2", "5"]}
CHANGED = "Your days off have changed since this message."


def stored(rows):
    return rows("select first_on, last_on from away order by first_on")


async def test_without_days_off_one_button_adds_some(sim, rows):
    panel = await sim.open_panel(sim.ada, "daysoff")
    assert panel.private
    assert "None yet." in panel.text
    assert "⚠️" not in panel.text
    assert panel.buttons == ["Add days off"]
    reply = await sim.add_days_off(sim.ada, "Dec 24", "January 2")
    assert reply.text.startswith(
        "✅ Saved. Enjoy the break!\n### Days off\n- **December 24 – January 2, 2027** · 10 days"
    )
    assert reply.buttons == ["Add days off", "Undo", "Remove December 24 – January 2, 2027"]
    assert stored(rows) == [("2026-12-24", "2027-01-02")]


async def test_they_spread_the_work_and_show_the_effect(sim, rows):
    panel = await sim.set_plan(sim.ada, **SET)
    empty = await sim.click(sim.ada, panel, "Days off")
    assert empty.buttons == ["Add days off", "Plan"]
    reply = await sim.add_days_off(sim.ada, "2026-12-07", "2026-12-13")
    assert "- **December 7–13** · 7 days" in reply.text
    assert "**AZ-104** · ✅ **On track:** finished by December 19" in reply.text
    assert "-# Before: ✅ On track: finished by December 12" in reply.text
    reply = await sim.add_days_off(sim.ada, "monday", "11/29")
    assert "- **November 23–29** · 7 days\n- **December 7–13** · 7 days" in reply.text
    assert "-# November 23–29: days off" in (await sim.click(sim.ada, reply, "Plan")).text


async def test_they_apply_to_all_plans(sim):
    for course in ("az-104", "dp-900"):
        await sim.set_plan(sim.ada, course, exam="2026-12-30", hours="5")
    text = (await sim.add_days_off(sim.ada, "2026-12-07", "2026-12-13")).text
    assert "**AZ-104** · " in text
    assert "**DP-900** · " in text


@pytest.mark.parametrize("restart", [False, True])
async def test_they_can_be_removed_and_undone(sim, rows, restart):
    await sim.add_days_off(sim.ada, "2026-12-07", "2026-12-13")
    listed = await sim.add_days_off(sim.ada, "2026-12-02")
    older = listed.custom_id("Remove December 7–13")
    assert listed.buttons == ["Add days off", "Undo", "Remove December 2", "Remove December 7–13"]
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, listed, "Remove December 7–13")
    assert stored(rows) == [("2026-12-02", "2026-12-02")]
    assert "- **December 2**" in reply.text
    again = await sim.press_old(sim.ada, older)
    assert again.text == "⚠️ Those days off were already removed."
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, reply, "Undo")
    assert reply.text.startswith("✅ Undone.")
    assert stored(rows) == [("2026-12-02", "2026-12-02"), ("2026-12-07", "2026-12-13")]


async def test_undo_separates_what_adding_has_merged(sim, rows):
    for first, last in (("2026-12-01", "2026-12-03"), ("2026-12-07", "2026-12-08")):
        await sim.add_days_off(sim.ada, first, last)
    before = stored(rows)
    merged = await sim.add_days_off(sim.ada, "2026-12-04", "2026-12-06")
    assert stored(rows) == [("2026-12-01", "2026-12-08")]
    assert "Remove December 1–8" in merged.buttons
    undo = merged.custom_id("Undo")
    await sim.press_old(sim.ada, undo)
    assert stored(rows) == before
    assert CHANGED in (await sim.press_old(sim.ada, undo)).text
    assert stored(rows) == before


async def test_a_stranger_who_presses_buttons_changes_only_their_own_days(sim, rows):
    reply = await sim.add_days_off(sim.ada, "2026-12-01")
    before = stored(rows)
    assert CHANGED in (await sim.press_old(sim.bruno, reply.custom_id("Undo"))).text
    assert "already removed" in (await sim.press_old(sim.bruno, reply.custom_id("Remove December 1"))).text
    assert stored(rows) == before


async def test_days_that_are_off_already_change_nothing(sim, rows):
    await sim.add_days_off(sim.ada, "2026-12-01", "2026-12-05")
    reply = await sim.add_days_off(sim.ada, "2026-12-02")
    assert reply.text.startswith("Those days were already off.")
    assert "Undo" not in reply.buttons
    assert stored(rows) == [("2026-12-01", "2026-12-05")]


# --- The digest's button ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "taken"),
    [
        ("This week: November 20–22", ("2026-11-20", "2026-11-22")),
        ("Next week: November 23–29", ("2026-11-23", "2026-11-29")),
    ],
)
async def test_the_digests_button_offers_weeks(sim, rows, label, taken):
    offer = await sim.open_panel(sim.ada, "daysoff", "week")
    assert offer.private
    assert len(offer.buttons) == 4
    assert stored(rows) == [], "nothing happens by itself"
    await sim.restart()
    reply = await sim.click(sim.ada, offer, label)
    assert stored(rows) == [taken]
    await sim.click(sim.ada, reply, "Undo")
    assert stored(rows) == []


async def test_the_digests_button_leads_to_the_form(sim, rows):
    offer = await sim.open_panel(sim.ada, "daysoff", "week")
    form = await sim.click(sim.ada, offer, "Choose dates")
    await sim.fill(sim.ada, form, first="tomorrow", last="in 3 days")
    assert stored(rows) == [("2026-11-21", "2026-11-23")]


# --- Back early -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "left"), [("2026-11-18", [("2026-11-18", "2026-11-19")]), ("2026-11-20", [])])
async def test_back_early_ends_the_days_off_today(sim, rows, first, left):
    reply = await sim.add_days_off(sim.ada, first, "2026-11-27")
    assert " · now" in reply.text
    back = await sim.click(sim.ada, reply, "Back early")
    assert back.text.startswith("✅ Welcome back!")
    assert stored(rows) == left
    await sim.restart()
    await sim.click(sim.ada, back, "Undo")
    assert stored(rows) == [(first, "2026-11-27")]


async def test_back_early_without_days_off_today_is_refused(sim, rows):
    await sim.add_days_off(sim.ada, "2026-11-21", "2026-11-27")
    reply = await sim.press_old(sim.ada, "wm1:daysoffback")
    assert reply.text == "⚠️ Today isn't a day off."
    assert "Back early" not in (await sim.open_panel(sim.ada, "daysoff")).buttons


# --- Dates ------------------------------------------------------------------------------------------------------------


async def test_ambiguous_dates_are_asked_about(sim, rows):
    asked = await sim.add_days_off(sim.ada, "3/4", "3/6")
    assert asked.buttons == ["March 4–6, 2027", "March 4 – June 3, 2027", "April 3 – June 3, 2027", "Cancel"]
    await sim.restart()
    await sim.click(sim.ada, asked, "March 4–6, 2027")
    assert stored(rows) == [("2027-03-04", "2027-03-06")]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-12-07", "2026-12-01", "December 7 is after December 1. Give the first day off, then the last."),
        ("2026-11-01", "2026-11-19", "November 19 is in the past. Choose days off from today on."),
        ("2026-12-07", "2028-12-07", "Days off can be up to one year at a time."),
        ("Xmas", "", "“Xmas” isn't a date I understand."),
        ("2026-12-07", "later", "“later” isn't a date I understand."),
    ],
)
async def test_impossible_days_are_refused(sim, rows, first, last, said):
    reply = await sim.add_days_off(sim.ada, first, last)
    assert reply.text.startswith("⚠️ ")
    assert said in reply.text
    assert stored(rows) == []


@pytest.mark.parametrize(
    "made",
    ["daysofftake:x:y", "daysofftake:2026-12-01", "daysoffdrop", "daysoffundo:x", "daysoffundo:a:b:c",
     "daysoffundo:00000000:zzzzzzzzzz:", "daysoffundo:00000000:fffffffffff:", "daysofftake:2020-01-01:2020-01-02"],
)  # fmt: skip
async def test_forged_buttons_change_nothing(sim, rows, made):
    await sim.add_days_off(sim.ada, "2026-12-01")
    reply = await sim.press_old(sim.ada, f"wm1:{made}")
    assert reply.text.startswith("⚠️ ")
    assert "Something went wrong" not in reply.text
    assert stored(rows) == [("2026-12-01", "2026-12-01")]


async def test_many_are_removed_with_a_select_and_their_number_is_limited(sim, rows):
    days_off = sim.study.days_off
    for month in range(24):
        day = date(2026 + (month + 11) // 12, (month + 11) % 12 + 1, 5)
        await days_off.add(sim.ada.id, day, day)
    panel = await sim.open_panel(sim.ada, "daysoff")
    assert panel.buttons == ["Add days off"]
    reply = await sim.choose(sim.ada, panel, "May 5, 2027")
    assert reply.text.startswith("✅ Removed.")
    assert len(stored(rows)) == 23
    await sim.add_days_off(sim.ada, "2027-06-20")
    refused = await sim.add_days_off(sim.ada, "2027-07-20")
    assert refused.text == "⚠️ You can have days off at up to 24 times. Remove some first."


async def test_too_many_merges_at_once_are_refused(study):
    for day in range(1, 17, 2):
        await study.days_off.add(1, date(2026, 12, day), date(2026, 12, day))
    with pytest.raises(Exception, match="Remove some of them first"):
        await study.days_off.add(1, date(2026, 12, 1), date(2026, 12, 31))
    status = await study.days_off.add(1, date(2026, 12, 6), date(2026, 12, 31))
    assert status.undo
    undone = await study.days_off.undo(1, status.undo)
    assert len(undone.away) == 8


# --- Past days off ----------------------------------------------------------------------------------------------------


async def test_they_are_listed_until_the_last_day_is_over(study, clock):
    span = (date(2026, 11, 21), date(2026, 11, 22))
    assert (await study.days_off.add(1, *span)).away == (span,)
    for listed in ((span,), (span,), ()):
        clock.move(days=1)
        assert (await study.days_off.of(1)).away == listed


async def test_old_ones_are_deleted_unless_a_plan_covers_them(study, clock, rows):
    course = study.catalogue.default
    await study.days_off.add(1, date(2026, 11, 21), date(2026, 11, 22))
    await study.plans.set(1, course, PlanSettings(date(2027, 6, 1), 300))
    clock.move(days=60)
    await study.days_off.add(1, date(2027, 3, 1), date(2027, 3, 1))
    assert len(stored(rows)) == 2, "the plan began before, so its pace depends on them"
    await study.plans.delete(1, course, (await study.plans.find(1, course)).fingerprint)
    assert len(stored(rows)) == 2, "deleting the plan keeps days off"
    await study.days_off.add(1, date(2027, 3, 5), date(2027, 3, 5))
    assert stored(rows) == [("2027-03-01", "2027-03-01"), ("2027-03-05", "2027-03-05")]
