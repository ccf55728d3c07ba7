"""Back up and restore the database.

A backup is a compressed copy of one moment of the database. SQLite's online backup reads it inside a read transaction,
so it doesn't wait for the bot, block it, or start again when the bot writes. The copy includes the write-ahead log. A
backup is complete only after it has been unpacked and checked as a restore would do.
"""

import errno
import gzip
import os
import sqlite3
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import BadInput, Busy, UnusableDatabase
from bot.store.sqlite.schema import migrations, schema_faults, schema_of
from bot.store.sqlite.snapshots import (
    MAGIC,
    PAGES,
    PIECE,
    Between,
    Contents,
    contents_of,
    examined,
    flush,
    open_file,
    pack,
    require_space,
    settle,
    size_in_header,
    snapshot,
    unpack,
    workplace,
)

GZIP = b"\x1f\x8b"
PAGE = 4096
"""SQLite's default page size in bytes. Used only for estimates."""

_UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error, sqlite3.DatabaseError)


@dataclass(frozen=True, slots=True)
class Backup:
    """A complete, checked backup. ``size`` is in bytes."""

    path: Path
    size: int
    contents: Contents
    seconds: float


@dataclass(frozen=True, slots=True)
class Restored:
    """The current contents of the database, and the file that keeps the previous database (None if there was none)."""

    contents: Contents
    replaced: Path | None


def no_pause() -> None:
    """Do nothing."""


def back_up(database: Path, target: Path, *, between: Between = no_pause) -> Backup:
    """Write a compressed, checked copy to ``target``, which is complete or doesn't exist. The bot may be writing.

    ``between`` is called after each step. It may wait, or raise to abort, which leaves no files. Raises
    ``UnusableDatabase`` and ``BadInput``; an existing file is never overwritten.
    """
    began = time.perf_counter()
    if not database.is_file():
        raise UnusableDatabase(f"There is no database {database} to back up. Check DATABASE_PATH.")
    return finish_backup(lambda copy: snapshot(database, copy, between), target, str(database), began, between)


def finish_backup(
    copied: Callable[[Path], Contents], target: Path, name: str, began: float, between: Between
) -> Backup:
    """Call ``copied`` to write a database file, then compress it, check it and rename it to ``target``.

    ``name`` is the database in errors; ``began`` is when the backup began, by ``time.perf_counter``.
    """
    try:
        if target.exists():
            raise BadInput(f"{target} already exists. Name another file.")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with workplace(target.parent) as place:
            copy, packed = place / "copy", place / "packed"
            contents = copied(copy)
            pack(copy, packed, between)
            copy.unlink()
            unpack(packed, copy, between)
            if examined(copy, "quick_check") != contents:
                raise UnusableDatabase(f"The backup of {name} differs from it and was deleted. Check the disk.")
            size = packed.stat().st_size
            settle(packed, target)
    except FileExistsError as error:
        raise BadInput(f"{error.filename2 or error.filename or target} already exists. Name another file.") from error
    except _DAMAGED as error:
        raise UnusableDatabase(f"The database {name} can't be backed up: {error}. Run `waymark doctor`.") from error
    except OSError as error:
        raise BadInput(f"{target} can't be written: {error.strerror}. Name a file elsewhere.") from error
    return Backup(target, size, contents, time.perf_counter() - began)


def steps_of_backup(database: Path) -> int:
    """Return about how often ``back_up`` calls ``between``."""
    size = database.stat().st_size if database.is_file() else 0
    return size // (PAGES * PAGE) + 2 * (size // PIECE) + 3


def steps_of_restore(source: Path) -> int | None:
    """Return about how often ``restore`` calls ``between``; None if unknown."""
    try:
        with gzip.open(source) if _head(source).startswith(GZIP) else source.open("rb") as file:
            size = size_in_header(file.read(100))
    except (OSError, *_DAMAGED):
        return None
    return size // PIECE + size // (PAGES * PAGE) + 2


