"""SQLite: opening and migrating files, locks, full disks, query plans, and the tables that refer to people."""

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from bot.errors import Busy, CannotStart, UnusableDatabase
from bot.store.queries import Queries
from bot.store.sqlite.database import IN_PLACE, Database
from bot.store.sqlite.schema import migrations, statements
from tests.store.changes import ADA, BEN, opened, routes, tick

pytestmark = pytest.mark.sqlite

NEWEST = max(migrations())


async def refused(path):
    """Opens a database that should be refused. Closed all the same, or else its thread would keep pytest waiting."""
    async with opened(path):
        pass


def plain(path):
    """A connection of somebody else's, as a backup script may have one."""
    return closing(sqlite3.connect(path, isolation_level=None))


def schema(connection):
    return sorted(connection.execute("select type, name, sql from sqlite_master where name not like 'sqlite_%'"))


def tables(connection):
    """The columns of each table, with their types."""
    names = [name for kind, name, _ in schema(connection) if kind == "table"]
    return {
        name: {column: kind for _, column, kind, *_ in connection.execute(f"pragma table_info({name})")}
        for name in names
    }


def is_person(column):
    return column == "learner_id" or column.endswith("_by")


def personal(connection):
    """The tables with a person in them, each with the columns that say who."""
    found = {
        table: [column for column in columns if is_person(column)] for table, columns in tables(connection).items()
    }
    return {table: columns for table, columns in found.items() if columns}


async def test_a_fresh_database(path, store):
    assert await routes(store, ADA) == set()
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file.name
    with plain(path) as other:
        assert other.execute("pragma user_version").fetchone() == (NEWEST,)
        assert other.execute("pragma journal_mode").fetchone() == ("wal",)
        listed = other.execute("select name, strict from pragma_table_list where type = 'table'")
        assert {name for name, strict in listed if not strict} <= {"sqlite_schema", "sqlite_temp_schema"}


async def test_a_confirmed_tick_survives_a_power_cut(store):
    writer = store.engine._writer
    for setting, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}.items():
        assert list(await writer.execute_fetchall(f"pragma {setting}")) == [(value,)]


async def test_reading_can_not_write(store):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await store.engine._reader.execute_fetchall("delete from tick")


@pytest.mark.parametrize("version", range(NEWEST + 1))
async def test_every_earlier_version_is_brought_to_the_newest(path, tmp_path, version):
    with plain(path) as old:
        for number in range(1, version + 1):
            for statement in statements(migrations()[number]):
                old.execute(statement)
        old.execute(f"pragma user_version = {version}")
        if version:
            columns = "learner_id, course, route, done_at, made_at, change_id"
            old.execute(f"insert into tick ({columns}) values (?, 't-1', 'a/m', 1, 2, 3)", (ADA,))
    async with opened(path) as store, opened(tmp_path / "fresh.db"):
        assert await routes(store, ADA) == ({"a/m"} if version else set())
        await tick(store, ADA, "b")
    with plain(path) as migrated, plain(tmp_path / "fresh.db") as fresh:
        assert migrated.execute("pragma user_version").fetchone() == (NEWEST,)
        assert schema(migrated) == schema(fresh)


async def test_migrations_are_numbered_without_a_gap():
    assert list(migrations()) == list(range(1, NEWEST + 1))


def test_a_script_is_split_where_its_statements_end():
    script = """-- one; two
        create table a (b text default ';'); create trigger c after insert on a begin select 1; select 2; end;
        insert into a values ('x;')  ;
        -- the end;
    """
    with plain(":memory:") as whole, plain(":memory:") as split:
        whole.executescript(script)
        for statement in statements(script):
            split.execute(statement)
        assert list(whole.iterdump()) == list(split.iterdump())
    assert len(statements(script)) == 3


async def test_a_migration_that_fails_leaves_nothing_behind(path):
    with plain(path) as old:
        old.execute("create table tick (mine text)")
    with pytest.raises(UnusableDatabase, match="already exists"):
        await refused(path)
    with plain(path) as old:
        assert list(tables(old)) == ["tick"]
        assert old.execute("pragma user_version").fetchone() == (0,)


