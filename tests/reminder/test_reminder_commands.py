"""``/remind`` and direct messages through the whole bot on a simulated Discord."""

import logging
import re
from datetime import timedelta

import discord
import pytest
import simcord

from bot.client.bot import StudyBot
from bot.core.plan.reminders import Rhythm
from bot.store import Store
from bot.study import Study
from tests.cogs.conftest import parts
from tests.digest.conftest import SimulatedClock
from tests.reminder.conftest import ReminderSimulation

HOUR = 3600


@pytest.fixture
def failing():
    """Mark a test that expects errors in the log."""


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog, request):
    """Fail on unexpected warnings and errors in the log, except in tests marked with ``failing``."""
    yield
    if "failing" not in request.fixturenames:
        assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


def state(rows):
    return rows("select course, state from reminder order by course")


# --- Asking -----------------------------------------------------------------------------------------------------------


async def test_a_test_message_is_sent_first(reminder_sim, rows):
    reply = await reminder_sim.ask()
    assert reply.private
    assert "I'll remind you of AZ-104" in reply.text
    assert "Daily at 00:02 (UTC)" in reply.text
    assert "`/me timezone:`" in reply.text, "no zone is known"
    (text,) = reminder_sim.texts()
    assert "This is a test" in text
    assert "Next: " in text
    assert "`/remind off`" in text
    (message,) = reminder_sim.direct_messages()
    labels = [part["label"] for part in parts(message.components) if part.get("type") == 2]
    assert labels[:3] == ["Done", "Later", "Not this week"]
    assert state(rows) == [("az-104", "on")]
    assert rows("select channel_id from reminder") == [(reminder_sim.dm.id,)]


async def test_times_are_in_the_learners_zone(reminder_sim):
    await reminder_sim.study.learners.set_zone(reminder_sim.ada.id, "Tokyo")
    reply = await reminder_sim.command(reminder_sim.ada, "remind set", days="weekdays", time="6pm", course="dp-900")
    assert "Weekdays at 18:00 (Asia/Tokyo)" in reply.text
    assert "timezone" not in reply.text
    at = reminder_sim.env.now().replace(hour=9, minute=0)
    assert f"<t:{int(at.timestamp())}:F>" in reply.text, "Thursday, 18:00 in Tokyo"


async def test_closed_direct_messages_are_detected_at_set_up(reminder_sim, rows):
    reminder_sim.close_messages()
    reply = await reminder_sim.ask()
    assert "I can't send you direct messages" in reply.text
    assert "Privacy Settings" in reply.text
    assert state(rows) == []
    reminder_sim.open_messages()
    await reminder_sim.wait(300)
    assert reminder_sim.texts() == []


async def test_discord_is_down_at_set_up(reminder_sim, rows):
    reminder_sim.fail(500, None, 0, reminder_sim.dm)
    reminder_sim.env.inject_error("POST", "/users/@me/channels", status=400, code=40003, times=1, message="Too fast")
    reply = await reminder_sim.ask()
    assert "Nothing was saved" in reply.text
    assert state(rows) == []


@pytest.mark.parametrize("wrong", [{"days": "someday"}, {"time": "late"}, {"course": "zz-1"}])
async def test_invalid_options_are_refused(reminder_sim, rows, wrong):
    reply = await reminder_sim.ask(**wrong)
    assert "⚠️" in reply.text
    assert reminder_sim.texts() == []
    assert state(rows) == []


async def test_set_up_in_direct_messages(reminder_sim, rows):
    reply = await reminder_sim.command(reminder_sim.user, "remind set", days="daily", time="12")
    assert "I'll remind you" in reply.text
    assert state(rows) == [("az-104", "on")]


# --- The message ------------------------------------------------------------------------------------------------------


