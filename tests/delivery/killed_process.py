"""Processes that deliver to a Discord in a file. Run by test_kill.py.

Each line of the input is a JSON list of runs that start at once; each run is a process of its own (a fork of this one,
made before it has threads). The answer to a line is a JSON list: for each run its exit code, or minus the signal that
ended it. A run has ``kind``, ``database``, ``log`` (a file, one message a line), ``now`` (ISO 8601) and ``kill``: the
number of the step at which it is killed, 0 for none. ``steps`` names a file to which the names of all steps go.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.store import Store
from bot.store.postgres.database import PostgresDatabase
from bot.store.sqlite.database import Database
from tests.databases import target_of
from tests.delivery.cases import BY_NAME, open_study
from tests.delivery.plain import Chat, PlainMessenger, Process


class Steps:
    """Counts what this process does, and ends it where it was told to."""

    def __init__(self, kill: int) -> None:
        self.names: list[str] = []
        self._kill = kill

    def at(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self._kill:
            os.kill(os.getpid(), signal.SIGKILL)


class FileMessenger(PlainMessenger):
    """A messenger whose Discord is a file that every process appends to, durably."""

    def __init__(self, log: Path, now: datetime, steps: Steps) -> None:
        super().__init__(Chat(lambda: now))
        self._log, self._now, self._steps = log, now, steps

    async def _at(self, step: str) -> None:
        self._steps.at(step)

    async def find(self, to: Any, marker: Any, since: datetime) -> int | None:
        await self._at("find")
        for number, line in enumerate(self._log.read_text().splitlines(), 1):
            message = json.loads(line)
            if message["mark"] == marker.text and datetime.fromisoformat(message["at"]) >= since:
                return number
        return None

    async def send(self, to: Any, content: Any, begin: Any) -> int | None:
        await self._at("draw")
        if not await begin():
            return None
        await self._at("send")
        with self._log.open("a") as channel:
            channel.write(json.dumps({"mark": content.marker.text, "at": self._now.isoformat()}) + "\n")
            channel.flush()
            os.fsync(channel.fileno())
        await self._at("sent")
        return len(self._log.read_text().splitlines())


async def trace(store: Store, step: Callable[[str], None]) -> None:
    """Call ``step`` with each statement before the database gets it: all of PostgreSQL's, and SQLite's writer's."""
    if isinstance(store.engine, Database):
        await store.engine._writer.set_trace_callback(step)
    elif isinstance(store.engine, PostgresDatabase):
        store.engine.trace = step


async def serve(run: dict[str, Any]) -> None:
    now = datetime.fromisoformat(run["now"])
    case = BY_NAME[run["kind"]]
    steps = Steps(run.get("kill", 0))
    store = await Store.open(target_of(run["database"]))
    process = Process(await open_study(store, lambda: now), FileMessenger(Path(run["log"]), now, steps))
    if run.get("set_up"):
        process.messenger = PlainMessenger(Chat(lambda: now))
        await case.set_up(process, 700)
    else:
        # Every statement that writes is a step as well.
        await trace(store, lambda sql: steps.at(" ".join(sql.split())[:60]))
        await process.tick(case.kind(process))
    await store.close()
    if "steps" in run:
        Path(run["steps"]).write_text(json.dumps(steps.names))


def started(run: dict[str, Any]) -> int:
    """A new process that does one run."""
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(Exception):
            asyncio.run(serve(run))
            code = 0
        os._exit(code)
    return child


def main() -> None:
    for line in sys.stdin:
        children = [started(run) for run in json.loads(line)]
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(json.dumps(ended), flush=True)  # noqa: T201 - the answer to the test that started this


main()
