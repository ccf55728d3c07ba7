"""Changes that the store tests make."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.core.course.progress import Delta
from bot.store.store import Store

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADA, BEN = 987654321098765432, 123456789012345678


def adding(*routes, complete=()):
    """Ticks the routes that are not ticked yet."""

    def decide(ticks):
        stored = {tick.route for tick in ticks}
        return Delta(add=tuple(route for route in routes if route not in stored)), complete

    return decide


def tick(store, learner, *routes, server=700, complete=()):
    return store.progress.apply(learner, "t-1", server, adding(*routes, complete=complete), now=NOW, done_at=NOW)


async def routes(store, learner):
    return {tick.route for tick in await store.progress.of(learner, "t-1")}


@asynccontextmanager
async def opened(path):
    store = await Store.open(path)
    try:
        yield store
    finally:
        await store.close()
