"""The digest through the whole bot: posted on the clock, through everything that Discord may answer."""

import logging
from datetime import timedelta

import aiohttp
import discord
import pytest

from bot.study import Asker
from bot.views.layout import safe

DEPLOY = "Deploy and manage Azure compute resources"
SHELL = "Introduction to Azure Cloud Shell"
WRONG = "Something went wrong on my side"


@pytest.fixture
def failing():
    """For a test that is about something unexpected."""


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog, request):
    """What the bot logs as an error is a fault of ours, but where a test is about it."""
    yield
    if "failing" not in request.fixturenames:
        assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


def ticked(rows, who):
    return [route for (route,) in rows("select route from tick where learner_id = ? order by route", who.id)]


# --- Posted -----------------------------------------------------------------------------------------------------------


async def test_it_is_posted_at_its_time_once_with_a_picture(town, rows):
    await town.set_up(2)
    await town.command(town.ada, "complete", path="deploy")
    await town.wait(100)
    assert town.posts() == []
    await town.wait(20)
    assert len(town.posts()) == 1
    await town.wait(120)
    assert len(town.posts()) == 1
    assert "**Ada**: completed Deploy" in town.posts()[0]
    assert "Late" not in town.posts()[0]
    (stored,) = town.digests_in()
    (picture,) = stored.attachments
    assert picture["filename"] == "digest.png"
    assert len(picture["description"]) > 20
    assert rows("select state, message_id, channel_id, reason from delivery") == [
        ("sent", stored.id, town.channel.id, None)
    ]


async def test_nobody_is_pinged_and_discord_can_drop_a_second_one(town):
    await town.set_up()
    await town.command(town.ada, "complete", path="deploy")
    await town.wait()
    (sent,) = town.requests("POST")
    assert sent.json["allowed_mentions"] == {"parse": []}
    assert sent.json["enforce_nonce"] is True
    assert 1 <= len(sent.json["nonce"]) <= 25
    assert sent.json.get("content") is None


async def test_names_are_those_of_this_server(town):
    await town.set_up()
    dora = town.guild.add_member(town.env.create_user("dora"), nick="**Dora** <@&1> of #1")
    await town.command(dora, "complete", path="deploy")
    await town.wait()
    assert f"**{safe('**Dora** <@&1> of #1')}**" in town.posts()[0]


async def test_more_members_than_discord_tells_of_at_once_are_all_known(town):
    await town.set_up(3)
    names = {}
    for number in range(150):
        user = town.env.create_user(f"student{number:03}")
        town.guild.add_member(user)
        names[user.id] = user.name
    node = town.study.catalogue.default.nodes["prerequisites"]
    for number in names:
        await town.study.progress.complete(Asker(number, town.guild.id, ""), node)
    town.guild.remove_member(user)
    await town.wait(180)
    (post,) = town.posts()
    assert "**149 people ticked" in post, "the last one has left the server"
    assert "and 139 more" in post
    assert "<@" not in post


async def test_the_digest_of_an_empty_cohort(town):
    await town.set_up()
    await town.wait()
    assert "Nobody has joined" in town.posts()[0]


@pytest.mark.parametrize("asleep", [False, True])
async def test_a_digest_in_a_thread(town, asleep):
    """Discord archives a thread after some days without a message, and a message wakes it up: it is not deleted."""
    root = town.env.backend.find_command("setup", town.guild.id, type=1)
    (option,) = [option for option in root["options"] if option["name"] == "channel"]
    if 11 not in option["channel_types"]:
        return  # threads are not offered
    thread = await town.thread()
    reply = await town.set_up(1, channel=thread)
    assert "every permission" in reply.text
    if asleep:
        town.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await town.wait()
    assert len(town.posts(thread)) == 1
    assert town.told() == []


