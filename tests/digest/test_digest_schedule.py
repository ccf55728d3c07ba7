"""A digest is posted exactly once: on a real database, with a messenger that fails on demand."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.core.calendar.slots import DAYS, Schedule
from bot.errors import Busy, NotAllowed, NotFound
from bot.store.deliveries import ScheduleState
from bot.study.delivery import LEASE
from bot.study.delivery_kind import Refused, Unavailable
from bot.study.digest_delivery import DigestKind
from tests.conftest import complete_visibly
from tests.delivery.plain import Killed, Process

SERVER, CHANNEL = 700, 7000
SLOT = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""The first Monday at nine after the beginning of a test, which is a Friday."""
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LAPSE = DigestKind.late_limit
MARK, NEXT = "t-1:2026-W48", "t-1:2026-W49"
STEPS = ("check", "names", "draw", "send", "sent")


@pytest.fixture
def go(clock):
    """Return a function that sets the clock."""

    def go(moment):
        clock.moment = moment

    return go


@pytest.fixture
async def member(small_study, small, asker):
    """Add a member to the cohort; without members, no names are queried."""
    await complete_visibly(small_study, asker(1), small.nodes["a/m/u"])


async def state_of(process):
    return (await process.digests.all_of(SERVER))[0].cohort.state


# --- In time ----------------------------------------------------------------------------------------------------------


async def test_a_digest_each_week(process, chat, set_up, go, digest_rows):
    await set_up(process)
    for week in range(8):
        go(SLOT + week * WEEK + 20 * SECOND)
        await process.tick()
    assert len(chat.messages) == len(set(chat.marks(SERVER))) == 8
    assert [row[1] for row in digest_rows()] == ["sent"] * 8


async def test_a_digest_covers_the_week_up_to_its_slot(process, chat, set_up, go, member):
    await set_up(process)
    go(SLOT + MINUTE)
    await process.tick()
    it = chat.messages[0].content.digest
    assert (it.week.before, it.week.since, it.week.until) == (SLOT - 2 * WEEK, SLOT - WEEK, SLOT)
    assert (it.total.units, it.members) == (1, 1)
    assert chat.messages[0].content.names == {1: "Member 1"}


async def test_the_status_shows_next_and_last_digest(process, set_up, go):
    cohort = await set_up(process)
    (status,) = await process.digests.all_of(SERVER)
    assert (status.last, status.next, status.cohort) == (None, SLOT, cohort)
    go(SLOT + MINUTE)
    await process.tick()
    (status,) = await process.digests.all_of(SERVER)
    assert status.next == SLOT + WEEK
    last = status.last
    assert (last.slot.name, last.slot.at, last.sent, last.channel, last.message, last.reason) == (
        "2026-W48", SLOT, True, CHANNEL, 1, None,
    )  # fmt: skip
    assert last.sent_at == SLOT + MINUTE


