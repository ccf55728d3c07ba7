"""Fixtures: a simulated Discord server, a bot process, and due digests."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.client.bots import UNITS, Bot, route
from tests.client.discord_server import Discord, channel_id, server_id

COURSE = "t-1"
READERS = 1000
"""Added to a server's number, this is the ID of its only learner."""
WEEK = 7 * 86400


@pytest.fixture
async def discord():
    async with Discord(servers=2) as discord:
        yield discord


@pytest.fixture
def bot(discord, tmp_path):
    return Bot(discord, tmp_path)


async def stored(is_so: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until a condition holds in a database. SQLite has no notifications, so poll it."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def ticked(bot):
    """Return the stored ticks as (learner, route), after an integrity check."""
    with closing(sqlite3.connect(bot.database)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return set(connection.execute("select learner_id, route from tick"))


@pytest.fixture
def due():
    return make_due


def due_rows(*servers):
    """Return statements with their rows, which make the digest of each server due now, with one learner of its own."""
    slot = int(time.time()) // 60 * 60
    at = time.gmtime(slot)
    for_each = [
        ("insert into cohort (server_id, course, channel_id, day, minute, zone, due_at) values (?, ?, ?, ?, ?, ?, ?)",
         lambda number: [(server_id(number), COURSE, channel_id(number), at.tm_wday, slot % 86400 // 60, "UTC", slot)]),
        ("insert into member (server_id, course, learner_id, joined_at) values (?, ?, ?, ?)",
         lambda number: [(server_id(number), COURSE, READERS + number, slot - WEEK)]),
        (("insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)"
         " values (?, ?, ?, ?, ?, ?, ?)"),
         lambda number: [(READERS + number, COURSE, route(unit), slot - 3600, slot - 3600, server_id(number), 1)
                         for unit in UNITS[:6]]),
    ]  # fmt: skip
    return [(sql, [row for number in servers for row in rows(number)]) for sql, rows in for_each]


def make_due(bot, *servers):
    """Make the digest of each server due now."""
    with closing(sqlite3.connect(bot.database, timeout=30)) as connection, connection:
        for sql, rows in due_rows(*servers):
            connection.executemany(sql, rows)