# --- Discord is out of order ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_errors_of_discord_are_tried_again(town, rows, status):
    await town.set_up()
    town.fail(status, times=2)
    await town.wait(60)
    assert town.posts() == []
    await town.wait(80)
    assert len(town.posts()) == 1
    assert len(town.requests("POST")) == 3
    assert len({each.json["nonce"] for each in town.requests("POST")}) == 1, "each attempt is the same to Discord"
    assert rows("select state, attempts from delivery") == [("sent", 3)]
    assert town.told() == []


LOST = [ConnectionResetError("reset"), TimeoutError(), aiohttp.ServerDisconnectedError(), aiohttp.ClientPayloadError()]


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_a_connection_that_drops_loses_and_doubles_nothing(town, rows, error, arrives):
    await town.set_up()
    await town.command(town.bruno, "complete", path="deploy")
    town.cut(error, arrives=arrives)
    await town.wait(100)
    assert len(town.posts()) == 1
    assert len(town.requests("POST")) == 1, "what was cut off has not arrived, what arrived was not sent again"
    assert len(town.requests("GET")) == 1, "it looked before it sent again"
    (stored,) = town.digests_in()
    assert rows("select state, message_id from delivery") == [("sent", stored.id)]


async def test_an_answer_of_500_to_a_message_that_arrived_does_not_double_it(town, rows):
    await town.set_up()
    gone = type("Answer", (), {"status": 500, "reason": "Error", "headers": {}})()
    town.cut(discord.DiscordServerError(gone, "x"), arrives=True)
    await town.wait(120)
    assert len(town.posts()) == 1
    assert rows("select state, attempts from delivery") == [("sent", 2)]


async def test_a_rate_limit_is_obeyed(town):
    await town.set_up()
    town.cut(discord.RateLimited(100.0))
    await town.wait(140)
    assert town.posts() == []
    assert len(town.requests("POST")) == 0
    await town.wait(40)
    assert len(town.posts()) == 1


async def test_the_digest_of_another_server_is_posted_all_the_same(town):
    """The first server's Discord is broken, and its failure is not even one that is known."""
    other = town.env.create_guild("Another server")
    channel = other.create_text_channel("digest")
    boss = other.add_member(
        town.boss.user, roles=[other.create_role("M", permissions=discord.Permissions(manage_guild=True))]
    )
    await town.set_up(2)
    at = town.env.now() + timedelta(minutes=2)
    given = {"day": f"{at:%A}", "time": f"{at:%H:%M}", "timezone": "UTC"}
    await boss.slash(channel, "setup", **given)
    town.fail(500, times=None)
    await town.wait(140)
    assert town.posts() == []
    assert len(town.posts(channel)) == 1


async def test_a_request_that_hangs_holds_up_no_other_server(town):
    """Discord does not answer for almost two minutes; the other server's digest is due one minute later."""
    other = town.env.create_guild("Another server")
    channel = other.create_text_channel("digest")
    managers = other.create_role("M", permissions=discord.Permissions(manage_guild=True))
    boss = other.add_member(town.boss.user, roles=[managers])
    await town.set_up(1)
    at = town.env.now() + timedelta(minutes=2)
    await boss.slash(channel, "setup", day=f"{at:%A}", time=f"{at:%H:%M}", timezone="UTC")
    town.hang(110, town.channel)
    await town.wait(140)
    assert town.posts() == []
    assert len(town.posts(channel)) == 1
    await town.wait(60)
    assert len(town.posts()) == 1


async def test_many_servers_that_cant_be_served_hold_up_none_that_can(town, rows):
    """2,500 servers that are due are in an outage, or another process speaks for them, and that one is down."""
    await town.set_up()
    rows(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 2500) insert into cohort "
        "(server_id, course, channel_id, day, minute, zone, due_at) "
        "select i, 'az-104', 1, 3, 0, 'UTC', 1767225600 from n"
    )
    await town.wait()
    assert len(town.posts()) == 1


