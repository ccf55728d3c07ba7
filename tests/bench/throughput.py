"""Many concurrent members, each of whom sends the next command after the last response."""

from bot.core.course.course import Course
from tests.bench.client import Client, connected
from tests.bench.table import Row
from tests.bench.timing import median, percentile
from tests.bench.traffic import Batch, Kind, Seen
from tests.bench.workspace import FIRST_LEARNER, LEARNERS, TICKS_EACH, Workspace

TITLE = "throughput, closed loop: 60 % `/paths`, 20 % `/complete`, 20 % `/progress`"
HOW = (
    "Closed loop: each of so many users gives the next command when the last one was answered, drawn by a "
    "seeded generator, among 20,000 learners with 1,000,000 ticks; whoever ticks has not ticked that unit. The "
    "empty command and the mix in turn, 2,000 commands each in four parts. *Cores* is the simulated Discord's "
    "own CPU by wall time: well below 1, it is not what limits."
)
USERS = (1, 16, 32)
PARTS, COMMANDS = 4, 500
WARM_UP = 300
TICKING = 1
"""The place of ``/complete`` in the mix."""
EMPTY = [Kind("empty", {}, FIRST_LEARNER, LEARNERS)]


def mix(course: Course, first: int) -> list[Kind]:
    """The kinds of the mix; whoever ticks is the next learner from ``first``."""
    unit = course.nodes[list(course.leaves)[TICKS_EACH]]
    path, module, _ = unit.route.split("/")
    return [
        Kind("paths", {}, FIRST_LEARNER, LEARNERS, 0.6),
        Kind("complete", {"path": path, "module": module, "unit": unit.id}, first, share=0.2, fresh=True),
        Kind("progress", {}, FIRST_LEARNER, LEARNERS, 0.2),
    ]


async def rows(place: Workspace) -> list[Row]:
    found: list[Row] = []
    async with connected(place.load) as client:
        for users in USERS:
            found += await _rows(client, place, users)
    return found


async def _rows(client: Client, place: Workspace, users: int) -> list[Row]:
    """The empty command and the mix in turn, so that a busy machine is busy for both."""
    course = place.catalogue.default
    empty, mixed = [], []
    for number in range(PARTS + 1):
        commands = COMMANDS if number else WARM_UP
        kinds = mix(course, place.take_load(commands // 3))
        empty.append(await client.run(Batch(EMPTY, commands, users, seed=number)))
        mixed.append(await client.run(Batch(kinds, commands, users, seed=number)))
    plain, ours = _rate(empty[1:]), _rate(mixed[1:])
    waits = [wait for seen in mixed[1:] for wait in seen.waits]
    ticking = [wait for seen in mixed[1:] for kind, wait, _ in seen.answers if wait is not None and kind == TICKING]
    who = f"{users} users" if users > 1 else "one user"
    return [
        Row(f"{who}, an empty command", plain, "/s"),
        Row(f"{who}, the mix", ours, "/s", ratio=ours / plain, against="an empty command",
            ratio_least=0.5 if users == 16 else None),
        Row(f"{who}, time to acknowledge, median", median(waits)),
        Row(f"{who}, time to acknowledge, 99 %", percentile(waits, 99), most=50e-3 if users == 32 else None),
        Row(f"{who}, time to acknowledge, longest", max(waits)),
        Row(f"{who}, time to acknowledge of `/complete` alone, 99 %", percentile(ticking, 99)),
        Row(f"{who}, CPU of the simulated Discord during the mix", _share(mixed[1:]), "cores"),
        Row(f"{who}, CPU of the simulated Discord during the empty command", _share(empty[1:]), "cores"),
    ]  # fmt: skip


def _rate(parts: list[Seen]) -> float:
    return sum(len(seen.answers) for seen in parts) / sum(seen.seconds for seen in parts)


def _share(parts: list[Seen]) -> float:
    return sum(seen.cpu for seen in parts) / sum(seen.seconds for seen in parts)
