"""Inspect a database without changing it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.core.calendar.timestamps import from_seconds
from bot.errors import DamagedDatabase, UnusableDatabase
from bot.store.health import FAULTS, MOMENTS, STUCK, Health, stuck_delivery
from bot.store.sqlite.schema import migrations, schema_faults
from bot.store.sqlite.snapshots import contents_of, open_file

DELIVERIES_SINCE = 9


def inspect(database: Path) -> Health:
    """Read and check the whole file. A bot may be writing.

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
            there = [sql for table, sql in MOMENTS.items() if table in contents.rows]
            moments = [connection.execute(sql).fetchone()[0] or 0 for sql in there]
            zones = connection.execute("select distinct zone from cohort") if "cohort" in contents.rows else ()
            learner_zones: list[str] = []
            stuck: list[str] = []
            if contents.version >= DELIVERIES_SINCE:
                rows = connection.execute("select distinct zone from learner where zone is not null")
                learner_zones = sorted(str(zone) for (zone,) in rows)
                stuck = [stuck_delivery(row) for row in connection.execute(STUCK).fetchmany(FAULTS)]
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
