"""``/plan``: the panel, its form, remedies, Undo and deletion, also with old buttons, strangers and after a restart."""

import asyncio
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plan.study_days import Goal
from bot.errors import Stale
from bot.store.plans import PlanChange, StoredPlan
from bot.study import Asker
from bot.study.plan_settings import PlanSettings, previous_plan, previous_values, settings_in
from bot.views.buttons import custom_id
from bot.views.layout import duration
from tests.cogs.conftest import current_values

SET = {"exam": "2026-12-18", "hours": "5", "days": ["0", "2", "5"]}
STALE = "Your plan has changed since this message"
PANEL = ["Edit plan", "Days off", "Calendar", "Readiness", "Delete plan"]


def goal(rows):
    """Return the stored plan: minutes, weekdays as bits, start, baseline, and the exam."""
    ((*found,),) = rows("select minutes_a_week, days, start_on, baseline_minutes from plan")
    ((exam, shared),) = rows("select exam_on, shared from exam")
    return [*found, exam, shared]


def asker_of(sim):
    return Asker(sim.ada.id, sim.guild.id, "Ada")


async def test_without_an_exam_date_one_button_opens_the_form(sim, rows):
    panel = await sim.command(sim.ada, "plan")
    assert panel.private
    assert "⚠️" not in panel.text
    assert panel.buttons == ["Set exam date"]
    form = await sim.click(sim.ada, panel, "Set exam date")
    assert current_values(form.modal) == {"exam": "", "hours": "", "days": [], "start": "", "shared": "0"}
    reply = await sim.fill(sim.ada, form, **SET)
    assert reply.text.startswith(
        "✅ Plan saved.\n### AZ-104 exam in 28 days\nFriday, December 18\n✅ **On track:** finished by December 12\n"
    )
    assert "**0%** · 16 h 29 min left" in reply.text
    assert "**This week** · 1 h 40 min\n- [Introduction to Azure Cloud Shell](https://" in reply.text
    assert "-# November 23–29: 5 h, " in reply.text
    assert "-# Review days before the exam: 2, December 14–16" in reply.text
    assert "-# 5 h a week, Monday, Wednesday and Saturday · only you can see the date" in reply.text
    assert reply.buttons == ["Next", "Undo", "Set time zone", *PANEL]
    assert goal(rows) == [300, 0b100101, "2026-11-20", 989, "2026-12-18", 0]
    again = await sim.command(sim.ada, "plan")
    assert again.text.split("\n")[0] == "### AZ-104 exam in 28 days"
    assert again.buttons == ["Next", "Set time zone", *PANEL]


async def test_the_form_shows_the_current_values_and_saves_them_unchanged(sim, rows):
    await sim.set_plan(sim.ada, **SET | {"hours": "2 h 20 min", "start": "next Wednesday"}, shared="1")
    stored = goal(rows)
    assert stored == [140, 0b100101, "2026-11-25", 989, "2026-12-18", 1]
    form = await sim.click(sim.ada, await sim.command(sim.ada, "plan"), "Edit plan")
    assert current_values(form.modal) == {
        "exam": "December 18, 2026", "hours": "2 h 20 min", "days": ["0", "2", "5"], "start": "November 25, 2026",
        "shared": "1",
    }  # fmt: skip
    reply = await sim.fill(sim.ada, form)
    assert goal(rows) == stored
    assert "your study group can see the date" in reply.text


async def test_the_zone_is_a_button_until_it_is_set(sim):
    panel = await sim.set_plan(sim.ada, **SET)
    assert "Days are counted in UTC" in panel.text
    assert panel.custom_id("Set time zone") == custom_id("", "zone")
    await sim.study.learners.set_zone(sim.ada.id, "Berlin")
    panel = await sim.command(sim.ada, "plan")
    assert "UTC" not in panel.text
    assert "Set time zone" not in panel.buttons


