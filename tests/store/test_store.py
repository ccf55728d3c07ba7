"""The database: opening and migrating, transactions, plans, and what is kept about a person."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.course.progress import Delta
from tests.databases import BROKEN, query
from tests.store.changes import ADA, BEN, NOW, adding, opened, routes, tick

# Opening


async def test_a_database_is_as_it_was_when_opened_again(path):
    async with opened(path) as store:
        applied = await tick(store, ADA, "a", "b")
        await store.settings.set("hash", "1")
        await store.settings.set("hash", "2")
    async with opened(path) as store:
        assert sorted(await store.progress.of(ADA, "t-1"), key=lambda tick: tick.route) == list(applied.after)
        assert await store.settings.get("hash") == "2"
        assert await store.settings.get("other") is None


# Transactions


async def test_a_change_is_all_or_nothing(store, path):
    await tick(store, ADA, "a")

    def decide(ticks):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.progress.apply(ADA, "t-1", 700, decide, now=NOW, done_at=NOW)
    with pytest.raises(BROKEN):
        await store.progress.apply(ADA, "t-1", 700, adding("b", None), now=NOW, done_at=NOW)
    with pytest.raises(BROKEN):
        await tick(store, BEN, "b", complete=[None])
    assert await routes(store, ADA) == {"a"}
    assert await routes(store, BEN) == set()
    assert await store.privacy.memberships(BEN) == []
    await tick(store, BEN, "c")
    assert query(path, "select learner_id, route from tick order by 2") == [(ADA, "a"), (BEN, "c")]


async def test_one_coroutine_s_rollback_leaves_the_others_rows(store):
    """The failure that one shared connection invites."""

    def fail(ticks):
        raise ZeroDivisionError

    async def attempt(number):
        if number % 3 == 0:
            with pytest.raises(ZeroDivisionError):
                await store.progress.apply(ADA, "t-1", 700, fail, now=NOW, done_at=NOW)
        elif number % 3 == 1:
            await tick(store, ADA, f"r{number}")
        else:
            await store.privacy.set_hidden(number, hidden=True)

    await asyncio.gather(*(attempt(number) for number in range(60)))
    assert await routes(store, ADA) == {f"r{number}" for number in range(60) if number % 3 == 1}
    assert all([await store.privacy.is_hidden(number) for number in range(60) if number % 3 == 2])


async def test_two_at_once_see_each_other_s_change(store):
    both = await asyncio.gather(tick(store, ADA, "a", complete=["a"]), tick(store, ADA, "a", complete=["a"]))
    both.sort(key=lambda applied: len(applied.delta.add), reverse=True)
    assert [len(applied.delta.add) for applied in both] == [1, 0]
    assert [applied.announceable for applied in both] == [frozenset({"a"}), frozenset()]
    assert both[0].after == both[1].before == both[1].after


@pytest.mark.parametrize("steps", [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024])
async def test_a_change_that_is_cancelled_is_done_or_not_done(store, path, steps):
    """Cancelled at any point (the process ends, say): the whole change or none of it, and the next one works."""
    changing = asyncio.create_task(tick(store, ADA, "a", "b", complete=["a"]))
    for _ in range(steps):
        await asyncio.sleep(0)
    changing.cancel()
    (outcome,) = await asyncio.gather(changing, return_exceptions=True)
    assert not isinstance(outcome, Exception), "it ends as cancelled or as done"
    assert await tick(store, BEN, "c")
    # One statement: a cancelled change can be done at this very moment.
    counts = [
        f"(select count(*) from {table} where learner_id = {ADA})" for table in ("tick", "study_day", "milestone")
    ]
    assert query(path, f"select {', '.join(counts)}") in ([(0, 0, 0)], [(2, 1, 1)])
    assert query(path, f"select count(*) from tick where learner_id = {BEN}") == [(1,)]


# What a change does


async def test_what_a_change_reports_is_what_is_stored(store):
    first = await store.progress.apply(
        ADA, "t-1", 700, adding("a", "b"), now=NOW + timedelta(microseconds=999_999), done_at=NOW - timedelta(days=3)
    )
    assert first.before == ()
    assert {(tick.done_at, tick.made_at, tick.server) for tick in first.after} == {(NOW - timedelta(days=3), NOW, 700)}

    def carry(ticks):
        return Delta(add=("a/m", "c"), remove=("a", "b"), carried={"a/m": "a"}), ()

    second = await store.progress.apply(
        ADA, "t-1", None, carry, now=NOW + timedelta(days=1), done_at=NOW + timedelta(days=1)
    )
    assert second.before == first.after
    assert set(second.after) == set(await store.progress.of(ADA, "t-1"))
    kept, new = sorted(second.after, key=lambda tick: tick.route)
    assert (kept.route, kept.done_at, kept.change) == ("a/m", NOW - timedelta(days=3), first.change)
    assert (new.route, new.done_at, new.server, new.change) == ("c", NOW + timedelta(days=1), None, second.change)

    nothing = await tick(store, ADA, "c", server=800)
    assert (nothing.change, nothing.delta, nothing.after) == (None, Delta(), nothing.before)


async def test_changes_are_numbered_upwards_while_the_clock_stands_still_or_goes_back(store):
    numbers = [(await tick(store, ADA, f"r{number}")).change for number in range(3)]
    late = await store.progress.apply(ADA, "t-1", None, adding("x"), now=NOW - timedelta(hours=1), done_at=NOW)
    numbers.append(late.change)
    assert numbers == sorted(set(numbers))
    assert max(numbers) < 2**53, "a JSON reader keeps all digits"
    assert await store.progress.change(ADA, None) == ("t-1", frozenset({"x"}))
    assert await store.progress.change(ADA, numbers[1]) == ("t-1", frozenset({"r1"}))
    assert await store.progress.change(BEN, numbers[1]) is None


# Plans


# People
