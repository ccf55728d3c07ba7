"""Many concurrent members, each of whom sends the next command after the last response."""

import time
from dataclasses import dataclass, field

from bot.core.course.course import Course
from tests.bench.bare import BareClient, bare_client
from tests.bench.client import Client, connected
from tests.bench.table import Row
from tests.bench.timing import median, percentile
from tests.bench.traffic import Batch, Kind, Seen
from tests.bench.workspace import FIRST_LEARNER, LEARNERS, TICKS_EACH, Workspace

TITLE = "throughput, closed loop: 60 % `/paths`, 20 % `/complete`, 20 % `/progress`"
HOW = (
    "Closed loop: each of so many users gives the next command when the last one was answered, drawn by a "
    "seeded generator, among 20,000 learners with 1,000,000 ticks; whoever ticks has not ticked that unit. *Bare* is "
    "a discord.py client with nothing but an empty command, in a process of its own. It and the mix in turn, 2,000 "
    "commands each in four parts. *CPU* is that of the whole process, with the database's threads. *Cores* is the "
    "simulated Discord's own CPU by wall time: well below 1, it is not what limits."
)
USERS = (1, 16, 32)
PARTS, COMMANDS = 4, 500
WARM_UP = 300
TICKING = 1
"""The place of ``/complete`` in the mix."""
EMPTY = [Kind("empty", {}, FIRST_LEARNER, LEARNERS)]
BARE = "bare"


@dataclass(slots=True)
class Measured:
    """What was seen of one client's batches."""

    parts: list[Seen] = field(default_factory=list)
    spent: float = 0.0
    """CPU seconds."""

    @property
    def commands(self) -> int:
        return sum(len(seen.answers) for seen in self.parts)

    @property
    def rate(self) -> float:
        return self.commands / sum(seen.seconds for seen in self.parts)

    @property
    def waits(self) -> list[float]:
        return [wait for seen in self.parts for wait in seen.waits]

    @property
    def discord_cores(self) -> float:
        return sum(seen.cpu for seen in self.parts) / sum(seen.seconds for seen in self.parts)


def mix(course: Course, first: int) -> list[Kind]:
    """The kinds of the mix; whoever ticks is the next learner from ``first``."""
    unit = course.nodes[list(course.leaves)[TICKS_EACH]]
    return [
        Kind("paths", {}, FIRST_LEARNER, LEARNERS, 0.6),
        Kind("complete", {"what": unit.route}, first, share=0.2, fresh=True),
        Kind("progress", {}, FIRST_LEARNER, LEARNERS, 0.2),
    ]


async def rows(place: Workspace) -> list[Row]:
    found: list[Row] = []
    async with connected(place.load) as client, bare_client() as bare:
        for users in USERS:
            found += _rows(users, *await measure(client, bare, place, users))
    return found


async def rows_of_postgres(place: Workspace, address: str) -> list[Row]:
    """The mix of 16 users on a PostgreSQL database."""
    async with connected(address) as client, bare_client() as bare:
        plain, mixed = await measure(client, bare, place, 16)
    return [
        Row("16 users, the mix", mixed.rate, "/s", ratio=mixed.rate / plain.rate, against=BARE, ratio_least=0.25),
        Row("16 users, time to acknowledge, 99 %", percentile(mixed.waits, 99)),
    ]


async def measure(client: Client, bare: BareClient, place: Workspace, users: int) -> tuple[Measured, Measured]:
    """The bare client and the mix in turn, so that a busy machine is busy for both."""
    plain, mixed = Measured(), Measured()
    for number in range(PARTS + 1):
        commands = COMMANDS if number else WARM_UP
        kinds = mix(place.catalogue.default, place.take_load(commands // 3))
        before = await bare.cpu()
        nothing = await bare.run(Batch(EMPTY, commands, users, seed=number))
        between, start = await bare.cpu(), time.process_time()
        seen = await client.run(Batch(kinds, commands, users, seed=number))
        if number:
            plain.parts.append(nothing)
            plain.spent += between - before
            mixed.parts.append(seen)
            mixed.spent += time.process_time() - start
    return plain, mixed


def _rows(users: int, bare: Measured, mixed: Measured) -> list[Row]:
    plain, ours = bare.spent / bare.commands, mixed.spent / mixed.commands
    worst, slowest = percentile(bare.waits, 99), percentile(mixed.waits, 99)
    ticking = [wait for seen in mixed.parts for kind, wait, _ in seen.answers if wait is not None and kind == TICKING]
    who = f"{users} users" if users > 1 else "one user"
    return [
        Row(f"{who}, a bare client", bare.rate, "/s"),
        Row(f"{who}, the mix", mixed.rate, "/s", ratio=mixed.rate / bare.rate, against=BARE,
            ratio_least=0.5 if users == 16 else None),
        Row(f"{who}, CPU of a command, a bare client", plain),
        Row(f"{who}, CPU of a command, the mix", ours, ratio=ours / plain, against=BARE,
            ratio_most=2.0 if users == 16 else None),
        Row(f"{who}, time to acknowledge, median", median(mixed.waits), ratio=median(mixed.waits) / median(bare.waits),
            against=BARE),
        Row(f"{who}, time to acknowledge, 99 %, a bare client", worst),
        Row(f"{who}, time to acknowledge, 99 %", slowest, ratio=slowest / worst, against=BARE,
            ratio_most=2.0 if users == 32 else None),
        Row(f"{who}, time to acknowledge, longest", max(mixed.waits)),
        Row(f"{who}, time to acknowledge of `/complete` alone, 99 %", percentile(ticking, 99)),
        Row(f"{who}, CPU of the simulated Discord during the mix", mixed.discord_cores, "cores"),
        Row(f"{who}, CPU of the simulated Discord for a bare client", bare.discord_cores, "cores"),
    ]  # fmt: skip
