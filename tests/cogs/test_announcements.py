"""Announcements of completed paths: only on request, each once, and undo deletes them."""

import pytest
from discord import Permissions
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.cogs.conftest import text_of

DEPLOY = "Deploy and manage Azure compute resources"
PUBLIC = (
    f"🎉 **Ada** completed **{DEPLOY}**\n-# 1 of 6 paths of AZ-104\n"
    f"Ada completed the learning path {DEPLOY}. 3 h 21 min · November 20, 2026. Its badge has a check mark.\nView path"
)


@pytest.fixture
async def ada_announces(sim):
    await sim.study.privacy.set_announcing(sim.ada.id, announces=True)
    return sim.ada


def recorded(rows):
    return rows("select learner_id, route, channel_id, message_id from announcement")


def allow(rows, sim, *, announcements):
    rows("update server set announcements = ? where server_id = ?", int(announcements), sim.guild.id)


def messages(sim):
    stored = sim.env.backend.messages.get(sim.channel.id, {}).values()
    public = [message for message in stored if not message.is_ephemeral]
    return [message.id for message in public if "Hi, I'm Waymark" not in text_of(message.components)]


def deny_reading(sim):
    sim.env.inject_error("GET", "/channels/*/messages", status=403, code=50001)


# --- Share ----------------------------------------------------------------------------------------------------------


