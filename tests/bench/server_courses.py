"""Courses of servers: memory in many servers, time to load one, and how long loading holds the event loop."""

import asyncio
import os
import time
from collections.abc import Awaitable

import yaml

from bot.core.course.server_course import CourseFiles
from bot.store import Store
from bot.store.server_course_rows import Publication
from bot.study import Study
from bot.study.study import utc_now
from tests.bench.start_process import resident
from tests.bench.table import Row
from tests.bench.timing import median
from tests.bench.workspace import FIRST_LEARNER, Workspace

TITLE = "courses of servers"
HOW = (
    "Servers with a course of 300 units each, all different. A command in each server loads its course; memory is the "
    "growth of the process. The longest hold is how late a timer of 1 ms is at most while a course is loaded; "
    "the least of several loads, because other processes only add to it. Python switches threads every 5 ms."
)
SERVERS = 10_000
USED = 1000
"""Servers whose courses are loaded one after the other: several times as many as stay in memory."""
LOADS = 15
BATCH = 50


async def rows(place: Workspace) -> list[Row]:
    store = await Store.open(place.empty("server-courses.db"))
    try:
        before = resident(os.getpid())
        await _publish(store)
        study = await Study.open(store, place.catalogue)
        times = [await _timed(study.scope.enter(server, FIRST_LEARNER)) for server in range(1, USED + 1)]
        grown = resident(os.getpid()) - before
        again = [await _timed(study.scope.enter(USED, FIRST_LEARNER)) for _ in range(200)]
        holds = [await _hold(study, SERVERS - number) for number in range(LOADS)]
        large = _files(0, modules=200)
        largest = await study.server_courses.publish(SERVERS + 1, 1, large)
        held = []
        for _ in range(LOADS):
            study.scope.release(largest.id)
            held.append(await _hold(study, SERVERS + 1))
    finally:
        await store.close()
    return [
        Row(f"memory for {SERVERS:,} servers, {USED:,} of them used", grown, "B", most=400 * 2**20),
        Row("first command in a server: its course is loaded", median(times)),
        Row("later commands: what they may see is looked up", median(again)),
        Row("longest hold while 300 units are loaded", min(holds), most=10e-3),
        Row("longest hold while 2,000 units are loaded", min(held), most=10e-3),
    ]


def _files(number: int, modules: int = 30) -> CourseFiles:
    units = [{"id": f"u{unit}", "title": f"Subnet {unit}", "kind": "reading", "minutes": 5} for unit in range(10)]
    listed = [
        {"id": f"m{module}", "title": f"Configure network {module} of {number}", "units": units}
        for module in range(modules)
    ]
    paths = [
        {"id": f"p{first}", "title": f"Part {first}", "modules": listed[first : first + 30]}
        for first in range(0, modules, 30)
    ]
    return CourseFiles(yaml.dump({"code": "NET-1", "title": "Networks", "overview": "All.", "paths": paths},
                                 Dumper=_PLAIN))  # fmt: skip


class _PLAIN(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes repeated values instead of aliases."""

    def ignore_aliases(self, _: object) -> bool:
        return True


async def _publish(store: Store) -> None:
    """Store the courses without reading each of them first."""
    text = _files(0).course
    for first in range(1, SERVERS + 1, BATCH):
        await asyncio.gather(
            *(
                store.server_courses.add(f"~bench{server}", server, _new(f"{text}# {server}\n"), utc_now(), _any)
                for server in range(first, min(first + BATCH, SERVERS + 1))
            )
        )


def _new(text: str) -> Publication:
    return Publication("NET-1", "Networks", CourseFiles(text), 1, "", {}, {}, {})


def _any(_: object) -> None:
    """Allow any number of courses."""


async def _timed(work: Awaitable[object]) -> float:
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


async def _hold(study: Study, server: int) -> float:
    """Return how long the event loop was held at most while the course of a server was loaded, in seconds."""
    loading = asyncio.ensure_future(study.scope.enter(server, FIRST_LEARNER))
    longest = 0.0
    while not loading.done():
        longest = max(longest, await _timed(asyncio.sleep(0.001)) - 0.001)
    await loading
    return longest
