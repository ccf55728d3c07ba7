"""Copy one moment of a database into a file; compress, decompress, check and durably rename it."""

import errno
import gzip
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.store.sqlite.schema import Schema, schema_of

PAGES = 1024
PIECE = 1 << 20
"""Pages or bytes per step. Other programs can use the disk between two steps."""
FORGOTTEN = 24 * 3600
"""Seconds after which a temporary folder is assumed to be left by a killed process."""
PLACE = ".waymark-copy-"
MAGIC = b"SQLite format 3\0"
RATIO, ALWAYS_UNPACKED = 100, 64 << 20
"""A backup is unpacked only if the result is at most this many times as large, or at most this many bytes."""

Between = Callable[[], None]
"""Called after each step. It may wait, or raise to abort."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a database: its version, the number of rows of each table, and its schema."""

    version: int
    rows: Mapping[str, int]
    schema: Schema = field(default_factory=dict, repr=False)


def contents_of(connection: sqlite3.Connection) -> Contents:
    """Return the contents that the connection sees; inside a transaction, those of one moment."""
    ((version,),) = connection.execute("pragma user_version")
    listed = connection.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
    )
    rows = {name: f"select count(*) from {_quoted(name)}" for (name,) in listed.fetchall()}  # noqa: S608 - names can't be bound
    counts = {name: connection.execute(sql).fetchone()[0] for name, sql in rows.items()}
    return Contents(version, counts, schema_of(connection))


def _quoted(name: str) -> str:
    """Quote a name, because that of a crafted database could contain SQL."""
    return '"' + name.replace('"', '""') + '"'


def examined(file: Path, check: str) -> Contents:
    """Check a copy and return its contents. Raises ``sqlite3.DatabaseError`` if it is damaged."""
    with closing(open_file(file)) as connection:
        # Leave WAL mode, so that the copy is a single file.
        connection.execute("pragma journal_mode = delete").fetchall()
        faults = [str(line) for (line,) in connection.execute(f"pragma {check}(1)")]
        if faults != ["ok"]:
            raise sqlite3.DatabaseError(" ".join(faults[0].split()))
        return contents_of(connection)


def snapshot(database: Path, to: Path, between: Between) -> Contents:
    """Copy one moment of the database, including its write-ahead log, into a file."""
    with closing(open_file(database)) as source, closing(sqlite3.connect(to, isolation_level=None)) as copy:
        # The copy needn't survive a power failure, and flushes would delay the bot's own.
        copy.execute("pragma synchronous = off")
        source.execute("begin")
        contents = contents_of(source)
        source.backup(copy, pages=PAGES, progress=lambda *_: between())
        copy.execute("pragma journal_mode = delete").fetchall()
    return contents


def pack(file: Path, to: Path, between: Between) -> None:
    """Compress a file."""
    with file.open("rb") as plain, to.open("wb") as out, gzip.GzipFile("", "wb", 6, out, mtime=0) as packed:
        while piece := plain.read(PIECE):
            packed.write(piece)
            between()


def unpack(source: Path, to: Path, between: Between) -> None:
    """Decompress a database, up to the size that its header and the size of ``source`` justify.

    Raises ``sqlite3.DatabaseError`` if it is larger or not a database, and ``OSError`` if the disk is too small.
    """
    with gzip.open(source) as packed, to.open("wb") as plain:
        piece = packed.read(PIECE)
        limit = size_in_header(piece) if piece else 0
        if limit > max(ALWAYS_UNPACKED, RATIO * source.stat().st_size):
            raise sqlite3.DatabaseError(f"{limit} bytes were compressed to {source.stat().st_size}")
        require_space(to.parent, limit)
        while piece:
            plain.write(piece)
            if plain.tell() > limit:
                raise sqlite3.DatabaseError("it is longer than its header says")
            between()
            piece = packed.read(PIECE)


def size_in_header(head: bytes) -> int:
    """Return the size of a database in bytes, from its first 100 bytes. Raises ``sqlite3.DatabaseError``.

    See https://www.sqlite.org/fileformat.html, "The Database Header".
    """
    if len(head) < 100 or not head.startswith(MAGIC):
        raise sqlite3.DatabaseError("file is not a database")
    page = int.from_bytes(head[16:18])
    return (65536 if page == 1 else page) * int.from_bytes(head[28:32])


def require_space(folder: Path, size: int) -> None:
    """Raise ``OSError`` unless the disk of ``folder`` has ``size`` bytes free."""
    free = shutil.disk_usage(folder).free
    if size > free:
        raise OSError(errno.ENOSPC, f"it needs {size >> 20} MB, and {free >> 20} MB are free")


def open_file(database: Path, mode: str = "rw") -> sqlite3.Connection:
    """Connect to an existing file. With mode ``ro`` nothing in it is changed."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=1)


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Create a temporary folder in ``folder`` for this user only. Also remove those left by killed processes."""
    for left in folder.glob(f"{PLACE}*"):
        if time.time() - left.stat().st_mtime > FORGOTTEN:
            for file in left.iterdir():
                file.unlink()
            left.rmdir()
    with tempfile.TemporaryDirectory(prefix=PLACE, dir=folder) as place:
        yield Path(place)


def settle(file: Path, target: Path) -> None:
    """Durably rename a finished file, for this user only. Raises ``FileExistsError`` if the target exists."""
    file.chmod(0o600)
    flush(file)
    try:
        os.link(file, target)
    except FileExistsError:
        raise
    except OSError:
        # FAT and similar file systems have no hard links. There, two processes could overwrite each other's file.
        if target.exists():
            raise FileExistsError from None
        file.rename(target)
    flush(target.parent)


def flush(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
