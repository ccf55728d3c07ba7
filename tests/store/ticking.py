"""A process to kill: ticks one unit after the other and prints each tick that was confirmed.

Run as ``python ticking.py DATABASE LEARNER``.
"""

import asyncio
import sys
from datetime import UTC, datetime

from bot.core.course.progress import Delta
from bot.store import Store
from tests.databases import Target, target_of


async def main(where: Target, learner: int) -> None:
    store = await Store.open(where)
    try:
        await tick(store, learner)
    finally:
        await store.close()


async def tick(store: Store, learner: int) -> None:
    number = 0
    while True:
        routes = tuple(f"r{number}/{part}" for part in "abc")
        number += 1
        now = datetime.now(UTC)
        await store.progress.apply(
            learner, "t-1", learner, lambda _, add=routes: (Delta(add=add), add[:1]), now=now, done_at=now
        )
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


asyncio.run(main(target_of(sys.argv[1]), int(sys.argv[2])))
