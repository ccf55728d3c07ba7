"""Shard leases: which process serves which shard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.engine import Engine, Statements

LEASE = timedelta(seconds=30)
"""How long a lease is valid without being renewed."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class ShardLease:
    """A shard and the process that serves it."""

    shard: str
    owner: str
    host: str
    process: int
    renewed: datetime


class Renewal(Enum):
    """The result of renewing a process's leases."""

    HELD = auto()
    REQUESTED = auto()
    """Another process requests the shards."""
    LOST = auto()


class ShardLeases:
    """The rows of leases. A process that serves every shard conflicts with all others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def claim(
        self, shards: Sequence[str], owner: str, host: str, process: int, now: datetime,
        is_gone: Callable[[ShardLease], bool],
    ) -> ShardLease | None:  # fmt: skip
        """Lease ``shards`` to a process. Return a conflicting lease, or None on success.

        Expired leases, and those of processes that no longer run, don't conflict.
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
        """Delete all leases of a process."""
        await self._engine.write("release_shard_leases", owner=owner)
