"""Buttons and selects: what a press does, however old the message is and whoever presses."""

import pytest

from bot.views.limits import walk

WRONG = "Something went wrong on my side"
DEPLOY = "Deploy and manage Azure compute resources"
APP_SERVICE = "configure-azure-app-services"
FIRST = "prerequisites/intro-to-azure-cloud-shell"


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


# --- Undo, Tick it again, Done, Next --------------------------------------------------------------------------------


async def test_undo_takes_back_what_its_message_ticked_and_offers_to_tick_it_again(world, rows):
    reply = await world.command(world.ada, "complete", path="deploy")
    undone = await world.click(world.ada, reply, "Undo")
    assert f"○ {DEPLOY}: no longer ticked" in undone.text
    assert "**0 of 6 paths**" in undone.text
    assert undone.message.id == reply.message.id
    assert ticked(rows, world.ada) == []
    again = await world.click(world.ada, undone, "Tick it again")
    assert f"✅ {DEPLOY}: done" in again.text
    assert again.public == []
    assert len(ticked(rows, world.ada)) == 48
    assert "Undo" in again.buttons


async def test_undo_takes_back_only_what_its_own_tick_added(world, rows):
    module = await world.command(world.ada, "complete", path="deploy", module=APP_SERVICE)
    path = await world.command(world.ada, "complete", path="deploy")
    assert "35 ticks made" in path.text
    await world.click(world.ada, path, "Undo")
    assert len(ticked(rows, world.ada)) == 13
    await world.click(world.ada, module, "Undo")
    assert ticked(rows, world.ada) == []


async def test_an_old_undo_leaves_what_was_ticked_since(world, rows, clock):
    old = await world.command(world.ada, "complete", path="deploy")
    await world.command(world.ada, "undo", path="deploy", module=APP_SERVICE)
    clock.move(days=40)
    await world.command(world.ada, "complete", path="deploy", module=APP_SERVICE)
    reply = await world.click(world.ada, old, "Undo")
    assert "35 ticks taken back" in reply.text
    assert len(ticked(rows, world.ada)) == 13


async def test_an_undo_of_which_nothing_is_left_says_so(world, rows):
    old = await world.command(world.ada, "complete", path="deploy")
    await world.command(world.ada, "undo")
    await world.command(world.ada, "complete", path="manage")
    reply = await world.click(world.ada, old, "Undo")
    assert "Nothing of that tick is left to undo." in reply.text
    assert reply.private
    assert reply.message.id != old.message.id, "the old message stays as it was"
    assert len(ticked(rows, world.ada)) == 53


async def test_done_ticks_and_goes_on_to_the_next(world, rows):
    reply = await world.command(world.ada, "next")
    then = await world.click(world.ada, reply, "Done")
    assert "✅ [Introduction](" in then.text
    assert "unit 2 of 6" in then.text
    assert then.message.id == reply.message.id
    assert ticked(rows, world.ada) == [f"{FIRST}/1-introduction"]
    third = await world.click(world.ada, then, "Done")
    assert "unit 3 of 6" in third.text
    back = await world.click(world.ada, third, "Undo")
    assert "no longer ticked" in back.text
    assert ticked(rows, world.ada) == [f"{FIRST}/1-introduction"]
    assert "unit 2 of 6" in (await world.click(world.ada, back, "Next")).text


async def test_done_on_the_last_unit_of_a_path_is_public(world):
    for module in ("bash-introduction", "introduction-to-powershell", "create-azure-resource-manager-template-vs-code"):
        await world.command(world.ada, "complete", path="prerequisites", module=module)
    reply = await world.command(world.ada, "next")
    for _ in range(6):
        assert world.channel_texts() == []
        reply = await world.click(world.ada, reply, "Done")
    (line,) = world.channel_texts()
    assert line.startswith("🎉 **Ada** completed **[Prerequisites for Azure administrators](")
    assert line.endswith("1 of 6 paths of AZ-104")
    assert "Understand Microsoft Entra ID" in reply.text


