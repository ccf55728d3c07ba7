"""A reminder is sent at most once a day, on a real database, with kills between the steps."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.plan.reminders import slots_due
from bot.errors import BadInput, Busy, NotAllowed, NotFound, Stale
from bot.store.deliveries import DueSlot, ScheduleState
from bot.store.reminder_rows import ReminderSchedule, key_of
from bot.study.delivery import LEASE
from bot.study.delivery_kind import Refused, Unavailable
from bot.study.plan_settings import PlanSettings
from bot.study.reminders import ReminderKind
from tests.delivery.plain import Killed, Process
from tests.reminder.conftest import ADA, rhythm

SLOT = datetime(2026, 11, 20, 18, tzinfo=UTC)
"""A test begins on this Friday at 9:30."""
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LAPSE = ReminderKind.late_limit
FIRST, NEXT = "t-1:2026-11-20:1", "t-1:2026-11-21:1"
STEPS = ("draw", "send", "sent")


@pytest.fixture
def reminded(rows):
    """Return day, state, message and reason of each row of a learner."""

    def read(learner=ADA):
        return rows("select slot, state, message_id, reason from delivery where learner_id = ? order by slot", learner)

    return read


async def turn_on(process):
    return await process.study.reminder_settings.turn_on(ADA, process.study.catalogue.default, process.messenger, 99)


def due(rows):
    ((at,),) = rows("select due_at from reminder")
    return datetime.fromtimestamp(at, UTC)


# --- In time ----------------------------------------------------------------------------------------------------------


async def test_a_reminder_is_sent_on_time_and_not_before(process, post, ask, go, reminded, rows):
    reminder = await ask()
    assert (reminder.next, reminder.zone, reminder.reminder.channel) == (SLOT, None, 5001)
    go(SLOT - SECOND)
    await process.tick()
    assert post.sent(ADA) == []
    go(SLOT)
    await process.tick()
    (message,) = post.sent(ADA)
    assert (message.mark, message.channel, message.content.late_since) == (FIRST, 5001, None)
    assert message.content.node.route == "a/m/u"
    assert reminded() == [("2026-11-20", "sent", 2, None)]
    assert due(rows) == SLOT + DAY


async def test_a_reminder_shows_the_plan_of_the_week(process, post, ask, go):
    """A Friday: only the rest of the week is left for the plan."""
    await process.study.plans.set(1, process.study.catalogue.default, PlanSettings(date(2027, 2, 1), 300))
    await ask()
    go(SLOT)
    await process.tick()
    (message,) = post.sent(ADA)
    assert message.content.week
    assert message.content.week == await process.study.plans.this_week(1, process.study.catalogue.default)


async def test_without_a_plan_the_week_is_not_mentioned(process, post, ask, go):
    await ask()
    go(SLOT)
    await process.tick()
    assert post.sent(ADA)[0].content.week == ()


async def test_on_a_day_off_nobody_is_reminded(process, post, ask, go, reminded):
    course = process.study.catalogue.default
    await process.study.plans.set(1, course, PlanSettings(date(2027, 2, 1), 300))
    await process.study.days_off.add(1, date(2026, 11, 20), date(2026, 11, 21))
    await ask()
    for days in range(3):
        go(SLOT + days * DAY)
        await process.tick()
    assert reminded()[:2] == [
        ("2026-11-20", "skipped", None, "a day off"),
        ("2026-11-21", "skipped", None, "a day off"),
    ]
    assert post.marks(ADA) == ["t-1:2026-11-22:1"]


async def test_only_on_its_days(process, post, ask, clock, go):
    await ask(days="mon-fri")
    go(SLOT)
    for _ in range(14):
        await process.tick()
        clock.move(days=1)
    assert [date.fromisoformat(mark.split(":")[1]).weekday() for mark in post.marks(ADA)] == [4, *range(5), *range(5)][
        :10
    ]


async def test_without_settings_nothing_is_sent(process, post, asker, small, clock, go):
    await process.study.progress.complete(asker(ADA), small.nodes["a/m/u"])
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
    assert post.marks(ADA) == [f"t-1:2026-11-{day}:1" for day in (20, 21, 22)]


async def test_two_courses_on_different_days_alternate(process, post, ask, go, second, clock):
    await ask(days="sat")
    await ask(days="sun", course=second)
    go(SLOT)
    for _ in range(8 * 24):
        clock.move(hours=1)
        await process.tick()
    assert post.marks(ADA) == [NEXT, "t-2:2026-11-22:1", "t-1:2026-11-28:1"]


async def test_hidden_makes_no_difference(process, post, ask, go):
    await ask()
    await process.study.privacy.set_visibility(ADA, hidden=True)
    go(SLOT)
    await process.tick()
    assert post.marks(ADA) == [FIRST]


# --- Late -------------------------------------------------------------------------------------------------------------


async def test_a_reminder_sent_after_midnight_uses_that_day_too(process, post, ask, go, clock):
    """Never two on one day: not one at 8:00 for yesterday and one in the evening for today."""
    await ask(time="23:30")
    go(SLOT + 14 * HOUR)
    await process.tick()
    assert post.marks(ADA) == [FIRST]
    for _ in range(40):
        clock.move(hours=1)
        await process.tick()
    assert post.marks(ADA) == [FIRST, "t-1:2026-11-22:1"]


async def test_a_removed_course_is_skipped(process, post, ask, go, study_of, second, reminded):
    await ask()
    other = await study_of(second)
    go(SLOT)
    await Process(other, process.messenger).serve(other.reminders, key_of(ADA))
    assert reminded() == [("2026-11-20", "skipped", None, "the bot no longer has this course")]
    assert (await other.reminder_settings.all(ADA))[0].code == "T-1"


# --- Killed -----------------------------------------------------------------------------------------------------------


async def test_outdated_reads_claim_nothing(process, another, post, ask, go, store, second):
    """The other course used the day, or the learner changed the settings, after the process had read them."""
    await ask()
    await ask(time="17:00", course=second)
    go(SLOT)
    all_of = await store.reminders.of_learner(ADA)
    stale = all_of.of("t-1")
    how = {"owner": "me", "now": SLOT, "lease": LEASE}
    (due,) = slots_due(stale.rhythm, ZoneInfo("UTC"), stale.since, SLOT)

    async def claim(known, slot):
        return await store.deliveries.claim(
            store.reminders, ReminderSchedule(stale, known), key_of(ADA), DueSlot(slot.on.isoformat(), slot.at), "t-1",
            **how,
        )  # fmt: skip

    await another.study.deliveries._step(another.study.reminders, key_of(ADA), another.messenger)
    assert post.marks(ADA) == ["t-2:2026-11-20:1"]
    assert (await store.reminders.of_learner(ADA)).of("t-1") == stale
    assert await claim(all_of, due) is None, "the day is taken"
    go(SLOT + DAY)
    (tomorrow,) = slots_due(stale.rhythm, ZoneInfo("UTC"), SLOT + DAY, SLOT + DAY)
    known = await store.reminders.of_learner(ADA)
    await process.study.reminder_settings.snooze(ADA, "t-1", 3)
    assert await claim(known, tomorrow) is None, "it was postponed"


# --- Discord is out of order ------------------------------------------------------------------------------------------


# --- Closed -----------------------------------------------------------------------------------------------------------


async def test_closed_direct_messages_at_set_up_save_nothing(process, ask, rows):
    process.messenger.next("send", Refused("closed", ""))
    with pytest.raises(NotAllowed, match="Privacy Settings"):
        await ask()
    process.messenger.next("open", Unavailable("Discord answered 503"))
    with pytest.raises(Busy, match="Nothing was saved"):
        await ask()
    assert rows("select * from reminder") == []


async def test_direct_messages_closed_later_suspend_all_reminders(process, another, post, ask, go, second, reminded):
    await ask()
    await ask(time="20:00", course=second)
    go(SLOT)
    process.messenger.trouble = lambda step: (
        Refused("your direct messages are closed to me", "") if step == "send" else None
    )
    await process.tick()
    assert [reminder.reminder.state for reminder in await process.study.reminder_settings.all(ADA)] == [
        ScheduleState.SUSPENDED
    ] * 2
    assert process.study.reminders.news == {ADA}
    assert another.study.reminders.news == set()
    await another.tick(another.study.reminders)
    assert another.study.reminders.news == {ADA}, "whichever process gets the command"
    told = await another.study.reminders.tell(ADA)
    assert [code for code, _ in told] == ["T-1", "T-2"]
    assert another.study.reminders.news == set()
    assert await process.study.reminders.tell(ADA) == []
    with pytest.raises(NotAllowed, match="DMs are closed"):
        await turn_on(process)
    process.messenger.trouble = lambda _: None
    for days in range(3):
        go(SLOT + days * DAY + 3 * HOUR)
        await process.tick()
    assert post.sent(ADA) == []
    assert (await turn_on(process)).tested, "a test message found out that they are open"
    assert post.marks(ADA) == []
    assert [reminder.reminder.state for reminder in await process.study.reminder_settings.all(ADA)] == [
        ScheduleState.ON
    ] * 2
    go(SLOT + 3 * DAY)
    await process.tick()
    assert post.marks(ADA) == ["t-1:2026-11-23:1"]


# --- Wishes -----------------------------------------------------------------------------------------------------------


async def test_setting_it_on_a_day_that_had_its_reminder_begins_tomorrow(process, post, ask, go, clock):
    await ask()
    go(SLOT)
    await process.tick()
    reminder = await ask(time="20:00")
    assert reminder.next == SLOT + DAY + 2 * HOUR
    clock.move(hours=3)
    await process.tick()
    assert post.marks(ADA) == [FIRST]


async def test_a_new_set_up_uses_a_day_that_was_skipped_without_an_attempt(process, post, ask, go):
    await ask(time="10:00")
    go(SLOT + 5 * HOUR)
    await process.tick()
    assert post.sent(ADA) == [], "13 hours late"
    reminder = await ask(time="23:30")
    assert reminder.next == SLOT + 5 * HOUR + 30 * MINUTE
    go(SLOT + 6 * HOUR)
    await process.tick()
    assert post.marks(ADA) == [FIRST]


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.OFF])
async def test_nothing_is_sent_while_it_is_paused_or_off(process, post, ask, go, state):
    await ask()
    reminder = (await process.study.reminder_settings.switch(ADA, "t-1", state)).now
    assert (reminder.reminder.state, reminder.next) == (state, None)
    go(SLOT + HOUR)
    await process.tick()
    reminder = (await turn_on(process)).now
    assert reminder.next == SLOT + DAY, "missed ones are not sent later"
    await process.tick()
    assert post.sent(ADA) == []
    go(SLOT + DAY)
    await process.tick()
    assert post.marks(ADA) == [NEXT]


async def test_a_reminder_that_is_off_can_not_be_paused(process, ask):
    await ask()
    await process.study.reminder_settings.switch(ADA, "t-1", ScheduleState.OFF)
    with pytest.raises(NotFound):
        await process.study.reminder_settings.switch(ADA, "t-1", ScheduleState.PAUSED)
    with pytest.raises(NotFound):
        await process.study.reminder_settings.snooze(ADA, "t-1", 1)


async def test_without_reminders_there_is_nothing_to_change(process):
    settings = process.study.reminder_settings
    assert await settings.all(ADA) == []
    for call in (
        settings.switch(ADA, "t-1", ScheduleState.OFF), settings.snooze(ADA, "t-1", 1), turn_on(process),
        settings.not_this_week(ADA, "t-1"),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="You have no T-1 reminder"):
            await call


async def test_changing_a_reminder_that_is_on_sends_no_test_message(process, post, ask):
    await ask()
    settings, course = process.study.reminder_settings, process.study.catalogue.default
    sent = len(post.messages)
    change = await settings.set(ADA, course, rhythm("sat", "9:00"), process.messenger, 2)
    assert (change.tested, len(post.messages)) == (False, sent)
    assert change.now.next == datetime(2026, 11, 21, 9, tzinfo=UTC)
    await settings.switch(ADA, "t-1", ScheduleState.OFF)
    change = await settings.set(ADA, course, rhythm("sat", "9:00"), process.messenger, 3)
    assert (change.tested, len(post.messages)) == (True, sent + 1)


async def test_a_snooze_that_changes_nothing_says_so(process, ask, clock, go):
    await ask(days="sat")
    before = (await process.study.reminder_settings.all(ADA))[0]
    change = await process.study.reminder_settings.snooze(ADA, "t-1", 1)
    assert (change.undo, change.now) == ((), before), "the next one is tomorrow anyway"
    change = await process.study.reminder_settings.snooze(ADA, "t-1", 2)
    assert change.undo
    assert change.now.next == SLOT + 8 * DAY


async def test_days_off_are_skipped_in_what_is_announced(process, ask):
    await ask()
    await process.study.days_off.add(ADA, date(2026, 11, 20), date(2026, 11, 22))
    assert (await process.study.reminder_settings.all(ADA))[0].next == SLOT + 3 * DAY


# --- Undo -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["change", "pause", "off", "snooze"])
async def test_undo_restores_a_reminder(process, post, ask, go, what, rows):
    before = await ask()
    settings, course = process.study.reminder_settings, process.study.catalogue.default
    change = await {
        "change": lambda: settings.set(ADA, course, rhythm("sat", "9:00"), process.messenger, 2),
        "pause": lambda: settings.switch(ADA, "t-1", ScheduleState.PAUSED),
        "off": lambda: settings.switch(ADA, "t-1", ScheduleState.OFF),
        "snooze": lambda: settings.snooze(ADA, "t-1", 7),
    }[what]()
    assert change.now != before
    (restored,) = await settings.undo(ADA, "t-1", change.undo)
    assert (restored.reminder.rhythm, restored.reminder.state, restored.next) == (
        before.reminder.rhythm, ScheduleState.ON, before.next,
    )  # fmt: skip
    with pytest.raises(Stale, match="has changed since"):
        await settings.undo(ADA, "t-1", change.undo)
    go(SLOT)
    await process.tick()
    assert post.marks(ADA) == [FIRST]


async def test_undoing_a_new_reminder_deletes_it(process, ask, rows):
    change = await process.study.reminder_settings.set(
        ADA, process.study.catalogue.default, rhythm(), process.messenger, 1
    )
    assert await process.study.reminder_settings.undo(ADA, "t-1", change.undo) == []
    assert rows("select * from reminder") == []


async def test_undo_never_serves_what_was_missed(process, post, ask, go, clock):
    await ask()
    change = await process.study.reminder_settings.switch(ADA, "t-1", ScheduleState.PAUSED)
    go(SLOT + HOUR)
    (restored,) = await process.study.reminder_settings.undo(ADA, "t-1", change.undo)
    assert restored.next == SLOT + DAY
    await process.tick()
    assert post.sent(ADA) == []


async def test_undo_turns_on_what_was_suspended(process, ask, post, go):
    await ask()
    go(SLOT)
    process.messenger.trouble = lambda step: Refused("closed", "") if step == "send" else None
    await process.tick()
    process.messenger.trouble = lambda _: None
    change = await process.study.reminder_settings.set(
        ADA, process.study.catalogue.default, rhythm("sat", "9:00"), process.messenger, 2
    )
    (restored,) = await process.study.reminder_settings.undo(ADA, "t-1", change.undo)
    assert (restored.reminder.state, restored.reminder.rhythm) == (ScheduleState.ON, rhythm())


@pytest.mark.parametrize(
    "state",
    [[], ["x"], ["{}", "suspended", "1", "1", "1"], ["{}", "on", "0", "1", "1"], ["{}", "on", "1", "1440", "1"],
     ["{}", "on", "1", "1"], ["{}", "on", "²", "1", "1"]],
)  # fmt: skip
async def test_a_forged_undo_changes_nothing(process, ask, state):
    await ask()
    change = await process.study.reminder_settings.switch(ADA, "t-1", ScheduleState.PAUSED)
    with pytest.raises(Stale):
        await process.study.reminder_settings.undo(ADA, "t-1", [part.format(change.undo[0]) for part in state])
    assert await process.study.reminder_settings.all(ADA) == change.statuses


@pytest.mark.parametrize("step", ["draw"])
@pytest.mark.parametrize("what", ["pause", "off", "snooze", "forget", "set"])
async def test_a_confirmed_change_stops_the_current_delivery(process, post, ask, go, rows, step, what):
    await ask()
    go(SLOT)
    settings = process.study.reminder_settings

    async def meanwhile(at):
        if at == step and not done:
            done.append(at)
            match what:
                case "pause":
                    await settings.switch(ADA, "t-1", ScheduleState.PAUSED)
                case "off":
                    await settings.switch(ADA, "t-1", ScheduleState.OFF)
                case "snooze":
                    await settings.snooze(ADA, "t-1", 2)
                case "forget":
                    await process.study.privacy.forget(ADA)
                case "set":
                    await ask(time="23:00")

    done = []
    process.messenger.between = meanwhile
    await process.tick()
    assert done
    assert post.sent(ADA) == []
    if what == "forget":
        assert (
            rows("select count(*) from reminder")
            == rows("select count(*) from delivery where kind = 'reminder'")
            == [(0,)]
        )
        for hours in range(48):
            go(SLOT + hours * HOUR)
            await process.tick()
        assert post.sent(ADA) == []


async def test_forget_during_sending_keeps_nothing(process, post, ask, go, rows):
    await ask()
    go(SLOT)

    async def meanwhile(at):
        if at == "sent" and post.sent(ADA):
            await process.study.privacy.forget(ADA)

    process.messenger.between = meanwhile
    await process.tick()
    assert (
        rows("select count(*) from reminder") == rows("select count(*) from delivery where kind = 'reminder'") == [(0,)]
    )


async def test_pause_during_sending_keeps_the_receipt(process, post, ask, go, reminded):
    await ask()
    go(SLOT)

    async def meanwhile(at):
        if at == "sent" and post.sent(ADA):
            await process.study.reminder_settings.switch(ADA, "t-1", ScheduleState.PAUSED)

    process.messenger.between = meanwhile
    await process.tick()
    process.messenger.between = None
    assert reminded() == [("2026-11-20", "sent", 2, None)]
    reminder = (await turn_on(process)).now
    assert reminder.next == SLOT + DAY


async def test_snoozed_until_tomorrow_or_some_days(process, post, ask, go):
    await ask()
    reminder = (await process.study.reminder_settings.snooze(ADA, "t-1", 1)).now
    assert (reminder.next, reminder.snoozed) == (SLOT + DAY, True)
    reminder = (await process.study.reminder_settings.snooze(ADA, "t-1", 5)).now
    assert reminder.next == SLOT + 5 * DAY
    reminder = (await process.study.reminder_settings.snooze(ADA, "t-1", 2)).now
    assert reminder.next == SLOT + 2 * DAY, "shorter as well"
    for days in range(3):
        go(SLOT + days * DAY)
        await process.tick()
    assert post.marks(ADA) == ["t-1:2026-11-22:1"]
    for days in (0, 61):
        with pytest.raises(BadInput):
            await process.study.reminder_settings.snooze(ADA, "t-1", days)


async def test_not_this_week_ends_on_monday(process, post, ask, go):
    await ask(time="0:00")
    reminder = (await process.study.reminder_settings.not_this_week(ADA, "t-1")).now
    assert reminder.next == datetime(2026, 11, 23, tzinfo=UTC), "the first moment of Monday is next week"
    with pytest.raises(NotFound, match="T-2"):
        await process.study.reminder_settings.not_this_week(ADA, "t-2")


# --- Later ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def later(process):
    async def later(day="2026-11-20", course="t-1", message=2):
        return await process.study.reminder_settings.later(ADA, course, day, message)

    return later


async def test_later_sends_again_after_three_hours_in_the_same_row(process, post, ask, go, later, reminded, clock):
    await ask()
    go(SLOT)
    await process.tick()
    go(SLOT + 10 * MINUTE)
    assert await later() == SLOT + 3 * HOUR + 10 * MINUTE
    assert (await process.study.reminder_settings.all(ADA))[0].next == SLOT + 3 * HOUR + 10 * MINUTE
    for _ in range(60):
        clock.move(minutes=5)
        await process.tick()
    assert post.marks(ADA) == [FIRST, "t-1:2026-11-20:2"]
    assert post.sent(ADA)[1].at == SLOT + 3 * HOUR + 10 * MINUTE
    assert post.sent(ADA)[1].content.late_since is None
    assert reminded() == [("2026-11-20", "sent", 3, None)]
    with pytest.raises(NotAllowed, match="once"):
        await later()
    go(SLOT + DAY)
    await process.tick()
    assert post.marks(ADA) == [FIRST, "t-1:2026-11-20:2", NEXT]


async def test_pressing_later_twice_counts_once(process, post, ask, go, later):
    await ask()
    go(SLOT)
    await process.tick()
    answers = await asyncio.gather(later(), later(), return_exceptions=True)
    assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [NotAllowed]
    go(SLOT + 3 * HOUR)
    await process.tick()
    assert len(post.sent(ADA)) == 2


@pytest.mark.parametrize("step", STEPS)
async def test_later_is_sent_once_despite_a_kill(process, another, post, ask, go, later, step):
    await ask()
    go(SLOT)
    await process.tick()
    await later()
    go(SLOT + 3 * HOUR)
    process.messenger.next(step, Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + 3 * HOUR + LEASE)
    await another.tick()
    assert post.marks(ADA) == [FIRST, "t-1:2026-11-20:2"]


async def test_later_before_the_receipt_is_stored(process, another, post, ask, go, later, reminded):
    """The process is killed between message and receipt, and the button is used at once: it proves the receipt."""
    await ask()
    go(SLOT)
    process.messenger.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    go(SLOT + MINUTE)
    await later()
    go(SLOT + 2 * HOUR)
    await another.tick()
    assert post.marks(ADA) == [FIRST]
    go(SLOT + 3 * HOUR + MINUTE)
    await another.tick()
    assert post.marks(ADA) == [FIRST, "t-1:2026-11-20:2"]


@pytest.mark.parametrize("what", ["pause", "snooze", "off", "not", "set", "forget"])
async def test_any_change_after_later_cancels_it(process, post, ask, go, later, what, clock):
    await ask()
    go(SLOT)
    await process.tick()
    await later()
    settings = process.study.reminder_settings
    await {
        "pause": lambda: settings.switch(ADA, "t-1", ScheduleState.PAUSED),
        "snooze": lambda: settings.snooze(ADA, "t-1", 1),
        "off": lambda: settings.switch(ADA, "t-1", ScheduleState.OFF),
        "not": lambda: settings.not_this_week(ADA, "t-1"),
        "set": lambda: ask(time="20:00"),
        "forget": lambda: process.study.privacy.forget(ADA),
    }[what]()
    for _ in range(20):
        clock.move(minutes=15)
        await process.tick()
    assert post.marks(ADA) == [FIRST]


async def test_later_of_an_old_or_invalid_message(process, post, ask, go, later, second):
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
    await process.study.learners.set_zone(ADA, "Tokyo")
    (reminder,) = await process.study.reminder_settings.all(ADA)
    assert reminder.next == due(rows) == datetime(2026, 11, 21, 9, tzinfo=UTC), "18:00 in Tokyo is over today"
    await process.study.learners.set_zone(ADA, "Los Angeles")
    assert due(rows) == datetime(2026, 11, 21, 2, tzinfo=UTC)
    go(SLOT)
    await process.tick()
    assert post.sent(ADA) == []
    go(datetime(2026, 11, 21, 2, tzinfo=UTC))
    await process.tick()
    assert post.marks(ADA) == [FIRST], "it is still the 20th there"
    assert post.sent(ADA)[0].content.zone == "America/Los_Angeles"


async def test_a_zone_known_before_is_used(process, ask):
    await process.study.learners.set_zone(ADA, "Berlin")
    reminder = await ask()
    assert (reminder.next, reminder.zone) == (SLOT - HOUR, "Europe/Berlin")


async def test_the_same_zone_again_loses_nothing(process, post, ask, go):
    await process.study.learners.set_zone(ADA, "Berlin")
    await ask()
    go(SLOT - HOUR + SECOND)
    await process.study.learners.set_zone(ADA, "Berlin")
    await process.tick()
    assert post.marks(ADA) == [FIRST]


async def test_a_snooze_and_a_retry_survive_a_change_of_zone(process, post, ask, go):
    await ask()
    await process.study.reminder_settings.snooze(ADA, "t-1", 5)
    await process.study.learners.set_zone(ADA, "Tokyo")
    (reminder,) = await process.study.reminder_settings.all(ADA)
    assert reminder.next == datetime(2026, 11, 25, 9, tzinfo=UTC)
    go(reminder.next)
    process.messenger.next("draw", Unavailable("503"))
    await process.tick()
    await process.study.learners.set_zone(ADA, "Honolulu")
    go(reminder.next + MINUTE)
    await process.tick()
    assert post.marks(ADA) == ["t-1:2026-11-25:1"]


@pytest.mark.parametrize("seed", range(6))
async def test_no_sequence_of_changes_sends_two_reminders_on_a_day(process, post, ask, go, seed, clock, second):
    """Random changes of settings and zones, with a poll every three hours."""
    chance = random.Random(seed)
    places = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata")
    await ask()
    settings = process.study.reminder_settings
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
                        await process.study.learners.set_zone(ADA, chance.choice(places))
                    case 3:
                        await settings.snooze(ADA, "t-1", chance.randrange(1, 4))
                    case 4:
                        await settings.switch(ADA, "t-1", chance.choice((ScheduleState.PAUSED, ScheduleState.OFF)))
                    case _:
                        await settings.turn_on(ADA, process.study.catalogue.default, process.messenger, 99)
            except (NotFound, NotAllowed):
                pass
    days = [mark.split(":")[1] for mark in post.marks(ADA)]
    assert len(set(days)) == len(days) > 15
    assert days == sorted(days)
    shown = [
        (each.at.astimezone(ZoneInfo(each.content.zone or "UTC")).date(), each.content.zone) for each in post.sent(ADA)
    ]
    assert len(set(shown)) == len(shown), "also by the day on which it came"


# --- The end of the course --------------------------------------------------------------------------------------------


async def test_a_completed_course_is_reported_once_and_pauses(process, another, post, ask, go, small, asker, clock):
    await ask()
    await process.study.progress.complete(asker(ADA), small.nodes["a"])
    go(SLOT)
    process.messenger.next("sent", Killed())
    with pytest.raises(Killed):
        await process.tick()
    clock.move(minutes=5)
    for _ in range(5):
        await another.tick()
        clock.move(days=1)
    (message,) = post.sent(ADA)
    assert message.content.node is None
    (reminder,) = await another.study.reminder_settings.all(ADA)
    assert (reminder.reminder.state, reminder.reminder.reason) == (ScheduleState.PAUSED, "all of T-1 is done")


async def test_a_reminder_names_the_next_unit_at_that_time(process, post, ask, go, small, asker):
    await ask()
    go(SLOT - MINUTE)
    await process.study.progress.complete(asker(ADA), small.nodes["a/m"])
    go(SLOT)
    await process.tick()
    assert post.sent(ADA)[0].content.node.route == "a/n/u"


# --- Rows -------------------------------------------------------------------------------------------------------------


async def test_old_receipts_are_dropped(process, post, ask, go, reminded):
    await ask()
    for days in range(100):
        go(SLOT + days * DAY)
        await process.tick()
    assert len(post.sent(ADA)) == 100
    assert len(reminded()) == 61
