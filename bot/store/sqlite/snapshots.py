"""One moment of a database as a file of its own: copied, packed, unpacked, checked, and given its name durably."""

import gzip
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.store.sqlite.schema import migrations, statements

PAGES = 1024
PIECE = 1 << 20
"""Pages and bytes at a time; between two pieces, others get the disk."""
FORGOTTEN = 24 * 3600
"""Seconds after which the folder of a copy is one that a killed process left behind."""
PLACE = ".waymark-copy-"

Between = Callable[[], None]
"""Called after each piece: it may wait, or raise to give up."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: its version and the rows of each table."""

    version: int
    rows: Mapping[str, int]


def tables(version: int) -> set[str]:
    """The names of the tables that a database of this version has."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for number, script in migrations().items():
            for statement in statements(script) if number <= version else ():
                empty.execute(statement)
        return set(contents_of(empty).rows)


def contents_of(connection: sqlite3.Connection) -> Contents:
    """Version and rows as the connection sees them: of one moment inside a transaction."""
    ((version,),) = connection.execute("pragma user_version")
    listed = connection.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
    )
    rows = {name: f'select count(*) from "{name}"' for (name,) in listed.fetchall()}  # noqa: S608 - names can't be bound
    return Contents(version, {name: connection.execute(sql).fetchone()[0] for name, sql in rows.items()})


def examined(file: Path, check: str) -> Contents:
    """What is in a copy. Raises ``sqlite3.DatabaseError`` where it is damaged."""
    with closing(open_file(file)) as connection:
        # So that it is one file from here on, also where it was copied by hand.
        connection.execute("pragma journal_mode = delete").fetchall()
        faults = [str(line) for (line,) in connection.execute(f"pragma {check}(1)")]
        if faults != ["ok"]:
            raise sqlite3.DatabaseError(" ".join(faults[0].split()))
        return contents_of(connection)


def snapshot(database: Path, to: Path, between: Between) -> Contents:
    """One moment of the database, with what is in its write-ahead log, as a file of its own."""
    with closing(open_file(database)) as source, closing(sqlite3.connect(to, isolation_level=None)) as copy:
        copy.execute("pragma synchronous = off")  # nobody misses it after a power cut, and no flush holds up the bot's
        source.execute("begin")
        contents = contents_of(source)
        source.backup(copy, pages=PAGES, progress=lambda *_: between())
        copy.execute("pragma journal_mode = delete").fetchall()
    return contents


def pack(file: Path, to: Path, between: Between) -> None:
    with file.open("rb") as plain, to.open("wb") as out, gzip.GzipFile("", "wb", 6, out, mtime=0) as packed:
        while piece := plain.read(PIECE):
            packed.write(piece)
            between()


def unpack(source: Path, to: Path, between: Between) -> None:
    with gzip.open(source) as packed, to.open("wb") as plain:
        while piece := packed.read(PIECE):
            plain.write(piece)
            between()


def open_file(database: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection to a file that is there; ``ro`` changes nothing in it."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=1)


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A folder in ``folder`` for this user only, gone afterwards; those of killed processes go too."""
    for left in folder.glob(f"{PLACE}*"):
        if time.time() - left.stat().st_mtime > FORGOTTEN:
            for file in left.iterdir():
                file.unlink()
            left.rmdir()
    with tempfile.TemporaryDirectory(prefix=PLACE, dir=folder) as place:
        yield Path(place)


def settle(file: Path, target: Path) -> None:
    """Give a finished file its name, durably, for this user only. Raises ``FileExistsError`` rather than overwrite."""
    file.chmod(0o600)
    flush(file)
    try:
        os.link(file, target)
    except FileExistsError:
        raise
    except OSError:
        # Disks for all systems know no second name; there, two at once could overwrite one another.
        if target.exists():
            raise FileExistsError from None
        file.rename(target)
    flush(target.parent)


def flush(path: Path) -> None:
    """Onto the disk: a file, or the names in a folder."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
