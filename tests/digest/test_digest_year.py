"""A year in which the bot dies at random moments: each slot gets exactly one post, unless nobody was there for it."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile

import pytest

from bot.core.calendar.slots import DAYS, Schedule, slots_after
from bot.core.calendar.zones import Zones
from bot.core.course.catalogue import Catalogue
from bot.study import Digests, Later
from bot.study.digest_posting import LEASE, LONGEST_PAUSE
from bot.study.digests import LAPSE
from bot.study.servers import Servers
from tests.digest.conftest import Killed, PlainDesk, Process

START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "UTC")
STEPS = ("allowed", "roster", "find", "draw", "send", "sent")
SETTLED = LONGEST_PAUSE + LEASE + MINUTE
"""After so long without trouble nothing of earlier trouble is waited for any more."""


@dataclass
class Year:
    """What happened: when the clock ticked through undisturbed, and when there was trouble."""

    chance: random.Random
    ticks: list[datetime] = field(default_factory=list)
    troubles: list[datetime] = field(default_factory=list)
    deaths: int = 0

    def trouble(self, now):
        """What happens at the steps of one tick: mostly nothing, sometimes death or an error, at any step."""
        error = self.chance.choice([Killed(), Killed(), Later("Discord answered 500"), ZeroDivisionError()])
        step, skip = self.chance.choice(STEPS), self.chance.randrange(2)
        if self.chance.random() > 0.5:
            return lambda _: None
        left = [None] * skip + [error]

        def happen(at):
            if at != step or not left or (happening := left.pop(0)) is None:
                return None
            self.troubles.append(now())
            return happening

        return happen

    def was_served(self, slot, following):
        """Whether the bot had an undisturbed chance to post it."""
        end = min(slot + LAPSE, following)
        calm = [tick for tick in self.ticks if slot <= tick < end]
        return any(
            later - earlier >= SETTLED and not any(earlier <= trouble <= later for trouble in self.troubles)
            for earlier in calm
            for later in calm
        )

    def pause(self):
        """Until the next tick: minutes where something is to be mended, else hours."""
        return self.chance.choice([2 * MINUTE, 6 * MINUTE, 40 * MINUTE, 3 * HOUR, 9 * HOUR])

    def down(self):
        often = [MINUTE, 3 * MINUTE, 5 * MINUTE, 20 * MINUTE, 3 * HOUR, 10 * HOUR]
        return self.chance.choice([*often, *often, 30 * HOUR, 70 * HOUR, 10 * 24 * HOUR])


@pytest.fixture
def started(store, small, clock, chat):
    """Starts a process: each is another owner of claims, on the same database, with the same Discord."""
    zones, catalogue = Zones(), Catalogue((small,), small.id)
    return lambda: Process(
        Digests(store, catalogue, zones, now=clock.now), PlainDesk(chat), Servers(store, now=clock.now)
    )


@pytest.fixture
def schedules(small_study, small, asker, clock, started):
    """Sets up three servers with a member each, at times and in zones of chance."""

    async def set_up(chance):
        clock.moment = START
        digests, found = started().digests, {}
        for server in (1, 2, 3):
            schedule = Schedule(chance.randrange(7), chance.choice((0, 30, 135, 150, 600)), chance.choice(ZONES))
            await small_study.complete(asker(server, server), small.nodes["a/m/u"])
            when = {"day": DAYS[schedule.day], "time": f"{schedule.time:%H:%M}", "zone": schedule.zone}
            await digests.set_up(server, 7, small, channel=server, here=False, **when)
            found[server] = schedule
        return found

    return set_up


async def lived_through(year, started, clock):
    """The year itself."""
    process = started()
    while clock.moment < END:
        process.desk.trouble = year.trouble(clock.now)
        try:
            await process.tick()
        except Killed:
            year.deaths += 1
            clock.moment += year.down()
            process = started()
            continue
        except ZeroDivisionError:
            pass
        else:
            year.ticks.append(clock.moment)
        clock.moment += year.pause()
    for _ in range(4):
        clock.moment += SETTLED
        await started().tick()


@pytest.mark.parametrize("seed", range(5))
async def test_a_year_of_restarts(schedules, started, small, clock, chat, rows, seed):
    year = Year(random.Random(seed))
    servers = await schedules(year.chance)
    await lived_through(year, started, clock)
    assert year.deaths > 10
    assert len(chat.messages) > 90
    for server, schedule in servers.items():
        slots = list(takewhile(lambda slot: slot.at <= clock.moment + 8 * 24 * HOUR, slots_after(schedule, START)))
        past = {f"{small.id}:{slot.week}": slot for slot in slots if slot.at <= clock.moment}
        found = rows("select course || ':' || week, state from digest where server_id = ?", server)
        assert {mark for mark, _ in found} == set(past), "a row for each slot, no other"
        marks = chat.marks(server)
        assert len(set(marks)) == len(marks), "none twice"
        assert {state for _, state in found} <= {"posted", "skipped"}
        chances = {slot.at for slot, following in pairwise(slots) if year.was_served(slot.at, following.at)}
        assert len(chances) > 20
        assert [mark for mark, slot in past.items() if slot.at in chances and mark not in marks] == [], "none left out"
        for message in chat.messages:
            if message.server == server:
                assert timedelta() <= message.at - past[message.mark].at < LAPSE, "in its time"
                assert message.edition.digest.until == past[message.mark].at
        assert {mark for mark, state in found if state == "posted"} == set(marks), "the rows tell the truth"
