"""Databases for backup and restore tests: filled through ``Study``, compared row by row."""

import os
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.core.course.catalogue import Catalogue
from bot.store import Store
from bot.store.sqlite.schema import migrations, statements
from bot.study import Asker, Study

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)


def rows_of(path: Path) -> dict[str, list[tuple]]:
    """Return every row of every table after an integrity check."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {name: sorted(connection.execute(f'select * from "{name}"'), key=repr) for (name,) in names}


def ticks_of(path: Path) -> set[str]:
    return {route for _, _, route, *_ in rows_of(path)["tick"]}


async def filled(path: Path, catalogue: Catalogue, units: int, *, ballast: int = 0) -> list[str]:
    """Create a database in which learner 1 ticked so many units; ``ballast`` bytes make it larger."""
    store = await Store.open(path)
    try:
        study = await Study.open(store, catalogue)
        for leaf in list(catalogue.default.leaves)[:units]:
            await study.progress.complete(Asker(1, 700, "Ada"), catalogue.default.nodes[leaf])
        if ballast:
            await store.settings.set("ballast", secrets.token_hex(ballast // 2))
    finally:
        await store.close()
    return list(catalogue.default.leaves)[:units]


def of_version(path: Path, version: int) -> None:
    """Create a database of an earlier schema version with one tick."""
    with closing(sqlite3.connect(path)) as connection:
        for number in range(1, version + 1):
            for statement in statements(migrations()[number]):
                connection.execute(statement)
        connection.execute(
            "insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)"
            " values (1, 'az-104', 'deploy', 1, 1, null, 1)"
        )
        connection.execute(f"pragma user_version = {version}")
        connection.commit()


def lose_a_page(path: Path) -> None:
    """Damage an index in a way that reading rows doesn't detect."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma writable_schema = on")
        connection.execute("delete from sqlite_master where name = 'member_by_learner'")


def listed(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, without SQLite's auxiliary files."""
    return {
        str(file.relative_to(folder)): file.read_bytes() if file.is_file() else b""
        for file in sorted(folder.rglob("*"))
        if not file.name.endswith(("-shm", "-wal"))
    }


def process(code: str, *words: object) -> subprocess.Popen[str]:
    """Start a Python process that runs ``code`` with ``words`` as its arguments."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def bot(folder: Path, *words: object, **settings: object) -> tuple[int, str, str]:
    """Run ``python -m bot …`` in a folder with only these settings. Return exit code, output and errors."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=folder,
        env=environment | {name: str(value) for name, value in settings.items()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr
