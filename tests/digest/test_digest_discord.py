"""Digests through the whole bot: posted on time, with every kind of error from Discord."""

import logging
import re

import aiohttp
import discord
import pytest

from bot.study import Asker
from bot.views.buttons import button
from bot.views.digest import PREVIEW
from bot.views.digest_texts import NBSP
from bot.views.layout import escape
from tests.cogs.conftest import boxes, text_of
from tests.conftest import complete_visibly

DEPLOY = "Deploy and manage Azure compute resources"
SHELL, SHELL_ID = "Introduction to Azure Cloud Shell", "intro-to-azure-cloud-shell"
WRONG = "Something went wrong on my side"


@pytest.fixture
def failing():
    """Mark a test that expects errors in the log."""


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog, request):
    """Fail on unexpected warnings and errors in the log, except in tests marked with ``failing``."""
    yield
    if "failing" not in request.fixturenames:
        assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


# --- Posted -----------------------------------------------------------------------------------------------------------


async def test_a_digest_is_posted_once_on_time_with_a_picture(digest_sim, rows):
    await digest_sim.set_up(2)
    await digest_sim.command(digest_sim.ada, "complete", what="deploy")
    await digest_sim.wait(100)
    assert digest_sim.posts() == []
    await digest_sim.wait(20)
    assert len(digest_sim.posts()) == 1
    await digest_sim.wait(120)
    assert len(digest_sim.posts()) == 1
    assert "**Ada** completed Deploy" in digest_sim.posts()[0]
    assert "Late" not in digest_sim.posts()[0]
    (stored,) = digest_sim.digests_in()
    (picture,) = stored.attachments
    assert picture["filename"] == "digest.png"
    assert len(picture["description"]) > 20
    assert rows("select state, message_id, channel_id, reason from delivery") == [
        ("sent", stored.id, digest_sim.channel.id, None)
    ]


async def test_nobody_is_pinged_and_the_nonce_prevents_duplicates(digest_sim):
    await digest_sim.set_up()
    await digest_sim.command(digest_sim.ada, "complete", what="deploy")
    await digest_sim.wait()
    (sent,) = digest_sim.requests("POST")
    assert sent.json["allowed_mentions"] == {"parse": []}
    assert sent.json["enforce_nonce"] is True
    assert 1 <= len(sent.json["nonce"]) <= 25
    assert sent.json.get("content") is None


async def test_names_are_those_of_this_server(digest_sim):
    await digest_sim.set_up()
    dora = digest_sim.guild.add_member(digest_sim.env.create_user("dora"), nick="**Dora** <@&1> of #1")
    await digest_sim.command(dora, "complete", what="deploy")
    await digest_sim.wait()
    assert f"**{escape('**Dora** <@&1> of #1')}**" in digest_sim.posts()[0]


async def test_more_members_than_one_query_returns(digest_sim):
    await digest_sim.set_up(3)
    names = {}
    for number in range(150):
        user = digest_sim.env.create_user(f"student{number:03}")
        digest_sim.guild.add_member(user)
        names[user.id] = user.name
    node = digest_sim.study.catalogue.default.nodes["prerequisites"]
    for number in names:
        await complete_visibly(digest_sim.study, Asker(number, digest_sim.guild.id, ""), node)
    digest_sim.guild.remove_member(user)
    await digest_sim.wait(180)
    (post,) = digest_sim.posts()
    assert "149 people" in digest_sim.digests_in()[0].attachments[0]["description"], "the last member has left"
    assert "and 146 more" in post
    assert "<@" not in post


async def test_the_digest_of_an_empty_cohort(digest_sim):
    await digest_sim.set_up()
    await digest_sim.wait()
    assert "Nobody has joined" in digest_sim.posts()[0]


@pytest.mark.parametrize("asleep", [False, True])
async def test_a_digest_in_a_thread(digest_sim, asleep):
    """Discord archives a thread after some days without messages, and a message unarchives it."""
    thread = await digest_sim.thread()
    await digest_sim.set_up(1, channel=thread)
    assert "All permissions are in place" in (await digest_sim.panel()).text
    if asleep:
        digest_sim.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await digest_sim.wait()
    assert len(digest_sim.posts(thread)) == 1
    assert digest_sim.direct_messages() == []


