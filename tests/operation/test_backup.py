"""Backups: consistent and complete or absent while the bot writes; daily backups."""

import asyncio
import gzip
import logging
import os
import random
import stat
import subprocess
import time
from datetime import timedelta

import pytest

from bot.config import Settings
from bot.errors import BadInput, UnusableDatabase
from bot.operation.backups import Backups, daily_backups, run_backups
from bot.store import Store
from bot.store.sqlite.backup import back_up, restore
from tests.operation.drill import NOW, bot, filled, listed, lose_a_page, of_version, process, rows_of, ticks_of

MAKE = "import sys, pathlib; from bot.store.sqlite.backup import back_up; print('begun', flush=True);"
MAKE += "back_up(*map(pathlib.Path, sys.argv[1:]))"


def unpacked(backup, to):
    to.write_bytes(gzip.decompress(backup.read_bytes()))
    return to


# --- one backup -------------------------------------------------------------------------------------------------------


async def test_a_backup_is_consistent_while_members_tick(study, store, path, tmp_path, asker):
    """A tick is committed between every two steps of the backup."""
    await store.settings.set("ballast", os.urandom(6 << 20).hex())
    units = iter(study.catalogue.default.leaves)
    confirmed = []
    running = asyncio.get_running_loop()

    async def tick():
        unit = next(units)
        await study.progress.complete(asker(), study.catalogue.default.nodes[unit])
        confirmed.append(unit)

    def between():
        asyncio.run_coroutine_threadsafe(tick(), running).result(timeout=30)

    for _ in range(20):
        await tick()
    before = list(confirmed)
    made = await asyncio.to_thread(back_up, path, tmp_path / "b.gz", between=between)
    meanwhile = len(confirmed) - len(before)
    assert meanwhile > 10, "commands were answered during the backup"
    restore(tmp_path / "b.gz", tmp_path / "elsewhere.db", now=NOW)
    assert ticks_of(tmp_path / "elsewhere.db") == set(before), "exactly what was committed when it began"
    assert made.contents.rows["tick"] == len(before)
    again = await Store.open(tmp_path / "elsewhere.db")
    assert len(await again.progress.of(1, "az-104")) == len(before)
    await again.close()
    assert len(await store.progress.of(1, "az-104")) == len(confirmed), "and the bot lost none"


async def test_a_backup_includes_the_write_ahead_log(study, path, tmp_path, asker):
    """Another process makes the backup while the bot has the file open, before a checkpoint."""
    node = study.catalogue.default.nodes["deploy"]
    await study.progress.complete(asker(), node)
    assert b"deploy" not in path.read_bytes(), "not yet in the main file"
    code, said, err = await asyncio.to_thread(bot, tmp_path, "backup", "b.gz", DATABASE_PATH=path)
    assert (code, err) == (0, "")
    assert "b.gz: " in said
    assert "checked" in said
    assert ticks_of(unpacked(tmp_path / "b.gz", tmp_path / "copy.db")) == set(node.leaves)


async def test_a_backup_has_mode_600_and_leaves_no_other_file(catalogue, path, tmp_path):
    await filled(path, catalogue, 3)
    before = os.umask(0)
    try:
        made = back_up(path, tmp_path / "new" / "b.gz")
    finally:
        os.umask(before)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert [file.name for file in made.path.parent.iterdir()] == ["b.gz"]
    assert made.size == made.path.stat().st_size


async def test_an_existing_file_is_never_overwritten(catalogue, path, tmp_path):
    await filled(path, catalogue, 3)
    target = tmp_path / "b.gz"
    target.write_text("mine", "utf-8")
    with pytest.raises(BadInput, match="already exists"):
        back_up(path, target)
    assert target.read_text("utf-8") == "mine"
    target.unlink()
    with pytest.raises(BadInput, match=f"{target} already exists"):
        back_up(path, target, between=lambda: target.write_text("of another process", "utf-8"))
    assert target.read_text("utf-8") == "of another process"


async def test_a_canceled_backup_leaves_nothing(catalogue, path, tmp_path):
    await filled(path, catalogue, 3, ballast=3 << 20)
    before = listed(tmp_path)
    for pieces in range(5):
        left = iter(range(pieces))

        def between(left=left):
            next(left)

        with pytest.raises(StopIteration):
            back_up(path, tmp_path / "b.gz", between=between)
        assert listed(tmp_path) == before


