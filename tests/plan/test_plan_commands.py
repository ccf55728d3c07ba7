"""``/plan``: responses, refusals and buttons, also old ones and after a restart."""

import asyncio
import re

import pytest

DAY = {"from": "2026-12-07", "to": "2026-12-13"}
SET = {"exam": "2026-12-18", "hours": 5, "days": "mon wed sat"}
STALE = "Your plan has changed since this message"


def goal(rows):
    """Return the stored plan: minutes, weekdays as bits, start, baseline, and the exam."""
    ((*found,),) = rows("select minutes_a_week, days, start_on, baseline_minutes from plan")
    ((exam, shared),) = rows("select exam_on, shared from exam")
    return [*found, exam, shared]


async def test_a_plan_is_set_and_shown(sim, rows):
    reply = await sim.command(sim.ada, "plan set", **SET)
    assert reply.private
    assert reply.text.startswith("### AZ-104 exam on 18 December, in 28 days\n✅ **On course:** all studied by 12 Dec")
    assert "**0 %** · 16 h 29 min left" in reply.text
    assert "**This week** · 1 h 40 min\n- [Introduction to Azure Cloud Shell](https://" in reply.text
    assert "-# 23 to 29 November: 5 h, " in reply.text
    assert "-# Kept for review: 2 days, 14 to 16 December" in reply.text
    assert "-# 5 h a week, Monday, Wednesday and Saturday · Only you know the date." in reply.text
    assert reply.buttons == ["Next", "Calendar"]
    assert goal(rows) == [300, 0b100101, "2026-11-20", 989, "2026-12-18", 0]
    asked = reply.text.replace("\n-# I count your days in UTC until you tell me your clock: `/me timezone:`", "")
    assert (await sim.command(sim.ada, "plan show")).text == asked != reply.text


async def test_the_zone_is_asked_for_once_if_it_is_not_set(sim):
    asked = [(await sim.command(sim.ada, "plan set", **SET)).text for _ in range(2)]
    assert ["/me timezone:" in text for text in asked] == [True, False]
    await sim.study.learners.set_zone(sim.bruno.id, "Berlin")
    assert "/me timezone:" not in (await sim.command(sim.bruno, "plan set", **SET)).text


async def test_today_is_the_learners(sim, clock):
    """At 09:30 UTC it is Friday the 20th, and on Kiritimati 23:30: half an hour later it is the 21st there."""
    await sim.study.learners.set_zone(sim.ada.id, "Pacific/Kiritimati")
    await sim.command(sim.ada, "plan set", exam="2026-12-18", hours=5)
    assert "in 28 days" in (await sim.command(sim.ada, "plan show")).text
    clock.move(minutes=31)
    assert "in 27 days" in (await sim.command(sim.ada, "plan show")).text
    reply = await sim.command(sim.ada, "plan set", start="2026-11-20")
    assert "2026-11-20 has passed. A plan can start from `2026-11-21` on." in reply.text


async def test_omitted_options_are_unchanged(sim, rows):
    await sim.command(sim.ada, "plan set", **SET, start="2026-11-25", share=True)
    assert goal(rows) == [300, 0b100101, "2026-11-25", 989, "2026-12-18", 1]
    await sim.command(sim.ada, "plan set", hours=2.5)
    assert goal(rows) == [150, 0b100101, "2026-11-25", 989, "2026-12-18", 1]
    await sim.command(sim.ada, "plan set", exam="2027-01-15", days="weekends")
    assert goal(rows) == [150, 0b1100000, "2026-11-25", 989, "2027-01-15", 1]
    assert "names the date" in (await sim.command(sim.ada, "plan show")).text
    await sim.command(sim.ada, "plan set", share=False)
    assert goal(rows)[-1] == 0


async def test_a_new_plan_starts_from_the_remaining_units(sim, rows, clock):
    await sim.command(sim.ada, "plan set", **SET)
    await sim.command(sim.ada, "complete", what="prerequisites")
    clock.move(days=5)
    await sim.command(sim.ada, "plan set", hours=6)
    assert goal(rows)[2:4] == ["2026-11-25", 845]


async def test_ticks_update_the_plan(sim):
    await sim.command(sim.ada, "plan set", **SET)
    await sim.command(sim.ada, "complete", what="prerequisites")
    text = (await sim.command(sim.ada, "plan show")).text
    assert "-# 2 h 24 min ahead of your pace" in text
    assert "all studied by 9 December" in text
    for path in ("identity-governance", "storage", "deploy", "configure", "monitor"):
        await sim.command(sim.ada, "complete", what=path)
    reply = await sim.command(sim.ada, "plan show")
    if "Done" not in reply.text:
        for path in sim.study.catalogue.default.paths:
            await sim.command(sim.ada, "complete", what=path.id)
        reply = await sim.command(sim.ada, "plan show")
    assert "✅ **Done:** nothing is left to study." in reply.text
    assert "Kept for review" in reply.text