async def test_done_on_a_message_of_before_somebody_ticked_elsewhere(world, rows):
    old = await world.command(world.ada, "next")
    await world.command(world.ada, "complete", path="prerequisites")
    reply = await world.click(world.ada, old, "Done")
    assert "Introduction](" in reply.text
    assert "already ticked" in reply.text
    assert "Understand Microsoft Entra ID" in reply.text
    assert len(ticked(rows, world.ada)) == 29


async def test_next_and_paths_lead_on_in_the_course_of_their_message(world):
    progress = await world.command(world.ada, "progress", course="dp-900")
    assert "DP-900" in (await world.click(world.ada, progress, "Next")).text
    again = await world.command(world.ada, "progress", course="dp-900")
    assert "### DP-900 · Learning paths" in (await world.click(world.ada, again, "Paths")).text
    overview = await world.command(world.ada, "overview", course="az-900")
    assert "### AZ-900 · Learning paths" in (await world.click(world.ada, overview, "See the paths")).text


async def test_buttons_work_in_direct_messages(world, rows):
    me = world.ada.user
    reply = await world.command(me, "complete", path="deploy")
    undone = await world.click(me, reply, "Undo")
    assert "no longer ticked" in undone.text
    next_one = await world.click(me, undone, "Next")
    done = await world.click(me, next_one, "Done")
    assert "unit 2 of 6" in done.text
    assert ticked(rows, world.ada) == [f"{FIRST}/1-introduction"]
    assert rows("select * from member") == [], "nobody joins a cohort from direct messages"


async def test_long_lists_have_pages(world, course):
    units = [f"unit-{number:02}" for number in range(45)]
    await world.restart(course({"long": {"module": units}}))
    reply = await world.command(world.ada, "path", path="long", module="module")
    seen = []
    for turn in ("More ▶", "More ▶", None):
        seen += [line.split()[2] for line in reply.text.split("\n") if line.startswith("○ Unit")]
        assert ("◀ Earlier" in reply.buttons) == bool(len(seen) > 20)
        reply = await world.click(world.ada, reply, turn) if turn else reply
    assert seen == units
    assert "More ▶" not in reply.buttons
    assert "Unit unit-20" in (await world.click(world.ada, reply, "◀ Earlier")).text


# --- Share ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "says", "now"),
    [
        ("paths", {}, "### Ada · AZ-104 · Learning paths", "31 % · 1/5 modules"),
        ("path", {"path": "deploy"}, f"### Ada · {DEPLOY}", "**1 of 5 modules**"),
        ("path", {"path": "deploy", "module": APP_SERVICE}, "### Ada · [Configure Azure App", "**13 of 13 units**"),
        ("progress", {}, "### Ada · AZ-104", "31 %"),
        ("complete", {"path": "monitor"}, "### Ada · AZ-104", "31 %"),
    ],
)
async def test_share_shows_the_channel_what_is_so_now_in_the_members_name(world, name, options, says, now):
    reply = await world.command(world.ada, name, **options)
    await world.command(world.ada, "complete", path="deploy", module=APP_SERVICE)
    before = len(world.channel_texts())
    pressed = await world.click(world.ada, reply, "Share")
    assert pressed.private
    assert "Shared with the channel." in pressed.text
    (public,) = pressed.public
    assert public.startswith(says)
    assert len(world.channel_texts()) == before + 1
    (message,) = [each for each in pressed.result.followups if not each.ephemeral]
    assert not [part for top in message.components for part in walk(top) if part["type"] in {2, 3}], "nothing to press"
    assert now in public


# --- several at once ------------------------------------------------------------------------------------------------


async def test_two_members_at_once(world, rows):
    ada, bruno = await world.at_once(
        world.command(world.ada, "complete", path="deploy"), world.command(world.bruno, "complete", path="manage")
    )
    assert "48 ticks made" in ada.text
    assert "53 ticks made" in bruno.text
    assert [len(ada.public), len(bruno.public)] == [1, 1]
    assert (len(ticked(rows, world.ada)), len(ticked(rows, world.bruno))) == (48, 53)


