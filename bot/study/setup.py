"""Set up a server: its course, digests, checklist and managers. Every change can be undone until the next one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from bot.core.calendar.locales import zone_of
from bot.core.calendar.slots import Schedule
from bot.core.calendar.stored_zones import is_known
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.errors import BadInput, Stale
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.deliveries import ScheduleState
from bot.store.servers import ServerSettings
from bot.study.digests import Digests, DigestStatus
from bot.study.servers import Servers

ITEMS = ("course", "digest", "test", "panel", "announcements")
"""The items of the checklist."""
SKIPPED, FINE = "skipped", "fine"
FIRST = Schedule(day=0, minute=9 * 60, zone="UTC")
"""The schedule that is suggested first, apart from its time zone."""
OUT_OF_DATE = "This panel is out of date, so nothing was changed. Open </setup> again."

UndoState = tuple[str, ...]
"""What an Undo button carries: a kind of change, the state it left, and the values before it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The settings of a digest as a manager has chosen them, before they are saved."""

    course: Course
    channel: int
    thread: bool
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class SetupStatus:
    """How a server is set up. ``digests`` are those that aren't turned off; ``course`` is what its commands show."""

    server: int
    settings: ServerSettings
    course: Course
    digests: tuple[DigestStatus, ...]
    items: Mapping[str, str]

    def digest_of(self, course: str) -> DigestStatus | None:
        return next((status for status in self.digests if status.course.id == course), None)


class Setup:
    """The set-up of servers."""

    def __init__(self, store: Store, catalogue: Catalogue, servers: Servers, digests: Digests) -> None:
        self._rows = store.servers
        self._learners = store.learners
        self._catalogue = catalogue
        self._servers = servers
        self._digests = digests

    async def status(self, server: int) -> SetupStatus:
        settings = await self._servers.settings(server)
        course = self._catalogue.courses.get(settings.course or "", self._catalogue.default)
        digests = [each for each in await self._digests.all_of(server) if each.cohort.state is not ScheduleState.OFF]
        digests.sort(key=lambda each: each.course.id != course.id)
        return SetupStatus(server, settings, course, tuple(digests), await self._rows.setup_items(server))

    async def draft(
        self,
        status: SetupStatus,
        base: DigestStatus | None,
        by: int,
        *,
        channel: int,
        thread: bool,
        locales: Sequence[str],
    ) -> Draft:
        """Return the settings of a digest. Without one, suggest some: this channel, Monday at 09:00.

        The zone is then the manager's own, or a guess from the languages of the manager and the server.
        """
        if base:
            return draft_of(base)
        zone = await self._learners.zone(by) or zone_of(*locales)
        return Draft(status.course, channel, thread, Schedule(FIRST.day, FIRST.minute, zone))

    def cohort_of(self, server: int, draft: Draft, now: datetime) -> Cohort:
        """Return what a draft would be when it is saved."""
        return Cohort(
            server, draft.course.id, draft.channel, draft.schedule, ScheduleState.ON, now, thread=draft.thread
        )

    async def save(self, server: int, by: int, draft: Draft, base: str, *, replace: bool = False) -> UndoState | None:
        """Save a draft as the digest of its course. ``base`` is the course of the digest it was made from, if any.

        If its course is another one, ``replace`` turns the digest of ``base`` off, otherwise the server has both.
        Return how to undo it, or None if nothing changed. Raises ``Stale`` and ``BadInput``.
        """
        if not draft.channel:
            raise BadInput("Choose a channel for the digest first.")
        status = await self.status(server)
        old, mine = status.digest_of(base), status.digest_of(draft.course.id)
        if (base and old is None) or (not base and status.digests):
            raise Stale(OUT_OF_DATE)
        if mine and draft.course.id != base:
            code = draft.course.code
            raise BadInput(f"This server already has an {code} digest. Choose it at the top of the panel to change it.")
        if mine and draft == draft_of(mine) and mine.cohort.state is not ScheduleState.SUSPENDED:
            return None
        replaced = old if old and replace and not mine else None
        main = status.settings.course == base if replaced else not status.digests
        saved = await self._digests.set_up(
            server, by, draft.course, channel=draft.channel, thread=draft.thread, schedule=draft.schedule,
            main=main, instead_of=replaced.course if replaced else None,
        )  # fmt: skip
        await self._servers.settings(server)
        if not mine or mine.cohort.channel != draft.channel:
            await self._rows.mark_setup_item(server, "test", None, status.items.get("test"))
        if mine:
            before = mine.cohort
            at = before.schedule
            when = f"{int(before.thread)}{at.day}{at.minute}"
            return "c", stamp(saved.cohort), str(before.channel), when, at.zone
        if replaced:
            off = stamp(replaced.cohort, ScheduleState.OFF)
            return "r", stamp(saved.cohort), off, replaced.cohort.state, "m" if main else "-"
        return "a", stamp(saved.cohort), (status.settings.course or "-") if main else "-"

    async def choose_course(self, server: int, course: Course) -> UndoState | None:
        """Choose the course that the server's commands are about. Return how to undo it, if it changed."""
        settings = await self._servers.settings(server)
        if settings.course == course.id:
            return None
        await self._servers.set_course(server, course.id)
        return "m", course.id, settings.course or self._catalogue.default.id

    async def switch(self, server: int, course: str, state: ScheduleState) -> UndoState | None:
        """Pause or resume a digest. Return how to undo it, if it changed."""
        status = await self._digests.of(server, course)
        if status.cohort.state is state:
            return None
        switched = await self._digests.switch(status, state)
        before = ScheduleState.PAUSED if status.cohort.state is ScheduleState.PAUSED else ScheduleState.ON
        return "s", stamp(switched.cohort), before

    async def remove(self, server: int, course: str) -> DigestStatus:
        """Turn a digest off. If its course was the server's, the course of another digest becomes it."""
        removed = await self._digests.switch(await self._digests.of(server, course), ScheduleState.OFF)
        status = await self.status(server)
        if status.settings.course == course and status.digests:
            await self._servers.set_course(server, status.digests[0].course.id)
        return removed

    async def allow_announcements(self, server: int, *, allowed: bool) -> UndoState | None:
        """Set whether members may announce completed paths. Return how to undo it, if it changed."""
        if not await self._rows.set_announcements(server, allowed=allowed):
            return None
        return "n", str(int(not allowed))

    async def set_manager_role(self, server: int, role: int | None) -> UndoState | None:
        """Set the role that may manage the bot. Return how to undo it, if it changed."""
        before = (await self._servers.settings(server)).manager_role
        if before == role or not await self._rows.set_manager_role(server, role, before):
            return None
        return "o", str(role or 0), str(before or 0)

    async def mark(self, server: int, item: str, state: str | None) -> UndoState | None:
        """Mark an item of the checklist as skipped or fine, or as open again. Return how to undo it, if it changed."""
        before = (await self._rows.setup_items(server)).get(item)
        if item not in ITEMS or state not in (SKIPPED, FINE, None):
            raise Stale(OUT_OF_DATE)
        if before == state or not await self._rows.mark_setup_item(server, item, state, before):
            return None
        return "i", item, state or "-", before or "-"


