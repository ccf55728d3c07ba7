"""A reminder is sent at most once a day, and once where it can be: on a real database, with steps that are killed."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.core.plan.reminders import slots_due
from bot.errors import BadInput, Busy, NotAllowed, NotFound, Stale
from bot.study import Later, Refused, Reminding, Study
from bot.study.digest_posting import FIRST_PAUSE, LATE, LEASE, LONGEST_PAUSE
from bot.study.reminders import LAPSE
from tests.reminder.conftest import ADA, Killed, PlainMailbox, Process

SLOT = datetime(2026, 11, 20, 18, tzinfo=UTC)
"""A test begins on this Friday at 9:30."""
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
FIRST, NEXT = "t-1:2026-11-20:1", "t-1:2026-11-21:1"
STEPS = ("draw", "send", "sent")


@pytest.fixture
def reminded(rows):
    """Day, state, message and reason of each row of a learner."""

    def read(learner=ADA):
        return rows("select day, state, message_id, reason from reminded where learner_id = ? order by day", learner)

    return read


def due(rows):
    ((at,),) = rows("select due_at from reminder")
    return datetime.fromtimestamp(at, UTC)


# --- In time ----------------------------------------------------------------------------------------------------------


async def test_it_is_sent_at_its_time_and_not_before(process, post, ask, go, reminded, rows):
    wish = await ask()
    assert (wish.next, wish.zone, wish.reminder.channel) == (SLOT, None, 5001)
    go(SLOT - SECOND)
    await process.tick()
    assert post.sent() == []
    go(SLOT)
    await process.tick()
    (message,) = post.sent()
    assert (message.mark, message.channel, message.letter.late_since) == (FIRST, 5001, None)
    assert message.letter.node.route == "a/m/u"
    assert reminded() == [("2026-11-20", "sent", 2, None)]
    assert due(rows) == SLOT + DAY


async def test_it_is_sent_once_a_day_however_often_the_clock_ticks(process, post, ask, clock, go):
    await ask()
    go(SLOT - HOUR)
    for _ in range(3 * 24 * 6):
        await process.tick()
        clock.move(minutes=10)
    assert post.marks() == [FIRST, NEXT, "t-1:2026-11-22:1"]
    assert process.mailbox.steps.count("find") == 0


async def test_it_says_what_the_plan_has_for_the_week(process, post, ask, go):
    """A Friday: what is left of the week is all of the plan that fits into it."""
    await process.study.plans.set(1, process.study.catalogue.default, exam="2027-02-01", hours=5)
    await ask()
    go(SLOT)
    await process.tick()
    (message,) = post.sent()
    assert message.letter.week
    assert message.letter.week == await process.study.plans.this_week(1, process.study.catalogue.default)


async def test_without_a_plan_it_says_nothing_of_the_week(process, post, ask, go):
    await ask()
    go(SLOT)
    await process.tick()
    assert post.sent()[0].letter.week == ()


async def test_on_a_day_away_nobody_is_reminded(process, post, ask, go, reminded):
    course = process.study.catalogue.default
    await process.study.plans.set(1, course, exam="2027-02-01", hours=5)
    await process.study.plans.go_away(1, "2026-11-20", "2026-11-21")
    await ask()
    for days in range(3):
        go(SLOT + days * DAY)
        await process.tick()
    assert reminded()[:2] == [
        ("2026-11-20", "skipped", None, "a day away"),
        ("2026-11-21", "skipped", None, "a day away"),
    ]
    assert post.marks() == ["t-1:2026-11-22:1"]


async def test_only_on_its_days(process, post, ask, clock, go):
    await ask(days="mon-fri")
    go(SLOT)
    for _ in range(14):
        await process.tick()
        clock.move(days=1)
    assert [date.fromisoformat(mark.split(":")[1]).weekday() for mark in post.marks()] == [4, *range(5), *range(5)][:10]


async def test_who_did_not_ask_gets_nothing(process, post, asker, small, clock, go):
    await process.study.complete(asker(ADA), small.nodes["a/m/u"])
    for _ in range(48):
        await process.tick()
        clock.move(hours=1)
    assert post.messages == []


async def test_two_courses_on_one_day_are_one_message(process, post, ask, go, second, clock):
    await ask(time="10:00")
    await ask(time="18:00", course=second)
    for _ in range(3 * 24):
        clock.move(hours=1)
        await process.tick()
    assert post.marks() == [f"t-1:2026-11-{day}:1" for day in (20, 21, 22)]


async def test_two_courses_on_different_days_take_turns(process, post, ask, go, second, clock):
    await ask(days="sat")
    await ask(days="sun", course=second)
    go(SLOT)
    for _ in range(8 * 24):
        clock.move(hours=1)
        await process.tick()
    assert post.marks() == [NEXT, "t-2:2026-11-22:1", "t-1:2026-11-28:1"]


async def test_hidden_makes_no_difference(process, post, ask, go):
    await ask()
    await process.study.privacy.set_visibility(ADA, hidden=True)
    go(SLOT)
    await process.tick()
    assert post.marks() == [FIRST]


# --- Late -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "late"), [(LATE - SECOND, None), (LATE, SLOT), (5 * HOUR, SLOT)])
async def test_one_that_is_late_says_so(process, post, ask, go, reminded, after, late):
    await ask()
    go(SLOT + after)
    await process.tick()
    assert post.sent()[0].letter.late_since == late
    assert reminded()[0][3] == ("late" if late else None)


async def test_after_12_hours_it_is_skipped_and_the_reason_kept(process, post, ask, go, reminded):
    await ask()
    go(SLOT + LAPSE)
    await process.tick()
    assert post.sent() == []
    assert reminded() == [("2026-11-20", "skipped", None, "it was more than 12 hours late")]
    go(SLOT + DAY)
    await process.tick()
    assert post.marks() == [NEXT]


async def test_of_many_that_were_missed_only_the_latest_is_sent(process, post, ask, go, reminded):
    await ask()
    go(SLOT + 5 * DAY + HOUR)
    await process.tick()
    assert post.marks() == ["t-1:2026-11-25:1"]
    assert [row[1] for row in reminded()] == ["skipped"] * 5 + ["sent"]
    assert {row[3] for row in reminded()[:-1]} == {"the bot was not running"}


async def test_one_that_came_after_midnight_takes_that_day_as_well(process, post, ask, go, clock):
    """Never two on one day: not at eight in the morning for yesterday and in the evening for today."""
    await ask(time="23:30")
    go(SLOT + 14 * HOUR)
    await process.tick()
    assert post.marks() == [FIRST]
    for _ in range(40):
        clock.move(hours=1)
        await process.tick()
    assert post.marks() == [FIRST, "t-1:2026-11-22:1"]


async def test_a_course_that_is_no_longer_there_is_skipped(process, post, ask, go, study_of, second, reminded):
    await ask()
    other = await study_of(second)
    go(SLOT)
    await other.reminders.serve(ADA, process.mailbox)
    assert reminded() == [("2026-11-20", "skipped", None, "the bot no longer has this course")]
    assert (await other.wishes.all(ADA))[0].code == "T-1"


# --- Killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_a_step_another_process_sends_it_once(process, another, post, ask, go, step, reminded):
    await ask()
    go(SLOT)
    process.mailbox.next(step, Killed())
    with pytest.raises(Killed):
        await process.tick()
    for seconds in range(20, 600, 20):
        go(SLOT + seconds * SECOND)
        await another.tick()
    assert post.marks() == [FIRST]
    assert reminded() == [("2026-11-20", "sent", 2, None)]
    assert ("find" in another.mailbox.steps) is (step != "draw"), "only where a message may be there"


@pytest.mark.parametrize("step", STEPS)
async def test_killed_again_and_again_it_is_sent_once(process, another, post, ask, go, step, clock):
    await ask()
    go(SLOT)
    deaths = 0
    while clock.moment < SLOT + 11 * HOUR:
        mortal = (process, another)[deaths % 2]
        mortal.mailbox.next(step, Killed())
        try:
            await mortal.tick()
        except Killed:
            deaths += 1
        clock.move(minutes=5)
    another.mailbox.trouble = process.mailbox.trouble = lambda _: None
    await process.tick()
    clock.move(minutes=5)
    await process.tick()
    assert post.marks() == [FIRST]
    assert deaths > (0 if step == "sent" else 100)


async def test_nobody_touches_a_claim_before_its_lease_has_run_out(process, another, post, ask, go):
    await ask()
    go(SLOT)
    process.mailbox.next("send", Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + LEASE - SECOND)
    await another.tick()
    await another.study.reminders.serve(ADA, another.mailbox)
    assert another.mailbox.steps == []
    go(SLOT + LEASE)
    await another.tick()
    assert post.marks() == [FIRST]


async def test_one_that_was_sent_is_not_called_skipped_after_a_long_time_down(
    process, another, post, ask, go, reminded
):
    await ask()
    go(SLOT)
    process.mailbox.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + LAPSE + HOUR)
    another.mailbox.next("find", Later("Discord answered 503"))
    await another.tick()
    assert reminded()[0][1] == "claimed", "what can't be looked for now is not called skipped"
    go(SLOT + LAPSE + 2 * HOUR)
    await another.tick()
    assert reminded() == [("2026-11-20", "sent", 2, None)]
    go(SLOT + DAY)
    await another.tick()
    assert post.marks() == [FIRST, NEXT]


async def test_one_that_was_not_sent_is_skipped_after_a_long_time_down(process, another, post, ask, go, reminded):
    await ask()
    go(SLOT)
    process.mailbox.next("send", Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + LAPSE)
    await another.tick()
    assert reminded() == [("2026-11-20", "skipped", None, "it was more than 12 hours late")]
    assert post.sent() == []


@pytest.mark.parametrize("seed", range(5))
async def test_two_processes_at_once_send_each_once(process, another, post, ask, go, seed):
    chance = random.Random(seed)

    async def between(_):
        for _ in range(chance.randrange(30)):
            await asyncio.sleep(0)

    for learner in range(1, 13):
        await ask(learner)
    process.mailbox.between = another.mailbox.between = between
    go(SLOT)
    await asyncio.gather(process.tick(), another.tick(), process.tick(), another.tick())
    for learner in range(1, 13):
        assert post.marks(learner) == [FIRST]


async def test_who_has_lost_the_claim_while_drawing_sends_nothing(process, another, post, ask, go):
    await ask()
    go(SLOT)

    async def overtaken(step):
        if step == "draw":
            go(SLOT + LEASE)
            await another.tick()

    process.mailbox.between = overtaken
    await process.tick()
    assert process.mailbox.steps[-1] == "draw"
    assert post.marks() == [FIRST]


async def test_what_was_read_before_something_changed_claims_nothing(process, another, post, ask, go, store, second):
    """The day was taken by the other course, or the learner wished something else, since the process looked."""
    await ask()
    await ask(time="17:00", course=second)
    go(SLOT)
    stale = (await store.reminders.book(ADA)).of("t-1")
    how = {"owner": "me", "now": SLOT, "lease": LEASE}
    due = slots_due(stale.rhythm, ZoneInfo("UTC"), stale.since, SLOT)
    await another.study.reminders._step(await store.reminders.book(ADA), another.mailbox)
    assert post.marks() == ["t-2:2026-11-20:1"]
    assert (await store.reminders.book(ADA)).of("t-1") == stale
    assert await store.reminders.claim(stale, due[0], **how) is None, "the day is taken"
    go(SLOT + DAY)
    tomorrow = slots_due(stale.rhythm, ZoneInfo("UTC"), SLOT + DAY, SLOT + DAY)
    await process.study.wishes.snooze(ADA, "t-1", 3)
    assert await store.reminders.claim(stale, tomorrow[0], **how) is None, "it was put off"


# --- Discord is out of order ------------------------------------------------------------------------------------------


async def test_what_discord_cant_take_now_is_tried_again_with_growing_pauses(process, post, ask, go, clock, reminded):
    await ask()
    go(SLOT)
    process.mailbox.trouble = lambda step: Later("Discord answered 503") if step == "draw" else None
    tried = []
    while clock.moment < SLOT + 6 * HOUR:
        before = process.mailbox.steps.count("draw")
        await process.tick()
        if process.mailbox.steps.count("draw") > before:
            tried.append(clock.moment)
        clock.move(seconds=20)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    process.mailbox.trouble = lambda _: None
    clock.move(minutes=30)
    await process.tick()
    assert post.marks() == [FIRST]
    assert reminded()[0][3] == "late"


async def test_discord_is_asked_no_sooner_than_it_says(process, post, ask, go):
    await ask()
    go(SLOT)
    process.mailbox.next("send", Later("Discord's rate limit", timedelta(seconds=500)))
    await process.tick()
    go(SLOT + timedelta(seconds=499))
    await process.tick()
    assert post.marks() == []
    go(SLOT + timedelta(seconds=500))
    await process.tick()
    assert post.marks() == [FIRST]


async def test_a_lost_answer_is_looked_for(process, post, ask, go):
    await ask()
    go(SLOT)
    process.mailbox.next("sent", Later("Discord can't be reached (TimeoutError)"))
    await process.tick()
    go(SLOT + MINUTE)
    await process.tick()
    assert post.marks() == [FIRST]
    assert process.mailbox.steps[-1] == "find"


# --- Closed -----------------------------------------------------------------------------------------------------------


async def test_closed_at_set_up_nothing_is_saved(process, ask, rows):
    process.mailbox.next("send", Refused("closed", ""))
    with pytest.raises(NotAllowed, match="Privacy Settings"):
        await ask()
    process.mailbox.next("open", Later("Discord answered 503"))
    with pytest.raises(Busy, match="Nothing was saved"):
        await ask()
    assert rows("select * from reminder") == []


async def test_closed_later_all_are_suspended_and_told_once(process, another, post, ask, go, second, reminded):
    await ask()
    await ask(time="20:00", course=second)
    go(SLOT)
    process.mailbox.trouble = lambda step: (
        Refused("your direct messages are closed to me", "") if step == "send" else None
    )
    await process.tick()
    assert [wish.reminder.state for wish in await process.study.wishes.all(ADA)] == [Reminding.SUSPENDED] * 2
    assert process.study.reminders.news == {ADA}
    assert another.study.reminders.news == set()
    await another.study.reminders.look()
    assert another.study.reminders.news == {ADA}, "whichever process gets the command"
    told = await another.study.reminders.tell(ADA)
    assert [code for code, _ in told] == ["T-1", "T-2"]
    assert another.study.reminders.news == set()
    assert await process.study.reminders.tell(ADA) == []
    process.mailbox.trouble = lambda _: None
    for days in range(3):
        go(SLOT + days * DAY + 3 * HOUR)
        await process.tick()
    assert post.sent() == []
    with pytest.raises(NotAllowed, match="`/remind set`"):
        await process.study.wishes.switch(ADA, None, Reminding.ON)
    await ask()
    assert [wish.reminder.state for wish in await process.study.wishes.all(ADA)] == [Reminding.ON] * 2
    go(SLOT + 3 * DAY)
    await process.tick()
    assert post.marks() == ["t-1:2026-11-23:1"]


# --- Wishes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"days": "someday"}, {"time": "25:00"}])
async def test_a_wrong_part_is_refused_before_anything_is_sent(ask, post, wrong):
    with pytest.raises(BadInput):
        await ask(**wrong)
    assert post.messages == []


async def test_setting_it_on_a_day_that_had_its_reminder_begins_tomorrow(process, post, ask, go, clock):
    await ask()
    go(SLOT)
    await process.tick()
    wish = await ask(time="20:00")
    assert wish.next == SLOT + DAY + 2 * HOUR
    clock.move(hours=3)
    await process.tick()
    assert post.marks() == [FIRST]


async def test_setting_it_anew_on_a_day_that_was_skipped_untried_uses_the_day(process, post, ask, go):
    await ask(time="10:00")
    go(SLOT + 5 * HOUR)
    await process.tick()
    assert post.sent() == [], "13 hours late"
    wish = await ask(time="23:30")
    assert wish.next == SLOT + 5 * HOUR + 30 * MINUTE
    go(SLOT + 6 * HOUR)
    await process.tick()
    assert post.marks() == [FIRST]


@pytest.mark.parametrize("state", [Reminding.PAUSED, Reminding.OFF])
async def test_nothing_is_sent_while_it_is_paused_or_off(process, post, ask, go, state):
    await ask()
    (wish,) = await process.study.wishes.switch(ADA, None, state)
    assert (wish.reminder.state, wish.next) == (state, None)
    go(SLOT + HOUR)
    await process.tick()
    (wish,) = await process.study.wishes.switch(ADA, "t-1", Reminding.ON)
    assert wish.next == SLOT + DAY, "what was missed is not made up for"
    await process.tick()
    assert post.sent() == []
    go(SLOT + DAY)
    await process.tick()
    assert post.marks() == [NEXT]


async def test_what_is_off_is_not_paused(process, ask):
    await ask()
    await process.study.wishes.switch(ADA, None, Reminding.OFF)
    with pytest.raises(NotFound):
        await process.study.wishes.switch(ADA, None, Reminding.PAUSED)
    with pytest.raises(NotFound):
        await process.study.wishes.snooze(ADA, None, 1)


async def test_who_has_none_is_told_how_to_ask(process):
    for call in (
        process.study.wishes.all(ADA), process.study.wishes.switch(ADA, None, Reminding.OFF),
        process.study.wishes.snooze(ADA, None, 1), process.study.wishes.not_this_week(ADA, "t-1"),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="`/remind set"):
            await call


@pytest.mark.parametrize("step", ["draw"])
@pytest.mark.parametrize("what", ["pause", "off", "snooze", "forget", "set"])
async def test_a_wish_that_was_confirmed_stops_what_is_being_sent(process, post, ask, go, rows, step, what):
    await ask()
    go(SLOT)
    wishes = process.study.wishes

    async def meanwhile(at):
        if at == step and not done:
            done.append(at)
            match what:
                case "pause":
                    await wishes.switch(ADA, None, Reminding.PAUSED)
                case "off":
                    await wishes.switch(ADA, None, Reminding.OFF)
                case "snooze":
                    await wishes.snooze(ADA, None, 2)
                case "forget":
                    await process.study.privacy.forget(ADA)
                case "set":
                    await ask(time="23:00")

    done = []
    process.mailbox.between = meanwhile
    await process.tick()
    assert done
    assert post.sent() == []
    if what == "forget":
        assert rows("select count(*) from reminder") == rows("select count(*) from reminded") == [(0,)]
        for hours in range(48):
            go(SLOT + hours * HOUR)
            await process.tick()
        assert post.sent() == []


async def test_forgotten_while_the_message_is_under_way_nothing_of_it_is_kept(process, post, ask, go, rows):
    await ask()
    go(SLOT)

    async def meanwhile(at):
        if at == "sent" and post.sent():
            await process.study.privacy.forget(ADA)

    process.mailbox.between = meanwhile
    await process.tick()
    assert rows("select count(*) from reminder") == rows("select count(*) from reminded") == [(0,)]


async def test_paused_while_the_message_is_under_way_the_receipt_is_kept(process, post, ask, go, reminded):
    await ask()
    go(SLOT)

    async def meanwhile(at):
        if at == "sent" and post.sent():
            await process.study.wishes.switch(ADA, None, Reminding.PAUSED)

    process.mailbox.between = meanwhile
    await process.tick()
    process.mailbox.between = None
    assert reminded() == [("2026-11-20", "sent", 2, None)]
    (wish,) = await process.study.wishes.switch(ADA, None, Reminding.ON)
    assert wish.next == SLOT + DAY


async def test_snoozed_until_tomorrow_or_some_days(process, post, ask, go):
    await ask()
    (wish,) = await process.study.wishes.snooze(ADA, None, 1)
    assert (wish.next, wish.snoozed) == (SLOT + DAY, True)
    (wish,) = await process.study.wishes.snooze(ADA, "t-1", 5)
    assert wish.next == SLOT + 5 * DAY
    (wish,) = await process.study.wishes.snooze(ADA, "t-1", 2)
    assert wish.next == SLOT + 2 * DAY, "shorter as well"
    for days in range(3):
        go(SLOT + days * DAY)
        await process.tick()
    assert post.marks() == ["t-1:2026-11-22:1"]
    for days in (0, 61):
        with pytest.raises(BadInput):
            await process.study.wishes.snooze(ADA, None, days)


async def test_not_this_week_ends_on_monday(process, post, ask, go):
    await ask(time="0:00")
    (wish,) = await process.study.wishes.not_this_week(ADA, "t-1")
    assert wish.next == datetime(2026, 11, 23, tzinfo=UTC), "the first moment of Monday is next week"
    with pytest.raises(NotFound, match="T-2"):
        await process.study.wishes.not_this_week(ADA, "t-2")


# --- Later ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def later(process):
    async def later(day="2026-11-20", course="t-1", message=2):
        return await process.study.wishes.later(ADA, course, day, message)

    return later


async def test_later_comes_once_more_in_three_hours_within_the_same_row(process, post, ask, go, later, reminded, clock):
    await ask()
    go(SLOT)
    await process.tick()
    go(SLOT + 10 * MINUTE)
    assert await later() == SLOT + 3 * HOUR + 10 * MINUTE
    assert (await process.study.wishes.all(ADA))[0].next == SLOT + 3 * HOUR + 10 * MINUTE
    for _ in range(60):
        clock.move(minutes=5)
        await process.tick()
    assert post.marks() == [FIRST, "t-1:2026-11-20:2"]
    assert post.sent()[1].at == SLOT + 3 * HOUR + 10 * MINUTE
    assert post.sent()[1].letter.late_since is None
    assert reminded() == [("2026-11-20", "sent", 3, None)]
    with pytest.raises(NotAllowed, match="once"):
        await later()
    go(SLOT + DAY)
    await process.tick()
    assert post.marks() == [FIRST, "t-1:2026-11-20:2", NEXT]


async def test_two_presses_of_later_are_one(process, post, ask, go, later):
    await ask()
    go(SLOT)
    await process.tick()
    answers = await asyncio.gather(later(), later(), return_exceptions=True)
    assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [NotAllowed]
    go(SLOT + 3 * HOUR)
    await process.tick()
    assert len(post.sent()) == 2


@pytest.mark.parametrize("step", STEPS)
async def test_later_through_a_kill_comes_once(process, another, post, ask, go, later, step):
    await ask()
    go(SLOT)
    await process.tick()
    await later()
    go(SLOT + 3 * HOUR)
    process.mailbox.next(step, Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + 3 * HOUR + LEASE)
    await another.tick()
    assert post.marks() == [FIRST, "t-1:2026-11-20:2"]


async def test_later_before_the_receipt_of_the_first_is_there(process, another, post, ask, go, later, reminded):
    """The process died between message and receipt, and the member presses at once: the press is the receipt."""
    await ask()
    go(SLOT)
    process.mailbox.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + MINUTE)
    await later()
    go(SLOT + 2 * HOUR)
    await another.tick()
    assert post.marks() == [FIRST]
    go(SLOT + 3 * HOUR + MINUTE)
    await another.tick()
    assert post.marks() == [FIRST, "t-1:2026-11-20:2"]


@pytest.mark.parametrize("what", ["pause", "snooze", "off", "not", "set", "forget"])
async def test_whatever_is_wished_after_later_ends_it(process, post, ask, go, later, what, clock):
    await ask()
    go(SLOT)
    await process.tick()
    await later()
    wishes = process.study.wishes
    await {
        "pause": lambda: wishes.switch(ADA, None, Reminding.PAUSED),
        "snooze": lambda: wishes.snooze(ADA, None, 1),
        "off": lambda: wishes.switch(ADA, None, Reminding.OFF),
        "not": lambda: wishes.not_this_week(ADA, "t-1"),
        "set": lambda: ask(time="20:00"),
        "forget": lambda: process.study.privacy.forget(ADA),
    }[what]()
    for _ in range(20):
        clock.move(minutes=15)
        await process.tick()
    assert post.marks() == [FIRST]


async def test_later_of_an_old_message_or_where_it_makes_no_sense(process, post, ask, go, later, second):
    await ask()
    with pytest.raises(NotAllowed, match="test"):
        await later("test")
    for day in ("2026-11-20", "nonsense", "2027-01-01"):
        with pytest.raises(Stale):
            await later(day)
    go(SLOT)
    await process.tick()
    with pytest.raises(NotAllowed):
        await later(course="t-2")
    await ask(days="sat", time="0:30", course=second)
    go(SLOT + 4 * HOUR)
    with pytest.raises(NotAllowed, match="within three hours"):
        await later()
    go(SLOT + DAY)
    await process.tick()
    with pytest.raises(Stale, match="newer"):
        await later()


# --- Zones ------------------------------------------------------------------------------------------------------------


async def test_another_zone_moves_the_reminder(process, post, ask, go, rows):
    await ask()
    await process.study.people.set_zone(ADA, "Tokyo")
    (wish,) = await process.study.wishes.all(ADA)
    assert wish.next == due(rows) == datetime(2026, 11, 21, 9, tzinfo=UTC), "18:00 in Tokyo is over today"
    await process.study.people.set_zone(ADA, "Los Angeles")
    assert due(rows) == datetime(2026, 11, 21, 2, tzinfo=UTC)
    go(SLOT)
    await process.tick()
    assert post.sent() == []
    go(datetime(2026, 11, 21, 2, tzinfo=UTC))
    await process.tick()
    assert post.marks() == [FIRST], "it is still the 20th there"
    assert post.sent()[0].letter.zone == "America/Los_Angeles"


async def test_a_zone_known_before_is_used(process, ask):
    await process.study.people.set_zone(ADA, "Berlin")
    wish = await ask()
    assert (wish.next, wish.zone) == (SLOT - HOUR, "Europe/Berlin")


async def test_the_same_zone_again_loses_nothing(process, post, ask, go):
    await process.study.people.set_zone(ADA, "Berlin")
    await ask()
    go(SLOT - HOUR + SECOND)
    await process.study.people.set_zone(ADA, "Berlin")
    await process.tick()
    assert post.marks() == [FIRST]


async def test_a_snooze_and_a_retry_survive_a_change_of_zone(process, post, ask, go):
    await ask()
    await process.study.wishes.snooze(ADA, None, 5)
    await process.study.people.set_zone(ADA, "Tokyo")
    (wish,) = await process.study.wishes.all(ADA)
    assert wish.next == datetime(2026, 11, 25, 9, tzinfo=UTC)
    go(wish.next)
    process.mailbox.next("draw", Later("503"))
    await process.tick()
    await process.study.people.set_zone(ADA, "Honolulu")
    go(wish.next + MINUTE)
    await process.tick()
    assert post.marks() == ["t-1:2026-11-25:1"]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_wished_no_day_gets_two(process, post, ask, go, seed, clock, second):
    """Somebody who can't decide, and who travels. The clock ticks every three hours."""
    chance = random.Random(seed)
    places = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata")
    await ask()
    wishes = process.study.wishes
    for hours in range(0, 60 * 24, 3):
        go(SLOT + hours * HOUR)
        await process.tick()
        if chance.random() < 0.1:
            try:
                match chance.randrange(7):
                    case 0:
                        await ask(
                            time=f"{chance.randrange(24)}:30", course=chance.choice((second, process.study.course(0)))
                        )
                    case 1 | 2:
                        await process.study.people.set_zone(ADA, chance.choice(places))
                    case 3:
                        await wishes.snooze(ADA, None, chance.randrange(1, 4))
                    case 4:
                        await wishes.switch(ADA, None, chance.choice((Reminding.PAUSED, Reminding.OFF)))
                    case _:
                        await wishes.switch(ADA, None, Reminding.ON)
            except (NotFound, NotAllowed):
                pass
    days = [mark.split(":")[1] for mark in post.marks()]
    assert len(set(days)) == len(days) > 15
    assert days == sorted(days)
    shown = [(each.at.astimezone(ZoneInfo(each.letter.zone or "UTC")).date(), each.letter.zone) for each in post.sent()]
    assert len(set(shown)) == len(shown), "also by the day on which it came"


