"""Move, back up and restore databases of both engines. A backup is always a compressed SQLite file."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.calendar.timestamps import seconds
from bot.errors import BadInput, Busy, UnusableDatabase
from bot.store.engines import postgres_tables
from bot.store.shard_leases import LEASE
from bot.store.sqlite import backup as files
from bot.store.sqlite import tables as sqlite_tables
from bot.store.sqlite.backup import Backup, Restored, checked_copy, finish_backup, no_pause, steps_of_restore
from bot.store.sqlite.schema import migrations
from bot.store.sqlite.snapshots import Contents, settle, workplace
from bot.store.tables import BATCH, Between, Sum, TableSource, TableTarget, copied_tables, copy_tables, sums_of

__all__ = [
    "Backup",
    "Moved",
    "Restored",
    "Where",
    "back_up",
    "move",
    "name_of",
    "reading",
    "restore",
    "steps_of_restore",
    "where_of",
]

Where = Path | str
"""A SQLite file, or the address of a PostgreSQL database."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The number of copied rows by table, and how long it took."""

    tables: dict[str, Sum]
    seconds: float

    @property
    def rows(self) -> int:
        """The total number of rows."""
        return sum(table.rows for table in self.tables.values())


def where_of(text: str) -> Where:
    """Parse an operator's argument: a PostgreSQL address or a file."""
    return text if text.startswith(("postgresql://", "postgres://")) else Path(text)


def move(source: Where, target: Where, *, now: datetime, between: Between = no_pause) -> Moved:
    """Copy everything from one moment of a database into another, and compare both.

    Raises ``BadInput`` for a target that isn't empty. Raises ``Busy`` if a bot serves the source, because changes made
    meanwhile would be lost. Then the target is unchanged. ``between`` is called after each batch.
    """
    began = time.perf_counter()
    with reading(source) as tables:
        _require_newest(tables, source)
        _refuse_served(tables, now, source)
        with _writing(target) as written:
            _require_newest(written, target)
            if filled := [table for table in copied_tables(written) if written.count(table)]:
                raise BadInput(
                    f"{name_of(target)} isn't empty: there are rows in {', '.join(filled)}. Name another database."
                )
            copied = _copy(tables, written, between)
    return Moved(copied, time.perf_counter() - began)


def steps_of_move(source: Where) -> int:
    """Return about how often ``move`` calls ``between``."""
    with reading(source) as tables:
        _require_newest(tables, source)
        counts = [tables.count(table) for table in copied_tables(tables)]
    return 2 * sum(-(-count // BATCH) for count in counts)


def steps_of_backup(database: Where) -> int:
    """Return about how often ``back_up`` calls ``between``."""
    return files.steps_of_backup(database) if isinstance(database, Path) else steps_of_move(database)


def back_up(database: Where, target: Path, *, between: Between = no_pause) -> Backup:
    """Write a compressed, checked copy to ``target``, which is complete or doesn't exist. Bots may be writing.

    Raises ``CannotStart`` and ``BadInput``; an existing file is never overwritten.
    """
    if isinstance(database, Path):
        return files.back_up(database, target, between=between)
    began = time.perf_counter()

    def snapshot(copy: Path) -> Contents:
        sqlite_tables.create(copy)
        with reading(database) as tables, sqlite_tables.writing(copy) as written:
            _require_newest(tables, database)
            _copy(tables, written, between)
        return files.contents(copy)

    return finish_backup(snapshot, target, name_of(database), began, between)


def restore(source: Path, database: Where, *, now: datetime, keep_in: Path, between: Between = no_pause) -> Restored:
    """Replace a database with a backup. Keep the old one as a file: next to SQLite's, or in the folder ``keep_in``.

    Raises ``BadInput`` for a file that isn't a backup, and ``Busy`` while a bot uses the database. Then nothing has
    changed.
    """
    if isinstance(database, Path):
        return files.restore(source, database, now=now, between=between)
    with tempfile.TemporaryDirectory(prefix="waymark-restore-") as folder:
        copy = Path(folder) / "new"
        contents = checked_copy(source, copy, between)
        if contents.version < max(migrations()):
            sqlite_tables.upgrade(copy)
        postgres_tables().upgrade(database)
        kept = keep_in / f"waymark.replaced-{now:%Y%m%dT%H%M%SZ}.db.gz"
        old = back_up(database, kept, between=between)
        with sqlite_tables.reading(copy) as tables, _writing(database) as written:
            _refuse_served(written, now, database)
            for table in copied_tables(written):
                written.clear(table)
            _copy(tables, written, between)
    if not any(old.contents.rows.values()):
        kept.unlink()
        return Restored(contents, None)
    return Restored(contents, kept)


def _copy(source: TableSource, target: TableTarget, between: Between) -> dict[str, Sum]:
    """Copy all rows and compare. Raises ``UnusableDatabase`` if the copy differs."""
    copied = copy_tables(source, target, between)
    arrived = sums_of(target, between)
    if different := [table for table in copied if copied[table] != arrived.get(table)]:
        raise UnusableDatabase(f"The copy differs in {', '.join(different)}, so it was given up. Check the disk.")
    return copied


def _refuse_served(tables: TableSource, now: datetime, where: Where) -> None:
    """Raise ``Busy`` if a process holds a shard lease."""
    since = seconds(now - LEASE - timedelta(seconds=5))
    columns = ["renewed_at", "host", "process"]
    rows = [row for batch in tables.rows("shard_lease", columns) for row in batch if row[0] > since]
    if rows:
        _, host, process = rows[0]
        raise Busy(
            f"{name_of(where)} is in use by process {process} on {host}: stop the bot first. Nothing was changed."
        )


def _require_newest(tables: TableSource, where: Where) -> None:
    if tables.version != max(migrations()):
        raise UnusableDatabase(
            f"{name_of(where)} has version {tables.version}, and this Waymark has version {max(migrations())}. "
            "Start this Waymark on it once, which upgrades it."
        )


def name_of(where: Where) -> str:
    """Return the name of a database for messages, without a password."""
    return str(where) if isinstance(where, Path) else postgres_tables().name_of(where)


def reading(where: Where) -> AbstractContextManager[TableSource]:
    """Read one moment of a database of any version. Bots may be writing. Raises ``BadInput`` and ``CannotStart``."""
    if not isinstance(where, Path):
        tables: AbstractContextManager[TableSource] = postgres_tables().reading(where)
        return tables
    if not where.is_file():
        raise BadInput(f"There is no database {where}.")
    return sqlite_tables.reading(where)


@contextmanager
def _writing(where: Where) -> Iterator[TableTarget]:
    """Write in one transaction. A new file gets its name only when it is complete."""
    if not isinstance(where, Path):
        with postgres_tables().writing(where) as tables:
            yield tables
    elif where.exists() and where.stat().st_size:
        with sqlite_tables.writing(where) as tables:
            yield tables
    else:
        with workplace(where.absolute().parent) as place:
            sqlite_tables.create(place / "new")
            with sqlite_tables.writing(place / "new") as tables:
                yield tables
            where.unlink(missing_ok=True)
            settle(place / "new", where)
