"""Backups of the database, and the way back.

A backup is one moment of the database, compressed. SQLite's online backup reads it inside a read transaction, so that
it neither waits for the bot, nor makes it wait, nor begins anew when the bot writes; what is still in the write-ahead
log is part of it. It counts as made once it has been unpacked again and checked, the way a restore would.
"""

import gzip
import os
import sqlite3
import time
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import BadInput, Busy, UnusableDatabase
from bot.store.sqlite.schema import migrations
from bot.store.sqlite.snapshots import (
    Between,
    Contents,
    examined,
    flush,
    open_file,
    pack,
    settle,
    snapshot,
    tables,
    unpack,
    workplace,
)

_UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error, sqlite3.DatabaseError)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and checked; ``size`` in bytes."""

    path: Path
    size: int
    contents: Contents
    seconds: float


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in the database now, and the file with what was in it before (None where there was none)."""

    contents: Contents
    replaced: Path | None


def no_pause() -> None:
    """Go on at once."""


def back_up(database: Path, target: Path, *, between: Between = no_pause) -> Backup:
    """Write a compressed, checked copy to ``target``, which is whole or not there. May be called while the bot writes.

    ``between`` is called after each piece: it may wait, or raise to give up, which leaves nothing behind.
    Raises ``UnusableDatabase`` and ``BadInput``; a file that is there already is never overwritten.
    """
    began = time.perf_counter()
    if not database.is_file():
        raise UnusableDatabase(f"There is no database {database} to back up. Check DATABASE_PATH.")
    if target.exists():
        raise BadInput(f"{target} is already there. Name another file.")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with workplace(target.parent) as place:
            copy, packed = place / "copy", place / "packed"
            contents = snapshot(database, copy, between)
            pack(copy, packed, between)
            copy.unlink()
            unpack(packed, copy, between)
            if examined(copy, "quick_check") != contents:
                raise UnusableDatabase(f"The backup of {database} differs from it and was thrown away. Check the disk.")
            size = packed.stat().st_size
            settle(packed, target)
    except FileExistsError as error:
        raise BadInput(f"{error.filename2 or error.filename or target} is already there. Name another file.") from error
    except _DAMAGED as error:
        raise UnusableDatabase(f"The database {database} can't be backed up: {error}. Run `doctor`.") from error
    except OSError as error:
        raise BadInput(f"{target} can't be written: {error.strerror}. Name a file elsewhere.") from error
    return Backup(target, size, contents, time.perf_counter() - began)


def restore(source: Path, database: Path, *, now: datetime) -> Restored:
    """Put a backup (or a database file of Waymark) in place of ``database``; keep what it replaces beside it.

    Killed at any moment, it leaves the old database or the new one. Raises ``BadInput`` where the file is damaged, not
    Waymark's or newer than this code, and ``Busy`` where a program on this machine uses the database (on a network
    disk, a bot on another machine may go unseen). Nothing is changed then.
    """
    database = database.resolve()
    try:
        with workplace(database.parent) as place:
            new = place / "new"
            contents = _taken(source, new)
            try:
                if database.is_file() and database.stat().st_size:
                    return Restored(contents, _rewrite(database, new, place / "old", now))
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in _UNREADABLE:
                    raise
            return Restored(contents, _exchange(database, new, now))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise Busy(f"{database} is in use: stop the bot first. Nothing was changed.") from error
        raise UnusableDatabase(f"{database} can't be replaced: {error}. It is as it was.") from error
    except OSError as error:
        raise UnusableDatabase(f"{database} can't be replaced: {error}. It is as it was.") from error


def _rewrite(database: Path, new: Path, old: Path, now: datetime) -> Path:
    """Replace what is in the file by one transaction of SQLite's own, under its lock.

    The file stays the same one: nobody who opens it meanwhile is left with the replaced database, no write-ahead log
    can outlive its own, and owner and mode stay.
    """
    with closing(open_file(database)) as live, closing(open_file(new)) as source:
        # Leaving the write-ahead log folds it in, and is refused while any other connection is open. Once more under
        # the lock that lasts: a bot may have started in between.
        live.execute("pragma journal_mode = delete").fetchall()
        live.execute("pragma locking_mode = exclusive").fetchall()
        live.execute("pragma journal_mode = delete").fetchall()
        live.execute("begin exclusive")
        live.execute("commit")
        with closing(sqlite3.connect(old)) as copy:
            live.backup(copy)
        _own_like(old, database)
        kept = _free_name(database, now)
        settle(old, kept)
        live.execute("pragma synchronous = extra")
        source.backup(live)
    return kept


def _exchange(database: Path, new: Path, now: datetime) -> Path | None:
    """Put ``new`` where there is no database, or one that SQLite can't read, whose companions move along with it."""
    there, kept = database.is_file(), _free_name(database, now)
    if there:
        os.link(database, kept)
    for companion in ("-wal", "-shm", "-journal"):
        beside = database.with_name(database.name + companion)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + companion))
    _own_like(new, database if there else database.parent)
    new.chmod(0o600)
    flush(new)
    flush(database.parent)
    new.replace(database)
    flush(database.parent)
    return kept if there else None


def _taken(source: Path, new: Path) -> Contents:
    """Unpack and check what shall be restored. Raises ``BadInput``."""
    try:
        with source.open("rb") as file:
            head = file.read(16)
        if head.startswith(b"\x1f\x8b"):
            unpack(source, new, no_pause)
        elif head == b"SQLite format 3\0":
            snapshot(source, new, no_pause)
        else:
            raise BadInput(f"{source} is neither a backup nor a database of Waymark. Nothing was changed.")
        contents = examined(new, "integrity_check")
    except sqlite3.OperationalError:
        raise
    except _DAMAGED as error:
        raise BadInput(f"{source} is damaged: {error}. Take another backup; nothing was changed.") from error
    except OSError as error:
        raise BadInput(f"{source} can't be read: {error.strerror}. Nothing was changed.") from error
    newest = max(migrations())
    if contents.version > newest:
        raise BadInput(
            f"{source} has version {contents.version}, and this Waymark knows versions up to {newest}. "
            "Install the newer Waymark that wrote it; nothing was changed."
        )
    if contents.version < 1 or tables(contents.version) - set(contents.rows):
        raise BadInput(f"{source} is no database of Waymark. Nothing was changed.")
    return contents


def _free_name(database: Path, now: datetime) -> Path:
    """Where the replaced database is kept: beside it, with the time in its name."""
    name, number = f"{database.name}.replaced-{now:%Y%m%dT%H%M%SZ}", 1
    while (kept := database.with_name(name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return kept


def _own_like(file: Path, model: Path) -> None:
    """Root restores for the user whose database it is."""
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(file, model.stat().st_uid, model.stat().st_gid)
