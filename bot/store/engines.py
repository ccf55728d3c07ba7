"""Choose the engine of a database."""

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import BadSettings
from bot.store.engine import Engine, Observe
from bot.store.sqlite.database import Database


async def open_engine(where: Path | str, observe: Observe) -> Engine:
    """Open a SQLite file (a path) or a PostgreSQL database (an address). Raises ``CannotStart``."""
    if isinstance(where, Path):
        return await Database.open(where, observe)
    return await _postgres("database").PostgresDatabase.open(where, observe)  # type: ignore[no-any-return]


def postgres_tables() -> Any:
    """Return the module that reads and writes whole tables of PostgreSQL. Raises ``BadSettings`` without psycopg."""
    return _postgres("tables")


def postgres_health() -> Any:
    """Return the module that inspects a PostgreSQL database. Raises ``BadSettings`` without psycopg."""
    return _postgres("health")


def _postgres(name: str) -> Any:
    try:
        return import_module(f"bot.store.postgres.{name}")
    except ImportError as error:
        raise BadSettings(
            ["DATABASE_URL: PostgreSQL needs the extra packages of Waymark; run `pip install 'waymark[postgres]'`"]
        ) from error


def secrets_of(where: Path | str) -> list[str]:
    """Return what must not appear in logs: the address of a PostgreSQL database, and its password."""
    if isinstance(where, Path):
        return []
    password = urlsplit(where).password
    return [where, *([unquote(password)] if password else [])]
