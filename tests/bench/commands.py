"""The cost of each command: latency and CPU time, compared with an empty command in the same run."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.course.course import Course
from tests.bench.client import Client, connected
from tests.bench.payloads import SERVER
from tests.bench.table import Row
from tests.bench.timing import longest_hold, median
from tests.bench.traffic import Batch, Kind
from tests.bench.workspace import FIRST_LEARNER, LEARNERS, TICKS_EACH, Workspace, learners, raw

EVERYBODY = f"{learners()} select id, 'az-104', :exam from learner"
PLANS = f"{learners()} select id, 'az-104', 300, 37, :start, 900 from learner"
TITLE = "each command through discord.py"
HOW = (
    "One command after the other. *Acknowledged* is the time from the gateway event's leaving until the callback's "
    "arrival, on the clock of the simulated Discord; *CPU* is that of the bot's whole process, with the database's "
    "threads. Medians over batches of each command in turn, so that a busy machine is busy for all of them. *Longest "
    "hold* is the most CPU time that one round of the event loop takes while a single command runs: a median as well."
)
ROUNDS, BATCH, WARM_UP = 40, 12, 5
HOLDS = 9
"""Batches of each command for its longest hold."""
EMPTY = "an empty command"
AIMED = ("/paths", "/paths, a text", "/complete, a unit", "/progress", "/privacy")
"""What has a target for its CPU."""


async def rows(place: Workspace) -> list[Row]:
    """Each ``/complete`` ticks a new unit; ``/undo`` removes the latest tick."""
    waits: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    _prepare(place)
    async with connected(place.many) as client:
        for number in range(WARM_UP + ROUNDS):
            for name, kind in _kinds(place, place.catalogue.default).items():
                wait, cpu = await _batch(client, kind)
                if number >= WARM_UP:
                    waits.setdefault(name, []).append(wait)
                    spent.setdefault(name, []).append(cpu)
        holds = await _longest_holds(client, place)
    return [*_rows("acknowledged", waits), *_rows("CPU", spent, 3.0), *holds]


async def _longest_holds(client: Client, place: Workspace) -> list[Row]:
    """The longest round of the event loop during each command. Apart from the CPU, to which measuring it adds."""
    found: dict[str, list[float]] = {}
    for _ in range(HOLDS):
        for name, kind in _kinds(place, place.catalogue.default).items():
            for _ in range(BATCH):
                with longest_hold() as hold:
                    await client.run(Batch([kind], 1))
                found.setdefault(name, []).append(hold.seconds)
                kind = replace(kind, first=kind.first + 1)  # noqa: PLW2901 - the next learner
    return [Row(f"longest hold: {name}", median(each)) for name, each in found.items()]


def _rows(what: str, found: dict[str, list[float]], most: float | None = None) -> list[Row]:
    nothing = median(found[EMPTY])
    told = [Row(f"{what}: {EMPTY}", nothing)]
    for name, each in found.items():
        if name != EMPTY:
            target = most if name in AIMED else None
            told.append(Row(f"{what}: {name}", median(each), ratio=median(each) / nothing, against=EMPTY,
                            ratio_most=target))  # fmt: skip
    return told


def _prepare(place: Workspace) -> None:
    """Create the plans and the digest that ``/plan`` and ``/setup`` display."""
    exam = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()
    everybody = {"first": FIRST_LEARNER, "last": FIRST_LEARNER + LEARNERS - 1, "exam": exam}
    with raw(place.many) as bare:
        bare.execute(f"insert into exam (learner_id, course, exam_on) {EVERYBODY}", everybody)
        bare.execute(f"insert into plan (learner_id, course, minutes_a_week, days, start_on, baseline_minutes) {PLANS}",
                     everybody | {"start": datetime.now(UTC).date().isoformat()})  # fmt: skip
        bare.execute("insert into cohort (server_id, course, channel_id, day, minute, zone, due_at) "
                     "values (?, 'az-104', ?, 0, 540, 'UTC', ?)",
                     (SERVER, SERVER + 205, int(time.time()) + 7 * 86_400))  # fmt: skip


def _kinds(place: Workspace, course: Course) -> dict[str, Kind]:
    """The commands that members use every day."""
    unit = course.nodes[list(course.leaves)[TICKS_EACH]]
    one, other = place.take(BATCH), place.take(BATCH)

    def read(name: str, **options: str) -> Kind:
        return Kind(name, options, FIRST_LEARNER, LEARNERS)

    return {
        EMPTY: read("empty"),
        "/overview": read("overview"),
        "/paths": read("paths"),
        "/paths, a path": read("paths", find="deploy"),
        "/paths, a text": read("paths", find="virtual network"),
        "/next": read("next"),
        "/complete, a unit": Kind("complete", {"what": unit.route}, one, fresh=True),
        "/undo": Kind("undo", {}, one, fresh=True),
        "/complete, a whole path": Kind("complete", {"what": "deploy"}, other, fresh=True),
        "/progress": read("progress"),
        "/plan": read("plan"),
        "/readiness": read("readiness"),
        "/privacy": read("privacy"),
        "/help": read("help"),
        "/setup": read("setup"),
    }


async def _batch(client: Client, kind: Kind) -> tuple[float, float]:
    """Seconds until the answer (median) and of CPU for one command; ``process_time`` has the database's threads."""
    start = time.process_time()
    seen = await client.run(Batch([kind], BATCH))
    spent = (time.process_time() - start) / BATCH
    # The panel of /setup warns of what the bot may not do in the channel; that is its answer.
    if any(refused for _, _, refused in seen.answers) and kind.name != "setup":
        raise RuntimeError(f"/{kind.name} was refused")
    return median(seen.waits), spent
