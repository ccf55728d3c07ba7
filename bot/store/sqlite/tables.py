"""Read and write whole tables of a SQLite file."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.errors import UnusableDatabase
from bot.store.sqlite.schema import migrations, statements
from bot.store.sqlite.snapshots import open_file
from bot.store.tables import BATCH


class SQLiteTables:
    """The tables that a connection sees. Implements ``TableTarget``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        ((self.version,),) = connection.execute("pragma user_version").fetchall()
        listed = connection.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
        self.columns: Mapping[str, Sequence[str]] = {
            table: [column for _, column, *_ in connection.execute(f"pragma table_info({table})")]
            for (table,) in listed.fetchall()
        }

    def count(self, table: str) -> int:
        ((rows,),) = self._connection.execute(f"select count(*) from {table}").fetchall()  # noqa: S608 - names of our schema
        return int(rows)

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Sequence[Any]]]:
        cursor = self._connection.execute(f"select {', '.join(columns)} from {table}")  # noqa: S608 - names of our schema
        while batch := cursor.fetchmany(BATCH):
            yield batch

    def clear(self, table: str) -> None:
        self._connection.execute(f"delete from {table}")  # noqa: S608 - names of our schema

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        places = ", ".join("?" * len(columns))
        self._connection.executemany(
            f"insert into {table} ({', '.join(columns)}) values ({places})",  # noqa: S608 - names of our schema
            rows,
        )


@contextmanager
def reading(database: Path) -> Iterator[SQLiteTables]:
    """Read one moment of a file. A bot may be writing. Raises ``UnusableDatabase`` if it can't be read."""
    try:
        with closing(open_file(database, "ro")) as connection:
            connection.execute("begin")
            yield SQLiteTables(connection)
    except sqlite3.DatabaseError as error:
        raise UnusableDatabase(f"The database {database} can't be read: {error}.") from error


@contextmanager
def writing(database: Path) -> Iterator[SQLiteTables]:
    """Write into a file in one transaction, which is committed at the end of the block."""
    with closing(open_file(database)) as connection:
        connection.execute("begin exclusive")
        try:
            yield SQLiteTables(connection)
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")


def create(database: Path) -> None:
    """Create a file with the newest schema and no rows, for this user only."""
    database.touch(mode=0o600)
    upgrade(database)


def upgrade(database: Path) -> None:
    """Migrate a file of an earlier version to the newest. For copies: no other program may use it."""
    with closing(open_file(database)) as connection:
        ((version,),) = connection.execute("pragma user_version").fetchall()
        connection.execute("begin")
        for number, script in migrations().items():
            for statement in statements(script) if number > version else ():
                connection.execute(statement)
        connection.execute(f"pragma user_version = {max(migrations())}")
        connection.execute("commit")
