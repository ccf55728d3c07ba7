"""Start hundreds of bots quickly: a process that has already imported everything forks a child for each.

``python -m tests.client.fork_server`` reads a line of JSON for each bot: ``environment``, ``folder`` and a ``number``.
It prints ``[number, "pid", …]`` when the bot has started and ``[number, "code", …]`` when it has ended.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

LOG = "bot.log"


class ForkedProcess:
    """The part of ``asyncio.subprocess.Process`` that the tests use, for a forked bot."""

    def __init__(self) -> None:
        self.started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def pid(self) -> int:
        return self.started.result()

    @property
    def returncode(self) -> int | None:
        return self.code.result() if self.code.done() else None

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        return await self.code


class ForkServer:
    """``async with ForkServer() as fork_server``."""

    def __init__(self) -> None:
        self._numbers = count()
        self._born: dict[int, ForkedProcess] = {}

    async def __aenter__(self) -> "ForkServer":
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        self._process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, **pipes)
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin
        for each in self._born.values():
            each.send_signal(signal.SIGKILL)
        self._process.stdin.close()
        await self._reading
        await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            number, what, value = json.loads(line)
            process = self._born[number]
            (process.started if what == "pid" else process.code).set_result(value)

    async def start(self, folder: Path, environment: dict[str, str]) -> ForkedProcess:
        assert self._process.stdin
        number = next(self._numbers)
        process = self._born[number] = ForkedProcess()
        wanted = {"number": number, "folder": str(folder), "environment": environment}
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        await process.started
        return process


def _say(*what: Any) -> None:
    """Print one line with a single write, so that lines of several processes don't mix."""
    os.write(1, json.dumps(what).encode() + b"\n")


def _fork_bot(run: Callable[[], None], wanted: dict[str, Any]) -> None:
    """Fork a bot, and report when it has ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        _say(wanted["number"], "pid", pid)
        _, status = os.waitpid(pid, 0)
        _say(wanted["number"], "code", os.waitstatus_to_exitcode(status))
        return
    log = os.open(Path(wanted["folder"]) / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for own in (1, 2):
        os.dup2(log, own)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    try:
        run()
    except SystemExit as ended:
        os._exit(ended.code if isinstance(ended.code, int) else 0)


def _serve() -> None:
    """Fork bots until standard input ends."""
    from bot.client.bot import COGS  # noqa: PLC0415
    from tests.client.process import run  # noqa: PLC0415

    for cog in COGS:
        import_module(cog)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while line := os.fsdecode(sys.stdin.buffer.readline()):
        if not os.fork():
            _fork_bot(run, json.loads(line))
            os._exit(0)


if __name__ == "__main__":
    _serve()