async def test_today_is_the_learners(sim, clock):
    """At 09:30 UTC it is Friday the 20th, and on Kiritimati 23:30: half an hour later it is the 21st there."""
    await sim.study.learners.set_zone(sim.ada.id, "Pacific/Kiritimati")
    await sim.set_plan(sim.ada, exam="2026-12-18", hours="5")
    assert "in 28 days" in (await sim.command(sim.ada, "plan")).text
    clock.move(minutes=31)
    assert "in 27 days" in (await sim.command(sim.ada, "plan")).text
    reply = await sim.set_plan(sim.ada, start="2026-11-20", hours="6")
    assert "November 20 is in the past. A plan can start today or later." in reply.text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Dec 18", "2026-12-18"), ("12/18", "2026-12-18"), ("18.12.", "2026-12-18"), ("in 4 weeks", "2026-12-18"),
     ("tomorrow", "2026-11-21"), ("January 15", "2027-01-15")],
)  # fmt: skip
async def test_dates_are_read_as_people_say_them(sim, rows, typed, stored):
    await sim.set_plan(sim.ada, exam=typed)
    assert rows("select exam_on from exam") == [(stored,)]


@pytest.mark.parametrize("restart", [False, True])
async def test_an_ambiguous_date_is_asked_about(sim, rows, restart):
    asked = await sim.set_plan(sim.ada, **SET | {"exam": "3/4"}, shared="1")
    assert "When is your exam?" in asked.text
    assert asked.buttons == ["Thursday, March 4, 2027", "Saturday, April 3, 2027", "Cancel"]
    assert rows("select * from exam") == []
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, asked, "Saturday, April 3, 2027")
    assert "Saturday, April 3, 2027" in reply.text
    assert goal(rows) == [300, 0b100101, "2026-11-20", 989, "2027-04-03", 1]


async def test_an_ambiguous_start_is_asked_about_too(sim, rows):
    asked = await sim.set_plan(sim.ada, **SET | {"exam": "3/4", "start": "1/2"})
    assert asked.buttons[:2] == [
        "exam March 4, 2027, start January 2, 2027",
        "exam March 4, 2027, start February 1, 2027",
    ]
    assert len(asked.buttons) == 5
    asked = await sim.set_plan(sim.ada, **SET | {"exam": "2027-05-05", "start": "1/2"})
    assert asked.buttons == ["start January 2, 2027", "start February 1, 2027", "Cancel"]
    await sim.click(sim.ada, asked, "start February 1, 2027")
    assert goal(rows)[2] == "2027-02-01"


async def test_a_new_plan_starts_from_the_remaining_units(sim, rows, clock):
    await sim.set_plan(sim.ada, **SET)
    await sim.study.progress.complete(asker_of(sim), sim.study.catalogue.default.nodes["prerequisites"])
    clock.move(days=5)
    await sim.set_plan(sim.ada, hours="6")
    assert goal(rows)[2:4] == ["2026-11-25", 845]


async def test_a_plan_that_stays_the_same_keeps_its_start(sim, rows, clock):
    await sim.set_plan(sim.ada, **SET)
    clock.move(days=5)
    await sim.set_plan(sim.ada, shared="1")
    assert goal(rows) == [300, 0b100101, "2026-11-20", 989, "2026-12-18", 1]


async def test_completed_units_update_the_plan(sim):
    course = sim.study.catalogue.default
    await sim.set_plan(sim.ada, **SET)
    await sim.study.progress.complete(asker_of(sim), course.nodes["prerequisites"])
    text = (await sim.command(sim.ada, "plan")).text
    assert "-# 2 h 24 min ahead of schedule" in text
    assert "finished by December 9" in text
    for path in course.paths:
        await sim.study.progress.complete(asker_of(sim), path)
    text = (await sim.command(sim.ada, "plan")).text
    assert "✅ **All done:** nothing left to study." in text
    assert "Review days before the exam" in text