# --- Discord is out of order ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_discord_errors_are_retried(digest_sim, rows, status):
    await digest_sim.set_up()
    digest_sim.fail(status, times=2)
    await digest_sim.wait(60)
    assert digest_sim.posts() == []
    await digest_sim.wait(80)
    assert len(digest_sim.posts()) == 1
    assert len(digest_sim.requests("POST")) == 3
    assert len({each.json["nonce"] for each in digest_sim.requests("POST")}) == 1, "every attempt has the same nonce"
    assert rows("select state, attempts from delivery") == [("sent", 3)]
    assert digest_sim.direct_messages() == []


LOST = [ConnectionResetError("reset"), TimeoutError(), aiohttp.ServerDisconnectedError(), aiohttp.ClientPayloadError()]


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_a_dropped_connection_causes_no_loss_or_duplicate(digest_sim, rows, error, arrives):
    await digest_sim.set_up()
    await digest_sim.command(digest_sim.bruno, "complete", what="deploy")
    digest_sim.drop_connection(error, arrives=arrives)
    await digest_sim.wait(100)
    assert len(digest_sim.posts()) == 1
    assert len(digest_sim.requests("POST")) == 1, "sent again only if it had not arrived"
    assert len(digest_sim.requests("GET")) == 1, "it searched before it sent again"
    (stored,) = digest_sim.digests_in()
    assert rows("select state, message_id from delivery") == [("sent", stored.id)]


async def test_a_500_response_after_arrival_causes_no_duplicate(digest_sim, rows):
    await digest_sim.set_up()
    gone = type("Answer", (), {"status": 500, "reason": "Error", "headers": {}})()
    digest_sim.drop_connection(discord.DiscordServerError(gone, "x"), arrives=True)
    await digest_sim.wait(120)
    assert len(digest_sim.posts()) == 1
    assert rows("select state, attempts from delivery") == [("sent", 2)]


async def test_a_rate_limit_is_obeyed(digest_sim):
    await digest_sim.set_up()
    digest_sim.drop_connection(discord.RateLimited(100.0))
    await digest_sim.wait(140)
    assert digest_sim.posts() == []
    assert len(digest_sim.requests("POST")) == 0
    await digest_sim.wait(40)
    assert len(digest_sim.posts()) == 1


async def test_the_digest_of_another_server_is_still_posted(digest_sim):
    """The first server fails with an unknown error."""
    other = digest_sim.env.create_guild("Another server")
    channel = other.create_text_channel("digest")
    await digest_sim.set_up(2)
    await digest_sim.set_up_in(other.id, channel.id)
    digest_sim.fail(500, times=None)
    await digest_sim.wait(140)
    assert digest_sim.posts() == []
    assert len(digest_sim.posts(channel)) == 1


async def test_a_hanging_request_delays_no_other_server(digest_sim):
    """Discord doesn't respond for almost two minutes; the other digest is due one minute later."""
    other = digest_sim.env.create_guild("Another server")
    channel = other.create_text_channel("digest")
    await digest_sim.set_up(1)
    await digest_sim.set_up_in(other.id, channel.id)
    digest_sim.delay_responses(110, digest_sim.channel)
    await digest_sim.wait(140)
    assert digest_sim.posts() == []
    assert len(digest_sim.posts(channel)) == 1
    await digest_sim.wait(60)
    assert len(digest_sim.posts()) == 1


async def test_unavailable_servers_do_not_block_available_ones(digest_sim, rows):
    """2,500 due servers are in an outage or belong to another process that is down."""
    await digest_sim.set_up()
    rows(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 2500) insert into cohort "
        "(server_id, course, channel_id, day, minute, zone, due_at) "
        "select i, 'az-104', 1, 3, 0, 'UTC', 1767225600 from n"
    )
    await digest_sim.wait()
    assert len(digest_sim.posts()) == 1


