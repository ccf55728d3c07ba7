"""The same commands among 10,000, 1,000,000 and 10,000,000 ticks."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

from bot.core.course.course import Course
from bot.store import Store
from bot.study import Asker, Study
from bot.views import completion as completion_views
from bot.views import course as course_views
from bot.views import progress as progress_views
from tests.bench.payloads import SERVER
from tests.bench.table import Row
from tests.bench.timing import median, wall
from tests.bench.workspace import FIRST_LEARNER, TICKS_EACH, Workspace, raw, settle

TITLE = "growth of the ticks stored"
HOW = (
    "One database each, with 50 ticks a learner. The work of each command without Discord (`Study`, its store, the "
    "answer's layout), in turn on all three, so that a busy disk is busy for all; learners all over the file. Medians."
)
SIZES = (10_000, 1_000_000, 10_000_000)
SAMPLES, WARM_UP = 300, 20
STRIDE = 7919
"""A prime: its multiples visit all learners of a file, far from one another, before one comes again."""
COLD_SAMPLES = 60
MOST = 1.3

Work = Callable[[Study, int, int], Awaitable[object]]


async def rows(place: Workspace) -> list[Row]:
    kinds: dict[str, Work] = {
        "a learner's ticks from the store": _ticks,
        "/paths": _paths,
        "/progress": _progress,
        "/complete, a unit": _complete,
        "/undo": _undo,
    }
    found: dict[str, dict[int, list[float]]] = {kind: {size: [] for size in SIZES} for kind in kinds}
    files = {10_000: place.few, 1_000_000: place.many, 10_000_000: place.most}
    stores = {size: await Store.open(path) for size, path in files.items()}
    with ExitStack() as beside:
        for path in files.values():
            settle(beside.enter_context(raw(path)))
        studies = {size: Study(store, place.catalogue) for size, store in stores.items()}
        try:
            for number in range(SAMPLES + WARM_UP):
                for kind, work in kinds.items():
                    # Each is first in turn as often: whoever is finds the processor's caches full of other things.
                    for size in (SIZES * 2)[number % len(SIZES) :][: len(SIZES)]:
                        learner = FIRST_LEARNER + number * STRIDE % (size // TICKS_EACH)
                        spent = await wall(work(studies[size], learner, number))
                        if number >= WARM_UP:
                            found[kind][size].append(spent)
        finally:
            await asyncio.gather(*(store.close() for store in stores.values()))
    cold = await _cold(place.many)
    told = [row for kind, sizes in found.items() for row in _rows(kind, sizes)]
    told += [
        Row("a learner's ticks with a cold page cache, among 1,000,000, median", median(cold)),
        Row("… longest hold of the event loop", max(cold), most=2e-3),
    ]
    return [*told, Row("the file with 10,000,000 ticks", place.most.stat().st_size, "B")]


async def _cold(path: Path) -> list[float]:
    """Seconds that a read in place holds the loop when neither SQLite nor the system has a page of the file in memory.

    Each read has a new connection, after the system dropped the file's pages.
    """
    spent = []
    for number in range(COLD_SAMPLES):
        store = await Store.open(path)
        try:
            for file in (path, path.with_name(f"{path.name}-wal")):
                with file.open("rb") as opened:
                    os.fsync(opened.fileno())
                    os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            learner = FIRST_LEARNER + number * STRIDE % (1_000_000 // TICKS_EACH)
            start = time.perf_counter()
            ticks = await store.progress.of(learner, "az-104")
            spent.append(time.perf_counter() - start)
            if len(ticks) < TICKS_EACH:
                raise RuntimeError("a learner lacks ticks")
        finally:
            await store.close()
    return spent


def _rows(kind: str, spent: dict[int, list[float]]) -> list[Row]:
    first, found = SIZES[0], {size: median(each) for size, each in spent.items()}
    return [
        Row(f"{kind}, among {size:,}", each, ratio=each / found[first] if size > first else None,
            against=f"among {first:,}", ratio_most=MOST if size > first else None)
        for size, each in found.items()
    ]  # fmt: skip


def _course(study: Study) -> Course:
    return study.catalogue.default


async def _ticks(study: Study, learner: int, _: int) -> None:
    if len((await study.progress.of(learner, _course(study))).ticks) < TICKS_EACH:
        raise RuntimeError("a learner lacks ticks")


async def _paths(study: Study, learner: int, _: int) -> None:
    course_views.paths(await study.progress.of(learner, _course(study)), share=True).to_components()


async def _progress(study: Study, learner: int, _: int) -> None:
    progress_views.progress(await study.progress.of(learner, _course(study)), share=True).to_components()


async def _complete(study: Study, learner: int, number: int) -> None:
    """Tick a unit that no other subject ticks. The smallest file has few learners, so they take turns."""
    course = _course(study)
    unit = course.nodes[list(course.leaves)[-2 - number // (SIZES[0] // TICKS_EACH)]]
    done = await study.progress.complete(Asker(learner, SERVER, "Ada"), unit)
    if not done.changed:
        raise RuntimeError(f"{unit.route} was ticked before it was measured")
    completion_views.ticked(done).to_components()


async def _undo(study: Study, learner: int, _: int) -> None:
    completion_views.ticked(await study.progress.undo(Asker(learner, SERVER, "Ada"))).to_components()