async def test_todays_block_comes_first(sim, clock):
    clock.move(days=1)
    text = (await sim.set_plan(sim.ada, **SET)).text
    assert re.search(r"%\*\* · 16 h 29 min left\n.*\n\*\*Today · 1 h 40 min\*\*\n- \[", text)
    assert "This week" not in text, "there is no more than today"
    assert "The plan has 16 h 29 min left today." in text, "the picture's description"
    text = (await sim.set_plan(sim.ada, days=[])).text
    assert text.index("**Today · ") < text.index("**Then this week** · ")


# --- Undo -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restart", [False, True])
async def test_undo_restores_each_stage(sim, rows, restart):
    stages = [
        await sim.set_plan(sim.ada, exam="2026-12-18"),
        await sim.set_plan(sim.ada, **SET, shared="1"),
        await sim.set_plan(sim.ada, exam="2027-02-01", hours="2.5", days=[], start="2026-12-01", shared="0"),
        await sim.set_plan(sim.ada, hours=""),
    ]
    assert rows("select * from plan") == []
    if restart:
        await sim.restart()
    assert "✅ Undone." in (await sim.click(sim.ada, stages[3], "Undo")).text
    assert goal(rows) == [150, 127, "2026-12-01", 989, "2027-02-01", 0]
    await sim.click(sim.ada, stages[2], "Undo")
    assert goal(rows) == [300, 0b100101, "2026-11-20", 989, "2026-12-18", 1]
    reply = await sim.click(sim.ada, stages[1], "Undo")
    assert rows("select * from plan") == []
    assert "2 hours" in reply.buttons
    reply = await sim.click(sim.ada, stages[0], "Undo")
    assert reply.buttons == ["Set exam date"]
    assert rows("select * from exam") == []


async def test_undo_is_refused_if_the_plan_has_changed_since(sim, rows):
    first = await sim.set_plan(sim.ada, **SET)
    await sim.set_plan(sim.ada, hours="6")
    before = goal(rows)
    assert STALE in (await sim.click(sim.ada, first, "Undo")).text
    assert goal(rows) == before


async def test_undo_twice_is_refused(sim, rows):
    await sim.set_plan(sim.ada, **SET)
    second = await sim.set_plan(sim.ada, hours="6")
    undo = second.custom_id("Undo")
    await sim.press_old(sim.ada, undo)
    assert STALE in (await sim.press_old(sim.ada, undo)).text
    assert goal(rows)[0] == 300


async def test_a_stranger_who_presses_undo_changes_only_their_own_plan(sim, rows):
    await sim.set_plan(sim.ada, **SET)
    changed = await sim.set_plan(sim.ada, hours="6")
    assert STALE in (await sim.press(sim.bruno, changed.custom_id("Undo"), changed.message)).text
    assert goal(rows)[0] == 360


@given(st.data())
def test_any_plan_survives_the_state_of_a_button(data):
    today = date(2026, 11, 20)
    days = st.frozensets(st.integers(0, 6), min_size=1)
    near = st.dates(today - timedelta(days=300), today + timedelta(days=3 * 366))
    exam = data.draw(near)
    goal = Goal(
        exam=exam, minutes_a_week=data.draw(st.integers(30, 3600)), days=data.draw(days), start=data.draw(near),
        baseline_minutes=data.draw(st.integers(0, 99_999)),
    )  # fmt: skip
    shared = data.draw(st.booleans())
    for stored in (None, goal):
        state = previous_values(StoredPlan(exam, shared, stored, (), None))
        assert previous_plan(state, today) == PlanChange(exam, shared, stored)
        custom_id("", "planundo", "x" * 20, "0" * 8, *state)
    assert previous_plan((), today) is None
    wanted = PlanSettings(exam, goal.minutes_a_week, goal.days, goal.start, shared=True)
    for each in (wanted, PlanSettings(exam)):
        assert settings_in(each.state) == each
        custom_id("", "plansave", "x" * 20, *each.state)


