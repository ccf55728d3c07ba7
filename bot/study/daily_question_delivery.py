"""The question of the day as a kind of delivery: what is due, which question is asked, and what pauses it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.calendar.stored_zones import zone_named
from bot.core.calendar.timestamps import seconds
from bot.core.course.catalogue import Catalogue
from bot.core.plan.reminders import slots_due
from bot.core.questions.daily_question import choose, group_recall, is_askable
from bot.core.questions.question import fingerprint
from bot.core.questions.rounds import without
from bot.store import Store
from bot.store.daily_questions import DAILY_QUESTION, DailyPost, DailyQuestion
from bot.store.daily_questions import DailyQuestions as StoredDailyQuestions
from bot.store.deliveries import DueSlot, Key, ScheduleState
from bot.study.daily_questions import DailyQuestionContent, DailyQuestions, marker
from bot.study.delivery_kind import NO_COURSE, Destination, Marker, Messenger, Pending, Refused, Unavailable
from bot.study.item_statistics import ItemStatistics
from bot.study.servers import Servers

TELL_AFTER = 4
"""Number of failed attempts (about two and a half minutes) after which the manager is told."""
QUIET = timedelta(days=14)
NOBODY = "nobody has answered for 14 days"
NO_QUESTIONS = "the course has no questions for it"
CLOCKS_MOVE = timedelta(hours=2)
"""The most that a change in the rules of a time zone usually moves a slot."""


@dataclass(frozen=True, slots=True)
class DailyQuestionNotice:
    """A one-time notice to the manager who set it up: it is suspended or paused, or several attempts have failed."""

    state: ScheduleState
    reason: str


def destination(daily: DailyQuestion) -> Destination:
    return Destination(daily.channel, daily.server, daily.thread)


class DailyQuestionKind:
    """The question of the day of a server: at most one per local date, about the server's course."""

    name = DAILY_QUESTION
    late_limit = timedelta(hours=6)
    too_late = "it was more than 6 hours late"
    kept: timedelta | None = None

    def __init__(
        self, store: Store, catalogue: Catalogue, servers: Servers, questions: DailyQuestions, items: ItemStatistics,
        *, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._rows = store.daily_questions
        self._answers = store.daily_answers
        self._deliveries = store.deliveries
        self._catalogue = catalogue
        self._servers = servers
        self._questions = questions
        self._items = items
        self._now = now

    @property
    def schedules(self) -> StoredDailyQuestions:
        return self._rows

    async def due(self, now: datetime, most: int) -> list[Key]:
        return await self._rows.due(now, most)

    async def pending(self, key: Key, now: datetime) -> Pending[DailyQuestion] | None:
        daily = await self._rows.of(key.server)
        if daily is None or daily.state is not ScheduleState.ON or daily.due > now:
            return None
        opened = await self._deliveries.open(key)
        slots: list[DueSlot] = []
        if opened is None:
            since = daily.due - CLOCKS_MOVE
            ended = await self._deliveries.ended(key, since - QUIET)
            due = slots_due(daily.rhythm, zone_named(daily.zone), since, now)
            slots = [DueSlot(slot.on.isoformat(), slot.at) for slot in due if slot.on.isoformat() not in ended]
        course = opened.course if opened else self._servers.course(key.server) or self._catalogue.default.id
        return Pending(daily, key, course, destination(daily), slots, opened)

    async def obstacle(self, pending: Pending[DailyQuestion], slot: DueSlot) -> str:
        if pending.course not in self._catalogue.courses:
            return NO_COURSE
        bank = self._catalogue.banks.get(pending.course)
        return "" if bank and any(map(is_askable, bank.questions.values())) else NO_QUESTIONS

    def marker(self, pending: Pending[DailyQuestion], slot: DueSlot, *, repeated: bool) -> Marker:
        return marker(pending.key.server, slot.name)

    async def content(
        self,
        pending: Pending[DailyQuestion],
        slot: DueSlot,
        marker: Marker,
        late_since: datetime | None,
        messenger: Messenger,
    ) -> DailyQuestionContent:
        """Build the post. Its question is stored first, so that a second attempt asks the same one."""
        server = pending.key.server
        post = await self._rows.post(server, slot.name)
        if post is None:
            chosen = await self._chosen(server, pending.course, slot.name)
            post = await self._rows.open_post(server, chosen, self._now())
        if post.reveals and not pending.schedule.thread:
            await self._discuss(pending.schedule, post.reveals, messenger)
        content = await self._questions.content(server, post)
        if content is None:
            raise ValueError("the question was changed before it was posted")
        return replace(content, role=pending.schedule.role, late_since=late_since)

    async def _chosen(self, server: int, course: str, slot: str) -> DailyPost:
        bank = self._catalogue.banks[course]
        bank = without(bank, await self._items.kept_out(bank))
        cards, asked = await self._rows.cards(server, course), await self._rows.asked(server, course)
        # A large group has tens of thousands of cards, so keep the event loop free.
        recalled = await asyncio.to_thread(group_recall, cards, seconds(self._now()))
        question = choose(bank, recalled, asked, f"{server}/{slot}")
        if question is None:
            raise ValueError("the bank has no question to ask")
        return DailyPost(slot, course, question.id, fingerprint(question))

    async def _discuss(self, daily: DailyQuestion, slot: str, messenger: Messenger) -> None:
        """Create a thread for the earlier question. Without one the answer is posted all the same."""
        post = await self._rows.post(daily.server, slot)
        if post is None or post.discussed or post.channel != daily.channel or post.message is None:
            return
        try:
            await messenger.discuss(destination(daily), post.message, f"Question of the day, {slot}")
        except (Refused, Unavailable) as error:
            await self._rows.set_thread_reason(daily.server, str(error))
        else:
            await self._rows.set_discussed(daily.server, slot)
            await self._rows.set_thread_reason(daily.server, None)

    async def over(self, pending: Pending[DailyQuestion]) -> str | None:
        """Pause if nobody has answered for 14 days since it was turned on."""
        since = self._now() - QUIET
        if pending.schedule.active > since or await self._answers.any_since(pending.key.server, since):
            return None
        return NOBODY

    async def suspend(self, pending: Pending[DailyQuestion], refused: Refused) -> None:
        await self._rows.suspend(pending.schedule, str(refused), refused.seen)

    async def look_after(self, messenger: Messenger, is_here: Callable[[Key], bool]) -> None:
        """Resume those that Discord allows again. Tell each manager once what is wrong with the others."""
        for daily in await self._rows.stopped():
            if not is_here(daily.key):
                continue
            suspended = daily.state is ScheduleState.SUSPENDED
            if not (suspended and await self._resume(daily, messenger)) and not daily.told:
                await self._tell(daily, daily.state, daily.reason, messenger)
        for daily, reason in await self._rows.failing(TELL_AFTER):
            if is_here(daily.key):
                await self._tell(daily, ScheduleState.ON, reason, messenger)

    async def _tell(self, daily: DailyQuestion, state: ScheduleState, reason: str | None, messenger: Messenger) -> None:
        await self._rows.set_told(daily.server)
        await messenger.tell(daily.server, daily.set_by, DailyQuestionNotice(state, reason or "it can't be posted"))

    async def _resume(self, daily: DailyQuestion, messenger: Messenger) -> bool:
        """Resume if the cached permissions allow it and have changed since the suspension. Makes no request."""
        try:
            seen = await messenger.check(destination(daily))
        except (Unavailable, Refused):
            return False
        return seen != daily.seen and await self._rows.resume(daily)
