"""Read and write whole tables of a PostgreSQL database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bot.store.postgres.connection import CONNECT_SECONDS, configure, name_of, refused
from bot.store.postgres.schema import migrate, version_of
from bot.store.tables import BATCH

__all__ = ["PostgresTables", "name_of", "reading", "writing"]


class PostgresTables:
    """The tables that a transaction sees. Implements ``TableTarget``."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.version = version_of(connection)
        found: dict[str, list[str]] = {}
        for table, column in connection.execute(
            "select table_name::text, column_name::text from information_schema.columns "
            "join information_schema.tables using (table_schema, table_name) "
            "where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name <> 'schema_version'"
        ).fetchall():
            found.setdefault(table, []).append(column)
        self.columns: Mapping[str, Sequence[str]] = found

    def count(self, table: str) -> int:
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
        ((rows,),) = self._connection.execute(query).fetchall()
        return int(rows)

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Sequence[Any]]]:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with self._connection.cursor(name="copied") as cursor:
            cursor.execute(sql.SQL("select {} from {}").format(names, sql.Identifier(table)))
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def clear(self, table: str) -> None:
        self._connection.execute(sql.SQL("truncate {}").format(sql.Identifier(table)))

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
        with self._connection.cursor().copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def reading(url: str) -> Iterator[PostgresTables]:
    """Read one moment of a database, whatever its version. Bots may be writing. Raises ``CannotStart``."""
    with _connected(url) as connection:
        connection.execute("begin isolation level repeatable read read only")
        yield PostgresTables(connection)
        connection.execute("rollback")


@contextmanager
def writing(url: str) -> Iterator[PostgresTables]:
    """Write into a database in one transaction, which is committed at the end of the block. Raises ``CannotStart``."""
    with _connected(url) as connection:
        migrate(connection, url)
        with connection.transaction():
            tables = PostgresTables(connection)
            listed = sql.SQL(", ").join(map(sql.Identifier, tables.columns))
            connection.execute(sql.SQL("lock table {} in access exclusive mode").format(listed))
            yield tables


def upgrade(url: str) -> None:
    """Bring the schema of a database to the newest version. Raises ``CannotStart``."""
    with _connected(url) as connection:
        migrate(connection, url)


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS, options="-c lock_timeout=5s") as connection:
            configure(connection)
            yield connection
    except psycopg.Error as error:
        raise refused(error, url) from error