@pytest.mark.parametrize(
    "state",
    [["1"], ["20261218", "1", "300", "127", "20261120"], ["20261218", "1", "300", "0", "20261120", "5"],
     ["20261218", "1", "9999", "127", "20261120", "5"], ["20269918", "1"], ["99991218", "1"], ["²", "1"],
     ["20261218", "1", "300", "127", "00010101", "5"]],
)  # fmt: skip
def test_a_forged_state_is_refused(state):
    with pytest.raises(Stale):
        previous_plan(state, date(2026, 11, 20))


# --- In trouble -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def behind(sim, clock):
    """Ada set a plan and did nothing for ten days."""
    await sim.set_plan(sim.ada, **SET, shared="1")
    clock.move(days=10)
    return await sim.command(sim.ada, "plan")


async def test_remedies_are_offered_to_a_learner_who_is_behind(behind):
    assert (
        "⚠️ **You're about 6 h 30 min short.** Study 3 h 15 min more a week, or move the exam to December 27."
        in behind.text
    )
    assert behind.buttons[:4] == ["Next", "3 h 15 min more a week", "Move to December 27", "Set time zone"]


async def test_a_few_minutes_are_not_called_short(sim):
    """One study session of 130 minutes is tolerated."""
    text = (await sim.set_plan(sim.ada, **SET | {"exam": "2026-12-09", "hours": "6.5"})).text
    found = await sim.study.plans.find(sim.ada.id, sim.study.catalogue.default)
    assert 0 < found.plan.short <= found.plan.tolerance
    assert f"✅ **On track:** finished by December 5, give or take {duration(found.plan.short)}\n" in text
    assert "⚠️" not in text


@pytest.mark.parametrize("restart", [False, True])
async def test_a_button_accepts_more_hours_and_undo_takes_it_back(sim, rows, behind, restart):
    before = goal(rows)
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, behind, "3 h 15 min more a week")
    assert "✅ **On track:**" in reply.text
    assert goal(rows) == [495, 0b100101, "2026-11-30", 989, "2026-12-18", 1]
    if restart:
        await sim.restart()
    await sim.click(sim.ada, reply, "Undo")
    assert goal(rows) == before


@pytest.mark.parametrize("restart", [False, True])
async def test_a_button_accepts_another_date(sim, rows, behind, restart):
    if restart:
        await sim.restart()
    reply = await sim.click(sim.ada, behind, "Move to December 27")
    assert "Sunday, December 27" in reply.text
    assert "✅ **On track:**" in reply.text
    assert goal(rows) == [300, 0b100101, "2026-11-30", 989, "2026-12-27", 1]


async def test_a_remedy_applies_only_to_the_plan_that_was_shown(sim, rows, behind):
    labels = {label: behind.custom_id(label) for label in ("3 h 15 min more a week", "Move to December 27")}
    for change in ({"hours": "6"}, {"exam": "2027-02-01"}, {"days": []}, {"start": "2026-12-02"}):
        await sim.set_plan(sim.ada, **change)
        before = goal(rows)
        for pressed in labels.values():
            assert STALE in (await sim.press(sim.ada, pressed, behind.message)).text, change
        assert goal(rows) == before


async def test_changed_days_off_and_deletion_invalidate_a_remedy(sim, rows, behind):
    await sim.add_days_off(sim.ada, "2026-12-07", "2026-12-13")
    assert STALE in (await sim.click(sim.ada, behind, "Move to December 27")).text
    asked = await sim.click(sim.ada, await sim.command(sim.ada, "plan"), "Delete plan")
    await sim.click(sim.ada, asked, "Delete")
    assert STALE in (await sim.click(sim.ada, behind, "Move to December 27")).text
    assert rows("select * from plan") == rows("select * from exam") == []


async def test_a_remedy_used_twice_is_applied_once(sim, rows, behind):
    pressed = behind.custom_id("3 h 15 min more a week")
    presses = [sim.press(sim.ada, pressed, behind.message) for _ in range(3)]
    texts = [reply.text for reply in await asyncio.gather(*presses)]
    assert sum(STALE in text for text in texts) == 2
    assert goal(rows)[0] == 495


