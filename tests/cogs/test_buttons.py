"""Buttons and selects: their effect, on old messages and for other members."""

import pytest

from bot.views.limits import walk

WRONG = "Something went wrong on my end"
DEPLOY = "Deploy and manage Azure compute resources"
APP_SERVICE = "configure-azure-app-services"
FIRST = "prerequisites/intro-to-azure-cloud-shell"


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


# --- Undo, Redo, Done, Next --------------------------------------------------------------------------------


async def test_undo_removes_the_ticks_of_its_message_and_offers_to_restore_them(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    undone = await sim.click(sim.ada, reply, "Undo")
    assert f"○ {DEPLOY} is no longer marked complete" in undone.text
    assert "**0 of 6 paths**" in undone.text
    assert undone.message.id == reply.message.id
    assert ticked(rows, sim.ada) == []
    again = await sim.click(sim.ada, undone, "Redo")
    assert f"✅ {DEPLOY}: done" in again.text
    assert again.public == []
    assert len(ticked(rows, sim.ada)) == 48
    assert "Undo" in again.buttons


async def test_undo_takes_back_only_what_its_own_tick_added(sim, rows):
    module = await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    path = await sim.command(sim.ada, "complete", what="deploy")
    assert "35 units completed" in path.text
    await sim.click(sim.ada, path, "Undo")
    assert len(ticked(rows, sim.ada)) == 13
    await sim.click(sim.ada, module, "Undo")
    assert ticked(rows, sim.ada) == []


async def test_an_old_undo_keeps_later_ticks(sim, rows, clock):
    old = await sim.command(sim.ada, "complete", what="deploy")
    await sim.command(sim.ada, "undo", what=f"deploy/{APP_SERVICE}")
    clock.move(days=40)
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    reply = await sim.click(sim.ada, old, "Undo")
    assert "35 units unmarked" in reply.text
    assert len(ticked(rows, sim.ada)) == 13


async def test_an_undo_without_effect_says_so(sim, rows):
    old = await sim.command(sim.ada, "complete", what="deploy")
    await sim.command(sim.ada, "undo")
    await sim.command(sim.ada, "complete", what="manage")
    reply = await sim.click(sim.ada, old, "Undo")
    assert "That change has already been undone." in reply.text
    assert reply.private
    assert reply.message.id != old.message.id, "the old message is unchanged"
    assert len(ticked(rows, sim.ada)) == 53


async def test_done_ticks_and_shows_the_next_unit(sim, rows):
    reply = await sim.command(sim.ada, "next")
    then = await sim.click(sim.ada, reply, "Done")
    assert "✅ [Introduction](" in then.text
    assert "unit 2 of 6" in then.text
    assert then.message.id == reply.message.id
    assert ticked(rows, sim.ada) == [f"{FIRST}/1-introduction"]
    third = await sim.click(sim.ada, then, "Done")
    assert "unit 3 of 6" in third.text
    back = await sim.click(sim.ada, third, "Undo")
    assert "no longer marked complete" in back.text
    assert ticked(rows, sim.ada) == [f"{FIRST}/1-introduction"]
    assert "unit 2 of 6" in (await sim.click(sim.ada, back, "Next")).text


async def test_done_on_the_last_unit_of_a_path_offers_to_share_it(sim):
    for module in ("bash-introduction", "introduction-to-powershell", "create-azure-resource-manager-template-vs-code"):
        await sim.command(sim.ada, "complete", what=f"prerequisites/{module}")
    reply = await sim.command(sim.ada, "next")
    for _ in range(6):
        assert "Share" not in reply.buttons
        reply = await sim.click(sim.ada, reply, "Done")
    assert sim.channel_texts() == []
    assert "Understand Microsoft Entra ID" in reply.text
    shared = await sim.click(sim.ada, reply, "Share")
    path = sim.study.catalogue.default.nodes["prerequisites"]
    (public,) = shared.public
    assert public.startswith(f"🎉 **Ada** completed **[{path.title}]({path.link})**\n-# 1 of 6 paths of AZ-104\n")


async def test_done_on_an_outdated_message(sim, rows):
    old = await sim.command(sim.ada, "next")
    await sim.command(sim.ada, "complete", what="prerequisites")
    reply = await sim.click(sim.ada, old, "Done")
    assert "Introduction](" in reply.text
    assert "already complete" in reply.text
    assert "Understand Microsoft Entra ID" in reply.text
    assert len(ticked(rows, sim.ada)) == 29


async def test_next_and_paths_use_the_course_of_their_message(sim):
    progress = await sim.command(sim.ada, "progress", course="dp-900")
    assert "DP-900" in (await sim.click(sim.ada, progress, "Start")).text
    again = await sim.command(sim.ada, "progress", course="dp-900")
    assert "### DP-900 · Learning paths" in (await sim.click(sim.ada, again, "Paths")).text
    overview = await sim.command(sim.ada, "overview", course="az-900")
    assert "### AZ-900 · Learning paths" in (await sim.click(sim.ada, overview, "Paths")).text


async def test_buttons_work_in_direct_messages(sim, rows):
    me = sim.ada.user
    reply = await sim.command(me, "complete", what="deploy")
    undone = await sim.click(me, reply, "Undo")
    assert "no longer marked complete" in undone.text
    next_one = await sim.click(me, undone, "Next")
    done = await sim.click(me, next_one, "Done")
    assert "unit 2 of 6" in done.text
    assert ticked(rows, sim.ada) == [f"{FIRST}/1-introduction"]
    assert rows("select * from member") == [], "direct messages don't join a cohort"


async def test_long_lists_have_pages(sim, course):
    units = [f"unit-{number:02}" for number in range(45)]
    await sim.restart(course({"long": {"module": units}}))
    reply = await sim.command(sim.ada, "paths", find="long/module")
    seen = []
    for turn in ("Next ▶", "Next ▶", None):
        seen += [line.split()[2] for line in reply.text.split("\n") if line.startswith("○ Unit")]
        assert ("◀ Previous" in reply.buttons) == bool(len(seen) > 20)
        reply = await sim.click(sim.ada, reply, turn) if turn else reply
    assert seen == units
    assert "Next ▶" not in reply.buttons
    assert "Unit unit-20" in (await sim.click(sim.ada, reply, "◀ Previous")).text


# --- Share ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "says", "now"),
    [
        ("paths", {}, "### Ada · AZ-104 · Learning paths", "31%\n-# 1 of 5 modules"),
        ("paths", {"find": "deploy"}, f"### Ada · {DEPLOY}", "**1 of 5 modules**"),
        ("paths", {"find": f"deploy/{APP_SERVICE}"}, "### Ada · [Configure Azure App", "**13 of 13 units**"),
        ("progress", {}, "### Ada · AZ-104", "31%"),
    ],
)
async def test_share_posts_the_current_state_in_the_members_name(sim, name, options, says, now):
    await sim.command(sim.ada, "complete", what="monitor/intro-to-azure-backup")
    reply = await sim.command(sim.ada, name, **options)
    await sim.command(sim.ada, "complete", what=f"deploy/{APP_SERVICE}")
    before = len(sim.channel_texts())
    pressed = await sim.click(sim.ada, reply, "Share")
    assert pressed.private
    assert "Posted in this channel." in pressed.text
    assert pressed.buttons == ["Delete"]
    (public,) = pressed.public
    assert public.startswith(says)
    assert len(sim.channel_texts()) == before + 1
    (message,) = [each for each in pressed.result.followups if not each.ephemeral]
    assert not [part for top in message.components for part in walk(top) if part["type"] in {2, 3}], "no buttons"
    assert now in public


