"""What the engine guarantees, on every kind: sent exactly once, late within a limit, or skipped with a reason."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.study.delivery import FIRST_PAUSE, LATE, LEASE, LONGEST_PAUSE
from bot.study.delivery_kind import BuildError, Unavailable
from tests.delivery.cases import BY_NAME, EVERY_STEP, open_study
from tests.delivery.plain import Killed, PlainMessenger, Process

OWNER = 700
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


async def die_at(step, process, go, case):
    """The process serves the first slot and is killed at a step."""
    await case.set_up(process, OWNER)
    go(case.slot)
    process.messenger.next(step, Killed())
    with pytest.raises(Killed):
        await process.tick()


async def test_sent_at_its_time_and_not_before(case, process, chat, go, rows):
    await case.set_up(process, OWNER)
    go(case.slot - SECOND)
    await process.tick()
    assert chat.sent(OWNER) == []
    assert process.messenger.steps == []
    go(case.slot)
    await process.tick()
    (message,) = chat.sent(OWNER)
    assert message.mark == case.first
    assert message.content.late_since is None
    assert [row[1:] for row in rows(case)] == [("sent", message.id, None)]


async def test_a_key_without_a_schedule_is_left_alone(case, process, caplog):
    await process.serve(case.kind(process), case.key())
    assert process.messenger.steps == []
    assert not caplog.records


async def test_sent_once_in_each_period_however_often_the_loop_runs(recurring, process, chat, go):
    case = recurring
    await case.set_up(process, OWNER)
    for number in range(3):
        for minutes in range(0, 300, 20):
            go(case.slot + number * case.period + minutes * MINUTE)
            await process.tick()
    marks = chat.marks(OWNER)
    assert marks[:2] == [case.first, case.second]
    assert len(marks) == len(set(marks)) == 3
    assert "find" not in process.messenger.steps


@pytest.mark.parametrize("late", [False, True])
async def test_a_late_message_says_so(case, process, chat, go, rows, late):
    await case.set_up(process, OWNER)
    go(case.slot + LATE - (0 if late else 1) * SECOND)
    await process.tick()
    (message,) = chat.sent(OWNER)
    assert message.content.late_since == (case.slot if late else None)
    assert rows(case)[0][3] == ("late" if late else None)


async def test_after_the_limit_it_is_skipped_and_the_reason_stored(case, process, chat, go, rows):
    await case.set_up(process, OWNER)
    go(case.slot + case.limit(process) - SECOND)
    process.messenger.next("send", Unavailable("Discord answered 503"))
    await process.tick()
    go(case.slot + case.limit(process) + MINUTE)
    await process.tick()
    assert chat.sent(OWNER) == []
    assert rows(case)[0][1:] == ("skipped", None, f"{case.kind(process).too_late} (Discord answered 503)")
    if case.recurring:
        go(case.slot + case.period)
        await process.tick()
        assert chat.marks(OWNER) == [case.second]


async def test_of_several_missed_only_the_latest_is_sent(recurring, process, chat, go, rows):
    case = recurring
    await case.set_up(process, OWNER)
    go(case.slot + 3 * case.period + HOUR)
    await process.tick()
    assert len(chat.sent(OWNER)) == 1
    assert chat.sent(OWNER)[0].content.late_since == case.slot + 3 * case.period
    assert [row[1] for row in rows(case)] == ["skipped"] * 3 + ["sent"]
    assert {row[3] for row in rows(case)[:3]} == {"the bot was not running"}


@pytest.mark.parametrize(("name", "step"), EVERY_STEP)
async def test_killed_at_a_step_another_process_sends_it_once(process, another, chat, go, rows, name, step):
    case = BY_NAME[name]
    await die_at(step, process, go, case)
    for seconds in range(20, 600, 20):
        go(case.slot + seconds * SECOND)
        await another.tick()
    (message,) = chat.sent(OWNER)
    assert [row[1:] for row in rows(case)] == [("sent", message.id, None)]
    assert another.messenger.requests() == {"send": ["find", "send"], "sent": ["find"]}.get(step, ["send"])


@pytest.mark.parametrize(("name", "step"), EVERY_STEP)
async def test_killed_again_and_again_it_is_sent_once(process, another, chat, go, clock, name, step):
    """Two processes die in turn at this step, almost until it is too late."""
    case = BY_NAME[name]
    await case.set_up(process, OWNER)
    go(case.slot)
    deaths = 0
    while clock.moment < case.slot + case.limit(process) - HOUR:
        mortal = (process, another)[deaths % 2]
        mortal.messenger.next(step, Killed())
        try:
            await mortal.tick()
        except Killed:
            deaths += 1
        clock.move(minutes=5)
    for _ in range(2):
        await process.tick()
        clock.move(minutes=5)
    assert len(chat.sent(OWNER)) == 1
    assert deaths > (0 if step == "sent" else 50)


async def test_a_claim_holds_until_its_lease_runs_out(case, process, another, chat, go):
    await die_at("send", process, go, case)
    go(case.slot + LEASE - SECOND)
    await another.tick()
    await another.serve(case.kind(another), case.key())
    assert another.messenger.requests() == []
    go(case.slot + LEASE)
    await another.tick()
    assert chat.marks(OWNER) == [case.first]


async def test_a_message_sent_in_time_and_found_later_was_not_late(case, process, another, go, rows):
    await die_at("sent", process, go, case)
    go(case.slot + 2 * HOUR)
    await another.tick()
    assert rows(case)[0][1] == "sent"
    assert rows(case)[0][3] is None, "the receipt is about the message, not about the search"


async def test_a_message_that_was_sent_is_not_recorded_as_skipped_after_a_long_time_down(
    case, process, another, chat, go, rows
):
    await die_at("sent", process, go, case)
    (message,) = chat.sent(OWNER)
    go(case.slot + case.limit(process) + HOUR)
    another.messenger.next("find", Unavailable("Discord answered 503"))
    await another.tick()
    assert rows(case)[0][1] == "claimed", "nobody can tell yet"
    go(case.slot + case.limit(process) + 2 * HOUR)
    await another.tick()
    assert rows(case)[0][1:3] == ("sent", message.id)
    assert chat.sent(OWNER)[0] is message


async def test_a_message_that_was_not_sent_is_skipped_after_a_long_time_down(case, process, another, chat, go, rows):
    await die_at("send", process, go, case)
    go(case.slot + case.limit(process) + HOUR)
    await another.tick()
    assert rows(case)[0][1:] == ("skipped", None, case.kind(process).too_late)
    assert chat.sent(OWNER) == []


async def test_what_another_process_has_sent_is_left_alone(case, process, another, chat, go):
    await case.set_up(process, OWNER)
    go(case.slot)
    await another.tick()
    await process.serve(case.kind(process), case.key())
    assert chat.marks(OWNER) == [case.first]
    assert process.messenger.requests() == []


async def test_a_process_that_lost_its_claim_while_drawing_sends_nothing(case, process, another, chat, go, rows):
    await case.set_up(process, OWNER)
    go(case.slot)

    async def overtaken(step):
        if step == "draw":
            go(case.slot + LEASE)
            await another.tick()

    process.messenger.between = overtaken
    await process.tick()
    assert another.messenger.requests() == ["send"]
    assert process.messenger.requests() == []
    assert chat.marks(OWNER) == [case.first]
    assert rows(case)[0][1] == "sent"


async def test_a_process_that_lost_its_claim_cannot_give_it_back(case, process, another, chat, go):
    """The first process meets an error when the second has taken over and is about to send."""
    await case.set_up(process, OWNER)
    go(case.slot)
    reached, released, tasks = asyncio.Event(), asyncio.Event(), []

    async def slow(step):
        if step == "draw":
            go(case.slot + LEASE)
            tasks.append(asyncio.create_task(another.tick()))
            await reached.wait()

    async def about_to_send(step):
        if step == "send":
            reached.set()
            await released.wait()

    process.messenger.between, another.messenger.between = slow, about_to_send
    process.messenger.next("draw", Unavailable("Discord answered 503"))
    await process.tick()
    await process.serve(case.kind(process), case.key())
    assert process.messenger.requests() == [], "the second process still holds it"
    released.set()
    await tasks[0]
    assert chat.marks(OWNER) == [case.first]


async def test_sending_renews_the_lease(case, process, another, chat, go):
    await case.set_up(process, OWNER)
    go(case.slot)

    async def slow(step):
        if step == "draw":
            go(case.slot + LEASE - SECOND)
        elif step == "send":
            go(case.slot + 2 * LEASE - 2 * SECOND)
            await another.tick()

    process.messenger.between = slow
    await process.tick()
    assert another.messenger.requests() == []
    assert chat.marks(OWNER) == [case.first]


async def test_retried_with_growing_pauses_until_the_limit(case, process, chat, go, clock, rows):
    await case.set_up(process, OWNER)
    process.messenger.trouble = lambda step: Unavailable("Discord answered 503") if step == "send" else None
    go(case.slot)
    limit, tried = case.limit(process), []
    while clock.moment < case.slot + limit + HOUR:
        before = process.messenger.steps.count("send")
        await process.tick()
        if process.messenger.steps.count("send") > before:
            tried.append(clock.moment)
        # Once the pauses no longer grow, nothing happens between two attempts, for up to a week.
        longest = tried[-2:] == [clock.moment - LONGEST_PAUSE, clock.moment]
        clock.move(seconds=LONGEST_PAUSE.total_seconds() if longest else 20)
    await process.tick()
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses[:5] == [FIRST_PAUSE * 2**number for number in range(5)]
    assert pauses == sorted(pauses)
    assert max(pauses) == LONGEST_PAUSE
    assert case.slot + limit - LONGEST_PAUSE <= tried[-1] < case.slot + limit
    assert chat.sent(OWNER) == []
    assert rows(case)[0][1:] == ("skipped", None, f"{case.kind(process).too_late} (Discord answered 503)")


async def test_discord_is_asked_no_sooner_than_it_says(case, process, chat, go):
    await case.set_up(process, OWNER)
    process.messenger.next("send", Unavailable("Discord's rate limit", timedelta(seconds=500)))
    for seconds in range(0, 500, 20):
        go(case.slot + seconds * SECOND)
        await process.tick()
    assert process.messenger.requests() == ["send"]
    go(case.slot + 500 * SECOND)
    await process.tick()
    assert process.messenger.requests() == ["send", "find", "send"]
    assert chat.marks(OWNER) == [case.first]


async def test_an_answer_that_was_lost_does_not_send_it_again(case, process, chat, go, rows):
    """The message has arrived, and its answer is a server error."""
    await case.set_up(process, OWNER)
    process.messenger.next("sent", Unavailable("Discord answered 500"))
    go(case.slot)
    await process.tick()
    go(case.slot + FIRST_PAUSE)
    await process.tick()
    assert process.messenger.requests() == ["send", "find"]
    assert chat.marks(OWNER) == [case.first]
    assert rows(case)[0][1] == "sent"


async def test_where_looking_fails_nothing_is_sent(case, process, chat, go, clock):
    """The message may be there."""
    await case.set_up(process, OWNER)
    process.messenger.next("sent", Unavailable("Discord answered 500"))
    go(case.slot)
    await process.tick()
    process.messenger.trouble = lambda step: Unavailable("Discord answered 500") if step == "find" else None
    for _ in range(15):
        clock.move(minutes=10)
        await process.tick()
    assert process.messenger.requests().count("send") == 1
    assert process.messenger.requests().count("find") > 5
    process.messenger.trouble = lambda _: None
    clock.move(hours=1)
    await process.tick()
    assert chat.marks(OWNER) == [case.first]


@pytest.mark.parametrize(("name", "step"), EVERY_STEP)
async def test_an_unexpected_failure_is_tried_again_when_the_lease_has_run_out(process, chat, go, rows, name, step):
    case = BY_NAME[name]
    await case.set_up(process, OWNER)
    process.messenger.next(step, ZeroDivisionError())
    go(case.slot)
    try:
        await process.tick()
    except ZeroDivisionError:
        assert step != "names", "building a message never raises"
    go(case.slot + LEASE)
    await process.tick()
    assert chat.marks(OWNER) == [case.first]
    assert rows(case)[0][1] == "sent"


async def test_a_message_that_cant_be_built_is_retried_then_skipped_with_the_reason_and_the_others_are_sent(
    case, process, chat, go, rows
):
    for owner in (OWNER, OWNER + 1):
        await case.set_up(process, owner)
    send = process.messenger.send

    async def broken(to, content, begin):
        if content.marker.owner == OWNER:
            raise BuildError("it couldn't be drawn (OSError)")
        return await send(to, content, begin)

    process.messenger.send = broken
    go(case.slot)
    await process.tick()
    assert chat.marks(OWNER + 1) == [case.first]
    assert rows(case)[0][1] == "claimed"
    (stuck,) = await process.study.digests._deliveries.stuck()
    assert (stuck.kind, stuck.attempts, stuck.reason) == (case.name, 1, "it couldn't be drawn (OSError)")
    go(case.slot + case.limit(process))
    await process.tick()
    assert rows(case)[0][1:] == ("skipped", None, f"{case.kind(process).too_late} (it couldn't be drawn (OSError))")
    assert await process.study.digests._deliveries.stuck() == []


async def test_content_that_raises_is_a_reason_and_no_crash(case, process, chat, go, rows):
    """As a library does for an unusual name."""
    if "names" not in case.steps:
        pytest.skip("its content asks nobody")
    await case.set_up(process, OWNER)
    process.messenger.next("names", OSError("raster overflow"))
    go(case.slot)
    await process.tick()
    assert rows(case)[0][1:] == ("claimed", None, "it couldn't be built (OSError)")
    go(case.slot + FIRST_PAUSE)
    await process.tick()
    assert chat.marks(OWNER) == [case.first]


async def test_setting_the_clock_back_sends_nothing_twice(case, process, another, chat, go):
    await case.set_up(process, OWNER)
    for hours in (0, -30, 1, -300, 2):
        go(case.slot + hours * HOUR)
        for each in (process, another):
            await each.tick()
    assert chat.marks(OWNER) == [case.first]


async def test_each_outcome_is_observed(recurring, store, clock, chat, go):
    case = recurring
    seen = []
    study = await open_study(store, clock.now, lambda kind, outcome: seen.append((kind, outcome)))
    process = Process(study, PlainMessenger(chat))
    await case.set_up(process, OWNER)
    go(case.slot)
    process.messenger.next("send", Unavailable("503"))
    await process.tick()
    go(case.slot + MINUTE)
    await process.tick()
    go(case.slot + case.period + HOUR)
    await process.tick()
    go(case.slot + 2 * case.period + case.limit(process))
    await process.tick()
    assert seen == [(case.name, outcome) for outcome in ("retried", "sent", "late", "skipped")]


async def test_the_oldest_are_due_first_and_no_more_than_asked_for(case, process, go):
    for owner in range(OWNER, OWNER + 6):
        await case.set_up(process, owner)
    go(case.slot)
    assert len(await process.due(case.kind(process), 4)) == 4
    assert len(await process.due(case.kind(process), 100)) == 6
