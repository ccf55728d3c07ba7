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
    """Waits longer than others: each upload is checked in a new process, which imports everything.

    It must not wait as long as the pause between two polls of the deliveries, 20 seconds.
    """
    bot = StudyBot(study, store, shard_count=1)
    env = FastEnv(bot, shard_count=1, check_errors=False, settle_timeout=18.0)
    await env.start()
    yield env
    await env.shutdown()


@pytest.fixture
def manager(sim: Simulation) -> simcord.MemberActor:
    """A member who may manage the server."""
    role = sim.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return sim.guild.add_member(sim.env.create_user("mona", global_name="Mona"), roles=[role])
