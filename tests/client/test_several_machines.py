"""Four processes on one PostgreSQL: one after the other is killed, and the database restarts, under load.

Every answer that a member saw is true, everything is answered but what a killed process was working on, and each digest
is posted once. ``WAYMARK_MACHINE_KILLS`` and ``WAYMARK_MACHINE_SECONDS`` make it as long as wanted.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.client.bots import Bot, quiet
from tests.client.conftest import due_rows, stored
from tests.client.discord_server import Discord, channel_id, server_id
from tests.client.fork_server import ForkServer
from tests.client.replies import marks
from tests.client.test_kills import Learner
from tests.databases import query, url_of

pytestmark = pytest.mark.drill

KILLS = int(os.environ.get("WAYMARK_MACHINE_KILLS", "8"))
SECONDS = float(os.environ.get("WAYMARK_MACHINE_SECONDS", "4"))
"""Between two kills."""
MACHINES = 4
SERVERS = int(os.environ.get("WAYMARK_MACHINE_SERVERS", "300"))
"""Connected to each process."""
OTHER_SERVERS = int(os.environ.get("WAYMARK_OTHER_SERVERS", "20000"))
"""Servers that are only rows."""
NEW_DIGESTS = 6
"""So many more are due in each process between two kills."""
FIRSTS = (0, 4196, 8390, 12584)
"""Numbers of the first servers whose IDs belong to one shard after the other, with room for 4,000 each."""


class PatientLearner(Learner):
    """A member who gets true answers also while the database is away."""

    def __init__(self, number, chance, stored):
        super().__init__(number, chance)
        self.busy = self.uncertain = 0
        self._stored = stored

    def take_in(self):
        if self._asked and self._asked.reply:
            text = self._asked.reply.text
            if "can't tell whether it worked" in text:
                self.uncertain += 1
                self._asked.replies.clear()
                self.check(self._stored(self.number))
                return
            if "nothing was changed" in text and "busy" in text:
                self.busy += 1
                self._asked = None
                return
        super().take_in()


@dataclass
class Machine:
    """A process that serves one shard, with its Discord, its members and its servers."""

    number: int
    address: str
    discord: Discord
    bot: Bot
    chance: random.Random
    due: count = field(init=False)
    learners: list = field(init=False)
    studying: list = field(default_factory=list)
    posted: int = 0

    def __post_init__(self):
        self.due = count(FIRSTS[self.number])
        numbers = range(1 + 100 * self.number, 9 + 100 * self.number)
        self.learners = [PatientLearner(each, self.chance, self.stored) for each in numbers]

    def stored(self, learner):
        return dict(query(self.address, "select route, change_id from tick where learner_id = ?", learner))

    async def start(self):
        await self.bot.__aenter__()
        await self.bot.serving()
        self.studying = [asyncio.create_task(learner.study(self.discord)) for learner in self.learners]

    async def kill(self):
        self.bot.send(signal.SIGKILL)
        assert await self.bot.ended() == -signal.SIGKILL, self.bot.log
        await self._rest()
        assert quiet(self.bot), self.bot.log
        for learner in self.learners:
            learner.check(self.stored(learner.number))
        # Minutes pass for the deliveries of this process: its leases end, and Discord forgets its nonces.
        self.discord.forget_nonces()
        query(
            self.address,
            "update delivery set lease_until = lease_until - 300, next_try_at = next_try_at - 3600"
            " where state = 'claimed' and server_id >= ? and server_id < ?",
            server_id(FIRSTS[self.number]),
            server_id(FIRSTS[self.number] + 4000),
        )

    async def _rest(self):
        for each in self.studying:
            each.cancel()
        for ended in await asyncio.gather(*self.studying, return_exceptions=True):
            assert isinstance(ended, asyncio.CancelledError), ended

    def make_due(self):
        servers = [next(self.due) for _ in range(NEW_DIGESTS)]
        assert servers[-1] < FIRSTS[self.number] + SERVERS, "more servers are needed for so many kills"
        with psycopg.connect(self.address) as connection:
            for sql, rows in due_rows(*servers):
                connection.cursor().executemany(sql.replace("?", "%s"), rows)

    async def finish(self):
        await self._rest()
        for learner in self.learners:
            await self.discord.until(lambda learner=learner: not learner._asked or learner._asked.reply)
            learner.take_in()
            assert learner.ticked == self.stored(learner.number)
        self.bot.send(signal.SIGTERM)
        assert await self.bot.ended() == 0, self.bot.log
        assert quiet(self.bot), self.bot.log
        for server, state, message in query(
            self.address,
            "select server_id, state, message_id from delivery where server_id >= ? and server_id < ?",
            server_id(FIRSTS[self.number]),
            server_id(FIRSTS[self.number] + 4000),
        ):
            posts = self.discord.posted.get(server + channel_id(0) - server_id(0), [])
            assert all(any(":t-1:" in mark for mark in marks(each)) for each in posts)
            assert (state, [message]) == ("sent", [int(each["id"]) for each in posts]), server
            self.posted += 1


def fill(address):
    """Servers that are only rows: each with a digest that is due next week, and a member with six ticks."""
    week = int(time.time()) + 7 * 86_400
    first = server_id(FIRSTS[-1] + 5000)
    cohorts = (
        "insert into cohort (server_id, course, channel_id, day, minute, zone, due_at) "
        f"select {first} + 1000 * n, 't-1', {first} + 1000 * n + 1, 0, 540, 'UTC', {week} + n % 600000 "
    )
    members = (
        "insert into member (server_id, course, learner_id, joined_at) "
        f"select {first} + 1000 * n, 't-1', 1000000 + n, 1 "
    )
    ticks = "insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id) "
    ticks += f"select 1000000 + n, 't-1', 'a/m/u0' || k, 1, 1, {first} + 1000 * n, 1 "
    servers = f"from generate_series(1, {OTHER_SERVERS}) as n"
    for statement in (cohorts + servers, members + servers, f"{ticks}{servers}, generate_series(0, 5) as k"):
        query(address, statement)


async def test_processes_are_killed_and_the_database_restarts_under_load(tmp_path, postgres):
    address = postgres.create()
    try:
        fill(address)
        async with ForkServer() as fork_server:
            await drill(address, postgres, fork_server, tmp_path)
    finally:
        postgres.drop(address)


def nothing_is_due(address):
    due = query(address, "select 1 from cohort where due_at < extract(epoch from now()) limit 1")
    return not due and not query(address, "select 1 from delivery where state = 'claimed' limit 1")


async def drill(address, postgres, fork_server, folder: Path):
    chance, began = random.Random(1), time.monotonic()
    restarts = {KILLS // 3, 2 * KILLS // 3} if postgres.restart else set()
    machines = []
    discords = [Discord(SERVERS, first) for first in FIRSTS]
    for number, discord in enumerate(discords):
        await discord.come_up()
        discord.patience = None
        discord.slowness = lambda path: chance.uniform(0, 0.3) if path.startswith("/channels/") else 0
        (folder / str(number)).mkdir()
        shard = str((server_id(FIRSTS[number]) >> 22) % MACHINES)
        settings = {"DATABASE_URL": url_of(address), "SHARD_COUNT": str(MACHINES), "SHARD_IDS": shard}
        bot = Bot(discord, folder / str(number), fork_server, **settings)
        machines.append(Machine(number, address, discord, bot, random.Random(number)))
    assert len({bot._settings["SHARD_IDS"] for bot in (machine.bot for machine in machines)}) == MACHINES
    for machine in machines:
        await machine.start()
        machine.make_due()
    for kill in range(KILLS):
        await asyncio.sleep(SECONDS)
        if kill in restarts:
            await asyncio.to_thread(postgres.restart)
        machine = chance.choice(machines)
        await machine.kill()
        await machine.start()
        for each in machines:
            await asyncio.to_thread(each.make_due)
    await stored(lambda: nothing_is_due(address))
    for machine in machines:
        await machine.finish()
    for discord in discords:
        await discord.__aexit__()
    learners = [learner for machine in machines for learner in machine.learners]
    result = {
        "seconds": round(time.monotonic() - began), "kills": KILLS, "database restarts": len(restarts),
        "servers": MACHINES * SERVERS + OTHER_SERVERS, "answers": sum(learner.seen for learner in learners),
        "busy": sum(learner.busy for learner in learners), "uncertain": sum(each.uncertain for each in learners),
        "digests": sum(machine.posted for machine in machines),
    }  # fmt: skip
    sys.stderr.write(json.dumps(result) + "\n")
    assert result["digests"] == MACHINES * NEW_DIGESTS * (KILLS + 1)
    assert result["answers"] > 20 * KILLS
