"""Restore: refusals change nothing, the replaced database is kept, and a kill leaves one of the two intact."""

import asyncio
import gzip
import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import time
import zlib
from collections import Counter
from contextlib import closing

import pytest

from bot.errors import BadInput, Busy, UnusableDatabase
from bot.store import Store
from bot.store.sqlite.backup import back_up, restore, steps_of_backup, steps_of_restore
from bot.store.sqlite.schema import migrations
from bot.store.sqlite.snapshots import MAGIC, size_in_header
from bot.study import Study
from tests.operation.drill import NOW, bot, filled, listed, lose_a_page, of_version, process, rows_of, ticks_of

KEPT = "waymark.db.replaced-20261124T101500Z"
PUT_BACK = """
import sys, pathlib, datetime
from bot.store.sqlite.backup import restore
print("begun", flush=True)
restore(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), now=datetime.datetime.now(datetime.UTC))
print("done", flush=True)
"""
KILLED_AT_EACH_LINE = """
import os, pathlib, shutil, signal, sys
from bot.store.sqlite.backup import restore
from tests.operation.drill import NOW, rows_of
backup, folder = map(pathlib.Path, sys.argv[1:])
path, line, left = folder.parent / "tried" / "waymark.db", 0, -1
assert (folder / "waymark.db-wal").stat().st_size
shutil.copytree(folder, path.parent)
was = rows_of(path)
while left:
    line += 1
    shutil.rmtree(path.parent)
    shutil.copytree(folder, path.parent)
    child = os.fork()
    if not child:
        lines = 0
        def traced(frame, event, argument):
            global lines
            if not frame.f_code.co_filename.endswith(("sqlite/backup.py", "sqlite/snapshots.py")):
                return None
            lines += event == "line"
            if lines == line:
                os.kill(os.getpid(), signal.SIGKILL)
            return traced
        sys.settrace(traced)
        restore(backup, path, now=NOW)
        os._exit(0)
    left = os.waitpid(child, 0)[1]
    now = rows_of(path)
    kept = [rows_of(each) == was for each in path.parent.glob("*.replaced-*Z")]
    print("old" if now == was else len(now["tick"]), *kept, flush=True)
"""
TICK_ON = """
import asyncio, sys, pathlib
from bot.content import read_courses
from bot.core.course.catalogue import Catalogue
from bot.store import Store
from bot.study import Asker, Study
async def main():
    catalogue = Catalogue(read_courses(pathlib.Path("data/courses")), "az-104")
    study = await Study.open(await Store.open(pathlib.Path(sys.argv[1])), catalogue)
    for leaf in list(catalogue.default.leaves)[:25]:
        await study.progress.complete(Asker(1, 700, "Ada"), catalogue.default.nodes[leaf])
        print(leaf, flush=True)
    sys.stdin.read()
asyncio.run(main())
"""