async def test_an_unexpected_error_is_logged_and_retried(digest_sim, caplog, failing):
    await digest_sim.set_up()
    digest_sim.drop_connection(ZeroDivisionError("unexpected"))
    await digest_sim.wait(60)
    assert digest_sim.posts() == []
    assert "a digest of server" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    await digest_sim.wait(300)
    assert len(digest_sim.posts()) == 1


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ({"send_messages": False}, "I'm missing Send Messages in"),
        ({"attach_files": False}, "I'm missing Attach Files in"),
        ({"read_message_history": False}, "I'm missing Read Message History in"),
        ({"view_channel": False}, "I'm missing View Channel in"),
        (
            {"attach_files": False, "read_message_history": False},
            "I'm missing Attach Files and Read Message History in",
        ),
    ],
)
async def test_a_lost_permission_suspends_it_without_a_request_and_a_regained_one_resumes_it(
    digest_sim, rows, lost, words
):
    await digest_sim.set_up()
    digest_sim.allow(**lost)
    await digest_sim.wait(120)
    assert digest_sim.requests("POST") == digest_sim.requests("GET") == []
    assert rows("select state, told from cohort") == [("suspended", 1)]
    (told,) = digest_sim.direct_messages()
    assert words in told
    assert f"in <#{digest_sim.channel.id}>." in told
    assert "AZ-104" in told
    assert "Cloud study group" in told
    assert words in (await digest_sim.panel()).text
    digest_sim.allow()
    await digest_sim.wait(40)
    assert len(digest_sim.posts()) == 1
    assert rows("select state, reason from cohort") == [("on", None)]
    assert len(digest_sim.direct_messages()) == 1


async def test_a_deleted_channel_suspends_it_and_another_one_can_be_chosen(digest_sim, rows):
    await digest_sim.set_up()
    digest_sim.env.backend.delete_channel(digest_sim.channel.id)
    await digest_sim.wait(120)
    assert rows("select state, reason from cohort") == [("suspended", "the channel was deleted")]
    assert "The channel was deleted" in digest_sim.direct_messages()[0]
    assert digest_sim.requests("POST") == []
    other = digest_sim.guild.create_text_channel("other")
    digest_sim.channel = other
    panel = await digest_sim.panel()
    assert "⚠️ Suspended: the channel was deleted" in panel.text
    chosen = await digest_sim.choose_channel(panel, other)
    saved = await digest_sim.click(digest_sim.boss, chosen, "Save")
    assert "✅ Next" in saved.text
    await digest_sim.wait(40)
    assert len(digest_sim.posts(other)) == 1
    assert len(digest_sim.direct_messages()) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, 50013), (403, 50001), (404, 10003)],
    ids=["missing permissions", "missing access", "unknown channel"],
)
async def test_an_unexplained_denial_is_retried_and_reported_once(digest_sim, rows, status, code):
    """The cached permissions allow the post, but Discord denies it for a while."""
    await digest_sim.set_up()
    digest_sim.fail(status, times=None, code=code)
    await digest_sim.wait(600)
    assert len(digest_sim.requests("POST")) == 5, "with increasing delays"
    (told,) = digest_sim.direct_messages()
    assert "hasn't been posted yet" in told
    assert rows("select state, told from cohort") == [("on", 1)]
    reply = await digest_sim.panel()
    assert "isn't posted yet after 5 attempts: Discord" in reply.text
    digest_sim.env.backend.faults.clear()
    await digest_sim.wait(600)
    assert len(digest_sim.posts()) == 1
    assert rows("select state, told from cohort") == [("on", 0)]
    assert len(digest_sim.direct_messages()) == 1


async def test_closed_direct_messages_are_replaced_by_the_system_channel(digest_sim):
    await digest_sim.set_up()
    digest_sim.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    digest_sim.allow(send_messages=False)
    await digest_sim.wait(120)
    assert digest_sim.direct_messages() == []
    assert len(digest_sim.system_messages()) == 1
    assert "I'm missing Send Messages" in digest_sim.system_messages()[0]


async def test_without_any_channel_setup_shows_the_notice(digest_sim, rows):
    await digest_sim.set_up()
    digest_sim.env.inject_error("*", "/users/@me/channels", status=403, code=50007, times=None)
    digest_sim.allow(digest_sim.news, send_messages=False)
    digest_sim.allow(send_messages=False)
    await digest_sim.wait(120)
    assert digest_sim.direct_messages() == digest_sim.system_messages() == []
    assert rows("select state from cohort") == [("suspended",)]
    reply = await digest_sim.panel()
    assert "⚠️ Suspended: I'm missing Send Messages" in reply.text


