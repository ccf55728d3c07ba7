"""A bare discord.py client with one empty command, in a process of its own: what the library costs without the bot.

``python -m tests.bench.bare`` reads the address of the simulated Discord, says when it is connected, and then answers
each line with the CPU seconds that it has spent so far.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
from discord import app_commands

from bot.operation.host import fast_loop
from tests.bench.loopback import Loopback, loopback, point_at
from tests.bench.traffic import Batch, Seen


class BareClient:
    """The client, and the Discord server that it is connected to."""

    def __init__(self, process: asyncio.subprocess.Process, discord_side: Loopback) -> None:
        self._process = process
        self._discord_side = discord_side

    async def run(self, batch: Batch) -> Seen:
        """Run the commands of a batch until all are done."""
        return await self._discord_side.run(batch)

    async def cpu(self) -> float:
        """Return the CPU seconds of the process until now."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(b"\n")
        return float(await self._process.stdout.readline())


@asynccontextmanager
async def bare_client() -> AsyncIterator[BareClient]:
    """Run a bare client during the block."""
    async with loopback() as there:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", __spec__.name, stdin=PIPE, stdout=PIPE)
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(f"{there.address}\n".encode())
            await process.stdout.readline()
            yield BareClient(process, there)
        finally:
            process.terminate()
            await process.wait()


async def _serve(address: str) -> None:
    """Run until standard input ends."""
    point_at(address)
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True))
    client._connection.guild_ready_timeout = 0.2
    tree = app_commands.CommandTree(client)

    @tree.command(description="Nothing")
    async def empty(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ok", ephemeral=True)

    await client.login("no-token")
    connection = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    print(flush=True)  # noqa: T201
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        print(time.process_time(), flush=True)  # noqa: T201
    connection.cancel()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=fast_loop) as serving:
        serving.run(_serve(sys.stdin.readline().strip()))