async def test_the_same_command_twice_at_once_is_one_tick_and_one_public_line(world, rows):
    replies = await world.at_once(*(world.command(world.ada, "complete", path="deploy") for _ in range(3)))
    assert sorted(f"{DEPLOY}: done" in reply.text for reply in replies) == [False, False, True]
    assert sorted("already ticked" in reply.text for reply in replies) == [False, True, True]
    assert all("**1 of 6 paths**" in reply.text for reply in replies)
    assert len(world.channel_texts()) == 1
    assert len(ticked(rows, world.ada)) == 48


async def test_a_double_click_on_done_ticks_one_unit(world, rows):
    reply = await world.command(world.ada, "next")
    first, second = await world.at_once(*(world.click(world.ada, reply, "Done") for _ in range(2)))
    assert ticked(rows, world.ada) == [f"{FIRST}/1-introduction"]
    assert sorted("already ticked" in each.text or "done" in each.text for each in (first, second)) == [True, True]
    assert "unit 2 of 6" in second.text


async def test_a_double_click_on_undo_is_answered_twice_and_undoes_once(world, rows):
    await world.command(world.ada, "complete", path="manage")
    reply = await world.command(world.ada, "complete", path="deploy")
    replies = await world.at_once(*(world.click(world.ada, reply, "Undo") for _ in range(2)))
    assert len(ticked(rows, world.ada)) == 53
    assert all(each.message and WRONG not in each.text for each in replies)


async def test_undo_and_tick_at_once_end_in_something_that_was_said(world, rows):
    reply = await world.command(world.ada, "complete", path="deploy")
    undone, command = await world.at_once(
        world.click(world.ada, reply, "Undo"), world.command(world.ada, "complete", path="deploy")
    )
    assert "no longer ticked" in undone.text
    count = len(ticked(rows, world.ada))
    assert ("already ticked" in command.text, f"{DEPLOY}: done" in command.text, count) in [
        (True, False, 0),
        (False, True, 48),
    ]


# --- whose button, which version ------------------------------------------------------------------------------------


async def test_another_member_with_a_leaked_undo_undoes_nothing(world, rows):
    reply = await world.command(world.ada, "complete", path="deploy")
    await world.command(world.bruno, "complete", path="manage")
    leaked = reply.custom_id("Undo")
    pressed = await world.press(world.bruno, leaked, reply.message)
    assert "Nothing of that tick is left to undo." in pressed.text
    assert len(ticked(rows, world.ada)) == 48
    assert len(ticked(rows, world.bruno)) == 53


@pytest.mark.parametrize(("name", "label"), [("next", "Done"), ("paths", "Next"), ("progress", "Paths")])
async def test_another_members_press_acts_on_their_own_progress(world, rows, name, label):
    await world.command(world.ada, "complete", path="prerequisites", module="bash-introduction")
    reply = await world.command(world.ada, name)
    before = ticked(rows, world.ada)
    pressed = await world.press(world.bruno, reply.custom_id(label), reply.message)
    assert WRONG not in pressed.text
    assert ticked(rows, world.ada) == before
    assert ticked(rows, world.bruno) == ([f"{FIRST}/1-introduction"] if label == "Done" else [])


async def test_another_members_share_shows_their_own_progress(world):
    await world.command(world.ada, "complete", path="deploy")
    reply = await world.command(world.ada, "progress")
    pressed = await world.press(world.bruno, reply.custom_id("Share"), reply.message)
    (public,) = pressed.public
    assert "### Bruno · AZ-104\n**0 of 6 paths**" in public


