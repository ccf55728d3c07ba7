"""The loops run on the monotonic clock, whatever happens to the wall clock."""

import asyncio
import re
from pathlib import Path

from bot.client.keyed_tasks import KeyedTasks, repeat

ROOT = Path(__file__).parents[2]


async def test_work_is_repeated_until_it_is_canceled():
    done = asyncio.Event()
    rounds = []

    async def work():
        rounds.append(None)
        if len(rounds) == 3:
            done.set()

    task = asyncio.create_task(repeat(0, work))
    await done.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(rounds) >= 3
    assert task.cancelled()


async def test_a_key_that_is_running_is_not_started_again():
    tasks, release, started = KeyedTasks(2), asyncio.Event(), []

    async def work():
        started.append(None)
        await release.wait()

    tasks.start("a", work)
    tasks.start("a", work)
    await asyncio.sleep(0)
    assert len(started) == 1
    release.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks.start("a", work)
    await asyncio.sleep(0)
    assert len(started) == 2
    tasks.close()


def test_no_loop_sleeps_until_a_wall_clock_time():
    """discord.ext.tasks does, so setting the clock back would stop it."""
    for file in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]:
        text = file.read_text("utf-8")
        assert not re.search(r"import .*\btasks\b|ext\.tasks|sleep_until", text), file
