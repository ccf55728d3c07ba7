"""Set up the question of the day of a server. Every change can be undone until the next one."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.core.calendar.locales import zone_of
from bot.core.calendar.stored_zones import is_known
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.questions.daily_question import is_askable
from bot.errors import BadInput, Stale
from bot.store import Store
from bot.store.daily_questions import DailyQuestion, key_of
from bot.store.deliveries import OpenDelivery, Receipt, ScheduleState
from bot.study.servers import Servers
from bot.study.setup import OUT_OF_DATE, UndoState
from bot.study.setup_undo import CHANGED

FIRST_MINUTE = 9 * 60
"""The time that is suggested first, in minutes after midnight."""
IDS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""Digits of IDs in an Undo button, which has room for 100 characters."""
STATES = {"n": ScheduleState.ON, "p": ScheduleState.PAUSED, "o": ScheduleState.OFF}
_RUNS = (ScheduleState.ON, ScheduleState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class DailyDraft:
    """The settings as a manager has chosen them, before they are saved. ``role`` 0 stands for none."""

    channel: int
    thread: bool
    minute: int
    zone: str
    role: int = 0


@dataclass(frozen=True, slots=True)
class DailyStatus:
    """The question of the day of a server (None if it never had one), its last delivery, and the open one.

    ``course`` is what it asks about; ``askable`` is how many of its questions can be posted. ``zone`` is suggested.
    """

    server: int
    course: Course
    askable: int
    daily: DailyQuestion | None
    last: Receipt | None
    open: OpenDelivery | None
    zone: str

    @property
    def state(self) -> ScheduleState:
        return self.daily.state if self.daily else ScheduleState.OFF


class DailyQuestionSetup:
    """The settings of the question of the day."""

    def __init__(self, store: Store, catalogue: Catalogue, servers: Servers, *, now: Callable[[], datetime]) -> None:
        self._rows = store.daily_questions
        self._cohorts = store.cohorts
        self._deliveries = store.deliveries
        self._learners = store.learners
        self._catalogue = catalogue
        self._servers = servers
        self._now = now

    async def status(self, server: int, by: int, *locales: str) -> DailyStatus:
        """Return what is set up. The suggested zone is that of a digest, ``by``'s own, or a guess from ``locales``."""
        course = self._catalogue.courses.get(self._servers.course(server) or "", self._catalogue.default)
        bank = self._catalogue.banks.get(course.id)
        key, digests = key_of(server), await self._cohorts.of_server(server)
        zone = digests[0].schedule.zone if digests else await self._learners.zone(by) or zone_of(*locales)
        return DailyStatus(
            server, course, sum(map(is_askable, bank.questions.values())) if bank else 0, await self._rows.of(server),
            await self._deliveries.last(key), await self._deliveries.open(key), zone,
        )  # fmt: skip

    async def draft(self, status: DailyStatus, *, channel: int, thread: bool) -> DailyDraft:
        """Return the settings; without any, suggest the channel at 09:00."""
        if status.daily:
            return draft_of(status.daily)
        return DailyDraft(channel, thread, FIRST_MINUTE, status.zone)

    async def first(self, server: int, draft: DailyDraft) -> datetime:
        """Return when a draft would be posted first."""
        return await self._next(_daily(server, draft, self._now()))

    async def save(self, server: int, by: int, draft: DailyDraft) -> UndoState | None:
        """Save a draft and turn it on. Return how to undo it; None if nothing changed. Raises ``BadInput``."""
        if not draft.channel:
            raise BadInput("Choose a channel for the question first.")
        if draft.role == server:
            raise BadInput("Choose another role. I never notify @everyone.")
        before = await self._rows.of(server)
        if before and draft == draft_of(before) and before.state is ScheduleState.ON:
            return None
        return await self._saved(server, by, draft, ScheduleState.ON, before)

    async def turn_off(self, server: int, by: int) -> UndoState | None:
        """Turn it off. Return how to undo it; None if it was off."""
        before = await self._rows.of(server)
        if before is None or before.state is ScheduleState.OFF:
            return None
        return await self._saved(server, by, draft_of(before), ScheduleState.OFF, before)

    async def undo(self, server: int, by: int, change: Sequence[str]) -> None:
        """Undo a change by the state of its button. Raises ``Stale`` if something has changed since."""
        with suppress(ValueError, KeyError):
            left, state, channel, at, zone, role = change
            draft = DailyDraft(int(channel, 36), at[:1] == "t", int(at[1:]), zone, int(role, 36))
            now = await self._rows.of(server)
            if not _is_valid(draft) or state not in STATES:
                raise Stale(OUT_OF_DATE)
            if now is None or stamp(now) != left:
                raise Stale(CHANGED)
            await self._saved(server, by, draft, STATES[state], now)
            return
        raise Stale(OUT_OF_DATE)

    async def _saved(
        self, server: int, by: int, draft: DailyDraft, state: ScheduleState, before: DailyQuestion | None
    ) -> UndoState:
        """Save, and return how to restore ``before``; without it, the new settings turned off."""
        now = self._now()
        daily = replace(_daily(server, draft, now), state=state, set_by=by)
        runs = before is not None and before.state in _RUNS
        if before and runs and (before.minute, before.zone) == (daily.minute, daily.zone):
            daily = replace(daily, due=before.due, active=before.active)
        else:
            opened = await self._deliveries.open(daily.key)
            daily = replace(daily, due=opened.slot.at if opened and runs else await self._next(daily))
        await self._rows.save(daily)
        old = before or replace(daily, state=ScheduleState.OFF)
        code = "p" if old.state is ScheduleState.PAUSED else "o" if old.state is ScheduleState.OFF else "n"
        at = f"{'t' if old.thread else 'c'}{old.minute}"
        return stamp(daily), code, _digits(old.channel), at, old.zone, _digits(old.role or 0)

    async def _next(self, daily: DailyQuestion) -> datetime:
        """Return the first slot from now on whose day has no post."""
        now = self._now()
        ended = await self._deliveries.ended(daily.key, now - timedelta(days=3))
        return daily.next_slot(now, ended).at


def read_daily_draft(fields: Mapping[str, Sequence[str]]) -> DailyDraft:
    """Return the draft in the fields of a page: channel, time, zone and role. Raises ``Stale``."""
    with suppress(KeyError, ValueError, IndexError):
        channel, thread = fields["channel"][:2]
        draft = DailyDraft(
            int(channel), thread == "t", int(fields["time"][0]), fields["zone"][0], int(fields["role"][0])
        )
        if _is_valid(draft):
            return draft
    raise Stale(OUT_OF_DATE)


def draft_of(daily: DailyQuestion) -> DailyDraft:
    return DailyDraft(daily.channel, daily.thread, daily.minute, daily.zone, daily.role or 0)


def stamp(daily: DailyQuestion) -> str:
    """Identify settings and state. A suspension doesn't count."""
    state = ScheduleState.ON if daily.state is ScheduleState.SUSPENDED else daily.state
    return blake2b(repr((draft_of(daily), state.value)).encode(), digest_size=4).hexdigest()


def _daily(server: int, draft: DailyDraft, now: datetime) -> DailyQuestion:
    return DailyQuestion(
        server, draft.channel, draft.thread, draft.minute, draft.zone, draft.role or None, ScheduleState.ON, now, now
    )


def _is_valid(draft: DailyDraft) -> bool:
    ids = (draft.channel, draft.role)
    return all(0 <= each < 2**63 for each in ids) and 0 <= draft.minute < 1440 and is_known(draft.zone)


def _digits(number: int) -> str:
    """Return a number in base 36."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = IDS[digit] + text
    return text or "0"
