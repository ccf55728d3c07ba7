"""Further processes on the test's database, and a simulated server."""

from collections.abc import AsyncIterator, Awaitable, Callable

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