async def test_a_notice_that_was_not_sent_before_a_crash_is_sent_later(digest_sim, rows):
    await digest_sim.set_up()
    digest_sim.allow(send_messages=False)
    await digest_sim.restart()
    rows("update cohort set state = 'suspended', reason = 'I lack Send Messages', seen = '0', told = 0")
    digest_sim.env.backend.advance_clock(3600)
    await digest_sim.restart()
    await digest_sim.wait(60)
    assert len(digest_sim.direct_messages()) == 1


async def test_a_failed_notice_does_not_affect_the_next_server(digest_sim):
    """The manager has left Discord: the digest of this server stays suspended, nothing else."""
    await digest_sim.set_up()
    digest_sim.env.inject_error("POST", "/users/@me/channels", status=404, code=10013, times=None)
    digest_sim.allow(send_messages=False)
    await digest_sim.wait(120)
    assert len(digest_sim.system_messages()) == 1


# --- Restarts and outages ---------------------------------------------------------------------------------------------


async def test_a_digest_due_during_downtime_is_late(digest_sim, rows):
    await digest_sim.set_up(5)
    await digest_sim.sleep(hours=3)
    (post,) = digest_sim.posts()
    assert "Late: this was due <t:" in post
    assert rows("select state, reason from delivery") == [("sent", "late")]
    assert ", late" in (await digest_sim.panel()).text


async def test_a_digest_due_days_ago_is_skipped_with_a_reason(digest_sim, rows):
    await digest_sim.set_up(5)
    await digest_sim.sleep(hours=49)
    assert digest_sim.posts() == []
    assert rows("select state from delivery") == [("skipped",)]
    assert "skipped because it was more than 48 hours late" in (await digest_sim.panel()).text


async def test_a_message_without_receipt_is_found_after_a_crash(digest_sim, rows):
    await digest_sim.set_up(1)
    for number in range(30):
        await digest_sim.bruno.send(digest_sim.channel, f"chatter {number}")
    await digest_sim.wait(60)
    (stored,) = digest_sim.digests_in()
    rows("update delivery set state = 'claimed', message_id = null, sent_at = null, owner = 'x', lease_until = 0")
    rows("update cohort set due_at = due_at - 7 * 86400")
    await digest_sim.sleep(minutes=6)
    assert len(digest_sim.posts()) == 1
    assert rows("select state, message_id from delivery") == [("sent", stored.id)]
    assert len(digest_sim.requests("POST")) == 1


async def test_another_bots_message_with_the_same_marker_is_ignored(digest_sim, rows):
    await digest_sim.set_up(1)
    await digest_sim.wait(60)
    (stored,) = digest_sim.digests_in()
    stored.author_id = digest_sim.ada.id
    rows("update delivery set state = 'claimed', message_id = null, sent_at = null, owner = 'x', lease_until = 0")
    rows("update cohort set due_at = due_at - 7 * 86400")
    await digest_sim.sleep(minutes=6)
    assert len(digest_sim.posts()) == 2
    assert rows("select state, message_id <> ? from delivery", stored.id) == [("sent", 1)]


async def test_an_outage_posts_nothing_and_changes_nothing(digest_sim, rows):
    await digest_sim.set_up()
    before = rows("select * from cohort"), rows("select * from server"), rows("select * from member")
    digest_sim.remove_guild(unavailable=True)
    await digest_sim.wait(120)
    assert digest_sim.posts() == []
    assert (rows("select * from cohort"), rows("select * from server"), rows("select * from member")) == before
    assert rows("select * from delivery") == []
    assert digest_sim.direct_messages() == []
    digest_sim.dispatch_guild()
    await digest_sim.wait(20)
    assert len(digest_sim.posts()) == 1


# --- Who is there -----------------------------------------------------------------------------------------------------


