"""The schema of PostgreSQL: numbered migrations, applied once, whichever process comes first."""

from pathlib import Path
from typing import Any

import psycopg

from bot.errors import UnusableDatabase
from bot.store.postgres.connection import OLDEST, name_of

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x5761796D61726B
"""Key of the advisory lock of migrations: "Waymark" in ASCII."""


def migrations(folder: Path = FOLDER) -> dict[int, str]:
    """Return the SQL of each schema version, by number."""
    return {int(file.name[:4]): file.read_text("utf-8") for file in sorted(folder.glob("*.sql"))}


def migrate(connection: psycopg.Connection[Any], url: str) -> None:
    """Bring the schema to the newest version in one transaction. Processes that start together wait for each other.

    Raises ``UnusableDatabase`` for a server that is too old or a schema that is too new.
    """
    known = migrations()
    newest = max(known)
    if connection.info.server_version < OLDEST:
        raise UnusableDatabase(
            f"The database {name_of(url)} runs PostgreSQL {connection.info.server_version // 10000}. "
            f"Waymark needs {OLDEST // 10000} or newer."
        )
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute("create table if not exists schema_version (version bigint not null)")
        version = version_of(connection)
        if version > newest:
            raise UnusableDatabase(
                f"The database {name_of(url)} has version {version}, and this Waymark supports versions up to "
                f"{newest}. Install the newer Waymark that wrote it, or restore a backup."
            )
        for number, script in known.items():
            if number > version:
                connection.execute(script)
        if version < newest:
            connection.execute("delete from schema_version")
            connection.execute("insert into schema_version (version) values (%s)", (newest,))


def version_of(connection: psycopg.Connection[Any]) -> int:
    """Return the version of the schema; 0 for none."""
    if connection.execute("select to_regclass('schema_version')").fetchall() == [(None,)]:
        return 0
    rows = connection.execute("select version from schema_version").fetchall()
    return int(rows[0][0]) if rows else 0