async def test_a_newer_database_is_refused_and_left_alone(path):
    async with opened(path):
        pass
    with plain(path) as other:
        other.execute("create table from_the_future (a text)")
        other.execute(f"pragma user_version = {NEWEST + 1}")
        before = schema(other)
    with pytest.raises(UnusableDatabase, match=f"version {NEWEST + 1}.* up to {NEWEST}"):
        await refused(path)
    with plain(path) as other:
        assert other.execute("pragma user_version").fetchone() == (NEWEST + 1,)
        assert schema(other) == before


async def test_a_database_that_can_not_be_opened(tmp_path):
    (tmp_path / "text.db").write_text("Dear diary, this is not a database. " * 50)
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "no" / "such.db", tmp_path / "folder", tmp_path / "text.db"):
        with pytest.raises(UnusableDatabase, match="DATABASE_PATH") as caught:
            await refused(path)
        assert isinstance(caught.value, CannotStart)
        assert str(path) in str(caught.value)
    assert (tmp_path / "text.db").read_text().startswith("Dear diary")


async def test_several_processes_may_start_at_once(tmp_path):
    for number in range(15):
        several = await asyncio.gather(
            *(Database.open(tmp_path / f"{number}.db") for _ in range(4)), return_exceptions=True
        )
        for database in several:
            if isinstance(database, Database):
                await database.close()
        assert [error for error in several if isinstance(error, BaseException)] == []


async def test_a_change_that_is_cancelled_while_it_waits_to_begin(store, path):
    with plain(path) as other:
        other.execute("begin immediate")
        waiting = asyncio.create_task(tick(store, ADA, "a"))
        await asyncio.sleep(0)
        waiting.cancel()
        other.execute("rollback")
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await tick(store, BEN, "b")
    await store.privacy.set_hidden(BEN, hidden=True)
    with plain(path) as other:
        found = set(other.execute("select learner_id, route from tick").fetchall())
        assert found in ({(BEN, "b")}, {(ADA, "a"), (BEN, "b")}), "SQLite's thread may have begun before it was told"
        assert other.execute("select learner_id from learner").fetchall() == [(BEN,)]


async def test_nobody_waits_forever_when_the_task_that_commits_is_canceled(store, path):
    """Stopping an event loop cancels all of its tasks, in any order."""
    with plain(path) as other:
        other.execute("begin immediate")
        first = asyncio.create_task(tick(store, ADA, "a"))
        await asyncio.sleep(0)
        (committing,) = [each for each in asyncio.all_tasks() if "_commit_waiting" in repr(each)]
        await asyncio.sleep(0)
        second = asyncio.create_task(tick(store, BEN, "b"))
        await asyncio.sleep(0)
        committing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        other.execute("rollback")
    await second
    assert await routes(store, BEN) == {"b"}


async def test_a_locked_database_is_busy_and_nothing_changes(store, path):
    await tick(store, ADA, "a")
    start = asyncio.get_running_loop().time()
    with plain(path) as other:
        other.execute("begin immediate")
        with pytest.raises(Busy, match="nothing was changed"):
            await tick(store, ADA, "b")
        assert asyncio.get_running_loop().time() - start < 3, "Discord wants an answer within 3 s"
        await store.engine._writer.execute_fetchall("pragma busy_timeout = 0")
        for write in (
            store.privacy.set_hidden(ADA, hidden=True),
            store.privacy.forget(ADA),
            store.settings.set("name", "value"),
        ):
            with pytest.raises(Busy):
                await write
        assert await routes(store, ADA) == {"a"}, "reading goes on"
        other.execute("rollback")
    assert await routes(store, ADA) == {"a"}
    assert not await store.privacy.is_hidden(ADA)
    await tick(store, ADA, "b")
    assert await routes(store, ADA) == {"a", "b"}


