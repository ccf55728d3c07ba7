"""The schema: numbered migrations, applied in one transaction."""

import sqlite3
from pathlib import Path

import aiosqlite

from bot.errors import UnusableDatabase

FOLDER = Path(__file__).parent / "migrations"


def migrations(folder: Path = FOLDER) -> dict[int, str]:
    """The SQL of each schema version, by number."""
    return {int(file.name[:4]): file.read_text("utf-8") for file in sorted(folder.glob("*.sql"))}


async def migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Bring the schema to the newest version in one transaction, however many processes start at once."""
    known = migrations()
    newest = max(known)
    await connection.execute_fetchall("begin immediate")
    try:
        ((version,),) = await connection.execute_fetchall("pragma user_version")
        if version > newest:
            raise UnusableDatabase(
                f"The database {path} has version {version}, and this Waymark knows versions up to {newest}. "
                "Install the newer Waymark that wrote it, or restore a backup."
            )
        for number in range(version + 1, newest + 1):
            for statement in statements(known[number]):
                await connection.execute_fetchall(statement)
        await connection.execute_fetchall(f"pragma user_version = {newest}")
        await connection.execute_fetchall("commit")
    except BaseException:
        if connection.in_transaction:
            await connection.execute_fetchall("rollback")
        raise


def statements(script: str) -> list[str]:
    """The single statements of an SQL script."""
    found, start = [], 0
    for end in (index + 1 for index, letter in enumerate(script) if letter == ";"):
        if sqlite3.complete_statement(script[start:end]):
            found.append(script[start:end].strip())
            start = end
    return found
