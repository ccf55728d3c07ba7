"""``Study`` on a PostgreSQL server on the same machine, with durable commits, among few and many ticks."""

import os
import time
from datetime import timedelta

import psycopg

from bot.store import Store
from bot.study import Asker, Study
from tests.bench.digests import NOW, SlowDiscord, cohort_of
from tests.bench.payloads import SERVER
from tests.bench.table import Row
from tests.bench.throughput import rows_of_postgres
from tests.bench.timing import median, percentile, wall
from tests.bench.workspace import FIRST_LEARNER, TICKS_EACH, Workspace
from tests.databases import PostgresServer, running_postgres, url_of

TITLE = "Study on PostgreSQL, wall time"
HOW = (
    "Wall time of `Study` on a PostgreSQL server on the same machine, over a local socket, with `fsync` on: among "
    "10,000 ticks, and among as many as `BENCH_POSTGRES_TICKS` says (1,000,000 by default). The digests are of "
    "members with 50 units each."
)
SMALL, LARGE = 10_000, int(os.environ.get("BENCH_POSTGRES_TICKS", "1000000"))
SAMPLES, WARM_UP = 300, 30


async def rows(place: Workspace) -> list[Row]:
    """Measure both sizes alternately, so that other load affects both."""
    with running_postgres(durable=True) as server:
        few, many = _filled(server, place, SMALL), _filled(server, place, LARGE)
        small, large = await _measured(few, place), await _measured(many, place)
        against = f"among {SMALL:,}"
        found = [
            Row(f"Study.complete, a unit, among {SMALL:,} ticks", small["complete"], most=2.5e-3),
            Row(f"Study.complete, a unit, among {LARGE:,}", large["complete"], most=2.5e-3,
                ratio=large["complete"] / small["complete"], against=against, ratio_most=1.3),
            Row("Study.complete, a unit, 99 %", large["complete 99 %"]),
            Row(f"Study.progress, among {SMALL:,} ticks", small["progress"], most=1e-3),
            Row(f"Study.progress, among {LARGE:,}", large["progress"], most=1e-3,
                ratio=large["progress"] / small["progress"], against=against, ratio_most=1.3),
            Row("a digest of 100 members", large["digest 100"]),
            Row("a digest of 500 members", large["digest 500"]),
        ]  # fmt: skip
        found += await rows_of_postgres(place, url_of(many))
        for address in (few, many):
            server.drop(address)
    return found


def _filled(server: PostgresServer, place: Workspace, ticks: int) -> str:
    """Create a database with ``ticks`` ticks, 50 for each learner, 14 of them in the last week."""
    address = server.create()
    leaves = list(place.catalogue.default.leaves)[:TICKS_EACH]
    old, fresh = (int((NOW - timedelta(days=days)).timestamp()) for days in (30, 3))
    with psycopg.connect(address) as connection:
        connection.execute("create temporary table leaf (place int, route text)")
        connection.cursor().executemany("insert into leaf values (%s, %s)", list(enumerate(leaves)))
        connection.execute(
            "insert into tick (learner_id, course, route, done_at, made_at, server_id, change_id)"
            " select %s + learner, 'az-104', route, case when place < 36 then %s else %s end,"
            " case when place < 36 then %s else %s end, %s, 1 from generate_series(0, %s) as learner, leaf",
            (FIRST_LEARNER, old, fresh, old, fresh, SERVER, ticks // TICKS_EACH - 1),
        )
        for number, members in ((71, 100), (72, 500)):
            connection.execute(
                "insert into member (server_id, course, learner_id, joined_at)"
                " select %s, 'az-104', %s + n, 1 from generate_series(0, %s) as n",
                (number, FIRST_LEARNER, min(members, ticks // TICKS_EACH) - 1),
            )
        connection.execute("analyze")
    return address


async def _measured(address: str, place: Workspace) -> dict[str, float]:
    """Seconds of each operation."""
    store = await Store.open(address)
    try:
        study = await Study.open(store, place.catalogue, now=lambda: NOW)
        course = place.catalogue.default
        unit = course.nodes[list(course.leaves)[TICKS_EACH]]
        completing, reading = [], []
        for number in range(WARM_UP + SAMPLES):
            learner = FIRST_LEARNER + number % 200
            asker = Asker(10**15 + number, SERVER, "Ada")
            start = time.perf_counter()
            await study.progress.complete(asker, unit)
            middle = time.perf_counter()
            progress = await study.progress.of(learner, course)
            if number >= WARM_UP:
                completing.append(middle - start)
                reading.append(time.perf_counter() - middle)
            if not progress.ticks:
                raise RuntimeError("a learner lacks ticks")
        digests = {
            f"digest {members}": median(
                [await wall(study.digests.preview(cohort_of(server), SlowDiscord(), n)) for n in range(10)]
            )
            for server, members in ((71, 100), (72, 500))
        }
        return {
            "complete": median(completing),
            "complete 99 %": percentile(completing, 99),
            "progress": median(reading),
            **digests,
        }
    finally:
        await store.close()
