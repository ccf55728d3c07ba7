"""Inspect a database without changing it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.calendar.timestamps import from_seconds
from bot.errors import DamagedDatabase, UnusableDatabase
from bot.store.sqlite.schema import migrations, schema_faults
from bot.store.sqlite.snapshots import contents_of, open_file

FAULTS = 3
_MOMENTS = {
    "tick": "select max(made_at) from tick",
    "member": "select max(joined_at) from member",
    "delivery": "select max(sent_at) from delivery",
}


DELIVERIES_SINCE = 9
_STUCK = (
    "select kind, course, server_id, slot, attempts, reason from delivery "
    "where state = 'claimed' and reason is not null order by slot_at"
)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of a database. ``faults`` are at most a few; ``latest`` is the time of its latest entry."""

    version: int
    newest: int
    rows: int
    faults: tuple[str, ...]
    latest: datetime | None
    zones: tuple[str, ...]
    learner_zones: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    """Deliveries whose last attempt failed, a few, each as text."""


def inspect(database: Path) -> Health:
    """Read the whole file; a bot may be writing.

    Raises ``DamagedDatabase``, or ``UnusableDatabase`` if the file can't be opened.
    """
    try:
        with closing(open_file(database, "ro")) as connection:
            connection.execute("begin")
            contents, newest = contents_of(connection), max(migrations())
            faults = [str(line) for (line,) in connection.execute(f"pragma integrity_check({FAULTS})") if line != "ok"]
            orphans = connection.execute("pragma foreign_key_check").fetchmany(FAULTS)
            faults += [f"a row of {table} refers to a missing row of {parent}" for table, _, parent, _ in orphans]
            if contents.version <= newest:
                faults += schema_faults(contents.schema, contents.version)
            there = [sql for table, sql in _MOMENTS.items() if table in contents.rows]
            moments = [connection.execute(sql).fetchone()[0] or 0 for sql in there]
            zones = connection.execute("select distinct zone from cohort") if "cohort" in contents.rows else ()
            learner_zones: list[str] = []
            stuck: list[str] = []
            if contents.version >= DELIVERIES_SINCE:
                found = connection.execute("select distinct zone from learner where zone is not null")
                learner_zones = sorted(str(zone) for (zone,) in found)
                stuck = [_stuck(row) for row in connection.execute(_STUCK).fetchmany(FAULTS)]
            return Health(
                contents.version,
                newest,
                sum(contents.rows.values()),
                tuple(" ".join(fault.split()) for fault in faults[:FAULTS]),
                from_seconds(max(moments)) if any(moments) else None,
                tuple(sorted(str(zone) for (zone,) in zones)),
                tuple(learner_zones),
                tuple(stuck),
            )
    except sqlite3.Error as error:
        damaged = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
        raise (DamagedDatabase if damaged else UnusableDatabase)(str(error)) from error


def _stuck(row: tuple[str, str, int, str, int, str]) -> str:
    kind, course, server, slot, attempts, reason = row
    where = f" of server {server}" if server else ""
    return f"the {kind}{where} ({course}, {slot}) after {attempts} attempts: {' '.join(reason.split())}"
