"""Remind learners of the renewal of a certification, as a kind of delivery."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.calendar.stored_zones import zone_named
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.outcome import latest_exam, morning, notices
from bot.store import Store
from bot.store.deliveries import DueSlot, Key
from bot.store.renewals import RENEWAL, RenewalNotice
from bot.store.renewals import Renewals as StoredRenewals
from bot.study.delivery_kind import NO_COURSE, Destination, Marker, Messenger, Pending, Refused

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RenewalContent:
    """A notice on ``on`` about a certification that is valid until ``valid``."""

    marker: Marker
    course: Course
    valid: date
    on: date
    late_since: datetime | None = None


class RenewalKind:
    """Three notices: when renewal opens, and twice before the end. Like the question about the exam, by direct message
    to learners with reminders, to others at their next command.
    """

    name = RENEWAL
    late_limit = timedelta(days=7)
    too_late = "it was more than 7 days late"
    kept: timedelta | None = timedelta(days=800)

    def __init__(self, store: Store, catalogue: Catalogue, *, now: Callable[[], datetime]) -> None:
        self._rows = store.renewals
        self._deliveries = store.deliveries
        self._catalogue = catalogue
        self._now = now
        self.news: set[int] = set()
        """Learners to remind at their next command. Set by ``look_after``."""

    @property
    def schedules(self) -> StoredRenewals:
        return self._rows

    async def due(self, now: datetime, most: int) -> list[Key]:
        found = await self._rows.due(_latest(now), now, most)
        return [notice.key for notice in found if _is_due(notice.on, notice.zone, now)]

    async def pending(self, key: Key, now: datetime) -> Pending[RenewalNotice] | None:
        known = await self._rows.one(key.learner, key.series)
        if known is None or known.channel is None or known.by_command:
            return None
        notice = self._complete(known)
        zone = zone_named(notice.zone)
        slots = [DueSlot(day.isoformat(), morning(day, zone)) for day in notice.all if day >= notice.on]
        due = [slot for slot in slots if slot.at <= now]
        opened = await self._deliveries.open(key)
        if not due and opened is None:
            return None
        return Pending(notice, key, notice.course, Destination(known.channel), () if opened else due, opened)

    async def obstacle(self, pending: Pending[RenewalNotice], slot: DueSlot) -> str:
        if pending.course not in self._catalogue.courses:
            return NO_COURSE
        return "" if date.fromisoformat(slot.name) in pending.schedule.all else "the certification was renewed"

    def marker(self, pending: Pending[RenewalNotice], slot: DueSlot, *, repeated: bool) -> Marker:
        return Marker(pending.key.learner, f"{pending.course}:{pending.schedule.valid}:{slot.name}")

    async def content(
        self,
        pending: Pending[RenewalNotice],
        slot: DueSlot,
        marker: Marker,
        late_since: datetime | None,
        messenger: Messenger,
    ) -> RenewalContent:
        course = self._catalogue.courses[pending.course]
        return RenewalContent(marker, course, pending.schedule.valid, date.fromisoformat(slot.name), late_since)

    async def over(self, pending: Pending[RenewalNotice]) -> str | None:
        return None

    async def suspend(self, pending: Pending[RenewalNotice], refused: Refused) -> None:
        """Show the notices at the learner's next command, because direct messages are refused."""
        await self._rows.give_up(pending.schedule, str(refused))

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        await self.find_news()

    async def find_news(self) -> None:
        """Find learners who have to be reminded at their next command."""
        now = self._now()
        self.news = {
            learner for learner, on, zone in await self._rows.to_tell(_latest(now)) if _is_due(on, zone, now)
        }  # fmt: skip

    async def tell(self, learner: int) -> list[RenewalContent]:
        """Return the notices for a learner who just used a command. Each is returned only once."""
        now = self._now()
        self.news.discard(learner)
        contents = []
        for notice in map(self._complete, await self._rows.to_tell_of(learner, _latest(now))):
            course = self._catalogue.courses.get(notice.course)
            if course and _is_due(notice.on, notice.zone, now) and await self._rows.told(notice):
                marker = Marker(learner, f"{course.id}:{notice.valid}:{notice.on}")
                contents.append(RenewalContent(marker, course, notice.valid, notice.on))
        return contents

    def _complete(self, notice: RenewalNotice) -> RenewalNotice:
        """Return the notice with the days of all notices; if the course no longer says when, only with its own."""
        course = self._catalogue.courses.get(notice.course)
        renewal = course.exam.renewal if course and course.exam else None
        return replace(notice, all=tuple(notices(notice.valid, renewal)) if renewal else (notice.on,))


def _latest(now: datetime) -> date:
    """Return the latest day that has begun anywhere."""
    return latest_exam(now) + ONE_DAY


def _is_due(on: date, zone: str | None, now: datetime) -> bool:
    return morning(on, zone_named(zone)) <= now
