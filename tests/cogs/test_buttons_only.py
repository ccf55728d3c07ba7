"""Ten everyday tasks with buttons and forms only, from the pinned study panel and the welcome message."""

import pytest
from simcord.results import ResponseMessage

from bot.views.welcome import study_panel


@pytest.fixture
def panel(sim):
    """The study panel, posted in the channel."""
    components = sim.bot.references.view(study_panel("AZ-104", "az-104")).to_components()
    backend = sim.env.backend
    stored = backend.create_message(sim.channel.id, backend.bot_user.id, components=components, flags=1 << 15)
    return ResponseMessage(sim.env, stored)


@pytest.fixture
def follow(sim, panel):
    """Presses buttons one after the other, from the panel on: ``await follow("More", "Help")``."""

    async def press(*labels, who=None):
        reply = panel
        for label in labels:
            if label == "Open":  # each path has one
                reply = await sim.press(who or sim.ada, reply.custom_id(label), reply.message)
            else:
                reply = await sim.click(who or sim.ada, reply, label)
            assert reply.result.modal is not None or reply.private, "answers on a public message are private"
        return reply

    return press


async def test_see_what_is_next(follow):
    assert "Done" in (await follow("Next")).buttons


async def test_complete_the_next_unit_and_undo_it(follow, rows, sim):
    done = await follow("Done")
    assert rows("select count(*) from tick") == [(1,)]
    await sim.click(sim.ada, done, "Undo")
    assert rows("select count(*) from tick") == [(0,)]


async def test_complete_a_module_last_saturday(follow, rows, sim):
    form = await follow("More", "Skip", "More", "Learning paths", "Open", "Mark complete…")
    key = form.modal["components"][0]["component"]["options"][0]["value"]
    saved = await sim.fill(sim.ada, form, group0=[key], when="last Saturday")
    assert "November 14" in saved.text or "<t:" in saved.text
    days = rows("select distinct date(done_at, 'unixepoch') from tick")
    assert days == [("2026-11-14",)], "today is Friday, November 20"


async def test_set_the_exam_date_and_see_the_plan(follow, rows, sim):
    plan = await sim.fill(sim.ada, await follow("Plan", "Set exam date"), exam="in 5 weeks", hours="5")
    assert "Plan saved." in plan.text
    assert rows("select exam_on from exam") == [("2026-12-25",)]


async def test_review_questions(follow, rows, sim):
    await sim.click(sim.ada, await follow("Next"), "Done")
    asked = await follow("Review")
    answered = await sim.click(sim.ada, asked, "A")
    assert {"Next", "Good"} & {label.split(" ·")[0] for label in answered.buttons}
    assert rows("select count(*) from review") == [(1,)]


async def test_see_my_progress(follow):
    assert "Your progress" in (await follow("My progress")).text


async def test_ask_for_reminders(follow, rows, sim):
    form = await follow("More", "Skip", "More", "Reminders", "Set a reminder")
    await sim.fill(sim.ada, form, days=["0", "2"], time="6pm")
    assert rows("select state, minute from reminder") == [("on", 1080)]


async def test_take_days_off_and_come_back(follow, rows, sim):
    form = await follow("More", "Skip", "More", "Days off", "Add days off")
    await sim.fill(sim.ada, form, first="today", last="in 3 days")
    assert rows("select first_on, last_on from away") == [("2026-11-20", "2026-11-23")]
    await follow("More", "More", "Days off", "Back early")
    assert rows("select count(*) from away where last_on >= '2026-11-20'") == [(0,)]


async def test_download_and_delete_my_data(follow, rows, sim):
    await follow("Done")
    privacy = await follow("More", "More", "Privacy")
    assert (await sim.click(sim.ada, privacy, "Download my data")).message.attachments
    await sim.click(sim.ada, await sim.click(sim.ada, privacy, "Delete my data"), "Delete everything")
    assert rows("select count(*) from tick") == [(0,)]


async def test_practice_for_the_exam(follow, rows):
    asked = await follow("More", "Skip", "More", "Mock exam", "Start")
    assert "Flag" in asked.buttons
    assert rows("select count(*) from mock where ended_at is null") == [(1,)]


async def test_the_panel_works_after_a_restart_and_for_everyone(follow, rows, sim):
    await sim.restart()
    for who in (sim.ada, sim.bruno):
        await follow("Done", who=who)
    assert rows("select count(distinct learner_id) from tick") == [(2,)]
