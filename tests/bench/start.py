"""Start: the time from the start of the process until commands are ready, and its memory."""

import json
import os
import subprocess
import sys
import time
from typing import Any

from tests.bench.loopback import BASE_VARIABLE, loopback
from tests.bench.table import Row
from tests.bench.timing import median
from tests.bench.workspace import ROOT, Workspace

TITLE = "start and memory"
HOW = (
    "The real process of `waymark run`, from its start until commands are ready (before the gateway is "
    "open), four courses, medians of seven. Further servers are 1,000 GUILD_CREATEs handed to discord.py's own "
    "parser."
)
STARTS = 7
LONGEST = 60
"""Seconds that a start may take before the run gives up."""


async def rows(place: Workspace) -> list[Row]:
    """The first start makes the database and syncs the commands; the others find both as a restart does."""
    async with loopback() as there:
        found = [_start(place, there.address) for _ in range(1 + STARTS)]
        plain = _start(place, there.address, servers=1000)
        talkative = _start(place, there.address, servers=1000, topics=True)
    first, *restarts = found
    python = [_nothing() for _ in range(STARTS)]
    return [
        Row("Python's own start", median(python)),
        Row("first start to commands ready and synced", first["seconds"]),
        Row("process start to commands ready, 7 courses", median([each["seconds"] for each in restarts]), most=1.0),
        Row("resident memory after it", median([each["memory"] for each in restarts]), "B", most=90 * 2**20),
        Row("resident memory for each further server", plain["each"], "B", most=15 * 2**10),
        Row("… with a topic in each of its text channels", talkative["each"], "B", most=15 * 2**10),
    ]


def _start(place: Workspace, address: str, servers: int = 0, *, topics: bool = False) -> dict[str, Any]:
    """One process of the bot: seconds until it was ready, and what it said of its memory."""
    environment = {**os.environ, "DISCORD_TOKEN": "no-token", "DATABASE_PATH": str(place.folder / "start.db"),
                   "LOG_LEVEL": "ERROR", BASE_VARIABLE: address}  # fmt: skip
    command = [sys.executable, "-m", "tests.bench.start_process", str(servers), str(topics)]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, timeout=LONGEST)
    said: dict[str, Any] = json.loads(done.stdout)
    return {**said, "seconds": said["ready"] - began}


def _nothing() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.perf_counter() - began
