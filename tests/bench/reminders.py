"""Ten thousand reminders that are due within one minute, while members give commands."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.client.messenger import DMS_PER_SECOND, RateLimiter
from bot.store import Store
from bot.store.deliveries import Key
from bot.study import Asker, Study
from bot.study.delivery_kind import Content, Destination, Marker
from bot.views import completion as completion_views
from bot.views import reminder as views
from cogs.deliveries import MAX_CONCURRENT
from tests.bench.table import Row
from tests.bench.timing import median, percentile, wall
from tests.bench.workspace import FIRST_LEARNER, THEN, Workspace, raw

TITLE = "reminders"
HOW = (
    "`Study` on a file with 1,000,000 ticks, against a Discord that takes 100 ms a message and answers 429 above "
    "50 messages a second; the clock's own pace, and 20 commands a second."
)
DUE, COMMANDS, MOST = 10_000, 6000, 2000
PER_SECOND, MESSAGE_SECONDS = 50, 0.1
NOW = datetime.fromtimestamp(THEN, UTC).replace(second=0) + timedelta(days=8)


class SlowDiscord:
    """A messenger with the real rate limit. Its Discord takes 100 ms a message and counts those of each second."""

    def __init__(self) -> None:
        self.sent: list[float] = []
        self._rate = RateLimiter(DMS_PER_SECOND)

    async def open_direct(self, learner: int) -> int:
        return learner

    async def check(self, to: Destination) -> str:
        return ""

    async def find(self, to: Destination, marker: Marker, since: datetime) -> int | None:
        return None

    async def send(self, to: Destination, content: Content, begin: Callable[[], Awaitable[bool]]) -> int | None:
        await self._rate.wait()
        views.reminder(content).to_components()
        if not await begin():
            return None
        self.sent.append(time.perf_counter())
        await asyncio.sleep(MESSAGE_SECONDS)
        return len(self.sent)

    def most_a_second(self) -> int:
        """The messages of the busiest second."""
        most = first = 0
        for last, at in enumerate(self.sent):
            while self.sent[first] <= at - 1:
                first += 1
            most = max(most, last - first + 1)
        return most


async def rows(place: Workspace) -> list[Row]:
    with raw(place.many) as bare:
        bare.execute("begin")
        bare.executemany(
            "insert into reminder (learner_id, course, days, minute, due_at, since_at, channel_id) "
            "values (?, 'az-104', 127, ?, ?, ?, 1)",
            (
                (FIRST_LEARNER + number, NOW.hour * 60 + NOW.minute, int(NOW.timestamp()), int(NOW.timestamp()) - 9)
                for number in range(DUE)
            ),
        )
        bare.execute("commit")
    store = await Store.open(place.many)
    try:
        early = Study(store, place.catalogue, now=lambda: NOW - timedelta(seconds=5))
        idle = [await wall(_tick(early)) for _ in range(100)]
        return [
            Row("a tick over 10,000 reminders of which none is due", median(idle), most=5e-3),
            *await _all(place, store),
        ]
    finally:
        await store.close()


async def _tick(study: Study) -> None:
    await study.reminders.look_after(SlowDiscord(), lambda _: True)
    if await study.reminders.due(study.now(), MOST):
        raise RuntimeError("something was due")


async def _all(place: Workspace, store: Store) -> list[Row]:
    study = Study(store, place.catalogue, now=lambda: NOW)
    discord, limit, serving = SlowDiscord(), asyncio.Semaphore(MAX_CONCURRENT), dict[Key, asyncio.Task[None]]()

    async def serve(key: Key) -> None:
        async with limit:
            await study.deliveries.serve(study.reminders, key, discord)

    def begin(key: Key) -> None:
        serving[key] = asyncio.create_task(serve(key))
        serving[key].add_done_callback(lambda _: serving.pop(key))

    async def clock() -> None:
        """What the cog does at each of its ticks."""
        while due := await study.reminders.due(NOW, MOST):
            for key in due:
                if key not in serving:
                    begin(key)
            await asyncio.sleep(20)

    start = time.perf_counter()
    sending = asyncio.create_task(clock())
    commands: list[float] = []
    first = place.take(COMMANDS)
    while len(discord.sent) < DUE and not sending.done():
        commands.append(await wall(_command(study, first + len(commands) % COMMANDS)))
        await asyncio.sleep(0.05)
    spent = time.perf_counter() - start
    sending.cancel()
    await asyncio.gather(*serving.values())
    if len(discord.sent) != DUE:
        raise RuntimeError(f"{len(discord.sent)} of {DUE} reminders were sent")
    least = DUE / PER_SECOND
    return [
        Row(
            f"{DUE:,} reminders due within one minute", spent, most=1.2 * least,
            ratio=spent / least, against="the rate limit's time",
        ),
        Row("messages in the busiest second", discord.most_a_second(), unit="messages", most=PER_SECOND),
        Row("/complete meanwhile (its work, without Discord), 99 %", percentile(commands, 99), most=0.1),
    ]  # fmt: skip


async def _command(study: Study, learner: int) -> None:
    course = study.catalogue.default
    done = await study.progress.complete(Asker(learner, 1, "Ada"), course.nodes[list(course.leaves)[-1]])
    completion_views.ticked(done).to_components()
