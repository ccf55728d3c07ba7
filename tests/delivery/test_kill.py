"""Real processes that are killed while they deliver, at every step between claim and receipt."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.study.delivery import LEASE
from tests.databases import is_whole, query
from tests.delivery.cases import BY_NAME, CASES

pytestmark = pytest.mark.drill

SCRIPT = Path(__file__).with_name("killed_process.py")
ROOT = Path(__file__).parents[2]
MINUTE = timedelta(minutes=1)
KILLED = -signal.SIGKILL


class World:
    """A database, a Discord that is a file, and processes that come and go."""

    def __init__(self, folder, case, runs, database):
        self.folder, self.case, self._runs, self.database = folder, case, runs, database
        folder.mkdir(exist_ok=True)
        self.log = folder / "channel.jsonl"
        self.log.touch()

    def run(self, now, *kills, **more):
        """One process, or several at once; each is killed at its step, 0 for none. Returns how each ended."""
        given = {"kind": self.case.name, "database": str(self.database), "log": str(self.log)} | more
        return self._runs([given | {"now": now.isoformat(), "kill": kill} for kill in kills or (0,)])

    def marks(self):
        return [json.loads(line)["mark"] for line in self.log.read_text().splitlines()]

    def rows(self):
        assert is_whole(self.database)
        return query(self.database, "select state, message_id from delivery")


@pytest.fixture(scope="module", params=[case.name for case in CASES])
def case(request):
    return BY_NAME[request.param]


@pytest.fixture(scope="module")
def runs():
    """Starts processes from one whose imports they share."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, str(SCRIPT)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths},
    ) as process:  # fmt: skip

        def run(asked):
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


@pytest.fixture(scope="module")
def server(request):
    """The PostgreSQL server, or None for SQLite."""
    return request.getfixturevalue("postgres") if request.config.getoption("--engine") == "postgres" else None


@pytest.fixture(scope="module")
def fresh(case, runs, server, tmp_path_factory):
    """Makes databases in which the first slot of the kind is due at its time."""
    folder = tmp_path_factory.mktemp("killed")
    first = World(folder / "first", case, runs, server.create() if server else folder / "first" / "waymark.db")
    assert first.run(case.slot - MINUTE, set_up=True) == [0]
    numbers = count()
    made = []

    def make():
        if server and len(made) > 50:
            server.drop(made.pop(0))
        at = folder / str(next(numbers))
        at.mkdir()
        database = server.copy(first.database) if server else Path(shutil.copy(first.database, at))
        made.append(database)
        return World(at, case, runs, database)

    return make


@pytest.fixture(scope="module")
def steps(case, fresh):
    """The names of all steps of a process that delivers undisturbed."""
    world = fresh()
    assert world.run(case.slot, steps=str(world.folder / "steps")) == [0]
    assert world.marks() == [case.first]
    return json.loads((world.folder / "steps").read_text())


def assert_sent_once(world):
    assert world.marks() == [world.case.first]
    assert world.rows() == [("sent", 1)]


def test_the_steps_are_those_between_claim_and_receipt(case, steps):
    assert [step for step in steps if step in case.steps] == list(case.steps)
    claimed = next(number for number, step in enumerate(steps) if step.startswith("begin i"))
    assert claimed < steps.index("draw"), "it is claimed before it is drawn"
    assert any(
        step.startswith("update delivery set tried_at") for step in steps[steps.index("draw") : steps.index("send")]
    )
    assert steps.index("sent") < len(steps) - 3, "the receipt is a transaction"


def test_killed_at_every_step_it_is_sent_once(case, fresh, steps):
    for step in range(1, len(steps) + 1):
        world = fresh()
        assert world.run(case.slot, step) == [KILLED], steps[step - 1]
        assert len(world.marks()) == (step >= steps.index("sent") + 1)
        world.run(case.slot + MINUTE)
        world.run(case.slot + LEASE)
        assert_sent_once(world)


def test_killed_at_one_step_after_the_other_it_is_sent_once(case, fresh, steps):
    """Each process dies one step later than the one before it."""
    for first in (1, 4):
        world = fresh()
        now = case.slot
        for step in range(first, len(steps) + 4):
            world.run(now, step)
            now += LEASE
        world.run(now)
        assert_sent_once(world)


@pytest.mark.parametrize("seed", range(3))
def test_processes_that_run_at_once_and_die_at_random_send_it_once(case, fresh, steps, seed):
    chance = random.Random(seed)
    world = fresh()
    now = case.slot
    for _ in range(8):
        kills = [chance.randrange(1, len(steps) + 4) for _ in range(3)]
        assert set(world.run(now, *kills)) <= {KILLED, 0}
        now += chance.choice((MINUTE, LEASE, LEASE + MINUTE))
    now += LEASE
    world.run(now, 0, 0, 0)
    world.run(now + LEASE)
    assert_sent_once(world)


def test_four_processes_at_once_send_it_once(case, fresh):
    for _ in range(4):
        world = fresh()
        assert world.run(case.slot, 0, 0, 0, 0) == [0] * 4
        assert_sent_once(world)