async def test_a_full_disk_is_busy_and_nothing_changes(store):
    await tick(store, ADA, "a")
    ((pages,),) = await store.engine._writer.execute_fetchall("pragma page_count")
    await store.engine._writer.execute_fetchall(f"pragma max_page_count = {pages}")
    with pytest.raises(Busy, match="operator"):
        await tick(store, ADA, *(f"{number:0200}" for number in range(500)))
    assert await routes(store, ADA) == {"a"}


class Anything(dict):
    """A value for every parameter."""

    def __missing__(self, name):
        return None


@pytest.mark.parametrize("name", Queries().starting_with(""))
async def test_every_query_has_its_index(store, path, name):
    """What grows with members and ticks (tables with a learner in them) is searched, never read through."""
    with plain(path) as connection:
        plan = [row[3] for row in connection.execute(f"explain query plan {Queries()[name]}", Anything())]
        small = {table for table, columns in tables(connection).items() if "learner_id" not in columns}
    partial = ("USING INDEX delivery_open", "USING INDEX question_report_open")  # hold only what is open
    if name == "record_first_use":
        return  # once at each start, and only if the operator limits how long data is kept
    if "_moved_" in name or "_returned_" in name or name.endswith("_in_progress") or name == "ticks_of_course":
        return  # only when a course has changed; an index for it would have to be written with each tick
    scanned = {step.split()[1] for step in plan if step.startswith("SCAN ") and not step.endswith(partial)}
    assert scanned <= small | {"CONSTANT", "json_each", "once"}, plan
    by_course = "tick_by_server_course"  # finds out whether there is one, once a day
    assert all("learner_id=?" in step for step in plan if "SEARCH tick" in step and by_course not in step), plan


def fill(connection):
    """One row for each of two people in every table with a person in it."""
    rules = {name: sql for kind, name, sql in schema(connection) if kind == "table"}
    for table, who in personal(connection).items():
        columns = tables(connection)[table]
        for number, person in enumerate((ADA, BEN)):
            values = {
                column: 1 if kind in ("INTEGER", "REAL") else f"text {number}" for column, kind in columns.items()
            }
            allowed = re.findall(r"(\w+) in \('?(\w+)", rules[table]) + re.findall(r"(\w+) between (\d+)", rules[table])
            values |= dict(allowed) | dict.fromkeys(who, person)
            values |= {"server_id": number + 1} if "server_id" in columns else {}
            connection.execute(
                f"insert into {table} ({', '.join(values)}) values ({', '.join('?' * len(values))})", [*values.values()]
            )


def found(connection, person):
    """The columns of any table that hold the person's id, as a number or within a text."""
    return [
        f"{table}.{column}"
        for table, columns in tables(connection).items()
        for column in columns
        if connection.execute(f"select 1 from {table} where instr({column}, ?)", (str(person),)).fetchone()
    ]


async def test_every_column_says_whether_it_is_a_person(store, path):
    """A new column with an id is a person's (`learner_id`, `…_by`) or is named here."""
    with plain(path) as connection:
        columns = {column for found in tables(connection).values() for column in found}
    assert {column for column in columns if "_id" in column and not is_person(column)} <= {
        "server_id",
        "change_id",
        "channel_id",
        "message_id",
        "quiz_id",
    }


async def test_every_table_with_a_person_is_exported_and_forgotten(store, path):
    with plain(path) as connection:
        people = personal(connection)
        assert {"learner", "member", "tick", "milestone"} <= set(people)
        assert {name.removeprefix("export_") for name in Queries().starting_with("export_")} == set(people)
        assert {name.removeprefix("forget_") for name in Queries().starting_with("forget_")} == set(people)
        fill(connection)
        columns = tables(connection)
    exported = await store.privacy.export(ADA)
    for table, who in people.items():
        assert len(exported[table]) == 1, table
        if "learner_id" in who:
            assert set(exported[table][0]) == columns[table].keys() - who, f"every column of {table}"
    assert str(BEN) not in json.dumps(exported)
    for rows in exported.values():
        for column, value in rows[0].items():
            if column.endswith("_at"):
                assert datetime.fromisoformat(value).utcoffset() == timedelta(0)
            assert not column.endswith("_id") or isinstance(value, str), "JSON readers lose digits of large numbers"

    assert await store.privacy.forget(ADA) == dict.fromkeys(people, 1)
    with plain(path) as connection:
        assert found(connection, ADA) == []
        assert {name.split(".")[0] for name in found(connection, BEN)} == set(people)
    assert await store.privacy.forget(ADA) == dict.fromkeys(people, 0)
    assert set(map(len, (await store.privacy.export(ADA)).values())) == {0}


