"""Members who stop using the bot: warned 30 days before, then deleted. Members who return keep everything."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_settings
from bot.core.calendar.dates import add_months
from bot.core.course.catalogue import Catalogue
from bot.errors import BadSettings
from bot.store import Store
from bot.store.queries import Queries
from bot.study import Asker, Study
from bot.study.delivery_kind import Refused, Unavailable
from tests.delivery.plain import Chat, Killed, PlainMessenger, Process

ADA, BEN = 1, 2
START = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
WARNED = datetime(2026, 12, 16, 13, tzinfo=UTC)
"""30 days before 2027-01-15, an hour after the warning is due."""
DAY = timedelta(days=1)
TREE = {"a": {"m": ["u1", "u2"]}}


@pytest.fixture
def small(course):
    return course(TREE)


@pytest.fixture
def chat(clock):
    return Chat(clock.now)


@pytest.fixture
async def process(store, small, clock, chat):
    clock.moment = START
    study = await Study.open(store, Catalogue((small,), small.id), now=clock.now, retention_months=12)
    return Process(study, PlainMessenger(chat))


@pytest.fixture
async def another(path, small, clock, chat):
    """A second process on the same database."""
    store = await Store.open(path)
    study = await Study.open(store, Catalogue((small,), small.id), now=clock.now, retention_months=12)
    yield Process(study, PlainMessenger(chat))
    await store.close()


async def use(process, learner=ADA, route="a/m/u1"):
    """A command that stores something, as the client reports it."""
    node = process.study.catalogue.default.nodes[route]
    await process.study.progress.complete(Asker(learner, 700, "Ada"), node)
    await process.study.retention.record_use(learner)


async def serve(process):
    """What both loops do."""
    await process.tick(process.study.retention)
    return await process.study.retention.sweep()


async def stored(store, learner=ADA):
    return sum(len(rows) for rows in (await store.privacy.export(learner)).values())


async def test_warned_once_and_deleted_30_days_later(process, store, clock, chat):
    await use(process)
    await use(process, BEN)
    clock.moment = WARNED - DAY
    assert await serve(process) == 0
    assert chat.messages == []
    clock.moment = WARNED
    await process.study.retention.record_use(BEN)
    for _ in range(3):
        assert await serve(process) == 0
    (message,) = chat.messages
    assert (message.content.marker.owner, message.content.used_on, message.content.delete_on) == (
        ADA,
        date(2026, 1, 15),
        date(2027, 1, 15),
    )
    clock.moment = WARNED + 30 * DAY - timedelta(seconds=1)
    assert await serve(process) == 0
    assert await stored(store)
    clock.moment = WARNED + 30 * DAY
    assert await serve(process) == 1
    assert await stored(store) == 0
    assert await stored(store, BEN), "used in December"
    assert len(chat.messages) == 1


async def test_any_use_keeps_everything_and_starts_anew(process, store, clock, chat):
    await use(process)
    clock.moment = WARNED
    await serve(process)
    clock.moment = WARNED + 29 * DAY
    await process.study.retention.record_use(ADA)
    clock.moment = WARNED + 300 * DAY
    assert await serve(process) == 0
    assert len(chat.messages) == 1
    clock.moment = add_months_at(WARNED + 29 * DAY, 12)
    assert await serve(process) == 0
    assert len(chat.messages) == 2, "warned again after another year"
    clock.moment += 30 * DAY
    assert await serve(process) == 1


def add_months_at(moment, months):
    return datetime.combine(add_months(moment.date(), months), moment.timetz())


async def test_a_return_between_listing_and_deleting_counts(process, another, store, clock):
    """Another process lists Ada as due; she presses a button before it deletes her."""
    await use(process)
    clock.moment = WARNED
    await serve(process)
    clock.moment = WARNED + 30 * DAY
    read = store.engine.read

    class Slow:
        queries = store.engine.queries
        transact = store.engine.transact

        @staticmethod
        async def read(name, **values):
            rows = await read(name, **values)
            await another.study.retention.record_use(ADA)
            return rows

    assert await type(store.retention)(Slow()).delete(date(2026, 1, 15), clock.now(), 10) == []
    assert await stored(store)


async def test_direct_messages_that_are_closed_dont_keep_the_data_forever(process, store, clock, chat):
    await use(process)
    clock.moment = WARNED
    process.messenger.next("send", Refused("closed", ""))
    await serve(process)
    await serve(process)
    assert chat.messages == []
    clock.moment = WARNED + 30 * DAY - timedelta(seconds=1)
    assert await serve(process) == 0
    clock.moment = WARNED + 30 * DAY
    assert await serve(process) == 1


async def test_an_outage_puts_the_warning_off_and_with_it_the_deletion(process, store, clock, chat):
    await use(process)
    clock.moment = WARNED
    process.messenger.trouble = lambda step: Unavailable("down") if step == "send" else None
    for _ in range(60):
        assert await serve(process) == 0
        clock.moment += DAY
    process.messenger.trouble = lambda _: None
    assert await serve(process) == 0
    (message,) = chat.messages
    assert message.content.delete_on == (clock.now() + 30 * DAY).date(), "the date that is promised is kept"
    sent = clock.now()
    clock.moment = sent + 30 * DAY - timedelta(seconds=1)
    assert await serve(process) == 0
    clock.moment = sent + 30 * DAY
    assert await serve(process) == 1


@pytest.mark.parametrize("step", ["draw", "send", "sent"])
async def test_killed_while_warning(process, another, clock, chat, step):
    """Whatever the step, one warning in all, and the deletion waits for it."""
    await use(process)
    clock.moment = WARNED
    process.messenger.next(step, Killed())
    with pytest.raises(Killed):
        await serve(process)
    clock.moment += timedelta(minutes=5)
    assert await serve(another) == 0
    assert len(chat.messages) == 1
    clock.moment = WARNED + 31 * DAY
    assert await serve(another) == 1


async def test_an_attempt_of_an_earlier_absence_is_dropped(process, another, clock, chat):
    """The process ended before it sent; Ada returned, and left again."""
    await use(process)
    clock.moment = WARNED
    process.messenger.next("draw", Killed())
    with pytest.raises(Killed):
        await serve(process)
    await another.study.retention.record_use(ADA)
    clock.moment = add_months_at(WARNED, 12)
    for _ in range(3):
        assert await serve(another) == 0
    assert [message.content.used_on for message in chat.messages] == [WARNED.date()]


async def test_without_a_limit_nothing_is_recorded_and_nobody_deleted(store, small, clock, chat):
    clock.moment = START
    study = await Study.open(store, Catalogue((small,), small.id), now=clock.now)
    await use(Process(study, PlainMessenger(chat)))
    assert (await store.privacy.export(ADA))["last_use"] == []
    clock.moment = START + 5000 * DAY
    assert await serve(Process(study, PlainMessenger(chat))) == 0
    assert chat.messages == []
    assert await stored(store)


async def test_a_limit_that_is_set_later_counts_from_then_on(store, small, clock, chat):
    clock.moment = START
    study = await Study.open(store, Catalogue((small,), small.id), now=clock.now)
    await use(Process(study, PlainMessenger(chat)))
    clock.moment = START + 2000 * DAY
    limited = await Study.open(store, Catalogue((small,), small.id), now=clock.now, retention_months=12)
    process = Process(limited, PlainMessenger(chat))
    assert await serve(process) == 0
    assert chat.messages == []
    assert (await store.privacy.export(ADA))["last_use"][0]["used_on"] == str(clock.now().date())


async def test_nothing_is_recorded_about_somebody_of_whom_nothing_is_stored(process, store):
    await process.study.retention.record_use(ADA)
    assert await stored(store) == 0
    await use(process)
    assert (await store.privacy.export(ADA))["last_use"] == [{"used_on": "2026-01-15", "warned_at": None}]


@pytest.mark.sqlite
def test_everybody_who_is_stored_is_known_to_the_limit(store, rows):
    """A new table with a learner must be in the view; rows that end by themselves, or need others, need not."""
    tables = {name.removeprefix("forget_") for name in Queries().starting_with("forget_")}
    ((view,),) = rows("select sql from sqlite_master where name = 'stored_learner'")
    listed = set(re.findall(r"from (\w+)", view))
    assert tables - listed == {"last_use", "delivery", "quiz_player", "quiz_answer", "cohort", "daily_question"}


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.integers(-240, 240))
def test_months_are_those_of_the_calendar(day, months):
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)


@pytest.mark.parametrize("value", ["1", "2", "-1", "241", "x"])
def test_limits_that_cant_be(value, monkeypatch, tmp_path):
    monkeypatch.setenv("RETENTION_MONTHS", value)
    with pytest.raises(BadSettings, match="RETENTION_MONTHS"):
        load_settings(tmp_path / ".env")