# --- several at once ------------------------------------------------------------------------------------------------


async def test_two_members_at_once(sim, rows):
    ada, bruno = await sim.concurrently(
        sim.command(sim.ada, "complete", what="deploy"), sim.command(sim.bruno, "complete", what="manage")
    )
    assert "48 units completed" in ada.text
    assert "53 units completed" in bruno.text
    assert (len(ticked(rows, sim.ada)), len(ticked(rows, sim.bruno))) == (48, 53)


async def test_the_same_command_several_times_at_once_is_one_completion(sim, rows):
    replies = await sim.concurrently(*(sim.command(sim.ada, "complete", what="deploy") for _ in range(3)))
    assert sorted(f"{DEPLOY}: done" in reply.text for reply in replies) == [False, False, True]
    assert sorted("already complete" in reply.text for reply in replies) == [False, True, True]
    assert all("**1 of 6 paths**" in reply.text for reply in replies)
    assert len(ticked(rows, sim.ada)) == 48


async def test_a_double_click_on_done_ticks_one_unit(sim, rows):
    reply = await sim.command(sim.ada, "next")
    first, second = await sim.concurrently(*(sim.click(sim.ada, reply, "Done") for _ in range(2)))
    assert ticked(rows, sim.ada) == [f"{FIRST}/1-introduction"]
    assert sorted("already complete" in each.text or "done" in each.text for each in (first, second)) == [True, True]
    assert "unit 2 of 6" in second.text


