"""``doctor``: one line for each check, what to do about faults, and the exit code."""

import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import Settings
from bot.errors import DamagedDatabase, UnusableDatabase
from bot.operation.doctor import backups, database, token
from bot.operation.host import MB, clock, disk, zones
from bot.store.sqlite.backup import back_up
from bot.store.sqlite.health import inspect
from bot.store.sqlite.schema import migrations
from tests.conftest import TOKEN, course_text
from tests.operation.drill import NOW, bot, filled, listed, of_version

SECRET = TOKEN.rpartition(".")[2]


def lines(said, level):
    return [line[8:] for line in said.splitlines() if line.startswith(level)]


@pytest.fixture
async def installation(tmp_path, catalogue):
    """A folder without faults, and its settings."""
    await filled(tmp_path / "waymark.db", catalogue, 5)
    today = datetime.now(UTC)
    back_up(tmp_path / "waymark.db", tmp_path / "kept" / f"waymark-{today:%Y%m%d}.db.gz")
    (tmp_path / "data" / "courses").mkdir(parents=True)
    (tmp_path / "data" / "courses" / "t.yaml").write_text(course_text({"a": {"b": ["c"]}}), "utf-8")
    (tmp_path / ".env").write_text(
        f"DISCORD_TOKEN={TOKEN}\nBACKUP_DIR=kept\nCOURSES_DIR=data/courses\nDEFAULT_COURSE=t-1\n", "utf-8"
    )
    (tmp_path / ".env").chmod(0o600)
    return tmp_path


def test_no_faults(installation):
    before = listed(installation)
    code, said, err = bot(installation, "doctor")
    assert (code, err) == (0, "")
    assert lines(said, "warning") == lines(said, "error") == [], said
    found = said.splitlines()
    assert found[-1] == f"{len(found) - 1} ok, 0 warnings, 0 errors"
    named = ("python:", "settings:", "token:", "database:", "backups:", "disk of", "courses:", "discord:", "clock:")
    assert all(
        any(line.startswith(f"ok      {name}") for line in found) for name in (*named, "zones:", "fonts:", "uvloop:")
    )
    assert all(len(line) <= 120 for line in found)
    assert SECRET not in said
    assert listed(installation) == before, "the check changes nothing"


def test_an_empty_folder(tmp_path):
    """Before the first start: no token, and the check doesn't create a database."""
    code, said, err = bot(tmp_path, "doctor")
    assert (code, err) == (1, "")
    assert [line.partition(" ->")[0] for line in lines(said, "error")] == ["token: DISCORD_TOKEN is not set"]
    assert any("does not exist yet" in line for line in lines(said, "ok"))
    assert list(tmp_path.iterdir()) == []


def test_question_files_with_faults_and_those_of_no_course(installation):
    mine = installation / "data" / "questions" / "t-1"
    mine.mkdir(parents=True)
    (mine / "one.yaml").write_text("- {", "utf-8")
    code, said, _ = bot(installation, "doctor")
    assert code == 1
    assert [line for line in lines(said, "error") if line.startswith("questions: t-1/one.yaml:")], said
    mine.rename(mine.with_name("t-7"))
    code, said, _ = bot(installation, "doctor")
    assert code == 0
    assert [line for line in lines(said, "warning") if "questions/t-7: not the folder of a course" in line], said
    assert "questions: none" in lines(said, "ok")


def test_all_faults_are_reported_with_remedies(installation):
    (installation / "waymark.db").chmod(0o644)
    (installation / ".env").chmod(0o640)
    (installation / "data" / "courses" / "x.yaml").write_text("code: [", "utf-8")
    with closing(sqlite3.connect(installation / "waymark.db")) as newer:
        newer.execute("pragma user_version = 4711")
    code, said, _ = bot(installation, "doctor", DISCORD_TOKEN="123456789012345678")
    assert code == 1
    faults = " ".join(lines(said, "error"))
    assert all(each in faults for each in ("token: ", "4711", "courses: x.yaml:")), said
    assert "123456789012345678" not in said
    assert [line for line in lines(said, "warning") if "waymark.db: other users can open it (mode 644)" in line]
    assert [line for line in lines(said, "warning") if line.startswith(".env: other users")]
    assert all(" -> " in line for line in lines(said, "error") + lines(said, "warning"))