async def test_former_members_are_not_named_until_they_return(digest_sim, rows):
    await digest_sim.set_up(2)
    for who in (digest_sim.ada, digest_sim.bruno):
        await digest_sim.command(who, "complete", what="deploy")
    digest_sim.guild.remove_member(digest_sim.bruno)
    shown = await digest_sim.preview()
    assert "**Ada**" in shown.text
    assert "Bruno" not in shown.text
    assert str(digest_sim.bruno.id) not in shown.text
    await digest_sim.wait(120)
    assert "Bruno" not in digest_sim.posts()[0]
    assert rows("select gone_at is not null from member where learner_id = ?", digest_sim.bruno.id) == [(1,)]
    assert len(ticked(rows, digest_sim.bruno)) == 48
    digest_sim.bruno = digest_sim.guild.add_member(digest_sim.bruno.user)
    shown = await digest_sim.preview()
    assert "**Bruno**" in shown.text
    assert rows("select gone_at is not null from member where learner_id = ?", digest_sim.bruno.id) == [(0,)]


async def test_hidden_members_are_not_in_the_digest(digest_sim):
    await digest_sim.set_up(2)
    for who in (digest_sim.ada, digest_sim.bruno):
        await digest_sim.command(who, "complete", what="deploy")
    await digest_sim.study.privacy.set_visibility(digest_sim.ada.id, hidden=True)
    await digest_sim.wait(120)
    assert "Ada" not in digest_sim.posts()[0]
    assert "**Bruno**" in digest_sim.posts()[0]


async def test_an_exam_is_named_only_by_those_who_share_it(digest_sim):
    await digest_sim.set_up(2)
    for who, share in ((digest_sim.ada, "1"), (digest_sim.bruno, "0")):
        await digest_sim.command(who, "complete", what="deploy")
        await digest_sim.set_plan(who, exam="2026-01-08", shared=share)
    await digest_sim.wait(120)
    (post,) = digest_sim.posts()
    assert "**Ada** takes the exam on January 8. Good luck!" in post
    assert "Bruno** takes the exam" not in post
    await digest_sim.set_plan(digest_sim.ada, shared="0")
    assert "takes the exam" not in (await digest_sim.preview()).text


# --- Its buttons ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def digest(digest_sim):
    """A digest of a week in which Ada completed a path and Bruno a module, posted before the last restart."""
    await digest_sim.set_up()
    await digest_sim.command(digest_sim.ada, "complete", what="deploy")
    await digest_sim.command(digest_sim.bruno, "complete", what=f"prerequisites/{SHELL_ID}")
    await digest_sim.wait()
    (stored,) = digest_sim.digests_in()
    await digest_sim.sleep(days=3)
    return digest_sim.message(stored)


async def test_mark_progress_opens_everybodys_own_next_modules(digest_sim, digest, rows):
    titles = {}
    for who in (digest_sim.bruno, digest_sim.cleo):
        form = await digest_sim.click(who, digest, "Mark progress")
        titles[who.name] = [o["label"] for group in boxes(form.modal) for o in group["options"]]
        assert len(titles[who.name]) == 10
    assert SHELL in titles["cleo"]
    assert SHELL not in titles["bruno"]


async def test_what_is_marked_below_a_digest_is_in_the_next_one(digest_sim, digest, rows):
    form = await digest_sim.click(digest_sim.cleo, digest, "Mark progress")
    done = await digest_sim.submit(digest_sim.cleo, form, SHELL)
    assert SHELL in done.text
    assert done.private
    assert len(ticked(rows, digest_sim.cleo)) == 6


async def test_my_progress_shows_the_members_own_progress(digest_sim, digest):
    for who, done in ((digest_sim.ada, "1 of 6 paths"), (digest_sim.cleo, "0 of 6 paths")):
        reply = await digest_sim.click(who, digest, "My progress")
        assert reply.private
        assert done in reply.text
    assert len(digest_sim.posts()) == 1, "the digest itself is unchanged"


async def test_see_everyone_lists_privately_who_completed_what(digest_sim, digest):
    before = digest_sim.posts()
    for who in (digest_sim.ada, digest_sim.cleo):
        reply = await digest_sim.click(who, digest, "See everyone")
        assert reply.private
        assert f"**Ada** · 3 h 21 min\n-# {DEPLOY}" in reply.text.replace(NBSP, " ")
        assert f"**Bruno** · 28 min\n-# {SHELL}" in reply.text.replace(NBSP, " ")
        assert "Cleo" not in reply.text
        assert "since then isn't listed" in reply.text, "it is three days old"
    assert digest_sim.posts() == before


