"""``waymark doctor``: check an installation. It changes nothing and uses no network."""

import base64
import os
import re
import shutil
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import ENV_FILE, Settings, fault_of_token, load_settings, misspelt_settings
from bot.content import catalogue_of, read_content, unused_files
from bot.errors import BadSettings, BrokenCourse, CannotStart, DamagedDatabase, UnusableDatabase
from bot.operation.backups import Backups
from bot.operation.check import find_message_faults
from bot.operation.host import MB, Finding, clock, disk, file_modes, loop, pictures, python, zones
from bot.store.engines import postgres_health
from bot.store.health import Health
from bot.store.moving import Where
from bot.store.sqlite.health import inspect

LARGE_WAL = 64 * MB
MAX_BACKUP_AGE = timedelta(days=2)
MAX_SHOWN = 3
TOKEN = re.compile(r"([\w-]{20,})\.[\w-]{4,}\.[\w-]{20,}")


async def findings(now: datetime, environment: Path = ENV_FILE) -> AsyncIterator[Finding]:
    """Yield the result of each check."""
    yield python()
    if environment.is_file():
        yield next(
            file_modes(environment, "the token is in it"), Finding("ok", f"{environment}: only its owner can read it")
        )
    health = None
    try:
        settings = load_settings(environment)
    except BadSettings as error:
        for fault in error.faults:
            yield Finding("error", f"settings: {fault}", "correct it in .env or the environment")
    else:
        yield Finding("ok", "settings: all are usable")
        for warning in misspelt_settings(environment):
            yield Finding("warning", f"settings: {warning}", "correct the name, or remove it")
        health, faults = _inspect(settings.database)
        for finding in (
            token(settings.discord_token.get_secret_value()),
            *faults,
            *database(settings.database, health),
            *backups(settings, now),
            *disks(settings),
        ):
            yield finding
        async for finding in courses(settings):
            yield finding
    for finding in (clock(now, health), *zones(now, health), pictures(), loop()):
        yield finding


def _inspect(path: Where) -> tuple[Health | None, list[Finding]]:
    """Inspect the database, or say why that isn't possible."""
    return _inspect_postgres(path) if isinstance(path, str) else _inspect_file(path)


def _inspect_postgres(url: str) -> tuple[Health | None, list[Finding]]:
    try:
        return postgres_health().inspect(url), []
    except CannotStart as error:
        return None, [Finding("error", f"database: {error}", "correct DATABASE_URL, or start the server")]


def _inspect_file(path: Path) -> tuple[Health | None, list[Finding]]:
    if path.is_dir():
        return None, [Finding("error", f"database: {path} is a folder, not a file", "name a file in DATABASE_PATH")]
    journal = path.with_name(path.name + "-journal")
    if journal.exists() and journal.stat().st_size:
        return None, [Finding("warning", "database: a restore was interrupted", "run it again, or start the bot")]
    try:
        return (inspect(path) if path.exists() else None), []
    except DamagedDatabase as error:
        return None, [Finding("error", f"database: can't be read: {error}", "stop the bot; `waymark restore` a backup")]
    except UnusableDatabase as error:
        description = f"database: {path} can't be opened: {error}"
        return None, [Finding("error", description, "let the user of the bot read and write it and its folder")]


def token(text: str) -> Finding:
    """Check the shape of a bot's token without showing it."""
    if not text.strip():
        return Finding("error", "token: DISCORD_TOKEN is not set", "copy it from the developer portal, page Bot")
    if fault := fault_of_token(text):
        description, _, to_do = fault.partition(". ")
        return Finding("error", f"token: {description}", to_do.rstrip("."))
    match = TOKEN.fullmatch(text.strip())
    try:
        number = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode("ascii") if match else ""
    except ValueError:
        number = ""
    if number.isdecimal():
        return Finding("ok", f"token: has the right form; application {number}")
    hint = "an application ID, a public key and a client secret are something else"
    return Finding("error", f"token: not in the form of a bot's token ({hint})", "copy it again, page Bot")


