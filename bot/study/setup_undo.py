"""Undo a change of a server's set-up. The button carries the values before; nothing else is stored for it."""

from collections.abc import Awaitable, Callable, Sequence

from bot.core.course.catalogue import Catalogue
from bot.errors import Stale
from bot.store import Store
from bot.store.deliveries import ScheduleState
from bot.study.digests import Digests, DigestStatus
from bot.study.servers import Servers
from bot.study.setup import FINE, ITEMS, OUT_OF_DATE, SKIPPED, read_draft, stamp

CHANGED = "These settings have changed since, so I can't undo this. Nothing was changed."

Undo = Callable[..., Awaitable[None]]


class SetupUndo:
    """Undo changes that ``Setup`` made. Each is refused if the setting isn't as that change left it."""

    def __init__(self, store: Store, catalogue: Catalogue, servers: Servers, digests: Digests) -> None:
        self._rows = store.servers
        self._catalogue = catalogue
        self._servers = servers
        self._digests = digests
        self._kinds: dict[str, tuple[int, Undo]] = {
            "c": (4, self._settings), "a": (2, self._added), "r": (4, self._replaced), "s": (2, self._state),
            "m": (2, self._main), "n": (1, self._announcements), "o": (2, self._role), "i": (3, self._item),
        }  # fmt: skip

    async def undo(self, server: int, by: int, change: Sequence[str]) -> None:
        """Undo a change by the state of its button. Raises ``Stale`` if something has changed since."""
        kind, *values = change or [""]
        count, undo = self._kinds.get(kind, (-1, self._state))
        if len(values) != count:
            raise Stale(OUT_OF_DATE)
        await undo(server, by, *values)

    async def _settings(self, server: int, by: int, left: str, channel: str, at: str, zone: str) -> None:
        course = (await self._left(server, left)).cohort.course
        fields = {"course": [course], "channel": [channel, "t" if at[:1] == "1" else "c"]}
        draft = read_draft(self._catalogue, {**fields, "day": [at[1:2]], "time": [at[2:]], "zone": [zone]})
        await self._digests.set_up(
            server, by, draft.course, channel=draft.channel, thread=draft.thread, schedule=draft.schedule
        )

    async def _added(self, server: int, _: int, left: str, before: str) -> None:
        """Turn off a digest that was added. ``before`` is the server's course if that changed too."""
        await self._digests.switch(await self._left(server, left), ScheduleState.OFF)
        if before in self._catalogue.courses:
            await self._servers.set_course(server, before)

    async def _replaced(self, server: int, _: int, left: str, off: str, state: str, main: str) -> None:
        new, old = await self._left(server, left), await self._left(server, off)
        await self._digests.switch(new, ScheduleState.OFF)
        paused = state == ScheduleState.PAUSED.value
        await self._digests.switch(old, ScheduleState.PAUSED if paused else ScheduleState.ON)
        if main == "m":
            await self._servers.set_course(server, old.course.id)

    async def _state(self, server: int, _: int, left: str, before: str) -> None:
        paused = before == ScheduleState.PAUSED.value
        await self._digests.switch(await self._left(server, left), ScheduleState.PAUSED if paused else ScheduleState.ON)

    async def _main(self, server: int, _: int, now: str, before: str) -> None:
        if before not in self._catalogue.courses or (await self._servers.settings(server)).course != now:
            raise Stale(CHANGED)
        await self._servers.set_course(server, before)

    async def _announcements(self, server: int, _: int, allowed: str) -> None:
        if not await self._rows.set_announcements(server, allowed=allowed == "1"):
            raise Stale(CHANGED)

    async def _role(self, server: int, _: int, now: str, before: str) -> None:
        if not await self._rows.set_manager_role(server, _number(before) or None, _number(now)):
            raise Stale(CHANGED)

    async def _item(self, server: int, _: int, item: str, now: str, before: str) -> None:
        allowed = {SKIPPED: SKIPPED, FINE: FINE, "-": None}
        if item not in ITEMS or before not in allowed or now not in allowed:
            raise Stale(OUT_OF_DATE)
        if not await self._rows.mark_setup_item(server, item, allowed[before], allowed[now]):
            raise Stale(CHANGED)

    async def _left(self, server: int, left: str) -> DigestStatus:
        """Return the digest that is still as a change left it. Raises ``Stale`` if there is none."""
        for status in await self._digests.all_of(server):
            if stamp(status.cohort) == left:
                return status
        raise Stale(CHANGED)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise Stale(OUT_OF_DATE)
    return int(text)
