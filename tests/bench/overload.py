"""Twice as many commands per second as the bot can process."""

from tests.bench.client import Client, connected
from tests.bench.table import Row
from tests.bench.throughput import mix
from tests.bench.timing import median, percentile
from tests.bench.traffic import Batch, Seen
from tests.bench.workspace import Workspace

TITLE = "overload, open loop: the same mix at twice the rate that saturates it"
HOW = (
    "Open loop: commands are given at twice the rate that 32 users reached in a closed loop just before, "
    "whether or not anything is answered, by learners drawn from 20,000. Times run from when a command was due "
    "to be given. An answer is *a sentence* where its text stands in place of what was asked for."
)
USERS, PROBES, PROBE = 32, 3, 600
SECONDS, TIMES = 15, 2
PATIENCE = 3.0
"""Seconds that Discord waits for an answer."""


async def rows(place: Workspace) -> list[Row]:
    async with connected(place.load) as client:
        rate = await _saturating(client, place)
        commands = int(SECONDS * TIMES * rate)
        kinds = mix(place.catalogue.default, place.take_load(commands // 4))
        seen = await client.run(Batch(kinds, commands, rate=TIMES * rate))
        after = await client.run(Batch(mix(place.catalogue.default, place.take_load(200)), 200))
    return _told(rate, seen, after)


async def _saturating(client: Client, place: Workspace) -> float:
    """Return the commands per second with as many users as keep the bot busy."""
    rates = []
    for number in range(1 + PROBES):
        kinds = mix(place.catalogue.default, place.take_load(PROBE // 2))
        seen = await client.run(Batch(kinds, PROBE, USERS, seed=number))
        rates.append(len(seen.answers) / seen.seconds)
    return median(rates[1:])


def _told(rate: float, seen: Seen, after: Seen) -> list[Row]:
    given = len(seen.answers)
    in_time = [(wait, refused) for _, wait, refused in seen.answers if wait is not None and wait <= PATIENCE]
    full = [wait for wait, refused in in_time if not refused]
    shed = [wait for wait, refused in in_time if refused]
    return [
        Row("the rate that saturates it", rate, "/s"),
        Row(f"commands given at twice that rate for {SECONDS} s", given, ""),
        Row("… answered in full within 3 s", len(full) / given, "%"),
        Row("… answered with the sentence that there is too much to do", len(shed) / given, "%"),
        Row("… unanswered in 3 s", given - len(in_time), "", most=0),
        Row("time to acknowledge of what was answered in full, median", median(full or [0.0])),
        Row("time to acknowledge of what was answered in full, 99 %", percentile(full or [0.0], 99)),
        Row("time to acknowledge of the sentence, 99 %", percentile(shed or [0.0], 99)),
        Row("one user right after it, time to acknowledge, median", median(after.waits)),
        Row("CPU of the simulated Discord meanwhile", seen.cpu / seen.seconds, "cores"),
        Row("the simulated Discord behind its own timetable, at most", seen.behind),
    ]