async def test_todays_block_comes_first(sim, clock):
    clock.move(days=1)
    text = (await sim.command(sim.ada, "plan set", **SET)).text
    assert re.search(r"%\*\* · 16 h 29 min left\n\*\*Today · 1 h 40 min\*\*\n- \[", text)
    assert "This week" not in text, "there is no more than today"
    await sim.command(sim.ada, "plan set", days="daily")
    text = (await sim.command(sim.ada, "plan show")).text
    assert text.index("**Today · ") < text.index("**Then this week** · ")


# --- In trouble -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def behind(sim, clock):
    """Ada set a plan and did nothing for ten days."""
    await sim.command(sim.ada, "plan set", **SET, share=True)
    clock.move(days=10)
    return await sim.command(sim.ada, "plan show")


async def test_remedies_are_offered_to_a_learner_who_is_behind(behind):
    assert "⚠️ **6 h 29 min behind:** 3 h 15 min more a week or the exam on 27 December." in behind.text
    assert behind.buttons == ["Next", "Calendar", "3 h 15 min more a week", "Move to 27 December"]


@pytest.mark.parametrize("restart", [False, True])
async def test_a_button_accepts_more_hours(sim, rows, behind, restart):
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, behind, "3 h 15 min more a week")
    assert "✅ **On course:**" in reply.text
    assert goal(rows) == [495, 0b100101, "2026-11-30", 989, "2026-12-18", 1]


@pytest.mark.parametrize("restart", [False, True])
async def test_a_button_accepts_another_date(sim, rows, behind, restart):
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, behind, "Move to 27 December")
    assert "### AZ-104 exam on 27 December" in reply.text
    assert "✅ **On course:**" in reply.text
    assert goal(rows) == [300, 0b100101, "2026-11-30", 989, "2026-12-27", 1]


async def test_a_remedy_applies_only_to_the_plan_that_was_shown(sim, rows, behind):
    for change in ({"hours": 6}, {"exam": "2027-02-01"}, {"days": "daily"}, {"start": "2026-12-02"}):
        shown = await sim.command(sim.ada, "plan show")
        taken = await sim.command(sim.ada, "plan set", **change)
        before = goal(rows)
        for label in ("3 h 15 min more a week", "Move to 27 December"):
            assert STALE in (await sim.click(sim.ada, behind, label)).text, change
        assert goal(rows) == before
        assert shown.text != taken.text


async def test_changed_days_away_invalidate_a_remedy(sim, rows, behind):
    await sim.command(sim.ada, "plan away", **DAY)
    assert STALE in (await sim.click(sim.ada, behind, "Move to 27 December")).text
    await sim.command(sim.ada, "plan clear")
    assert STALE in (await sim.click(sim.ada, behind, "Move to 27 December")).text
    assert rows("select * from plan") == rows("select * from exam") == []


async def test_a_remedy_used_twice_is_applied_once(sim, rows, behind):
    presses = [sim.click(sim.ada, behind, "3 h 15 min more a week") for _ in range(3)]
    texts = [reply.text for reply in await asyncio.gather(*presses)]
    assert sum(STALE in text for text in texts) == 2
    assert goal(rows)[0] == 495


async def test_another_members_button_affects_their_own_plan(sim, rows, behind):
    reply = await sim.press(sim.bruno, behind.custom_id("Move to 27 December"), behind.message)
    assert STALE in reply.text
    assert goal(rows)[4] == "2026-12-18"


async def test_a_remedy_with_a_past_date_is_refused(sim, rows, behind, clock):
    clock.move(days=40)
    assert "2026-12-27 has passed" in (await sim.click(sim.ada, behind, "Move to 27 December")).text


@pytest.mark.parametrize(
    "state",
    ["", ":az-104", ":az-104:x:hours", ":az-104:{}:hours:x", ":az-104:{}:hours:²", ":az-104:{}:exam:soon",
     ":az-104:{}:days:1", ":az-104:{}:hours:5:6", ":az-104:{}:hours:99999", ":az-104:{}:hours:-5", ":nope:{}:hours:60"],
)  # fmt: skip
async def test_an_invalid_button_changes_nothing(sim, rows, behind, state):
    before = goal(rows)
    print_ = behind.custom_id("Move to 27 December").split(":")[3]
    made = "wm1:replan" + state.format(print_)
    old = sim.old_message({"type": 2, "style": 2, "label": "Move", "custom_id": made})
    reply = await sim.press(sim.ada, made, old)
    assert reply.text.startswith("⚠️ ")
    assert "wrong on my side" not in reply.text
    assert goal(rows) == before