async def test_see_everyone_of_an_old_digest_is_about_its_week(digest_sim, digest):
    await digest_sim.command(digest_sim.cleo, "complete", what="deploy")
    await digest_sim.sleep(days=4)
    reply = await digest_sim.click(digest_sim.ada, digest, "See everyone")
    assert "**Ada**" in reply.text
    assert "Cleo" not in reply.text, "completed after it"
    (_, latest) = digest_sim.digests_in()
    reply = await digest_sim.click(digest_sim.ada, digest_sim.message(latest), "See everyone")
    assert "**Cleo**" in reply.text
    assert "Ada" not in reply.text


async def test_see_everyone_hides_who_is_hidden_or_has_left_since(digest_sim, digest):
    await digest_sim.study.privacy.set_visibility(digest_sim.ada.id, hidden=True)
    digest_sim.guild.remove_member(digest_sim.bruno)
    reply = await digest_sim.click(digest_sim.cleo, digest, "See everyone")
    assert "Ada" not in reply.text
    assert "Bruno" not in reply.text
    assert str(digest_sim.bruno.id) not in reply.text


async def test_see_everyone_turns_pages_in_one_message(digest_sim):
    await digest_sim.set_up()
    node = digest_sim.study.catalogue.default.nodes["prerequisites"]
    for number in range(20):
        user = digest_sim.env.create_user(f"student{number:02}")
        digest_sim.guild.add_member(user)
        await complete_visibly(digest_sim.study, Asker(user.id, digest_sim.guild.id, ""), node)
    await digest_sim.wait()
    (stored,) = digest_sim.digests_in()
    page = await digest_sim.click(digest_sim.ada, digest_sim.message(stored), "See everyone")
    seen = re.findall(r"student\d\d", page.text)
    await digest_sim.restart()
    for _ in range(2):
        message = page.message.id
        page = await digest_sim.click(digest_sim.ada, page, "More ▶")
        assert page.private
        assert page.message.id == message
        seen += re.findall(r"student\d\d", page.text)
    assert sorted(seen) == [f"student{number:02}" for number in range(20)]
    assert "More ▶" not in page.buttons
    page = await digest_sim.click(digest_sim.ada, page, "◀ Back")
    assert "Page 2 of 3" in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("0:1:2:gone:2026-W01", "I no longer have the course of this digest"),
        ("0:2:1:az-104:2026-W01", "I can't tell which week"),
        ("0:0:99999999999999:az-104:2026-W01", "I can't tell which week"),
        ("99:1766666000:1766667000:az-104:2026-W01", "Nobody completed anything"),
        ("0:1:az-104", "This button is out of date"),
        ("x:1:2:az-104:2026-W01", "This button is out of date"),
    ],
)
async def test_see_everyone_says_if_a_week_cannot_be_listed(digest_sim, digest, state, words):
    see = button("See everyone", "everyone", *state.split(":"))
    reply = await digest_sim.press(digest_sim.ada, see["custom_id"], digest_sim.old_message(see))
    assert words in reply.text
    assert WRONG not in reply.text
    assert reply.private


async def test_a_digest_without_members_invites_to_start(digest_sim):
    await digest_sim.set_up()
    await digest_sim.wait()
    (stored,) = digest_sim.digests_in()
    assert "Start studying" in text_of(stored.components)
    assert "See everyone" not in text_of(stored.components)


async def test_buttons_of_a_digest_work_when_the_server_has_another_course(digest_sim, digest):
    await digest_sim.study.servers.set_course(digest_sim.guild.id, "az-900")
    assert "AZ-104" in (await digest_sim.click(digest_sim.ada, digest, "My progress")).text
    assert "AZ-104" in (await digest_sim.click(digest_sim.ada, digest, "See everyone")).text
    form = await digest_sim.click(digest_sim.ada, digest, "Mark progress")
    assert "AZ-104" in str(form.modal["components"])


# --- By hand ----------------------------------------------------------------------------------------------------------


