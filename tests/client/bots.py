"""Bot processes that connect to a simulated Discord server: start, kill, and read their log."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from tests.client.discord_server import Discord
from tests.client.fork_server import LOG, ForkedProcess, ForkServer
from tests.client.process import ADDRESS

ROOT = Path(__file__).parents[2]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.no.token"
UNITS = [f"u{number:02}" for number in range(24)]


def course_folder(folder: Path) -> Path:
    """Create a folder with one small course: 24 units in three modules of two paths."""
    units = [{"id": unit, "title": f"Unit {unit}", "kind": "reading", "minutes": 5} for unit in UNITS]
    paths = [
        {"id": "a", "title": "First", "modules": [{"id": "m", "title": "Only", "units": units[:4]}]},
        {"id": "b", "title": "Second", "modules": [
            {"id": "m", "title": "Early", "units": units[4:14]}, {"id": "n", "title": "Late", "units": units[14:]},
        ]},
    ]  # fmt: skip
    folder.mkdir()
    course = {"code": "T-1", "title": "Test", "overview": "Text", "paths": paths}
    (folder / "t.yaml").write_text(json.dumps(course), "utf-8")  # JSON is YAML too
    return folder


def route(unit: str) -> str:
    number = UNITS.index(unit)
    return f"{'a' if number < 4 else 'b'}/{'m' if number < 14 else 'n'}/{unit}"


def named(unit: str) -> dict[str, str]:
    """Return the options of ``/complete`` for a unit."""
    return {"what": route(unit)}


class Bot:
    """A process of ``waymark run``. ``async with Bot(…)`` starts it and kills it at the end.

    With a ``fork_server`` it starts faster, and its log is available only after it has ended.
    """

    def __init__(self, discord: Discord, folder: Path, fork_server: ForkServer | None = None, **settings: str) -> None:
        self._discord = discord
        self.folder = folder
        self.database = folder / "waymark.db"
        self.lines: list[str] = []
        self._fork_server = fork_server
        self._settings = settings
        self._news = asyncio.Event()

    async def __aenter__(self) -> "Bot":
        known = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT), "DISCORD_TOKEN": TOKEN,
            "DATABASE_PATH": str(self.database), "COURSES_DIR": str(self.folder / "courses"), "DEFAULT_COURSE": "t-1",
            ADDRESS: f"127.0.0.1:{self._discord.port}", **self._settings,
        }  # fmt: skip
        if not (self.folder / "courses").exists():
            course_folder(self.folder / "courses")
        self._identifies = self._discord.identified + 1
        self.lines.clear()
        self._process: asyncio.subprocess.Process | ForkedProcess
        if self._fork_server:
            self._process = await self._fork_server.start(self.folder, known)
            self._reading = asyncio.create_task(self._read_at_the_end())
        else:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.client.process",
                cwd=self.folder, env=known, stderr=asyncio.subprocess.PIPE, limit=1 << 22,
            )  # fmt: skip
            assert self._process.stderr
            self._reading = asyncio.create_task(self._read(self._process.stderr))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self.send(signal.SIGKILL)
        await self.ended()

    async def _read(self, stderr: asyncio.StreamReader) -> None:
        async for line in stderr:
            self.lines.append(line.decode())
            self._tell()
        await self._process.wait()
        self._tell()

    async def _read_at_the_end(self) -> None:
        await self._process.wait()
        self.lines = (self.folder / LOG).read_text("utf-8").splitlines(keepends=True)
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
        self._discord.tell()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self, seconds: float = 30) -> int:
        """Wait for the end of the process, until everything it sent was handled. Return the exit code."""
        async with asyncio.timeout(seconds):
            await self._reading
        await self._discord.all_is_read()
        return await self._process.wait()

    async def logged(self, *words: str, times: int = 1, seconds: float = 40) -> list[str]:
        """Wait for log lines that contain all of ``words``, and return them."""
        async with asyncio.timeout(seconds):
            while len(found := [line for line in self.lines if all(word in line for word in words)]) < times:
                assert self._process.returncode is None, self.log
                await self._news.wait()
        return found

    async def serving(self) -> "Bot":
        """Wait until Discord has accepted the session, and return the bot."""
        discord = self._discord
        await discord.until(lambda: discord.identified >= self._identifies or self._process.returncode is not None)
        assert self._process.returncode is None, self.log
        return self


def quiet(bot: Bot) -> bool:
    """Return whether the log contains no unexpected error."""
    return not any(words in bot.log for words in ("Traceback", "an internal error", "uncaught error"))
