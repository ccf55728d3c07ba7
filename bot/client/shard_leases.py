"""Hold the leases of this process's shards while it serves them."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from bot.errors import BadSettings, Busy, CannotStart
from bot.store import Store
from bot.store.shard_leases import ALL, LEASE, Renewal, ShardLease

log = logging.getLogger("waymark")

RENEW_SECONDS = 10.0
POLL_SECONDS = 1.0


def lease_names(count: int | None, shards: Sequence[int]) -> list[str]:
    """Return the lease names of these shards, or of one lease for all shards if there are none."""
    return [f"{count}:{shard}" for shard in shards] or [ALL]


@asynccontextmanager
async def hold_shard_leases(
    store: Store, shards: Sequence[str], *, now: Callable[[], datetime], stop: asyncio.Event, take_over: bool = False
) -> AsyncIterator[None]:
    """Acquire leases for ``shards``, renew them during the block, and release them afterwards.

    Raises ``BadSettings`` if another process holds one of them. With ``take_over``, that process is asked to stop. Sets
    ``stop`` when another process requests them.
    """
    owner = secrets.token_hex(8)
    await _acquire(store, shards, owner, now=now, take_over=take_over)
    renewal_task = asyncio.create_task(_renew(store, owner, len(shards), now=now, stop=stop))
    try:
        yield
    finally:
        renewal_task.cancel()
        with suppress(asyncio.CancelledError):
            await renewal_task
        with suppress(Busy):
            await store.shard_leases.release(owner)


async def _acquire(
    store: Store, shards: Sequence[str], owner: str, *, now: Callable[[], datetime], take_over: bool
) -> None:
    first: ShardLease | None = None
    for _ in range(int(LEASE.total_seconds() / POLL_SECONDS) + 5):
        other = await store.shard_leases.claim(shards, owner, socket.gethostname(), os.getpid(), now(), _has_ended)
        if other is None:
            return
        if take_over:
            await store.shard_leases.request(other.shard)
        elif _is_local(other) or (first is not None and other.renewed != first.renewed):
            raise BadSettings(_in_use_message(other))
        if first is None:
            log.info("waiting for process %d on %s, which served these shards", other.process, other.host)
        first = first or other
        await asyncio.sleep(POLL_SECONDS)
    if first is not None:
        raise CannotStart(_in_use_message(first))


async def _renew(store: Store, owner: str, count: int, *, now: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Renew the leases until they are lost or requested by another process."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            renewal = await store.shard_leases.renew(owner, count, now())
        except Busy as error:
            log.warning("the leases of the shards could not be renewed: %s", error)
            continue
        if renewal is Renewal.REQUESTED:
            log.info("stopping: another process takes over")
            stop.set()
            return
        if renewal is Renewal.LOST:
            log.error("stopping: another process serves these shards now")
            stop.set()
            return


def _is_local(lease: ShardLease) -> bool:
    return lease.host == socket.gethostname()


def _has_ended(lease: ShardLease) -> bool:
    """Return whether the lease's process ran on this host and has ended. Unknown for other hosts, so False."""
    if not _is_local(lease) or lease.process == os.getpid():
        return _is_local(lease)
    try:
        os.kill(lease.process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _in_use_message(lease: ShardLease) -> str:
    which = "all shards" if lease.shard == ALL else f"shard {lease.shard.partition(':')[2]}"
    return (
        f"Process {lease.process} on {lease.host} already serves {which} of this database. Stop it first, or let "
        "this one replace it: `waymark run --take-over`."
    )
