"""Inspect a PostgreSQL database without changing it."""

import psycopg

from bot.core.calendar.timestamps import from_seconds
from bot.errors import UnusableDatabase
from bot.store.health import FAULTS, MOMENTS, STUCK, Health, stuck_delivery
from bot.store.postgres.connection import CONNECT_SECONDS, configure, name_of, refused
from bot.store.postgres.schema import migrations, version_of
from bot.store.postgres.tables import PostgresTables


def inspect(url: str) -> Health | None:
    """Read a database that bots may be using; None if it has no schema yet.

    Raises ``BadSettings`` for a wrong address or login, else ``UnusableDatabase``.
    """
    newest = max(migrations())
    name_of(url)
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            configure(connection)
            connection.execute("begin isolation level repeatable read read only")
            if connection.execute("select to_regclass('schema_version') is null").fetchone() == (1,):
                return None
            version = version_of(connection)
            tables = PostgresTables(connection)
            expected = {"tick", "member", "delivery", "cohort", "learner"}
            if missing := sorted(expected - tables.columns.keys()):
                raise UnusableDatabase(f"The database {name_of(url)} lacks the table {missing[0]}. Restore a backup.")
            moments = [connection.execute(sql).fetchall()[0][0] or 0 for sql in MOMENTS.values()]
            zones = connection.execute("select distinct zone from cohort").fetchall()
            learner_zones = connection.execute("select distinct zone from learner where zone is not null").fetchall()
            return Health(
                version,
                newest,
                sum(tables.count(table) for table in tables.columns),
                (),
                from_seconds(max(moments)) if any(moments) else None,
                tuple(sorted(zone for (zone,) in zones)),
                tuple(sorted(zone for (zone,) in learner_zones)),
                tuple(stuck_delivery(row) for row in connection.execute(STUCK).fetchmany(FAULTS)),
            )
    except psycopg.Error as error:
        raise refused(error, url) from error
