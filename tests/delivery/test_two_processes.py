"""Two processes on one database, which wait and die at random."""

import asyncio
import random

import pytest

from bot.study.delivery_kind import Unavailable
from tests.databases import query
from tests.delivery.cases import OWNERS
from tests.delivery.plain import Killed


@pytest.mark.parametrize("seed", range(4))
async def test_two_processes_at_once_send_each_once(case, process, another, chat, go, seed, path):
    """Twelve owners; both processes serve at the same moment and wait for Discord for random times."""
    chance = random.Random(seed)

    async def between(_):
        for _ in range(chance.randrange(30)):
            await asyncio.sleep(0)

    for owner in OWNERS:
        await case.set_up(process, owner)
    process.messenger.between = another.messenger.between = between
    go(case.slot)
    await asyncio.gather(process.tick(), another.tick(), process.tick(), another.tick())
    assert [chat.marks(owner) for owner in OWNERS] == [[case.first]] * 12
    counts = query(path, "select state, count(*), count(distinct message_id) from delivery group by 1")
    assert counts == [("sent", 12, 12)]


@pytest.mark.parametrize("seed", range(4))
async def test_two_processes_that_die_at_random_send_nothing_twice(  # noqa: C901 - the drill in one piece
    recurring, process, another, chat, go, clock, seed
):
    """For six periods, six owners; deaths, errors and lost answers at any step, waits of any length."""
    case, chance = recurring, random.Random(seed)

    async def between(_):
        for _ in range(chance.randrange(10)):
            await asyncio.sleep(0)

    def trouble(_):
        return chance.choice([Killed(), Unavailable("503"), ZeroDivisionError(), *[None] * 12])

    for owner in OWNERS[:6]:
        await case.set_up(process, owner)
    for number in range(6):
        go(case.slot + number * case.period)
        for each in (process, another):
            each.messenger.between, each.messenger.trouble = between, trouble
        for _ in range(12):
            await asyncio.gather(process.tick(), another.tick(), another.tick(), return_exceptions=True)
            clock.move(minutes=chance.choice([1, 3, 5, 20]))  # a question of the day is too late after six hours
        for each in (process, another):
            each.messenger.trouble = lambda _: None
        for _ in range(3):
            clock.move(minutes=35)
            await asyncio.gather(process.tick(), another.tick())
        for owner in OWNERS[:6]:
            marks = chat.marks(owner)
            assert len(marks) == len(set(marks)) == number + 1
