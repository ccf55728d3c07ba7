"""Chooses the engine of a database."""

from pathlib import Path

from bot.errors import BadSettings
from bot.store.engine import Engine, Observe
from bot.store.sqlite.database import Database


async def open_engine(where: Path | str, observe: Observe) -> Engine:
    """Open a SQLite file (a path) or a PostgreSQL database (an address). Raises ``CannotStart``."""
    if isinstance(where, Path):
        return await Database.open(where, observe)
    try:
        from bot.store.postgres.database import PostgresDatabase  # noqa: PLC0415 - psycopg is an optional extra
    except ImportError as error:
        raise BadSettings(
            ["DATABASE_URL: PostgreSQL needs the extra packages of Waymark; run `pip install 'waymark[postgres]'`"]
        ) from error
    return await PostgresDatabase.open(where, observe)