async def test_an_unexpected_failure_is_logged_and_tried_again_and_the_clock_goes_on(town, caplog, failing):
    await town.set_up()
    town.cut(ZeroDivisionError("unexpected"))
    await town.wait(60)
    assert town.posts() == []
    assert "a digest of server" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    await town.wait(300)
    assert len(town.posts()) == 1


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ({"send_messages": False}, "I lack Send Messages in"),
        ({"attach_files": False}, "I lack Attach Files in"),
        ({"read_message_history": False}, "I lack Read Message History in"),
        ({"view_channel": False}, "I lack View Channel in"),
        ({"attach_files": False, "read_message_history": False}, "I lack Attach Files and Read Message History in"),
    ],
)
async def test_a_lost_permission_suspends_it_without_a_request_and_a_regained_one_resumes_it(town, rows, lost, words):
    await town.set_up()
    town.allow(**lost)
    await town.wait(120)
    assert town.requests("POST") == town.requests("GET") == []
    assert rows("select state, told from cohort") == [("suspended", 1)]
    (told,) = town.told()
    assert words in told
    assert f"in <#{town.channel.id}>." in told
    assert "AZ-104" in told
    assert "Cloud study group" in told
    assert words in (await town.command(town.boss, "digest status")).text
    town.allow()
    await town.wait(40)
    assert len(town.posts()) == 1
    assert rows("select state, reason from cohort") == [("on", None)]
    assert len(town.told()) == 1


async def test_a_deleted_channel_suspends_it_and_another_one_can_be_chosen(town, rows):
    await town.set_up()
    town.env.backend.delete_channel(town.channel.id)
    await town.wait(120)
    assert rows("select state, reason from cohort") == [("suspended", "the channel was deleted")]
    assert "The channel was deleted" in town.told()[0]
    assert town.requests("POST") == []
    other = town.guild.create_text_channel("other")
    town.channel = other
    reply = await town.command(town.boss, "setup", channel=other)
    assert "✅ Next" in reply.text
    await town.wait(40)
    assert len(town.posts(other)) == 1
    assert len(town.told()) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, 50013), (403, 50001), (404, 10003)],
    ids=["missing permissions", "missing access", "unknown channel"],
)
async def test_a_refusal_that_the_cache_does_not_explain_is_retried_and_told_once(town, rows, status, code):
    """The cached permissions say that the bot may post, and Discord says no: for a while, as it turns out."""
    await town.set_up()
    town.fail(status, times=None, code=code)
    await town.wait(600)
    assert len(town.requests("POST")) == 5, "with growing pauses"
    (told,) = town.told()
    assert "is not posted yet" in told
    assert rows("select state, told from cohort") == [("on", 1)]
    reply = await town.command(town.boss, "digest status")
    assert "is not posted yet after 5 attempts: Discord" in reply.text
    town.env.backend.faults.clear()
    await town.wait(600)
    assert len(town.posts()) == 1
    assert rows("select state, told from cohort") == [("on", 0)]
    assert len(town.told()) == 1


async def test_where_direct_messages_are_closed_the_system_channel_is_told(town):
    await town.set_up()
    town.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    town.allow(send_messages=False)
    await town.wait(120)
    assert town.told() == []
    assert len(town.announced()) == 1
    assert "I lack Send Messages" in town.announced()[0]


async def test_where_nobody_can_be_told_the_next_setup_shows_it(town, rows):
    await town.set_up()
    town.env.inject_error("*", "/users/@me/channels", status=403, code=50007, times=None)
    town.allow(town.news, send_messages=False)
    town.allow(send_messages=False)
    await town.wait(120)
    assert town.told() == town.announced() == []
    assert rows("select state from cohort") == [("suspended",)]
    reply = await town.command(town.boss, "setup")
    assert "⚠️ Suspended: I lack Send Messages" in reply.text


