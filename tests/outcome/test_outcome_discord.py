"""The day after the exam on a simulated Discord, and the search for traces of a failed exam."""

import json

import pytest
from simcord.builders import UserHandle

from bot.core.calendar.slots import Schedule
from bot.store.cohorts import Cohort
from bot.store.deliveries import ScheduleState
from bot.study.delivery_kind import Marker
from bot.study.digest_content import DigestBuilder
from tests.operation.conftest import CapturedLog

SET = {"exam": "2026-11-27", "hours": "5", "shared": "0"}


@pytest.fixture
def passed_date(sim, clock):
    """Ada's exam was yesterday, and it's 9:30."""

    async def wait(**more):
        await sim.set_plan(sim.ada, **SET | more)
        clock.move(days=8)

    return wait


async def asked(sim, clock):
    """What Ada is asked after her next command."""
    await sim.study.exam_questions.find_news()
    return await sim.command(sim.ada, "paths")


async def test_asked_privately_after_the_next_command_and_only_once(sim, clock, passed_date):
    await passed_date()
    reply = await asked(sim, clock)
    assert reply.private
    assert "How did your AZ-104 exam go?\nIt was on Friday, November 27, 2026." in reply.text
    assert reply.buttons == ["Passed", "Not this time", "Rescheduled", "Didn't take it"]
    assert "How did your" not in (await asked(sim, clock)).text
    assert "How did your" not in (await sim.command(sim.bruno, "paths")).text


@pytest.mark.parametrize("restart", [False, True])
async def test_passing_stays_private_unless_it_is_shared(sim, clock, passed_date, rows, restart):
    await sim.join(sim.ada, sim.bruno)
    await passed_date()
    reply = await asked(sim, clock)
    if restart:
        await sim.restart()
    posts = sim.channel_texts()
    won = await sim.click(sim.ada, reply, "Passed")
    assert "You passed AZ-104. Congratulations!" in won.text
    assert "Valid until November 27, 2027" in won.text
    assert won.message.attachments[0].description.startswith("Ada passed AZ-104, Azure Administrator Associate, on")
    assert won.buttons == ["Keep private", "Share with my group", "Undo"]
    kept = await sim.click(sim.ada, won, "Keep private")
    assert "Keep AZ-104 fresh?" in kept.text
    done = await sim.click(sim.ada, kept, "5 questions a week")
    assert "Count your result anonymously?" in done.text
    assert sim.channel_texts() == posts
    wall = await sim.click(sim.bruno, await sim.command(sim.bruno, "progress"), "Who passed")
    assert "Nobody has shared a pass yet" in wall.text
    assert rows("select upkeep, counted from outcome") == [("weekly", 0)]
    assert "valid until November 27, 2027" in (await sim.command(sim.ada, "start")).text


async def test_shared_in_the_channel_on_the_wall_and_undone(sim, clock, passed_date, rows):
    await sim.join(sim.ada, sim.bruno)
    await passed_date()
    won = await sim.click(sim.ada, await asked(sim, clock), "Passed")
    again = won.custom_id("Share with my group")
    shared = await sim.click(sim.ada, won, "Share with my group")
    assert "Shared with your study group" in shared.text
    assert any("Ada passed AZ-104" in text for text in sim.channel_texts())
    await sim.press_old(sim.ada, again)
    assert sum("Ada passed AZ-104" in text for text in sim.channel_texts()) == 1, "a second press posts nothing"
    progress = await sim.command(sim.bruno, "progress")
    assert "1 member" in (await sim.click(sim.bruno, progress, "Who passed")).text
    assert (await digest_of(sim)).passed == (1, 1)
    undone = await sim.click(sim.ada, shared, "Undo")
    assert (await digest_of(sim)).passed == (0, 0)
    assert "Undone." in undone.text
    assert not any("Ada passed AZ-104" in text for text in sim.channel_texts())
    assert rows("select * from outcome") == rows("select * from outcome_share") == []
    assert rows("select * from announcement") == []
    assert rows("select exam_on from exam") == [("2026-11-27",)]
    assert rows("select minutes_a_week from plan") == [(300,)]


def plan_label(reply):
    return next(label for label in reply.buttons if label.startswith("Plan until"))


async def test_not_this_time_rates_domains_and_plans_the_retake(sim, clock, passed_date, rows):
    await passed_date()
    lost = await sim.click(sim.ada, await asked(sim, clock), "Not this time")
    assert lost.private
    assert "You can retake it now." in lost.text
    form = await sim.click(sim.ada, lost, "Rate the domains")
    rated = await sim.fill(sim.ada, form, storage=["weak"], networking=["fair"])
    assert "Weak: Implement and manage storage" in rated.text.replace("*", "")
    planned = await sim.click(sim.ada, rated, plan_label(rated))
    assert "Only what was weak: Implement and manage storage" in planned.text
    assert "Open module" in planned.buttons
    assert rows("select shared from exam") == [(0,)]
    await sim.click(sim.ada, planned, "Undo")
    assert rows("select exam_on from exam") == [("2026-11-27",)]
    assert rows("select * from plan_focus") == []


