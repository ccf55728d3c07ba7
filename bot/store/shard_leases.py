"""Leases of shards: which process serves which shard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.engine import Engine, Statements

LEASE = timedelta(seconds=30)
"""How long a lease holds that isn't renewed."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class ShardLease:
    """A shard with the process that serves it."""

    shard: str
    owner: str
    host: str
    process: int
    renewed: datetime


class Renewal(Enum):
    """What a process learns when it renews its leases."""

    HELD = auto()
    REQUESTED = auto()
    """Another process asks for the shards."""
    LOST = auto()


class ShardLeases:
    """The rows of leases. A process that serves every shard conflicts with all others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def claim(
        self, shards: Sequence[str], owner: str, host: str, process: int, now: datetime,
        is_gone: Callable[[ShardLease], bool],
    ) -> ShardLease | None:  # fmt: skip
        """Lease ``shards`` to a process. Returns the lease that is in the way, or None if they are leased now.

        Leases that ran out, and those of processes that are gone, are in nobody's way.
        """

        def work(statements: Statements) -> ShardLease | None:
            conflicting = [
                ShardLease(shard, other, where, number, from_seconds(renewed_at))
                for shard, other, where, number, renewed_at in statements.run("shard_leases")
                if other != owner and (shard in shards or ALL in (shard, *shards))
            ]
            for lease in conflicting:
                if now - lease.renewed < LEASE and not is_gone(lease):
                    return lease
            for lease in conflicting:
                statements.run("drop_shard_lease", shard=lease.shard)
            for shard in shards:
                statements.run("drop_shard_lease", shard=shard)
                statements.run(
                    "add_shard_lease", shard=shard, owner=owner, host=host, process=process, now=seconds(now)
                )
            return None

        return await self._engine.transact(work)

    async def renew(self, owner: str, count: int, now: datetime) -> Renewal:
        """Renew the ``count`` leases of a process."""
        rows = await self._engine.write("renew_shard_leases", owner=owner, now=seconds(now))
        if len(rows) < count:
            return Renewal.LOST
        return Renewal.REQUESTED if any(handover for (handover,) in rows) else Renewal.HELD

    async def request(self, shard: str) -> None:
        """Ask the process that serves a shard to stop."""
        await self._engine.write("request_handover", shard=shard)

    async def release(self, owner: str) -> None:
        """End all leases of a process."""
        await self._engine.write("release_shard_leases", owner=owner)