async def test_a_word_that_the_bot_could_not_say_before_it_died_is_said_later(town, rows):
    await town.set_up()
    town.allow(send_messages=False)
    await town.restart()
    rows("update cohort set state = 'suspended', reason = 'I lack Send Messages', seen = '0', told = 0")
    town.env.backend.advance_clock(3600)
    await town.restart()
    await town.wait(60)
    assert len(town.told()) == 1


async def test_a_failure_while_telling_is_not_repeated_to_the_next_server(town):
    """Whoever set it up is gone from Discord: the digest of this server stays suspended, and that is all."""
    await town.set_up()
    town.env.inject_error("POST", "/users/@me/channels", status=404, code=10013, times=None)
    town.allow(send_messages=False)
    await town.wait(120)
    assert len(town.announced()) == 1


# --- Restarts and outages ---------------------------------------------------------------------------------------------


async def test_a_digest_that_came_due_while_the_bot_was_down_is_late(town, rows):
    await town.set_up(5)
    await town.sleep(hours=3)
    (post,) = town.posts()
    assert "Late: it was due <t:" in post
    assert rows("select state, reason from delivery") == [("sent", "late")]
    assert ", late" in (await town.command(town.boss, "digest status")).text


async def test_a_digest_that_came_due_days_ago_is_skipped_and_says_why(town, rows):
    await town.set_up(5)
    await town.sleep(hours=49)
    assert town.posts() == []
    assert rows("select state from delivery") == [("skipped",)]
    assert "skipped, because it was more than 48 hours late" in (await town.command(town.boss, "digest status")).text


async def test_a_bot_that_died_before_the_receipt_finds_its_message(town, rows):
    await town.set_up(1)
    for number in range(30):
        await town.bruno.send(town.channel, f"chatter {number}")
    await town.wait(60)
    (stored,) = town.digests_in()
    rows("update delivery set state = 'claimed', message_id = null, sent_at = null, owner = 'x', lease_until = 0")
    rows("update cohort set due_at = due_at - 7 * 86400")
    await town.sleep(minutes=6)
    assert len(town.posts()) == 1
    assert rows("select state, message_id from delivery") == [("sent", stored.id)]
    assert len(town.requests("POST")) == 1


async def test_another_bots_message_with_the_same_mark_is_not_taken_for_ours(town, rows):
    await town.set_up(1)
    await town.wait(60)
    (stored,) = town.digests_in()
    stored.author_id = town.ada.id
    rows("update delivery set state = 'claimed', message_id = null, sent_at = null, owner = 'x', lease_until = 0")
    rows("update cohort set due_at = due_at - 7 * 86400")
    await town.sleep(minutes=6)
    assert len(town.posts()) == 2
    assert rows("select state, message_id <> ? from delivery", stored.id) == [("sent", 1)]


async def test_an_outage_posts_nothing_and_changes_nothing(town, rows):
    await town.set_up()
    before = rows("select * from cohort"), rows("select * from server"), rows("select * from member")
    town.leave(unavailable=True)
    await town.wait(120)
    assert town.posts() == []
    assert (rows("select * from cohort"), rows("select * from server"), rows("select * from member")) == before
    assert rows("select * from delivery") == []
    assert town.told() == []
    town.announce()
    await town.wait(20)
    assert len(town.posts()) == 1


# --- Who is there -----------------------------------------------------------------------------------------------------


async def test_who_left_the_server_is_not_named_and_comes_back_as_they_return(town, rows):
    await town.set_up(2)
    for who in (town.ada, town.bruno):
        await town.command(who, "complete", path="deploy")
    town.guild.remove_member(town.bruno)
    shown = await town.command(town.boss, "digest preview")
    assert "**Ada**" in shown.text
    assert "Bruno" not in shown.text
    assert "1 person" in shown.text
    assert str(town.bruno.id) not in shown.text
    await town.wait(120)
    assert "Bruno" not in town.posts()[0]
    assert rows("select gone_at is not null from member where learner_id = ?", town.bruno.id) == [(1,)]
    assert len(ticked(rows, town.bruno)) == 48
    town.bruno = town.guild.add_member(town.bruno.user)
    shown = await town.command(town.boss, "digest preview")
    assert "**Bruno**" in shown.text
    assert "2 people" in shown.text
    assert rows("select gone_at is not null from member where learner_id = ?", town.bruno.id) == [(0,)]


