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
from tests.cogs.conftest import current_values, parts
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
    assert reply.text.startswith("✅ I'll remind you about AZ-104. I sent you a test DM.\n### Reminders\n")
    assert "Every day at 00:02 UTC\nNext: Thursday, January 1 (<t:" in reply.text
    assert "Set your time zone and your reminders will follow it." in reply.text
    assert reply.custom_id("Set time zone") == "wm1:zone"
    (text,) = reminder_sim.texts()
    assert "**Test message.** Your first reminder arrives Thursday, January 1 (<t:" in text
    assert "Next: " in text
    assert re.search(r"You set this reminder: every day at 00:02 UTC\. Change it in </remind:\d+>\.", text)
    (message,) = reminder_sim.direct_messages()
    labels = [part["label"] for part in parts(message.components) if part.get("type") == 2]
    assert labels[:3] == ["Done", "Later", "Not this week"]
    assert state(rows) == [("az-104", "on")]
    assert rows("select channel_id from reminder") == [(reminder_sim.dm.id,)]


async def test_times_are_in_the_learners_zone(reminder_sim):
    await reminder_sim.study.learners.set_zone(reminder_sim.ada.id, "Tokyo")
    reply = await reminder_sim.set_reminder(reminder_sim.ada, range(5), "6pm", course="dp-900")
    at = reminder_sim.env.now().replace(hour=9, minute=0)
    assert "Weekdays at 18:00\n" in reply.text
    assert f"Next: Thursday, January 1 (<t:{int(at.timestamp())}:R>)" in reply.text, "18:00 in Tokyo"
    assert "UTC" not in reply.text
    assert ":F>" not in reply.text, "a second clock"
    assert "Change time zone" in reply.buttons


async def test_closed_direct_messages_are_detected_at_set_up(reminder_sim, rows):
    reminder_sim.close_messages()
    reply = await reminder_sim.ask()
    assert "your DMs are closed, so nothing was saved" in reply.text
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


async def test_an_invalid_time_is_refused(reminder_sim, rows):
    reply = await reminder_sim.set_reminder(reminder_sim.ada, time="late")
    assert "“late” isn't a time of day" in reply.text
    assert reminder_sim.texts() == []
    assert state(rows) == []


async def test_set_up_in_direct_messages(reminder_sim, rows):
    reply = await reminder_sim.set_reminder(reminder_sim.user, time="12")
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
    assert "Test message" not in text
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
    assert "already" in again.text
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
    assert f"✅ Snoozed until Monday, January 5 (<t:{int(monday.timestamp())}:R>)." in reply.text
    await reminder_sim.sleep(days=3)
    assert len(reminder_sim.texts()) == 2
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 3


async def test_the_buttons_of_the_test_message(reminder_sim, rows):
    await reminder_sim.ask(60)
    assert (
        "test message" in (await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[0], "Later")).text
    )
    snoozed = await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[0], "Not this week")
    assert "Snoozed until" in snoozed.text
    await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[0], "Done")
    assert rows("select count(*) from tick") == [(1,)]


async def test_buttons_after_a_deletion(reminder_sim, rows):
    await reminder_sim.ask()
    await reminder_sim.wait(140)
    await reminder_sim.study.privacy.forget(reminder_sim.ada.id)
    message = reminder_sim.direct_messages()[-1]
    assert "⚠️" in (await reminder_sim.click(reminder_sim.user, message, "Later")).text
    assert "You have no AZ-104 reminder" in (await reminder_sim.click(reminder_sim.user, message, "Not this week")).text
    assert state(rows) == []


async def test_a_completed_course(reminder_sim, rows):
    await reminder_sim.ask(course="dp-900")
    await reminder_sim.command(reminder_sim.ada, "complete", what="core-data", course="dp-900")
    course = reminder_sim.study.catalogue.courses["dp-900"]
    for path in course.paths:
        await reminder_sim.command(reminder_sim.ada, "complete", what=path.id, course="dp-900")
    await reminder_sim.wait(140)
    assert "All of DP-900 is done" in reminder_sim.texts()[-1]
    assert "so these reminders are paused" in reminder_sim.texts()[-1]
    assert state(rows) == [("dp-900", "paused")]
    reply = await reminder_sim.click(reminder_sim.user, reminder_sim.direct_messages()[-1], "Keep reminding me")
    assert "✅ on" in reply.text
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 3
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 3, "it pauses again"


# --- Lists and switches -----------------------------------------------------------------------------------------------


async def test_without_reminders_one_button_sets_one(reminder_sim, rows):
    panel = await reminder_sim.command(reminder_sim.ada, "remind")
    assert panel.private
    assert "⚠️" not in panel.text
    assert panel.buttons == ["Set a reminder"]
    form = await reminder_sim.click(reminder_sim.ada, panel, "Set a reminder")
    assert current_values(form.modal) == {"days": ["0", "1", "2", "3", "4"], "time": "18:00", "course": ["az-104"]}
    assert reminder_sim.texts() == []
    await reminder_sim.restart()
    reply = await reminder_sim.fill(reminder_sim.ada, form, days=["0", "2"], time="7:30", course=["dp-900"])
    assert "Monday and Wednesday at 07:30 UTC" in reply.text
    assert state(rows) == [("dp-900", "on")]


