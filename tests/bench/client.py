"""The real bot, connected to the simulated Discord server."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
from discord import app_commands
from pydantic import SecretStr

from bot.client.bot import StudyBot
from bot.client.callback_adapter import use_callback_adapter
from bot.config import Settings
from bot.errors import Busy
from bot.operation.metrics import Metrics
from bot.serve import assembled, tune_garbage_collection
from tests.bench.loopback import Loopback, loopback, point_at
from tests.bench.traffic import Batch, Seen
from tests.bench.workspace import COURSES, raw, settle

LONGEST = 90.0
"""Seconds for a batch, or to connect; without an end the bench would wait for ever."""


class Client:
    """The bot, and the Discord server that it is connected to."""

    def __init__(self, bot: StudyBot, discord_side: Loopback) -> None:
        self.bot = bot
        self._discord_side = discord_side
        self._failed: list[BaseException] = []
        bot.tree.error(self._note)

    async def run(self, batch: Batch) -> Seen:
        """Run the commands of a batch until all are done. Raises an exception that a command raised."""
        seen = await asyncio.wait_for(self._discord_side.run(batch), LONGEST)
        await self.bot._idle.wait()
        if self._failed:
            raise self._failed[0]
        return seen

    async def _note(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        if not isinstance(error.__cause__, Busy):  # a sentence for the member, as it should be
            self._failed.append(error)
        await interaction.response.send_message("failed", ephemeral=True)


@asynccontextmanager
async def connected(database: Path | str) -> AsyncIterator[Client]:
    """Return the bot of ``bot.serve`` on a file or a PostgreSQL database, with the command ``/empty``."""
    where = {"database_path": database} if isinstance(database, Path) else {"database_url": SecretStr(database)}
    settings = Settings(**where, courses_dir=COURSES, default_course="az-104")  # type: ignore[arg-type]
    metrics = Metrics()
    async with loopback() as there, assembled(settings, metrics) as (study, store):
        threshold = gc.get_threshold()
        tune_garbage_collection()
        point_at(there.address)
        use_callback_adapter()
        bot = StudyBot(study, store, metrics=metrics)
        bot.tree.add_command(empty)
        bot._connection.guild_ready_timeout = 0.2
        await bot.login("no-token")
        connection = asyncio.create_task(bot.connect())
        try:
            await asyncio.wait_for(bot.wait_until_ready(), LONGEST)
            if isinstance(database, Path):
                with raw(database) as beside:
                    settle(beside)
            yield Client(bot, there)
        finally:
            await bot.close()
            await connection
            gc.unfreeze()
            gc.set_threshold(*threshold)


@app_commands.command(description="What a command costs that does nothing")
async def empty(interaction: discord.Interaction) -> None:
    """Respond with a short text: the minimum that a slash command can do."""
    await interaction.response.send_message("ok", ephemeral=True)
