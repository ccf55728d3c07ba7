"""Servers that remove and re-add the bot, and the cost of cohort queries."""

import random
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.queries import Queries
from bot.store.sqlite import database as database_module
from bot.store.sqlite.schema import migrations
from bot.study.servers import KEEP_REMOVED
from tests.conftest import complete_visibly

DAY = timedelta(days=1)
TABLES = ("cohort", "delivery", "member", "server")
PERSONAL = ("tick", "milestone", "learner", "exam")


@pytest.fixture
def kept(rows, digest_sim):
    """Return what is stored about the server by table, and about people."""

    def read(tables=TABLES):
        where = {"cohort", "delivery", "member", "server"}
        return {
            table: rows(
                f"select * from {table}" + (f" where server_id = {digest_sim.guild.id}" if table in where else "")
            )
            for table in tables
        }

    return read


@pytest.fixture
async def lively(digest_sim):
    """A server with a posted digest and two members, one of whom shares an exam."""
    await digest_sim.set_up()
    for who in (digest_sim.ada, digest_sim.bruno):
        await digest_sim.command(who, "complete", what="deploy")
    await digest_sim.set_plan(digest_sim.ada, exam="2026-03-01", shared="1")
    await digest_sim.wait()
    assert len(digest_sim.posts()) == 1
    return digest_sim


def removed(rows, digest_sim):
    found = rows("select removed_at from server where server_id = ?", digest_sim.guild.id)
    return bool(found and found[0][0])


# --- Removed and back -------------------------------------------------------------------------------------------------


async def test_a_removal_marks_the_server_and_deletes_nothing(lively, kept, rows):
    before = kept()
    lively.remove_guild()
    await lively.wait()
    assert removed(rows, lively)
    after = kept()
    assert {table: after[table] for table in TABLES[:3]} == {table: before[table] for table in TABLES[:3]}


async def test_a_server_that_returns_within_30_days_keeps_everything(lively, kept, rows):
    before = kept()
    lively.remove_guild()
    await lively.wait()
    lively.dispatch_guild()
    await lively.wait()
    assert kept() == before
    assert "[posted]" in (await lively.panel()).text
    assert "1 of 6 paths" in (await lively.command(lively.ada, "progress")).text


async def test_a_removed_server_gets_no_digest_and_a_returned_one_gets_the_next(digest_sim, rows):
    await digest_sim.set_up(2)
    digest_sim.remove_guild()
    await digest_sim.wait(160)
    assert digest_sim.requests("POST") == []
    assert rows("select * from delivery") == []
    digest_sim.dispatch_guild()
    await digest_sim.wait(40)
    assert len(digest_sim.posts()) == 1


async def test_an_outage_is_no_removal(lively, kept):
    before = kept()
    lively.remove_guild(unavailable=True)
    await lively.wait()
    assert kept() == before
    lively.dispatch_guild(available=True)
    await lively.wait()
    assert kept() == before


async def test_a_removal_during_downtime_is_detected_at_the_start(lively, rows):
    guild = lively.env.backend.guilds.pop(lively.guild.id)
    await lively.restart()
    assert removed(rows, lively)
    lively.env.backend.guilds[guild.id] = guild
    await lively.restart()
    assert not removed(rows, lively)


async def test_a_server_that_is_in_an_outage_when_the_bot_connects_is_not_removed(digest_sim, kept, rows):
    """Discord lists it, and sends it later."""
    await digest_sim.set_up(2)
    before = kept()
    await digest_sim.reconnect(digest_sim.guild.id)
    await digest_sim.wait(160)
    assert kept() == before
    assert digest_sim.direct_messages() == []
    digest_sim.dispatch_guild(available=True)
    await digest_sim.wait(40)
    assert len(digest_sim.posts()) == 1
    assert not removed(rows, digest_sim)


async def test_the_course_of_a_returning_server_is_kept(digest_sim, rows):
    """The bot restarts while the server has removed it."""
    await digest_sim.set_up(course="az-900")
    guild = digest_sim.env.backend.guilds.pop(digest_sim.guild.id)
    digest_sim.remove_guild()
    await digest_sim.restart()
    assert removed(rows, digest_sim)
    digest_sim.env.backend.guilds[guild.id] = guild
    digest_sim.dispatch_guild()
    await digest_sim.wait(20)
    assert not removed(rows, digest_sim)
    assert "AZ-900" in (await digest_sim.command(digest_sim.ada, "paths")).text


