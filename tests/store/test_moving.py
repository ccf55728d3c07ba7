"""Moving, backing up and restoring between a SQLite file and PostgreSQL."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import BadInput, Busy, UnusableDatabase
from bot.store import Store
from bot.store.moving import back_up, move, restore, where_of
from bot.store.sqlite.tables import reading as reading_file
from bot.store.tables import copied_tables, sums_of
from tests.databases import break_on, query, url_of
from tests.store.changes import ADA, BEN, tick

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def address(postgres):
    made = postgres.create(empty=True)
    yield made
    postgres.drop(made)


@pytest.fixture
def other(postgres):
    made = postgres.create(empty=True)
    yield made
    postgres.drop(made)


@pytest.fixture
def file(tmp_path):
    """A file with learners, a cohort and texts that are hard to copy."""
    path = tmp_path / "from.db"
    asyncio.run(filled(path))
    return path


async def filled(where):
    store = await Store.open(where)
    try:
        await tick(store, ADA, *(f"r{number}" for number in range(3000)), complete=["r1"])
        await tick(store, BEN, "a\tb", "c\\n", "„é\U0001f600", "\\N", "x\ny", server=800)
        await store.settings.set("quotes", 'it\'s "quoted", {braces} and \\ backslashes')
        await store.settings.set("empty", "")
        await store.learners.set_zone(ADA, "Europe/Berlin", NOW)
    finally:
        await store.close()
    query(where, "insert into card values (?, 't-1', 'q', 2, null, ?, 5.5, 1, 2, 3)", ADA, 0.1 + 0.2)


def contents(where):
    """Every row of every table that is copied."""
    with reading_file(where) as tables:
        names = copied_tables(tables)
    return {name: sorted(map(repr, query(where, f"select {', '.join(names[name])} from {name}"))) for name in names}


def test_there_and_back_everything_is_the_same(file, address, other, tmp_path):
    before = contents(file)
    steps = []
    moved = move(file, address, now=NOW, between=lambda: steps.append(1))
    assert moved.rows == sum(map(len, before.values()))
    assert len(steps) > 2
    assert move(address, other, now=NOW).tables == moved.tables
    back = tmp_path / "back.db"
    assert move(other, back, now=NOW).tables == moved.tables
    assert contents(back) == before
    assert back.stat().st_mode & 0o777 == 0o600
    assert asyncio.run(ticks(back)) == asyncio.run(ticks(file)) == asyncio.run(ticks(address))
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


async def ticks(where):
    store = await Store.open(where)
    try:
        return sorted(await store.progress.of(ADA, "t-1"))
    finally:
        await store.close()


@pytest.mark.parametrize("kind", ["file", "address"])
def test_a_target_with_rows_is_refused_and_left_alone(file, address, tmp_path, kind):
    target = tmp_path / "to.db" if kind == "file" else address
    asyncio.run(filled(target))
    before = query(target, "select count(*) from tick")
    with pytest.raises(BadInput, match="isn't empty: there are rows in card, learner"):
        move(file, target, now=NOW)
    assert query(target, "select count(*) from tick") == before


def test_a_source_that_a_bot_serves_is_refused(file, address, tmp_path):
    row = "insert into shard_lease values ('all', 'x', 'host-1', 4711, ?, 0)"
    query(file, row, int((NOW - timedelta(seconds=8)).timestamp()))
    with pytest.raises(Busy, match="in use by process 4711 on host-1: stop the bot first"):
        move(file, address, now=NOW)
    assert move(file, address, now=NOW + timedelta(minutes=1)).rows, "that process ended long ago"


def test_an_older_source_is_refused_and_not_upgraded(address, tmp_path):
    asyncio.run(filled(address))
    query(address, "update schema_version set version = 11")
    with pytest.raises(UnusableDatabase, match=r"has version 11.*Start this Waymark on it once"):
        move(address, tmp_path / "new.db", now=NOW)
    with pytest.raises(UnusableDatabase, match="has version 11"):
        back_up(address, tmp_path / "backup.db.gz")
    assert query(address, "select version from schema_version") == [(11,)]
    assert not list(tmp_path.iterdir())


def test_an_empty_database_is_no_source(postgres, tmp_path):
    empty = postgres.create(empty=True)
    with pytest.raises(UnusableDatabase, match="has version 0"):
        back_up(empty, tmp_path / "backup.db.gz")
    assert query(empty, "select count(*) from information_schema.tables where table_schema = current_schema()") == [
        (0,)
    ]
    postgres.drop(empty)


def test_a_failure_leaves_nothing(file, address, tmp_path):
    asyncio.run(opened(address))
    break_on(address, "before insert on tick")
    with pytest.raises(UnusableDatabase, match="broken"):
        move(file, address, now=NOW)
    assert query(address, "select count(*) from learner") == [(0,)]

    class Stop(Exception):
        pass

    def stop():
        raise Stop

    with pytest.raises(Stop):
        move(file, tmp_path / "new.db", now=NOW, between=stop)
    assert {each.name for each in tmp_path.iterdir()} <= {"from.db", "from.db-shm", "from.db-wal"}


async def opened(where):
    store = await Store.open(where)
    await store.close()


def test_killed_while_moving(file, address, tmp_path):
    """The target is empty afterwards, or complete, and a second attempt works."""
    asyncio.run(opened(address))
    script = (
        "import os, signal, sys; from datetime import *; from pathlib import Path; from bot.store.moving import *\n"
        "left = [int(sys.argv[3])]\n"
        "def between():\n    left[0] -= 1\n    if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "move(Path(sys.argv[1]), where_of(sys.argv[2]), now=datetime.now(timezone.utc), between=between)\n"
    )
    url = url_of(address)
    for step in (1, 3, 6):
        for target in (url, str(tmp_path / "to.db")):
            done = subprocess.run(
                [sys.executable, "-c", script, str(file), target, str(step)], cwd=ROOT, check=False, timeout=60
            )
            assert done.returncode == -signal.SIGKILL
        assert query(address, "select count(*) from tick") == [(0,)]
        assert not (tmp_path / "to.db").exists()
    assert move(file, address, now=NOW).rows > 3000


def test_a_backup_of_postgresql_is_a_file_like_every_backup(file, address, other, tmp_path):
    move(file, address, now=NOW)
    made = back_up(address, tmp_path / "b.db.gz")
    assert made.contents.rows["tick"] == 3005
    with pytest.raises(BadInput, match="already exists"):
        back_up(address, tmp_path / "b.db.gz")
    restored = tmp_path / "restored.db"
    restore(tmp_path / "b.db.gz", restored, now=NOW, keep_in=tmp_path)
    assert contents(restored) == contents(file)
    asyncio.run(opened(other))
    query(other, "insert into setting values ('old', '1')")
    done = restore(tmp_path / "b.db.gz", other, now=NOW, keep_in=tmp_path)
    assert done.replaced == tmp_path / "waymark.replaced-20261120T093000Z.db.gz"
    assert query(other, "select count(*) from tick") == [(3005,)]
    assert query(other, "select * from setting where name = 'old'") == []
    again = restore(done.replaced, other, now=NOW + timedelta(hours=1), keep_in=tmp_path)
    assert query(other, "select name from setting") == [("old",)]
    assert again.replaced.exists()


def test_a_file_that_is_no_backup_changes_nothing(address, tmp_path):
    asyncio.run(filled(address))
    (tmp_path / "b.gz").write_bytes(b"Dear diary" * 100)
    with pytest.raises(BadInput, match="neither a backup nor a database"):
        restore(tmp_path / "b.gz", address, now=NOW, keep_in=tmp_path)
    assert query(address, "select count(*) from tick") == [(3005,)]


async def test_a_backup_is_one_moment_while_members_tick(address, tmp_path):
    """Between two batches of the backup, a change is confirmed, every time."""
    await filled(address)
    store = await Store.open(address)
    running, confirmed = asyncio.get_running_loop(), []

    async def more():
        await tick(store, BEN, f"later{len(confirmed)}")
        confirmed.append(1)

    def between():
        asyncio.run_coroutine_threadsafe(more(), running).result(timeout=30)

    try:
        made = await asyncio.to_thread(back_up, address, tmp_path / "b.db.gz", between=between)
    finally:
        await store.close()
    assert confirmed
    assert made.contents.rows["tick"] == 3005
    assert query(address, "select count(*) from tick") == [(3005 + len(confirmed),)]


def test_addresses_and_files():
    assert where_of("postgresql://u:p@h/d") == "postgresql://u:p@h/d"
    assert where_of("waymark.db") == Path("waymark.db")


def test_the_command(file, address, tmp_path):
    environment = os.environ | {"DISCORD_TOKEN": ""}
    command = [sys.executable, "-m", "bot", "move", str(file), url_of(address)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=180)
    assert (done.returncode, done.stderr) == (0, "")
    assert "tick: 3005 rows\n" in done.stdout
    assert "compared" in done.stdout
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=180)
    assert done.returncode == 1
    assert "isn't empty" in done.stderr


def test_sums_dont_depend_on_the_order(file):
    with reading_file(file) as tables:
        there = sums_of(tables, lambda: None)
    query(file, "create table copy as select * from tick order by route desc")
    query(file, "delete from tick")
    query(file, "insert into tick select * from copy")
    query(file, "drop table copy")
    with reading_file(file) as tables:
        assert sums_of(tables, lambda: None) == there
    query(file, "update tick set done_at = done_at + 1 where route = 'r1'")
    with reading_file(file) as tables:
        assert sums_of(tables, lambda: None) != there
