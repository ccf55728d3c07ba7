"""The schema: numbered migrations, applied in one transaction, and the expected schema of each version."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import aiosqlite

from bot.errors import UnusableDatabase, one_line

FOLDER = Path(__file__).parent / "migrations"

Schema = dict[tuple[str, str], str]
"""The SQL of each table, index, trigger and view, by kind and name; no comments, extra spaces or optional quotes."""

_OF_SQLITE = {("table", "sqlite_sequence"), ("table", "sqlite_stat1"), ("table", "sqlite_stat4")}
"""Tables that SQLite itself may add, for example when an operator runs `analyze`."""
_TOKEN = re.compile(r"--[^\n]*|/\*.*?\*/|('(?:[^']|'')*'|\w+|[^\w\s])", re.DOTALL)
_QUOTED_NAME = re.compile(r'"(\w+)"')


def migrations(folder: Path = FOLDER) -> dict[int, str]:
    """Return the SQL of each schema version, by number."""
    return {int(file.name[:4]): file.read_text("utf-8") for file in sorted(folder.glob("*.sql"))}


async def migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Migrate the schema to the newest version in one transaction. Several processes may start at the same time."""
    known = migrations()
    newest = max(known)
    await connection.execute_fetchall("begin immediate")
    try:
        ((version,),) = await connection.execute_fetchall("pragma user_version")
        if version > newest:
            raise UnusableDatabase(
                f"The database {path} has version {version}, and this Waymark supports versions up to {newest}. "
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
    """Split an SQL script into statements."""
    parts, start = [], 0
    for end in (index + 1 for index, letter in enumerate(script) if letter == ";"):
        if sqlite3.complete_statement(script[start:end]):
            parts.append(script[start:end].strip())
            start = end
    return parts


def schema_of(connection: sqlite3.Connection) -> Schema:
    """Return the schema that the connection sees, without SQLite's own tables."""
    rows = connection.execute("select type, name, sql from sqlite_master").fetchall()
    return {(kind, name): _normalized(sql or "") for kind, name, sql in rows if (kind, name) not in _OF_SQLITE}


def schema_of_version(version: int) -> Schema:
    """Return the schema that the migrations up to ``version`` create."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for number, script in migrations().items():
            for statement in statements(script) if number <= version else ():
                empty.execute(statement)
        return schema_of(empty)


def schema_faults(found: Schema, version: int) -> list[str]:
    """Return a sentence for each difference between ``found`` and the schema of ``version``."""
    expected = schema_of_version(version)
    missing = sorted(expected.keys() - found.keys(), key=lambda entry: entry[0] != "table")
    lost = {name for kind, name in missing if kind == "table"}
    faults = [
        f"there is no {kind} {name}"
        for kind, name in missing
        if kind == "table" or not any(re.search(rf"\b{table}\b", expected[kind, name] or name) for table in lost)
    ]
    faults += [
        f"there is an unexpected {one_line(kind)} {one_line(name):.60}"
        for kind, name in sorted(found.keys() - expected.keys())
    ]
    shared = sorted(found.keys() & expected.keys())
    return faults + [
        f"{kind} {name} is not as it should be" for kind, name in shared if found[kind, name] != expected[kind, name]
    ]


def _normalized(sql: str) -> str:
    """Return the tokens of ``sql`` without comments and without quotes that a name doesn't need."""
    return " ".join(filter(None, _TOKEN.findall(_QUOTED_NAME.sub(r"\1", sql))))