@pytest.mark.parametrize(
    ("zone", "time", "change"),
    [
        ("Europe/Berlin", "02:30", datetime(2027, 3, 28, 1, tzinfo=UTC)),
        ("Europe/Berlin", "02:30", datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("America/New_York", "02:30", datetime(2027, 3, 14, 7, tzinfo=UTC)),
        ("America/New_York", "01:30", datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("Australia/Lord_Howe", "02:15", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Africa/Cairo", "00:30", datetime(2027, 4, 29, 22, tzinfo=UTC)),
    ],
)
async def test_one_digest_a_week_through_a_clock_change(process, chat, set_up, go, zone, time, change):
    """Polls every half hour on the days around the change, and in the weeks before and after."""
    go(change - 12 * DAY)
    await set_up(process, day=DAYS[change.astimezone(ZoneInfo(zone)).weekday()], time=time, zone=zone)
    for week in range(-1, 3):
        for minutes in range(-36 * 60, 36 * 60, 30):
            go(change + week * WEEK + minutes * MINUTE)
            await process.tick()
    assert len(chat.messages) == len(set(chat.marks(SERVER))) == 4
    assert all(each.content.late_since is None for each in chat.messages)


# --- Late, lapsed, skipped --------------------------------------------------------------------------------------------


async def test_digests_missed_long_ago_are_not_posted(process, chat, set_up, go, digest_rows):
    await set_up(process)
    go(SLOT + 2 * WEEK + LAPSE + HOUR)
    await process.tick()
    assert chat.messages == []
    assert [row[:2] for row in digest_rows()] == [(f"2026-W{week}", "skipped") for week in (48, 49, 50)]


async def test_a_removed_course_is_skipped(study_of, course, small, process, set_up, go, digest_rows):
    await set_up(process)
    other = await study_of(course({"x": {"m": ["u"]}}, "T-2"))
    go(SLOT)
    await Process(other, process.messenger).serve_digests()
    assert process.messenger.steps == []
    assert digest_rows() == [("2026-W48", "skipped", None, "the bot no longer has this course")]


# --- Setting up and changing ------------------------------------------------------------------------------------------


async def test_a_first_set_up_posts_nothing_for_the_past(process, chat, set_up, go, digest_rows):
    """It is Friday; Monday of this week has passed."""
    cohort = await set_up(process)
    assert cohort.due == SLOT
    await process.tick()
    assert chat.messages == []
    assert digest_rows() == []


@pytest.mark.parametrize(("time", "due"), [("9:31", 0), ("9:30", 7), ("9:29", 7)])
async def test_a_set_up_on_the_day_itself(process, set_up, clock, time, due):
    """It is Friday, 9:30: a later time is due today, an earlier one in a week."""
    cohort = await set_up(process, day="Friday", time=time)
    assert (cohort.due.date() - clock.moment.date()).days == due


async def test_changing_the_day_after_posting_does_not_post_twice_in_the_week(process, chat, set_up, go):
    await set_up(process)
    go(SLOT + HOUR)
    await process.tick()
    cohort = await set_up(process, day="Thursday")
    assert cohort.due == SLOT + WEEK + 3 * DAY
    for days in range(1, 12):
        go(SLOT + days * DAY + HOUR)
        await process.tick()
    assert chat.marks(SERVER) == [MARK, NEXT]


async def test_changing_the_day_before_posting_moves_the_digest(process, chat, set_up, go):
    await set_up(process)
    go(SLOT - HOUR)
    cohort = await set_up(process, day="Tuesday")
    assert cohort.due == SLOT + DAY
    for days in range(5):
        go(SLOT + days * DAY)
        await process.tick()
    assert chat.marks(SERVER) == [MARK]


async def test_changing_the_time_during_retries_loses_no_digest(process, chat, set_up, go, digest_rows):
    """Discord is down at nine; the administrator moves the digest to ten. It is posted once, at ten or by the next
    retry.
    """
    await set_up(process)
    go(SLOT)
    process.messenger.next("send", Unavailable("Discord answered 503"))
    await process.tick()
    go(SLOT + 10 * SECOND)
    await set_up(process, time="10")
    for minutes in range(1, 180, 5):
        go(SLOT + minutes * MINUTE)
        await process.tick()
    assert chat.marks(SERVER) == [MARK]
    assert [row[1] for row in digest_rows()] == ["sent"]


async def test_a_due_digest_is_posted_to_a_new_channel(process, chat, set_up, go):
    await set_up(process)
    go(SLOT + MINUTE)
    await set_up(process, channel=7001)
    await process.tick()
    assert [(each.channel, each.mark) for each in chat.messages] == [(7001, MARK)]


async def test_a_posted_digest_is_not_repeated_in_a_new_channel(process, another, chat, set_up, go):
    """The process crashes before the receipt, and the channel is changed before the digest is found."""
    await set_up(process)
    go(SLOT)
    process.messenger.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + LEASE)
    await set_up(another, channel=7001)
    await another.tick()
    assert [(each.channel, each.mark) for each in chat.messages] == [(CHANNEL, MARK)]


async def test_nothing_is_posted_to_a_new_channel_while_the_old_one_is_unreadable(
    process, another, chat, set_up, go, digest_rows
):
    """As before, but the first channel can't be read. A skipped week is better than a duplicate."""
    await set_up(process)
    go(SLOT)
    process.messenger.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    another.messenger.trouble = lambda step: Refused("I lack View Channel", "0") if step == "find" else None
    await set_up(another, channel=7001)
    for hours in range(1, 60):
        go(SLOT + hours * HOUR)
        await another.tick()
    assert [(each.channel, each.mark) for each in chat.messages] == [(CHANNEL, MARK)]
    assert [row[1] for row in digest_rows()] == ["skipped"]


async def test_a_deleted_channel_contains_no_digest(process, another, chat, set_up, go):
    await set_up(process)
    go(SLOT)
    process.messenger.next("send", Killed())
    with pytest.raises(Killed):
        await process.tick()
    gone = Refused("the channel was deleted", "0", gone=True)
    another.messenger.trouble = lambda step: gone if step == "find" else None
    await set_up(another, channel=7001)
    go(SLOT + LEASE)
    await another.tick()
    assert [(each.channel, each.mark) for each in chat.messages] == [(7001, MARK)]


@pytest.mark.parametrize("seed", range(8))
async def test_no_sequence_of_changes_posts_two_digests_in_a_week(process, chat, set_up, go, seed, digest_rows):
    """Random changes of day, time, zone, channel, pause and off, with a poll every three hours."""
    chance = random.Random(seed)
    await set_up(process)
    days = ("Monday", "Tuesday", "Thursday", "Saturday", "Sunday")
    zones = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata")
    for hours in range(0, 8 * 7 * 24, 3):
        go(SLOT - DAY + hours * HOUR)
        await process.tick()
        if chance.random() < 0.08:
            (status,) = await process.digests.all_of(SERVER)
            match chance.randrange(6):
                case 0:
                    await set_up(process, day=chance.choice(days))
                case 1:
                    await set_up(process, time=f"{chance.randrange(24)}:30")
                case 2:
                    await set_up(process, zone=chance.choice(zones), day=chance.choice(days))
                case 3:
                    await set_up(process, channel=chance.choice((7000, 7001)))
                case _:
                    await process.digests.switch(
                        status,
                        chance.choice([ScheduleState.ON, ScheduleState.ON, ScheduleState.PAUSED, ScheduleState.OFF]),
                    )
    assert len(set(chat.marks(SERVER))) == len(chat.marks(SERVER))
    posted = [row for row in digest_rows() if row[1] == "sent"]
    assert [row[2] for row in posted] == [message.id for message in chat.messages]
    assert {row[1] for row in digest_rows()} <= {"sent", "skipped"}


async def test_two_courses_in_a_server_have_separate_digests(study_of, course, small, messenger, chat, go):
    other = course({"x": {"m": ["u"]}}, "T-2")
    both = await study_of(small, other)
    for number, each in enumerate((small, other)):
        schedule = Schedule(0, 540 + number * 60, "Europe/Berlin")
        await both.digests.set_up(SERVER, 7, each, channel=1 + number, schedule=schedule)
    assert both.course(SERVER).id == small.id, "the first one stays the server's course"
    go(SLOT + HOUR)
    await Process(both, messenger).serve_digests()
    assert {(each.channel, each.mark) for each in chat.messages} == {(1, MARK), (2, "t-2:2026-W48")}
    assert (await both.digests.of(SERVER, other.id)).cohort.channel == 2
    with pytest.raises(NotFound, match="</setup>"):
        await both.digests.of(701, small.id)


# --- Pause, resume, off -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.OFF])
async def test_nothing_is_posted_while_it_is_paused_or_off(process, chat, set_up, go, digest_rows, state):
    await set_up(process)
    (status,) = await process.digests.all_of(SERVER)
    status = await process.digests.switch(status, state)
    assert (status.cohort.state, status.next) == (state, None)
    go(SLOT + HOUR)
    await process.tick()
    assert chat.messages == []
    status = await process.digests.switch(status, ScheduleState.ON)
    assert status.next == SLOT + WEEK, "missed ones are not sent later"
    await process.tick()
    assert chat.messages == []
    go(SLOT + WEEK)
    await process.tick()
    assert chat.marks(SERVER) == [NEXT]
    assert [row[0] for row in digest_rows()] == ["2026-W49"]


async def test_a_pause_of_an_hour_between_two_slots_changes_nothing(process, chat, set_up, go):
    await set_up(process)
    (status,) = await process.digests.all_of(SERVER)
    await process.digests.switch(await process.digests.switch(status, ScheduleState.PAUSED), ScheduleState.ON)
    go(SLOT)
    await process.tick()
    assert chat.marks(SERVER) == [MARK]


async def test_set_up_keeps_a_pause_and_ends_an_off(process, set_up):
    for state, after in (
        (ScheduleState.PAUSED, ScheduleState.PAUSED),
        (ScheduleState.OFF, ScheduleState.ON),
        (ScheduleState.ON, ScheduleState.ON),
    ):
        await set_up(process)
        (status,) = await process.digests.all_of(SERVER)
        await process.digests.switch(status, state)
        await set_up(process, day="Friday")
        assert await state_of(process) is after


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.OFF])
async def test_a_confirmed_pause_stops_queued_digests(process, chat, set_up, go, state):
    """Due digests are queued; after the confirmation nothing may be posted."""
    await set_up(process)
    go(SLOT)
    (waiting,) = await process.due(process.digests.kind, 10)
    (status,) = await process.digests.all_of(SERVER)
    await process.digests.switch(status, state)
    await process.serve(process.digests.kind, waiting)
    assert chat.messages == []


async def test_a_queued_digest_is_posted_to_the_current_channel(process, chat, set_up, go):
    await set_up(process)
    go(SLOT)
    (waiting,) = await process.due(process.digests.kind, 10)
    await set_up(process, channel=7001)
    await process.serve(process.digests.kind, waiting)
    await process.tick()
    assert [each.channel for each in chat.messages] == [7001]


# --- Killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [None, 500])
async def test_searches_for_lapsed_digests_use_increasing_delays(process, another, chat, set_up, go, clock, after):
    """Days later Discord is down for an hour or rate-limits: there must not be a request every 20 seconds."""
    await set_up(process)
    go(SLOT)
    process.messenger.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + LAPSE + HOUR)
    later = Unavailable("Discord's rate limit", after and timedelta(seconds=after))
    another.messenger.trouble = lambda step: later if step == "find" else None
    asked = []
    for _ in range(180):
        if len(another.messenger.requests()) > len(asked):
            asked.append(clock.moment)
        await another.tick()
        clock.move(seconds=20)
    assert len(asked) <= 20
    if after:
        assert all(later - earlier >= timedelta(seconds=after) for earlier, later in pairwise(asked))


async def test_a_digest_is_found_by_its_marker_among_other_digests(process, another, chat, set_up, go):
    """Digests of other weeks, and manual ones."""
    await set_up(process)
    go(SLOT)
    await process.tick()
    go(SLOT + WEEK)
    process.messenger.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    await process.digests.post_now((await process.digests.all_of(SERVER))[0].cohort, process.messenger, 123456)
    go(SLOT + WEEK + LEASE)
    await another.tick()
    assert chat.marks(SERVER) == [MARK, NEXT, "t-1:123456"]
    assert (await another.digests.all_of(SERVER))[0].last.message == 2


# --- Two processes ----------------------------------------------------------------------------------------------------


# --- Discord is out of order ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("down", [10, 47 * 60])
async def test_an_outage_of_the_server_changes_nothing(process, chat, set_up, go, digest_rows, down):
    await set_up(process)
    chat.allows = Unavailable("the server is not available")
    for minutes in range(0, down, 10):
        go(SLOT + minutes * MINUTE)
        await process.tick()
    assert process.messenger.requests() == []
    assert digest_rows() == []
    assert await state_of(process) is ScheduleState.ON
    chat.allows = "everything"
    go(SLOT + down * MINUTE)
    await process.tick()
    assert chat.marks(SERVER) == [MARK]


# --- Refused ----------------------------------------------------------------------------------------------------------

REASON = "the channel was deleted"


async def test_a_deleted_channel_suspends_the_digest_without_a_request(process, chat, set_up, go, digest_rows):
    await set_up(process)
    chat.allows = Refused(REASON, "no channel")
    go(SLOT)
    await process.tick()
    (status,) = await process.digests.all_of(SERVER)
    cohort = status.cohort
    assert (cohort.state, cohort.reason, cohort.seen, cohort.told) == (
        ScheduleState.SUSPENDED,
        REASON,
        "no channel",
        False,
    )
    assert status.next is not None
    assert process.messenger.requests() == []
    assert digest_rows() == []


async def test_a_refused_digest_is_not_sent_again(process, chat, set_up, go):
    """Discord denies the post although the cached permissions allow it: no request is made until they change."""
    await set_up(process)
    process.messenger.next("send", Refused("Discord refuses it", "everything"))
    go(SLOT)
    await process.tick()
    assert await state_of(process) is ScheduleState.SUSPENDED
    for hours in range(1, 40):
        go(SLOT + hours * HOUR)
        await process.tick()
    assert process.messenger.requests() == ["send"]
    chat.allows = "everything and more"
    go(SLOT + 40 * HOUR)
    await process.tick()
    assert await state_of(process) is ScheduleState.ON
    assert process.messenger.requests() == ["send", "find", "send"]
    assert chat.marks(SERVER) == [MARK]
    assert chat.messages[0].content.late_since == SLOT


async def test_a_suspended_digest_resumes_when_the_channel_is_available(process, chat, set_up, go, digest_rows):
    await set_up(process)
    chat.allows = Refused(REASON, "no channel")
    go(SLOT)
    for _ in range(5):
        await process.tick()
    chat.allows = "everything"
    go(SLOT + 3 * HOUR)
    await process.tick()
    assert chat.marks(SERVER) == [MARK]
    assert digest_rows() == [("2026-W48", "sent", 1, "late")]
    (status,) = await process.digests.all_of(SERVER)
    assert (status.cohort.state, status.cohort.reason) == (ScheduleState.ON, None)


async def test_the_manager_is_told_after_four_failed_attempts(process, chat, set_up, go):
    await set_up(process)
    process.messenger.trouble = lambda at: Unavailable("Discord answered 503") if at == "send" else None
    told = []
    for seconds in range(0, 1200, 20):
        go(SLOT + timedelta(seconds=seconds))
        await process.tick()
        told += [(process.messenger.steps.count("send"), seconds) for _ in chat.notices[len(told) :]]
    assert told == [(4, 160)]


async def test_a_suspended_digest_does_not_resume_for_another_refusal_or_in_an_outage(process, chat, set_up, go):
    await set_up(process)
    chat.allows = Refused("I lack Send Messages", "1")
    go(SLOT)
    await process.tick()
    for allows in (Refused("I lack Attach Files", "2"), Unavailable("the server is not available")):
        chat.allows = allows
        await process.tick()
        assert await state_of(process) is ScheduleState.SUSPENDED
    assert process.messenger.requests() == []


async def test_a_digest_suspended_too_long_is_skipped(process, chat, set_up, go, digest_rows):
    await set_up(process)
    chat.allows = Refused(REASON, "no channel")
    go(SLOT)
    await process.tick()
    chat.allows = "everything"
    go(SLOT + 3 * DAY)
    await process.tick()
    assert chat.messages == []
    assert digest_rows() == [("2026-W48", "skipped", None, "it was more than 48 hours late")]
    go(SLOT + WEEK)
    await process.tick()
    assert chat.marks(SERVER) == [NEXT]


async def test_choosing_another_channel_ends_a_suspension(process, chat, set_up, go):
    await set_up(process)
    chat.allows = Refused(REASON, "no channel")
    go(SLOT)
    await process.tick()
    chat.allows = "everything"
    await set_up(process, channel=7001)
    await process.tick()
    assert [(each.channel, each.mark) for each in chat.messages] == [(7001, MARK)]


async def test_a_suspended_digest_can_be_paused_and_stays_so(process, chat, set_up, go):
    await set_up(process)
    chat.allows = Refused(REASON, "no channel")
    go(SLOT)
    await process.tick()
    (status,) = await process.digests.all_of(SERVER)
    await process.digests.switch(status, ScheduleState.PAUSED)
    chat.allows = "everything"
    await process.tick()
    assert await state_of(process) is ScheduleState.PAUSED
    assert chat.messages == []


async def test_nothing_is_sent_if_the_search_is_denied(process, chat, set_up, go):
    """The message has arrived, but its answer was lost and the channel can't be read."""
    await set_up(process)
    process.messenger.next("sent", Unavailable("Discord answered 500"))
    go(SLOT)
    await process.tick()
    process.messenger.next("find", Refused("I lack Read Message History", "everything"))
    for minutes in range(1, 100, 10):
        go(SLOT + minutes * MINUTE)
        await process.tick()
    assert process.messenger.requests() == ["send", "find"]
    assert await state_of(process) is ScheduleState.SUSPENDED
    chat.allows = "everything and more"
    await process.tick()
    assert process.messenger.requests() == ["send", "find", "find"]
    assert chat.marks(SERVER) == [MARK]


# --- Administrators who change something meanwhile --------------------------------------------------------------------


async def test_a_confirmed_pause_survives_a_refusal(process, chat, set_up, go):
    """The digest is paused during a request that Discord denies."""
    await set_up(process)
    go(SLOT)

    async def paused(step):
        if step == "send":
            (status,) = await process.digests.all_of(SERVER)
            await process.digests.switch(status, ScheduleState.PAUSED)

    process.messenger.between = paused
    process.messenger.next("send", Refused(REASON, "no channel"))
    await process.tick()
    assert await state_of(process) is ScheduleState.PAUSED