def database(path: Where, health: Health | None) -> Iterator[Finding]:
    """Check a PostgreSQL database, or a database file, its mode and its folder."""
    if isinstance(path, str):
        if health:
            yield from _health_findings("PostgreSQL", health)
        return
    if path.is_dir():
        return  # reported by the inspection
    if not path.exists():
        folder = path.absolute().parent
        if folder.is_dir() and os.access(folder, os.W_OK):
            yield Finding("ok", f"database: {path} does not exist yet; the first start creates it")
        else:
            yield Finding("error", f"database: {folder} can't be written", "create the folder, or set DATABASE_PATH")
        return
    if health:
        yield from _health_findings(path, health)
    if not os.access(path, os.W_OK):
        yield Finding("error", f"database: {path} can't be written by this user", "give it to the user of the bot")
    yield from file_modes(path, "all progress is in it")
    folder = path.absolute().parent
    if os.name == "posix" and folder.stat().st_mode & 0o022 and not folder.stat().st_mode & stat.S_ISVTX:
        yield Finding("warning", f"{folder}: other users can replace the database in it", f"chmod go-w {folder}")
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size > LARGE_WAL:
        size = wal.stat().st_size // MB
        yield Finding(
            "warning", f"{wal}: {size} MB are not merged into the database", "restart the bot; see what else reads it"
        )


def _health_findings(path: Path | str, health: Health) -> Iterator[Finding]:
    for stuck in health.stuck:
        yield Finding("warning", f"not sent yet: {stuck}", "it is tried again by itself; the log has the details")
    for fault in health.faults:
        yield Finding("error", f"database: {fault}", "stop the bot; keep the file; `waymark restore` a backup")
    if health.version > health.newest:
        yield Finding(
            "error",
            f"database: version {health.version}, newer than this code ({health.newest})",
            "install the newer code",
        )
    elif not health.faults:
        older = "" if health.version == health.newest else f", becomes {health.newest} at the next start"
        yield Finding("ok", f"database: {path} is intact; version {health.version}{older}; {health.rows} rows")


def backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Check that there are daily backups and that the newest is recent."""
    folder = settings.backup_dir
    if folder is None:
        yield Finding("warning", "backups: no daily backups are made", "set BACKUP_DIR to a folder on another disk")
        return
    existing = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        yield Finding("error", f"backups: {folder} can't be written", "give it to the user of the bot")
    dated = Backups(settings.database, folder, settings.backup_keep).by_day()
    if not dated:
        yield Finding(
            "warning", f"backups: none in {folder} yet", "start the bot, which makes one; otherwise see its log"
        )
        return
    day, file = max(dated.items())
    if now.date() - day > MAX_BACKUP_AGE:
        yield Finding(
            "warning", f"backups: the newest is of {day}", "is the bot running? see its log, or run `waymark backup`"
        )
    elif day > now.date():
        yield Finding("warning", f"backups: {file} is dated after today", "check the clock; then delete it")
    else:
        yield Finding("ok", f"backups: {len(dated)} in {folder}, the newest of {day}")
    yield from file_modes(file, "all progress is in it")


def disks(settings: Settings) -> Iterator[Finding]:
    """Check the free space for the database and the backups."""
    file = settings.database if isinstance(settings.database, Path) else None
    size = file.stat().st_size if file and file.exists() else 0
    places = {"database": file.absolute().parent if file else None, "backups": settings.backup_dir}
    for name, folder in places.items():
        if folder:
            existing = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.is_dir())
            yield disk(name, shutil.disk_usage(existing).free, size)


async def courses(settings: Settings) -> AsyncIterator[Finding]:
    """Check the course files, the question banks and every message that can show them."""
    try:
        content = read_content(settings)
        catalogue_of(content, settings)
    except BrokenCourse as error:
        for finding in _listed(error.files.removesuffix(" files") + "s", error.faults):
            yield finding
    except BadSettings as error:
        yield Finding("error", f"courses: {error}", "correct it in .env or the environment")
    else:
        found, banks = content.courses, content.banks
        units = sum(len(course.leaves) for course in found)
        yield Finding("ok", f"courses: {', '.join(course.code for course in found)}; {units} units")
        counts = ", ".join(f"{len(bank)} of {bank.course.code}" for bank in banks.values())
        yield Finding("ok", f"questions: {counts or 'none'}")
        for unused in unused_files(settings.banks, found):
            yield Finding("warning", f"questions: {unused}", "rename or remove it")
        faults = await find_message_faults(found, banks)
        for finding in (
            _listed("discord would refuse", faults) if faults else [Finding("ok", "discord: accepts every message")]
        ):
            yield finding


def _listed(name: str, faults: Sequence[str]) -> list[Finding]:
    shown = [Finding("error", f"{name}: {fault}", "`waymark check` lists all") for fault in faults[:MAX_SHOWN]]
    more = len(faults) - MAX_SHOWN
    return shown + ([Finding("error", f"{name}: {more} more", "`waymark check` lists all")] if more > 0 else [])