ODD = {
    "wm2:next:az-104": "another version of Waymark",
    "wm0:done:2e044506da": "another version of Waymark",
    "wm999:teleport": "another version of Waymark",
    "wm1:": "another version of Waymark",
    "wm1:NEXT:az-104": "another version of Waymark",
    "wm1:teleport:home": "no use any more",
    "wm1:done:0000000000": "The course has changed",
    "wm1:done": "The course has changed",
    "wm1:tick:' or 1=1 --": "The course has changed",
    "wm1:open:../../etc/passwd": "The course has changed",
    "wm1:form:0000000000": "The course has changed",
    "wm1:undo:1": "Nothing of that tick is left",
    "wm1:undo:abc": "can't be read",
    "wm1:undo": "can't be read",
    "wm1:undo:-1": "can't be read",
    "wm1:undo:²": "can't be read",
    f"wm1:undo:{'9' * 40}": "can't be read",
    "wm1:next:zz-999": "There is no course “zz-999”",
    "wm1:paths:zz-999": "There is no course “zz-999”",
    "wm1:share": "can't be shared",
    "wm1:share:node": "can't be shared",
    "wm1:share:node:0000000000": "The course has changed",
    "wm1:share:progress:zz-999": "There is no course “zz-999”",
    "wm1:save:x:y:z": "",
    "wm1:save": "",
    "wm1:leave": "not in a cohort",
    "wm1:rejoin": "not left a cohort",
    "wms2:open": "another version of Waymark",
    "wms1:teleport": "no use any more",
    "wms1:open": "The course has changed",
    "wms1:course": "There is no course “nothing”",
}


@pytest.mark.parametrize("custom_id", ODD)
async def test_a_button_that_is_no_longer_understood_is_refused_in_words(world, rows, custom_id):
    if custom_id.startswith("wms"):
        options = [{"label": "Nothing", "value": "nothing"}]
        old = world.old_message({"type": 3, "custom_id": custom_id, "options": options})
        reply = await world.press(world.ada, custom_id, old, "nothing")
    else:
        old = world.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
        reply = await world.click(world.ada, old, "Press")
    assert reply.private
    assert ODD[custom_id] in reply.text
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text
    assert reply.public == []
    assert rows("select count(*) from tick") == [(0,)]


async def test_a_form_sent_in_as_a_button_is_refused_in_words(world, catalogue):
    form = await world.click(world.ada, await world.command(world.ada, "path", path="deploy"), "Tick")
    custom_id = form.modal["custom_id"].replace("wmf1", "wm1")
    old = world.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
    reply = await world.click(world.ada, old, "Press")
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text


async def test_old_buttons_once_the_course_has_changed(world, course, rows):
    await world.restart(course({"a": {"m": ["u1", "u2"]}, "b": {"m": ["u1"]}}))
    reply = await world.command(world.ada, "next")
    paths = await world.command(world.ada, "paths")
    ticked_b = await world.command(world.ada, "complete", path="b")
    await world.restart(course({"b": {"m": ["u1"]}}))
    assert "The course has changed" in (await world.click(world.ada, reply, "Done")).text
    assert "The course has changed" in (await world.choose(world.ada, paths, "Path a")).text
    assert "All of T-1 is done" in (await world.click(world.ada, paths, "Next")).text
    assert "no longer ticked" in (await world.click(world.ada, ticked_b, "Undo")).text
    assert ticked(rows, world.ada) == []


async def test_an_old_button_on_a_renamed_unit_ticks_it_under_its_new_name(world, course, rows):
    await world.restart(course({"a": {"m": ["u1", "u2"]}}))
    reply = await world.command(world.ada, "next")
    await world.restart(course({"a": {"m": ["u0", "u2"]}}, renamed={"a/m/u1": "a/m/u0"}))
    assert "Unit u0: done" in (await world.click(world.ada, reply, "Done")).text
    assert ticked(rows, world.ada) == ["a/m/u0"]


async def test_buttons_of_a_course_that_is_no_longer_served(world, course, rows):
    reply = await world.command(world.ada, "complete", path="deploy")
    paths = await world.command(world.ada, "paths")
    await world.restart(course({"a": {"m": ["u1"]}}))
    assert "AZ-104, a course that this bot no longer serves" in (await world.click(world.ada, reply, "Undo")).text
    assert "There is no course “az-104”" in (await world.click(world.ada, paths, "Next")).text
    assert "AZ-104, a course that" in (await world.command(world.ada, "undo")).text
    assert len(ticked(rows, world.ada)) == 48