@pytest.fixture
async def backup(catalogue, tmp_path):
    """A backup with ten ticks of another database."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    await filled(folder / "old.db", catalogue, 10)
    return back_up(folder / "old.db", folder / "b.gz").path


def names(path):
    return sorted(file.name for file in path.parent.iterdir() if file.is_file())


async def test_the_drill(backup, path, catalogue, asker, clock):
    """An operator loses the database, restores it and starts the bot: all data is there, and members continue."""
    done = restore(backup, path, now=NOW)
    assert done.replaced is None
    assert done.contents.rows["tick"] == 10
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    store = await Store.open(path)
    study = await Study.open(store, catalogue, now=clock.now)
    assert len(await store.progress.of(1, "az-104")) == 10
    await study.progress.complete(asker(), catalogue.default.nodes["deploy"])
    await store.close()
    assert names(path) == ["waymark.db"]


async def test_the_replaced_database_is_kept_and_can_be_restored(backup, path, catalogue):
    await filled(path, catalogue, 33)
    path.chmod(0o640)
    first = rows_of(path)
    done = restore(backup, path, now=NOW)
    assert done.replaced == path.with_name(KEPT)
    assert names(path) == ["waymark.db", KEPT]
    assert rows_of(done.replaced) == first
    assert stat.S_IMODE(done.replaced.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o640, "the operator's own choice"
    assert len(ticks_of(path)) == 10
    again = restore(done.replaced, path, now=NOW)
    assert rows_of(path) == first
    assert again.replaced == path.with_name(KEPT + "-2"), "kept too: nothing is overwritten"
    assert len(ticks_of(again.replaced)) == 10


async def test_an_old_write_ahead_log_is_kept_and_never_applied(backup, path):
    bot_process = process(TICK_ON, path)
    confirmed = [bot_process.stdout.readline().strip() for _ in range(25)]
    bot_process.send_signal(signal.SIGKILL)
    bot_process.communicate()
    assert path.with_name("waymark.db-wal").stat().st_size
    assert b"deploy" not in path.read_bytes()
    done = restore(backup, path, now=NOW)
    assert names(path) == ["waymark.db", KEPT], "the old log is gone with the old database"
    assert len(ticks_of(path)) == 10
    assert ticks_of(done.replaced) == set(confirmed)


async def test_a_write_ahead_log_without_database_is_never_applied(backup, path, catalogue):
    """Only the database file was deleted."""
    await filled(path, catalogue, 20)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("delete from tick")
        reader.commit()
        stale = {each: path.with_name(path.name + each).read_bytes() for each in ("-wal", "-shm")}
    path.unlink()
    for each, content in stale.items():
        path.with_name(path.name + each).write_bytes(content)
    restore(backup, path, now=NOW)
    assert len(ticks_of(path)) == 10
    assert path.with_name(KEPT + "-wal").read_bytes() == stale["-wal"], "kept for analysis"


async def test_an_unreadable_database_is_replaced_and_kept(backup, path):
    path.write_bytes(b"half a sector of something else " * 400)
    done = restore(backup, path, now=NOW)
    assert len(ticks_of(path)) == 10
    assert done.replaced.read_bytes().startswith(b"half a sector")
    assert names(path) == ["waymark.db", KEPT]


async def test_a_damaged_database_is_replaced(backup, path, catalogue):
    await filled(path, catalogue, 100)
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    done = restore(backup, path, now=NOW)
    assert len(ticks_of(path)) == 10
    assert done.replaced.read_bytes()[4096:] == data[4096:]


async def test_a_linked_database(backup, path, catalogue, tmp_path):
    (tmp_path / "disk").mkdir()
    await filled(tmp_path / "disk" / "waymark.db", catalogue, 5)
    path.symlink_to(tmp_path / "disk" / "waymark.db")
    done = restore(backup, path, now=NOW)
    assert path.is_symlink()
    assert done.replaced == tmp_path / "disk" / KEPT
    assert len(ticks_of(path)) == 10


# --- what is refused --------------------------------------------------------------------------------------------------


async def test_a_database_in_use_is_not_replaced(backup, path, store, study, asker, catalogue):
    """By an idle bot in this process and in another one."""
    await study.progress.complete(asker(), catalogue.default.nodes["deploy"])
    with pytest.raises(Busy, match="stop the bot"):
        restore(backup, path, now=NOW)
    code, said, err = await asyncio.to_thread(bot, path.parent, "restore", backup, DATABASE_PATH=path)
    assert (code, said) == (1, "")
    assert "in use: stop the bot first" in err
    assert names(path) == ["waymark.db", "waymark.db-shm", "waymark.db-wal"]
    await study.progress.undo(asker())
    await study.progress.complete(asker(), catalogue.default.paths[1])
    assert {tick.route for tick in await store.progress.of(1, "az-104")} == set(catalogue.default.paths[1].leaves)


def database(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path.read_bytes()


def unusable(whole, scratch):
    """Files that must be refused, each with its error message."""
    plain = gzip.decompress(whole)
    torn = plain[:8192] + b"\xff" * 4096 + plain[12288:]
    milk = database(scratch / "milk.db", "create table milk (litres integer)", "pragma user_version = 1")
    (scratch / "newer.db").write_bytes(plain)
    (scratch / "lost.db").write_bytes(plain)
    lose_a_page(scratch / "lost.db")
    newer = database(scratch / "newer.db", f"pragma user_version = {max(migrations()) + 1}")
    return {
        "truncated": (whole[: len(whole) // 2], "is damaged"),
        "truncated by one byte": (whole[:-1], "is damaged"),
        "another length": (whole[:-4] + b"\1\0\0\0", "is damaged"),
        "damaged before it was compressed": (gzip.compress(torn), "is damaged"),
        "a damaged database": (torn, "is damaged"),
        "a page that nothing leads to": ((scratch / "lost.db").read_bytes(), "there is no index member_by_learner"),
        "half a database": (plain[: len(plain) // 2], "is damaged"),
        "empty": (b"", "neither a backup nor a database"),
        "empty, compressed": (gzip.compress(b""), "no database of Waymark"),
        "a text": (b"Buy milk", "neither a backup nor a database"),
        "a text, compressed": (gzip.compress(b"Buy milk" * 1000), "is damaged"),
        "another program's database": (milk, "no database of Waymark"),
        "of a newer version": (newer, "newer Waymark that wrote it"),
    }


@pytest.mark.parametrize("there", [True, False])
async def test_an_invalid_backup_changes_nothing(backup, path, catalogue, there):
    if there:
        await filled(path, catalogue, 33)
    given = path.with_name("given")
    for kind, (content, says) in unusable(backup.read_bytes(), backup.parent).items():
        given.write_bytes(content)
        before = listed(path.parent)
        with pytest.raises(BadInput, match=says) as refusal:
            restore(given, path, now=NOW)
        assert str(given) in str(refusal.value), kind
        assert listed(path.parent) == before, kind
    for no_file in (path.with_name("gone"), path.parent):
        with pytest.raises(BadInput, match="can't be read"):
            restore(no_file, path, now=NOW)
    assert listed(path.parent) == before


async def test_a_flipped_bit_is_detected_or_harmless(backup, path):
    """Some bits in the header of a compressed file have no effect; any other must be refused."""
    whole, given, dice = backup.read_bytes(), path.parent / "given", random.Random(11)
    was, refused = rows_of(backup.with_name("old.db")), 0
    for at in [*range(10), *(dice.randrange(len(whole)) for _ in range(60))]:
        given.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :])
        try:
            restore(given, path, now=NOW)
        except BadInput:
            refused += 1
            assert not path.exists()
        else:
            assert rows_of(path) == was
            path.unlink()
    assert refused >= 60


def bomb(size, says=None):
    """A compressed file that claims a database of ``says`` bytes (by default ``size``) and has ``size`` zeros."""
    head = bytearray(100)
    head[:16] = b"SQLite format 3\0"
    head[16:18] = (4096).to_bytes(2)
    head[28:32] = ((size if says is None else says) // 4096).to_bytes(4)
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(head)]
    parts += [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize(
    ("says", "refusal"),
    [
        (None, "bytes were compressed to"),
        (1 << 20, "longer than its header says"),
        (0, "longer than its header says"),
    ],
)
def test_a_bomb_is_refused_after_the_first_piece(path, says, refusal):
    """A process limit counts what is written: more than 3 MB would end with another error."""
    given = path.with_name("given")
    given.write_bytes(bomb(200 << 20, says))
    assert given.stat().st_size < 1 << 20
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, before[1]))
    try:
        with pytest.raises(BadInput, match=refusal):
            restore(given, path, now=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert names(path) == ["given"]


def test_a_database_that_compresses_well_is_restored(path, tmp_path):
    """The ratio is limited only from 64 MB on."""
    of_version(tmp_path / "old.db", max(migrations()))
    database(
        tmp_path / "old.db",
        "create table ballast (zeros blob)",
        "insert into ballast values (zeroblob(20000000))",
        "drop table ballast",
    )
    made = back_up(tmp_path / "old.db", tmp_path / "b.gz")
    assert (tmp_path / "old.db").stat().st_size > 100 * made.size
    assert restore(tmp_path / "b.gz", path, now=NOW).contents.rows["tick"] == 1


def test_a_database_that_does_not_fit_on_the_disk_is_refused_at_once(path, tmp_path):
    """As a database and as a backup: a sparse file can claim any size."""
    plain = tmp_path / "plain"
    of_version(plain, max(migrations()))
    free = shutil.disk_usage(tmp_path).free
    head = bytearray(plain.read_bytes())
    try:
        os.truncate(plain, free + (1 << 30))
    except OSError:
        pytest.skip("this file system has no such large files")
    with pytest.raises(BadInput, match="MB are free"):
        restore(plain, path, now=NOW)
    plain.unlink()
    head[28:32] = (free // 4096 + 1000).to_bytes(4)
    (tmp_path / "b.gz").write_bytes(gzip.compress(head))
    with pytest.raises(BadInput, match=r"bytes were compressed to|MB are free"):
        restore(tmp_path / "b.gz", path, now=NOW)
    assert not path.exists()


@pytest.mark.parametrize(("share", "fits"), [(0.42, True), (0.58, False)])
def test_there_must_be_room_for_the_replaced_database_twice(path, tmp_path, share, fits):
    """Its copy, and the journal of the transaction that rewrites it."""
    of_version(tmp_path / "given", max(migrations()))
    of_version(path, max(migrations()))
    try:
        os.truncate(path, int(shutil.disk_usage(tmp_path).free * share))
    except OSError:
        pytest.skip("this file system has no such large files")
    if fits:
        assert restore(tmp_path / "given", path, now=NOW).contents.rows["tick"] == 1
    else:
        with pytest.raises(UnusableDatabase, match=r"can't be replaced.*It is as it was"):
            restore(tmp_path / "given", path, now=NOW)
        assert not path.with_name(KEPT).exists()


CRAFTED = {
    "create trigger t after insert on tick begin delete from tick; end": "unexpected trigger t",
    "create view v as select * from tick": "unexpected view v",
    "create table milk (litres integer)": "unexpected table milk",
    "create index milk on tick (course)": "unexpected index milk",
    "drop index member_by_learner": "no index member_by_learner",
    "drop table member": "no table member",
    "alter table tick add column milk integer": "table tick is not",
    "alter table learner rename to person": "table",
    'create table "milk\n\x1b[2J" (litres integer)': r"unexpected table milk\?\?\[2J",
}


@pytest.mark.parametrize("statement", CRAFTED)
@pytest.mark.parametrize("packed", [True, False])
def test_a_schema_that_is_not_waymarks_is_refused(path, tmp_path, statement, packed):
    of_version(tmp_path / "given", max(migrations()))
    content = database(tmp_path / "given", statement)
    (tmp_path / "given").write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(BadInput, match=f"no database of Waymark: .*{CRAFTED[statement]}"):
        restore(tmp_path / "given", path, now=NOW)
    assert not path.exists()


def test_objects_under_names_of_sqlite_are_found_too(path, tmp_path):
    """``writable_schema`` can give a trigger a reserved name."""
    of_version(tmp_path / "given", max(migrations()))
    database(
        tmp_path / "given",
        "create trigger t after insert on tick begin delete from tick; end",
        "pragma writable_schema = on",
        "update sqlite_master set name = 'sqlite_stat1', sql = replace(sql, ' t ', ' sqlite_stat1 ') where name = 't'",
    )
    with pytest.raises(BadInput, match=r"unexpected trigger sqlite_stat1|is damaged"):
        restore(tmp_path / "given", path, now=NOW)


def test_insignificant_schema_differences_are_accepted(path, tmp_path):
    of_version(tmp_path / "given", max(migrations()))
    database(
        tmp_path / "given",
        "analyze",
        "pragma writable_schema = on",
        "update sqlite_master set sql = replace(sql, '(', '  (\n-- an older comment\n') where name = 'tick'",
    )
    assert restore(tmp_path / "given", path, now=NOW).contents.rows["tick"] == 1


@pytest.mark.parametrize("packed", [True, False])
def test_the_name_of_a_table_is_not_run_as_sql(path, tmp_path, packed):
    """As SQL, this name would run forever."""
    of_version(tmp_path / "given", max(migrations()))
    name = 'tick", (with recursive c (n) as (select 1 union all select n + 1 from c) select n from c) "'
    quoted = name.replace('"', '""')
    content = database(tmp_path / "given", f'create table "{quoted}" (a integer)')
    (tmp_path / "given").write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(BadInput, match="unexpected table tick"):
        restore(tmp_path / "given", path, now=NOW)


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_only_a_regular_file_is_restored(path, kind):
    given = path.with_name("given")
    os.mkfifo(given) if kind == "pipe" else given.symlink_to("/dev/zero")
    with pytest.raises(BadInput, match="not a regular file"):
        restore(given, path, now=NOW)


@pytest.mark.parametrize(("page", "size"), [(4096, 4096), (1, 65536)])
def test_the_size_of_a_database_is_in_its_header(page, size):
    head = MAGIC + page.to_bytes(2) + bytes(28 - 18) + (1 << 24).to_bytes(4) + bytes(68)
    assert size_in_header(head) == size << 24


def test_steps_are_estimated_for_the_progress_bar(path, tmp_path):
    of_version(tmp_path / "old.db", max(migrations()))
    database(
        tmp_path / "old.db",
        "create table ballast (noise blob)",
        "insert into ballast values (randomblob(20000000))",
        "drop table ballast",
    )
    taken = []
    back_up(tmp_path / "old.db", tmp_path / "b.gz", between=lambda: taken.append(1))
    assert abs(steps_of_backup(tmp_path / "old.db") - len(taken)) <= 3
    for source in (tmp_path / "b.gz", tmp_path / "old.db"):
        taken.clear()
        restore(source, path, now=NOW, between=lambda: taken.append(1))
        assert 0 < len(taken) <= steps_of_restore(source)
    assert steps_of_restore(tmp_path / "gone") is None


# --- versions, kills, the command line --------------------------------------------------------------------------------


@pytest.mark.parametrize("version", range(1, max(migrations()) + 1))
async def test_a_backup_of_an_earlier_version_migrates_at_the_next_start(path, tmp_path, version):
    of_version(tmp_path / "old.db", version)
    back_up(tmp_path / "old.db", tmp_path / "b.gz")
    assert restore(tmp_path / "b.gz", path, now=NOW).contents.version == version
    store = await Store.open(path)
    assert [tick.route for tick in await store.progress.of(1, "az-104")] == ["deploy"]
    await store.close()


@pytest.mark.drill
async def test_a_restore_killed_at_any_line_leaves_one_database(backup, tmp_path, catalogue):
    """Up to one line the old database with its log, from then on the new one."""
    ticking = process(TICK_ON, tmp_path / "waymark.db")
    assert [ticking.stdout.readline() for _ in range(25)][-1]
    ticking.kill()
    ticking.communicate()
    folder = tmp_path / "given"
    folder.mkdir()
    for file in tmp_path.glob("waymark.db*"):
        file.rename(folder / file.name)
    running = process(KILLED_AT_EACH_LINE, backup, folder)
    said, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors
    seen = said.splitlines()
    assert set(seen) == {"old", "old True", "10 True"}, "intact, and the old database is kept before the replacement"
    assert seen == sorted(seen, key=["old", "old True", "10 True"].index)
    assert len(seen) > 50


@pytest.mark.drill
async def test_a_restore_killed_at_any_time_leaves_one_database(path, tmp_path, catalogue):
    """As above, also within SQLite's own operations."""
    await filled(tmp_path / "new.db", catalogue, 40, ballast=6 << 20)
    await filled(path, catalogue, 7, ballast=6 << 20)
    back_up(tmp_path / "new.db", tmp_path / "b.gz")
    back_up(path, tmp_path / "old.gz")
    old, new = rows_of(path), rows_of(tmp_path / "new.db")
    began = time.perf_counter()
    restore(tmp_path / "old.gz", path, now=NOW)
    takes, dice = time.perf_counter() - began, random.Random(3)
    seen = Counter()
    for _ in range(20):
        for kept in path.parent.glob("waymark.db.replaced-*"):
            kept.unlink()
        running = process(PUT_BACK, tmp_path / "b.gz", path)
        assert running.stdout.readline() == "begun\n"
        try:
            running.wait(dice.uniform(0, takes))
        except subprocess.TimeoutExpired:
            running.kill()
        running.communicate()
        # Open it through the store, as the bot does, which also rolls back an interrupted restore.
        store = await Store.open(path)
        ticks = len(await store.progress.of(1, "az-104"))
        await store.close()
        assert rows_of(path) == {7: old, 40: new}[ticks]
        assert [rows_of(kept) for kept in path.parent.glob("waymark.db.replaced-*")] in ([], [old])
        seen[ticks] += 1
        if ticks == 40:
            restore(tmp_path / "old.gz", path, now=NOW)
    assert seen[7], "some were killed before the end"


async def test_on_the_command_line(backup, path, catalogue):
    await filled(path, catalogue, 33)
    code, said, err = bot(path.parent, "restore", backup)
    assert (code, err) == (0, "")
    assert f"waymark.db: version {max(migrations())}" in said
    (kept,) = path.parent.glob("waymark.db.replaced-*")
    assert str(kept) in said
    assert len(ticks_of(path)) == 10
    code, said, err = bot(path.parent, "restore", "gone.gz")
    assert (code, said) == (1, "")
    assert "gone.gz can't be read" in err