def read_draft(catalogue: Catalogue, fields: Mapping[str, Sequence[str]]) -> Draft:
    """Return the draft in the fields of a panel: course, channel, day, time and zone. Raises ``Stale``."""
    with suppress(KeyError, ValueError, IndexError):
        course = catalogue.courses[fields["course"][0]]
        channel, thread = fields["channel"][:2]
        day, minute, zone = int(fields["day"][0]), int(fields["time"][0]), fields["zone"][0]
        if 0 <= day <= 6 and 0 <= minute < 1440 and is_known(zone) and 0 <= int(channel) < 2**63:
            return Draft(course, int(channel), thread == "t", Schedule(day, minute, zone))
    raise Stale(OUT_OF_DATE)


def draft_of(status: DigestStatus) -> Draft:
    """Return the settings of a digest as a draft."""
    cohort = status.cohort
    return Draft(status.course, cohort.channel, cohort.thread, cohort.schedule)


def stamp(cohort: Cohort, state: ScheduleState | None = None) -> str:
    """Identify the settings of a digest, or what they are in another ``state``. A suspension doesn't count."""
    state = state or cohort.state
    state = ScheduleState.ON if state is ScheduleState.SUSPENDED else state
    at = cohort.schedule
    settings = (cohort.course, cohort.channel, cohort.thread, at.day, at.minute, at.zone, state.value)
    return blake2b(repr(settings).encode(), digest_size=4).hexdigest()
