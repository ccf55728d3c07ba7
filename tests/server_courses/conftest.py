<<<<<<< HEAD
"""A server with a manager who uploads courses."""

from collections.abc import AsyncIterator

import discord
import pytest
import simcord

from bot.client.bot import StudyBot
from bot.store import Store
from bot.study import Study
from tests.cogs.conftest import FastEnv, Simulation, sim

__all__ = ["sim"]


@pytest.fixture
async def env(study: Study, store: Store) -> AsyncIterator[simcord.Env]:
    """Waits longer than others: each upload is checked in a new process, which imports everything."""
    bot = StudyBot(study, store, shard_count=1)
    env = FastEnv(bot, shard_count=1, check_errors=False, settle_timeout=60.0)
    await env.start()
    yield env
    await env.shutdown()


@pytest.fixture
def manager(sim: Simulation) -> simcord.MemberActor:
    """A member who may manage the server."""
    role = sim.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return sim.guild.add_member(sim.env.create_user("mona", global_name="Mona"), roles=[role])
=======
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
>>>>>>> servercourses