async def test_completing_a_path_announces_nothing_by_itself(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    assert "Share" in reply.buttons
    assert sim.channel_texts() == []
    assert recorded(rows) == []


async def test_share_posts_to_the_channel_and_records_the_message(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    await sim.restart()
    shared = await sim.click(sim.ada, reply, "Share")
    assert shared.private
    assert f"🎉 Announced in <#{sim.channel.id}>." in shared.text
    assert sim.channel_texts() == [PUBLIC]
    assert recorded(rows) == [(sim.ada.id, "deploy", sim.channel.id, messages(sim)[0])]


async def test_everyone_can_open_the_path_from_an_announcement(sim):
    shared = await sim.click(sim.ada, await sim.command(sim.ada, "complete", what="deploy"), "Share")
    (public,) = [each for each in shared.result.followups if not each.ephemeral]
    opened = await sim.click(sim.bruno, public, "View path")
    assert opened.private
    assert "**0 of 5 modules**" in opened.text


async def test_share_again_posts_nothing(sim):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    await sim.click(sim.ada, reply, "Share")
    again = await sim.click(sim.ada, reply, "Share")
    assert f"Already announced: [see the message](https://discord.com/channels/{sim.guild.id}/" in again.text
    assert len(sim.channel_texts()) == 1


async def test_a_double_click_posts_once(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    await sim.concurrently(*(sim.click(sim.ada, reply, "Share") for _ in range(3)))
    assert len(sim.channel_texts()) == 1
    assert len(recorded(rows)) == 1


async def test_only_who_completed_a_path_can_announce_it(sim):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    pressed = await sim.press(sim.bruno, reply.custom_id("Share"), reply.message)
    assert f"You haven't completed **{DEPLOY}**" in pressed.text
    await sim.command(sim.ada, "undo")
    key = sim.study.catalogue.default.nodes["deploy"].key
    old = sim.old_message({"type": 2, "style": 2, "label": "Share", "custom_id": f"wm1:announce:{key}"})
    assert "You haven't completed" in (await sim.click(sim.ada, old, "Share")).text


async def test_a_server_can_turn_announcements_off(sim, rows, ada_announces):
    allow(rows, sim, announcements=False)
    reply = await sim.command(ada_announces, "complete", what="deploy")
    assert "Share" not in reply.buttons
    key = sim.study.catalogue.default.nodes["deploy"].key
    old = sim.old_message({"type": 2, "style": 2, "label": "Share", "custom_id": f"wm1:announce:{key}"})
    assert "Announcements are turned off in this server." in (await sim.click(sim.ada, old, "Share")).text
    assert recorded(rows) == []


async def test_nothing_is_shared_in_direct_messages(sim):
    assert "Share" not in (await sim.command(sim.ada.user, "complete", what="deploy")).buttons


async def test_the_bot_does_not_write_where_the_member_may_not(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    everyone = Overwrite(sim.guild.id, OverwriteType.ROLE, allow=0, deny=Permissions(send_messages=True).value)
    listed = await sim.command(sim.ada, "progress")
    sim.env.backend.set_overwrite(sim.channel.id, everyone)
    shared = await sim.click(sim.ada, reply, "Share")
    assert "You can't write in this channel." in shared.text
    assert "You can't write in this channel." in (await sim.click(sim.ada, listed, "Share")).text
    assert sim.channel_texts() == []
    assert recorded(rows) == []


async def test_names_are_escaped_and_nobody_is_pinged(sim):
    user = sim.env.create_user("eve", global_name="@everyone **[x](https://evil.example)**")
    eve = sim.guild.add_member(user)
    shared = await sim.click(eve, await sim.command(eve, "complete", what="deploy"), "Share")
    assert r"@everyone \*\*\[x\]" in shared.public[0]
    assert all(sent["allowed_mentions"] == {"parse": []} for sent in sim.sent("/webhooks/") if sent)


# --- the setting ----------------------------------------------------------------------------------------------------


async def test_a_member_who_wants_it_is_announced_at_once(sim, rows, ada_announces):
    reply = await sim.command(ada_announces, "complete", what="deploy")
    assert sim.channel_texts() == [PUBLIC]
    assert f"🎉 Announced in <#{sim.channel.id}>." in reply.text
    assert {"Undo", "Delete announcement"} <= {*reply.buttons}
    assert "Share" not in reply.buttons
    assert len(recorded(rows)) == 1
    undone = await sim.click(ada_announces, reply, "Undo")
    assert "1 announcement deleted." in undone.text
    assert sim.channel_texts() == []
    assert recorded(rows) == []


async def test_only_the_announcement_can_be_deleted(sim, rows, ada_announces):
    reply = await sim.command(ada_announces, "complete", what="deploy")
    assert "Deleted." in (await sim.click(ada_announces, reply, "Delete announcement")).text
    assert sim.channel_texts() == []
    assert rows("select count(*) from tick") == [(48,)]


@pytest.mark.parametrize("way", ["done", "form"])
async def test_every_way_to_complete_a_path_announces_it(sim, ada_announces, way):
    path = sim.study.catalogue.default.nodes["monitor"]
    if way == "form":
        form = await sim.click(sim.ada, await sim.command(sim.ada, "paths", find="monitor"), "Mark complete…")
        reply = await sim.submit(sim.ada, form, *(module.title for module in path.modules))
    else:
        for other in sim.study.catalogue.default.paths[:-1]:
            await sim.study.progress.complete(sim.asker(sim.ada), other)
        for leaf in path.leaves[:-1]:
            await sim.study.progress.complete(sim.asker(sim.ada), sim.study.catalogue.default.nodes[leaf])
        reply = await sim.click(sim.ada, await sim.command(sim.ada, "next"), "Done")
    assert "Announced in" in reply.text
    (public,) = sim.channel_texts()
    assert f"completed **[{path.title}]" in public


async def test_the_hidden_are_not_announced_by_the_setting(sim, ada_announces):
    await sim.study.privacy.set_visibility(sim.ada.id, hidden=True)
    await sim.command(sim.ada, "complete", what="deploy")
    await sim.study.privacy.set_visibility(sim.ada.id, hidden=False)
    await sim.study.progress.join(sim.asker(sim.ada), sim.study.catalogue.default, visible=False)
    await sim.command(sim.ada, "complete", what="manage")
    assert sim.channel_texts() == []
    await sim.join(sim.ada)
    await sim.command(sim.ada, "complete", what="monitor")
    assert len(sim.channel_texts()) == 1


async def test_a_rejected_announcement_is_told_and_can_be_shared_later(sim, rows, ada_announces):
    sim.env.inject_error("POST", "/webhooks/*", status=403, code=50013)
    reply = await sim.command(ada_announces, "complete", what="deploy")
    assert "**1 of 6 paths**" in reply.text
    assert "Discord didn't let me post" in reply.text
    assert recorded(rows) == []
    key = sim.study.catalogue.default.nodes["deploy"].key
    old = sim.old_message({"type": 2, "style": 2, "label": "Share", "custom_id": f"wm1:announce:{key}"})
    assert "Announced in" in (await sim.click(sim.ada, old, "Share")).text


# --- undo -----------------------------------------------------------------------------------------------------------


async def shared(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    await sim.click(sim.ada, reply, "Share")
    assert len(recorded(rows)) == 1
    return reply


@pytest.mark.parametrize("what", [None, "deploy", "deploy/configure-azure-app-services"])
async def test_undo_deletes_the_announcement(sim, rows, what):
    await shared(sim, rows)
    await sim.restart()
    reply = await sim.command(sim.ada, "undo", **({"what": what} if what else {}))
    assert "1 announcement deleted." in reply.text
    assert sim.channel_texts() == []
    assert recorded(rows) == []


async def test_unmarking_in_a_form_deletes_the_announcement(sim, rows):
    await shared(sim, rows)
    form = await sim.click(sim.ada, await sim.command(sim.ada, "paths", find="deploy"), "Mark complete…")
    saved = await sim.submit(sim.ada, form, "Configure Azure App Service")
    assert "1 announcement deleted." in saved.text
    assert sim.channel_texts() == []


async def test_undoing_something_else_keeps_the_announcement(sim, rows):
    await shared(sim, rows)
    await sim.command(sim.ada, "complete", what="manage/understand-azure-active-directory")
    assert "announcement" not in (await sim.command(sim.ada, "undo")).text
    assert len(recorded(rows)) == 1


async def test_an_announcement_that_cant_be_deleted_is_told_and_can_be_tried_again(sim, rows):
    reply = await shared(sim, rows)
    sim.env.inject_error("DELETE", "/channels/*/messages/*", status=403, code=50001)
    undone = await sim.click(sim.ada, reply, "Undo")
    assert "is no longer marked complete" in undone.text
    assert "⚠️ I couldn't delete [the announcement](https://discord.com/channels/" in undone.text
    assert len(sim.channel_texts()) == len(recorded(rows)) == 1
    again = await sim.click(sim.ada, undone, "Delete announcement")
    assert "Deleted." in again.text
    assert sim.channel_texts() == recorded(rows) == []


async def test_an_announcement_that_a_moderator_deleted_is_gone(sim, rows):
    reply = await shared(sim, rows)
    sim.env.backend.delete_message(sim.channel.id, messages(sim)[0])
    undone = await sim.click(sim.ada, reply, "Undo")
    assert "⚠️" not in undone.text
    assert recorded(rows) == []


async def test_a_path_that_is_completed_again_can_be_shared_again(sim, rows):
    await shared(sim, rows)
    undone = await sim.command(sim.ada, "undo")
    redone = await sim.click(sim.ada, undone, "Redo")
    assert "Announced in" in (await sim.click(sim.ada, redone, "Share")).text
    assert len(sim.channel_texts()) == 1


# --- crashes --------------------------------------------------------------------------------------------------------


async def crashed(sim, rows, clock, *, posted):
    """Leave the state of a process that stopped between posting and recording, or before posting."""
    reply = await sim.command(sim.ada, "complete", what="deploy")
    clock.moment = sim.env.now()
    await sim.click(sim.ada, reply, "Share")
    if not posted:
        sim.env.backend.delete_message(sim.channel.id, messages(sim)[0])
    rows("update announcement set message_id = 0")
    await sim.restart()
    return reply


async def test_after_a_crash_the_message_is_found_and_not_posted_twice(sim, rows, clock):
    reply = await crashed(sim, rows, clock, posted=True)
    assert "I can't tell whether" in (await sim.click(sim.ada, reply, "Share")).text, "it may be on its way"
    clock.move(minutes=1)
    assert "Already announced: [see the message]" in (await sim.click(sim.ada, reply, "Share")).text
    assert sim.channel_texts() == [PUBLIC]
    assert recorded(rows) == [(sim.ada.id, "deploy", sim.channel.id, messages(sim)[0])]


async def test_after_a_crash_before_posting_it_is_posted(sim, rows, clock):
    reply = await crashed(sim, rows, clock, posted=False)
    clock.move(minutes=1)
    assert "Announced in" in (await sim.click(sim.ada, reply, "Share")).text
    assert sim.channel_texts() == [PUBLIC]


async def test_where_the_bot_cant_look_nothing_is_posted_and_that_is_told(sim, rows, clock):
    reply = await crashed(sim, rows, clock, posted=True)
    clock.move(minutes=1)
    deny_reading(sim)
    pressed = await sim.click(sim.ada, reply, "Share")
    assert "⚠️ I can't tell whether the announcement reached" in pressed.text
    assert len(sim.channel_texts()) == 1


async def test_undo_after_a_crash_finds_and_deletes_the_message(sim, rows, clock):
    reply = await crashed(sim, rows, clock, posted=True)
    clock.move(minutes=1)
    undone = await sim.click(sim.ada, reply, "Undo")
    assert "1 announcement deleted." in undone.text
    assert sim.channel_texts() == recorded(rows) == []


async def test_undo_after_a_crash_where_the_bot_cant_look_says_so(sim, rows, clock):
    reply = await crashed(sim, rows, clock, posted=True)
    deny_reading(sim)
    undone = await sim.click(sim.ada, reply, "Undo")
    assert f"This may have been announced in <#{sim.channel.id}>, but I can't find the message." in undone.text


async def test_a_lost_answer_is_not_posted_again(sim, rows, clock):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    sim.env.inject_error("POST", "/webhooks/*", status=502)
    pressed = await sim.click(sim.ada, reply, "Share")
    assert "I can't tell whether the announcement reached" in pressed.text
    assert recorded(rows) == [(sim.ada.id, "deploy", sim.channel.id, 0)]


async def test_a_crash_after_an_undo_leaves_no_announcement_behind(sim, rows):
    reply = await shared(sim, rows)
    await sim.study.progress.undo(sim.asker(sim.ada))  # and the process stops before the message is deleted
    await sim.restart()
    again = await sim.click(sim.ada, reply, "Undo")
    assert "That change has already been undone." in again.text
    assert sim.channel_texts() == recorded(rows) == []


async def test_an_undo_while_it_is_posted_deletes_it(sim, rows):
    reply = await sim.command(sim.ada, "complete", what="deploy")
    pressed, undone = await sim.concurrently(sim.click(sim.ada, reply, "Share"), sim.click(sim.ada, reply, "Undo"))
    assert "is no longer marked complete" in undone.text
    assert sim.channel_texts() == recorded(rows) == []
    assert any(said in pressed.text for said in ("you undid it", "Announced in", "You haven't completed"))


# --- shared lists ---------------------------------------------------------------------------------------------------


async def test_a_shared_list_can_be_taken_back_by_its_member_only(sim, rows):
    listed = await sim.command(sim.ada, "paths")
    posted = await sim.click(sim.ada, listed, "Share")
    assert len(sim.channel_texts()) == 1
    leaked = posted.custom_id("Delete")
    stranger = await sim.press(sim.bruno, leaked, posted.message)
    assert "There is nothing left to delete." in stranger.text
    assert len(sim.channel_texts()) == 1
    await sim.restart()
    old = sim.old_message({"type": 2, "style": 2, "label": "Delete", "custom_id": leaked})
    assert "Deleted." in (await sim.click(sim.ada, old, "Delete")).text
    sim.env.backend.delete_message(sim.channel.id, old.id)
    assert sim.channel_texts() == recorded(rows) == []


async def test_a_shared_list_outlives_an_undo(sim):
    await sim.command(sim.ada, "complete", what="deploy")
    await sim.click(sim.ada, await sim.command(sim.ada, "paths"), "Share")
    assert "announcement" not in (await sim.command(sim.ada, "undo")).text
    assert len(sim.channel_texts()) == 1
