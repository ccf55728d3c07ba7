"""A database of the version before deliveries had one table: what was claimed, due or suspended continues."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Store
from bot.store.sqlite.schema import migrations, statements
from tests.delivery.cases import BY_NAME, open_study
from tests.delivery.plain import Chat, Message, PlainMessenger, Process

pytestmark = pytest.mark.sqlite

DIGEST, REMINDER = BY_NAME["digest"], BY_NAME["reminder"]
NOW = DIGEST.slot + timedelta(minutes=10)
"""Monday, 9:10: the digests of this week were due at 9:00, and reminders of Sunday at 18:00 are 15 hours old."""
TRIED = int((NOW - timedelta(minutes=9)).timestamp())
DUE = int(DIGEST.slot.timestamp())
LAST_WEEK = DUE - 7 * 86_400
EVENING = int(datetime(2026, 11, 23, 9, 5, tzinfo=UTC).timestamp())


@pytest.fixture
def old(path):
    """Version 8, with a server and a learner for each case."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for number, script in migrations().items():
            if number <= 8:
                for statement in statements(script):
                    database.execute(statement)
        database.execute("pragma user_version = 8")
        cohorts = [(701, "on", DUE), (702, "on", DUE), (703, "suspended", DUE), (704, "on", DUE + 7 * 86_400)]
        database.executemany(
            "insert into cohort (server_id, course, channel_id, day, minute, zone, state, due_at, seen) "
            "values (?1, 't-1', ?1, 0, 540, 'UTC', ?2, ?3, 'nothing')",
            cohorts,
        )
        database.executemany(
            "insert into digest (server_id, course, week, slot_at, state, owner, lease_until, attempts, tried_at, "
            "channel_id, message_id, posted_at) values (?, 't-1', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                # Claimed, and the message was sent before the upgrade: only its receipt is missing.
                (701, "2026-W48", DUE, "claimed", "old", TRIED + 240, 1, TRIED, 701, None, None),
                (704, "2026-W48", DUE, "posted", None, None, 1, TRIED, 704, 9, TRIED),
                (702, "2026-W47", LAST_WEEK, "posted", None, None, 1, LAST_WEEK, 702, 8, LAST_WEEK),
            ],
        )
        database.executemany(
            "insert into reminder (learner_id, course, state, days, minute, due_at, since_at, channel_id) "
            "values (?1, 't-1', ?2, 127, 545, ?3, ?4, ?1)",
            [(801, "on", EVENING, LAST_WEEK), (802, "on", EVENING, LAST_WEEK), (803, "suspended", EVENING, LAST_WEEK)],
        )
        database.executemany(
            "insert into reminded (learner_id, day, course, slot_at, state, owner, lease_until, attempts, tried_at, "
            "message_id, sent_at) values (?, ?, 't-1', ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (801, "2026-11-22", EVENING - 86_400, "sent", None, None, 1, EVENING - 86_400, 7, EVENING - 86_400),
                (801, "2026-11-23", EVENING, "claimed", "old", TRIED + 240, 1, TRIED, None, None),
                (802, "2026-11-22", EVENING - 86_400, "skipped", None, None, 0, None, None, None),
            ],
        )
    return path


async def test_an_upgrade_repeats_nothing_and_drops_nothing(old, clock):
    clock.moment = NOW
    chat = Chat(clock.now)
    store = await Store.open(old)
    process = Process(await open_study(store, clock.now), PlainMessenger(chat))
    kinds = process.study.kinds
    # The messages that the old version sent just before it stopped.
    for case, owner, mark in ((DIGEST, 701, DIGEST.first), (REMINDER, 801, "t-1:2026-11-23:1")):
        kind = case.kind(process)
        pending = await kind.pending(case.key(owner), NOW)
        marker = kind.marker(pending, pending.open.slot, repeated=False)
        assert marker.text == mark, "markers are as before"
        content = await kind.content(pending, pending.open.slot, marker, None, process.messenger)
        chat.messages.append(Message(len(chat.messages) + 1, pending.to, NOW - timedelta(minutes=9), content))
    for _ in range(5):
        await process.tick(*kinds)
        clock.move(minutes=2)
    assert [len(chat.marks(owner)) for owner in (701, 702, 704, 801, 802)] == [1, 1, 0, 1, 1]
    assert chat.marks(702) == [DIGEST.first]
    assert chat.marks(802) == ["t-1:2026-11-23:1"]
    assert chat.marks(703) == [DIGEST.first], "it resumes, because the channel allows more than when it was suspended"
    assert chat.marks(803) == [], "suspended reminders stay so until the learner sets one"
    with closing(sqlite3.connect(old)) as database:
        found = database.execute(
            "select server_id + learner_id, slot, state, message_id from delivery "
            "where state <> 'skipped' order by 1, 2"
        ).fetchall()
    assert found == [
        (701, "2026-W48", "sent", 1),
        (702, "2026-W47", "sent", 8),
        (702, "2026-W48", "sent", 3),
        (703, "2026-W48", "sent", 4),
        (704, "2026-W48", "sent", 9),
        (801, "2026-11-22", "sent", 7),
        (801, "2026-11-23", "sent", 2),
        (802, "2026-11-23", "sent", 5),
    ]
    await store.close()