async def test_another_members_button_affects_their_own_plan(sim, rows, behind):
    reply = await sim.press(sim.bruno, behind.custom_id("Move to December 27"), behind.message)
    assert STALE in reply.text
    assert goal(rows)[4] == "2026-12-18"


async def test_a_remedy_with_a_past_date_is_refused(sim, rows, behind, clock):
    clock.move(days=40)
    assert "December 27, 2026 is in the past" in (await sim.click(sim.ada, behind, "Move to December 27")).text


@pytest.mark.parametrize(
    "state",
    ["", ":az-104", ":az-104:x:hours", ":az-104:{}:hours:x", ":az-104:{}:hours:²", ":az-104:{}:exam:soon",
     ":az-104:{}:days:1", ":az-104:{}:hours:5:6", ":az-104:{}:hours:99999", ":az-104:{}:hours:-5", ":nope:{}:hours:60"],
)  # fmt: skip
async def test_an_invalid_button_changes_nothing(sim, rows, behind, state):
    before = goal(rows)
    print_ = behind.custom_id("Move to December 27").split(":")[3]
    reply = await sim.press_old(sim.ada, "wm1:replan" + state.format(print_))
    assert reply.text.startswith("⚠️ ")
    assert "Something went wrong" not in reply.text
    assert goal(rows) == before


@pytest.mark.parametrize(
    "made",
    ["wm1:plansave:az-104:1:2", "wm1:plansave:az-104:20261218:99999:1:-:0", "wm1:plansave:az-104:10000101:0:1:-:0",
     "wm1:planundo", "wm1:planundo:az-104:x:y", "wm1:plandelete:az-104"],
)  # fmt: skip
async def test_other_forged_buttons_change_nothing(sim, rows, made):
    await sim.set_plan(sim.ada, **SET)
    before = goal(rows)
    reply = await sim.press_old(sim.ada, made)
    assert reply.text.startswith("⚠️ ")
    assert "Something went wrong" not in reply.text
    assert goal(rows) == before


async def test_a_plan_that_is_short_from_the_start(sim):
    text = (await sim.set_plan(sim.ada, exam="2026-11-30", hours="2")).text
    assert re.search(
        r"⚠️ \*\*You're about \d+ h( \d+ min)? short\.\*\* Study \d+ h.* more a week, or move the exam", text
    )


async def test_an_exam_tomorrow_has_no_remedy_by_hours(sim):
    reply = await sim.set_plan(sim.ada, exam="2026-11-21", hours="0.5", days=["0"])
    assert "short.** Move the exam to " in reply.text
    assert "more a week" not in reply.text


async def test_impossible_hours_are_not_proposed(sim):
    reply = await sim.set_plan(sim.ada, "az-400", exam="2026-11-27", hours="1", days=["1"])
    assert "more a week" not in reply.text, "one Tuesday has no 20 hours"
    assert "Move to" in " ".join(reply.buttons)


# --- The exam's day, the exam alone, and deletion ---------------------------------------------------------------------


async def test_on_the_exam_day_and_afterwards(sim, clock, rows):
    await sim.set_plan(sim.ada, **SET)
    clock.move(days=28)
    panel = await sim.command(sim.ada, "plan")
    assert panel.text.startswith("### AZ-104 exam is today\nFriday, December 18\nGood luck!")
    assert "Calendar" not in panel.buttons
    clock.move(days=3)
    panel = await sim.command(sim.ada, "plan")
    assert panel.text.startswith("### AZ-104 exam was 3 days ago\nFriday, December 18\nHow did it go?")
    answers = ["Passed", "Not this time", "Rescheduled", "Didn't take it"]
    assert panel.buttons == [*answers, "Readiness", "Delete plan"]
    form = await sim.click(sim.ada, panel, "Rescheduled")
    assert current_values(form.modal)["exam"] == ""
    assert "December 18 is in the past" in (await sim.fill(sim.ada, form, exam="2026-12-18")).text
    reply = await sim.set_plan(sim.ada, exam="2027-03-01")
    assert "On track" in reply.text
    assert goal(rows)[2:] == ["2026-12-21", 989, "2027-03-01", 0]
    await sim.click(sim.ada, reply, "Undo")
    assert goal(rows)[4] == "2026-12-18", "also if that date has passed"


