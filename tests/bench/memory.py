"""Resident memory of the bot in 1, 1,000 and 10,000 servers: each time a process of its own, fed by the gateway."""

import asyncio
import os
import sys
from asyncio.subprocess import create_subprocess_exec
from itertools import pairwise
from typing import Any

from tests.bench.loopback import BASE_VARIABLE, loopback
from tests.bench.start_process import STAY, resident
from tests.bench.table import Row
from tests.bench.traffic import Batch, Kind
from tests.bench.workspace import FIRST_LEARNER, ROOT, Workspace

TITLE = "memory of the bot by servers"
HOW = (
    "`waymark run`, a process each, over one gateway connection: READY, then a GUILD_CREATE of 20 channels "
    "(each text channel with a topic), 10 roles and 5 emojis for each server, then one `/help`. Resident memory as "
    "Linux tells it once that is answered and the bot has settled. A bot of 10,000 servers has several shards; here "
    "it has one."
)
SERVERS = (1, 1000, 10_000)
SETTLING = 4.0
"""Seconds: discord.py waits 2 s for further servers before it says that it is ready."""
LONGEST = 120.0
EACH_MOST = 15 * 2**10


async def rows(place: Workspace) -> list[Row]:
    found = {servers: await _resident(place, servers) for servers in SERVERS}
    told = [Row(f"in {servers:,} server{'s' * (servers > 1)}", size, "B") for servers, size in found.items()]
    for fewer, more in pairwise(SERVERS):
        each = (found[more] - found[fewer]) / (more - fewer)
        told.append(Row(f"for each server, from {fewer:,} to {more:,}", each, "B", most=EACH_MOST))
    return told


async def _resident(place: Workspace, servers: int) -> int:
    async with loopback(servers) as there:
        environment = {**os.environ, "DISCORD_TOKEN": "no-token", "DATABASE_PATH": str(place.empty("memory.db")),
                       "LOG_LEVEL": "ERROR", BASE_VARIABLE: there.address}  # fmt: skip
        command = [sys.executable, "-m", "tests.bench.start_process", STAY]
        options: dict[str, Any] = {"cwd": ROOT, "env": environment}
        bot = await create_subprocess_exec(*command, **options)
        try:
            await asyncio.wait_for(there.run(Batch([Kind("help", {}, FIRST_LEARNER)], 1)), LONGEST)
            await asyncio.sleep(SETTLING)
            return resident(bot.pid)
        finally:
            bot.terminate()
            await bot.wait()
