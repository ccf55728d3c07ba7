"""``waymark run`` until commands are ready; prints when that was, and the memory at that moment, as JSON.

It is the command line of ``bot.serve`` with all that it composes: settings, courses, database, event loop, signals,
login, cogs, the check whether commands have to be synced. What it leaves out: Discord is a loopback server without TLS,
so the distance to it and the handshake are missing, and the gateway is never opened (commands are ready before it is).
Its arguments: for how many servers GUILD_CREATE goes through discord.py's own parser afterwards, and whether their
channels have topics. With ``stay`` alone it stays connected, as it is, until it is stopped.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from discord import utils

import bot.serve as composed
from bot.__main__ import main
from bot.client.bot import StudyBot
from tests.bench.loopback import BASE_VARIABLE, point_at

STAY = "stay"
SETTLED = 20
"""Servers that come first: what discord.py makes once for all of them is not to be counted."""


def resident(process: int | str = "self") -> int:
    """Return the resident memory of a process in bytes."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def each_server(bot: StudyBot, servers: int, *, topics: bool) -> float:
    """Bytes that a server adds."""
    from tests.bench.payloads import server  # noqa: PLC0415 - not to count in the bot's own start and memory

    def feed(first: int, count: int) -> None:
        for number in range(first, first + count):
            bot._connection.parsers["GUILD_CREATE"](utils._from_json(utils._to_json(server(number, topics=topics))))

    feed(0, SETTLED)
    gc.collect()
    before = resident()
    feed(SETTLED, servers)
    gc.collect()
    if len(bot.guilds) != SETTLED + servers:
        raise RuntimeError(f"discord.py knows {len(bot.guilds)} servers")
    return (resident() - before) / servers


async def ready(make: Callable[[], StudyBot], token: str) -> None:
    """In place of ``bot.serve.stay_connected``: log in, tell, and end as if the operator had asked for it."""
    bot = make()
    await bot.login(token)
    told: dict[str, float] = {"ready": time.monotonic(), "memory": resident()}
    if servers := int(sys.argv[1]):
        told["each"] = each_server(bot, servers, topics=sys.argv[2] == "True")
    sys.stdout.write(json.dumps(told))
    await bot.close()


if __name__ == "__main__":
    point_at(os.environ[BASE_VARIABLE])
    if sys.argv[1] != STAY:
        composed.stay_connected = ready
    main(["run"])
