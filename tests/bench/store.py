"""``Study`` on a real file: a durable tick, and reading progress among many ticks."""

import random
import time
from collections.abc import Callable
from itertools import count

from bot.core.course.course import Course, Node
from bot.store import Store
from bot.study import Asker, Study
from tests.bench.payloads import SERVER
from tests.bench.table import Row
from tests.bench.timing import median, percentile, wall, wall_of
from tests.bench.workspace import FIRST_LEARNER, LEARNERS, TICKS_EACH, Workspace, raw, settle

TITLE = "Study and its store, wall time"
HOW = (
    "Wall time of `Study` on a real file with 1,000,000 ticks; bare SQLite with the same settings in turn with "
    "it on the same file, so that a busy disk is busy for both."
)
SAMPLES, WARM_UP = 400, 20
INSERT = (
    "insert into tick (learner_id, course, route, done_at, made_at, change_id) "
    "values (?, 'bare', 'prerequisites/one/one', 1, 1, 1)"
)
SELECT = "select route, done_at, made_at, server_id, change_id from tick where learner_id = ? and course = ?"


async def rows(place: Workspace) -> list[Row]:
    """Measure ``Study`` and bare SQLite alternately on one file, so that other disk load affects both."""
    return [*await _writing(place), *await _reading(place)]


async def _writing(place: Workspace) -> list[Row]:
    store = await Store.open(place.many)
    study = await Study.open(store, place.catalogue)
    course = place.catalogue.default
    unit, path = course.nodes[list(course.leaves)[TICKS_EACH]], course.nodes["deploy"]
    try:
        with raw(place.many) as bare:
            settle(bare)
            others = count(1)
            insert: Callable[[], object] = lambda: bare.execute(INSERT, (next(others),))  # noqa: E731
            of_unit, bare_of_unit = await _complete(place, study, unit, insert)
            of_path, bare_of_path = await _complete(place, study, path, insert)
    finally:
        await store.close()
    plain = median(bare_of_unit + bare_of_path)
    against = "a bare durable insert"
    return [
        Row("a bare durable insert of one row", plain),
        Row("Study.complete, a unit", median(of_unit), most=700e-6, ratio=median(of_unit) / plain, against=against),
        Row(f"Study.complete, a path of {len(path.leaves)} units", median(of_path), most=700e-6,
            ratio=median(of_path) / plain, against=against),
        Row("Study.complete, a unit, 99 %", percentile(of_unit, 99), ratio=percentile(of_unit, 99) / percentile(
            bare_of_unit, 99), against="the same of a bare insert"),
    ]  # fmt: skip


async def _complete(
    place: Workspace, study: Study, node: Node, insert: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Seconds of ours and of the bare insert that comes after each."""
    ours, bare = [], []
    for number in range(WARM_UP + SAMPLES):
        asker = Asker(place.take(1), SERVER, "Ada")
        start = time.perf_counter()
        done = await study.progress.complete(asker, node)
        spent = time.perf_counter() - start
        if not done.changed:
            raise RuntimeError(f"{node.route} was ticked before it was measured")
        if number >= WARM_UP:
            ours.append(spent)
            bare.append(wall_of(insert))
    return ours, bare


async def _reading(place: Workspace) -> list[Row]:
    course = place.catalogue.default
    many, few = await Store.open(place.many), await Store.open(place.few)
    try:
        with raw(place.many) as bare:
            among_many = Study(many, place.catalogue)
            among_few = Study(few, place.catalogue)
            found: dict[str, list[float]] = {"many": [], "few": [], "bare": []}
            pick, untouched = random.Random(1), place.take(0)
            for number in range(WARM_UP + 2 * SAMPLES):
                near, far = FIRST_LEARNER + pick.randrange(200), pick.randrange(untouched, FIRST_LEARNER + LEARNERS)
                spent = {
                    "many": await wall(among_many.progress.of(far, course)),
                    "few": await wall(among_few.progress.of(near, course)),
                    "bare": wall_of(lambda: _select(bare, far, course)),  # noqa: B023 - called at once
                }
                if number >= WARM_UP:
                    for kind, each in spent.items():
                        found[kind].append(each)
    finally:
        await many.close()
        await few.close()
    ours, small, plain = (median(found[kind]) for kind in ("many", "few", "bare"))
    return [
        Row(f"a bare select of {TICKS_EACH} ticks among 1,000,000", plain),
        Row("Study.progress among 10,000 ticks", small),
        Row("Study.progress among 1,000,000 ticks", ours, most=250e-6, ratio=ours / plain, against="a bare select"),
        Row("… against 10,000 ticks", ours, ratio=ours / small, against="the same among 10,000", ratio_most=1.3),
        Row("Study.progress among 1,000,000 ticks, 99 %", percentile(found["many"], 99)),
    ]


def _select(bare: object, learner: int, course: Course) -> None:
    bare.execute(SELECT, (learner, course.id)).fetchall()  # type: ignore[attr-defined]