# --- After 30 days ----------------------------------------------------------------------------------------------------


async def test_after_30_days_server_data_is_deleted_and_personal_data_kept(lively, kept, rows):
    people = kept(PERSONAL)
    lively.env.backend.guilds.pop(lively.guild.id)
    lively.remove_guild()
    await lively.wait(20)
    await lively.sleep(days=29, hours=23)
    assert len(kept()["cohort"]) == len(kept()["delivery"]) == 1
    assert len(kept()["member"]) == 2
    await lively.sleep(hours=2)
    assert kept() == {table: [] for table in TABLES}
    assert kept(PERSONAL) == people
    assert len(people["tick"]) == 96
    assert len(people["exam"]) == 1


async def test_after_the_purge_a_server_starts_empty_and_members_keep_their_ticks(lively, rows):
    guild = lively.env.backend.guilds.pop(lively.guild.id)
    lively.remove_guild()
    await lively.wait(20)
    await lively.sleep(days=31)
    lively.env.backend.guilds[guild.id] = guild
    lively.dispatch_guild()
    await lively.wait(20)
    assert "1 of 6 paths" in (await lively.command(lively.ada, "progress")).text
    assert rows("select count(*) from member") == [(0,)]
    assert "Choose a course" in (await lively.panel()).text


async def test_a_server_that_returned_during_downtime_is_not_purged(lively, kept, rows):
    """Removed, back after ten days, and the bot was down from day 5 to day 40."""
    before = kept()
    lively.remove_guild()
    await lively.wait(20)
    await lively.sleep(days=40)
    assert not removed(rows, lively)
    assert kept(("member",))["member"] == before["member"]
    assert before["delivery"][0] in kept(("delivery",))["delivery"]
    assert "1 of 6 paths" in (await lively.command(lively.ada, "progress")).text


async def test_the_purge_spares_other_servers(small_study, store, small, process, set_up, clock, asker, rows):
    for server in (700, 701, 702):
        await set_up(process, server)
        await complete_visibly(small_study, asker(server, server), small.nodes["a"])
    await process.study.servers.removed(700)
    clock.move(days=10)
    await process.study.servers.removed(701)
    await process.study.servers.removed(700)
    clock.moment += KEEP_REMOVED - 10 * DAY - timedelta(seconds=1)
    assert await process.study.servers.purge() == []
    clock.move(seconds=1)
    assert await process.study.servers.purge() == [700], "30 days after the first notice, regardless of later ones"
    assert await process.study.servers.purge() == []
    for table in ("cohort", "member"):
        assert rows(f"select server_id from {table} order by 1") == [(701,), (702,)]
    assert rows("select count(*) from tick") == [(12,)]


async def test_known_servers(small_study, small, process, set_up, asker):
    await set_up(process, 700)
    await complete_visibly(small_study, asker(1, 701), small.nodes["a"])
    await process.study.servers.removed(702)
    await process.study.servers.removed(700)
    assert await process.study.servers.known() == {701}
    assert await process.study.servers.all_removed() == {700, 702}
    await process.study.servers.back(700)
    assert await process.study.servers.known() == {700, 701}


# --- Who is still in the server ---------------------------------------------------------------------------------------


async def test_former_members_are_marked_once_and_unmarked_on_return(small_study, store, small, clock, asker, rows):
    for number in (1, 2, 3):
        await complete_visibly(small_study, asker(number), small.nodes["a/m/u"])
    await store.digests.mark_gone(700, small.id, {1, 2}, set(), clock.now())
    first = rows("select learner_id, gone_at from member order by 1")
    clock.move(days=7)
    await store.digests.mark_gone(700, small.id, {1}, {2}, clock.now())
    assert rows("select learner_id, gone_at from member order by 1") == [first[0], (2, None), (3, None)]
    await store.digests.mark_gone(700, small.id, set(), {1, 2, 3}, clock.now())
    assert rows("select count(*) from member where gone_at is not null") == [(0,)]


