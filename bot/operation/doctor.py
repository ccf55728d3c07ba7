"""``python -m bot doctor``: what is in order, what is not, and what to do. It changes nothing and asks no network."""

import base64
import os
import re
import shutil
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Settings, load_settings
from bot.content import read_banks, read_courses, strays
from bot.core.course.catalogue import Catalogue
from bot.errors import BrokenCourse, CannotStart, StudyError, UnusableDatabase
from bot.operation.backups import Backups
from bot.operation.check import check as refused_by_discord
from bot.operation.host import MB, Finding, clock, disk, loop, modes, pictures, python, zones
from bot.store.sqlite.health import Health, inspect

LARGE_WAL = 64 * MB
OVERDUE = timedelta(days=2)
SHOWN = 3
TOKEN = re.compile(r"([\w-]{20,})\.[\w-]{4,}\.[\w-]{20,}")


async def findings(now: datetime, environment: Path = Path(".env")) -> AsyncIterator[Finding]:
    """All there is to say about this installation."""
    yield python()
    if environment.exists():
        yield next(modes(environment, "the token is in it"), Finding("ok", f"{environment}: for its owner only"))
    health = None
    try:
        settings = load_settings()
    except CannotStart as error:
        for line in str(error).splitlines()[1:]:
            yield Finding("fault", f"settings: {line.removeprefix('- ')}", "correct it in .env or the environment")
    else:
        yield Finding("ok", "settings: all can be used")
        health, faults = _looked_into(settings.database_path)
        for finding in (
            token(settings.discord_token.get_secret_value()),
            *faults,
            *database(settings.database_path, health),
            *backups(settings, now),
            *disks(settings),
        ):
            yield finding
        async for finding in courses(settings):
            yield finding
    for finding in (clock(now, health), *zones(now, health), pictures(), loop()):
        yield finding


def _looked_into(path: Path) -> tuple[Health | None, list[Finding]]:
    """What is in the database, or why that can't be told."""
    journal = path.with_name(path.name + "-journal")
    if journal.exists() and journal.stat().st_size:
        return None, [Finding("warning", "database: a restore was interrupted", "run it again, or start the bot")]
    try:
        return (inspect(path) if path.exists() else None), []
    except UnusableDatabase as error:
        return None, [Finding("fault", f"database: can't be read: {error}", "stop the bot; `restore` a backup")]


def token(text: str) -> Finding:
    """Whether it can be a bot's token, by its shape; it is never shown."""
    if not text.strip():
        return Finding("fault", "token: DISCORD_TOKEN is not set", "copy it from the developer portal, page Bot")
    match = TOKEN.fullmatch(text.strip())
    try:
        number = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode("ascii") if match else ""
    except ValueError:
        number = ""
    if number.isdecimal():
        return Finding("ok", f"token: has the shape of one, of the application {number}")
    hint = "an application's id or public key, or a client secret, is not it"
    return Finding("fault", f"token: has not the shape of a bot's token ({hint})", "copy it again, page Bot")


def database(path: Path, health: Health | None) -> Iterator[Finding]:
    if not path.exists():
        beside = path.absolute().parent
        if beside.is_dir() and os.access(beside, os.W_OK):
            yield Finding("ok", f"database: {path} is not there yet; the first start makes it")
        else:
            yield Finding("fault", f"database: {beside} can't be written", "make the folder, or set DATABASE_PATH")
        return
    if health:
        yield from _of_health(path, health)
    if not os.access(path, os.W_OK):
        yield Finding("fault", f"database: {path} can't be written by this user", "give it to the user of the bot")
    yield from modes(path, "everybody's progress is in it")
    folder = path.absolute().parent
    if os.name == "posix" and folder.stat().st_mode & 0o022 and not folder.stat().st_mode & stat.S_ISVTX:
        yield Finding("warning", f"{folder}: others may replace the database in it", f"chmod go-w {folder}")
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size > LARGE_WAL:
        size = wal.stat().st_size // MB
        yield Finding("warning", f"{wal}: {size} MB wait to be taken in", "restart the bot; see what else reads it")


def _of_health(path: Path, health: Health) -> Iterator[Finding]:
    for fault in health.faults:
        yield Finding("fault", f"database: {fault}", "stop the bot; keep the file; `restore` a backup")
    if health.version > health.newest:
        yield Finding(
            "fault",
            f"database: version {health.version}, newer than this code ({health.newest})",
            "install the newer code",
        )
    elif not health.faults:
        older = "" if health.version == health.newest else f", becomes {health.newest} at the next start"
        yield Finding("ok", f"database: {path} is whole; version {health.version}{older}; {health.rows} rows")


def backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    folder = settings.backup_dir
    if folder is None:
        yield Finding("warning", "backups: no daily ones are made", "set BACKUP_DIR to a folder on another disk")
        return
    standing = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    if not standing.is_dir() or not os.access(standing, os.W_OK):
        yield Finding("fault", f"backups: {folder} can't be written", "give it to the user of the bot")
    dated = Backups(settings.database_path, folder, settings.backup_keep).dated()
    if not dated:
        yield Finding("warning", f"backups: none in {folder} yet", "the running bot makes one; else see its log")
        return
    day, file = max(dated.items())
    if now.date() - day > OVERDUE:
        yield Finding("warning", f"backups: the newest is of {day}", "is the bot running? see its log, or run `backup`")
    elif day > now.date():
        yield Finding("warning", f"backups: {file} is dated ahead of the clock", "look at the clock; then delete it")
    else:
        yield Finding("ok", f"backups: {len(dated)} in {folder}, the newest of {day}")
    yield from modes(file, "everybody's progress is in it")


def disks(settings: Settings) -> Iterator[Finding]:
    size = settings.database_path.stat().st_size if settings.database_path.exists() else 0
    places = {"database": settings.database_path.absolute().parent, "backups": settings.backup_dir}
    for name, folder in places.items():
        if folder:
            there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir())
            yield disk(name, shutil.disk_usage(there).free, size)


async def courses(settings: Settings) -> AsyncIterator[Finding]:
    """The course files, the question banks beside them, and what Discord would refuse of them."""
    try:
        found = read_courses(settings.courses_dir)
        Catalogue(found, settings.default_course)
        banks = read_banks(settings.banks, found)
    except BrokenCourse as error:
        for finding in _listed(error.files.removesuffix(" files") + "s", error.faults):
            yield finding
    except StudyError as error:
        yield Finding("fault", f"courses: DEFAULT_COURSE: {error}", "name one of COURSES_DIR")
    else:
        units = sum(len(course.leaves) for course in found)
        yield Finding("ok", f"courses: {', '.join(course.code for course in found)}; {units} units")
        asked = ", ".join(f"{len(bank)} of {bank.course.code}" for bank in banks.values())
        yield Finding("ok", f"questions: {asked or 'none'}")
        for stray in strays(settings.banks, found):
            yield Finding("warning", f"questions: {stray}", "name the folder after the id of its course")
        faults = await refused_by_discord(found, banks)
        for finding in (
            _listed("discord would refuse", faults) if faults else [Finding("ok", "discord: takes every message")]
        ):
            yield finding


def _listed(name: str, faults: Sequence[str]) -> list[Finding]:
    shown = [Finding("fault", f"{name}: {fault}", "`check` lists all") for fault in faults[:SHOWN]]
    more = len(faults) - SHOWN
    return shown + ([Finding("fault", f"{name}: {more} more", "`check` lists all")] if more > 0 else [])
