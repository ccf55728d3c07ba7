"""Two processes never serve the same shard: the second one reports it, waits for a dead one, or takes over."""

import asyncio
import os
import socket
import subprocess
import sys

import pytest

from bot.client import shard_leases
from bot.client.shard_leases import hold_shard_leases, lease_names
from bot.errors import BadSettings
from bot.store import Store
from bot.store.shard_leases import Renewal, ShardLease

HOST = socket.gethostname()


@pytest.fixture
async def second(path, store):
    """The store of a second process."""
    other = await Store.open(path)
    yield other
    await other.close()


@pytest.fixture
def gone():
    """The ID of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


async def claim(store, clock, shards=("all",), owner="a", host="elsewhere", process=1, is_gone=shard_leases._has_ended):
    return await store.shard_leases.claim(shards, owner, host, process, clock.now(), is_gone)


def test_without_ids_a_process_serves_every_shard():
    assert lease_names(None, ()) == ["all"]
    assert lease_names(4, (0, 3)) == ["4:0", "4:3"]


@pytest.mark.parametrize(
    ("first", "other", "conflict"),
    [(["2:0"], ["2:1"], False), (["2:0"], ["2:1", "2:0"], True), (["all"], ["2:1"], True), (["2:1"], ["all"], True)],
)
async def test_only_the_same_shards_conflict(store, second, clock, first, other, conflict):
    assert await claim(store, clock, first) is None
    found = await claim(second, clock, other, "b")
    assert (found is not None) is conflict
    if found:
        assert (found.owner, found.host, found.process) == ("a", "elsewhere", 1)


async def test_a_lease_expires_unless_it_is_renewed(store, second, clock):
    await claim(store, clock)
    clock.move(seconds=29)
    assert await claim(second, clock, owner="b") is not None
    assert await store.shard_leases.renew("a", 1, clock.now()) is Renewal.HELD
    clock.move(seconds=29)
    assert await claim(second, clock, owner="b") is not None
    clock.move(seconds=1)
    assert await claim(second, clock, owner="b") is None
    assert await store.shard_leases.renew("a", 1, clock.now()) is Renewal.LOST


async def test_a_killed_process_of_this_host_is_replaced_at_once(store, second, clock, gone):
    await claim(store, clock, host=HOST, process=gone)
    assert await claim(second, clock, owner="b", host=HOST, process=os.getpid()) is None


async def test_a_running_process_of_this_host_is_reported_at_once(store, second, clock):
    await claim(store, clock, host=HOST, process=os.getppid())
    with pytest.raises(
        BadSettings, match=rf"Process {os.getppid()} on .* already serves all shards.*--take-over"
    ) as raised:
        async with hold_shard_leases(second, ["all"], now=clock.now, stop=asyncio.Event()):
            raise AssertionError("never here")
    assert raised.value.exit_code == 78


async def test_a_stop_releases_the_leases_at_once(store, second, clock):
    async with hold_shard_leases(store, ["2:0"], now=clock.now, stop=asyncio.Event()):
        assert await claim(second, clock, ["2:0"], "b", is_gone=lambda _: False) is not None
    assert await claim(second, clock, ["2:0"], "b") is None


async def test_a_requested_takeover_is_reported_on_renewal(store, second, clock):
    await claim(store, clock, ["2:0", "2:1"])
    await second.shard_leases.request("2:1")
    assert await store.shard_leases.renew("a", 2, clock.now()) is Renewal.REQUESTED
    await store.shard_leases.release("a")
    assert await claim(second, clock, ["2:1"], "b") is None


async def test_a_takeover_succeeds_after_the_release(store, second, clock):
    await claim(store, clock, host=HOST, process=os.getppid())
    task = asyncio.create_task(_taken_over(second, clock))
    while await store.shard_leases.renew("a", 1, clock.now()) is not Renewal.REQUESTED:  # noqa: ASYNC110 - a row says it
        await asyncio.sleep(0)
    await store.shard_leases.release("a")
    assert await task


async def _taken_over(store, clock):
    async with hold_shard_leases(store, ["all"], now=clock.now, stop=asyncio.Event(), take_over=True):
        return True


def test_a_reused_process_id_is_not_this_process():
    """In a container every process may have the same ID."""
    lease = ShardLease("all", "a", HOST, os.getpid(), None)
    assert shard_leases._has_ended(lease)