async def test_undoing_a_new_reminder_deletes_it(reminder_sim, rows):
    reply = await reminder_sim.ask()
    await reminder_sim.restart()
    undone = await reminder_sim.click(reminder_sim.ada, reply, "Undo")
    assert undone.text.startswith("✅ Undone.")
    assert undone.buttons == ["Set a reminder"]
    assert state(rows) == []


async def test_change_shows_the_current_values(reminder_sim, rows):
    await reminder_sim.set_reminder(reminder_sim.ada, [0, 4], "18:30")
    sent = len(reminder_sim.texts())
    panel = await reminder_sim.command(reminder_sim.ada, "remind")
    form = await reminder_sim.click(reminder_sim.ada, panel, "Change")
    assert current_values(form.modal) == {"days": ["0", "4"], "time": "18:30"}
    reply = await reminder_sim.fill(reminder_sim.ada, form, time="6am")
    assert "Monday and Friday at 06:00 UTC" in reply.text
    assert len(reminder_sim.texts()) == sent, "direct messages are known to be open"
    undone = await reminder_sim.click(reminder_sim.ada, reply, "Undo")
    assert "Monday and Friday at 18:30 UTC" in undone.text
    assert rows("select days, minute from reminder") == [(0b10001, 18 * 60 + 30)]


async def test_the_panel_pauses_turns_on_and_turns_off(reminder_sim, rows):
    await reminder_sim.ask()
    panel = await reminder_sim.command(reminder_sim.ada, "remind")
    assert "✅ on" in panel.text
    assert panel.buttons == ["Change", "Pause", "Turn off", "Add a reminder", "Set time zone"]
    paused = await reminder_sim.click(reminder_sim.ada, panel, "Pause")
    assert "⏸️ paused" in paused.text
    await reminder_sim.wait(200)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.restart()
    resumed = await reminder_sim.click(reminder_sim.ada, paused, "Turn on")
    assert "✅ on" in resumed.text
    off = await reminder_sim.click(reminder_sim.ada, resumed, "Turn off")
    assert "○ off" in off.text
    assert off.buttons == ["Change", "Turn on", "Add a reminder", "Set time zone", "Undo"]
    assert state(rows) == [("az-104", "off")]
    await reminder_sim.restart()
    assert "✅ on" in (await reminder_sim.click(reminder_sim.ada, off, "Undo")).text
    assert state(rows) == [("az-104", "on")]


async def test_two_courses_are_changed_separately(reminder_sim, rows):
    await reminder_sim.ask()
    reply = await reminder_sim.ask(course="dp-900")
    assert "You get one reminder a day at most" in reply.text
    panel = await reminder_sim.command(reminder_sim.ada, "remind", course="dp-900")
    assert panel.text.index("**DP-900**") < panel.text.index("**AZ-104**")
    await reminder_sim.click(reminder_sim.ada, panel, "Pause DP-900")
    assert state(rows) == [("az-104", "on"), ("dp-900", "paused")]
    panel = await reminder_sim.command(reminder_sim.ada, "remind")
    assert panel.text.index("**AZ-104**") < panel.text.index("**DP-900**")
    await reminder_sim.click(reminder_sim.ada, panel, "Turn off AZ-104")
    assert state(rows) == [("az-104", "off"), ("dp-900", "paused")]


async def test_more_than_three_are_reached_with_a_select(reminder_sim, rows):
    courses = list(reminder_sim.study.catalogue.courses)[:5]
    for course in courses:
        reply = await reminder_sim.set_reminder(reminder_sim.ada, course=course)
    assert len([label for label in reply.buttons if label.startswith("Change ")]) == 3
    selects = [part for part in parts(reply.message.components) if part.get("placeholder") == "More reminders…"]
    value = selects[0]["options"][0]["value"]
    shown = await reminder_sim.press(reminder_sim.ada, "wms1:remindlist", reply.message, value)
    code = reminder_sim.study.catalogue.courses[value].code
    assert shown.text.startswith(f"### Reminders\n**{code}**")


async def choose_snooze(reminder_sim, panel, days):
    return await reminder_sim.press(reminder_sim.ada, "wms1:remindsnooze:az-104", panel.message, str(days))