async def test_a_plan_that_is_short_from_the_start(sim):
    text = (await sim.command(sim.ada, "plan set", exam="2026-11-30", hours=2)).text
    assert re.search(r"⚠️ \*\*\d+ h( \d+ min)? more than fits:\*\* \d+ h \d+ min more a week or the exam on ", text)


async def test_an_exam_tomorrow_has_no_remedy_by_hours(sim):
    reply = await sim.command(sim.ada, "plan set", exam="2026-11-21", hours=0.5, days="mon")
    assert "more than fits" in reply.text
    assert "more a week" not in reply.text
    reply = await sim.command(sim.ada, "plan set", exam="2026-12-31", hours=0.5, days="mon", course="az-400")
    assert "more a week" in reply.text or "no hours or date would do" in reply.text


async def test_impossible_hours_are_not_proposed(sim):
    reply = await sim.command(sim.ada, "plan set", exam="2026-11-27", hours=1, days="tue", course="az-400")
    assert "more a week" not in reply.text, "one Tuesday has no 20 hours"
    assert "Move to" in " ".join(reply.buttons)


# --- The exam's day and the exam alone --------------------------------------------------------------------------------


async def test_on_the_exam_day_and_afterwards(sim, clock):
    await sim.command(sim.ada, "plan set", **SET)
    clock.move(days=28)
    text = (await sim.command(sim.ada, "plan show")).text
    assert "### AZ-104 exam on 18 December, today" in text
    assert "Good luck" in text
    clock.move(days=3)
    text = (await sim.command(sim.ada, "plan show")).text
    assert "### AZ-104 exam on 18 December, 3 days ago" in text
    assert "`/plan set exam:`" in text
    assert "Your AZ-104 exam was on 2026-12-18" in (await sim.command(sim.ada, "plan calendar")).text
    assert "2026-12-18 has passed" in (await sim.command(sim.ada, "plan set", hours=6)).text
    assert "On course" in (await sim.command(sim.ada, "plan set", exam="2027-03-01")).text


async def test_an_exam_alone_makes_no_plan_until_the_hours_are_known(sim, rows):
    reply = await sim.command(sim.ada, "plan set", exam="2026-12-18")
    assert "How many hours a week do you have? `/plan set hours:5` makes a plan." in reply.text
    assert rows("select * from plan") == []
    assert "How many hours" in (await sim.command(sim.ada, "plan show")).text
    assert "the exam" in (await sim.command(sim.ada, "plan calendar")).text.lower()
    assert "On course" in (await sim.command(sim.ada, "plan set", hours=6)).text
    assert goal(rows)[0] == 360


async def test_a_course_without_minutes_has_a_date_and_no_plan(sim, course, rows):
    bare = course({"a": {}}, paths=[{"id": "a", "title": "A"}])
    await sim.restart(bare)
    reply = await sim.command(sim.ada, "plan set", exam="2026-12-18", hours=5)
    assert reply.text == "⚠️ T-1 has no minutes on record, so only its `exam:` date can be set."
    assert rows("select * from exam") == []
    reply = await sim.command(sim.ada, "plan set", exam="2026-12-18")
    assert "18 December" in reply.text
    assert "hours" not in reply.text


# --- Refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"hours": 5}, "Give the date of your AZ-104 exam too: `/plan set exam:2026-12-18 hours:5`."),
        ({"exam": "soon"}, "“soon” is not a date."),
        ({"exam": "2026-11-19", "hours": 5}, "2026-11-19 has passed. Give the date of an exam that is"),
        ({"exam": "2029-12-18", "hours": 5}, "more than three years ahead"),
        ({"exam": "2026-12-18", "days": "mon"}, "Say how many hours a week you have too"),
        ({"exam": "2026-12-18", "start": "2026-12-01"}, "Say how many hours a week you have too"),
        ({"exam": "2026-12-18", "hours": 5, "days": "someday"}, "“someday” names no study days."),
        ({"exam": "2026-12-18", "hours": 5, "start": "yesterday"}, "A plan can start from `2026-11-20` on."),
        ({"exam": "2026-12-18", "hours": 5, "start": "2026-12-18"}, "has no day before the exam"),
        ({"exam": "2026-12-18", "hours": 60, "days": "sat sun"}, "60 hours a week on weekends are 30 hours a day."),
        ({"exam": "2026-12-18", "hours": 5, "course": "az-10"}, "Did you mean AZ-104"),
    ],
)  # fmt: skip
async def test_impossible_options_are_refused_with_a_remedy(sim, rows, given, said):
    reply = await sim.command(sim.ada, "plan set", **given)
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert said in reply.text
    assert rows("select * from plan") == rows("select * from exam") == []


