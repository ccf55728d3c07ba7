"""What can be said of a database without changing it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.calendar.timestamps import from_seconds
from bot.errors import UnusableDatabase
from bot.store.sqlite.schema import migrations
from bot.store.sqlite.snapshots import contents_of, open_file, tables

FAULTS = 3
_MOMENTS = {
    "tick": "select max(made_at) from tick",
    "member": "select max(joined_at) from member",
    "digest": "select max(posted_at) from digest",
}


@dataclass(frozen=True, slots=True)
class Health:
    """``faults`` are SQLite's own words, at most a few; ``latest`` is the last moment that anything in it is about."""

    version: int
    newest: int
    rows: int
    faults: tuple[str, ...]
    latest: datetime | None
    zones: tuple[str, ...]


def inspect(database: Path) -> Health:
    """Read all of the file as it is, also while a bot writes. Raises ``UnusableDatabase`` where that can't be done."""
    try:
        with closing(open_file(database, "ro")) as connection:
            connection.execute("begin")
            contents, newest = contents_of(connection), max(migrations())
            faults = [str(line) for (line,) in connection.execute(f"pragma integrity_check({FAULTS})") if line != "ok"]
            orphans = connection.execute("pragma foreign_key_check").fetchmany(FAULTS)
            faults += [f"a row of {table} points to none of {parent}" for table, _, parent, _ in orphans]
            missing = tables(min(contents.version, newest)) - set(contents.rows)
            faults += [f"there is no table {name}" for name in sorted(missing)]
            there = [sql for table, sql in _MOMENTS.items() if table in contents.rows]
            moments = [connection.execute(sql).fetchone()[0] or 0 for sql in there]
            zones = connection.execute("select distinct zone from cohort") if "cohort" in contents.rows else ()
            return Health(
                contents.version,
                newest,
                sum(contents.rows.values()),
                tuple(" ".join(fault.split()) for fault in faults[:FAULTS]),
                from_seconds(max(moments)) if any(moments) else None,
                tuple(sorted(str(zone) for (zone,) in zones)),
            )
    except sqlite3.Error as error:
        raise UnusableDatabase(str(error)) from error