async def test_deleting_without_a_plan_shows_the_empty_panel(sim):
    assert (await sim.open_panel(sim.ada, "plandrop", "az-104")).buttons == ["Set exam date"]


async def test_an_exam_alone_asks_for_the_hours_with_buttons(sim, rows):
    reply = await sim.set_plan(sim.ada, exam="2026-12-18")
    assert "**How many hours a week can you study?**" in reply.text
    assert reply.buttons[:5] == ["2 hours", "4 hours", "6 hours", "8 hours", "Undo"]
    assert rows("select * from plan") == []
    again = await sim.command(sim.ada, "plan")
    other = again.custom_id("8 hours")
    await sim.restart()
    made = await sim.click(sim.ada, again, "6 hours")
    assert "On track" in made.text
    assert goal(rows) == [360, 127, "2026-11-20", 989, "2026-12-18", 0]
    assert STALE in (await sim.press_old(sim.ada, other)).text
    await sim.click(sim.ada, made, "Undo")
    assert rows("select * from plan") == []


async def test_a_course_without_minutes_has_a_date_and_no_plan(sim, course, rows):
    bare = course({"a": {}}, paths=[{"id": "a", "title": "A"}])
    await sim.restart(bare)
    panel = await sim.command(sim.ada, "plan")
    form = await sim.click(sim.ada, panel, "Set exam date")
    assert set(current_values(form.modal)) == {"exam", "shared"}
    reply = await sim.fill(sim.ada, form, exam="2026-12-18")
    assert "December 18" in reply.text
    assert "hours" not in reply.text
    refused = await sim.press_old(sim.ada, "wm1:plansave:t-1:20261218:300:127:-:0")
    assert refused.text == "⚠️ T-1 has no time estimates, so you can only set an exam date."


@pytest.mark.parametrize("restart", [False, True])
async def test_deletion_asks_first_and_keeps_days_off(sim, rows, restart):
    for course in ("az-104", "dp-900"):
        await sim.set_plan(sim.ada, course, exam="2026-12-30", hours="5")
    await sim.add_days_off(sim.ada, "2026-12-07", "2026-12-13")
    await sim.set_plan(sim.bruno, exam="2026-12-30", hours="5")
    asked = await sim.click(sim.ada, await sim.command(sim.ada, "plan"), "Delete plan")
    assert asked.text.startswith("### Delete your AZ-104 exam date and study plan?\nThis can't be undone.")
    assert len(rows("select * from plan")) == 3
    if restart:
        await sim.restart()
    delete = asked.custom_id("Delete")
    assert "### AZ-104 exam in 40 days" in (await sim.click(sim.ada, asked, "Cancel")).text
    deleted = await sim.press_old(sim.ada, delete)
    assert deleted.text.startswith("✅ Exam date and plan deleted.")
    assert deleted.buttons == ["Set exam date"]
    assert rows("select learner_id, course from plan order by course") == [
        (sim.bruno.id, "az-104"),
        (sim.ada.id, "dp-900"),
    ]
    assert rows("select first_on, last_on from away") == [("2026-12-07", "2026-12-13")]


async def test_a_changed_plan_is_not_deleted_by_an_old_question(sim, rows):
    await sim.set_plan(sim.ada, **SET)
    asked = await sim.click(sim.ada, await sim.command(sim.ada, "plan"), "Delete plan")
    await sim.set_plan(sim.ada, hours="6")
    assert STALE in (await sim.press(sim.ada, asked.custom_id("Delete"), asked.message)).text
    assert STALE in (await sim.press(sim.bruno, asked.custom_id("Delete"), asked.message)).text
    assert goal(rows)[0] == 360


