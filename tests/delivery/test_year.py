"""A year in which the bot dies at random moments: each slot gets one message at most, and one where it had a chance."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest

from bot.core.calendar.slots import Schedule, slots_after
from bot.core.plan.reminders import Rhythm, slots_from
from bot.study import Asker
from bot.study.daily_question_setup import DailyDraft
from bot.study.delivery import LEASE, LONGEST_PAUSE
from bot.study.delivery_kind import Unavailable
from tests.delivery.cases import DAY, open_study
from tests.delivery.plain import Killed, PlainMessenger, Process

pytestmark = pytest.mark.drill

START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "UTC")
STEPS = ("check", "names", "find", "draw", "send", "sent")
SETTLED = LONGEST_PAUSE + LEASE + MINUTE
"""After this long without trouble, nothing waits because of earlier trouble."""
OWNERS = (701, 702, 703)


@dataclass
class Year:
    """When the loop ran undisturbed, and when there was trouble."""

    chance: random.Random
    ticks: list[datetime] = field(default_factory=list)
    troubles: list[datetime] = field(default_factory=list)
    deaths: int = 0

    def trouble(self, now):
        """What happens in one round: mostly nothing, sometimes death or an error, at any step."""
        error = self.chance.choice([Killed(), Killed(), Unavailable("Discord answered 500"), ZeroDivisionError()])
        step, skip = self.chance.choice(STEPS), self.chance.randrange(2)
        if self.chance.random() > 0.4:
            return lambda _: None
        left = [None] * skip + [error]

        def happen(at):
            if at != step or not left or (happening := left.pop(0)) is None:
                return None
            self.troubles.append(now())
            return happening

        return happen

    def was_served(self, begin, end):
        """Whether the bot had an undisturbed chance to send something in this time."""
        calm = [tick for tick in self.ticks if begin <= tick < end]
        return any(
            later - earlier >= SETTLED and not any(earlier <= trouble <= later for trouble in self.troubles)
            for earlier in calm
            for later in calm
        )

    def pause(self):
        return self.chance.choice([2 * MINUTE, 6 * MINUTE, 40 * MINUTE, 2 * HOUR, 3 * HOUR])

    def down(self):
        often = [MINUTE, 3 * MINUTE, 5 * MINUTE, 20 * MINUTE, 3 * HOUR, 10 * HOUR]
        return self.chance.choice([*often, *often, 30 * HOUR, 70 * HOUR, 8 * DAY])


async def digest_slots(process, chance, owner):
    """Set up a digest at a random time. Returns its slots by marker."""
    schedule = Schedule(chance.randrange(7), chance.choice((0, 30, 135, 150, 600)), chance.choice(ZONES))
    course = process.study.catalogue.default
    await process.study.progress.join(Asker(owner, owner, "Ada"), course, visible=True)
    await process.study.progress.complete(Asker(owner, owner, "Ada"), course.nodes["a/m"])
    await process.digests.set_up(owner, 7, course, channel=owner, schedule=schedule)
    found = takewhile(lambda slot: slot.at <= END, slots_after(schedule, START))
    return {f"{course.id}:{slot.week}": slot.at for slot in found}


async def reminder_slots(process, chance, owner):
    """Set up a reminder at a random time. Returns its slots by marker."""
    days = frozenset(chance.sample(range(7), chance.randrange(2, 8)))
    rhythm, zone = Rhythm(days, chance.choice((0, 30, 135, 150, 600, 1410))), chance.choice(ZONES)
    await process.study.learners.set_zone(owner, zone)
    course = process.study.catalogue.default
    await process.settings.set(owner, course, rhythm, process.messenger, owner)
    found = takewhile(lambda slot: slot.at <= END, slots_from(rhythm, ZoneInfo(zone), START))
    return {f"{course.id}:{slot.on}:1": slot.at for slot in found}


async def notice_slots(process, chance, owner):
    kind = next(kind for kind in process.study.kinds if kind.name == "notice")
    first = START + chance.randrange(1, 1440) * MINUTE
    await kind.save(owner, first)
    days = range((END - first) // DAY + 1)
    return {f"notice:{(first + number * DAY).date()}": first + number * DAY for number in days}


async def daily_question_slots(process, chance, owner):
    """Set up a question of the day at a random time, for a group that never falls silent."""
    draft = DailyDraft(owner, thread=False, minute=chance.choice((0, 30, 135, 150, 600)), zone=chance.choice(ZONES))
    await process.study.daily_question_setup.save(owner, 7, draft)
    stored = process.study._store.daily_questions
    daily = await stored.of(owner)
    await stored.save(replace(daily, active=END))
    found = takewhile(lambda slot: slot.at <= END, slots_from(daily.rhythm, ZoneInfo(draft.zone), START))
    return {f"A:{slot.on}": slot.at for slot in found}


SET_UP = {
    "digest": digest_slots, "reminder": reminder_slots, "notice": notice_slots, "daily-question": daily_question_slots,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
async def test_a_year_of_restarts(recurring, store, clock, chat, rows, seed):
    case, year = recurring, Year(random.Random(seed))

    async def started():
        return Process(await open_study(store, clock.now), PlainMessenger(chat))

    clock.moment = START
    process = await started()
    kind = case.kind(process)
    slots = {owner: await SET_UP[case.name](process, year.chance, owner) for owner in OWNERS}
    while clock.moment < END:
        process.messenger.trouble = year.trouble(clock.now)
        try:
            await process.tick(case.kind(process))
        except Killed:
            year.deaths += 1
            clock.moment += year.down()
            process = await started()
            continue
        except ZeroDivisionError:
            process = await started()
        else:
            year.ticks.append(clock.moment)
        clock.moment += year.pause()
    assert year.deaths > 10
    for owner in OWNERS:
        planned, messages, marks = slots[owner], chat.sent(owner), chat.marks(owner)
        assert set(marks) <= set(planned), "nothing but what is due"
        assert len(set(marks)) == len(marks), "none twice"
        for message in messages:
            assert timedelta() <= message.at - planned[message.mark] < kind.late_limit, "in its time"
        served = [
            mark
            for (mark, at), (_, following) in pairwise(planned.items())
            if year.was_served(at, min(at + kind.late_limit, following))
        ]
        assert len(served) > 0.4 * len(planned)
        missing = [mark for mark in served if mark not in marks]
        if case.name == "reminder":  # one that comes after midnight takes the new day as well
            zone = await process.study.learners.zone(owner)
            taken = {message.at.astimezone(zone).date().isoformat() for message in messages}
            missing = [mark for mark in missing if mark.split(":")[1] not in taken]
        assert missing == [], "none left out"
        states = [state for _, state, _, reason in rows(case, owner)]
        assert set(states) <= {"sent", "skipped", "claimed"}
        assert states.count("sent") <= len(marks)
