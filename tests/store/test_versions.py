"""What is stored when a course changes: as the pure functions compute it, on both engines."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.course.changes import compare
from bot.core.course.migration import migrated, returned
from bot.errors import BadInput, UnusableDatabase
from bot.store.versions import apply, go_back, stored_routes
from tests.core.course.editing import course_of, edited, parts
from tests.core.course.test_changes import course
from tests.databases import query
from tests.store.changes import ADA, BEN, opened, tick

BEFORE = {"p": {"m": {"b": "Blobs", "f": "Files", "z": "Other"}, "n": {"x": "Route tables"}}}
AFTER = {"q": {"m": {"bf": "Blobs and files", "z": "Other"}, "n": {"y": "Route tables"}}}
TITLES = {"p": "Storage", "q": "Storage", "m": "Accounts", "n": "Networks"}
OLD, NEW = course(BEFORE, TITLES), course(AFTER, TITLES)
CHANGES = compare(OLD, NEW)


async def stored(store):
    return {learner: sorted(ticks) async for learner, ticks in store.versions.ticks_of("t-1")}


async def forward(store, changes):
    await store.engine.transact(lambda statements: apply(statements, "t-1", changes.mapping))


async def back(store, changes):
    await store.engine.transact(lambda statements: go_back(statements, changes.mapping, changes.old, changes.new))


async def test_ticks_move_and_come_back(store):
    await tick(store, ADA, "p/m/b", "p/m/f", "p/n/x")
    await tick(store, BEN, "p/m/f", "p/m/z")
    before = await stored(store)
    await forward(store, CHANGES)
    after = await stored(store)
    assert {each.tick.route for each in after[ADA]} == {"q/m/bf", "p/m/f", "q/n/y"}
    assert {each.tick.route for each in after[BEN]} == {"q/m/bf", "q/m/z"}
    assert after == {learner: sorted(migrated(ticks, CHANGES.mapping)) for learner, ticks in before.items()}
    await tick(store, BEN, "q/n/y")
    await back(store, CHANGES)
    found = await stored(store)
    assert found[ADA] == before[ADA]
    assert {each.tick.route for each in found[BEN]} == {"p/m/f", "p/m/z", "p/n/x"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_database_does_what_the_dry_run_computes(tmp_path_factory, request, data):
    paths = data.draw(parts())
    old, new = course_of(paths), course_of(data.draw(edited(paths)))
    changes = compare(old, new)
    ticked = {learner: data.draw(st.lists(st.sampled_from(sorted(old.leaves)), unique=True)) for learner in (ADA, BEN)}
    if request.config.getoption("--engine") == "postgres":
        server = request.getfixturevalue("postgres")
        where = server.create()
    else:
        where = tmp_path_factory.mktemp("versions") / "waymark.db"

    async def check():
        async with opened(where) as store:
            for learner, routes in ticked.items():
                for route in routes:
                    await tick(store, learner, route)
            before = await stored(store)
            await forward(store, changes)
            after = {learner: sorted(migrated(ticks, changes.mapping)) for learner, ticks in before.items()}
            assert await stored(store) == after
            await tick(store, ADA, *sorted(new.leaves)[:2])
            now = await stored(store)
            await back(store, changes)
            assert await stored(store) == {
                learner: sorted(returned(ticks, changes.mapping, old, new)) for learner, ticks in now.items()
            }

    asyncio.run(check())


async def test_whatever_else_has_full_ids_follows(store, path, rows):
    await tick(store, ADA, "p/m/b", complete=["p"])
    await store.engine.write("know_server", server=700)
    for other in ("t-1", "t-2"):
        query(path, "insert into announcement values (?, ?, 'p', 700, 5, 6, 7)", ADA, other)
        query(path, "insert into announcement values (?, ?, '', 700, 5, 8, 7)", ADA, other)
        query(path, "insert into reviewing (learner_id, course, route, goal) values (?, ?, 'p/m', 10)", ADA, other)
    query(path, "insert into reviewing (learner_id, course, goal) values (?, 't-1', 10)", BEN)
    query(
        path,
        "insert into known (learner_id, course, route, marked_at, change_id) values (?, 't-1', 'p/m/f', 1, 2)",
        BEN,
    )
    query(path, "insert into note values (?, 't-1', 'p/m', 'Read twice.', '', 3)", BEN)
    query(
        path,
        "insert into quiz (quiz_id, server_id, channel_id, course, route, seconds, questions, opens_at, closes_at)"
        " values (1, 700, 5, 't-1', 'p/n', 20, '[]', 1, 2)",
    )
    await forward(store, CHANGES)
    assert rows("select route from milestone") == [("q",)]
    assert rows("select route from known") == [("q/m/bf",)]
    assert rows("select route, content from note") == [("q/m", "Read twice.")]
    assert rows("select course, route from announcement order by 1, 2") == [
        ("t-1", ""), ("t-1", "q"), ("t-2", ""), ("t-2", "p")
    ]  # fmt: skip
    assert rows("select course, route from reviewing where learner_id = ? order by 1", ADA) == [
        ("t-1", "q/m"), ("t-2", "p/m")
    ]  # fmt: skip
    assert rows("select route from reviewing where learner_id = ?", BEN) == [(None,)]
    assert rows("select route from quiz") == [("q/n",)]
    await back(store, CHANGES)
    assert rows("select route from milestone") == [("p",)]
    assert rows("select route from reviewing where learner_id = ? and course = 't-1'", ADA) == [("p/m",)]


async def test_every_column_with_full_ids_is_rewritten(rows, path):
    """A new table with full IDs needs a statement here. The titles of removed parts keep theirs."""
    known = {"tick", "milestone", "announcement", "reviewing", "quiz", "known", "note", "server_course_title"}
    if isinstance(path, str):
        found = rows(
            "select table_name::text from information_schema.columns"
            " join information_schema.tables using (table_schema, table_name)"
            " where column_name = 'route' and table_schema = current_schema() and table_type = 'BASE TABLE'"
        )
    else:
        async with opened(path):
            found = rows(
                "select m.name from sqlite_master as m join pragma_table_info(m.name) as c"
                " where m.type = 'table' and c.name = 'route'"
            )
    assert {name for (name,) in found} <= known


async def test_pages_of_ticks(store):
    """A learner's ticks come together, wherever a page ends."""
    names = [f"r{number}" for number in range(7)]
    await tick(store, ADA, *names)
    await tick(store, BEN, *names[:3])
    for size in (1, 2, 3, 5, 100):
        pages = store.versions.ticks_of("t-1", size)
        found = [(learner, [each.tick.route for each in ticks]) async for learner, ticks in pages]
        assert found == [(BEN, names[:3]), (ADA, names)]
    assert [each async for each in store.versions.ticks_of("t-2")] == []


async def test_routes_of_a_database_that_is_in_use(store, path):
    await tick(store, ADA, "p/m/b", "old")
    assert sorted(map(tuple, stored_routes(path))) == [(ADA, "t-1", "old"), (ADA, "t-1", "p/m/b")]


def test_a_database_that_is_not_there(tmp_path):
    with pytest.raises(BadInput, match="There is no database"):
        list(stored_routes(tmp_path / "none.db"))
    (tmp_path / "text.db").write_text("This is no database. " * 100)
    with pytest.raises(UnusableDatabase, match="not a database"):
        list(stored_routes(tmp_path / "text.db"))