def test_settings_that_cannot_be_used(installation):
    code, said, _ = bot(installation, "doctor", LOG_LEVEL="LOUD", BACKUP_KEEP="0")
    assert code == 1
    assert [line.split(":")[1].strip() for line in lines(said, "error")] == ["BACKUP_KEEP", "LOG_LEVEL"]
    assert any(line.startswith("clock") for line in lines(said, "ok")), "the rest is still checked"


def test_an_unknown_default_course(installation):
    code, said, _ = bot(installation, "doctor", DEFAULT_COURSE="t-2")
    assert code == 1
    assert "Did you mean T-1" in "".join(lines(said, "error"))


@pytest.mark.parametrize("where", [".", "/", "data", "data/courses"])
def test_a_database_that_is_a_folder(installation, where):
    code, said, err = bot(installation, "doctor", DATABASE_PATH=where)
    assert (code, err) == (1, "")
    (fault,) = lines(said, "error")
    assert re.fullmatch(r"database: .+ is a folder, not a file -> name a file in DATABASE_PATH", fault)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("DISCORD_TOKEN=x".encode("utf-16"), ".env: the text is UTF-16"),
        (b"DISCORD_TOKEN=x\n# Schl\xfcssel", ".env: line 2 is not UTF-8"),
    ],
)
def test_a_binary_settings_file(installation, content, says):
    (installation / ".env").write_bytes(content)
    code, said, err = bot(installation, "doctor")
    assert (code, err) == (1, "")
    assert [line for line in lines(said, "error") if says in line], said
    assert any(line.startswith("clock") for line in lines(said, "ok")), "the rest is still checked"


def test_misspelt_settings(installation):
    with (installation / ".env").open("a") as file:
        file.write("BACKUPS_DIR=kept\nDISCORD_BOT_TOKEN=x\nTZ=UTC\n")
    code, said, _ = bot(installation, "doctor")
    assert code == 0
    assert [line.partition(" -> ")[0] for line in lines(said, "warning")] == [
        "settings: BACKUPS_DIR in .env is not a setting; did you mean BACKUP_DIR?",
        "settings: DISCORD_BOT_TOKEN in .env is not a setting; did you mean DISCORD_TOKEN?",
    ]


def test_a_missing_question_folder(installation):
    code, said, _ = bot(installation, "doctor", QUESTIONS_DIR="gone")
    assert code == 1
    assert any("QUESTIONS_DIR: gone is not a folder" in line for line in lines(said, "error"))


def test_a_token_in_quotes_is_named(installation):
    code, said, _ = bot(installation, "doctor", DISCORD_TOKEN=f'"{TOKEN}"')
    assert code == 1
    assert "token: DISCORD_TOKEN is in quotation marks -> Remove them" in lines(said, "error")
    assert SECRET not in said


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another user")
def test_an_unreadable_database_is_not_called_damaged(path):
    """For a user who isn't root. A restore doesn't fix permissions."""
    of_version(path, max(migrations()))
    path.chmod(0o000)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setuid(65534)
            inspect(path)
        except UnusableDatabase as error:
            os.write(writing, type(error).__name__.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as said:
        assert said.read() == "UnusableDatabase"
    path.write_bytes(b"Buy milk. " * 1000)
    with pytest.raises(DamagedDatabase):
        inspect(path)


def test_a_schema_that_was_changed_by_hand(path):
    of_version(path, max(migrations()))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create trigger t after insert on tick begin delete from tick; end")
    assert inspect(path).faults == ("there is an unexpected trigger t",)


# --- the token --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (TOKEN, "ok"),
        (f"  {TOKEN}\n", "ok"),
        ("", "error"),
        ("   ", "error"),
        ("123456789012345678", "error"),
        ("a" * 64, "error"),
        (f"Bot {TOKEN}", "error"),
        (f'"{TOKEN}"', "error"),
        (TOKEN.rpartition(".")[0], "error"),
        ("bm90IGFuIGlkIGJ1dCBhIHRleHQ." + TOKEN.partition(".")[2], "error"),
        ("//79_P79_P79_P79_P79_P79_P4." + TOKEN.partition(".")[2], "error"),
        ("_____________________." + TOKEN.partition(".")[2], "error"),
    ],
)
def test_the_form_of_a_token(text, level):
    found = token(text)
    assert found.level == level
    assert SECRET not in str(found)