async def test_a_reminder_is_sent_once_on_time_and_pings_nobody(reminder_sim, rows):
    await reminder_sim.ask(2)
    await reminder_sim.wait(100)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.wait(20)
    assert len(reminder_sim.texts()) == 2
    await reminder_sim.wait(300)
    assert len(reminder_sim.texts()) == 2
    text = reminder_sim.texts()[-1]
    assert "This is a test" not in text
    assert "Late:" not in text
    assert re.search(r"\[.+\]\(https://", text), "its link"
    assert re.search(r"\d min", text)
    sent = reminder_sim.requests("POST", reminder_sim.dm)
    assert all(each.json["enforce_nonce"] is True and each.json["allowed_mentions"] == {"parse": []} for each in sent)
    assert len({each.json["nonce"] for each in sent}) == 2
    opened = [each for each in reminder_sim.env.http_requests if each.path == "/users/@me/channels"]
    assert len(opened) == 1, "the channel is kept"
    assert rows("select state, message_id from delivery where kind = 'reminder'") == [
        ("sent", reminder_sim.direct_messages()[-1].id)
    ]


async def test_buttons_work_after_a_restart(reminder_sim, rows):
    await reminder_sim.ask()
    await reminder_sim.wait(140)
    await reminder_sim.restart()
    done = await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[-1], "Done")
    assert done.private
    assert "done" in done.text
    ((route, server),) = rows("select route, server_id from tick")
    assert route
    assert server is None, "used in a direct message, so without a server"
    again = await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[-1], "Done")
    assert "already ticked" in again.text
    later = await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[-1], "Later")
    assert f"<t:{int(reminder_sim.env.now().timestamp()) + 3 * HOUR}" in later.text
    await reminder_sim.sleep(hours=2, minutes=59)
    assert len(reminder_sim.texts()) == 2
    await reminder_sim.wait(100)
    assert len(reminder_sim.texts()) == 3
    assert "once" in (await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[-1], "Later")).text
    await reminder_sim.sleep(hours=4)
    assert len(reminder_sim.texts()) == 3, "once for each day"


async def test_not_this_week(reminder_sim):
    await reminder_sim.ask()
    await reminder_sim.wait(140)
    reply = await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[-1], "Not this week")
    monday = reminder_sim.env.now().replace(day=5, hour=0, minute=2, second=0)
    assert f"<t:{int(monday.timestamp())}:F>" in reply.text
    await reminder_sim.sleep(days=3)
    assert len(reminder_sim.texts()) == 2
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 3


async def test_the_buttons_of_the_test_message(reminder_sim, rows):
    await reminder_sim.ask(60)
    assert (
        "test message" in (await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[0], "Later")).text
    )
    assert (
        "Put off"
        in (await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[0], "Not this week")).text
    )
    await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[0], "Done")
    assert rows("select count(*) from tick") == [(1,)]


async def test_buttons_after_a_deletion(reminder_sim, rows):
    await reminder_sim.ask()
    await reminder_sim.wait(140)
    await reminder_sim.study.privacy.forget(reminder_sim.ada.id)
    message = reminder_sim.direct_messages()[-1]
    assert "⚠️" in (await reminder_sim.click(reminder_sim.user, message, "Later")).text
    assert "You have no reminders" in (await reminder_sim.click(reminder_sim.user, message, "Not this week")).text
    assert state(rows) == []


async def test_a_completed_course(reminder_sim, rows):
    await reminder_sim.ask(course="dp-900")
    await reminder_sim.command(reminder_sim.ada, "complete", path="core-data", course="dp-900")
    course = reminder_sim.study.catalogue.courses["dp-900"]
    for path in course.paths:
        await reminder_sim.command(reminder_sim.ada, "complete", path=path.id, course="dp-900")
    await reminder_sim.wait(140)
    assert "All of DP-900 is done" in reminder_sim.texts()[-1]
    assert "paused now" in reminder_sim.texts()[-1]
    assert state(rows) == [("dp-900", "paused")]
    reply = await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[-1], "Remind me still")
    assert "✅ on" in reply.text
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 3
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 3, "it pauses again"


# --- Lists and switches -----------------------------------------------------------------------------------------------


