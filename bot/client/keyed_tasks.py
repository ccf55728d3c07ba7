"""Work that goes on side by side: at most so much at once, and each thing once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable


class SideBySide:
    """Tasks by what they are about, of which ``most`` work at once. ``work`` must not raise."""

    def __init__(self, most: int) -> None:
        self._turn = asyncio.Semaphore(most)
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}

    def begin(self, about: Hashable, work: Callable[[], Awaitable[None]]) -> None:
        """Begin ``work``, unless some about the same is going on already: one that hangs holds up nobody."""
        if about not in self._tasks:
            self._tasks[about] = asyncio.create_task(self._in_turn(work))
            self._tasks[about].add_done_callback(lambda _: self._tasks.pop(about, None))

    async def _in_turn(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            await work()

    def close(self) -> None:
        """End all of it where it is."""
        for task in tuple(self._tasks.values()):
            task.cancel()