async def test_a_new_channel_is_not_suspended_for_the_old_one(process, chat, set_up, go):
    await set_up(process)
    go(SLOT)

    async def moved(step):
        if step == "send" and not chat.messages:
            await set_up(process, channel=7001)

    process.messenger.between = moved
    process.messenger.next("send", Refused(REASON, "everything"))
    await process.tick()
    process.messenger.between = None
    go(SLOT + MINUTE)
    await process.tick()
    assert await state_of(process) is ScheduleState.ON
    assert [each.channel for each in chat.messages] == [7001]


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.OFF])
async def test_a_digest_switched_off_in_the_meantime_does_not_resume(process, chat, set_up, go, store, state):
    """Suspended digests are checked one after the other, and notices take time."""
    await set_up(process)
    chat.allows = Refused(REASON, "no channel")
    go(SLOT)
    await process.tick()
    (seen,) = await store.cohorts.suspended()
    (status,) = await process.digests.all_of(SERVER)
    await process.digests.switch(status, state)
    chat.allows = "everything"
    assert not await store.cohorts.resume(seen)
    assert await state_of(process) is state


@pytest.mark.parametrize("time", ["8", "10"])
async def test_a_time_changed_during_sending_applies_from_the_next_week(process, chat, set_up, go, time):
    await set_up(process)
    go(SLOT)

    async def changed(step):
        if step == "send" and not chat.messages:
            await set_up(process, time=time)

    process.messenger.between = changed
    await process.tick()
    for hours in range(13 * 24):
        go(SLOT + hours * HOUR)
        await process.tick()
    assert chat.marks(SERVER) == [MARK, NEXT]
    assert chat.messages[1].at == SLOT + WEEK + (int(time) - 9) * HOUR


# --- Time zones whose rules change ------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-3, -1, 1, 3, 23])
async def test_a_slot_moved_by_new_zone_rules_is_posted_once(process, chat, set_up, go, rows, hours, digest_rows):
    """``due_at`` was computed with an older tzdata; the bot starts with a newer one."""
    cohort = await set_up(process)
    rows("update cohort set due_at = ?", int((cohort.due + hours * HOUR).timestamp()))
    for minutes in range(-24 * 60, 48 * 60, 30):
        go(SLOT + minutes * MINUTE)
        await process.tick()
    assert chat.marks(SERVER) == [MARK]
    assert [row[:2] for row in digest_rows()] == [("2026-W48", "sent")]
    assert chat.messages[0].at >= SLOT


# --- By hand ----------------------------------------------------------------------------------------------------------


async def test_a_manual_post_does_not_change_the_schedule(process, chat, set_up, go, digest_rows, clock, member):
    cohort = await set_up(process)
    message = await process.digests.post_now(cohort, process.messenger, 42)
    assert [(each.id, each.mark) for each in chat.messages] == [(message, "t-1:42")]
    assert chat.messages[0].content.digest.total.units == 1, "it includes a tick of this second"
    assert digest_rows() == []
    assert (await process.digests.all_of(SERVER))[0].cohort == cohort
    go(SLOT)
    await process.tick()
    assert chat.marks(SERVER) == ["t-1:42", MARK]


async def test_a_preview_shows_what_would_be_posted_now(process, chat, set_up, member):
    cohort = await set_up(process)
    shown = await process.digests.preview(cohort, process.messenger, 42)
    await process.digests.post_now(cohort, process.messenger, 42)
    assert chat.messages[0].content == replace(shown, preview=False)


async def test_a_preview_without_the_server_says_so(process, set_up, member):
    cohort = await set_up(process)
    process.messenger.next("names", Unavailable("Discord doesn't show me this server"))
    with pytest.raises(Busy, match=r"doesn't show me this server.*try again"):
        await process.digests.preview(cohort, process.messenger, 42)


@pytest.mark.parametrize(
    ("trouble", "refusal", "words"),
    [
        (Unavailable("Discord answered 503"), Busy, "503.*try again"),
        (Refused(REASON, "no channel"), NotAllowed, REASON),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
async def test_a_failed_manual_post_reports_the_reason(process, chat, set_up, step, trouble, refusal, words):
    cohort = await set_up(process)
    process.messenger.trouble = lambda at: trouble if at == step else None
    with pytest.raises(refusal, match=words):
        await process.digests.post_now(cohort, process.messenger, 42)
    assert chat.messages == []
    assert await state_of(process) is ScheduleState.ON


# --- Many -------------------------------------------------------------------------------------------------------------


async def test_removed_servers_are_not_due_and_keep_their_settings(process, chat, set_up, go, digest_rows):
    await set_up(process)
    await process.study.servers.removed(SERVER)
    go(SLOT)
    await process.tick()
    assert chat.messages == []
    assert digest_rows() == []
    await process.study.servers.back(SERVER)
    await process.tick()
    assert chat.marks(SERVER) == [MARK]