def test_a_missing_database_is_not_created(tmp_path):
    with pytest.raises(UnusableDatabase, match="no database"):
        back_up(tmp_path / "gone.db", tmp_path / "b.gz")
    assert list(tmp_path.iterdir()) == []


async def test_a_damaged_database_makes_no_backup(catalogue, path, tmp_path):
    await filled(path, catalogue, 200)
    data = bytearray(path.read_bytes())
    for page in range(3 * 4096, len(data), 4096):
        data[page : page + 16] = b"\xff" * 16
    path.write_bytes(data)
    with pytest.raises(UnusableDatabase, match="can't be backed up"):
        back_up(path, tmp_path / "b.gz")
    assert [file.name for file in tmp_path.iterdir() if not file.name.startswith("waymark.db")] == []


def test_a_damaged_index_makes_no_backup(path, tmp_path):
    of_version(path, 1)
    lose_a_page(path)
    with pytest.raises(UnusableDatabase, match="never used"):
        back_up(path, tmp_path / "b.gz")
    assert not (tmp_path / "b.gz").exists()


async def test_the_default_file_of_a_backup(catalogue, tmp_path):
    (tmp_path / "data").mkdir()
    await filled(tmp_path / "data" / "mine.db", catalogue, 3)
    assert bot(tmp_path, "backup", DATABASE_PATH="data/mine.db")[0] == 0
    assert bot(tmp_path, "backup", DATABASE_PATH="data/mine.db", BACKUP_DIR="kept")[0] == 0
    assert len(list((tmp_path / "data").glob("mine-????????T??????Z.db.gz"))) == 1
    assert len(list((tmp_path / "kept").glob("mine-????????T??????Z.db.gz"))) == 1
    code, said, err = bot(tmp_path, "backup", DATABASE_PATH="gone.db")
    assert (code, said) == (1, "")
    assert "no database gone.db" in err


async def test_a_killed_backup_is_complete_or_absent(catalogue, path, tmp_path):
    await filled(path, catalogue, 20, ballast=4 << 20)
    was, target = rows_of(path), tmp_path / "kept" / "b.gz"
    for delay in (random.Random(7).uniform(0, 0.5) for _ in range(8)):
        running = process(MAKE, path, target)
        assert running.stdout.readline() == "begun\n"
        try:
            running.wait(delay)
        except subprocess.TimeoutExpired:
            running.kill()
        running.communicate()
        if target.exists():
            assert rows_of(unpacked(target, tmp_path / "copy.db")) == was
            target.unlink()
        assert rows_of(path) == was


async def test_leftovers_of_killed_backups_are_deleted_after_a_day(catalogue, path, tmp_path):
    await filled(path, catalogue, 3)
    old, young = tmp_path / ".waymark-copy-old", tmp_path / ".waymark-copy-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "copy").write_text("half", "utf-8")
    a_day_ago = time.time() - 24 * 3600 - 60
    os.utime(old, (a_day_ago, a_day_ago))
    back_up(path, tmp_path / "b.gz")
    assert not old.exists()
    assert young.exists(), "it may be another backup in progress"


# --- the daily ones ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def daily(catalogue, path, clock, tmp_path):
    """Daily backups of a small database, of which two are kept."""
    await filled(path, catalogue, 3)
    return Backups(path, tmp_path / "kept", 2, now=clock.now)


def kept(tmp_path):
    return sorted(file.name for file in (tmp_path / "kept").iterdir())


async def test_one_backup_a_day_and_the_newest_are_kept(daily, clock, tmp_path, logged):
    assert await daily.back_up_if_due() == timedelta(hours=1)
    assert kept(tmp_path) == ["waymark-20261120.db.gz"]
    first = (tmp_path / "kept" / "waymark-20261120.db.gz").stat().st_mtime_ns
    clock.move(hours=13.75)
    assert await daily.back_up_if_due() == timedelta(minutes=45), "until midnight"
    assert (tmp_path / "kept" / "waymark-20261120.db.gz").stat().st_mtime_ns == first, "today's is there"
    assert len(logged.lines) == 1
    assert "waymark-20261120.db.gz" in logged.line
    for _ in range(3):
        clock.move(days=1)
        await daily.back_up_if_due()
    assert kept(tmp_path) == ["waymark-20261122.db.gz", "waymark-20261123.db.gz"]
    assert len(logged.lines) == 4