async def test_rescheduled_and_not_taken(sim, clock, passed_date, rows):
    await passed_date()
    question = await asked(sim, clock)
    form = await sim.click(sim.ada, question, "Rescheduled")
    assert "Plan saved" in (await sim.fill(sim.ada, form, exam="2026-12-18")).text
    clock.move(days=30)
    question = await asked(sim, clock)
    missed = await sim.click(sim.ada, question, "Didn't take it")
    assert missed.buttons == ["Set a new date", "Keep the date", "Clear the date"]
    cleared = await sim.click(sim.ada, missed, "Clear the date")
    assert rows("select * from exam") == []
    await sim.click(sim.ada, cleared, "Undo")
    assert rows("select exam_on from exam") == [("2026-12-18",)]


def public(sim):
    """Every message that others can see, in any channel, as JSON without times."""
    stored = [each for channel in sim.env.backend.messages.values() for each in channel.values()]
    return [json.dumps(each.components, default=str) for each in stored if not each.is_ephemeral]


async def test_no_trace_of_a_failed_exam(sim, clock, passed_date, rows, logged: CapturedLog):
    """Ada reports a failed exam, with ratings, a plan and consent. Others see what they saw before."""
    await sim.join(sim.ada, sim.bruno)
    await passed_date(shared="1")
    question = await asked(sim, clock)

    async def seen():
        everyone = [await sim.menu(sim.bruno, "Progress", sim.ada), await sim.command(sim.bruno, "progress")]
        wall = await sim.click(sim.bruno, everyone[1], "Who passed")
        return [each.text for each in (*everyone, wall)], await digest_of(sim)

    before, messages = await seen(), public(sim)
    lost = await sim.click(sim.ada, question, "Not this time")
    form = await sim.click(sim.ada, lost, "Rate the domains")
    rated = await sim.fill(sim.ada, form, storage=["weak"], networking=["strong"])
    plan = rated.custom_id(plan_label(rated))
    consent = await sim.click(sim.ada, rated, "Count my result anonymously…")
    await sim.click(sim.ada, consent, "Count it")
    assert "Only what was weak" in (await sim.press_old(sim.ada, plan)).text
    assert rows("select passed, failed from outcome_count") == [(0, 1)]
    assert await seen() == before
    assert [text for text in public(sim) if "Press" not in text] == messages
    metrics = sim.bot.metrics.text().decode()
    for trace in ("failed_exam", "Not this time", "weak", "storage", "retake", "outcome_retake"):
        assert trace not in metrics
        assert trace not in logged.text
    verbs = {line.split('name="')[1].split('"')[0] for line in metrics.splitlines() if 'name="' in line}
    assert not {verb for verb in verbs if "fail" in verb or "retake" in verb or "rate" in verb}


async def digest_of(sim):
    """The digest of the last seven days."""
    schedule = Schedule(0, 540, "UTC")
    cohort = Cohort(sim.guild.id, "az-104", sim.channel.id, schedule, ScheduleState.ON, sim.study.now())
    builder = DigestBuilder(sim.store, sim.study.catalogue, sim.study.daily_questions, now=sim.study.now)
    return (await builder.last_seven_days(cohort, sim.bot.messenger, Marker(1, "x"))).digest


async def test_shared_from_direct_messages_in_the_digests_channel(sim, clock, passed_date):
    await sim.join(sim.ada)
    schedule = Schedule(0, 540, "UTC")
    course = sim.study.catalogue.course("az-104")
    await sim.study.digests.set_up(sim.guild.id, 7, course, channel=sim.channel.id, schedule=schedule)
    await passed_date()
    user = UserHandle(sim.env, sim.env.backend.get_user(sim.ada.id))
    answer = "wm1:outcome:passed:az-104:2026-11-27"
    asked_before = sim.old_message({"type": 2, "style": 3, "label": "Passed", "custom_id": answer}, to=user)
    won = await sim.press(user, answer, asked_before)
    assert not any("passed" in text for text in sim.channel_texts())
    shared = await sim.click(user, won, "Share with my group")
    assert "Announced in" in shared.text
    assert any("Ada passed AZ-104" in text for text in sim.channel_texts())
    stopped = await sim.click(user, shared, "Stop sharing")
    assert "No longer shared" in stopped.text
    assert not any("Ada passed AZ-104" in text for text in sim.channel_texts())
