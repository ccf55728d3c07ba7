"""Who sees whose progress: members are asked once, in the reply to a completion, and can change their mind."""

import pytest

QUESTION = "Your study group here can see each other's progress. Show yours?"


def members(rows):
    return rows("select learner_id, left_at is null from member order by learner_id")


async def test_nothing_is_visible_before_the_member_chooses(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    assert QUESTION in reply.text
    assert {"Visible", "Hidden"} <= {*reply.buttons}
    assert members(rows) == []
    await sim.join(sim.bruno)
    assert "isn't in this server's" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text


async def test_visible_joins_and_hide_mine_takes_it_back(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    await sim.restart()
    joined = await sim.click(sim.ada, reply, "Visible")
    assert "You're in this server's AZ-104 study group\nMembers can see each other's progress." in joined.text
    assert joined.private
    assert members(rows) == [(sim.ada.id, 1)]
    await sim.join(sim.bruno)
    assert "**1 of 6 paths**" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    hidden = await sim.click(sim.ada, joined, "Hide mine")
    assert "Your progress stays private here" in hidden.text
    assert "isn't in this server's" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text
    await sim.click(sim.ada, hidden, "Show mine")
    assert "**1 of 6 paths**" in (await sim.command(sim.bruno, "progress", member=sim.ada)).text


@pytest.mark.parametrize("choice", ["Visible", "Hidden"])
async def test_a_choice_is_not_asked_for_again(sim, rows, choice):
    await sim.click(sim.ada, await sim.command(sim.ada, "complete", what="deploy"), choice)
    assert members(rows) == [(sim.ada.id, int(choice == "Visible"))]
    later = await sim.command(sim.ada, "complete", what="manage")
    assert QUESTION not in later.text
    done = await sim.click(sim.ada, await sim.command(sim.ada, "next"), "Done")
    assert QUESTION not in done.text


async def test_the_question_stays_until_it_is_answered(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    done = await sim.click(sim.ada, await sim.command(sim.ada, "next"), "Done")
    assert QUESTION in done.text
    form = await sim.click(sim.ada, await sim.command(sim.ada, "paths", find="manage"), "Mark complete…")
    assert QUESTION in (await sim.submit(sim.ada, form, "Understand Microsoft Entra ID")).text
    assert QUESTION in (await sim.command(sim.ada, "complete", what="deploy")).text, "already complete"
    assert QUESTION not in (await sim.command(sim.ada, "undo")).text


async def test_direct_messages_have_no_study_group(sim, rows):
    reply = await sim.command(sim.ada.user, "complete", what="deploy")
    assert QUESTION not in reply.text
    forged = {"type": 2, "style": 2, "label": "Visible", "custom_id": "wm1:join:az-104:visible"}
    pressed = await sim.click(sim.ada.user, sim.old_message(forged, to=sim.ada.user), "Visible")
    assert "Study groups are in servers." in pressed.text
    assert members(rows) == []


async def test_who_is_hidden_everywhere_is_not_asked_and_told_why_joining_shows_nothing(sim):
    await sim.study.privacy.set_visibility(sim.ada.id, hidden=True)
    reply = await sim.command(sim.ada, "complete", what="deploy")
    assert QUESTION not in reply.text
    old = sim.old_message({"type": 2, "style": 2, "label": "Visible", "custom_id": "wm1:join:az-104:visible"})
    pressed = await sim.click(sim.ada, old, "Visible")
    assert "But you've hidden your progress everywhere, so members don't see it." in pressed.text
    assert "Hidden" in (await sim.click(sim.ada, pressed, "Change that")).text


async def test_a_stranger_who_presses_the_button_chooses_for_themselves(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    await sim.press(sim.bruno, reply.custom_id("Visible"), reply.message)
    assert members(rows) == [(sim.bruno.id, 1)]


async def test_each_course_of_a_server_has_its_own_study_group(sim, rows):
    await sim.join(sim.ada)
    reply = await sim.command(sim.ada, "complete", what="concepts", course="az-900")
    assert QUESTION in reply.text
    joined = await sim.click(sim.ada, reply, "Visible")
    assert "this server's AZ-900 study group" in joined.text
    assert rows("select course from member order by course") == [("az-104",), ("az-900",)]