@pytest.mark.parametrize("name", ["plan show", "plan calendar"])
async def test_without_an_exam_the_command_is_explained(sim, name):
    text = (await sim.command(sim.ada, name)).text
    assert text == "⚠️ You have set no exam date for AZ-104. `/plan set exam:2026-12-18 hours:5` makes a plan."


async def test_hours_range_from_half_an_hour_to_sixty(sim):
    for hours in (0.5, 60):
        assert "⚠️ “" not in (await sim.command(sim.ada, "plan set", exam="2026-12-18", hours=hours)).text
    options = sim.bot.tree.get_command("plan").get_command("set").to_dict(sim.bot.tree)["options"]
    (hours,) = [option for option in options if option["name"] == "hours"]
    assert (hours["min_value"], hours["max_value"]) == (0.5, 60)


async def test_offered_days_are_as_parsed(sim):
    assert "weekdays" in await sim.offered(sim.ada, "plan set", "days", "")
    found = await sim.offered(sim.ada, "plan set", "days", "mo-we")
    assert next(iter(found)) == "Monday to Wednesday"
    assert list(await sim.offered(sim.ada, "plan set", "days", "weeke")) == ["weekends"]
    assert list(await sim.offered(sim.ada, "plan set", "days", "nonsense")) == []


# --- Away and forgotten -----------------------------------------------------------------------------------------------


async def test_days_away_spread_the_work_and_show_the_effect(sim, rows):
    await sim.command(sim.ada, "plan set", exam="2026-12-30", hours=5, days="mon wed sat")
    reply = await sim.command(sim.ada, "plan away", **DAY)
    assert reply.private
    assert "- 7 to 13 December" in reply.text
    assert "**AZ-104** · ✅ **On course:** all studied by 19 December" in reply.text
    assert "-# Before: ✅ On course: all studied by 12 December" in reply.text
    assert rows("select first_on, last_on from away") == [("2026-12-07", "2026-12-13")]
    reply = await sim.command(sim.ada, "plan away", **{"from": "2026-11-23", "to": "2026-11-29"})
    assert "- 23 to 29 November\n- 7 to 13 December" in reply.text
    assert "-# 23 to 29 November: away" in (await sim.click(sim.ada, reply, "Plan")).text


async def test_days_away_apply_to_all_plans(sim):
    for course in ("az-104", "dp-900"):
        await sim.command(sim.ada, "plan set", exam="2026-12-30", hours=5, course=course)
    text = (await sim.command(sim.ada, "plan away", **DAY)).text
    assert "**AZ-104** · " in text
    assert "**DP-900** · " in text
    shown = (await sim.command(sim.ada, "plan show", course="dp-900")).text
    assert "all studied by" in shown


@pytest.mark.parametrize("restart", [False, True])
async def test_days_away_can_be_removed(sim, rows, restart):
    await sim.command(sim.ada, "plan set", **SET)
    await sim.command(sim.ada, "plan away", **DAY)
    await sim.command(sim.ada, "plan away", **{"from": "2026-12-02"})
    listed, older = [await sim.command(sim.ada, "plan away") for _ in range(2)]
    assert listed.buttons == ["Plan", "Take back 2 December", "Take back 7 to 13 December"]
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, listed, "Take back 7 to 13 December")
    assert rows("select first_on, last_on from away") == [("2026-12-02", "2026-12-02")]
    assert "- 2 December" in reply.text
    again = await sim.click(sim.ada, older, "Take back 7 to 13 December")
    assert "That time away isn't saved anymore." in again.text
    reply = await sim.click(sim.ada, reply, "Take back 2 December")
    assert "None are noted." in reply.text


