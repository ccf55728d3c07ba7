"""Digests: built from the store, drawn, and a thousand due at once with a slow Discord."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.core.cohort.digest import Digest
from bot.store import Store
from bot.store.cohorts import Cohort
from bot.store.deliveries import Key, ScheduleState
from bot.study import Asker, Study
from bot.study.delivery_kind import Content, Destination, Marker
from bot.study.setup import FIRST
from bot.views import completion as completion_views
from bot.views import digest as views
from bot.views.pictures.digest import DigestPicture, alt_text
from cogs.deliveries import MAX_CONCURRENT
from tests.bench.table import Row
from tests.bench.timing import median, percentile, wall
from tests.bench.workspace import FIRST_LEARNER, THEN, Workspace, raw

TITLE = "digests"
HOW = (
    "`Study` on a file with 1,000,000 ticks and 10,000 servers, against a Discord that takes 100 ms a message "
    "and 50 messages a second; pictures are drawn."
)
SMALL, LARGE, FIRST_SERVER = 71, 72, 10_000
MANY, DUE = 10_000, 1000
PER_SECOND, MESSAGE_SECONDS = 50, 0.1
NOW = datetime.fromtimestamp(THEN, UTC) + timedelta(days=8, hours=12)
"""A week in which each learner ticked 14 of their 50 units."""
STUDIED = 60
"""Days since the members of the digests that are measured began to study."""
DAY = timedelta(days=1)


class SlowDiscord:
    """A messenger whose Discord takes 100 ms a message and 50 messages a second. It draws pictures as the real one."""

    def __init__(self) -> None:
        self.sent = 0
        self._digest_picture = DigestPicture()
        self._draw_lock = asyncio.Lock()
        self._free_at = 0.0

    async def check(self, to: Destination) -> str:
        return "all"

    async def names(self, server: int, learners: list[int]) -> dict[int, str | None]:
        return {learner: f"Learner {learner % 1000}" for learner in learners}

    async def find(self, to: Destination, marker: Marker, since: datetime) -> int | None:
        return None

    async def send(self, to: Destination, content: Content, begin: Callable[[], Awaitable[bool]]) -> int | None:
        async with self._draw_lock:
            await asyncio.to_thread(self._digest_picture.draw, content.digest)
        views.digest(content, alt_text(content.digest)).to_components()
        if not await begin():
            return None
        loop = asyncio.get_running_loop()
        self._free_at = max(self._free_at, loop.time()) + 1 / PER_SECOND
        await asyncio.sleep(self._free_at - loop.time() + MESSAGE_SECONDS)
        self.sent += 1
        return self.sent


async def rows(place: Workspace) -> list[Row]:
    with raw(place.many) as bare:
        bare.execute("begin")
        for server, members in ((SMALL, 100), (LARGE, 500)):
            bare.executemany(
                "insert into member (server_id, course, learner_id, joined_at) values (?, 'az-104', ?, ?)",
                ((server, FIRST_LEARNER + 15_000 + number, THEN) for number in range(members)),
            )
        bare.executemany(
            "insert into study_day (learner_id, day, first_at, last_at, zone) values (?, ?, ?, ?, 'UTC')",
            (
                (FIRST_LEARNER + 15_000 + number, str((NOW - age * DAY).date()), at, at)
                for number in range(500)
                for age in range(STUDIED)
                # A row of up to 60 days up to now, and before it every other day.
                if (age < number % 60 or age % 2) and (at := int((NOW - age * DAY).timestamp()))
            ),
        )
        bare.executemany(
            "insert into cohort (server_id, course, channel_id, day, minute, zone, due_at) "
            "values (?, 'az-104', 1, 0, 0, 'UTC', ?)",
            ((FIRST_SERVER + number, int(NOW.timestamp()) + 7 * 86_400) for number in range(MANY)),
        )
        bare.execute("commit")
    store = await Store.open(place.many)
    try:
        study = Study(store, place.catalogue, now=lambda: NOW)
        small, large = await _built(study, SMALL), await _built(study, LARGE)
        digest = (await study.digests.preview(cohort_of(SMALL), SlowDiscord(), 1)).digest
        ticks = [await wall(_tick(study)) for _ in range(100)]
        return [
            Row("one digest, 100 members, 1,000,000 ticks in all", small, most=10e-3),
            Row("one digest, 500 members", large, most=30e-3),
            Row("a tick over 10,000 servers of which none is due", median(ticks), most=5e-3),
            *await _picture(digest),
            *await _thousand(place, store),
        ]
    finally:
        await store.close()


def cohort_of(server: int) -> Cohort:
    return Cohort(server, "az-104", 1, FIRST, ScheduleState.ON, NOW)


async def _built(study: Study, server: int) -> float:
    discord = SlowDiscord()
    return median([await wall(study.digests.preview(cohort_of(server), discord, number)) for number in range(30)])


async def _tick(study: Study) -> None:
    await study.digests.kind.look_after(SlowDiscord(), lambda _: True)
    if await study.digests.kind.due(NOW, 2000):
        raise RuntimeError("something was due")


async def _picture(digest: Digest) -> list[Row]:
    picture = DigestPicture()
    first, spent, size = 0.0, [], 0
    for _ in range(30):
        before = time.process_time()
        size = len(picture.draw(digest))
        spent.append(time.process_time() - before)
        first = first or spent[0]
    lag = await _lag_while(lambda: [picture.draw(digest) for _ in range(20)])
    return [
        Row("the picture, CPU", median(spent), most=60e-3),
        Row("the first picture of a process, CPU", first, most=60e-3),
        Row("its size", size, unit="B", most=200 * 1024),
        Row("longest hold of the event loop while 20 are drawn", lag, most=10e-3),
    ]


async def _lag_while(work: Callable[[], object]) -> float:
    """Return the maximum delay of the event loop while ``work`` ran in a thread."""
    drawing = asyncio.ensure_future(asyncio.to_thread(work))
    latest = 0.0
    while not drawing.done():
        latest = max(latest, await wall(asyncio.sleep(0.001)) - 0.001)
    return latest


async def _thousand(place: Workspace, store: Store) -> list[Row]:
    with raw(place.many) as bare:
        slot = NOW.replace(second=0)
        bare.execute(
            "update cohort set due_at = ?, day = ?, minute = ? where server_id between ? and ?",
            (int(slot.timestamp()), slot.weekday(), slot.hour * 60 + slot.minute, FIRST_SERVER, FIRST_SERVER + DUE - 1),
        )
        bare.execute("begin")
        bare.executemany(
            "insert into member (server_id, course, learner_id, joined_at) values (?, 'az-104', ?, ?)",
            (
                (FIRST_SERVER + server, FIRST_LEARNER + 10_000 + (7 * server + number) % 5000, THEN)
                for server in range(DUE)
                for number in range(20)
            ),
        )
        bare.execute("commit")
    study = Study(store, place.catalogue, now=lambda: NOW)
    discord, limit, kind = SlowDiscord(), asyncio.Semaphore(MAX_CONCURRENT), study.digests.kind

    async def serve(key: Key) -> None:
        async with limit:
            await study.deliveries.serve(kind, key, discord)

    start = time.perf_counter()
    serving = asyncio.gather(*(serve(key) for key in await kind.due(NOW, 2000)))
    commands: list[float] = []
    first = place.take(2000)
    while not serving.done():
        commands.append(await wall(_command(study, first + len(commands))))
        await asyncio.sleep(0.02)
    await serving
    spent = time.perf_counter() - start
    if discord.sent != DUE:
        raise RuntimeError(f"{discord.sent} of {DUE} digests were sent")
    least = DUE / PER_SECOND
    return [
        Row(
            f"{DUE:,} digests due at once",
            spent,
            most=1.2 * least,
            ratio=spent / least,
            against="the rate limit's time",
        ),
        Row("/complete meanwhile (its work, without Discord), 99 %", percentile(commands, 99), most=0.1),
    ]


async def _command(study: Study, learner: int) -> None:
    course = study.catalogue.default
    done = await study.progress.complete(Asker(learner, 1, "Ada"), course.nodes[list(course.leaves)[-1]])
    completion_views.ticked(done).to_components()