# --- The end of the course --------------------------------------------------------------------------------------------


async def test_when_all_is_done_it_says_so_once_and_pauses(process, another, post, ask, go, small, asker, clock):
    await ask()
    await process.study.complete(asker(ADA), small.nodes["a"])
    go(SLOT)
    process.mailbox.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    clock.move(minutes=5)
    for _ in range(5):
        await another.tick()
        clock.move(days=1)
    (message,) = post.sent()
    assert message.letter.node is None
    (wish,) = await another.study.wishes.all(ADA)
    assert (wish.reminder.state, wish.reminder.reason) == (Reminding.PAUSED, "all of T-1 is done")


async def test_it_names_what_comes_next_at_that_time(process, post, ask, go, small, asker):
    await ask()
    go(SLOT - MINUTE)
    await process.study.complete(asker(ADA), small.nodes["a/m"])
    go(SLOT)
    await process.tick()
    assert post.sent()[0].letter.node.route == "a/n/u"


# --- Rows -------------------------------------------------------------------------------------------------------------


async def test_old_receipts_are_dropped(process, post, ask, go, reminded):
    await ask()
    for days in range(100):
        go(SLOT + days * DAY)
        await process.tick()
    assert len(post.sent()) == 100
    assert len(reminded()) == 61


async def test_nothing_else_of_a_learner_is_in_the_way_of_the_clock(process, ask, go, rows):
    """What is not due is not read."""
    await ask()
    await ask(2)
    assert await process.study.reminders.due(10) == []
    go(SLOT)
    assert await process.study.reminders.due(10) == [1, 2]
    assert await process.study.reminders.due(1) == [1]


async def test_what_became_of_each_is_counted(store, catalogue, clock, small, go, post):
    counted = []
    study = await Study.open(store, catalogue, now=clock.now, count=counted.append)
    process = Process(study, PlainMailbox(post))
    await study.wishes.set(ADA, catalogue.default, "daily", "18", process.mailbox, 1)
    go(SLOT)
    process.mailbox.next("send", Later("503"))
    await process.tick()
    go(SLOT + MINUTE)
    await process.tick()
    go(SLOT + DAY + HOUR)
    await process.tick()
    go(SLOT + 2 * DAY + LAPSE)
    await process.tick()
    go(SLOT + 3 * DAY)
    process.mailbox.next("send", Refused("closed", ""))
    await process.tick()
    assert counted == ["retried", "sent", "late", "skipped", "suspended"]
