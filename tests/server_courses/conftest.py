"""Further processes on the test's database, and a simulated server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.core.course.catalogue import Catalogue
from bot.store import Store
from bot.study import Study
from tests.cogs.conftest import env, sim
from tests.conftest import Clock
from tests.databases import Target
from tests.reminder.conftest import reminder_sim

__all__ = ["env", "reminder_sim", "sim"]


@pytest.fixture
async def study_on(path: Target, catalogue: Catalogue, clock: Clock) -> AsyncIterator[Callable[[], Awaitable[Study]]]:
    """Return a function that opens the product on the test's database as another process does."""
    stores: list[Store] = []

    async def open_study() -> Study:
        stores.append(await Store.open(path))
        return await Study.open(stores[-1], catalogue, now=clock.now)

    yield open_study
    for store in stores:
        await store.close()


@pytest.fixture
def run_study(path: Target, catalogue: Catalogue, clock: Clock) -> Callable[..., Any]:
    """Return a function that opens the product, awaits one call of it, and closes it."""

    async def call(work: Callable[[Study], Awaitable[Any]]) -> Any:
        store = await Store.open(path)
        try:
            return await work(await Study.open(store, catalogue, now=clock.now))
        finally:
            await store.close()

    return lambda work: asyncio.run(call(work))