# --- the database -----------------------------------------------------------------------------------------------------


def levels(found):
    return [each.level for each in found]


async def test_a_database_in_use(store, path, study, asker, catalogue):
    """The check doesn't wait, and includes the write-ahead log."""
    ticked = await study.progress.complete(asker(), catalogue.default.paths[0])
    assert ticked
    health = inspect(path)
    assert health.faults == ()
    assert health.rows >= len(catalogue.default.paths[0].leaves)
    assert health.latest == study.now()
    assert levels(database(path, health)) == ["ok"]


async def test_the_log_of_a_killed_bot_is_read_and_unchanged(store, path, study, asker, catalogue, tmp_path):
    """After a crash the write-ahead log is not merged."""
    await study.progress.complete(asker(), catalogue.default.paths[0])
    left = tmp_path / "left" / path.name
    left.parent.mkdir()
    for each in ("", "-wal"):
        left.with_name(path.name + each).write_bytes(path.with_name(path.name + each).read_bytes())
    before = left.read_bytes(), left.with_name(path.name + "-wal").read_bytes()
    assert inspect(left).rows >= len(catalogue.default.paths[0].leaves)
    assert (left.read_bytes(), left.with_name(path.name + "-wal").read_bytes()) == before


async def test_a_damaged_database(path, catalogue, installation):
    await filled(path, catalogue, 200)
    data = bytearray(path.read_bytes())
    data[-4096 * 4 :] = b"\xff" * 4096 * 4
    path.write_bytes(data)
    code, said, _ = bot(installation, "doctor")
    assert code == 1
    assert any(line.startswith("database:") and "restore" in line for line in lines(said, "error")), said
    path.write_bytes(b"Buy milk. " * 1000)
    code, said, _ = bot(installation, "doctor")
    assert code == 1
    assert any("file is not a database" in line for line in lines(said, "error"))


def test_a_missing_table(path):
    of_version(path, max(migrations()))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("drop table member")
    assert inspect(path).faults == ("there is no table member",)


def test_a_database_of_an_earlier_version_is_not_migrated(path):
    of_version(path, 1)
    path.chmod(0o600)
    before = path.read_bytes()
    (found,) = database(path, inspect(path))
    assert found.level == "ok"
    assert f"becomes {max(migrations())} at the next start" in found.what
    assert path.read_bytes() == before


async def test_an_interrupted_restore_is_not_called_damage(installation):
    (installation / "waymark.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(512))
    code, said, _ = bot(installation, "doctor")
    assert code == 0
    assert "a restore was interrupted" in "".join(lines(said, "warning"))


def test_a_folder_in_which_others_can_replace_the_database(path):
    of_version(path, 1)
    path.chmod(0o600)
    path.parent.chmod(0o777)
    assert levels(database(path, inspect(path))) == ["ok", "warning"]
    path.parent.chmod(0o700)


def test_a_missing_folder(tmp_path):
    assert levels(database(tmp_path / "gone" / "waymark.db", None)) == ["error"]


async def test_a_large_write_ahead_log(store, path):
    """An open read transaction prevents a checkpoint."""
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from tick").fetchone()
        for size in range(9):
            await store.settings.set(f"ballast {size}", "x" * (8 << 20))
        found = list(database(path, inspect(path)))
    assert levels(found) == ["ok", "warning"]
    assert "are not merged" in found[1].what


# --- backups, disk, clock, zones --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "level"), [((), "warning"), ((0,), "ok"), ((-2, -9), "ok"), ((-3,), "warning"), ((0, 1), "warning")]
)
def test_the_age_of_the_newest_backup(tmp_path, days, level):
    (tmp_path / "kept").mkdir()
    for day in days:
        file = tmp_path / "kept" / f"waymark-{NOW + timedelta(days=day):%Y%m%d}.db.gz"
        file.touch(mode=0o600)
    settings = Settings(_env_file=None, database_path=tmp_path / "waymark.db", backup_dir=tmp_path / "kept")
    assert levels(backups(settings, NOW)) == [level]


