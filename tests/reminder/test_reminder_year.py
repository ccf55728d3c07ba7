"""A year in which the bot dies at random moments: one reminder a day at most, and one where it had a chance."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest

from bot.core.course.catalogue import Catalogue
from bot.core.plan.reminders import Rhythm, slots_from
from bot.core.plan.study_days import name_days
from bot.study import Later, Study
from bot.study.digest_posting import LEASE, LONGEST_PAUSE
from bot.study.reminders import LAPSE
from tests.reminder.conftest import Killed, PlainMailbox, Process

START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "UTC")
STEPS = ("find", "draw", "send", "sent")
SETTLED = LONGEST_PAUSE + LEASE + MINUTE
"""After so long without trouble nothing of earlier trouble is waited for any more."""


@dataclass
class Year:
    """When the clock ticked through undisturbed, and when there was trouble."""

    chance: random.Random
    ticks: list[datetime] = field(default_factory=list)
    troubles: list[datetime] = field(default_factory=list)
    deaths: int = 0

    def trouble(self, now):
        """What happens at the steps of one tick: mostly nothing, sometimes death or an error, at any step."""
        error = self.chance.choice([Killed(), Killed(), Later("Discord answered 500"), ZeroDivisionError()])
        step = self.chance.choice(STEPS)
        if self.chance.random() > 0.4:
            return lambda _: None
        left = [error]

        def happen(at):
            if at != step or not left:
                return None
            self.troubles.append(now())
            return left.pop()

        return happen

    def was_served(self, slot):
        """Whether the bot had an undisturbed chance to send it."""
        calm = [tick for tick in self.ticks if slot <= tick < slot + LAPSE]
        return any(
            later - earlier >= SETTLED and not any(earlier <= trouble <= later for trouble in self.troubles)
            for earlier in calm
            for later in calm
        )

    def pause(self):
        return self.chance.choice([2 * MINUTE, 6 * MINUTE, 40 * MINUTE, 2 * HOUR])

    def down(self):
        often = [MINUTE, 3 * MINUTE, 5 * MINUTE, 20 * MINUTE, 3 * HOUR]
        return self.chance.choice([*often, *often, 10 * HOUR, 30 * HOUR, 5 * 24 * HOUR])


@pytest.mark.parametrize("seed", range(4))
async def test_a_year_of_restarts(store, small, clock, post, seed):
    year = Year(random.Random(seed))
    catalogue = Catalogue((small,), small.id)

    async def started():
        return Process(await Study.open(store, catalogue, now=clock.now), PlainMailbox(post))

    clock.moment = START
    process = await started()
    wishes = {}
    for learner in (1, 2, 3):
        days = frozenset(year.chance.sample(range(7), year.chance.randrange(2, 8)))
        rhythm = Rhythm(days, year.chance.choice((0, 30, 135, 150, 600, 1410)))
        zone = year.chance.choice(ZONES)
        await process.study.people.set_zone(learner, zone)
        await process.study.wishes.set(
            learner, small, name_days(days), f"{rhythm.time:%H:%M}", process.mailbox, learner
        )
        wishes[learner] = rhythm, ZoneInfo(zone)
    while clock.moment < END:
        process.mailbox.trouble = year.trouble(clock.now)
        try:
            await process.tick()
        except Killed:
            year.deaths += 1
            clock.moment += year.down()
            process = await started()
            continue
        except ZeroDivisionError:
            pass
        else:
            year.ticks.append(clock.moment)
        clock.moment += year.pause()
    assert year.deaths > 30
    for learner, (rhythm, zone) in wishes.items():
        slots = list(takewhile(lambda slot: slot.at <= END, slots_from(rhythm, zone, START)))
        by_mark = {f"t-1:{slot.on}:1": slot for slot in slots}
        sent = post.sent(learner)
        assert set(post.marks(learner)) <= set(by_mark), "nothing but what was asked for"
        shown = [message.at.astimezone(zone).date() for message in sent]
        assert len(set(shown)) == len(shown), "never two on one day"
        assert len(set(post.marks(learner))) == len(sent)
        for message in sent:
            assert timedelta() <= message.at - by_mark[message.mark].at < LAPSE
        chances = [slot for slot in slots if slot.at < END - LAPSE and year.was_served(slot.at)]
        assert len(chances) > 0.5 * len(slots)
        sent_on = set(post.marks(learner))
        left_out = [slot for slot in chances if f"t-1:{slot.on}:1" not in sent_on and slot.on not in shown]
        assert left_out == [], "none left out but where yesterday's came late"