# --- Refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"exam": "soon"}, "“soon” isn't a date I understand."),
        ({"exam": "2026-11-19", "hours": "5"}, "November 19 is in the past. Choose an exam date from today on."),
        ({"exam": "2029-12-18", "hours": "5"}, "December 18, 2029 is more than three years ahead."),
        ({"exam": "2026-12-18", "hours": "many"}, "“many” isn't a number of hours. Try `5` or `2.5`."),
        ({"exam": "2026-12-18", "hours": "0.25"}, "Choose between 0.5 and 60 hours a week."),
        ({"exam": "2026-12-18", "hours": "61"}, "Choose between 0.5 and 60 hours a week."),
        ({"exam": "2026-12-18", "hours": "5", "start": "yesterday"}, "November 19 is in the past."),
        ({"exam": "2026-12-18", "hours": "5", "start": "2026-12-18"}, "has no day before the exam"),
        ({"exam": "2026-12-18", "hours": "60", "days": ["5", "6"]}, "60 hours a week on weekends are 30 hours a day."),
    ],
)  # fmt: skip
async def test_impossible_values_are_refused_with_a_remedy(sim, rows, given, said):
    reply = await sim.set_plan(sim.ada, **given)
    assert reply.private
    assert reply.text.startswith("⚠️ ")
    assert said in reply.text
    assert rows("select * from plan") == rows("select * from exam") == []


async def test_an_unknown_course_is_refused(sim):
    assert "Did you mean AZ-104" in (await sim.command(sim.ada, "plan", course="az-10")).text


async def test_the_form_survives_a_restart(sim, rows):
    panel = await sim.command(sim.ada, "plan")
    form = await sim.click(sim.ada, panel, "Set exam date")
    await sim.restart()
    await sim.fill(sim.ada, form, **SET)
    assert goal(rows)[0] == 300


async def test_it_works_in_direct_messages(sim, rows):
    await sim.set_plan(sim.ada.user, **SET)
    assert goal(rows)[0] == 300


async def test_a_plan_is_exported_and_deleted_with_other_data(sim, rows):
    panel = await sim.set_plan(sim.ada, **SET)
    await sim.fill(sim.ada, await sim.click(sim.ada, panel, "Calendar"), time="7:15")
    await sim.add_days_off(sim.ada, "2026-12-07", "2026-12-13")
    exported = (await sim.study.privacy.export(sim.ada.id))["tables"]
    assert exported["away"] == [{"first_on": "2026-12-07", "last_on": "2026-12-13"}]
    assert exported["plan"][0]["minutes_a_week"] == 300
    assert exported["plan"][0]["session_minute"] == 435
    await sim.study.privacy.forget(sim.ada.id)
    assert rows("select * from away") == rows("select * from plan") == []


async def test_plans_of_a_removed_course_are_kept(sim, course, rows):
    await sim.set_plan(sim.ada, **SET)
    await sim.restart(course({"a": {"m": ["u"]}}))
    reply = await sim.add_days_off(sim.ada, "2026-12-07", "2026-12-13")
    assert "AZ-104" not in reply.text
    assert goal(rows)[0] == 300


async def test_setting_only_the_exam_date_keeps_the_rest_of_the_plan(study):
    course = study.catalogue.default
    await study.plans.set_exam(1, course, date(2027, 6, 1))
    assert (await study.plans.find(1, course)).goal is None
    wanted = PlanSettings(date(2027, 5, 1), 300, frozenset((0, 2)), date(2026, 12, 1), shared=True)
    await study.plans.set(1, course, wanted)
    now = (await study.plans.set_exam(1, course, date(2027, 6, 1))).now
    assert (now.exam, now.shared) == (date(2027, 6, 1), True)
    assert (now.goal.minutes_a_week, now.goal.days, now.goal.start) == (300, {0, 2}, date(2026, 12, 1))