async def test_a_double_click_on_undo_is_answered_twice_and_undoes_once(sim, rows):
    await sim.command(sim.ada, "complete", what="manage")
    reply = await sim.command(sim.ada, "complete", what="deploy")
    replies = await sim.concurrently(*(sim.click(sim.ada, reply, "Undo") for _ in range(2)))
    assert len(ticked(rows, sim.ada)) == 53
    assert all(each.message and WRONG not in each.text for each in replies)


async def test_concurrent_undo_and_tick_end_in_a_confirmed_state(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    undone, command = await sim.concurrently(
        sim.click(sim.ada, reply, "Undo"), sim.command(sim.ada, "complete", what="deploy")
    )
    assert "no longer marked complete" in undone.text
    count = len(ticked(rows, sim.ada))
    assert ("already complete" in command.text, f"{DEPLOY}: done" in command.text, count) in [
        (True, False, 0),
        (False, True, 48),
    ]


# --- whose button, which version ------------------------------------------------------------------------------------


async def test_another_member_with_a_leaked_undo_undoes_nothing(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    await sim.command(sim.bruno, "complete", what="manage")
    leaked = reply.custom_id("Undo")
    pressed = await sim.press(sim.bruno, leaked, reply.message)
    assert "That change has already been undone." in pressed.text
    assert len(ticked(rows, sim.ada)) == 48
    assert len(ticked(rows, sim.bruno)) == 53


@pytest.mark.parametrize(("name", "label"), [("next", "Done"), ("paths", "Next"), ("progress", "Paths")])
async def test_another_members_press_acts_on_their_own_progress(sim, rows, name, label):
    await sim.command(sim.ada, "complete", what="prerequisites/bash-introduction")
    reply = await sim.command(sim.ada, name)
    before = ticked(rows, sim.ada)
    pressed = await sim.press(sim.bruno, reply.custom_id(label), reply.message)
    assert WRONG not in pressed.text
    assert ticked(rows, sim.ada) == before
    assert ticked(rows, sim.bruno) == ([f"{FIRST}/1-introduction"] if label == "Done" else [])


async def test_another_members_share_shows_their_own_progress(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    reply = await sim.command(sim.ada, "progress")
    pressed = await sim.press(sim.bruno, reply.custom_id("Share"), reply.message)
    (public,) = pressed.public
    assert "### Bruno · AZ-104\n**0 of 6 paths**" in public


ODD = {
    "wm2:next:az-104": "an older version of Waymark",
    "wm0:done:2e044506da": "an older version of Waymark",
    "wm999:teleport": "an older version of Waymark",
    "wm1:": "an older version of Waymark",
    "wm1:NEXT:az-104": "an older version of Waymark",
    "wm1:teleport:home": "This button no longer works",
    "wm1:done:0000000000": "The course has been updated",
    "wm1:done": "The course has been updated",
    "wm1:tick:' or 1=1 --": "The course has been updated",
    "wm1:open:../../etc/passwd": "The course has been updated",
    "wm1:form:0000000000": "The course has been updated",
    "wm1:undo:1": "That change has already been undone",
    "wm1:undo:abc": "This button is out of date",
    "wm1:undo": "This button is out of date",
    "wm1:undo:-1": "This button is out of date",
    "wm1:undo:²": "This button is out of date",
    f"wm1:undo:{'9' * 40}": "This button is out of date",
    "wm1:next:zz-999": "There is no course “zz-999”",
    "wm1:paths:zz-999": "There is no course “zz-999”",
    "wm1:share": "Run the command again to share it",
    "wm1:share:node": "Run the command again to share it",
    "wm1:announce": "The course has been updated",
    "wm1:announce:0000000000": "The course has been updated",
    "wm1:unshare": "This button is out of date",
    "wm1:join": "This button is out of date",
    "wm1:join:az-104:maybe": "This button is out of date",
    "wm1:join:zz-999:visible": "There is no course “zz-999”",
    "wm1:pick": "The course has been updated",
    "wm1:complete:0000000000:2026-01-01": "The course has been updated",
    "wm1:uncomplete": "The course has been updated",
    "wm1:resave:1": "This button is out of date",
    "wm1:saveon:1:2:3": "This button is out of date",
    "wm1:severalon:az-104:ff:000000:2026-01-01": "The course has been updated",
    "wm1:zoneset:Atlantis": "isn't a time zone I recognize",
    "wm1:share:node:0000000000": "The course has been updated",
    "wm1:share:progress:zz-999": "There is no course “zz-999”",
    "wm1:save:x:y:z": "",
    "wm1:save": "",
    "wm1:leave": "You aren't in a study group",
    "wm1:rejoin": "You haven't left a study group",
    "wms2:open": "an older version of Waymark",
    "wms1:teleport": "This button no longer works",
    "wms1:open": "The course has been updated",
    "wms1:course": "There is no course “nothing”",
}


@pytest.mark.parametrize("custom_id", ODD)
async def test_an_unknown_button_is_refused(sim, rows, custom_id):
    if custom_id.startswith("wms"):
        options = [{"label": "Nothing", "value": "nothing"}]
        old = sim.old_message({"type": 3, "custom_id": custom_id, "options": options})
        reply = await sim.press(sim.ada, custom_id, old, "nothing")
    else:
        old = sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
        reply = await sim.click(sim.ada, old, "Press")
    assert reply.private
    assert ODD[custom_id] in reply.text
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text
    assert reply.public == []
    assert rows("select count(*) from tick") == [(0,)]


async def test_a_form_id_on_a_button_is_refused(sim, catalogue):
    form = await sim.click(sim.ada, await sim.command(sim.ada, "paths", find="deploy"), "Mark complete…")
    custom_id = form.modal["custom_id"].replace("wmf1", "wm1")
    old = sim.old_message({"type": 2, "style": 1, "label": "Press", "custom_id": custom_id})
    reply = await sim.click(sim.ada, old, "Press")
    assert reply.text.startswith("⚠️ ")
    assert WRONG not in reply.text


async def test_old_buttons_after_the_course_changed(sim, course, rows):
    await sim.restart(course({"a": {"m": ["u1", "u2"]}, "b": {"m": ["u1"]}}))
    reply = await sim.command(sim.ada, "next")
    paths = await sim.command(sim.ada, "paths")
    ticked_b = await sim.command(sim.ada, "complete", what="b")
    await sim.restart(course({"b": {"m": ["u1"]}}))
    assert "The course has been updated" in (await sim.click(sim.ada, reply, "Done")).text
    opened = await sim.press(sim.ada, paths.custom_id("Open"), paths.message)
    assert "The course has been updated" in opened.text
    assert "All of T-1 is done" in (await sim.click(sim.ada, paths, "Next")).text
    assert "no longer marked complete" in (await sim.click(sim.ada, ticked_b, "Undo")).text
    assert ticked(rows, sim.ada) == []


async def test_an_old_button_on_a_renamed_unit_ticks_it_under_its_new_name(sim, course, rows):
    await sim.restart(course({"a": {"m": ["u1", "u2"]}}))
    reply = await sim.command(sim.ada, "next")
    await sim.restart(course({"a": {"m": ["u0", "u2"]}}, renamed={"a/m/u1": "a/m/u0"}))
    assert "Unit u0: done" in (await sim.click(sim.ada, reply, "Done")).text
    assert ticked(rows, sim.ada) == ["a/m/u0"]


async def test_buttons_of_a_course_that_is_no_longer_served(sim, course, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    paths = await sim.command(sim.ada, "paths")
    await sim.restart(course({"a": {"m": ["u1"]}}))
    assert "AZ-104, a course this bot no longer offers" in (await sim.click(sim.ada, reply, "Undo")).text
    assert "There is no course “az-104”" in (await sim.click(sim.ada, paths, "Next")).text
    assert "AZ-104, a course this bot no longer offers" in (await sim.command(sim.ada, "undo")).text
    assert len(ticked(rows, sim.ada)) == 48