async def test_the_list_pauses_resumes_and_turns_off(reminder_sim, rows):
    assert "`/remind set" in (await reminder_sim.command(reminder_sim.ada, "remind list")).text
    await reminder_sim.ask()
    listed = await reminder_sim.command(reminder_sim.ada, "remind list")
    assert "✅ on" in listed.text
    assert listed.buttons == ["Pause", "Turn off"]
    paused = await reminder_sim.click(reminder_sim.ada, listed, "Pause")
    assert "paused" in paused.text
    await reminder_sim.wait(200)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.restart()
    resumed = await reminder_sim.click(reminder_sim.ada, paused, "Resume")
    assert "✅ on" in resumed.text
    off = await reminder_sim.click(reminder_sim.ada, resumed, "Turn off")
    assert "○ off" in off.text
    assert off.buttons == ["Resume"]
    assert state(rows) == [("az-104", "off")]


async def test_two_courses_are_switched_separately_or_together(reminder_sim, rows):
    await reminder_sim.ask()
    reply = await reminder_sim.ask(course="dp-900")
    assert "One reminder a day at most" in reply.text
    listed = await reminder_sim.command(reminder_sim.ada, "remind list")
    await reminder_sim.click(reminder_sim.ada, listed, "Pause DP-900")
    assert state(rows) == [("az-104", "on"), ("dp-900", "paused")]
    await reminder_sim.command(reminder_sim.ada, "remind off", course="az-104")
    assert state(rows) == [("az-104", "off"), ("dp-900", "paused")]
    await reminder_sim.command(reminder_sim.ada, "remind off")
    assert state(rows) == [("az-104", "off"), ("dp-900", "off")]
    assert "nothing to pause" in (await reminder_sim.command(reminder_sim.ada, "remind pause")).text
    assert "AZ-900" in (await reminder_sim.command(reminder_sim.ada, "remind pause", course="az-900")).text


async def test_snooze(reminder_sim):
    await reminder_sim.ask()
    reply = await reminder_sim.command(reminder_sim.ada, "remind snooze")
    tomorrow = reminder_sim.env.now() + timedelta(days=1)
    assert f"<t:{int(tomorrow.replace(minute=2, second=0, microsecond=0).timestamp())}:F>" in reply.text
    assert "Snoozed" in (await reminder_sim.command(reminder_sim.ada, "remind list")).text
    await reminder_sim.wait(200)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.command(reminder_sim.ada, "remind snooze", days=3)
    await reminder_sim.sleep(days=2)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 2


async def test_pause_by_command(reminder_sim):
    await reminder_sim.ask()
    assert "paused" in (await reminder_sim.command(reminder_sim.ada, "remind pause")).text
    await reminder_sim.wait(200)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.ask()
    await reminder_sim.wait(200)
    assert len(reminder_sim.texts()) == 3, "a new set up resumes it"


# --- Discord is out of order ------------------------------------------------------------------------------------------


async def test_direct_messages_closed_later_suspend_with_one_notice(reminder_sim, rows):
    await reminder_sim.ask()
    reminder_sim.close_messages()
    await reminder_sim.wait(140)
    assert state(rows) == [("az-104", "suspended")]
    assert len(reminder_sim.requests("POST", reminder_sim.dm)) == 2, "it is not retried"
    await reminder_sim.restart()
    first = await reminder_sim.command(reminder_sim.ada, "next")
    assert any("suspended" in str(each.components) for each in first.result.followups)
    assert all(each.ephemeral for each in first.result.followups)
    second = await reminder_sim.command(reminder_sim.ada, "next")
    assert second.result.followups == []
    listed = await reminder_sim.command(reminder_sim.ada, "remind list")
    assert "suspended" in listed.text
    assert "direct messages are closed" in listed.text
    assert "Resume" not in listed.buttons
    reminder_sim.open_messages()
    await reminder_sim.ask()
    assert state(rows) == [("az-104", "on")]


async def test_a_new_set_up_removes_the_notice(reminder_sim):
    await reminder_sim.ask()
    reminder_sim.close_messages()
    await reminder_sim.wait(140)
    reminder_sim.open_messages()
    reply = await reminder_sim.ask()
    assert [each for each in reply.result.followups if "suspended" in str(each.components)] == []
    assert (await reminder_sim.command(reminder_sim.ada, "next")).result.followups == []


