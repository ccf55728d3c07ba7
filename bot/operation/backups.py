"""Make one backup per UTC day while the bot runs, and keep the newest."""

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
from bot.store.moving import Backup, Where, back_up
from bot.study.study import Clock, utc_now

log = logging.getLogger("waymark")

CHECK_INTERVAL = timedelta(hours=1)
"""How often to check whether today's backup exists, and how long to wait after a failure."""
PAUSE = 0.005
"""Seconds between two steps of a backup, so that the bot can use the disk."""


class _StoppingError(Exception):
    """The bot is stopping, so the current backup is canceled."""


def stem_of(database: Where) -> str:
    """Return how the names of a database's backups begin."""
    return database.stem if isinstance(database, Path) else "waymark"


class Backups:
    """The dated backups of one database in a folder, such as ``waymark-20261124.db.gz``. Other files are ignored."""

    def __init__(self, database: Where, folder: Path, keep: int, *, now: Clock = utc_now) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._now = now
        self._stem = stem_of(database)
        self._name = re.compile(re.escape(self._stem) + r"-(\d{8})\.db\.gz")

    def by_day(self) -> dict[date, Path]:
        """Return the existing backups by day, oldest first."""
        found = {}
        for file in sorted(self._folder.glob("*.db.gz")):
            match = self._name.fullmatch(file.name)
            with suppress(ValueError):
                if match and file.is_file():
                    found[datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()] = file
        return found

    async def back_up_if_due(self) -> timedelta:
        """Make today's backup if there is none, then delete the oldest ones. Return when to check again.

        Never raises except on cancellation: a failed backup is logged and retried an hour later.
        """
        now = self._now()
        try:
            await self._back_up_today(now.date())
        except StudyError as error:
            log.error("backup failed; next attempt in an hour: %s", error)  # noqa: TRY400 - the error is a sentence
            return CHECK_INTERVAL
        except Exception:
            # No failure of a backup may stop the bot or the next backup.
            log.exception("backup failed; next attempt in an hour")
            return CHECK_INTERVAL
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        return min(CHECK_INTERVAL, midnight - now)

    async def _back_up_today(self, today: date) -> None:
        target = self._folder / f"{self._stem}-{today:%Y%m%d}.db.gz"
        try:
            backup = await self._back_up_in_thread(target)
        except BadInput:
            if target.exists():
                return  # made earlier, or by another process of this bot
            raise
        # A date in the future comes from a wrong clock: such a backup is neither counted nor deleted.
        past = [file for day, file in self.by_day().items() if day <= today]
        for file in past[: -self._keep]:
            file.unlink(missing_ok=True)
        log.info(
            "backup %s: %d bytes, %d rows, %.1f s; %d older backups deleted",
            backup.path, backup.size, sum(backup.contents.rows.values()), backup.seconds, len(past[: -self._keep]),
        )  # fmt: skip

    async def _back_up_in_thread(self, target: Path) -> Backup:
        """Make a backup in a thread. On cancellation, stop after the current step and delete the partial file."""
        stopping = threading.Event()

        def between() -> None:
            if stopping.wait(PAUSE):
                raise _StoppingError

        thread_task = asyncio.ensure_future(asyncio.to_thread(back_up, self._database, target, between=between))
        try:
            return await asyncio.shield(thread_task)
        except asyncio.CancelledError:
            stopping.set()
            with suppress(_StoppingError, StudyError):
                await thread_task
            raise


async def run_backups(backups: Backups, *, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
    """Make backups until canceled. ``sleep`` waits for a number of seconds."""
    while True:
        await sleep((await backups.back_up_if_due()).total_seconds())


@asynccontextmanager
async def daily_backups(settings: Settings, *, now: Clock = utc_now) -> AsyncIterator[None]:
    """Make daily backups in ``BACKUP_DIR`` during the block; none if it is not set."""
    if settings.backup_dir is None:
        yield
        return
    backups = Backups(settings.database, settings.backup_dir, settings.backup_keep, now=now)
    task = asyncio.create_task(run_backups(backups))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