async def test_hidden_members_are_not_in_the_digest(town):
    await town.set_up(2)
    for who in (town.ada, town.bruno):
        await town.command(who, "complete", path="deploy")
    await town.command(town.ada, "privacy visibility", setting="hidden")
    await town.wait(120)
    assert "Ada" not in town.posts()[0]
    assert "**Bruno**" in town.posts()[0]


async def test_an_exam_is_named_only_by_those_who_share_it(town):
    await town.set_up(2)
    for who, share in ((town.ada, True), (town.bruno, False)):
        await town.command(who, "complete", path="deploy")
        await town.command(who, "plan set", exam="2026-01-20", share=share)
    await town.wait(120)
    (post,) = town.posts()
    assert "**Ada** has the exam on 20 January" in post
    assert "Bruno** has the exam" not in post
    await town.command(town.ada, "plan clear")
    assert "has the exam" not in (await town.command(town.boss, "digest preview")).text


# --- Its buttons ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def digest(town):
    """A digest that the bot posted before its last restart."""
    await town.set_up()
    await town.wait()
    (stored,) = town.digests_in()
    await town.sleep(days=3)
    return town.message(stored)


async def test_tick_something_opens_everybodys_own_next_modules(town, digest, rows):
    await town.command(town.ada, "complete", path="prerequisites")
    titles = {}
    for who in (town.ada, town.bruno):
        form = await town.click(who, digest, "Tick something")
        titles[who.name] = [o["label"] for part in form.modal["components"] for o in part["component"]["options"]]
        assert len(titles[who.name]) == 10
    assert SHELL in titles["bruno"]
    assert SHELL not in titles["ada"]


async def test_what_is_ticked_below_a_digest_counts_and_joins_the_cohort(town, digest, rows):
    form = await town.click(town.bruno, digest, "Tick something")
    done = await town.submit(town.bruno, form, SHELL)
    assert SHELL in done.text
    assert done.private
    assert len(ticked(rows, town.bruno)) == 6
    assert rows("select learner_id from member") == [(town.bruno.id,)]
    assert "**Bruno**" in (await town.command(town.boss, "digest preview")).text
    nothing = await town.submit(town.bruno, await town.click(town.bruno, digest, "Tick something"))
    assert "Nothing was chosen" in nothing.text


async def test_my_progress_is_for_whoever_presses(town, digest):
    await town.command(town.ada, "complete", path="deploy")
    for who, done in ((town.ada, "1 of 6 paths"), (town.bruno, "0 of 6 paths")):
        reply = await town.click(who, digest, "My progress")
        assert reply.private
        assert done in reply.text
    assert len(town.posts()) == 1, "the digest itself stays as it was"
    assert "Nobody has joined" in town.posts()[0]


async def test_away_this_week_is_counted_and_ends(town, digest, rows):
    refused = await town.click(town.ada, digest, "Away this week")
    assert "aren't in this server's AZ-104 cohort" in refused.text
    await town.command(town.ada, "complete", path="deploy")
    reply = await town.click(town.ada, digest, "Away this week")
    until = town.env.now() + timedelta(days=7)
    assert f"<t:{int(until.timestamp())}:D>" in reply.text
    assert "1 member away" in (await town.command(town.boss, "digest preview")).text
    await town.sleep(days=8)
    assert "away" not in (await town.command(town.boss, "digest preview")).text.replace("Away this week", "")


