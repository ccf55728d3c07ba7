"""Fixtures for reminders: plain processes with an in-memory messenger, and a simulated Discord."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import simcord
from simcord.builders import ChannelHandle
from simcord.results import ResponseMessage

from bot.client.bot import StudyBot
from bot.core.calendar.zones import parse_time
from bot.core.course.catalogue import Catalogue
from bot.core.course.course import Course
from bot.core.plan.reminders import Rhythm
from bot.store import Store
from bot.study import Study
from bot.study.reminder_settings import ReminderStatus
from tests.cogs.conftest import text_of
from tests.conftest import Clock
from tests.databases import Target
from tests.delivery.plain import Chat, PlainMessenger, Process
from tests.digest.conftest import DigestSimulation, SimulatedClock

ADA = 1


def rhythm(days: str = "daily", time: str = "18:00") -> Rhythm:
    """Return a rhythm on some usual days."""
    known = {"daily": range(7), "mon-fri": range(5), "sat": [5], "sun": [6]}
    return Rhythm(frozenset(known[days]), parse_time(time))


@pytest.fixture(scope="session")
def small(course) -> Course:
    """A path of two modules of two units, 10 minutes each."""
    return course({"a": {"m": ["u", "v"], "n": ["u", "v"]}})


@pytest.fixture(scope="session")
def second(course) -> Course:
    return course({"x": {"m": ["u"]}}, "T-2")


@pytest.fixture
def post(clock: Clock) -> Chat:
    return Chat(clock.now)


@pytest.fixture
async def process(study_of, small: Course, second: Course, post: Chat) -> Process:
    """The bot with two small courses."""
    return Process(await study_of(small, second), PlainMessenger(post))


@pytest.fixture
async def another(path: Target, store: Store, small, second, clock: Clock, post: Chat) -> AsyncIterator[Process]:
    """A second process on the same database and Discord."""
    other = await Store.open(path)
    study = await Study.open(other, Catalogue((small, second), small.id), now=clock.now)
    yield Process(study, PlainMessenger(post))
    await other.close()


@pytest.fixture
def ask(process: Process, small: Course) -> Callable[..., Awaitable[ReminderStatus]]:
    """Return a function that sets a reminder, by default daily at 18:00."""
    numbers = iter(range(1, 10_000))

    async def ask(
        learner: int = ADA, days: str = "daily", time: str = "18:00", course: Course = small
    ) -> ReminderStatus:
        change = await process.settings.set(learner, course, rhythm(days, time), process.messenger, next(numbers))
        assert change.now
        return change.now

    return ask


@pytest.fixture
def go(clock: Clock) -> Callable[[datetime], None]:
    """Return a function that sets the clock."""

    def go(moment: datetime) -> None:
        clock.moment = moment

    return go


# --- A simulated Discord with the real bot in it ----------------------------------------------------------------------


class ReminderSimulation(DigestSimulation):
    """A simulation in which Ada reads her direct messages. It starts on Thursday, 1 January 2026, at midnight UTC."""

    @property
    def dm(self) -> ChannelHandle:
        return self.user.dm_channel

    @property
    def user(self):
        """Ada, in her direct messages with the bot."""
        return simcord.builders.UserHandle(self.env, self.env.backend.get_user(self.ada.id))

    def direct_messages(self) -> list[ResponseMessage]:
        """The bot's messages in Ada's direct messages, oldest first."""
        stored = self.env.backend.messages.get(self.dm.id, {}).values()
        mine = self.env.backend.bot_user.id
        return [ResponseMessage(self.env, each) for each in stored if each.author_id == mine and not each.is_ephemeral]

    def texts(self) -> list[str]:
        return [text_of(each.components) for each in self.direct_messages()]

    async def ask(self, minutes: float = 2, **options: Any) -> Any:
        """Set a reminder that is due in some whole minutes."""
        at = self.env.now() + timedelta(minutes=minutes)
        return await self.set_reminder(self.ada, time=f"{at:%H:%M}", **options)

    def close_messages(self, times: int | None = None) -> None:
        """Close Ada's direct messages."""
        self.fail(403, times, 50007, self.dm)

    def open_messages(self) -> None:
        self.env.backend.faults.clear()

    async def sleep(self, **by: float) -> None:
        """Stop the bot, advance the time, start it again and let it poll once."""
        for clock in ("cogs.deliveries", "cogs.servers"):
            await self.bot.unload_extension(clock)
        self.env.backend.advance_clock(timedelta(**by).total_seconds())
        await self.restart()
        await self.wait(20)


@pytest.fixture
async def reminder_sim(path: Target, catalogue: Catalogue) -> AsyncIterator[ReminderSimulation]:
    clock = SimulatedClock()
    store = await Store.open(path)
    study = await Study.open(store, catalogue, now=clock.now)
    env = simcord.Env(StudyBot(study, store, shard_count=1), shard_count=1, check_errors=False)
    clock.discord = env
    await env.start()
    yield ReminderSimulation(env, study, store)
    await env.shutdown()
    await store.close()