async def test_snooze(reminder_sim, rows):
    panel = await reminder_sim.ask()
    (menu,) = [part for part in parts(panel.message.components) if part.get("placeholder") == "Snooze…"]
    labels = [option["label"] for option in menu["options"]]
    assert labels == ["Until tomorrow", "2 days", "3 days", "1 week", "2 weeks"]
    reply = await choose_snooze(reminder_sim, panel, 1)
    tomorrow = (reminder_sim.env.now() + timedelta(days=1)).replace(minute=2, second=0, microsecond=0)
    assert f"✅ Snoozed until Friday, January 2 (<t:{int(tomorrow.timestamp())}:R>)." in reply.text
    assert "Snoozed. Next: Friday, January 2" in (await reminder_sim.command(reminder_sim.ada, "remind")).text
    await reminder_sim.wait(200)
    assert len(reminder_sim.texts()) == 1
    again = await choose_snooze(reminder_sim, reply, 1)
    assert "Nothing changed. Your next AZ-104 reminder is already Friday, January 2" in again.text
    assert "Undo" not in again.buttons
    longer = await choose_snooze(reminder_sim, again, 3)
    await reminder_sim.click(reminder_sim.ada, longer, "Undo")
    await choose_snooze(reminder_sim, longer, 3)
    await reminder_sim.sleep(days=2)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 2


async def test_a_forged_snooze_is_refused(reminder_sim):
    panel = await reminder_sim.ask()
    for days in ("0", "999", "x", "-1"):
        reply = await choose_snooze(reminder_sim, panel, days)
        assert reply.text.startswith("⚠️ ")
        assert "Something went wrong" not in reply.text


async def test_strangers_change_only_their_own_reminders(reminder_sim, rows):
    reply = await reminder_sim.ask()
    for label in ("Pause", "Turn off", "Undo"):
        assert "⚠️" in (await reminder_sim.press_old(reminder_sim.bruno, reply.custom_id(label))).text
    assert state(rows) == [("az-104", "on")]
    form = await reminder_sim.press_old(reminder_sim.bruno, reply.custom_id("Change"))
    assert "course" in current_values(form.modal), "it is for a new reminder of Bruno's"


async def test_no_reminder_is_sent_on_days_off(reminder_sim):
    await reminder_sim.ask(60)
    await reminder_sim.add_days_off(reminder_sim.ada, "2026-01-01", "2026-01-02")
    panel = await reminder_sim.command(reminder_sim.ada, "remind")
    assert "Next: Saturday, January 3" in panel.text
    await reminder_sim.sleep(days=1, hours=2)
    assert len(reminder_sim.texts()) == 1
    await reminder_sim.sleep(days=1)
    assert len(reminder_sim.texts()) == 2, "they continue afterwards"


# --- Discord is out of order ------------------------------------------------------------------------------------------


async def test_direct_messages_closed_later_suspend_with_one_notice(reminder_sim, rows):
    await reminder_sim.ask()
    reminder_sim.close_messages()
    await reminder_sim.wait(140)
    assert state(rows) == [("az-104", "suspended")]
    assert len(reminder_sim.requests("POST", reminder_sim.dm)) == 2, "it is not retried"
    await reminder_sim.restart()
    first = await reminder_sim.command(reminder_sim.ada, "next")
    assert any("reminders have stopped" in str(each.components) for each in first.result.followups)
    assert all(each.ephemeral for each in first.result.followups)
    second = await reminder_sim.command(reminder_sim.ada, "next")
    assert second.result.followups == []
    panel = await reminder_sim.command(reminder_sim.ada, "remind")
    assert "⚠️ stopped" in panel.text
    assert "direct messages are closed" in panel.text
    refused = await reminder_sim.click(reminder_sim.ada, panel, "Turn on")
    assert "your DMs are closed" in refused.text
    assert state(rows) == [("az-104", "suspended")]
    reminder_sim.open_messages()
    panel = await reminder_sim.command(reminder_sim.ada, "remind")
    reply = await reminder_sim.click(reminder_sim.ada, panel, "Turn on")
    assert "I sent you a test DM." in reply.text
    assert state(rows) == [("az-104", "on")]


async def test_a_new_set_up_removes_the_notice(reminder_sim):
    await reminder_sim.ask()
    reminder_sim.close_messages()
    await reminder_sim.wait(140)
    reminder_sim.open_messages()
    panel = await reminder_sim.press_old(reminder_sim.ada, "wm1:remindon:az-104")
    reply = await reminder_sim.click(reminder_sim.ada, panel, "Pause")
    assert [each for each in reply.result.followups if "have stopped" in str(each.components)] == []
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
        await reminder_sim.set_reminder(member, time=f"{at:%H:%M}")
    await reminder_sim.wait(160)
    boxes = reminder_sim.env.backend.dm_channels
    for member in (reminder_sim.ada, reminder_sim.bruno, reminder_sim.cleo):
        assert len(reminder_sim.env.backend.messages[boxes[member.id]]) == 2
    nonces = [each["nonce"] for each in reminder_sim.sent("/channels/") if "Hi, I'm Waymark" not in str(each)]
    assert len(set(nonces)) == len(nonces) == 6, "Discord compares the nonces of all messages of the bot"


async def test_forget_ends_reminders_at_once(reminder_sim, rows):
    await reminder_sim.ask()
    asked = await reminder_sim.privacy(reminder_sim.ada, "Delete my data")
    forgotten = await reminder_sim.click(reminder_sim.ada, asked, "Delete everything")
    assert "reminders and settings are gone" in forgotten.text
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
