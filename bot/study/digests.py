"""The weekly digest of each cohort: set up, built, and posted exactly once a week."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.calendar.slots import Schedule, Slot, next_slot, slot_on, slots_after, slots_due, week_before
from bot.core.calendar.zones import Zones, parse_time, parse_weekday
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.errors import Busy, NotAllowed, NotFound
from bot.store import Store
from bot.store.cohorts import Claim, Cohort, Receipt, Switch, Unfinished
from bot.study.digest_content import Editor
from bot.study.digest_posting import LATE, LEASE, SKEW, Desk, Edition, Later, Refused, pause_after

DigestOutcome = Literal["posted", "late", "skipped", "suspended", "retried"]
Observe = Callable[[DigestOutcome], None]
"""Told what became of each digest, or of one attempt at it."""


def unobserved(_: DigestOutcome) -> None:
    """Nobody counts."""


LAPSE = timedelta(hours=48)
"""A digest that is later than this is not posted any more."""
RULES_MOVE = timedelta(hours=26)
"""New rules of a time zone may move a slot by this much at most."""
AWAY = timedelta(days=7)
DEFAULT = Schedule(day=0, minute=9 * 60, zone="UTC")


@dataclass(frozen=True, slots=True)
class Status:
    """A cohort, how its last digest ended, and its next slot (None while it is paused or off)."""

    cohort: Cohort
    course: Course
    last: Receipt | None
    next: datetime | None


class Digests:
    """Everything about digests but Discord itself."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        zones: Zones,
        *,
        now: Callable[[], datetime],
        observe: Observe = unobserved,
    ) -> None:
        self._cohorts = store.cohorts
        self._roster = store.roster
        self._editor = Editor(store, catalogue, now=now)
        self._observe = observe
        self._catalogue = catalogue
        self._now = now
        self.zones = zones
        self.owner = secrets.token_hex(8)

    async def set_up(
        self,
        server: int,
        by: int,
        course: Course,
        *,
        channel: int,
        here: bool,
        thread: bool = False,
        day: str | None = None,
        time: str | None = None,
        zone: str | None = None,
    ) -> Status:
        """Set up a cohort, or change parts of it; what is not given stays. Nothing is posted for the past.

        ``channel`` is the one that was named, or with ``here`` the one to fall back on. Raises ``BadInput``.
        """
        known = {cohort.course: cohort for cohort in await self._cohorts.of_server(server)}
        old = known.get(course.id) or next(iter(known.values()), None)
        base = old.schedule if old else DEFAULT
        schedule = Schedule(
            parse_weekday(day) if day else base.day,
            parse_time(time) if time else base.minute,
            self.zones.named(zone) if zone else base.zone,
        )
        mine = known.get(course.id)
        state = Switch.PAUSED if mine and mine.state is Switch.PAUSED else Switch.ON
        if here and mine:
            channel, thread = mine.channel, mine.thread
        runs = mine is not None and mine.state in (Switch.ON, Switch.SUSPENDED)
        due = mine.due if mine and runs and mine.schedule == schedule else None
        cohort = Cohort(
            server, course.id, channel, schedule, state,
            due or await self._next_due(server, course.id, schedule, keep=runs), set_by=by, thread=thread,
        )  # fmt: skip
        await self._cohorts.save(cohort)
        return await self._status(cohort)

    async def _next_due(self, server: int, course: str, schedule: Schedule, *, keep: bool) -> datetime:
        """The first slot from now on whose week has no digest; with ``keep``, the one that is being tried, if any."""
        now = self._now()
        trying = await self._cohorts.unfinished(server, course)
        if keep and trying:
            return trying.slot.at
        ended = await self._cohorts.ended_weeks(server, course, now - timedelta(days=14))
        return next(slot.at for slot in slots_after(schedule, now) if slot.week not in ended)

    async def panel(self, server: int) -> list[Status]:
        """All cohorts of a server."""
        return [await self._status(cohort) for cohort in await self._cohorts.of_server(server)]

    async def one(self, server: int, course: Course | None) -> Status:
        """The cohort of a course, or the only one of the server. Raises ``NotFound`` with what to do."""
        found = [each for each in await self.panel(server) if course is None or each.course.id == course.id]
        if not found:
            what = f"no {course.code} digest" if course else "no digest"
            raise NotFound(f"There is {what} in this server yet. `/setup` makes one.")
        if len(found) > 1:
            codes = " or ".join(f"`{each.course.code}`" for each in found)
            raise NotFound(f"This server has several digests. Name the `course`: {codes}.")
        return found[0]

    async def _status(self, cohort: Cohort) -> Status:
        course = self._catalogue.courses.get(cohort.course, self._catalogue.default)
        runs = cohort.state in (Switch.ON, Switch.SUSPENDED)
        upcoming = max(cohort.due, next_slot(cohort.schedule, self._now()).at) if runs else None
        return Status(cohort, course, await self._cohorts.last(cohort.server, cohort.course), upcoming)

    async def switch(self, status: Status, state: Switch) -> Status:
        """Pause, resume or turn off. What was missed while it was paused is not made up for."""
        cohort = status.cohort
        due = None
        if state is Switch.ON and cohort.state is not Switch.ON:
            due = await self._next_due(cohort.server, cohort.course, cohort.schedule, keep=False)
        await self._cohorts.switch(cohort.server, cohort.course, state, due)
        return await self.one(cohort.server, status.course)

    async def away(self, server: int | None, course: Course, learner: int) -> datetime:
        """Note that a member is away for a week. Returns until when. Raises ``NotFound`` for who is no member."""
        until = self._now() + AWAY
        if server is None or not await self._roster.set_away(server, course.id, learner, until):
            raise NotFound(f"You aren't in this server's {course.code} cohort yet. Your first `/complete` joins it.")
        return until

    async def current(self, cohort: Cohort, desk: Desk, number: int) -> Edition:
        """The digest of the seven days until now, as it would be posted. ``number`` tells it from all others."""
        now = self._now() + timedelta(seconds=1)
        today = now.astimezone(ZoneInfo(cohort.schedule.zone)).date()
        since = slot_on(cohort.schedule, today - timedelta(days=7)).at
        return await self._editor.edition(cohort, desk, since, now, f"{cohort.course}:{number}")

    async def post_now(self, cohort: Cohort, desk: Desk, number: int) -> int:
        """Post a digest now, once; the schedule stays. Returns the message. Raises ``NotAllowed`` or ``Busy``."""

        async def begin() -> bool:
            return True

        try:
            await desk.allowed(cohort)
            message = await desk.send(cohort, await self.current(cohort, desk, number), begin)
        except Later as later:
            raise Busy(f"It could not be posted: {later}. Please try again in a minute.") from later
        except Refused as refused:
            raise NotAllowed(f"It can't be posted: {refused}.") from refused
        return message or 0

    async def serve(self, listed: Cohort, desk: Desk) -> None:
        """Post what is due of one cohort, or note why not. Each digest is posted once, however often this is called.

        What an unexpected failure leaves behind is a claim whose lease runs out: the next call goes on from there.
        """
        now = self._now()
        cohort = await self._cohorts.one(listed.server, listed.course)
        if cohort is None or cohort.state is not Switch.ON or cohort.due > now:
            return  # changed while it waited for its turn
        slot = await self._slot_to_serve(cohort, desk, now)
        if slot is None:
            return
        try:
            await desk.allowed(cohort)
        except Later:
            return
        except Refused as refused:
            await self._suspend(cohort, refused)
            return
        claim = await self._cohorts.claim(cohort, slot, owner=self.owner, now=now, lease=LEASE)
        if claim is not None:
            await self._post(cohort, claim, desk)

    async def _slot_to_serve(self, cohort: Cohort, desk: Desk, now: datetime) -> Slot | None:
        """The slot that may still be posted; what can't be any more is recorded as skipped on the way."""
        trying = await self._cohorts.unfinished(cohort.server, cohort.course)
        if trying:
            slots = [trying.slot]
        else:
            since = cohort.due - RULES_MOVE
            ended = await self._cohorts.ended_weeks(cohort.server, cohort.course, since - timedelta(days=8))
            slots = [slot for slot in slots_due(cohort.schedule, since, now) if slot.week not in ended]
            if not slots:
                due = next(slot.at for slot in slots_after(cohort.schedule, since) if slot.week not in ended)
                await self._cohorts.set_due(cohort, due)
                return None
        *older, slot = slots
        if older:
            await self._skip(cohort, older, "the bot was not running")
        if now - slot.at >= LAPSE:
            posted = False
            if trying and trying.tried:
                claim = await self._cohorts.claim(cohort, slot, owner=self.owner, now=now, lease=LEASE)
                if claim is None:
                    return None
                try:
                    posted = await self._was_posted(cohort, trying, trying.tried, desk)
                except Later as later:
                    await self._put_off(claim, later)
                    return None
            if not posted:
                await self._skip(cohort, [slot], "it was more than 48 hours late")
            return None
        if cohort.course not in self._catalogue.courses:
            await self._skip(cohort, [slot], "the bot no longer has this course")
            return None
        return slot

    async def _was_posted(self, cohort: Cohort, trying: Unfinished, tried: datetime, desk: Desk) -> bool:
        """Look for the message of an attempt that nobody knows the end of, and keep its receipt. Raises ``Later``."""
        there = replace(cohort, channel=trying.channel or cohort.channel)
        try:
            message = await desk.find(there, _mark(cohort, trying.slot), tried - SKEW)
        except Refused:
            return False
        if message is not None:
            await self._receipt(cohort, trying.slot, message, tried)
        return message is not None

    async def _suspend(self, cohort: Cohort, refused: Refused) -> None:
        await self._cohorts.suspend(cohort, str(refused), refused.seen)
        self._observe("suspended")

    async def _skip(self, cohort: Cohort, slots: Sequence[Slot], reason: str) -> None:
        await self._cohorts.skipped(cohort, slots, reason)
        for _ in slots:
            self._observe("skipped")

    async def _put_off(self, claim: Claim, later: Later) -> None:
        """Give the claim back until a pause has passed that grows with each attempt, or as long as Discord asks for."""
        pause = pause_after(claim.attempts, later)
        await self._cohorts.retry(claim, self._now() + pause, str(later))
        self._observe("retried")

    async def _receipt(self, cohort: Cohort, slot: Slot, message: int, sent: datetime) -> None:
        late: Literal["late"] | None = "late" if sent - slot.at >= LATE else None
        await self._cohorts.posted(cohort, slot, message, sent, late)
        self._observe(late or "posted")

    async def _post(self, cohort: Cohort, claim: Claim, desk: Desk) -> None:
        slot, sent = claim.slot, self._now()
        mark = _mark(cohort, slot)
        try:
            message = None
            if claim.tried is not None:
                message = await self._find(cohort, claim, desk, mark, claim.tried - SKEW)
            if message is not None and claim.tried is not None:
                sent = claim.tried
            else:
                late = slot.at if sent - slot.at >= LATE else None
                since = week_before(cohort.schedule, slot)
                edition = await self._editor.edition(cohort, desk, since, slot.at, mark, late)
                message = await desk.send(
                    cohort, edition, lambda: self._cohorts.begin_sending(claim, self._now(), LEASE)
                )
        except Later as later:
            await self._put_off(claim, later)
        except Refused as refused:
            await self._cohorts.retry(claim, self._now(), str(refused))
            await self._suspend(cohort, refused)
        else:
            if message is not None:
                await self._receipt(cohort, slot, message, sent)

    async def _find(self, cohort: Cohort, claim: Claim, desk: Desk, mark: str, since: datetime) -> int | None:
        """The message of an earlier attempt, in the channel that it went to. One that was deleted holds none.

        Raises ``Later`` where that is another channel by now, and it can't be read: the message may stand there.
        """
        there = replace(cohort, channel=claim.tried_in or cohort.channel)
        try:
            return await desk.find(there, mark, since)
        except Refused as refused:
            if there.channel == cohort.channel:
                raise
            if refused.gone:
                return None
            raise Later(f"it may stand in <#{there.channel}>, where I can't look: {refused}") from refused

    async def due(self, most: int) -> list[Cohort]:
        """Cohorts whose slot has come, the oldest first."""
        return await self._cohorts.due(self._now(), most)

    async def suspended(self) -> list[Cohort]:
        return await self._cohorts.suspended()

    async def resume(self, cohort: Cohort, desk: Desk) -> bool:
        """Go on with a suspended digest if Discord allows more than when it was suspended. Makes no request."""
        try:
            seen = await desk.allowed(cohort)
        except (Later, Refused):
            return False
        if seen == cohort.seen:
            return False
        return await self._cohorts.resume(cohort)

    async def told(self, cohort: Cohort) -> None:
        """Whoever set it up has been told that it is suspended."""
        await self._cohorts.set_told(cohort.server, cohort.course)


def _mark(cohort: Cohort, slot: Slot) -> str:
    return f"{cohort.course}:{slot.week}"