async def test_a_tick_unmarks_a_former_member(small_study, store, small, clock, asker, rows):
    await complete_visibly(small_study, asker(1), small.nodes["a/m/u"])
    await store.digests.mark_gone(700, small.id, {1}, set(), clock.now())
    await complete_visibly(small_study, asker(1), small.nodes["a/m/v"])
    assert rows("select gone_at from member") == [(None,)]


# --- What the queries cost --------------------------------------------------------------------------------------------

MANY = 3000
PARAMETER = re.compile(r":([a-z_]+)")
COLD = {
    "known_servers": "asked once at each start",
    "removed_servers": "asked once at each start; its table has a row a server",
    "welcomed_servers": "asked once at each start; its table has a row a server",
    "servers": "asked once at each start; its table has a row a server",
    "servers_to_purge": "asked every six hours; its table has a row a server",
}


@pytest.fixture(scope="module")
def plan_of(tmp_path_factory):
    """Return SQLite's query plan in a database with 3,000 servers."""
    queries, chance = Queries(), random.Random(1)
    with closing(sqlite3.connect(tmp_path_factory.mktemp("plans") / "waymark.db")) as database:
        for _, script in sorted(migrations().items()):
            database.executescript(script)
        states = ["on"] * 17 + ["paused", "suspended", "off"]
        database.executemany(
            "insert into cohort (server_id, course, channel_id, day, minute, zone, state, due_at) "
            "values (?, 'az-104', 1, 0, 0, 'UTC', ?, ?)",
            [(server, chance.choice(states), server) for server in range(MANY)],
        )
        database.executemany("insert into server (server_id) values (?)", [(server,) for server in range(MANY)])
        database.executemany(
            "insert into delivery (server_id, kind, series, slot, course, slot_at, state) "
            "values (?, 'digest', 'az-104', ?, 'az-104', 1, 'sent')",
            [(server, f"2026-W{week}") for server in range(MANY) for week in (10, 11)],
        )
        database.executemany(
            "insert into member (server_id, course, learner_id, joined_at) values (?, 'az-104', ?, 1)",
            [(server, number) for server in range(MANY) for number in (1, 2)],
        )
        database.commit()

        def plan(name):
            sql = queries[name]
            values = dict.fromkeys(PARAMETER.findall(sql)) | {
                "now": 0,
                "most": 10,
                "gone": "[]",
                "back": "[]",
                "questions": "[]",
            }
            return [row[3] for row in database.execute(f"explain query plan {sql}", values)]

        yield plan


def names_of_cohort_queries():
    folder = Path(database_module.__file__).parents[1] / "queries"
    files = ("cohorts.sql", "deliveries.sql", "digests.sql", "servers.sql", "reminders.sql")
    text = "\n".join((folder / name).read_text() for name in files)
    return re.findall(r"^-- name: ([a-z_]+)", text, re.MULTILINE)


@pytest.mark.parametrize("name", names_of_cohort_queries())
def test_no_cohort_query_scans_a_table(plan_of, name):
    plan = plan_of(name)
    scans = [step for step in plan if step.startswith("SCAN") and "json_each" not in step and "CONSTANT" not in step]
    if name in COLD:
        return
    partial = ("cohort_suspended", "delivery_open", "reminder_news", "reminder_due")
    scans = [step for step in scans if not step.endswith(tuple(f"USING INDEX {name}" for name in partial))]
    assert scans == [], plan
    assert not [step for step in plan if "AUTOMATIC" in step], plan


def test_due_digests_use_their_index(plan_of):
    plan = plan_of("due_cohorts")
    assert plan[0] == "SEARCH cohort USING INDEX cohort_due (due_at<?)"
    assert not [step for step in plan if "TEMP B-TREE" in step], "and in its order"


def test_what_is_suspended_is_found_by_an_index_that_holds_nothing_else(plan_of):
    assert plan_of("suspended_cohorts")[0] == "SCAN cohort USING INDEX cohort_suspended"


def test_the_queries_of_this_test_are_those_of_the_file():
    assert set(COLD) <= set(names_of_cohort_queries())
    assert len(names_of_cohort_queries()) > 25