async def test_buttons_of_a_digest_work_when_the_server_has_another_course(town, digest):
    await town.command(town.boss, "setup", course="az-900")
    assert "AZ-104" in (await town.click(town.ada, digest, "My progress")).text
    form = await town.click(town.ada, digest, "Tick something")
    assert "AZ-104" in str(form.modal["components"])


# --- By hand ----------------------------------------------------------------------------------------------------------


async def test_a_preview_is_private_and_exactly_what_is_posted(town, rows):
    await town.set_up(60)
    await town.command(town.ada, "complete", path="deploy")
    shown = await town.command(town.boss, "digest preview")
    assert shown.private
    assert len(shown.message.attachments) == 1
    assert town.posts() == []
    done = await town.command(town.boss, "digest post")
    (stored,) = town.digests_in()
    assert town.posts() == [shown.text]
    assert f"/channels/{town.guild.id}/{town.channel.id}/{stored.id}" in done.text
    assert done.private
    assert rows("select kind, state, message_id from delivery") == [("digest-now", "sent", stored.id)]
    await town.wait(60)
    assert len(town.posts()) == 1


async def test_posting_by_hand_in_the_week_does_not_replace_the_weekly_one(town):
    await town.set_up(2)
    await town.command(town.boss, "digest post")
    await town.wait(120)
    assert len(town.posts()) == 2


@pytest.mark.parametrize(("status", "words"), [(500, "Discord answered 500"), (403, "Discord refuses it")])
async def test_posting_by_hand_says_what_is_wrong(town, status, words):
    await town.set_up(60)
    town.fail(status, times=None, code=50013)
    reply = await town.command(town.boss, "digest post")
    assert "Nothing was posted" in reply.text
    assert words in reply.text
    assert WRONG not in reply.text
    town.env.backend.faults.clear()
    await town.wait(1200)
    assert town.posts() == [], "and it isn't posted later"


async def test_posting_by_hand_answers_truly_when_only_the_answer_was_lost(town):
    await town.set_up(60)
    town.cut(aiohttp.ClientConnectionError("reset"), times=1, arrives=True)
    reply = await town.command(town.boss, "digest post")
    (stored,) = town.digests_in()
    assert f"/{stored.id})" in reply.text
    assert "Posted" in reply.text


async def test_posting_by_hand_when_nobody_can_tell_is_finished_later_and_never_doubled(town):
    """The message arrives, its answer is lost, and Discord doesn't say what is in the channel."""
    await town.set_up(60)
    town.cut(aiohttp.ClientConnectionError("reset"), times=1, arrives=True)
    path = f"/channels/{town.channel.id}/messages"
    town.env.inject_error("GET", path, status=503, code=0, times=None, message="No")
    reply = await town.command(town.boss, "digest post")
    assert "can't tell yet" in reply.text
    town.env.backend.faults.clear()
    again = await town.command(town.boss, "digest post")
    (stored,) = town.digests_in()
    assert f"/{stored.id})" in again.text, "the second request finds the first one's message"


async def test_pause_resume_and_off(town, rows):
    await town.set_up(2)
    assert "Paused" in (await town.command(town.boss, "digest pause")).text
    await town.wait(180)
    assert town.posts() == []
    resumed = await town.command(town.boss, "digest resume")
    assert f"<t:{int(town.env.now().timestamp()) + 7 * 86400 - 60}:F>" in resumed.text
    await town.wait(60)
    assert town.posts() == []
    assert "Off" in (await town.command(town.boss, "digest off")).text
    assert rows("select state from cohort") == [("off",)]


async def test_the_status_links_to_the_last_message(town):
    await town.set_up()
    await town.wait()
    (stored,) = town.digests_in()
    text = (await town.command(town.boss, "digest status")).text
    assert f"[posted](https://discord.com/channels/{town.guild.id}/{town.channel.id}/{stored.id})" in text
    assert f"✅ Next: <t:{int(town.env.now().timestamp()) + 7 * 86400}:F>" in text
