"""The study panel: posted and pinned by managers, used by everyone, with private answers."""

import pytest
from simcord.results import ResponseMessage

from tests.cogs.conftest import text_of

TITLE = "Study AZ-104 here"
WRONG = "Something went wrong on my end"


def panels(sim, title=TITLE):
    stored = [message for channel in sim.env.backend.messages.values() for message in channel.values()]
    return [message for message in stored if title in text_of(message.components) and not message.is_ephemeral]


async def post_panel(sim, channel=None):
    """Post the panel from the checklist, here or in another channel. Returns the last page."""
    page = await sim.click(sim.boss, await sim.panel(), "Checklist")
    again = "Post again" if "Post again" in page.buttons else "Post study panel"
    page = await sim.click(sim.boss, page, again)
    if channel:
        page = await sim.choose_channel(page, channel, "setuppanel:channel")
    return await sim.click(sim.boss, page, "Post it here")


@pytest.fixture
async def panel(digest_sim):
    """A posted panel, as members see it after a restart."""
    await post_panel(digest_sim)
    await digest_sim.restart()
    (message,) = panels(digest_sim)
    return ResponseMessage(digest_sim.env, message)


async def test_it_is_posted_in_this_channel_and_pinned(digest_sim, rows):
    page = await post_panel(digest_sim)
    (message,) = panels(digest_sim)
    assert (message.channel_id, message.pinned) == (digest_sim.channel.id, True)
    assert "posted and pinned" in page.text
    assert f"/{digest_sim.channel.id}/{message.id})" in page.text
    assert rows("select panel_channel, panel_message from server") == [(digest_sim.channel.id, message.id)]


async def test_it_says_how_to_pin_it_without_the_permission(digest_sim):
    digest_sim.allow(pin_messages=False, manage_messages=False)
    page = await post_panel(digest_sim)
    assert "I'm missing the **Pin Messages** permission there. Pin it yourself" in page.text
    assert [message.pinned for message in panels(digest_sim)] == [False]


async def test_it_says_how_to_pin_it_if_discord_refuses(digest_sim):
    digest_sim.env.inject_error("PUT", "/channels/*/messages/pins/*", status=400, code=30003, message="Too many pins")
    page = await post_panel(digest_sim)
    assert "Discord didn't let me pin it. Pin it yourself" in page.text
    assert len(panels(digest_sim)) == 1


async def test_a_new_panel_replaces_the_old_one(digest_sim, rows):
    await post_panel(digest_sim)
    (old,) = panels(digest_sim)
    await post_panel(digest_sim, digest_sim.news)
    (new,) = panels(digest_sim)
    assert new.channel_id == digest_sim.news.id
    assert new.id != old.id
    assert rows("select panel_channel, panel_message from server") == [(digest_sim.news.id, new.id)]


async def test_an_old_panel_that_cannot_be_deleted_is_reported(digest_sim):
    await post_panel(digest_sim)
    digest_sim.env.inject_error("DELETE", "/channels/*/messages/*", status=500, code=0, times=None, message="No")
    page = await post_panel(digest_sim, digest_sim.news)
    assert f"I couldn't delete the old panel in <#{digest_sim.channel.id}>" in page.text


async def test_a_panel_whose_channel_is_gone_is_replaced(digest_sim):
    await post_panel(digest_sim, digest_sim.news)
    digest_sim.env.backend.delete_channel(digest_sim.news.id)
    page = await post_panel(digest_sim)
    assert "couldn't" not in page.text
    assert len(panels(digest_sim)) == 1


async def test_posting_it_twice_at_once_leaves_one(digest_sim):
    page = await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Checklist")
    page = await digest_sim.click(digest_sim.boss, page, "Post study panel")
    label = "Post it here"
    await digest_sim.concurrently(*(digest_sim.click(digest_sim.boss, page, label) for _ in range(2)))
    assert len(panels(digest_sim)) == 1


