"""Run keyed background tasks with bounded concurrency, and repeat work on the monotonic clock."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable


class KeyedTasks:
    """Background tasks by key, ``limit`` of them at a time. ``work`` must not raise."""

    def __init__(self, limit: int) -> None:
        self._limit = asyncio.Semaphore(limit)
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}

    def start(self, key: Hashable, work: Callable[[], Awaitable[None]]) -> None:
        """Start ``work``. A key that is already running is ignored, so one that hangs delays no other."""
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._run(work))
            self._tasks[key].add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._limit:
            await work()

    def close(self) -> None:
        """Cancel every task."""
        for task in tuple(self._tasks.values()):
            task.cancel()


async def repeat(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Run ``work`` now and again ``seconds`` after it ended, until canceled. ``work`` must not raise.

    Sleeps on the monotonic clock: setting the wall clock neither stops it nor makes it catch up.
    """
    while True:
        await work()
        await asyncio.sleep(seconds)