def restore(source: Path, database: Path, *, now: datetime, between: Between = no_pause) -> Restored:
    """Replace ``database`` with a backup or a database file of Waymark; keep the old one in the same folder.

    If the process is killed, either the old or the new database is left. Raises ``BadInput`` if the file is damaged,
    larger than a backup can be, not Waymark's or newer than this code. Raises ``Busy`` if a program on this machine
    uses the database (on a network disk, a bot on another machine may not be detected). Then nothing is changed.
    """
    database = database.resolve()
    try:
        with workplace(database.parent) as place:
            new = place / "new"
            contents = checked_copy(source, new, between)
            try:
                if database.is_file() and database.stat().st_size:
                    require_space(place, 2 * database.stat().st_size + new.stat().st_size)
                    return Restored(contents, _rewrite(database, new, place / "old", now, between))
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


def _rewrite(database: Path, new: Path, old: Path, now: datetime, between: Between) -> Path:
    """Rewrite the contents of the file in one SQLite transaction, under its lock.

    The file itself stays: a program that opens it meanwhile doesn't keep the replaced database, no write-ahead log is
    left, and owner and mode stay.
    """
    with closing(open_file(database)) as live, closing(open_file(new)) as source:
        # Leaving WAL mode merges the log, and fails while another connection is open. Repeat it under the lock, because
        # a bot may have started in between.
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
        source.backup(live, pages=PAGES, progress=lambda *_: between())
    return kept


def _exchange(database: Path, new: Path, now: datetime) -> Path | None:
    """Move ``new`` into place if there is no database or SQLite can't read it.

    Keep the unreadable file and its log files.
    """
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


def contents(database: Path) -> Contents:
    """Return the contents of a file that no program writes to."""
    with closing(open_file(database, "ro")) as connection:
        return contents_of(connection)


def checked_copy(source: Path, new: Path, between: Between) -> Contents:
    """Unpack and check the file to restore. Raises ``BadInput``."""
    try:
        head = _head(source)
        if head.startswith(GZIP):
            unpack(source, new, between)
        elif head == MAGIC:
            require_space(new.parent, source.stat().st_size)
            snapshot(source, new, between)
        else:
            raise BadInput(f"{source} is neither a backup nor a database of Waymark. Nothing was changed.")
        _check_schema(source, new)
        contents = examined(new, "integrity_check")
    except sqlite3.OperationalError:
        raise
    except _DAMAGED as error:
        raise BadInput(f"{source} is damaged: {error}. Take another backup; nothing was changed.") from error
    except OSError as error:
        raise BadInput(f"{source} can't be read: {error.strerror}. Nothing was changed.") from error
    return contents


def _check_schema(source: Path, new: Path) -> None:
    """Compare the whole schema with that of its version. Raises ``BadInput``.

    Do this before anything else reads the file: a crafted view, trigger or index can run its author's code.
    """
    with closing(open_file(new)) as connection:
        connection.execute("pragma trusted_schema = off")
        ((version,),) = connection.execute("pragma user_version")
        schema, newest = schema_of(connection), max(migrations())
    if version > newest:
        raise BadInput(
            f"{source} has version {version}, and this Waymark supports versions up to {newest}. "
            "Install the newer Waymark that wrote it; nothing was changed."
        )
    faults = schema_faults(schema, version)
    if version < 1 or faults:
        raise BadInput(f"{source} is no database of Waymark: {(faults or ['it is empty'])[0]}. Nothing was changed.")


def _head(source: Path) -> bytes:
    """Return the first bytes of a regular file. Opening any other kind could block. Raises ``OSError``."""
    if not source.is_file() and source.exists() and not source.is_dir():
        raise OSError(errno.EINVAL, "it is not a regular file")
    with source.open("rb") as file:
        return file.read(len(MAGIC))


def _free_name(database: Path, now: datetime) -> Path:
    """Return an unused name next to the database, with the time in it, for the replaced database."""
    name, number = f"{database.name}.replaced-{now:%Y%m%dT%H%M%SZ}", 1
    while (kept := database.with_name(name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return kept


def _own_like(file: Path, model: Path) -> None:
    """Set the owner of ``file`` to that of ``model``, in case root restores for another user."""
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(file, model.stat().st_uid, model.stat().st_gid)
