"""Daily backups while the bot runs: one per UTC day; the newest are kept."""

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
"""How often to check whether today's backup exists, and how long to wait after a failure."""
PAUSE = 0.005
"""Seconds between two steps of a backup, in which the bot can use the disk."""


class _StoppingError(Exception):
    """The bot stops, so the current backup is given up."""


class Backups:
    """The dated backups of one database in a folder, such as ``waymark-20261124.db.gz``. Other files are ignored."""

    def __init__(self, database: Path, folder: Path, keep: int, *, now: Clock = utc_now) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._now = now
        self._name = re.compile(re.escape(database.stem) + r"-(\d{8})\.db\.gz")

    def dated(self) -> dict[date, Path]:
        """Return the existing backups by day, oldest first."""
        found = {}
        for file in sorted(self._folder.glob("*.db.gz")):
            match = self._name.fullmatch(file.name)
            with suppress(ValueError):
                if match and file.is_file():
                    found[datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()] = file
        return found

    async def look(self) -> timedelta:
        """Make today's backup if there is none, then delete the oldest. Return when to check again.

        Raises nothing but cancellation: a failed backup is logged and tried again an hour later.
        """
        now = self._now()
        try:
            await self._today(now.date())
        except StudyError as error:
            log.error("backup failed; next attempt in an hour: %s", error)  # noqa: TRY400 - the error is a sentence
            return LOOK
        except Exception:
            # No failure of a backup may stop the bot or the next backup.
            log.exception("backup failed; next attempt in an hour")
            return LOOK
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        return min(LOOK, midnight - now)

    async def _today(self, today: date) -> None:
        target = self._folder / f"{self._database.stem}-{today:%Y%m%d}.db.gz"
        try:
            made = await self._made(target)
        except BadInput:
            if target.exists():
                return  # made earlier, or by another process of this bot
            raise
        # A date in the future comes from a wrong clock: such a backup is neither counted nor deleted.
        past = [file for day, file in self.dated().items() if day <= today]
        for file in past[: -self._keep]:
            file.unlink(missing_ok=True)
        log.info(
            "backup %s: %d bytes, %d rows, %.1f s; %d older backups deleted",
            made.path, made.size, sum(made.contents.rows.values()), made.seconds, len(past[: -self._keep]),
        )  # fmt: skip

    async def _made(self, target: Path) -> Backup:
        """Make a backup in a thread. On cancellation, give it up after the current step and leave nothing behind."""
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
    """Make backups until this is cancelled. ``rest`` waits for a number of seconds."""
    while True:
        await rest((await backups.look()).total_seconds())


@asynccontextmanager
async def backups_kept(settings: Settings, *, now: Clock = utc_now) -> AsyncIterator[None]:
    """Make daily backups in ``BACKUP_DIR`` while the block runs; none if it is not set."""
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