async def test_adjacent_days_away_are_merged(sim, rows):
    await sim.command(sim.ada, "plan set", **SET)
    for first, last in (("2026-12-01", "2026-12-03"), ("2026-12-07", "2026-12-08"), ("2026-12-04", "2026-12-06")):
        reply = await sim.command(sim.ada, "plan away", **{"from": first, "to": last})
    assert rows("select first_on, last_on from away") == [("2026-12-01", "2026-12-08")]
    assert reply.buttons == ["Plan", "Take back 1 to 8 December"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"to": "2026-12-07"}, "Give the first day away too: `from`."),
        ({"from": "2026-12-07", "to": "2026-12-01"}, "2026-12-07 comes after 2026-12-01."),
        ({"from": "2026-11-01", "to": "2026-11-19"}, "2026-11-19 has passed. Give days away from `2026-11-20` on."),
        ({"from": "2026-12-07", "to": "2028-12-07"}, "A time away can be a year at the most."),
        ({"from": "Xmas"}, "“Xmas” is not a date."),
    ],
)
async def test_impossible_days_away_are_refused(sim, rows, given, said):
    await sim.command(sim.ada, "plan set", **SET)
    reply = await sim.command(sim.ada, "plan away", **given)
    assert reply.text.startswith("⚠️ ")
    assert said in reply.text
    assert rows("select * from away") == []


async def test_days_away_without_a_plan_are_refused(sim, rows):
    for given in ({}, DAY):
        assert "You have no plan yet" in (await sim.command(sim.ada, "plan away", **given)).text
    await sim.command(sim.ada, "plan set", exam="2026-12-18")
    assert "You have no plan yet" in (await sim.command(sim.ada, "plan away", **DAY)).text
    assert rows("select * from away") == []


async def test_days_away_are_limited_and_old_ones_are_deleted(sim, rows, clock):
    await sim.command(sim.ada, "plan set", exam="2028-01-01", hours=5)
    for month in range(24):
        day = f"{2026 + (month + 11) // 12}-{(month + 11) % 12 + 1:02}-05"
        reply = await sim.command(sim.ada, "plan away", **{"from": day})
    assert len(reply.buttons) == 25
    reply = await sim.command(sim.ada, "plan away", **{"from": "2027-06-20"})
    assert reply.text == "⚠️ A plan holds 24 times away. `/plan away` lists them: take one back first."
    clock.move(days=30)
    assert "24 times away" in (await sim.command(sim.ada, "plan away", **{"from": "2027-06-20"})).text
    await sim.command(sim.ada, "plan set", hours=5)
    assert "- 20 June" in (await sim.command(sim.ada, "plan away", **{"from": "2027-06-20"})).text
    assert len(rows("select * from away")) == 24


async def test_clear_deletes_exam_and_plan_and_finally_days_away(sim, rows):
    for course in ("az-104", "dp-900"):
        await sim.command(sim.ada, "plan set", exam="2026-12-30", hours=5, course=course)
    await sim.command(sim.ada, "plan away", **DAY)
    await sim.command(sim.bruno, "plan set", exam="2026-12-30", hours=5)
    await sim.command(sim.bruno, "plan away", **DAY)
    text = (await sim.command(sim.ada, "plan clear")).text
    assert text == "✅ The date of your AZ-104 exam and your plan are forgotten."
    assert len(rows("select * from away")) == 2
    text = (await sim.command(sim.ada, "plan clear", course="dp-900")).text
    assert text == "✅ The date of your DP-900 exam, your plan and your days away are forgotten."
    assert rows("select distinct learner_id from away") == [(sim.bruno.id,)]
    assert rows("select learner_id from plan") == rows("select learner_id from exam") == [(sim.bruno.id,)]
    again = await sim.command(sim.ada, "plan clear")
    assert again.text == "⚠️ You have set no exam date for AZ-104, so there is nothing to forget."


async def test_clear_without_a_plan(sim):
    await sim.command(sim.ada, "plan set", exam="2026-12-18")
    assert (await sim.command(sim.ada, "plan clear")).text == "✅ The date of your AZ-104 exam is forgotten."


async def test_a_plan_is_exported_and_deleted_with_other_data(sim, rows):
    await sim.command(sim.ada, "plan set", **SET)
    await sim.command(sim.ada, "plan away", **DAY)
    text = (await sim.command(sim.ada, "privacy show")).text
    assert "1 row: your study plans" in text
    assert "1 row: the days on which you don't study" in text
    exported = sim.file(await sim.command(sim.ada, "privacy export"))["tables"]
    assert exported["away"] == [{"first_on": "2026-12-07", "last_on": "2026-12-13"}]
    assert exported["plan"][0]["minutes_a_week"] == 300
    await sim.study.privacy.forget(sim.ada.id)
    assert rows("select * from away") == rows("select * from plan") == []


async def test_plans_of_a_removed_course_are_kept(sim, course, rows):
    await sim.command(sim.ada, "plan set", **SET)
    await sim.restart(course({"a": {"m": ["u"]}}))
    assert "You have no plan yet" in (await sim.command(sim.ada, "plan away", **DAY)).text
    assert goal(rows)[0] == 300
