"""What a command costs in CPU time, from the gateway to the answer, against an empty one in the same run."""

import time

from tests.bench.client import Client, connected
from tests.bench.table import Row
from tests.bench.timing import median
from tests.bench.workspace import TICKS_EACH, Workspace

TITLE = "commands through discord.py, CPU time of the whole process"
ROUNDS, BATCH, WARM_UP = 40, 12, 5
EMPTY = "an empty command"
Options = dict[str, str]


async def rows(place: Workspace) -> list[Row]:
    """Batches of each command in turn, so that a busy machine is busy for all of them; learners are never the same."""
    course = place.catalogue.default
    unit = course.nodes[list(course.leaves)[TICKS_EACH]]
    path, module, _ = unit.route.split("/")
    kinds: dict[str, tuple[str, Options]] = {
        EMPTY: ("empty", {}),
        "/paths": ("paths", {}),
        "/complete, a unit": ("complete", {"path": path, "module": module, "unit": unit.id}),
        "/complete, a whole path and its public line": ("complete", {"path": "deploy"}),
        "/progress": ("progress", {}),
    }
    spent: dict[str, list[float]] = {kind: [] for kind in kinds}
    async with connected(place.many) as client:
        for number in range(WARM_UP + ROUNDS):
            for kind, (name, options) in kinds.items():
                each = await _batch(client, place.take(BATCH), name, options)
                if number >= WARM_UP:
                    spent[kind].append(each)
    nothing = median(spent.pop(EMPTY))
    found = [Row("an empty slash command", nothing)]
    for kind, each in spent.items():
        target = None if "whole path" in kind else 3.0
        found.append(Row(kind, median(each), ratio=median(each) / nothing, against=EMPTY, ratio_most=target))
    return found


async def _batch(client: Client, learner: int, name: str, options: Options) -> float:
    """Seconds of CPU for one command, from a batch of them; ``process_time`` has the database's thread in it."""
    start = time.process_time()
    await client.run(learner, BATCH, name, options)
    return (time.process_time() - start) / BATCH
