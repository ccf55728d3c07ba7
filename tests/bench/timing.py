"""Clocks and what is made of their readings."""

import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
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
    """The reading that ``percent`` of all are not above."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def wall(work: Awaitable[object]) -> float:
    """Seconds from here until ``work`` is done."""
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


def wall_of(work: Callable[[], object]) -> float:
    """The same for a plain call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
