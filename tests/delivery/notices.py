"""A third kind of delivery: a notice in a server's channel, once a day at noon UTC. It shows how little a kind takes.

Its schedules are rows of ``setting``, so that it needs no table of its own.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.calendar.timestamps import from_seconds, seconds
from bot.store.deliveries import DueSlot, Key
from bot.study.delivery_kind import Destination, Marker, Pending

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Notice:
    marker: Marker
    late_since: datetime | None


class NoticeKind:
    name = "notice"
    late_limit = timedelta(hours=6)
    too_late = "it was more than 6 hours late"
    kept = None
    reopens_skipped = False

    def __init__(self, store, servers):
        self._store, self._servers = store, servers

    @property
    def schedules(self):
        return self

    async def save(self, server, due):
        await self._store.settings.set(f"notice {server}", json.dumps(seconds(due)))

    async def _due(self, server):
        stored = await self._store.settings.get(f"notice {server}")
        return stored and from_seconds(json.loads(stored))

    async def due(self, now, most):
        found = [(at, server) for server in self._servers if (at := await self._due(server)) and at <= now]
        return [Key(self.name, server=server) for _, server in sorted(found)][:most]

    async def pending(self, key, now):
        opened, at = await self._store.deliveries.open(key), await self._due(key.server)
        if at is None or (at > now and not opened):
            return None
        days = [] if opened else [at + number * DAY for number in range((now - at) // DAY + 1)]
        slots = [DueSlot(day.date().isoformat(), day) for day in days]
        return Pending(key.server, key, "t-1", Destination(key.server, key.server), slots, opened)

    def is_current(self, statements, schedule):
        return bool(statements.run("setting", name=f"notice {schedule}"))

    def advance(self, statements, schedule, served, over):
        if served:
            at = max(slot.at for slot in served) + DAY
            statements.run("set_setting", name=f"notice {schedule}", value=json.dumps(seconds(at)))

    async def obstacle(self, pending, slot):
        return ""

    def marker(self, pending, slot, *, repeated):
        return Marker(pending.key.server, f"notice:{slot.name}")

    async def content(self, pending, slot, marker, late_since, messenger):
        await messenger.names(pending.key.server, [1])
        return Notice(marker, late_since)

    async def over(self, pending):
        return None

    async def suspend(self, pending, refused):
        await self._store.settings.set(f"suspended {pending.key.server}", str(refused))

    async def look_after(self, messenger, is_here):
        return None