def test_backups_that_others_can_read_or_nobody_can_write(tmp_path):
    file = tmp_path / f"waymark-{NOW:%Y%m%d}.db.gz"
    file.touch()
    file.chmod(0o644)
    assert levels(backups(Settings(_env_file=None, backup_dir=tmp_path), NOW)) == ["ok", "warning"]
    assert levels(backups(Settings(_env_file=None, backup_dir=file / "x"), NOW))[0] == "error"
    assert levels(backups(Settings(_env_file=None), NOW)) == ["warning"]


@pytest.mark.parametrize(
    ("free", "size", "level"),
    [
        (49 * MB, 0, "error"),
        (50 * MB, 0, "warning"),
        (499 * MB, 0, "warning"),
        (500 * MB, 0, "ok"),
        (500 * MB, 200 * MB, "warning"),
        (601 * MB, 200 * MB, "ok"),
    ],
)
def test_free_disk(free, size, level):
    assert disk("database", free, size).level == level


def test_a_slow_clock(path):
    of_version(path, 2)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update tick set made_at = ?", (int(NOW.timestamp()),))
        connection.commit()
    health = inspect(path)
    assert clock(NOW, health).level == "ok"
    assert clock(NOW - timedelta(minutes=4), health).level == "ok"
    assert clock(NOW - timedelta(minutes=6), health).level == "error"
    assert clock(datetime(2019, 1, 1, tzinfo=UTC), None).level == "error"


def test_zones(path):
    of_version(path, 2)
    with closing(sqlite3.connect(path)) as connection:
        for server, zone in enumerate(("Europe/Berlin", "Mars/Olympus_Mons")):
            connection.execute(
                "insert into cohort (server_id, course, channel_id, day, minute, zone, due_at)"
                " values (?, 'a', 1, 1, 1, ?, 1)",
                (server, zone),
            )
        connection.commit()
    (found,) = zones(NOW, inspect(path))
    assert found.level == "error"
    assert "Mars/Olympus_Mons" in found.what
    (found,) = zones(NOW, None)
    assert (found.level, bool(re.search(r"20\d\d", found.what))) == ("ok", True)
    (found,) = zones(datetime(2036, 1, 1, tzinfo=UTC), None)
    assert found.level == "warning", "ten years without new rules"


def test_stuck_deliveries_and_unknown_zones_are_named(installation):
    with closing(sqlite3.connect(installation / "waymark.db")) as connection:
        connection.execute(
            "insert into delivery (server_id, kind, series, slot, course, slot_at, state, attempts, reason) "
            "values (700, 'digest', 't-1', '2026-W48', 't-1', 1, 'claimed', 3, 'it couldn''t be drawn (OSError)')"
        )
        connection.execute("insert into learner (learner_id, zone) values (99, 'Mars/Olympus')")
        connection.commit()
    code, said, _ = bot(installation, "doctor")
    assert code == 0
    warnings = "\n".join(lines(said, "warning"))
    assert "the digest of server 700 (t-1, 2026-W48) after 3 attempts: it couldn't be drawn (OSError)" in warnings
    assert "zone Mars/Olympus is not in the time zone data, so it counts as UTC" in warnings
