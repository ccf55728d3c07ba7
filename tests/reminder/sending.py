"""Processes that send a reminder to a Discord in a file. Run by test_reminder_kill.py.

Each line of the input is a JSON list of runs that begin at once; each run is a process of its own (a fork of this one,
made before it has threads). The answer to a line is a JSON list: for each run its exit code, or minus the signal that
ended it. A run has ``database``, ``log`` (a file, one sent message a line), ``now`` (ISO 8601) and ``kill``: the number
of the step at which it is killed, 0 for none. ``steps`` names a file to which the names of all steps go.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.course.catalogue import Catalogue
from bot.core.course.reading import CourseReader
from bot.store import Store
from bot.study import Letter, Study

COURSE = """
code: T-1
title: A course
overview: Text.
paths:
- id: a
  title: A path
  modules:
  - {id: m, title: A module}
"""


class Steps:
    """Counts what this process does, and ends it where it was told to."""

    def __init__(self, kill: int) -> None:
        self.names: list[str] = []
        self._kill = kill

    def at(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self._kill:
            os.kill(os.getpid(), signal.SIGKILL)


class FileMailbox:
    """A ``Mailbox`` of one learner: a file that every process appends to, durably."""

    def __init__(self, log: Path, now: datetime, steps: Steps) -> None:
        self._log, self._now, self._steps = log, now, steps

    async def open(self, learner: int) -> int:
        return 5001

    async def find(self, channel: int, mark: str, since: datetime) -> int | None:
        self._steps.at("find")
        for number, line in enumerate(self._log.read_text().splitlines(), 1):
            message = json.loads(line)
            if message["mark"] == mark and datetime.fromisoformat(message["at"]) >= since:
                return number
        return None

    async def send(self, channel: int, letter: Letter, begin: Callable[[], Awaitable[bool]]) -> int | None:
        if letter.first:
            return 0
        self._steps.at("draw")
        if not await begin():
            return None
        self._steps.at("send")
        with self._log.open("a") as messages:
            messages.write(json.dumps({"mark": letter.mark, "at": self._now.isoformat()}) + "\n")
            messages.flush()
            os.fsync(messages.fileno())
        self._steps.at("sent")
        return len(self._log.read_text().splitlines())


async def serve(run: dict[str, Any]) -> None:
    now = datetime.fromisoformat(run["now"])
    steps = Steps(run.get("kill", 0))
    course = CourseReader().read(COURSE, "t-1.yaml")
    store = await Store.open(Path(run["database"]))
    study = await Study.open(store, Catalogue((course,), course.id), now=lambda: now)
    mailbox = FileMailbox(Path(run["log"]), now, steps)
    if not (await store.reminders.book(1)).reminders:
        await study.wishes.set(1, course, "daily", "9", mailbox, 1)
    # Every statement that writes is a step as well.
    await store._database._writer.set_trace_callback(lambda sql: steps.at(" ".join(sql.split())[:60]))
    for learner in await study.reminders.due(10):
        await study.reminders.serve(learner, mailbox)
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
        print(json.dumps(ended), flush=True)  # noqa: T201 - the answer to whoever started this


main()