async def test_a_retry_has_the_same_nonce(digest_sim):
    await post_panel(digest_sim)
    sent = [each.json for each in digest_sim.requests("POST") if TITLE in str(each.json)]
    assert [(each["enforce_nonce"], 1 <= len(each["nonce"]) <= 25) for each in sent] == [(True, True)]


async def test_it_can_be_taken_back_and_removed_after_a_question(digest_sim, rows):
    page = await post_panel(digest_sim)
    await digest_sim.click(digest_sim.boss, page, "Undo")
    assert panels(digest_sim) == []
    assert rows("select panel_message from server") == [(None,)]
    page = await post_panel(digest_sim)
    asked = await digest_sim.click(digest_sim.boss, page, "Remove panel")
    assert len(panels(digest_sim)) == 1
    assert "removed" in (await digest_sim.click(digest_sim.boss, asked, "Remove")).text
    assert panels(digest_sim) == []


async def test_it_follows_the_servers_course(digest_sim):
    await digest_sim.set_up()
    await post_panel(digest_sim)
    (message,) = panels(digest_sim)
    page = await digest_sim.choose(
        digest_sim.boss, await digest_sim.panel(), "AZ-900 Microsoft Azure Fundamentals", "setupdraft:course"
    )
    asked = await digest_sim.click(digest_sim.boss, page, "Save")
    replaced = await digest_sim.click(digest_sim.boss, asked, "Replace AZ-104")
    assert [each.id for each in panels(digest_sim, "Study AZ-900 here")] == [message.id]
    await digest_sim.click(digest_sim.boss, replaced, "Undo")
    assert [each.id for each in panels(digest_sim)] == [message.id]


async def test_a_channel_without_permission_is_refused_before_posting(digest_sim, rows):
    digest_sim.allow(send_messages=False)
    page = await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Checklist")
    page = await digest_sim.click(digest_sim.boss, page, "Post study panel")
    assert "I'm missing **Send Messages**" in page.text
    reply = await digest_sim.click(digest_sim.boss, page, "Post it here")
    assert "I couldn't post in" in reply.text
    assert rows("select count(*) from server where panel_message is not null") == [(0,)]


# --- Members ----------------------------------------------------------------------------------------------------------


async def test_done_completes_everyones_own_next_unit_privately(digest_sim, panel, rows):
    first = digest_sim.study.catalogue.default.leaves
    order = list(first)
    for who, times in ((digest_sim.ada, 2), (digest_sim.bruno, 1)):
        for number in range(times):
            reply = await digest_sim.click(who, panel, "Done")
            assert reply.private
            assert "Undo" in reply.buttons
            routes = [route for (route,) in rows("select route from tick where learner_id = ?", who.id)]
            assert sorted(routes) == sorted(order[: number + 1])
    await digest_sim.click(digest_sim.ada, reply_undo := await digest_sim.click(digest_sim.ada, panel, "Done"), "Undo")
    assert reply_undo.private
    assert rows("select count(*) from tick where learner_id = ?", digest_sim.ada.id) == [(2,)]
    assert not [text for text in digest_sim.channel_texts() if "Ada" in text or "Bruno" in text]


async def test_every_button_answers_privately(digest_sim, panel):
    for label in ("Next", "Done", "My progress", "Review", "Plan", "More"):
        reply = await digest_sim.click(digest_sim.cleo, panel, label)
        assert reply.private, label
        assert "no longer works" not in reply.text, label
        assert WRONG not in reply.text, label
    assert [text_of(panel.components)] == [text_of(each.components) for each in panels(digest_sim)]


async def test_done_after_the_last_unit_says_so(digest_sim, panel, asker):
    course = digest_sim.study.catalogue.default
    for path in course.paths:
        await digest_sim.study.progress.complete(asker(digest_sim.ada.id, digest_sim.guild.id), path)
    reply = await digest_sim.click(digest_sim.ada, panel, "Done")
    assert "AZ-104 is done" in reply.text