async def test_only_files_with_the_name_of_a_backup_are_deleted(daily, clock, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    others = ["other-20200101.db.gz", "waymark-20200101.db", "waymark-20200199.db.gz", "waymark-20200101T101010Z.db.gz",
              "waymark-20991231.db.gz", "a waymark-20200101.db.gz"]  # fmt: skip
    for name in [*others, "waymark-20200101.db.gz", "waymark-20200102.db.gz"]:
        (folder / name).touch()
    (folder / "waymark-20200103.db.gz").mkdir()
    await daily.back_up_if_due()
    assert kept(tmp_path) == sorted(
        [*others, "waymark-20200103.db.gz", "waymark-20200102.db.gz", "waymark-20261120.db.gz"]
    )


async def test_a_failure_is_logged_hourly_and_deletes_nothing(daily, clock, path, tmp_path, logged):
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"waymark-2020010{day}.db.gz").touch()
    whole = path.read_bytes()
    path.write_bytes(b"no database any more" * 1000)
    clock.move(hours=14)
    assert await daily.back_up_if_due() == timedelta(hours=1), "an hour later, not at midnight"
    assert logged.line.startswith("ERROR")
    assert len(kept(tmp_path)) == 3
    path.write_bytes(whole)
    await daily.back_up_if_due()
    assert kept(tmp_path) == ["waymark-20200103.db.gz", "waymark-20261120.db.gz"]


async def test_an_internal_error_is_logged(path, clock, catalogue, logged):
    await filled(path, catalogue, 1)
    assert await Backups(path, path.parent / "a\0b", 2, now=clock.now).back_up_if_due() == timedelta(hours=1)
    assert logged.line.startswith("ERROR")


async def test_backups_continue_until_canceled(daily, clock, tmp_path):
    rests = []

    async def rest(seconds):
        rests.append(seconds)
        clock.move(seconds=seconds)
        if len(rests) == 40:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await run_backups(daily, sleep=rest)
    assert kept(tmp_path) == ["waymark-20261121.db.gz", "waymark-20261122.db.gz"]
    assert max(rests) == 3600


@pytest.mark.parametrize("rounds", [0, 1, 3, 30])
async def test_a_stop_during_a_backup(catalogue, path, clock, tmp_path, rounds):
    await filled(path, catalogue, 3, ballast=4 << 20)
    looking = asyncio.create_task(Backups(path, tmp_path / "kept", 2, now=clock.now).back_up_if_due())
    for _ in range(rounds):
        await asyncio.sleep(0)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert not list((tmp_path / "kept").glob("*")), "canceled between two steps, and nothing is left"


async def test_two_processes_make_one_backup(daily, clock, path, tmp_path, logged):
    """Both find no backup at first; the slower one finds the other's in the end."""
    other = Backups(path, tmp_path / "kept", 2, now=clock.now)
    assert await asyncio.gather(daily.back_up_if_due(), other.back_up_if_due()) == [timedelta(hours=1)] * 2
    assert kept(tmp_path) == ["waymark-20261120.db.gz"]
    assert "ERROR" not in logged.text


async def test_while_the_bot_runs(catalogue, path, clock, tmp_path):
    await filled(path, catalogue, 3)
    said = asyncio.Queue()
    handler = logging.Handler()
    handler.emit = said.put_nowait
    log = logging.getLogger("waymark")
    log.addHandler(handler)
    log.setLevel("INFO")
    try:
        settings = Settings(_env_file=None, database_path=path, backup_dir=tmp_path / "kept")
        async with daily_backups(settings, now=clock.now):
            await asyncio.wait_for(said.get(), 30)
        assert kept(tmp_path) == ["waymark-20261120.db.gz"]
        async with daily_backups(Settings(_env_file=None, database_path=path)):
            pass
    finally:
        log.removeHandler(handler)
        log.setLevel("NOTSET")
