"""The daily backups, while the bot runs: one a UTC day, the newest kept, whatever Discord does."""

import asyncio
import logging
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.config import Settings
from bot.errors import BadInput, StudyError
from bot.store.sqlite.backup import Backup, back_up
from bot.study.study import Clock, utc_now

log = logging.getLogger("waymark")

LOOK = timedelta(hours=1)
"""So often it is looked whether today's is there, and so long after a failure it is tried again."""
PAUSE = 0.005
"""Seconds between two pieces of a backup: the disk is the bot's then."""


class _StoppingError(Exception):
    """The bot stops: a backup under way is given up."""


class Backups:
    """The dated backups of one database in a folder: ``waymark-20261124.db.gz``. Other files there are left alone."""

    def __init__(self, database: Path, folder: Path, keep: int, *, now: Clock = utc_now) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._now = now
        self._name = re.compile(re.escape(database.stem) + r"-(\d{8})\.db\.gz")

    def dated(self) -> dict[date, Path]:
        """The backups that are there by their day, the oldest first."""
        found = {}
        for file in sorted(self._folder.glob("*.db.gz")):
            match = self._name.fullmatch(file.name)
            with suppress(ValueError):
                if match and file.is_file():
                    found[datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()] = file
        return found

    async def look(self) -> timedelta:
        """Make today's backup if there is none, then delete what is too old. Returns when to look again.

        Never raises but when it is cancelled: a backup that failed is logged, and tried again an hour later.
        """
        now = self._now()
        try:
            await self._today(now.date())
        except StudyError as error:
            log.error("no backup was made, the next try is in an hour: %s", error)  # noqa: TRY400 - a sentence
            return LOOK
        except Exception:
            # Whatever goes wrong with a backup, the bot goes on, and so does the watch.
            log.exception("no backup was made, the next try is in an hour")
            return LOOK
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        return min(LOOK, midnight - now)

    async def _today(self, today: date) -> None:
        target = self._folder / f"{self._database.stem}-{today:%Y%m%d}.db.gz"
        try:
            made = await self._made(target)
        except BadInput:
            if target.exists():
                return  # made before, or just now by another process of this bot
            raise
        # What bears a later day was made by a wrong clock: it neither counts nor goes.
        past = [file for day, file in self.dated().items() if day <= today]
        for file in past[: -self._keep]:
            file.unlink(missing_ok=True)
        log.info(
            "backup %s: %d bytes, %d rows, %.1f s; %d older ones deleted",
            made.path, made.size, sum(made.contents.rows.values()), made.seconds, len(past[: -self._keep]),
        )  # fmt: skip

    async def _made(self, target: Path) -> Backup:
        """Make it in a thread; where this is cancelled, it is given up within a piece, and nothing is left of it."""
        stopping = threading.Event()

        def between() -> None:
            if stopping.wait(PAUSE):
                raise _StoppingError

        making = asyncio.ensure_future(asyncio.to_thread(back_up, self._database, target, between=between))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            stopping.set()
            with suppress(_StoppingError, StudyError):
                await making
            raise


async def keep_backups(backups: Backups, *, rest: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
    """Look after the backups until this is cancelled. ``rest`` waits for so many seconds."""
    while True:
        await rest((await backups.look()).total_seconds())


@asynccontextmanager
async def backups_kept(settings: Settings, *, now: Clock = utc_now) -> AsyncIterator[None]:
    """While the block runs, daily backups are made in ``BACKUP_DIR``; none without it."""
    if settings.backup_dir is None:
        yield
        return
    backups = Backups(settings.database_path, settings.backup_dir, settings.backup_keep, now=now)
    keeping = asyncio.create_task(keep_backups(backups))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