# Reads in place, and writes in groups


@pytest.mark.parametrize("name", sorted(IN_PLACE))
def test_reads_in_place_are_of_one_owner(path, store, name):
    """What runs on the event loop's thread searches by a key of one learner, server or quiz, and changes nothing."""
    sql = Queries()[name]
    owners = {":learner", ":server", ":quiz", ":channel", ":name"}
    assert owners.intersection(re.findall(r":\w+", sql))
    assert sql.lstrip().startswith("select")
    with plain(path) as connection:
        plan = [row[3] for row in connection.execute(f"explain query plan {sql}", Anything())]
    assert not [step for step in plan if step.startswith("SCAN ") and step.split()[1] not in ("once", "CONSTANT")], plan


def test_reads_of_many_rows_go_to_the_thread():
    reads = {name for name in Queries().starting_with("") if Queries()[name].lstrip("-").lstrip().startswith("select")}
    assert {
        "learners_of_cohort",
        "ticks_of_cohort",
        "due_cohorts",
        "due_reminders",
        "known_servers",
    } <= reads - IN_PLACE


async def test_writes_that_wait_are_committed_together(store):
    """300 changes at once take a few commits, each is answered, and those that fail are rolled back alone."""
    statements = []
    await store.engine._writer.set_trace_callback(statements.append)

    async def change(number):
        if number % 10 == 3:
            with pytest.raises(sqlite3.IntegrityError):
                await tick(store, number + 1, "a", None)
        else:
            await tick(store, number + 1, "a", "b", complete=["a"])

    await asyncio.gather(*(change(number) for number in range(300)))
    await store.engine._writer.set_trace_callback(None)
    assert sum(statement.lower() == "commit" for statement in statements) < 20
    for number in range(300):
        expected = set() if number % 10 == 3 else {"a", "b"}
        assert await routes(store, number + 1) == expected


async def test_one_change_too_large_for_the_disk_doesnt_fail_the_others(store):
    await tick(store, ADA, "a")
    ((pages,),) = await store.engine._writer.execute_fetchall("pragma page_count")
    await store.engine._writer.execute_fetchall(f"pragma max_page_count = {pages + 3}")
    large = tick(store, BEN, *(f"{number:0200}" for number in range(500)))
    outcomes = await asyncio.gather(
        tick(store, ADA, "b"), large, tick(store, ADA, "c"), store.privacy.set_hidden(ADA, hidden=True),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(outcomes[1], Busy)
    assert not any(isinstance(outcome, BaseException) for outcome in (outcomes[0], *outcomes[2:]))
    assert await routes(store, ADA) == {"a", "b", "c"}
    assert await routes(store, BEN) == set()
    assert await store.privacy.is_hidden(ADA)


async def test_a_read_in_place_sees_what_was_just_confirmed(store):
    for number in range(50):
        await tick(store, ADA, f"r{number}")
        assert f"r{number}" in await routes(store, ADA)


async def test_each_change_of_a_group_waits_for_a_lock_only_as_long_as_it_may(store, path):
    """A change that has more time left doesn't keep the answer of the others."""
    running = asyncio.get_running_loop()

    async def ended(number, after):
        await asyncio.sleep(after)
        start = running.time()
        with pytest.raises(Busy):
            await tick(store, number, "a")
        return running.time() - start

    with plain(path) as other:
        other.execute("begin immediate")
        spent = await asyncio.gather(*(ended(number + 1, after) for number, after in enumerate((0, 0.1, 0.1, 0.8))))
        other.execute("rollback")
    assert max(spent) < 2.5
    assert (await tick(store, 4, "a")).delta.add == ("a",)
