"""Clocks and statistics."""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def busy() -> float:
    """Seconds that all cores together have spent since the machine's start on anything but this run; 0 if untold."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system, _idle, _waiting, *interrupts = map(int, stat.read_text("ascii").split("\n")[0].split()[1:9])
    own = os.times()
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK") - sum(own[:4])


def median(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


def percentile(seconds: Sequence[float], percent: float) -> float:
    """Return the value that ``percent`` of all values don't exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def wall(work: Awaitable[object]) -> float:
    """Return the seconds that ``work`` takes."""
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


def wall_of(work: Callable[[], object]) -> float:
    """Return the seconds that a plain call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@dataclass(slots=True)
class Hold:
    """The longest round of the event loop so far, in seconds of its thread's CPU."""

    seconds: float = 0.0


@contextmanager
def longest_hold() -> Iterator[Hold]:
    """Measure the longest round of the running event loop during the block.

    CPU time instead of wall time leaves out what other processes take of the core.
    """
    loop, hold = asyncio.get_running_loop(), Hold()
    before = time.thread_time()

    def note() -> None:
        nonlocal before, scheduled
        now = time.thread_time()
        hold.seconds = max(hold.seconds, now - before)
        before, scheduled = now, loop.call_soon(note)

    scheduled = loop.call_soon(note)
    try:
        yield hold
    finally:
        scheduled.cancel()