@pytest.mark.parametrize(("status", "code"), [(500, 0), (503, 0), (403, 20026)])
async def test_a_reminder_is_retried_until_discord_accepts_it(reminder_sim, rows, status, code, failing):
    await reminder_sim.ask()
    reminder_sim.fail(status, 3, code, reminder_sim.dm)
    await reminder_sim.wait(400)
    assert len(reminder_sim.texts()) == 2
    assert rows("select state from delivery where kind = 'reminder'") == [("sent",)]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_dropped_connection_causes_one_message(reminder_sim, arrives):
    await reminder_sim.ask()
    reminder_sim.drop_connection(OSError("cut"), arrives=arrives)
    await reminder_sim.wait(300)
    assert len(reminder_sim.texts()) == 2
    assert len(reminder_sim.requests("GET", reminder_sim.dm)) == 1, "searched"


async def test_a_long_rate_limit_is_respected(reminder_sim):
    await reminder_sim.ask()
    reminder_sim.drop_connection(discord.RateLimited(400))
    await reminder_sim.wait(500)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.wait(100)
    assert len(reminder_sim.texts()) == 2


@pytest.mark.parametrize(("hours", "comes"), [(11, 1), (12, 0)])
async def test_after_twelve_hours_it_is_not_sent(reminder_sim, rows, hours, comes):
    await reminder_sim.ask()
    await reminder_sim.sleep(hours=hours, minutes=3)
    assert len(reminder_sim.texts()) == 1 + comes
    if comes:
        assert "Late: it was due" in reminder_sim.texts()[-1]
    assert rows("select state from delivery where kind = 'reminder'") == [("sent" if comes else "skipped",)]


async def test_an_internal_error_does_not_stop_the_loop(reminder_sim, rows, failing):
    await reminder_sim.ask()
    rows("alter table delivery rename to elsewhere")
    await reminder_sim.wait(140)
    rows("alter table elsewhere rename to delivery")
    await reminder_sim.wait(300)
    assert len(reminder_sim.texts()) == 2


async def test_every_learner_gets_their_own_reminder(reminder_sim):
    await reminder_sim.ask()
    at = reminder_sim.env.now() + timedelta(minutes=2)
    for member in (reminder_sim.bruno, reminder_sim.cleo):
        await reminder_sim.command(member, "remind set", days="daily", time=f"{at:%H:%M}")
    await reminder_sim.wait(160)
    boxes = reminder_sim.env.backend.dm_channels
    for member in (reminder_sim.ada, reminder_sim.bruno, reminder_sim.cleo):
        assert len(reminder_sim.env.backend.messages[boxes[member.id]]) == 2
    nonces = [each["nonce"] for each in reminder_sim.sent("/messages") if "Hi, I'm Waymark" not in str(each)]
    assert len(set(nonces)) == len(nonces) == 6, "Discord compares the nonces of all messages of the bot"


async def test_forget_ends_reminders_at_once(reminder_sim, rows):
    await reminder_sim.ask()
    asked = await reminder_sim.command(reminder_sim.ada, "privacy forget")
    forgotten = await reminder_sim.click(reminder_sim.ada, asked, "Delete everything")
    assert "the reminders that you asked for" in forgotten.text
    await reminder_sim.wait(300)
    assert len(reminder_sim.texts()) == 1
    assert state(rows) == []


# --- Several processes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shard", "comes"), [(0, 1), (1, 0)])
async def test_the_process_of_shard_0_sends_them(path, catalogue, shard, comes):
    """Direct messages belong to no server; Discord sends their events to shard 0."""
    clock = SimulatedClock()
    store = await Store.open(path)
    study = await Study.open(store, catalogue, now=clock.now)
    env = simcord.Env(StudyBot(study, store, shard_count=2, shard_ids=[shard]), shard_count=2, check_errors=False)
    clock.discord = env
    await env.start()
    try:
        reminder_sim = ReminderSimulation(env, study, store)
        assert list(reminder_sim.bot.shards) == [shard]
        rhythm = Rhythm(frozenset(range(7)), 2)
        await store.reminders.save(reminder_sim.ada.id, "az-104", rhythm, reminder_sim.dm.id, env.now())
        await reminder_sim.wait(200)
        assert len(reminder_sim.texts()) == comes
    finally:
        await env.shutdown()
        await store.close()
