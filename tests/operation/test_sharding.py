"""Several processes on one database, each with some shards: each serves only its own servers."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
import simcord

from bot.client.bot import StudyBot
from bot.core.calendar.slots import Schedule
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.study import Study
from tests.digest.conftest import DigestSimulation, SimulatedClock

SHARDS = 2


class Half(DigestSimulation):
    """A simulation with shard 0, and the ID of a server on shard 1."""

    elsewhere = (1 << 40 | 1) << 22

    async def restart(self, *_: object) -> None:
        await self.env.restart_bot(StudyBot(self.study, self.store, shard_count=SHARDS, shard_ids=[0]))


@pytest.fixture
async def half(path, catalogue):
    clock = SimulatedClock()
    store = await Store.open(path)
    study = await Study.open(store, catalogue, now=clock.now)
    bot = StudyBot(study, store, shard_count=SHARDS, shard_ids=[0])
    env = simcord.Env(bot, shard_count=SHARDS, check_errors=False)
    clock.discord = env
    await env.start()
    digest_sim = Half(env, study, store)
    await env.settle()
    assert digest_sim.guild.id >> 22 & 1 == 0, "it is on shard 0"
    yield digest_sim
    await env.shutdown()
    await store.close()


async def somewhere(half) -> Cohort:
    """A due cohort of the server on the other shard."""
    study, at = half.study, half.env.now()
    status = await study.digests.set_up(
        half.elsewhere,
        7,
        study.catalogue.default,
        channel=7000,
        schedule=Schedule(at.weekday(), at.hour * 60 + at.minute, "UTC"),
    )
    cohort = replace(status.cohort, due=at)
    await half.store.cohorts.save(cohort)
    return cohort


async def test_a_process_serves_only_its_own_servers(half, rows):
    assert list(half.bot.shards) == [0]
    await somewhere(half)
    await half.set_up()
    await half.wait(120)
    assert len(half.posts()) == 1
    assert rows("select server_id, state from delivery") == [(half.guild.id, "sent")]
    now = half.env.now().timestamp()
    assert rows("select state, due_at < ? from cohort where server_id = ?", now, half.elsewhere) == [("on", 1)]


async def test_servers_of_other_shards_are_not_marked_as_removed(half, rows):
    await somewhere(half)
    await half.set_up()
    await half.restart()
    await half.wait(20)
    assert rows("select count(*) from server where removed_at is not null") == [(0,)]


async def test_a_removed_server_of_an_own_shard_is_marked(half, rows):
    gone = half.elsewhere + (1 << 22)
    for server in (half.elsewhere, gone):
        await half.store.cohorts.save(replace(await somewhere(half), server=server))
    await half.restart()
    await half.wait(20)
    assert rows("select server_id from server where removed_at is not null") == [(gone,)]


async def test_due_servers_of_a_dead_process_delay_nobody(half, rows, path):
    """Thousands of them were due before ours."""
    await half.set_up()
    there = await somewhere(half)
    columns = "course, channel_id, day, minute, zone, state, due_at"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(
            f"with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) "
            f"insert into cohort (server_id, {columns}) "
            f"select ? + (i << 23), {columns} from n, cohort where server_id = ?",
            (there.server, there.server),
        )
    assert rows("select count(*) from cohort") == [(3002,)]
    await half.wait(120)
    assert len(half.posts()) == 1
    assert rows("select server_id, state from delivery") == [(half.guild.id, "sent")]