async def test_a_preview_is_private_and_what_is_posted_without_buttons(digest_sim, rows):
    await digest_sim.set_up(60)
    await digest_sim.command(digest_sim.ada, "complete", what="deploy")
    shown = await digest_sim.preview()
    assert shown.private
    assert shown.buttons == []
    assert len(shown.message.attachments) == 1
    assert digest_sim.posts() == []
    done = await digest_sim.post_now()
    (stored,) = digest_sim.digests_in()
    labels = "Mark progress\nMy progress\nDays off\nSee everyone"
    assert digest_sim.posts()[0].replace(labels, "").strip() == shown.text.removeprefix(f"{PREVIEW}\n").strip()
    assert f"/channels/{digest_sim.guild.id}/{digest_sim.channel.id}/{stored.id}" in done.text
    assert done.private
    assert rows("select kind, state, message_id from delivery") == [("digest-now", "sent", stored.id)]
    await digest_sim.wait(60)
    assert len(digest_sim.posts()) == 1


async def test_a_manual_post_does_not_replace_the_weekly_digest(digest_sim):
    await digest_sim.set_up(2)
    await digest_sim.post_now()
    await digest_sim.wait(120)
    assert len(digest_sim.posts()) == 2


@pytest.mark.parametrize(("status", "words"), [(500, "Discord answered 500"), (403, "Discord refuses it")])
async def test_a_manual_post_reports_errors(digest_sim, status, words):
    await digest_sim.set_up(60)
    digest_sim.fail(status, times=None, code=50013)
    reply = await digest_sim.post_now()
    assert "Nothing was posted" in reply.text
    assert words in reply.text
    assert WRONG not in reply.text
    digest_sim.env.backend.faults.clear()
    await digest_sim.wait(1200)
    assert digest_sim.posts() == [], "and it isn't posted later"


async def test_a_manual_post_with_a_lost_answer_is_reported_as_posted(digest_sim):
    await digest_sim.set_up(60)
    digest_sim.drop_connection(aiohttp.ClientConnectionError("reset"), times=1, arrives=True)
    reply = await digest_sim.post_now()
    (stored,) = digest_sim.digests_in()
    assert (
        f"[posted](https://discord.com/channels/{digest_sim.guild.id}/{digest_sim.channel.id}/{stored.id})"
        in reply.text
    )


async def test_an_uncertain_manual_post_is_resolved_later_without_duplicate(digest_sim):
    """The message arrives, its answer is lost, and the channel can't be read."""
    await digest_sim.set_up(60)
    digest_sim.drop_connection(aiohttp.ClientConnectionError("reset"), times=1, arrives=True)
    path = f"/channels/{digest_sim.channel.id}/messages"
    digest_sim.env.inject_error("GET", path, status=503, code=0, times=None, message="No")
    reply = await digest_sim.post_now()
    assert "can't tell yet" in reply.text
    digest_sim.env.backend.faults.clear()
    again = await digest_sim.post_now()
    (stored,) = digest_sim.digests_in()
    assert f"/{stored.id})" in again.text, "the second request finds the first one's message"


async def test_pause_resume_and_remove(digest_sim, rows):
    await digest_sim.set_up(2)
    paused = await digest_sim.click(digest_sim.boss, await digest_sim.panel(), "Pause")
    assert "Paused" in paused.text
    await digest_sim.wait(180)
    assert digest_sim.posts() == []
    resumed = await digest_sim.click(digest_sim.boss, paused, "Resume")
    assert f"<t:{int(digest_sim.env.now().timestamp()) + 7 * 86400 - 60}:F>" in resumed.text
    await digest_sim.wait(60)
    assert digest_sim.posts() == []
    asked = await digest_sim.click(digest_sim.boss, resumed, "Remove")
    assert rows("select state from cohort") == [("on",)], "it asks first"
    assert "removed" in (await digest_sim.click(digest_sim.boss, asked, "Remove")).text
    assert rows("select state from cohort") == [("off",)]


async def test_the_status_links_to_the_last_message(digest_sim):
    await digest_sim.set_up()
    await digest_sim.wait()
    (stored,) = digest_sim.digests_in()
    text = (await digest_sim.panel()).text
    assert f"[posted](https://discord.com/channels/{digest_sim.guild.id}/{digest_sim.channel.id}/{stored.id})" in text
    assert f"✅ Next: <t:{int(digest_sim.env.now().timestamp()) + 7 * 86400}:F>" in text
